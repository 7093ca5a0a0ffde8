/** The documents of a stream, one character a byte; written apart from src/stream so that a mistake there is not repeated here. */
export function documents(stream: string): string[] {
  const pieces = stream.split(/(?<=\n)(?=---(?:[ \t\r\n]|$))/)
  // Directives stand before the separator of the document that they are for.
  for (let i = 1; i < pieces.length; i++) {
    const [before = '', piece = ''] = [pieces[i - 1], pieces[i]]
    const at = directivesIn(before)
    pieces.splice(i - 1, 2, before.slice(0, at), before.slice(at) + piece)
  }
  return pieces.filter(piece => piece !== '')
}

/** Where the directives begin that end a piece: behind a `...` or the start of the stream, with comments and blank lines among them. */
function directivesIn(piece: string): number {
  const lines = piece.split(/(?<=\n)/)
  const last = lines.findLastIndex(line => !/^(?:%|[ \t]*(?:#.*)?\r?\n$)/.test(line))
  const first = lines.findIndex((line, index) => index > last && line.startsWith('%'))
  if (first < 0 || !/^\.\.\.[ \t\r\n]/.test(lines[last] ?? '...\n')) return piece.length
  return lines.slice(0, first).join('').length
}

/** A stream without the policies that carry our annotation. */
export function withoutOurs(stream: string): string {
  const mark = byteOrderMark.test(stream) ? stream.slice(0, 3) : ''
  return (
    mark +
    documents(stream.slice(mark.length))
      .filter(document => !document.includes('helm-netpol/policy: '))
      .join('')
  )
}

/** The stream as it may be once a document stands before its first. */
export function withSeparator(stream: string): string {
  const mark = byteOrderMark.test(stream) ? stream.slice(0, 3) : ''
  return `${mark}---${/\r?\n/.exec(stream)?.[0] ?? '\n'}${stream.slice(mark.length)}`
}

export const byteOrderMark = /^\xef\xbb\xbf/

/** What one insertion put into `before`; undefined where the bytes around it are not those of `before`. */
export function insertion(before: string, after: string): string | undefined {
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  // The insertion begins at a line, and `---` of the document behind it looks like its own.
  for (let from = start; from >= 0; from--) {
    const end = from + after.length - before.length
    const lineStart = from === 0 || before[from - 1] === '\n'
    if (lineStart && after.startsWith('---', from) && before.slice(from) === after.slice(end)) return after.slice(from, end)
  }
  return undefined
}
