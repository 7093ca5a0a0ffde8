import { anythingElse, cellsOf, directionsOf, oneLine, subjectOf } from '../cells.ts'
import type { Cells, Direction } from '../cells.ts'
import type { Matrix, MatrixFlow, Verdict } from '../matrix.ts'
import { fonts } from './style.ts'
import { wrap } from './text.ts'
import type { Font } from './text.ts'

/** One workload's part of the picture: a card with pins, and wires from its callers and to its destinations. */
export interface Lane {
  readonly kind: string
  readonly name: Text
  readonly policy: Text
  readonly egressLocked: boolean
  readonly inbound: Side
  readonly outbound: Side
}

export interface Side {
  readonly parties: readonly Party[]
  readonly wires: readonly Wire[]
  /** What stands on the card where there are no wires. */
  readonly none: string
}

export interface Party {
  readonly who: Text
  readonly peers: Text
  /** False: its wires are cut. */
  readonly reached: boolean
}

export interface Wire {
  /** Index of its party. */
  readonly party: number
  readonly pin: Text
  readonly label: Text
  readonly verdict: Verdict
  /** Everything that is known of it. */
  readonly tooltip: string
}

/** Text cut to its place, and the whole of it. */
export interface Text {
  readonly lines: readonly string[]
  readonly elided: boolean
  readonly whole: string
}

export const textWidth = { party: 176, pin: 84, label: 150, card: 236 } as const

export function lanesOf({ workloads }: Matrix): readonly Lane[] {
  return workloads.map(workload => {
    const { kind, namespace, name } = subjectOf(workload)
    const [inbound, outbound] = directionsOf(workload)
    return {
      kind,
      name: text(namespace === undefined ? name : `${namespace}/${name}`, fonts.name, textWidth.card, 3),
      policy: text(oneLine(workload.policy), fonts.small, textWidth.card, 3),
      egressLocked: workload.egressLocked,
      inbound: sideOf(inbound, []),
      outbound: sideOf(outbound, anythingElse(workload)),
    }
  })
}

function sideOf({ flows, none }: Direction, more: readonly MatrixFlow[]): Side {
  const parties = new Map<string, Party & { readonly index: number }>()
  const wires = [...flows, ...more].map(flow => {
    const cells = cellsOf(flow)
    const peers = cells.peers.join(', ')
    const key = JSON.stringify([cells.who, peers, cells.verdict === 'cut'])
    const party = parties.get(key) ?? { index: parties.size, ...partyOf(cells, peers) }
    parties.set(key, party)
    return wireOf(flow, cells, party.index)
  })
  // A party's wires side by side, so that none crosses another's.
  return { parties: [...parties.values()], wires: wires.toSorted((one, other) => one.party - other.party), none }
}

function partyOf({ who, verdict }: Cells, peers: string): Party {
  const through = verdict === 'cut' ? 'not let through' : peers
  return { who: text(who, fonts.who, textWidth.party, 3), peers: text(through, fonts.small, textWidth.party, 4), reached: verdict !== 'cut' }
}

function wireOf({ row }: MatrixFlow, { who, peers, ports, verdict, rules, found, reason }: Cells, party: number): Wire {
  const pin = oneLine(row)
  // The pin says the port's name already where both have the same.
  const shown = ports.map(port => (port.endsWith(` (${pin})`) ? port.slice(0, -` (${pin})`.length) : port))
  // What is allowed is the rule; its sign tells enough.
  const words = [...(verdict === 'allowed' ? [] : [verdict]), shown.join(', ')].join(' ')
  return {
    party,
    pin: text(pin, fonts.small, textWidth.pin, 2),
    label: text(words, fonts.label, textWidth.label, 3),
    verdict,
    tooltip: [
      `${who} (${peers.join(', ')}), ${ports.join(', ')}: ${verdict}`,
      reason,
      ...rules.map(rule => `rule: ${rule}`),
      ...found.map(place => `found: ${place}`),
    ].join('\n'),
  }
}

function text(whole: string, font: Font, width: number, most: number): Text {
  return { ...wrap(whole, font, width, most), whole }
}
