import { cellsOf, directionsOf, oneLine } from './cells.ts'
import type { Matrix, MatrixFlow, Verdict, WorkloadMatrix } from './matrix.ts'

/** A flowchart that Markdown viewers draw: callers, workloads, destinations. */
export function renderMermaid({ workloads }: Matrix): string {
  const edges = workloads.flatMap(edgesOf)
  const styles = edges.flatMap(({ verdict }, index) => (styleOf[verdict] === '' ? [] : [`linkStyle ${index} ${styleOf[verdict]}`]))
  const cards = workloads.map((workload, index) => `w${index}["${lines(workload.workload, workload.policy, `egress ${workload.egressLocked ? 'locked' : 'open'}`)}"]`)
  const body = [...cards, ...edges.map(({ text }) => text), ...styles].map(line => `  ${line}\n`)
  return `flowchart LR\n${body.join('')}`
}

interface Edge {
  readonly text: string
  readonly verdict: Verdict
}

/** Callers and destinations stand for one workload each, so that the lines stay apart. */
function edgesOf(workload: WorkloadMatrix, index: number): Edge[] {
  const parties = new Map<string, string>()
  return directionsOf(workload).flatMap(({ title, flows }) =>
    flows.map(flow => {
      const inbound = title === 'Inbound'
      const label = partyLabel(flow)
      const key = `${title} ${label}`
      const known = parties.get(key)
      const id = known ?? `w${index}p${parties.size}`
      parties.set(key, id)
      const party = known === undefined ? `${id}(["${label}"])` : id
      const { ports, verdict } = cellsOf(flow)
      const arrow = `${arrows[verdict]}|"${lines(`${verdict} ${ports.join(', ')}`, flow.row)}"|`
      return { verdict, text: inbound ? `${party} ${arrow} w${index}` : `w${index} ${arrow} ${party}` }
    }),
  )
}

function partyLabel(flow: MatrixFlow): string {
  const { who, peers } = cellsOf(flow)
  return lines(who, flow.verdict === 'cut' ? 'not let through' : peers.join(', '))
}

/** Dotted and with a cross where it is cut; the language has no dashes, they are a style. */
const arrows: Readonly<Record<Verdict, string>> = { allowed: '-->', possibly: '-->', cut: '-.-x', open: '-->' }

const styleOf: Readonly<Record<Verdict, string>> = {
  allowed: '',
  possibly: 'stroke-dasharray:9 5',
  cut: 'stroke:#cf222e,stroke-width:2px',
  open: 'stroke-width:1px',
}

function lines(...texts: readonly string[]): string {
  return texts.map(escape).join('<br/>')
}

/** Whatever could mean something to the language is a character reference, in its own way of writing them. */
function escape(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{M}\p{N} ,./()=-]/gu, character => `#${character.codePointAt(0)};`)
}
