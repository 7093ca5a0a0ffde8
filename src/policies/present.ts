import type { Diagnose } from '../diagnostics/collect.ts'
import { sameNamespace } from '../discover/namespace.ts'
import type { Release } from '../discover/release.ts'
import { selects, toSelector } from '../discover/selector.ts'
import type { LabelSelector } from '../discover/selector.ts'
import type { Engine } from '../engines/contract.ts'
import { policyAnnotation } from '../engines/metadata.ts'
import { engines } from '../engines/registry.ts'
import { placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { ownerNames } from '../traffic/plan.ts'
import type { Allowlist, Plan, Subject } from '../traffic/plan.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'

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
  const policies = release.resources.filter(resource => resource.name !== '' && dialectOf(resource) !== undefined)
  const outdated = policies.filter(policy => isOutdated(policy, plan))
  const others = policies.filter(policy => !outdated.includes(policy))
  const conflicting = others.filter(policy => [...plan.allowlists, ...plan.defaultDenies].some(subject => takesName(policy, subject, engine)))
  for (const policy of [...outdated, ...(replace ? conflicting : [])]) {
    if (policy.shared) diagnose('NP601', { policy: title(policy) }, placeIn(policy))
  }
  if (!replace) for (const policy of conflicting) diagnose('NP600', { policy: title(policy) }, placeIn(policy))
  const owners = ownerNames(release.workloads)
  const left = others.filter(policy => !conflicting.includes(policy))
  const beside = left.flatMap(policy => toBeside(policy, release, owners))
  const staying = beside.filter(({ allows }) => allows)
  const locking = beside.filter(({ locks }) => locks.length > 0)
  if (engine.addsUp) tellOverlaps(staying, plan.allowlists, namespace, diagnose)
  else tellDeciding(locking, plan.allowlists, namespace, diagnose)
  if (!judged) for (const policy of left.filter(isUnread)) diagnose('NP604', { policy: title(policy) }, placeIn(policy))
  return { removed: [...outdated, ...(replace ? conflicting : [])], staying, locking }
}

export interface PresentOptions {
  readonly replace: boolean
  /** The release's, as far as it is known: that of documents which leave it to Helm. */
  readonly namespace: string | undefined
  /** What the policies do together is worked out later on. */
  readonly judged: boolean
  readonly diagnose: Diagnose
}

/** The engine in whose words a policy is written. */
function dialectOf({ apiVersion, kind }: Resource): Engine | undefined {
  return Object.values<Engine>(engines).find(engine => engine.kind === kind && group(engine.apiVersion) === group(apiVersion))
}

function isOutdated(policy: Resource, { allowlists }: Plan): boolean {
  const mark = markOf(policy)
  const namespace = dialectOf(policy)?.namespaceOf(policy)
  return mark !== undefined && allowlists.some(allowlist => allowlist.owner === mark.owner && sameNamespace({ namespace }, allowlist))
}

/** What our annotation says. */
function markOf({ annotations }: Resource): { role: string; owner: string } | undefined {
  const [role, owner] = annotations[policyAnnotation]?.split('/') ?? []
  return owner !== undefined && (role === 'allowlist' || role === 'default-deny') ? { role, owner } : undefined
}

function takesName(policy: Resource, subject: Subject, engine: Engine): boolean {
  return dialectOf(policy) === engine && policy.name === subject.name && (engine.clusterScoped || sameNamespace(policy, subject))
}

function group(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))
}

/** Ours by their workload, NetworkPolicies by their selector; the other dialects are not read here. */
function toBeside(policy: Resource, release: Release, owners: ReturnType<typeof ownerNames>): StayingPolicy[] {
  const dialect = dialectOf(policy)
  const mark = markOf(policy)
  const namespace = dialect?.namespaceOf(policy)
  if (mark !== undefined) {
    const selector = release.workloads.find(workload => owners.get(workload) === mark.owner && sameNamespace(workload, { namespace }))?.selector
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

/** Where policies do not add up they are asked in order, and NetworkPolicies come before the Baseline tier. */
function tellDeciding(locking: readonly StayingPolicy[], allowlists: readonly Allowlist[], release: string | undefined, diagnose: Diagnose): void {
  for (const staying of locking) {
    const workloads = selectedBy(staying, allowlists, release)
    if (workloads.length > 0) diagnose('NP603', { policy: title(staying.policy), workloads, directions: staying.locks }, placeIn(staying.policy))
  }
}

/** Another's, in words that are not read here: it may allow more, and deny what ours allows. */
function isUnread(policy: Resource): boolean {
  return dialectOf(policy) !== engines.kubernetes && markOf(policy) === undefined
}

/** A NetworkPolicy of the chart's own that selects the same pods keeps open what it allows. */
function tellOverlaps(staying: readonly StayingPolicy[], allowlists: readonly Allowlist[], release: string | undefined, diagnose: Diagnose): void {
  for (const own of staying.filter(({ ours }) => !ours)) {
    const workloads = selectedBy(own, allowlists, release)
    if (workloads.length > 0) diagnose('NP602', { policy: title(own.policy), workloads }, placeIn(own.policy))
  }
}

function selectedBy(policy: StayingPolicy, allowlists: readonly Allowlist[], release: string | undefined): string[] {
  return allowlists.filter(allowlist => selectsPodsOf(policy, allowlist, release)).map(({ workload }) => workload.title)
}

/** `release`: the namespace of what leaves it to Helm, as far as it is known. */
export function selectsPodsOf({ namespace, selector }: StayingPolicy, allowlist: Allowlist, release: string | undefined): boolean {
  return sameNamespace({ namespace }, { namespace: allowlist.namespace ?? release }) && selects(selector, allowlist.workload.podLabels)
}
