/** The documents of a stream, one character a byte; written apart from src/stream so that a mistake there is not repeated here. */
export function documents(stream: string): string[] {
  return stream.split(/(?<=\n)(?=---(?:[ \t\r\n]|$))/)
}

/** A stream without the policies that carry our annotation. */
export function withoutOurs(stream: string): string {
  return documents(stream).filter(document => !document.includes('helm-netpol/policy: ')).join('')
}

/** Splits what one insertion made of `before`; undefined where the bytes around it are not those of `before`. */
export function insertion(before: string, after: string): string | undefined {
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  // The insertion begins at a line, and `---` of the document behind it may look like its own.
  for (let from = start; from >= 0; from--) {
    const end = from + after.length - before.length
    const lineStart = from === 0 || before[from - 1] === '\n'
    if (lineStart && after.startsWith('---', from) && before.slice(from) === after.slice(end)) return after.slice(from, end)
  }
  return undefined
}
