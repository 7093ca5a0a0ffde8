import { isEmptySelector, selects } from '../../../discover/selector.ts'
import type { LabelSelector } from '../../../discover/selector.ts'
import type { Peer, PolicyPort } from '../../../values/peers.ts'
import type { Direction } from '../../contract.ts'
import { toNets } from '../../policies/calico-rule.ts'
import type { CalicoPort } from '../../policies/calico-rule.ts'
import type { ClusterNetworkPolicy, ClusterPeer, ClusterPort, ClusterRule, PodsPeer } from '../../policies/cluster-network-policy.ts'
import type { NetworkPolicy, NetworkPolicyRule } from '../../policies/network-policy.ts'
import type { Flow, Pod } from '../../world.ts'
import type { Inventory } from './inventory.ts'
import { protocolNumbers } from './packet.ts'
import { compileRule } from './rule.ts'
import type { Entity } from './rule.ts'
import { own, prefixes } from './selector.ts'
import type { Matches } from './selector.ts'

/** Policies of Kubernetes as Calico reads them: libcalico-go/lib/backend/k8s/conversion, v3.34. */

export function selectsByNetworkPolicy({ namespace, selector }: NetworkPolicy, inventory: Inventory): (pod: Pod) => boolean {
  const matches = isPodLike(selector)
  return pod => pod.namespace === namespace && matches(inventory.labelsOf(pod))
}

export function selectsByClusterNetworkPolicy({ subject }: ClusterNetworkPolicy, inventory: Inventory): (pod: Pod) => boolean {
  const matches = isPeer(subject)
  return pod => matches(inventory.labelsOf(pod))
}

export function matchesNetworkPolicyRule(
  { peers, ports }: NetworkPolicyRule,
  namespace: string,
  direction: Direction,
  inventory: Inventory,
): (flow: Flow) => boolean {
  const ends = peers.map(peer => toEntity(peer, namespace, inventory))
  return combine(ends, ports.map(toPort), direction)
}

/** It names nodes or names of the DNS, of which Calico knows nothing. */
export function isStrange({ peers }: ClusterRule): boolean {
  return peers.some(({ kind }) => kind !== 'pods' && kind !== 'networks')
}

export function matchesClusterRule({ peers, ports }: ClusterRule, direction: Direction, inventory: Inventory): (flow: Flow) => boolean {
  return combine(
    peers.flatMap(peer => toClusterEntity(peer, inventory) ?? []),
    ports.map(toClusterPort),
    direction,
  )
}

interface Traffic {
  readonly protocol: number | undefined
  readonly ports: readonly CalicoPort[]
}

/** Each peer with each port; none of a kind is any. */
function combine(peers: readonly Entity[], ports: readonly Traffic[], direction: Direction): (flow: Flow) => boolean {
  const ends = peers.length === 0 ? [{}] : peers
  const traffic = ports.length === 0 ? [{ protocol: undefined, ports: [] }] : ports
  const rules = ends.flatMap(end =>
    traffic.map(({ protocol, ports }) =>
      compileRule(direction === 'ingress' ? { protocol, source: end, destination: { ports } } : { protocol, source: {}, destination: { ...end, ports } }),
    ),
  )
  return flow => rules.some(matches => matches(flow))
}

function toEntity({ ipBlock, namespaceSelector, podSelector }: Peer, namespace: string, inventory: Inventory): Entity {
  if (ipBlock !== undefined) return { nets: toNets([ipBlock.cidr]), notNets: toNets(ipBlock.except) }
  const home: Matches = labels => labels[own.namespace] === namespace
  const isThere = namespaceSelector === undefined ? home : isInNamespaces(namespaceSelector)
  const isOne = isPodLike(podSelector)
  return { selected: inventory.select(labels => isThere(labels) && isOne(labels)) }
}

function toClusterEntity(peer: ClusterPeer, inventory: Inventory): Entity | undefined {
  switch (peer.kind) {
    case 'pods':
      return { selected: inventory.select(isPeer(peer)) }
    case 'networks':
      return { nets: toNets(peer.cidrs) }
    default:
      return undefined
  }
}

/** A peer by its namespaces alone is all that is in them, network sets as well; without a selector of namespaces it is in any. */
function isPeer({ namespaces, pods }: PodsPeer): Matches {
  const isThere = isInNamespaces(namespaces ?? { matchLabels: {}, matchExpressions: [] })
  const isOne = pods === undefined ? anything : isPodLike(pods)
  return labels => isThere(labels) && isOne(labels)
}

const anything: Matches = () => true

/** Of what has labels, pods are those of the orchestrator k8s (k8sSelectorToCalico). */
function isPodLike(selector: LabelSelector | undefined): Matches {
  return labels => labels[own.orchestrator] === 'k8s' && (selector === undefined || selects(selector, labels))
}

function isInNamespaces(selector: LabelSelector): Matches {
  if (isEmptySelector(selector)) return labels => labels[own.namespace] !== undefined
  const prefixed: LabelSelector = {
    matchLabels: Object.fromEntries(Object.entries(selector.matchLabels).map(([key, value]) => [prefixes.namespace + key, value])),
    matchExpressions: selector.matchExpressions.map(expression => ({ ...expression, key: prefixes.namespace + expression.key })),
  }
  return labels => selects(prefixed, labels)
}

function toPort({ protocol, port, endPort }: PolicyPort): Traffic {
  const number = protocolNumbers[protocol]
  if (port === undefined) return { protocol: number, ports: [] }
  return { protocol: number, ports: [typeof port === 'string' ? { kind: 'name', name: port } : { kind: 'range', first: port, last: endPort ?? port }] }
}

function toClusterPort(port: ClusterPort): Traffic {
  if (port.kind === 'name') return { protocol: undefined, ports: [port] }
  const { first, last } = port
  return { protocol: protocolNumbers[port.protocol], ports: [{ kind: 'range', first, last }] }
}
