import { eastAsianWidth } from 'get-east-asian-width'
import { wrapWords } from '../wrap.ts'

/** Columns that a terminal gives a text. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += /^[ -~]$/.test(character) ? 1 : widthOfOther(character)
  return width
}

function widthOfOther(character: string): number {
  // Marks join what they follow; a soft hyphen is the only format character that is shown.
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character) && character !== '\u00ad') return 0
  return eastAsianWidth(character.codePointAt(0) ?? 0)
}

/** Every entry starts a line of its own. */
export function wrapEntries(entries: readonly string[], width: number): readonly string[] {
  return entries.flatMap(entry => wrapWords(entry, line => widthOf(line) <= width))
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}
