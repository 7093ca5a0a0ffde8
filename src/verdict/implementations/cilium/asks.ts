import { blockOf, contains, parseCidrs } from '../../../net/cidr.ts'
import type { Cidr } from '../../../net/cidr.ts'
import type { CiliumCidrGroup } from '../../policies/cilium-cidr-group.ts'
import type { CiliumNetworkPolicy } from '../../policies/cilium-network-policy.ts'
import type { CiliumPeer } from '../../policies/cilium-rule.ts'
import type { ClusterNetworkPolicy, ClusterPeer } from '../../policies/cluster-network-policy.ts'
import type { NetworkPolicy } from '../../policies/network-policy.ts'
import type { World } from '../../world.ts'
import { namePattern } from './cluster-rules.ts'
import { nameMatcher } from './names.ts'
import { servicesOf } from './peers.ts'
import type { ServicePeer } from './peers.ts'

/** What policies as a whole ask about, whomever they select. */
export interface Policies {
  readonly network: readonly NetworkPolicy[]
  readonly cluster: readonly ClusterNetworkPolicy[]
  readonly own: readonly CiliumNetworkPolicy[]
  readonly groups: readonly CiliumCidrGroup[]
}

/** Such policies are only taken with --enable-node-selector-labels, which gives nodes more labels. */
export function asksForNodes(policies: Policies): boolean {
  return [...ownPeers(policies), ...clusterPeers(policies)].some(({ kind }) => kind === 'nodes')
}

type IsKnown = (block: Cidr, names: readonly string[]) => boolean

/** Whether an address of a world has an identity of its own: a block of a policy holds it, or a name that one asks for resolves to it. */
export function knownBy(policies: Policies): (world: World) => IsKnown {
  const blocks = [
    ...networkBlocks(policies),
    ...clusterPeers(policies)
      .filter(peer => peer.kind === 'networks')
      .flatMap(({ cidrs }) => cidrs),
    ...ownBlocks(policies),
    ...policies.groups.flatMap(({ cidrs }) => cidrs),
  ]
  const narrow = (texts: readonly string[]): Cidr[] => parseCidrs(texts).filter(({ prefix }) => prefix > 0)
  const written = narrow(blocks)
  const patterns = [
    ...clusterPeers(policies)
      .filter(peer => peer.kind === 'names')
      .flatMap(({ names }) => names.map(namePattern)),
    ...ownPeers(policies)
      .filter(peer => peer.kind === 'name')
      .map(({ pattern }) => pattern),
  ]
  const matchers = patterns.map(nameMatcher)
  const services = ownPeers(policies).filter(peer => peer.kind === 'service' || peer.kind === 'services')
  return world => {
    const all = [...written, ...narrow(backendsOf(services, world))]
    return (block, names) => all.some(outer => contains(outer, block)) || names.some(name => matchers.some(matches => matches(name)))
  }
}

function networkBlocks({ network }: Policies): string[] {
  const peers = network.flatMap(({ written: { ingress, egress } }) => [...ingress, ...egress].flatMap(rule => rule.peers))
  return peers
    .map(({ ipBlock }) => ipBlock)
    .filter(block => block !== undefined)
    .flatMap(({ cidr, except }) => [cidr, ...except])
}

function clusterPeers({ cluster }: Policies): ClusterPeer[] {
  return cluster.flatMap(({ ingress, egress }) => [...ingress, ...egress].flatMap(({ peers }) => peers))
}

function ownPeers({ own }: Policies): CiliumPeer[] {
  return own.flatMap(({ specs }) => specs.flatMap(({ ingress, egress }) => [...ingress.rules, ...egress.rules].flatMap(({ peers }) => peers)))
}

function ownBlocks(policies: Policies): string[] {
  const peers = ownPeers(policies)
  const blocks = peers.filter(peer => peer.kind === 'block').flatMap(({ cidr, except }) => [cidr, ...except])
  const left = peers.filter(peer => peer.kind === 'group' || peer.kind === 'groups').flatMap(({ except }) => except)
  return [...blocks, ...left]
}

/** Of Services that someone else manages the endpoints of. */
function backendsOf(peers: readonly ServicePeer[], world: World): string[] {
  return peers
    .flatMap(peer => servicesOf(peer, world))
    .map(({ backends }) => backends)
    .filter(backends => 'addresses' in backends)
    .flatMap(({ addresses }) => addresses.map(blockOf))
    .filter(block => block !== undefined)
}
