/** A string, or a stream's bytes. */
interface Text {
  readonly length: number
  indexOf(text: string, from: number): number
}

/** Offsets of a block; a line end for each of a gigantic text would take more memory than the text. */
const block = 1024

/** Counts the lines of a text, once and only when a place is asked for. */
export class LineIndex {
  private readonly text: Text
  private blocks: Blocks | undefined

  constructor(text: Text) {
    this.text = text
  }

  /** Line ends before an offset, which is within the text or its end. */
  before(offset: number): number {
    return this.at(offset).before
  }

  /** Line ends before an offset, and where its line starts. */
  at(offset: number): { readonly before: number; readonly start: number } {
    const { counts, lasts } = (this.blocks ??= toBlocks(this.text))
    const index = Math.floor(offset / block)
    let before = counts[index] ?? 0
    let last = lasts[index] ?? -1
    // Beyond the last one of the block a search would run on through a long line.
    while (last < (lasts[index + 1] ?? -1)) {
      const next = this.text.indexOf('\n', Math.max(last + 1, index * block))
      if (next >= offset) break
      before++
      last = next
    }
    return { before, start: last + 1 }
  }
}

/** For each block how many line ends are before it, and where the last of them is; -1 for none. */
interface Blocks {
  readonly counts: readonly number[]
  readonly lasts: readonly number[]
}

function toBlocks(text: Text): Blocks {
  const [counts, lasts]: [number[], number[]] = [[], []]
  let [count, last] = [0, -1]
  let next = text.indexOf('\n', 0)
  for (let start = 0; start <= text.length + block; start += block) {
    while (next >= 0 && next < start) {
      count++
      last = next
      next = text.indexOf('\n', next + 1)
    }
    counts.push(count)
    lasts.push(last)
  }
  return { counts, lasts }
}
