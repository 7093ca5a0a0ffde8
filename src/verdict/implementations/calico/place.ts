import { placeOf } from '../../../yaml/tree.ts'
import type { Direction, Refusal, StagedRule } from '../../contract.ts'
import type { CalicoPolicy } from '../../policies/calico-policy.ts'
import type { ClusterNetworkPolicy } from '../../policies/cluster-network-policy.ts'
import type { NetworkPolicy } from '../../policies/network-policy.ts'
import { selectsPods, toRule } from './from-calico.ts'
import { isStrange, matchesClusterRule, matchesNetworkPolicyRule, selectsByClusterNetworkPolicy, selectsByNetworkPolicy } from './from-kubernetes.ts'
import type { Inventory } from './inventory.ts'
import { compileRule, unreadOf } from './rule.ts'
import type { Behind } from './services.ts'
import type { Placed } from './tiers.ts'

const actions = { Allow: 'allow', Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const

export function placeCalicoPolicy(read: CalicoPolicy, inventory: Inventory, behind: Behind): Placed {
  const { policy, name, namespace, tier, order } = read
  const staged = (direction: Direction): StagedRule[] | undefined =>
    read[direction]?.flatMap(rule => {
      // What is logged goes on to the next rule.
      if (rule.action === 'Log') return []
      const { action, path, tree } = rule
      const ready = toRule(rule, namespace, inventory, behind)
      return [{ action: actions[action], path, tree, matches: compileRule(ready), unread: unreadOf(ready) }]
    })
  const key = { name, namespace: namespace ?? '', kind: policy.kind }
  return { policy, tier, order, key, namespace, selects: selectsPods(read, inventory), ingress: staged('ingress'), egress: staged('egress') }
}

/** All of them have one order in the tier default (K8sNetworkPolicyToCalico in libcalico-go/lib/backend/k8s/conversion/conversion.go). */
export function placeNetworkPolicy(read: NetworkPolicy, inventory: Inventory): Placed {
  const { policy, namespace } = read
  const staged = (direction: Direction): StagedRule[] | undefined =>
    read[direction]?.map(rule => ({
      action: 'allow',
      path: rule.path,
      tree: rule.tree,
      matches: matchesNetworkPolicyRule(rule, namespace, direction, inventory),
    }))
  const key = { name: policy.name, namespace, kind: `Kubernetes${policy.kind}` }
  return {
    policy,
    tier: 'default',
    order: 1000,
    key,
    namespace,
    selects: selectsByNetworkPolicy(read, inventory),
    ingress: staged('ingress'),
    egress: staged('egress'),
  }
}

const clusterTiers = { Admin: 'kube-admin', Baseline: 'kube-baseline' } as const

/** K8sClusterNetworkPolicyToCalico in conversion/clusternetworkpolicy.go; what it does with rules that it cannot read is told. */
export function placeClusterNetworkPolicy(read: ClusterNetworkPolicy, inventory: Inventory): Placed {
  const { policy, tier, priority } = read
  const staged = (direction: Direction): StagedRule[] =>
    read[direction].flatMap(rule => {
      const { path, tree } = rule
      if (!isStrange(rule)) return [{ action: actions[rule.action], path, tree, matches: matchesClusterRule(rule, direction, inventory) }]
      return rule.action === 'Accept' ? [] : [{ action: 'deny', path, tree, matches: () => true }]
    })
  const key = { name: policy.name, namespace: '', kind: `Kubernetes${policy.kind}` }
  const selects = selectsByClusterNetworkPolicy(read, inventory)
  return { policy, tier: clusterTiers[tier], order: priority, key, selects, ingress: staged('ingress'), egress: staged('egress') }
}

/** The rules that Calico takes, and makes something else of. */
export function remarksOn({ policy, ingress, egress }: ClusterNetworkPolicy): Refusal[] {
  return [...ingress, ...egress].filter(isStrange).map(({ path, tree, action }) => {
    const instead = action === 'Accept' ? 'leaves the rule out' : 'denies everything instead'
    return { policy, problem: `${path} has nodes or domainNames, which Calico does not know: it ${instead}`, place: placeOf(tree, path) }
  })
}
