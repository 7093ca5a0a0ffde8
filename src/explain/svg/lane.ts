import { join } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { group, line, lines, path, rect, round, tooltip } from './draw.ts'
import { line as lineHeight, padding } from './layout.ts'
import type { Placed, PlacedSide } from './layout.ts'
import { drawWire } from './wire.ts'

/** A workload with all that goes in and out. */
export function drawLane(placed: Placed, x: number, y: number): Markup {
  return group(
    { transform: `translate(${round(x)} ${round(y)})` },
    placed.sides.map(drawParties),
    drawCard(placed),
    placed.sides.flatMap(({ inbound, wires }) => wires.map(wire => drawWire(wire, inbound))),
    placed.sides.map(drawPins),
  )
}

function drawParties({ inbound, parties }: PlacedSide): Markup {
  const first = parties[0]
  const heading = first === undefined ? [] : [line(first.box.x, first.box.y - 10, inbound ? 'may call it' : 'it may call', { class: 'heading' })]
  const boxes = parties.map(({ who, peers, reached, box }) =>
    group(
      { class: 'party' },
      tooltip(who, peers),
      rect(box, 8, { class: 'box' }),
      lines(box.x + padding, box.y + 8, who.lines, lineHeight.who, { class: 'who' }),
      lines(box.x + padding, box.y + 8 + who.lines.length * lineHeight.who, peers.lines, lineHeight.small, { class: reached ? 'small' : 'small cut' }),
    ),
  )
  return join([...heading, ...boxes])
}

function drawCard({ lane, card, headHeight }: Placed): Markup {
  const left = card.x + padding
  const top = card.y + padding
  const name = top + lineHeight.small
  const policy = name + lane.name.lines.length * lineHeight.name + 2
  const egress = policy + lane.policy.lines.length * lineHeight.small + 2
  return group(
    { class: 'card' },
    tooltip(lane.name, lane.policy),
    rect(card, 10, { class: 'surface' }),
    path(headPath(card.x, card.y, card.width, headHeight, 10), { class: 'head' }),
    lines(left, top, [lane.kind], lineHeight.small, { class: 'small' }),
    lines(left, name, lane.name.lines, lineHeight.name, { class: 'name' }),
    lines(left, policy, lane.policy.lines, lineHeight.small, { class: 'small' }),
    path(lane.egressLocked ? 'M3 6V4a2.5 2.5 0 0 1 5 0V6M1.5 6h8v5.5h-8z' : 'M3 6V4a2.5 2.5 0 0 1 4.8-1M1.5 6h8v5.5h-8z', {
      class: 'lock',
      transform: `translate(${round(left)} ${round(egress + 1.5)})`,
    }),
    lines(left + 16, egress, [lane.egressLocked ? 'egress locked' : 'egress open'], lineHeight.small, { class: 'small' }),
    rect(card, 10, { class: 'frame' }),
  )
}

/** Round above, straight below. */
function headPath(x: number, y: number, width: number, height: number, radius: number): string {
  const corner = `a${radius} ${radius} 0 0 1 ${radius}`
  return `M${round(x)} ${round(y + height)}v${round(radius - height)}${corner} ${-radius}h${round(width - 2 * radius)}${corner} ${radius}v${round(height - radius)}z`
}

function drawPins({ inbound, wires, none }: PlacedSide): Markup {
  const pins = wires.map(({ pin, pinBox, verdict }) => {
    const edge = inbound ? pinBox.x : pinBox.x + pinBox.width
    const middle = pinBox.y + pinBox.height / 2
    const from = inbound ? edge + padding : edge - padding
    return group(
      { class: 'pin' },
      tooltip(pin),
      lines(from, middle - (pin.lines.length * lineHeight.small) / 2, pin.lines, lineHeight.small, { class: inbound ? 'port' : 'port end' }),
      path(`M${round(edge)} ${round(middle - 6)}v12`, { class: `socket ${verdict}` }),
    )
  })
  if (none === undefined) return join(pins)
  const from = inbound ? none.box.x + padding : none.box.x + none.box.width - padding
  return join([...pins, lines(from, none.box.y + 6, [none.text], lineHeight.small, { class: inbound ? 'none' : 'none end' })])
}
