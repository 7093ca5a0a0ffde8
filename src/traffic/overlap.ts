import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import type { Engine } from '../engines/contract.ts'
import type { Settings } from '../values/schema.ts'
import type { Flow } from './flow.ts'
import { foundPorts } from './ingress.ts'
import type { FoundPort } from './ingress.ts'
import type { Allowlist, Plan } from './plan.ts'
import { ingressRows } from './table.ts'

interface Options {
  readonly settings: Settings
  readonly engine: Engine
  readonly diagnose: Diagnose
}

/** Tells of policies whose selector takes in the pods of another workload, which they lock as well. */
export function tellOverlaps(plan: Plan, release: Release, { settings, engine, diagnose }: Options): void {
  const covered = new Set(plan.allowlists.map(({ workload }) => workload))
  const locked = new Map<Workload, Allowlist[]>()
  for (const [first, ...more] of bySelector(plan.allowlists)) {
    const selected = release.pods.selected(first.selector, first.namespace ?? (settings.namespace || undefined)).filter(({ hostNetwork }) => !hostNetwork)
    const shared = selected.filter(workload => covered.has(workload))
    // Where policies do not add up, another warning says so.
    if (engine.addsUp) for (const { workload } of [first, ...more]) tellShared(workload, shared, diagnose)
    for (const other of selected.filter(workload => !covered.has(workload))) locked.set(other, [...(locked.get(other) ?? []), first, ...more])
  }
  for (const [other, allowlists] of locked) tellLocked(other, allowlists, release, settings, diagnose)
}

/** Those that select the same pods, together. */
function bySelector(allowlists: readonly Allowlist[]): [Allowlist, ...Allowlist[]][] {
  const groups = new Map<string, [Allowlist, ...Allowlist[]]>()
  for (const allowlist of allowlists) {
    const key = JSON.stringify([allowlist.namespace, allowlist.selector])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [allowlist])
    else group.push(allowlist)
  }
  return [...groups.values()]
}

function tellShared(workload: Workload, shared: readonly Workload[], diagnose: Diagnose): void {
  const count = shared.length - (shared.includes(workload) ? 1 : 0)
  if (count === 0) return
  // A few by name: a selector of all pods would make a message of all workloads.
  const named = shared
    .slice(0, most + 1)
    .filter(other => other !== workload)
    .slice(0, most)
  const others = [...named.map(({ title }) => title), ...(count > named.length ? [`${count - named.length} more`] : [])]
  diagnose('NP419', { workload: workload.title, others, effect: 'what either policy allows is open to them' }, workload.place)
}

const most = 5

function tellLocked(other: Workload, allowlists: readonly Allowlist[], release: Release, settings: Settings, diagnose: Diagnose): void {
  const [allowlist] = allowlists
  if (allowlist === undefined) return
  const { title, place } = allowlist.workload
  const ingress = allowlists.flatMap(({ ingress }) => ingress)
  const cut = callersOf(other, release).filter(({ port }) => !ingress.some(flow => opens(flow, port, other)))
  const flows = [
    ...cut.map(({ port, where }) => `its callers at port ${port.number} (${where[0]})`),
    ...(settings.egress.enabled ? ['all that it dials itself and the egress rules do not list'] : []),
  ]
  if (flows.length > 0) diagnose('NP418', { workload: title, other: other.title, flows }, place)
  else diagnose('NP419', { workload: title, others: [other.title], effect: 'they are locked too, though nothing is cut that the stream shows' }, place)
}

/** Who calls a workload, the kubelet apart, which its own node lets in. */
function callersOf(workload: Workload, release: Release): FoundPort[] {
  const found = ingressRows.filter(({ callers }) => callers === 'any').flatMap(row => foundPorts(row, workload, release))
  return [...new Map(found.toReversed().map(one => [`${one.port.number}/${one.port.protocol}`, one])).values()].toReversed()
}

/** Whether a flow opens a port of a pod that may call its ports otherwise than the flow's own workload does. */
function opens({ ports }: Flow, port: FoundPort['port'], pod: Workload): boolean {
  if (ports.length === 0) return true
  return ports.some(({ name, number, endPort, protocol }) => {
    if (protocol !== port.protocol) return false
    if (name !== undefined) return pod.ports.some(declared => declared.name === name && declared.number === port.number)
    return number !== undefined && number <= port.number && port.number <= (endPort ?? number)
  })
}
