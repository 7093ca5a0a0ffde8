import type { LabelSelector } from '../../../discover/selector.ts'
import type { Identity } from './identity.ts'
import { keys } from './identity.ts'
import { equals, exists, labelSelector, meets, requirementsOf, withSource } from './select.ts'
import type { Requirement, Selector } from './select.ts'

/** What Cilium adds to selectors, so that they stay in the namespace and the cluster of their policy (pkg/k8s/apis/cilium.io/utils/utils.go). */

/** Of fromEndpoints and toEndpoints. `namespace`: undefined for a cluster-wide policy; `init`: its subject mentions pods that start. */
export function peerSelector(selector: LabelSelector, namespace: string | undefined, init: boolean): Selector {
  const own = requirementsOf(selector, withSource('any'))
  if (own.some(({ source }) => source === 'reserved')) return labelSelector(own)
  return labelSelector([...own, ...namespaceScope(own, namespace, init), ...clusterScope(own)])
}

function namespaceScope(own: readonly Requirement[], namespace: string | undefined, init: boolean): Requirement[] {
  const asked = own.filter(isOfPods)
  if (asked.some(({ key }) => key === keys.namespace)) return []
  if (namespace === undefined) return init ? [] : [exists('k8s', keys.namespace)]
  return asked.some(({ key }) => key.startsWith(`${keys.namespaceLabels}.`)) ? [] : [equals('k8s', keys.namespace, namespace)]
}

/** Every end of a world that has a cluster is of this one. */
function clusterScope(own: readonly Requirement[]): Requirement[] {
  return own.some(requirement => isOfPods(requirement) && requirement.key === keys.cluster) ? [] : [exists('k8s', keys.cluster)]
}

function isOfPods({ source }: Requirement): boolean {
  return source === 'k8s' || source === 'any'
}

/** Of fromNodes and toNodes: other nodes, not the pod's own. */
export function nodeSelector(selector: LabelSelector): Selector {
  const own = requirementsOf(selector, withSource('any'))
  return labelSelector([...own, exists('reserved', 'remote-node'), ...clusterScope(own)])
}

/** Of endpointSelector: pods of the policy's namespace, whatever the selector says of it (ParseToCiliumRule). */
export function subjectOf({ matchLabels, matchExpressions }: LabelSelector, namespace: string | undefined): (identity: Identity) => boolean {
  const scope = namespace === undefined ? {} : { [`k8s:${keys.namespace}`]: namespace }
  return meetsAll(requirementsOf({ matchLabels: { ...matchLabels, ...scope }, matchExpressions }, withSource('any')))
}

/** Pods that start have no labels, and so no namespace to be kept to. */
export function mentionsInit({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].includes('reserved:init')
}

/** Of podSelector and of the pods of a ClusterNetworkPolicy. */
export function podRequirements(selector: LabelSelector): Requirement[] {
  return requirementsOf(selector, withSource('k8s'))
}

/** Of namespaceSelector: an empty one asks for a namespace, others only for what they say (processNamespaceSelector in pkg/k8s/network_policy.go). */
export function namespaceRequirements(selector: LabelSelector): Requirement[] {
  const requirements = requirementsOf(selector, key => `k8s:${keys.namespaceLabels}.${key}`)
  return requirements.length === 0 ? [exists('k8s', keys.namespace)] : requirements
}

export function meetsAll(requirements: readonly Requirement[]): (identity: Identity) => boolean {
  return identity => requirements.every(requirement => meets(requirement, identity))
}

/** Pods of this cluster, as parseNetworkPolicyPeer and kcnpParseNamespacedPod ask for. */
export function podsOfCluster(requirements: readonly Requirement[]): Selector {
  return labelSelector([...requirements, ...clusterScope(requirements)])
}
