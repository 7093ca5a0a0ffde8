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
  const first = startsWithMark(stream) ? byteOrderMark.length : 0
  const directives = stream[first] === percent || stream.includes(directiveLine)
  const segments: Segment[] = []
  let open = 0
  const endAt = (end: number): void => {
    if (end > open) segments.push({ index: segments.length, start: open, end })
    open = end
  }
  endAt(first)
  // Dashes are rarer than line ends. What follows three of them begins no line before the fourth byte.
  for (let at = stream.indexOf(dashes); at >= 0; at = stream.indexOf(dashes, at + 4)) {
    if (stream[at - 1] === newline && isSeparator(stream, at)) endAt(directives ? directivesBefore(stream, at, first) : at)
  }
  endAt(stream.length)
  return segments
}

/** A byte order mark is a segment of its own, so that it stays first whatever is put behind it. */
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

function startsWithMark(stream: Buffer): boolean {
  return stream.subarray(0, byteOrderMark.length).equals(byteOrderMark)
}

const dashes = Buffer.from('---')
const directiveLine = Buffer.from('\n%')
const space = 0x20
const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
const percent = 0x25
const hash = 0x23

function isSeparator(stream: Buffer, at: number): boolean {
  const after = stream[at + 3]
  return after === undefined || after === space || after === tab || after === newline || after === carriageReturn
}

/** Where the directives of a separator begin, if they follow a `...` or open the stream; comments and blank lines may stand among them. */
function directivesBefore(stream: Buffer, separator: number, first: number): number {
  let start = separator
  let line = separator
  while (line > first) {
    const previous = Math.max(lineBefore(stream, line), first)
    if (stream[previous] === percent) start = previous
    else if (!isBlank(stream, previous)) return isEnd(stream, previous) ? start : separator
    line = previous
  }
  return start
}

function lineBefore(stream: Buffer, line: number): number {
  // An offset below zero would be counted from the end.
  return line < 2 ? 0 : stream.lastIndexOf(newline, line - 2) + 1
}

/** Whether a line holds nothing, or a comment. */
function isBlank(stream: Buffer, line: number): boolean {
  let at = line
  while (stream[at] === space || stream[at] === tab) at++
  return stream[at] === hash || stream[at] === newline || (stream[at] === carriageReturn && stream[at + 1] === newline)
}

/** Whether a line is `...`, after which directives may stand. */
function isEnd(stream: Buffer, line: number): boolean {
  return stream.toString('latin1', line, line + 3) === '...' && isSeparator(stream, line)
}

/** Whether any of the segments has content. */
export function holdsDocuments(stream: Buffer, segments: readonly Segment[]): boolean {
  return segments.some(segment => peek(stream, segment).is !== 'empty')
}
