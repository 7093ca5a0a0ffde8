import { policyKinds } from '../resources/kinds.ts'
import { placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { sameNamespace } from '../discover/namespace.ts'
import { namespaceNameLabel } from '../engines/labels.ts'
import { policyAnnotation } from '../engines/metadata.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import type { Engine } from '../engines/contract.ts'
import type { Allowlist, Plan, Subject } from '../traffic/plan.ts'
import { selects, toSelector } from '../discover/selector.ts'
import { at, textAt } from '../yaml/tree.ts'

/** Policies that a stream already holds. */
export interface Present {
  /** Ours, of an earlier run for the same workloads: replaced. */
  readonly outdated: readonly Resource[]
  /** The chart's own of the same kind and name, with `replace` on: replaced too. */
  readonly replaced: readonly Resource[]
}

/**
 * Sorts out the policies that are there already. Ours are known by their annotation, whatever engine
 * they were for; those for other workloads are left alone. Another's of the same name is an error,
 * unless `replace` says that ours takes its place.
 */
export function sortPresent(resources: readonly Resource[], plan: Plan, engine: Engine, { replace, diagnose }: { replace: boolean; diagnose: Diagnose }): Present {
  const policies = resources.filter(({ kind, name }) => name !== '' && policyKinds.some(known => known === kind))
  const outdated = policies.filter(policy => isOutdated(policy, plan))
  const others = policies.filter(policy => !outdated.includes(policy))
  const conflicting = others.filter(policy => [...plan.allowlists, ...plan.defaultDenies].some(subject => takesName(policy, subject, engine)))
  for (const policy of [...outdated, ...(replace ? conflicting : [])]) {
    if (policy.shared) diagnose('NP601', { policy: title(policy) }, placeIn(policy))
  }
  if (!replace) for (const policy of conflicting) diagnose('NP600', { policy: title(policy) }, placeIn(policy))
  const staying = others.filter(policy => !conflicting.includes(policy))
  for (const allowlist of plan.allowlists) tellOverlaps(staying, allowlist, diagnose)
  return { outdated, replaced: replace ? conflicting : [] }
}

function isOutdated(policy: Resource, { allowlists }: Plan): boolean {
  const [role, owner] = policy.annotations[policyAnnotation]?.split('/') ?? []
  if (role !== 'allowlist' && role !== 'default-deny') return false
  return allowlists.some(allowlist => allowlist.owner === owner && sameNamespace({ namespace: namespaceOf(policy) }, allowlist))
}

/** Of a cluster-scoped policy, the namespace that its subject names. */
function namespaceOf({ kind, namespace, tree }: Resource): string | undefined {
  if (kind !== 'ClusterNetworkPolicy') return namespace
  return (
    textAt(tree, 'spec', 'subject', 'pods', 'namespaceSelector', 'matchLabels', namespaceNameLabel) ??
    textAt(tree, 'spec', 'subject', 'namespaces', 'matchLabels', namespaceNameLabel)
  )
}

function takesName(policy: Resource, subject: Subject, engine: Engine): boolean {
  const sameApi = group(policy.apiVersion) === group(engine.apiVersion) && policy.kind === engine.kind
  return sameApi && policy.name === subject.name && (engine.clusterScoped || sameNamespace(policy, subject))
}

function group(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))
}

/** A NetworkPolicy of the chart's own that selects the same pods keeps open what it allows. */
function tellOverlaps(policies: readonly Resource[], { workload, namespace }: Allowlist, diagnose: Diagnose): void {
  for (const policy of policies) {
    if (policy.apiVersion !== 'networking.k8s.io/v1' || !sameNamespace(policy, { namespace })) continue
    const selector = toSelector(at(policy.tree, 'spec', 'podSelector'), () => {})
    if (selector !== undefined && selects(selector, workload.podLabels)) {
      diagnose('NP602', { policy: title(policy), workload: workload.title }, placeIn(policy))
    }
  }
}
