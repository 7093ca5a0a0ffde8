import type { Segment } from './split.ts'

export interface Weaving {
  /** Indices of segments that leave the stream: our own of an earlier run, what ours replace, the values document. */
  readonly removed: ReadonlySet<number>
  /** Documents to put in, each beginning with its separator line and ending with a line end. */
  readonly inserted: string
  /** The segment they go in before; undefined: at the end. */
  readonly before: Segment | undefined
}

/** Puts documents into a stream. Everything else is copied, byte for byte and in order. */
export function weave(stream: Buffer, segments: readonly Segment[], { removed, inserted, before }: Weaving): Buffer {
  if (removed.size === 0 && inserted === '') return stream
  const pieces: Buffer[] = []
  // What has not been copied yet; segments that stay together are copied at once.
  let rest = 0
  let changed = false
  for (const segment of segments) {
    const leaves = removed.has(segment.index)
    const follows = segment === before && inserted !== ''
    if (follows || leaves) {
      if (rest < segment.start) pieces.push(stream.subarray(rest, segment.start))
      rest = leaves ? segment.end : segment.start
      changed = true
    }
    if (follows) pieces.push(like(stream, segment, inserted))
    if (leaves || !changed) continue
    if (pieces.length > 0) pieces.push(like(stream, segment, separatorBefore(stream, segment)))
    changed = false
  }
  if (rest < stream.length) pieces.push(stream.subarray(rest))
  if (before === undefined && inserted !== '') pieces.push(Buffer.from(endsLine(pieces.at(-1)) ? inserted : `\n${inserted}`))
  return Buffer.concat(pieces)
}

/** What has to stand before a document that has another neighbour now: `...` before directives, a separator where it has none. */
function separatorBefore(stream: Buffer, { start }: Segment): string {
  const opens = stream.toString('latin1', start, start + 4)
  if (opens.startsWith('%')) return '...\n'
  return /^---[ \t\r\n]?$/.test(opens) ? '' : '---\n'
}

/** What follows would else stand on the last line of the stream. */
function endsLine(piece: Buffer | undefined): boolean {
  return piece === undefined || piece.at(-1) === 0x0a
}

/** Text with the line ends of a segment. */
function like(stream: Buffer, { start }: Segment, text: string): Buffer {
  const lineEnd = stream.indexOf('\n', start)
  return Buffer.from(lineEnd > 0 && stream[lineEnd - 1] === 0x0d ? text.replaceAll('\n', '\r\n') : text)
}
