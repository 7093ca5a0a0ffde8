import type { LabelSelector } from '../../../discover/selector.ts'
import type { Peer } from '../../../values/peers.ts'
import type { NetworkPolicy, NetworkPolicyRule } from '../../policies/network-policy.ts'
import { everyone } from './entities.ts'
import type { Identity } from './identity.ts'
import { keys } from './identity.ts'
import { blockSelector } from './peers.ts'
import { toCiliumPort } from './ports.ts'
import { meetsAll, namespaceRequirements, podRequirements, podsOfCluster } from './scope.ts'
import type { Selector } from './select.ts'
import type { Part } from './stage.ts'

/** A NetworkPolicy as Cilium translates it: ParseNetworkPolicy in pkg/k8s/network_policy.go. */
export function networkSubject({ selector, namespace }: NetworkPolicy): (identity: Identity) => boolean {
  return meetsAll(podRequirements(kept(selector, namespace)))
}

export function networkParts({ peers, ports }: NetworkPolicyRule, namespace: string): Part[] {
  const selectors = peers.length === 0 ? [everyone] : peers.map(peer => toSelector(peer, namespace))
  return [{ selectors, ports: ports.length === 0 ? undefined : ports.map(toCiliumPort) }]
}

const everything = { matchLabels: {}, matchExpressions: [] }

function toSelector({ ipBlock, namespaceSelector, podSelector = everything }: Peer, namespace: string): Selector {
  if (ipBlock !== undefined) return blockSelector(ipBlock.cidr, ipBlock.except)
  if (namespaceSelector === undefined) return podsOfCluster(podRequirements(kept(podSelector, namespace)))
  return podsOfCluster([...podRequirements(podSelector), ...namespaceRequirements(namespaceSelector)])
}

/** Whatever it says of the namespace, it is kept to its policy's (parsePodSelector in pkg/k8s/network_policy.go). */
function kept({ matchLabels, matchExpressions }: LabelSelector, namespace: string): LabelSelector {
  return { matchLabels: { ...matchLabels, [keys.namespace]: namespace }, matchExpressions }
}
