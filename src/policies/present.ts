import type { Diagnose } from '../diagnostics/collect.ts'
import { NamespacedIndex } from '../discover/namespaced.ts'
import type { Release } from '../discover/release.ts'
import { toSelector } from '../discover/selector.ts'
import type { LabelSelector } from '../discover/selector.ts'
import type { Workload } from '../discover/workload.ts'
import type { Engine } from '../engines/contract.ts'
import { policyAnnotation } from '../engines/metadata.ts'
import { engines } from '../engines/registry.ts'
import { once } from '../once.ts'
import { placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { ownerNames } from '../traffic/plan.ts'
import type { Allowlist, Plan, Subject } from '../traffic/plan.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'
import { selecting } from './selecting.ts'

/** Policies that a stream already holds. */
export interface Present {
  /** Taken out: ours of an earlier run for the same workloads, and with `replace` the chart's own of the same name. */
  readonly removed: readonly Resource[]
  /** The others that allow something, with the pods they select, as far as that can be read. */
  readonly staying: readonly StayingPolicy[]
  /** NetworkPolicies of the chart's own, with the directions that they lock for the pods they select. */
  readonly locking: readonly StayingPolicy[]
}

export interface StayingPolicy {
  readonly policy: Resource
  readonly namespace: string | undefined
  readonly selector: LabelSelector
  /** Of an earlier run, for a workload that this one does not cover. */
  readonly ours: boolean
  readonly allows: boolean
  /** Directions of a NetworkPolicy of the chart's own. */
  readonly locks: readonly ('ingress' | 'egress')[]
}

/**
 * Sorts out the policies that are there already. Ours are known by their annotation, whatever engine
 * they were for; those for other workloads are left alone. Another's of the same name is an error,
 * unless `replace` says that ours takes its place.
 */
export function sortPresent(release: Release, plan: Plan, engine: Engine, { replace, namespace, judged, diagnose }: PresentOptions): Present {
  const policies = release.resources.flatMap(toKnown)
  if (policies.length === 0) return { removed: [], staying: [], locking: [] }
  const isOutdated = outdatedBy(plan)
  const takesName = takenBy(plan, engine)
  const outdated = policies.filter(isOutdated)
  const others = policies.filter(policy => !isOutdated(policy))
  const conflicting = others.filter(takesName)
  const left = others.filter(policy => !takesName(policy))
  for (const { policy } of [...outdated, ...(replace ? conflicting : [])]) {
    if (policy.shared) diagnose('NP601', { policy: title(policy) }, placeIn(policy))
  }
  if (!replace) for (const { policy } of conflicting) diagnose('NP600', { policy: title(policy) }, placeIn(policy))
  const workloads = byOwner(release.workloads)
  const beside = left.flatMap(known => toBeside(known, workloads))
  const staying = beside.filter(({ allows }) => allows)
  const locking = beside.filter(({ locks }) => locks.length > 0)
  const workloadsOf = workloadsBySelector(plan.allowlists, namespace)
  if (engine.addsUp) tellOverlaps(staying, workloadsOf, diagnose)
  else tellDeciding(locking, workloadsOf, diagnose)
  if (!judged) for (const { policy } of left.filter(isUnread)) diagnose('NP604', { policy: title(policy) }, placeIn(policy))
  return { removed: [...outdated, ...(replace ? conflicting : [])].map(({ policy }) => policy), staying, locking }
}

export interface PresentOptions {
  readonly replace: boolean
  /** The release's, as far as it is known: that of documents which leave it to Helm. */
  readonly namespace: string | undefined
  /** What the policies do together is worked out later on. */
  readonly judged: boolean
  readonly diagnose: Diagnose
}

/** A policy of any dialect. */
interface Known {
  readonly policy: Resource
  /** The engine in whose words it is written. */
  readonly dialect: Engine
  /** Of the pods that it is for. */
  readonly namespace: string | undefined
  /** What our annotation says. */
  readonly mark: Mark | undefined
}

interface Mark {
  readonly role: 'allowlist' | 'default-deny'
  readonly owner: string
}

function toKnown(policy: Resource): Known[] {
  const { apiVersion, kind } = policy
  const dialect = Object.values<Engine>(engines).find(engine => engine.kind === kind && group(engine.apiVersion) === group(apiVersion))
  if (dialect === undefined || policy.name === '') return []
  return [{ policy, dialect, namespace: dialect.namespaceOf(policy), mark: markOf(policy) }]
}

function markOf({ annotations }: Resource): Mark | undefined {
  const [role, owner] = annotations[policyAnnotation]?.split('/') ?? []
  return owner !== undefined && (role === 'allowlist' || role === 'default-deny') ? { role, owner } : undefined
}

/** Ours of an earlier run, for a workload that this run covers. */
function outdatedBy({ allowlists }: Plan): (policy: Known) => boolean {
  const covered = new NamespacedIndex<Allowlist>()
  for (const allowlist of allowlists) covered.add(allowlist.owner, allowlist)
  return ({ mark, namespace }) => mark !== undefined && covered.has(mark.owner, namespace)
}

/** Those that would be overwritten by ours, or overwrite them. */
function takenBy({ allowlists, defaultDenies }: Plan, engine: Engine): (policy: Known) => boolean {
  const subjects = new NamespacedIndex<Subject>()
  for (const subject of [...allowlists, ...defaultDenies]) subjects.add(subject.name, subject)
  return ({ policy, dialect }) => dialect === engine && subjects.has(policy.name, engine.clusterScoped ? undefined : policy.namespace)
}

function byOwner(workloads: readonly Workload[]): NamespacedIndex<Workload> {
  const index = new NamespacedIndex<Workload>()
  for (const [workload, owner] of ownerNames(workloads)) index.add(owner, workload)
  return index
}

function group(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))
}

/** Ours by their workload, NetworkPolicies by their selector; the other dialects are not read here. */
function toBeside({ policy, dialect, namespace, mark }: Known, workloads: NamespacedIndex<Workload>): StayingPolicy[] {
  if (mark !== undefined) {
    const selector = workloads.get(mark.owner, namespace)[0]?.selector
    return mark.role === 'allowlist' && selector !== undefined ? [{ policy, namespace, selector, ours: true, allows: true, locks: [] }] : []
  }
  const selector = dialect === engines.kubernetes ? toSelector(at(policy.tree, 'spec', 'podSelector'), () => {}) : undefined
  const allows = itemsAt(policy.tree, 'spec', 'ingress').length > 0 || itemsAt(policy.tree, 'spec', 'egress').length > 0
  return selector === undefined ? [] : [{ policy, namespace, selector, ours: false, allows, locks: policyTypes(policy) }]
}

/** networking.k8s.io/v1: without policyTypes ingress is locked, and egress where there are rules for it. */
export function policyTypes({ tree }: Resource): ('ingress' | 'egress')[] {
  const types = itemsAt(tree, 'spec', 'policyTypes').map(type => textAt(type)?.toLowerCase())
  if (types.length === 0) return itemsAt(tree, 'spec', 'egress').length > 0 ? ['ingress', 'egress'] : ['ingress']
  return (['ingress', 'egress'] as const).filter(direction => types.includes(direction))
}

/** Undefined: there are none. */
type WorkloadsOf = (policy: StayingPolicy) => string | undefined

/** The workloads whose pods a policy selects as well, a few by their titles. `release`: the namespace of what leaves it to Helm, as far as it is known. */
function workloadsBySelector(allowlists: readonly Allowlist[], release: string | undefined): WorkloadsOf {
  const selected = selecting(allowlists, ({ namespace }) => namespace ?? release)
  const words = once(fewOf)
  return policy => words(selected(policy)) || undefined
}

/** The first of many; the others by their number. */
function fewOf(allowlists: readonly Allowlist[]): string {
  const titles = allowlists.slice(0, 4).map(({ workload }) => workload.title)
  return allowlists.length <= 4 ? titles.join(', ') : `${titles.slice(0, 3).join(', ')} and ${allowlists.length - 3} others`
}

/** Where policies do not add up they are asked in order, and NetworkPolicies come before the Baseline tier. */
function tellDeciding(locking: readonly StayingPolicy[], workloadsOf: WorkloadsOf, diagnose: Diagnose): void {
  for (const staying of locking) {
    const workloads = workloadsOf(staying)
    if (workloads !== undefined) diagnose('NP603', { policy: title(staying.policy), workloads, directions: staying.locks }, placeIn(staying.policy))
  }
}

/** Another's, in words that are not read here: it may allow more, and deny what ours allows. */
function isUnread({ dialect, mark }: Known): boolean {
  return dialect !== engines.kubernetes && mark === undefined
}

/** A NetworkPolicy of the chart's own that selects the same pods keeps open what it allows. */
function tellOverlaps(staying: readonly StayingPolicy[], workloadsOf: WorkloadsOf, diagnose: Diagnose): void {
  for (const own of staying.filter(({ ours }) => !ours)) {
    const workloads = workloadsOf(own)
    if (workloads !== undefined) diagnose('NP602', { policy: title(own.policy), workloads }, placeIn(own.policy))
  }
}
