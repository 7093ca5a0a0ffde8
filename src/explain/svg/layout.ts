import { largest, smallest } from '../../largest.ts'
import { LeftToRight } from './graph.ts'
import type { Box, Size } from './graph.ts'
import type { Lane, Party, Side, Wire } from './model.ts'
import { fonts } from './style.ts'
import { measure } from './text.ts'
import type { Font } from './text.ts'

export interface Placed extends Size {
  readonly lane: Lane
  /** The upper edge of what is highest; the left edge is 0. */
  readonly top: number
  readonly card: Box
  readonly headHeight: number
  readonly sides: readonly PlacedSide[]
}

export interface PlacedSide {
  readonly inbound: boolean
  readonly parties: readonly (Party & { readonly box: Box })[]
  readonly wires: readonly (Wire & { readonly partyBox: Box; readonly labelBox: Box; readonly pinBox: Box })[]
  /** Where nothing goes this way, the place to say so. */
  readonly none: { readonly text: string; readonly box: Box } | undefined
}

export const line = { name: 20, who: 18, small: 16 } as const
export const padding = 12

/**
 * Columns from left to right: callers, labels, pins of the card, labels, destinations. The library stacks and centres them;
 * columns are as wide in every lane, so that they stand below each other.
 */
export function placeLanes(lanes: readonly Lane[]): readonly Placed[] {
  const columns = { inbound: columnsOf(lanes.map(lane => lane.inbound)), outbound: columnsOf(lanes.map(lane => lane.outbound)) }
  const pins = columns.inbound.pin + columns.outbound.pin
  const head = Math.max(0, largest(lanes.map(headWidth)))
  const body = Math.max(8, head - pins - 2 * ranksep)
  return lanes.map(lane => placeLane(lane, columns, body))
}

interface Columns {
  readonly party: number
  readonly label: number
  readonly pin: number
}

const ranksep = 28

function columnsOf(sides: readonly Side[]): Columns {
  const parties = sides.flatMap(side => side.parties)
  const wires = sides.flatMap(side => side.wires)
  const who = parties.flatMap(party => party.who.lines)
  const peers = parties.flatMap(party => party.peers.lines)
  const labels = wires.flatMap(({ label }) => label.lines)
  const pins = [...wires.flatMap(({ pin }) => pin.lines), ...sides.flatMap(side => (side.wires.length === 0 ? [side.none] : []))]
  return {
    party: widest(who, fonts.who, widest(peers, fonts.small)) + 2 * padding,
    label: widest(labels, fonts.label) + 34,
    pin: widest(pins, fonts.small) + 2 * padding,
  }
}

function widest(lines: readonly string[], font: Font, least = 0): number {
  return Math.max(least, largest(lines.map(text => measure(text, font))))
}

function headWidth({ kind, name, policy }: Lane): number {
  return widest(name.lines, fonts.name, widest([kind, ...policy.lines], fonts.small)) + 2 * padding
}

function placeLane(lane: Lane, columns: { readonly inbound: Columns; readonly outbound: Columns }, body: number): Placed {
  const graph = new LeftToRight({ nodesep: 12, edgesep: 12, ranksep })
  graph.node('body', { width: body, height: 1 })
  add(graph, lane.inbound, columns.inbound, true)
  add(graph, lane.outbound, columns.outbound, false)
  graph.layout()
  const sides = [read(graph, lane.inbound, true), read(graph, lane.outbound, false)]
  return { lane, ...frame(lane, sides), sides }
}

function add(graph: LeftToRight, { parties, wires }: Side, columns: Columns, inbound: boolean): void {
  const side = inbound ? 'in' : 'out'
  const edge = (from: string, to: string, label?: Size): void => (inbound ? graph.edge(from, to, label) : graph.edge(to, from, label))
  parties.forEach(({ who, peers }, index) => {
    graph.node(`${side}-party-${index}`, { width: columns.party, height: who.lines.length * line.who + peers.lines.length * line.small + 16 })
  })
  wires.forEach(({ party, pin, label }, index) => {
    const id = `${side}-pin-${index}`
    graph.node(id, { width: columns.pin, height: pin.lines.length * line.small + 12 })
    edge(`${side}-party-${party}`, id, { width: columns.label, height: label.lines.length * line.small + 8 })
    edge(id, 'body')
  })
  if (wires.length > 0) return
  graph.node(`${side}-none`, { width: columns.pin, height: line.small + 12 })
  edge(`${side}-none`, 'body')
}

function read(graph: LeftToRight, { parties, wires, none }: Side, inbound: boolean): PlacedSide {
  const side = inbound ? 'in' : 'out'
  const partyBox = (index: number): Box => graph.nodeBox(`${side}-party-${index}`)
  return {
    inbound,
    parties: parties.map((party, index) => ({ ...party, box: partyBox(index) })),
    wires: wires.map((wire, index) => {
      const ends = [`${side}-party-${wire.party}`, `${side}-pin-${index}`] as const
      const [from, to] = inbound ? ends : [ends[1], ends[0]]
      return { ...wire, partyBox: partyBox(wire.party), labelBox: graph.labelBox(from, to), pinBox: graph.nodeBox(ends[1]) }
    }),
    none: wires.length > 0 ? undefined : { text: none, box: graph.nodeBox(`${side}-none`) },
  }
}

/** The card goes round the pins, with a head above them. */
function frame({ name, policy }: Lane, sides: readonly PlacedSide[]): Omit<Placed, 'lane' | 'sides'> {
  const pins = sides.flatMap(({ wires, none }) => [...wires.map(({ pinBox }) => pinBox), ...(none === undefined ? [] : [none.box])])
  const headHeight = 2 * padding + 2 * line.small + name.lines.length * line.name + policy.lines.length * line.small + 4
  const inner = around(pins)
  const card = { ...inner, y: inner.y - padding / 2 - headHeight, height: inner.height + padding + headHeight }
  const beside = sides.flatMap(({ parties, wires }) => [...parties.map(({ box }) => box), ...wires.map(({ labelBox }) => labelBox)])
  const whole = around([card, ...beside])
  return { card, headHeight, top: whole.y, width: whole.width, height: whole.height }
}

function around(boxes: readonly Box[]): Box {
  const x = smallest(boxes.map(box => box.x))
  const y = smallest(boxes.map(box => box.y))
  return { x, y, width: largest(boxes.map(box => box.x + box.width)) - x, height: largest(boxes.map(box => box.y + box.height)) - y }
}
