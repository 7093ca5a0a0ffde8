import { element, join } from '../markup.ts'
import type { Attributes, Children, Given, Markup } from '../markup.ts'
import type { Verdict } from '../matrix.ts'
import type { Box } from './graph.ts'
import type { Text } from './model.ts'

/** Shapes that the picture is made of. */

export function group(attributes: Attributes, ...children: Given): Markup {
  return element('g', attributes, children.flat())
}

export function rect({ x, y, width, height }: Box, radius: number, attributes: Attributes): Markup {
  return element('rect', { x: round(x), y: round(y), width: round(width), height: round(height), rx: round(radius), ...attributes })
}

export function path(d: string, attributes: Attributes): Markup {
  return element('path', { d, ...attributes })
}

/** Points of a path: `M`, 3, 4.5 → `M3 4.5`. */
export function command(letter: string, ...numbers: readonly number[]): string {
  return `${letter}${numbers.map(round).join(' ')}`
}

/** One line; `y` is its baseline. */
export function line(x: number, y: number, text: string, attributes: Attributes): Markup {
  return element('text', { x: round(x), y: round(y), ...attributes }, text)
}

/** Lines below each other; `y` is the upper edge of the first. */
export function lines(x: number, y: number, texts: readonly string[], height: number, attributes: Attributes): Markup {
  return join(texts.map((text, index) => line(x, y + height * (index + 0.5) + baseline, text, attributes)))
}

/** From the middle of a line to its baseline, for the sizes used here. */
const baseline = 4.2

/** The whole of what was cut short. */
export function tooltip(...texts: readonly Text[]): Children {
  return texts.some(({ elided }) => elided) ? [element('title', {}, texts.map(({ whole }) => whole).join('\n'))] : []
}

/** The verdict as a sign of ten by ten pixels, drawn, since not every font has it. */
export function sign(verdict: Verdict, x: number, y: number): Markup {
  return path(signs[verdict], { class: `sign ${verdict}`, transform: `translate(${round(x)} ${round(y)})` })
}

const signs: Readonly<Record<Verdict, string>> = {
  allowed: 'M1 5.5L4 8.5L9 2',
  possibly: 'M1 6C2.5 2.5 4 3 5 5S7.5 7.5 9 4',
  cut: 'M1.5 1.5L8.5 8.5M8.5 1.5L1.5 8.5',
  open: 'M5 1.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z',
}

/** Short numbers that are the same everywhere. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}
