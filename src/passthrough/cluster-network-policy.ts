import { parseCidr } from '../net/cidr.ts'
import { isPortName } from '../values/peers.ts'
import type { Dialect } from './check.ts'
import { checkLabelSelector } from './labels.ts'
import type { Part } from './part.ts'
import type { Schemas } from './schema.ts'
import { readClusterNetworkPolicyRule } from './reach-cluster-network-policy.ts'
import schema from './schemas/clusterNetworkPolicy.json' with { type: 'json' }

const schemas: Schemas = schema

/** What is refused beyond the types of the CRD (network-policy-api v0.2.0): its CEL, and what the engines make of selectors and names. */
export const clusterNetworkPolicy: Dialect = {
  schemas,
  explain: () => undefined,
  check(rule, direction) {
    const peers = rule.at(direction === 'ingress' ? 'from' : 'to').items
    for (const peer of peers) checkPeer(peer, rule)
    checkProtocols(rule, peers)
  },
  readEgress: readClusterNetworkPolicyRule,
}

function checkPeer(peer: Part, rule: Part): void {
  // The CRD takes any selector, and the engines leave out the requirements that they cannot read, so that it selects more; apimachinery's LabelSelectorAsSelector refuses it.
  for (const selector of [peer.at('namespaces'), peer.at('nodes'), peer.at('pods', 'namespaceSelector'), peer.at('pods', 'podSelector')])
    checkLabelSelector(selector)
  for (const network of peer.at('networks').items) {
    // CEL isCIDR, which takes no IPv4 address written as an IPv6 one; Cilium's agent panics on others.
    if (network.text !== undefined && (parseCidr(network.text) === undefined || /^::ffff:/i.test(network.text)))
      network.problem(`is ${JSON.stringify(network.text)}, which is no CIDR such as 10.0.0.1/32 or fd00::/8`)
  }
  // Names are learnt from answers that are let through: cilium v1.20, pkg/k8s/cluster_network_policy.go.
  if (peer.has('domainNames') && rule.at('action').text !== 'Accept') peer.at('domainNames').problem('is for the action Accept only')
}

/** Peers that have no containers, and so no names for ports (CEL on the egress rule). */
const nameless = ['networks', 'nodes', 'domainNames'] as const

function checkProtocols(rule: Part, peers: readonly Part[]): void {
  const stranger = peers.flatMap(peer => nameless.filter(key => peer.has(key))).at(0)
  for (const protocol of rule.at('protocols').items) {
    const name = protocol.at('destinationNamedPort')
    // No container can have such a port; Calico's felix drops the whole policy.
    if (name.text !== undefined && !isPortName(name.text)) name.problem(`is ${JSON.stringify(name.text)}, which is no name of a port`)
    if (stranger !== undefined && name.present) name.problem(`stands beside ${stranger}, which has no named ports`)
    for (const key of ['tcp', 'udp', 'sctp']) checkRange(protocol.at(key, 'destinationPort', 'range'))
  }
}

function checkRange(range: Part): void {
  const start = range.at('start').number
  const end = range.at('end').number
  if (start !== undefined && end !== undefined && start >= end) range.problem(`goes from ${start} to ${end}; it must end above its start`)
}
