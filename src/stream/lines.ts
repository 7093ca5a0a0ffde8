/** Counts the lines of a stream, once and only when a place is asked for. */
export class LineIndex {
  private readonly stream: Buffer
  private ends: number[] | undefined

  constructor(stream: Buffer) {
    this.stream = stream
  }

  /** Line ends before an offset. */
  before(offset: number): number {
    this.ends ??= lineEnds(this.stream)
    let [low, high] = [0, this.ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.ends[middle] ?? Infinity) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

function lineEnds(stream: Buffer): number[] {
  const ends: number[] = []
  for (let at = stream.indexOf('\n'); at >= 0; at = stream.indexOf('\n', at + 1)) ends.push(at)
  return ends
}
