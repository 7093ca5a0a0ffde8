import { anythingElse, cellsOf, directionsOf, oneLine, subjectOf, verdictNames } from './cells.ts'
import type { Matrix, MatrixFlow, Verdict, WorkloadMatrix } from './matrix.ts'

/** A flowchart that Markdown viewers draw: callers, the workloads of each namespace, destinations. */
export function renderMermaid({ workloads }: Matrix): string {
  const edges = workloads.flatMap(edgesOf)
  const body = [...namespacesOf(workloads).flatMap(subgraph), ...edges.map(({ text }) => text), ...linkStyles(edges)]
  return ['flowchart LR', ...body.map(line => `  ${line}`)].join('\n') + '\n'
}

type Numbered = WorkloadMatrix & { readonly id: string }

function namespacesOf(workloads: readonly WorkloadMatrix[]): (readonly [string | undefined, readonly Numbered[]])[] {
  const namespaces = new Map<string | undefined, Numbered[]>()
  workloads.forEach((workload, index) => {
    const { namespace } = subjectOf(workload)
    const numbered = { ...workload, id: `w${index}` }
    const others = namespaces.get(namespace)
    if (others === undefined) namespaces.set(namespace, [numbered])
    else others.push(numbered)
  })
  return [...namespaces]
}

function subgraph([namespace, workloads]: readonly [string | undefined, readonly Numbered[]], index: number): string[] {
  const title = namespace === undefined ? 'release namespace' : `namespace ${namespace}`
  return [`subgraph s${index}["${label(title)}"]`, ...workloads.map(workload => `  ${card(workload)}`), 'end']
}

function card(workload: Numbered): string {
  const { kind, name } = subjectOf(workload)
  return `${workload.id}["${label(kind, name, workload.policy, `egress ${workload.egressLocked ? 'locked' : 'open'}`)}"]`
}

interface Edge {
  readonly text: string
  readonly verdict: Verdict
}

/** Each workload has callers and destinations of its own, so that the lines stay apart. */
function edgesOf(workload: WorkloadMatrix, index: number): Edge[] {
  const ids = new Map<string, string>()
  const node = (side: string, party: string): string => {
    const known = ids.get(`${side}${party}`)
    const id = known ?? `w${index}${side}${ids.size}`
    ids.set(`${side}${party}`, id)
    return known === undefined ? `${id}(["${party}"])` : id
  }
  const [inbound, outbound] = directionsOf(workload)
  return [
    ...inbound.flows.map(flow => edge(node('in', partyLabel(flow)), flow, `w${index}`)),
    ...[...outbound.flows, ...anythingElse(workload)].map(flow => edge(`w${index}`, flow, node('out', partyLabel(flow)))),
  ]
}

function edge(from: string, flow: MatrixFlow, to: string): Edge {
  const { ports, verdict } = cellsOf(flow)
  return { verdict, text: `${from} ${arrows[verdict]}|"${label(`${verdict} ${ports.join(', ')}`)}"| ${to}` }
}

function partyLabel(flow: MatrixFlow): string {
  const { who, peers } = cellsOf(flow)
  return label(who, flow.verdict === 'cut' ? 'not let through' : peers.join(', '))
}

/** Dotted, and a cross where it should arrive, where it is cut. */
const arrows: Readonly<Record<Verdict, string>> = { allowed: '-->', possibly: '-->', cut: '-.-x', open: '---o' }

/** Colours that are seen on light and on dark. */
const styles: Readonly<Record<Verdict, string>> = {
  allowed: 'stroke:#2c974b,stroke-width:2px',
  possibly: 'stroke:#b08800,stroke-width:2px,stroke-dasharray:9 5',
  cut: 'stroke:#e5484d,stroke-width:2px',
  open: 'stroke:#848d97,stroke-width:1px',
}

function linkStyles(edges: readonly Edge[]): string[] {
  return verdictNames.flatMap(name => {
    const numbers = edges.flatMap(({ verdict }, index) => (verdict === name ? [index] : []))
    return numbers.length === 0 ? [] : [`linkStyle ${numbers.join(',')} ${styles[name]}`]
  })
}

function label(...texts: readonly string[]): string {
  return texts.map(escape).join('<br/>')
}

/** Whatever could mean something to the language is a character reference, in its own way of writing them. */
function escape(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{M}\p{N} ,./()=-]/gu, character => `#${character.codePointAt(0)};`)
}
