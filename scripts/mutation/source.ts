/** A place in a text, line and column from one (or from zero, where it says so). */
export interface Position {
  readonly line: number
  readonly column: number
}

/** From the first character to the one after the last. */
export interface Range {
  readonly start: Position
  readonly end: Position
}

/** What stands at a range that counts from one. */
export function cut(text: string, { start, end }: Range): string {
  return text.slice(offsetOf(text, start), offsetOf(text, end))
}

/** The text with something else at a range that counts from one. */
export function replaced(text: string, { start, end }: Range, by: string): string {
  return `${text.slice(0, offsetOf(text, start))}${by}${text.slice(offsetOf(text, end))}`
}

function offsetOf(text: string, { line, column }: Position): number {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1
}

/** The line that a range begins in, without its indentation. */
export function lineOf(text: string, { start }: Range): string {
  return text.split('\n')[start.line - 1]?.trim() ?? ''
}

/** Code as a few words on one line. */
export function brief(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

const longest = 100
