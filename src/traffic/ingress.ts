import type { Diagnose } from '../diagnostics/collect.ts'
import { boundBy, waysIn } from '../discover/find.ts'
import type { Found } from '../discover/find.ts'
import { portNumbered } from '../discover/ports.ts'
import type { Listener } from '../discover/bound.ts'
import type { ContainerPort } from '../discover/ports.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import type { Located } from '../values/fields.ts'
import type { Peer } from '../values/peers.ts'
import { givenPort, rowSettings } from '../values/schema.ts'
import type { Settings } from '../values/schema.ts'
import type { Flow, FlowPort, Peers } from './flow.ts'
import { tellArguments } from './arguments.ts'
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

/** A port, and everywhere it was found. */
export interface FoundPort {
  readonly port: ContainerPort
  readonly where: readonly [string, ...string[]]
  readonly place: Found['place']
}

/** A port that a row opens; rows below it add where they found it too. */
interface Opening {
  readonly row: Row
  readonly port: ContainerPort
  readonly where: string[]
}

class Openings {
  readonly all: Opening[] = []
  private readonly byPort = new Map<string, Opening[]>()

  add(row: Row, { port, where }: FoundPort): void {
    const opening = { row, port, where: [...where] }
    this.all.push(opening)
    const same = this.byPort.get(keyOf(port))
    if (same === undefined) this.byPort.set(keyOf(port), [opening])
    else same.push(opening)
  }

  /** A row below found the port as well: told where it is open. */
  foundAgain({ port, where }: FoundPort): void {
    for (const opening of this.byPort.get(keyOf(port)) ?? []) for (const each of where) opening.where.push(each)
  }
}

/** The inbound flows of a workload: the traffic table, row by row, then the user's own rules. */
export function planIngress(workload: Workload, release: Release, options: IngressOptions): Flow[] {
  const taken = new Set<string>()
  const openings = new Openings()
  for (const row of ingressRows) {
    const found = foundPorts(row, workload, release)
    const ports = isOn(row, found, options) ? portsOf(row, found, workload, options) : []
    if (rowSettings(options.settings, row)?.enabled !== false) tellArguments(row, workload, release, options)
    // A port that another row opens, or that the user's list narrows there, is not opened to all by this one.
    const isFree = (port: ContainerPort): boolean => !row.rest || callersOf(row, options).length > 0 || !taken.has(keyOf(port))
    const free = ports.filter(({ port }) => isFree(port))
    for (const found of ports.filter(({ port }) => !isFree(port))) openings.foundAgain(found)
    for (const found of free) openings.add(row, found)
    for (const { port } of [...found, ...ports]) taken.add(keyOf(port))
  }
  tellNarrowed(openings.all, workload, release, options)
  const flows = ingressRows.flatMap(row => {
    const own = openings.all.filter(opening => opening.row === row)
    return own.length > 0 ? [toFlow(row, own, options)] : []
  })
  const all = options.usePeers ? [...flows, ...options.settings.additionalIngress.map(ingressRuleFlow)] : flows
  if (all.length === 0) tellClosed(workload, options)
  return all
}

/** Nobody is let in, which is meant where the values switch something off, and not where only an argument does. */
function tellClosed(workload: Workload, { settings, diagnose }: IngressOptions): void {
  const said = workload.listeners.find(({ address }) => saysWhere(address))
  if (said === undefined || ingressRows.some(row => rowSettings(settings, row)?.enabled === false)) return
  diagnose('NP435', { workload: workload.title, argument: said.what }, said.place)
}

/** What the stream shows of a row: what leads to its ports, and what binds them. */
export function foundPorts(row: Row, workload: Workload, release: Release): FoundPort[] {
  const found = [...row.find(workload, release), ...(row.bound === null ? [] : boundBy(row.bound)(workload, release))]
  const byPort = new Map<string, FoundPort & { readonly where: string[] }>()
  for (const { port, where, place } of found) {
    const before = byPort.get(keyOf(port))
    if (before === undefined) byPort.set(keyOf(port), { port, where: [where], place })
    else before.where.push(where)
  }
  return [...byPort.values()]
}

/** Whether a row is rendered; `enabled` of the values wins over what the stream shows. */
function isOn(row: Row, found: readonly FoundPort[], { settings, diagnose }: IngressOptions): boolean {
  if (row.when !== 'switched') return true
  const enabled = rowSettings(settings, row)?.enabled
  const shown = found[0]
  if (enabled === false && shown !== undefined) {
    diagnose('NP207', { row: row.id, value: 'disabled', found: `port ${shown.port.number}`, where: shown.where[0] }, shown.place)
  }
  return enabled ?? shown !== undefined
}

/** The row's ports: that of the values, else those of the stream, else the default. */
function portsOf(row: Row, found: readonly FoundPort[], workload: Workload, options: IngressOptions): readonly FoundPort[] {
  const given = givenPort(options.settings, row)
  if (given !== undefined) return givenPorts(row, given, found, workload, options)
  if (found.length > 0 || row.when === 'found' || options.several) return found
  // An argument that binds nothing others can dial says more than the default; one that cannot be read says less.
  const isSaid = workload.listeners.some(({ purpose, address }) => purpose === row.bound && saysWhere(address))
  if (isSaid && rowSettings(options.settings, row)?.enabled !== true) return found
  options.diagnose('NP208', { row: row.id, port: row.defaultPort, workload: workload.title }, workload.place)
  return [byNumber(row.defaultPort, 'the default', workload)]
}

function saysWhere(address: Listener['address']): boolean {
  return address.is === 'port' || address.is === 'nothing'
}

function givenPorts(row: Row, given: number, found: readonly FoundPort[], workload: Workload, { several, diagnose }: IngressOptions): readonly FoundPort[] {
  const agreed = found.some(({ port }) => port.number === given)
  if (agreed) return found
  // With several workloads a port of the values may be another's.
  if (several) return found
  const [other] = found
  if (other !== undefined) {
    diagnose('NP207', { row: row.id, value: `port ${given}`, found: `port ${other.port.number}`, where: other.where[0] }, other.place)
  }
  return [byNumber(given, 'values', workload)]
}

function byNumber(number: number, where: string, workload: Workload): FoundPort {
  return { port: portNumbered(workload, number), where: [where], place: workload.place }
}

/** A list that is meant for one kind of callers holds for all who come to the port. */
function tellNarrowed(openings: readonly Opening[], workload: Workload, release: Release, options: IngressOptions): void {
  for (const { row, port } of openings) {
    const [first] = callersOf(row, options)
    if (first === undefined) continue
    const path = first.path.slice(0, -'[0]'.length)
    const ways = [...new Set(waysIn(workload, release).flatMap(way => (samePort(way.port, port) ? [way.by] : [])))]
    if (ways.length > 1) options.diagnose('NP416', { path, port: port.number, workload: workload.title, ways }, first.place)
  }
}

function toFlow(row: Row, openings: readonly Opening[], options: IngressOptions): Flow {
  const from = callersOf(row, options)
  return {
    row: row.id,
    direction: 'ingress',
    peers: from.length > 0 ? listed(from) : { kind: row.callers },
    ports: openings.map(({ port }) => flowPort(port)),
    reason: row.reason,
    resolvesNames: false,
    where: [...new Set(openings.flatMap(({ where }) => where))],
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

function samePort(one: ContainerPort, other: ContainerPort): boolean {
  return one.number === other.number && one.protocol === other.protocol
}

function keyOf({ number, protocol }: ContainerPort): string {
  return `${number}/${protocol}`
}

export function flowPort({ name, namedForPolicies, number, protocol }: ContainerPort): FlowPort {
  return { name: namedForPolicies ? name : undefined, number, endPort: undefined, protocol }
}
