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
  const pieces: Buffer[] = []
  const text = Buffer.from(lineEndsLike(stream, before, inserted))
  for (const segment of segments) {
    if (segment === before) pieces.push(text, ...missingSeparator(stream, segment))
    if (!removed.has(segment.index)) pieces.push(stream.subarray(segment.start, segment.end))
  }
  if (before === undefined) pieces.push(text)
  return Buffer.concat(pieces)
}

/** A document that opened the stream needs a separator once another stands before it. */
function missingSeparator(stream: Buffer, { start }: Segment): Buffer[] {
  const opens = stream.toString('latin1', start, start + 4)
  return /^---[ \t\r\n]?$/.test(opens) || opens.startsWith('%') ? [] : [Buffer.from('---\n')]
}

function lineEndsLike(stream: Buffer, segment: Segment | undefined, text: string): string {
  if (segment === undefined) return text
  const lineEnd = stream.indexOf('\n', segment.start)
  return lineEnd > 0 && stream[lineEnd - 1] === 0x0d ? text.replaceAll('\n', '\r\n') : text
}
