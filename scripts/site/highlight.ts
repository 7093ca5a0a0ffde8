import { escape } from './html.ts'

/** As much colour as helps: comments stand back, and the two sides of a difference are told apart. */
export function highlight(text: string, language: string): string {
  return text
    .split('\n')
    .map(line => coloured(line, language))
    .join('\n')
}

function coloured(line: string, language: string): string {
  if (language === 'diff') {
    const side = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : undefined
    return side === undefined ? escape(line) : `<span class="${side}">${escape(line)}</span>`
  }
  const comment = language === 'yaml' || language === 'sh' ? /(^|\s)#.*$/.exec(line) : null
  if (comment === null) return escape(line)
  return `${escape(line.slice(0, comment.index))}<span class="comment">${escape(comment[0])}</span>`
}
