import type { Peer, PolicyPort } from '../values/peers.ts'
import { isObject } from '../yaml/json.ts'
import type { Json } from '../yaml/tree.ts'
import type { Flow, FlowPort } from './flow.ts'

/** The peers and ports of a NetworkPolicy rule; an absent or empty list means any. */
export function rulePeersAndPorts(peers: readonly Peer[], verbatim: Json | undefined, ports: readonly PolicyPort[]): Pick<Flow, 'peers' | 'ports'> {
  return {
    peers: peers.length === 0 ? { kind: 'any' } : { kind: 'listed', peers, verbatim: Array.isArray(verbatim) ? verbatim.filter(isObject) : [] },
    ports: ports.map(toFlowPort),
  }
}

function toFlowPort({ protocol, port, endPort }: PolicyPort): FlowPort {
  if (port === undefined) return { name: undefined, number: 1, endPort: 65535, protocol }
  return typeof port === 'number' ? { name: undefined, number: port, endPort, protocol } : { name: port, number: undefined, endPort: undefined, protocol }
}
