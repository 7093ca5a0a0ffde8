import { largest } from '../../largest.ts'
import { element } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { Verdict } from '../matrix.ts'
import { command, group, lines, path, rect, sign } from './draw.ts'
import type { Box } from './graph.ts'
import { line as lineHeight } from './layout.ts'
import type { PlacedSide } from './layout.ts'
import { fonts } from './style.ts'
import { measure } from './text.ts'

type PlacedWire = PlacedSide['wires'][number]

/** The line from caller to callee with its label on it. */
export function drawWire(wire: PlacedWire, inbound: boolean): Markup {
  const { verdict, label, labelBox, tooltip } = wire
  const pill = pillOf(wire)
  const [from, to] = inbound ? [rightOf(wire.partyBox), leftOf(wire.pinBox)] : [rightOf(wire.pinBox), leftOf(wire.partyBox)]
  return group(
    { class: `wire ${verdict}` },
    element('title', {}, tooltip),
    path(curve(from, leftOf(labelBox), rightOf(labelBox), to), { class: `line ${verdict}` }),
    tip(verdict, to),
    rect(pill, Math.min(pill.height / 2, 13), { class: `pill ${verdict}` }),
    sign(verdict, pill.x + 9, pill.y + pill.height / 2 - 5),
    lines(pill.x + 25, pill.y + 4, label.lines, lineHeight.small, { class: 'label' }),
  )
}

function pillOf({ label, labelBox }: PlacedWire): Box {
  const width = largest(label.lines.map(text => measure(text, fonts.label))) + 34
  return { x: labelBox.x + (labelBox.width - width) / 2, y: labelBox.y, width, height: labelBox.height }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Level where it leaves, where it passes its label, and where it arrives. */
function curve(from: Point, labelLeft: Point, labelRight: Point, to: Point): string {
  return [command('M', from.x, from.y), bend(from, labelLeft), command('L', labelRight.x, labelRight.y), bend(labelRight, to)].join('')
}

function bend(from: Point, to: Point): string {
  if (Math.abs(from.y - to.y) < 0.05) return command('L', to.x, to.y)
  const middle = (from.x + to.x) / 2
  return command('C', middle, from.y, middle, to.y, to.x, to.y)
}

/** An arrow where traffic arrives; a bar where it does not. */
function tip(verdict: Verdict, { x, y }: Point): Markup {
  if (verdict === 'cut') return path(`${command('M', x - 5, y - 7)}${command('V', y + 7)}`, { class: 'bar' })
  if (verdict === 'open') return path(`${command('M', x - 8, y - 5)}${command('L', x, y)}${command('L', x - 8, y + 5)}`, { class: `tip hollow ${verdict}` })
  return path(`${command('M', x - 9, y - 5)}${command('L', x, y)}${command('L', x - 9, y + 5)}z`, { class: `tip ${verdict}` })
}

function leftOf({ x, y, height }: Box): Point {
  return { x, y: y + height / 2 }
}

function rightOf({ x, y, width, height }: Box): Point {
  return { x: x + width, y: y + height / 2 }
}
