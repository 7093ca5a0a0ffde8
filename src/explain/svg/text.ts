import { eastAsianWidth } from 'get-east-asian-width'
import { wrapWords } from '../wrap.ts'

export interface Font {
  readonly size: number
  readonly bold: boolean
}

/** Width in pixels, never less than what a usual system font takes. */
export function measure(text: string, { size, bold }: Font): number {
  let em = 0
  for (const character of text) em += emOf(character)
  return Math.ceil(em * size * (bold ? boldFactor : 1))
}

/** What is left when a text does not fit is told, so that the whole of it can stand in a tooltip. */
export interface Wrapped {
  readonly lines: readonly string[]
  readonly elided: boolean
}

/** At most so many lines. */
export function wrap(text: string, font: Font, width: number, most: number): Wrapped {
  const fits = (line: string): boolean => measure(line, font) <= width
  const lines = wrapWords(text, fits)
  if (lines.length <= most) return { lines, elided: false }
  return { lines: [...lines.slice(0, most - 1), elide(lines[most - 1] ?? '', fits)], elided: true }
}

function elide(line: string, fits: (text: string) => boolean): string {
  const characters = [...line]
  while (characters.length > 0 && !fits(`${characters.join('')}…`)) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

/** The widest of DejaVu Sans, Liberation Sans, Inter, Roboto, Open Sans and Noto Sans, in em. */
const widths: readonly (readonly [string, number])[] = [
  ["'ijl", 0.29],
  [' ,.:;I', 0.34],
  ['!()[]ft/\\r', 0.43],
  ['"-sz', 0.53],
  ['*?JL_`ckvxy|', 0.6],
  ['$0123456789FTabdeghnopqu{}…', 0.65],
  ['ABEKPSVXYZCRU', 0.73],
  ['&DGHNOQ#+<=>^w~', 0.84],
  ['M%Wm@', 1.01],
]

const em = new Map(widths.flatMap(([characters, width]) => [...characters].map(character => [character, width] as const)))

const boldFactor = 1.13

function emOf(character: string): number {
  const known = em.get(character)
  if (known !== undefined) return known
  if (/^[\p{Mn}\p{Me}]$/u.test(character)) return 0
  return eastAsianWidth(character.codePointAt(0) ?? 0) === 2 ? 1.3 : 1.01
}
