import { contains } from '../../net/cidr.ts'
import { placeIn } from '../../resources/resource.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Compiled, Enforced, Implementation, Read } from '../contract.ts'
import { blocksOf, isAmong } from '../match.ts'
import { readNetworkSet } from '../policies/calico-network-set.ts'
import { readCalicoPolicy } from '../policies/calico-policy.ts'
import { readTier, tiers as builtIn } from '../policies/calico-tier.ts'
import { readClusterNetworkPolicy } from '../policies/cluster-network-policy.ts'
import { readNetworkPolicy } from '../policies/network-policy.ts'
import { readOf, refusedOf } from '../policies/refusals.ts'
import type { End, World } from '../world.ts'
import { Inventory } from './calico/inventory.ts'
import { placeCalicoPolicy, placeClusterNetworkPolicy, placeNetworkPolicy, remarksOn } from './calico/place.ts'
import { servicesOf } from './calico/services.ts'
import { toStages } from './calico/tiers.ts'

/**
 * Calico v3.34: tiers in their order, and in each the policies in theirs. What none decides is let through: every namespace has
 * a profile that allows all (NamespaceToProfile in libcalico-go/lib/backend/k8s/conversion/conversion.go).
 */
export const calico: Implementation = {
  describe: 'Calico 3.34: its own policies, tiers and network sets, NetworkPolicy and ClusterNetworkPolicy',
  enforces: policy => sortOf(policy) !== undefined,
  read,
}

const sorts = {
  NetworkPolicy: 'policy',
  GlobalNetworkPolicy: 'policy',
  Tier: 'tier',
  NetworkSet: 'set',
  GlobalNetworkSet: 'set',
  StagedNetworkPolicy: 'staged',
  StagedGlobalNetworkPolicy: 'staged',
  StagedKubernetesNetworkPolicy: 'staged',
} as const

type Sort = (typeof sorts)[keyof typeof sorts] | 'network policy' | 'cluster network policy'

function sortOf({ apiVersion, kind }: Resource): Sort | undefined {
  switch (apiVersion) {
    case 'networking.k8s.io/v1':
      return kind === 'NetworkPolicy' ? 'network policy' : undefined
    case 'policy.networking.k8s.io/v1alpha2':
      return kind === 'ClusterNetworkPolicy' ? 'cluster network policy' : undefined
    case 'projectcalico.org/v3':
    case 'crd.projectcalico.org/v1':
      return isSorted(kind) ? sorts[kind] : undefined
    default:
      return undefined
  }
}

function isSorted(kind: string): kind is keyof typeof sorts {
  return Object.hasOwn(sorts, kind)
}

function read(policies: readonly Resource[], namespace: string): Enforced {
  const those = (sort: Sort): Resource[] => policies.filter(policy => sortOf(policy) === sort)
  const sets = those('set').map(set => readNetworkSet(set, namespace))
  const given = those('tier').map(readTier)
  const tiers = new Map([...builtIn, ...readOf(given)].map(tier => [tier.name, tier]))
  const own = those('policy').map(policy => readCalicoPolicy(policy, namespace, new Set(tiers.keys())))
  const network = those('network policy').map(policy => readNetworkPolicy(policy, namespace))
  const cluster = those('cluster network policy').map(readClusterNetworkPolicy)
  const staged = those('staged').map(policy => ({ policy, problem: 'is staged: Calico reports on it, and enforces nothing', place: placeIn(policy) }))
  const compile: Enforced['compile'] = (world, among) => {
    const [inventory, behind] = [new Inventory(world, readOf(sets)), servicesOf(world)]
    const asked = <T extends { readonly policy: Resource }>(results: readonly Read<T>[]): T[] => readOf(results).filter(policy => isAmong(policy, among))
    return {
      stages: toStages(tiers, [
        ...asked(own).flatMap(policy => (policy.hostsOnly ? [] : placeCalicoPolicy(policy, inventory, behind))),
        ...asked(network).map(policy => placeNetworkPolicy(policy, inventory)),
        ...asked(cluster).map(policy => placeClusterNetworkPolicy(policy, inventory)),
      ]),
      passes: passesIn(world),
    }
  }
  return {
    compile,
    refused: [given, sets, own, network, cluster].flatMap(results => refusedOf(results)),
    remarks: [...readOf(own).flatMap(({ remarks }) => remarks), ...readOf(cluster).flatMap(remarksOn), ...staged],
  }
}

/** A pod cannot be kept from itself, nor from the processes of its node (felix/rules/static.go, felix/bpf-gpl/tc.c). */
function passesIn(world: World): Compiled['passes'] {
  const addresses = world.nodes.filter(({ local }) => local).flatMap(blocksOf)
  const isNode = (end: End): boolean => {
    if (end.kind === 'pod') return false
    return end.kind === 'node' ? end.local : blocksOf(end).some(block => addresses.some(address => contains(address, block)))
  }
  return ({ from, to }) => (from === to ? 'a pod always reaches itself' : isNode(from) ? 'a node always reaches its own pods' : undefined)
}
