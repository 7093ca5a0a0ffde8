import type { Verdict } from '../matrix.ts'

export type Style = 'bold' | 'dim' | Verdict

/** Colours are never needed to read what they stand beside. */
export type Paint = (style: Style, text: string) => string

export function painter(color: boolean): Paint {
  return (style, text) => (color && text !== '' ? `\x1b[${codes[style]}m${text}\x1b[0m` : text)
}

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, allowed: 32, possibly: 33, cut: 31, open: 2 }
