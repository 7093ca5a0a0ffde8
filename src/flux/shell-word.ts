/** A word of a command that a person pastes into a shell: what is no plain name is quoted. */
export function shellWord(text: string): string {
  return /^[\w./@:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
