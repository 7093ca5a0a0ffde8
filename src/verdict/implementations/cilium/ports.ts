import type { Protocol } from '../../../discover/workload.ts'
import type { PolicyPort } from '../../../values/peers.ts'
import type { Direction } from '../../contract.ts'
import { everyProtocol } from '../../policies/cilium-rule.ts'
import type { CiliumPort } from '../../policies/cilium-rule.ts'
import type { ClusterPort } from '../../policies/cluster-network-policy.ts'
import type { End, Flow } from '../../world.ts'

/** keysForRange and toMapState in pkg/policy/l4.go. */
export function matchesPort({ port, end, protocols }: CiliumPort, flow: Flow, direction: Direction): boolean {
  if (!protocols.includes(flow.protocol)) return false
  if (port === 0) return true
  if (typeof port === 'number') return port <= flow.port && flow.port <= Math.max(port, end)
  const named = namedPort(flow.to, port, flow.protocol)
  // On egress a name is one port, whatever the end.
  return named !== undefined && named <= flow.port && flow.port <= (direction === 'ingress' ? Math.max(named, end) : named)
}

/** Of ports with one name, whatever their protocol, Cilium keeps the last (AddPort in pkg/types/portmap.go). */
function namedPort(to: End, name: string, protocol: Protocol): number | undefined {
  if (to.kind !== 'pod') return undefined
  const port = to.ports.findLast(own => own.name?.toLowerCase() === name)
  return port?.protocol === protocol ? port.port : undefined
}

export function toCiliumPort({ protocol, port, endPort }: PolicyPort): CiliumPort {
  return { port: port ?? 0, end: endPort ?? 0, protocols: [protocol], proxy: undefined }
}

export function clusterPort(port: ClusterPort): CiliumPort {
  if (port.kind === 'name') return named(port.name, undefined)
  return { port: port.first, end: port.last, protocols: [port.protocol], proxy: undefined }
}

/** Whatever its protocol. */
export function named(name: string, proxy: CiliumPort['proxy']): CiliumPort {
  return { port: name, end: 0, protocols: everyProtocol, proxy }
}
