import { BlockList, isIPv6 } from 'node:net'
import type { Flow, JudgeName, LabelSelector, Labels, Peer, Pod, PolicyPort, World } from './model.ts'

export function selects(selector: LabelSelector, labels: Labels): boolean {
  const wanted = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  return (
    wanted &&
    (selector.matchExpressions ?? []).every(term => {
      const value = labels[term.key]
      switch (term.operator) {
        case 'In':
          return value !== undefined && (term.values ?? []).includes(value)
        case 'NotIn':
          return value === undefined || !(term.values ?? []).includes(value)
        case 'Exists':
          return value !== undefined
        case 'DoesNotExist':
          return value === undefined
      }
    })
  )
}

export function inCIDR(ip: string, cidr: string): boolean {
  const [net = '', bits = ''] = cidr.split('/')
  if (isIPv6(ip) !== isIPv6(net)) return false
  const family = isIPv6(net) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(net, Number(bits), family)
  return list.check(ip, family)
}

const isNodeAddress = (world: World, ip: string): boolean => world.ends.some(end => end.kind === 'node' && end.ip === ip)

/** The address under which one end sees the other: of the family that both have. */
export function seenAs(end: Flow['from'], other: Flow['from']): string {
  if (end.kind !== 'pod' || end.ip6 === undefined) return end.ip
  return isIPv6(other.ip) ? end.ip6 : end.ip
}

/** Whether a NetworkPolicyPeer is that end. Cilium's CIDRs never select pods or nodes; Calico's look at the address alone. */
export function isPeer(peer: Peer, end: Flow['from'], other: Flow['from'], policyNamespace: string, world: World, judge: JudgeName): boolean {
  if (peer.ipBlock !== undefined) {
    const ip = seenAs(end, other)
    if (judge === 'cilium' && (end.kind === 'pod' || isNodeAddress(world, ip))) return false
    return inCIDR(ip, peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some(cidr => inCIDR(ip, cidr))
  }
  if (end.kind !== 'pod') return false
  const inNamespace = peer.namespaceSelector === undefined ? end.namespace === policyNamespace : selects(peer.namespaceSelector, namespaceLabels(world, end.namespace))
  return inNamespace && selects(peer.podSelector ?? {}, end.labels)
}

export const namespaceLabels = (world: World, namespace: string): Labels => ({ 'kubernetes.io/metadata.name': namespace, ...world.namespaceLabels[namespace] })

/** Whether a NetworkPolicyPort list has the flow's port; an empty list has every one. */
export function hasPort(ports: readonly PolicyPort[] | undefined, flow: Flow): boolean {
  if (ports === undefined || ports.length === 0) return true
  return ports.some(entry => {
    if ((entry.protocol ?? 'TCP') !== flow.protocol) return false
    if (entry.port === undefined) return true
    if (typeof entry.port === 'string') return flow.to.kind === 'pod' && isNamed(flow.to, entry.port, flow)
    return flow.port >= entry.port && flow.port <= (entry.endPort ?? entry.port)
  })
}

const isNamed = (pod: Pod, name: string, flow: Flow): boolean => pod.ports.some(port => port.name === name && port.port === flow.port && port.protocol === flow.protocol)
