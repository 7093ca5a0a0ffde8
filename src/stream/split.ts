import { peek } from './peek.ts'

/** One stretch of the stream: from a separator line to the next. Joined in order, the segments are the stream. */
export interface Segment {
  readonly index: number
  readonly start: number
  readonly end: number
}

/**
 * Cuts a stream at its document separators, losing no byte. A separator is a line of `---` followed by a
 * space, a tab, a line end or the end of input; `---` at column 0 ends a document even inside a block
 * scalar (YAML 1.2.2, production c-forbidden). Directives (`%YAML`) go with the document they stand before.
 */
export function split(stream: Buffer): Segment[] {
  const starts = [0]
  for (const separator of separators(stream)) {
    const start = directivesBefore(stream, separator, starts.length === 1)
    if (start > 0) starts.push(start)
  }
  return starts
    .map((start, index) => ({ index, start, end: starts[index + 1] ?? stream.length }))
    .filter(({ start, end }) => end > start)
}

function* separators(stream: Buffer): Generator<number> {
  if (isSeparator(stream, 0) && stream.subarray(0, 3).equals(dashes)) yield 0
  for (let at = stream.indexOf('\n---'); at >= 0; at = stream.indexOf('\n---', at + 1)) {
    if (isSeparator(stream, at + 1)) yield at + 1
  }
}

const dashes = Buffer.from('---')
const space = 0x20
const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
const percent = 0x25

function isSeparator(stream: Buffer, at: number): boolean {
  const after = stream[at + 3]
  return after === undefined || after === space || after === tab || after === newline || after === carriageReturn
}

/** Where the directives right before a separator begin, if they follow a `...` or open the stream. */
function directivesBefore(stream: Buffer, separator: number, first: boolean): number {
  let start = separator
  while (start > 0) {
    const previous = stream.lastIndexOf(newline, start - 2) + 1
    if (stream[previous] !== percent) break
    start = previous
  }
  if (start === separator) return separator
  const before = stream.lastIndexOf(newline, start - 2) + 1
  const endsDocument = stream.toString('latin1', before, start).startsWith('...')
  return endsDocument || (first && start === 0) ? start : separator
}

/** Whether any of the segments has content. */
export function holdsDocuments(stream: Buffer, segments: readonly Segment[]): boolean {
  return segments.some(({ start, end }) => peek(stream.subarray(start, end)).is !== 'empty')
}
