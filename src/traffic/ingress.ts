import type { Diagnose } from '../diagnostics/collect.ts'
import type { Found } from '../discover/find.ts'
import type { Release } from '../discover/release.ts'
import { portNumbered } from '../discover/workload.ts'
import type { ContainerPort, Workload } from '../discover/workload.ts'
import type { Located } from '../values/fields.ts'
import type { Peer } from '../values/peers.ts'
import { givenPort, rowSettings } from '../values/schema.ts'
import type { Settings } from '../values/schema.ts'
import type { Flow, FlowPort, Peers } from './flow.ts'
import { ingressRuleFlow } from './rule.ts'
import { ingressRows } from './table.ts'

export interface IngressOptions {
  readonly settings: Settings
  /** `from` lists and NetworkPolicy rules count (the engine takes them, or they are translated). */
  readonly usePeers: boolean
  /** The policy is one of several: a default port that nothing shows is nobody's in particular. */
  readonly several: boolean
  readonly diagnose: Diagnose
}

type Row = (typeof ingressRows)[number]

/** The inbound flows of a workload: the traffic table, row by row, then the user's own rules. */
export function planIngress(workload: Workload, release: Release, options: IngressOptions): Flow[] {
  const taken: ContainerPort[] = []
  const flows = ingressRows.flatMap(row => {
    const found = unique(row.find(workload, release))
    const ports = isOn(row, found, options) ? portsOf(row, found, workload, options) : []
    // A port that another row opens, or that the user's list narrows there, is not opened to all by this one.
    const free = row.rest && callersOf(row, options).length === 0 ? ports.filter(({ port }) => !taken.some(other => samePort(other, port))) : ports
    taken.push(...[...found, ...ports].map(({ port }) => port))
    return free.length > 0 ? [toFlow(row, free, options)] : []
  })
  return options.usePeers ? [...flows, ...options.settings.additionalIngress.map(ingressRuleFlow)] : flows
}

/** Whether a row is rendered; `enabled` of the values wins over what the stream shows. */
function isOn(row: Row, found: readonly Found[], { settings, diagnose }: IngressOptions): boolean {
  if (row.when !== 'switched') return true
  const enabled = rowSettings(settings, row)?.enabled
  const shown = found[0]
  if (enabled === false && shown !== undefined) {
    diagnose('NP207', { row: row.id, value: 'disabled', found: `port ${shown.port.number}`, where: shown.where }, shown.place)
  }
  return enabled ?? shown !== undefined
}

/** The row's ports: that of the values, else those of the stream, else the default. */
function portsOf(row: Row, found: readonly Found[], workload: Workload, options: IngressOptions): readonly Found[] {
  const given = givenPort(options.settings, row)
  if (given !== undefined) return givenPorts(row, given, found, workload, options)
  if (found.length > 0 || row.when === 'found' || row.defaultPort === null || options.several) return found
  options.diagnose('NP208', { row: row.id, port: row.defaultPort, workload: workload.title }, workload.place)
  return [byNumber(row.defaultPort, 'the default', workload)]
}

function givenPorts(row: Row, given: number, found: readonly Found[], workload: Workload, { several, diagnose }: IngressOptions): readonly Found[] {
  const agreed = found.some(({ port }) => port.number === given)
  if (agreed) return found
  // With several workloads a port of the values may be another's.
  if (several) return found
  const [other] = found
  if (other !== undefined) {
    diagnose('NP207', { row: row.id, value: `port ${given}`, found: `port ${other.port.number}`, where: other.where }, other.place)
  }
  return [byNumber(given, 'values', workload)]
}

function byNumber(number: number, where: string, workload: Workload): Found {
  return { port: portNumbered(workload, number), where, place: workload.place }
}

function toFlow(row: Row, ports: readonly Found[], options: IngressOptions): Flow {
  const from = callersOf(row, options)
  return {
    row: row.id,
    direction: 'ingress',
    peers: from.length > 0 ? listed(from) : { kind: row.callers },
    ports: ports.map(({ port }) => flowPort(port)),
    reason: row.reason,
    resolvesNames: false,
    where: [...new Set(ports.map(({ where }) => where))],
    verbatim: undefined,
  }
}

/** The row's `from` list, where the engine takes it. */
function callersOf(row: Row, { settings, usePeers }: IngressOptions): readonly Located<Peer>[] {
  return usePeers ? (rowSettings(settings, row)?.from ?? []) : []
}

function listed(from: readonly Located<Peer>[]): Peers {
  return { kind: 'listed', peers: from.map(({ value, path, place }) => ({ peer: value, path, place })), verbatim: from.map(({ json }) => json) }
}

function unique(found: readonly Found[]): Found[] {
  return found.filter((one, index) => found.findIndex(other => samePort(one.port, other.port)) === index)
}

function samePort(one: ContainerPort, other: ContainerPort): boolean {
  return one.number === other.number && one.protocol === other.protocol
}

function flowPort({ name, namedForPolicies, number, protocol }: ContainerPort): FlowPort {
  return { name: namedForPolicies ? name : undefined, number, endPort: undefined, protocol }
}
