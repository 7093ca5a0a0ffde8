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
  const lines = text.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  return lines.map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined)).join('\n')
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
