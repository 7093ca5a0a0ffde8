import type { Diagnose } from '../diagnostics/collect.ts'
import { isBound } from '../discover/bound.ts'
import type { Bound, Listener } from '../discover/bound.ts'
import type { Found } from '../discover/find.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import { givenPort } from '../values/schema.ts'
import type { Settings } from '../values/schema.ts'
import type { ingressRows } from './table.ts'

interface Options {
  readonly settings: Settings
  readonly diagnose: Diagnose
}

/** Tells what a row's arguments leave open, and where they bind another port than the one that is dialled. */
export function tellArguments(row: (typeof ingressRows)[number], workload: Workload, release: Release, { settings, diagnose }: Options): void {
  const own = workload.listeners.filter(({ purpose }) => purpose === row.bound)
  if (own.length === 0) return
  const dialled = row.find(workload, release).filter(({ port }) => port.protocol === 'TCP')
  const known = dialled.length > 0 || own.some(({ address }) => address.is === 'port') || givenPort(settings, row) !== undefined
  for (const listener of own) {
    const problem = problemOf(listener, known)
    const key = row.defaultPort === null ? undefined : `networkPolicy.ports.${row.id}`
    if (problem !== undefined) diagnose('NP412', { what: `${listener.what} of ${workload.title}`, problem, key }, listener.place)
  }
  const served = new Set(workload.listeners.flatMap(({ address }) => (address.is === 'port' ? [address.number] : [])))
  const others = dialled.filter(({ port }) => !served.has(port.number))
  for (const listener of own.filter(isBound)) tellOtherPort(listener, dialled, others, workload, diagnose)
}

/** A variable that only the cluster knows matters where nothing else shows the port. */
function problemOf({ address }: Listener, known: boolean): string | undefined {
  if (address.is === 'problem') return address.problem
  return address.is === 'variable' && !known ? `takes its port from the variable ${address.name}, which the stream does not tell` : undefined
}

/** Of the ports that lead into the container, one that an argument binds is served; any of the others may be where this one was meant. */
function tellOtherPort(listener: Bound, dialled: readonly Found[], others: readonly Found[], workload: Workload, diagnose: Diagnose): void {
  const bound = listener.address.number
  if (!listener.reachable || dialled.some(({ port }) => port.number === bound)) return
  const other = others.find(({ port }) => leadsInto(listener.container, port.number, workload))
  if (other === undefined) return
  diagnose('NP414', { argument: listener.what, bound, workload: workload.title, where: other.where, port: other.port.number }, listener.place)
}

/** A port that no container declares may be any container's. */
function leadsInto(container: string, number: number, { ports, containers }: Workload): boolean {
  const declaring = ports.filter(port => port.number === number && port.protocol === 'TCP')
  if (declaring.length > 0) return declaring.some(port => port.container === container)
  return containers.filter(({ role }) => role !== 'init').length === 1
}
