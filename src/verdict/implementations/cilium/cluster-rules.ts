import type { CiliumProxy } from '../../policies/cilium-rule.ts'
import type { ClusterNetworkPolicy, ClusterPeer, ClusterRule, PodsPeer } from '../../policies/cluster-network-policy.ts'
import type { Identity } from './identity.ts'
import { blockSelector, nameSelector } from './peers.ts'
import { clusterPort, named } from './ports.ts'
import { meetsAll, namespaceRequirements, podRequirements, podsOfCluster } from './scope.ts'
import { equals, exists, labelSelector, requirementsOf, withSource } from './select.ts'
import type { Requirement, Selector } from './select.ts'
import type { Part } from './stage.ts'

/** A ClusterNetworkPolicy as Cilium translates it: ParseClusterNetworkPolicy in pkg/k8s/cluster_network_policy.go. */
export function clusterSubject({ subject }: ClusterNetworkPolicy): (identity: Identity) => boolean {
  return meetsAll(requirementsOfPods(subject))
}

export function clusterParts({ peers, ports: given }: ClusterRule): Part[] {
  const ports = given.length === 0 ? undefined : given.map(clusterPort)
  const parts = peers.map(peer => ({ selectors: toSelectors(peer), ports }))
  // So that the names can be asked for.
  return peers.some(({ kind }) => kind === 'names') ? [...parts, dns] : parts
}

const dnsProxy: CiliumProxy = { parser: 'dns', by: 'DNS rules', serverNames: false, listener: undefined, terminatingTLS: undefined, originatingTLS: undefined }
const dns: Part = { selectors: [labelSelector([equals('any', 'k8s-app', 'kube-dns')])], ports: [named('dns', dnsProxy), named('dns-tcp', dnsProxy)] }

function toSelectors(peer: ClusterPeer): readonly Selector[] {
  switch (peer.kind) {
    case 'pods':
      // Namespaces alone are not kept to the cluster: what they leave out, they leave out of everything there is.
      return [(peer.pods === undefined ? labelSelector : podsOfCluster)(requirementsOfPods(peer))]
    case 'nodes': {
      const requirements = requirementsOf(peer.nodes, withSource('node'))
      return ['host', 'remote-node'].map(kind => podsOfCluster([...requirements, exists('reserved', kind)]))
    }
    case 'networks':
      return peer.cidrs.map(cidr => blockSelector(cidr))
    case 'names':
      return peer.names.map(name => nameSelector(namePattern(name)))
  }
}

/** One star stands for any number of labels there, which takes two of Cilium's. */
export function namePattern(name: string): string {
  return name.startsWith('*') ? `*${name}` : name
}

function requirementsOfPods({ namespaces, pods }: PodsPeer): Requirement[] {
  const everyNamespace = { matchLabels: {}, matchExpressions: [] }
  return [...(pods === undefined ? [] : podRequirements(pods)), ...namespaceRequirements(namespaces ?? everyNamespace)]
}
