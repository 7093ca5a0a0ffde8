import type { Located } from '../values/fields.ts'
import type { Peer, PolicyPort } from '../values/peers.ts'
import { isObject, itemsOf } from '../yaml/json.ts'
import type { Flow, FlowPort } from './flow.ts'

/** The peers and ports of a NetworkPolicy rule; an absent or empty list means any. */
export function rulePeersAndPorts(
  rule: Located<unknown>,
  peers: readonly Peer[],
  ports: readonly PolicyPort[],
  key: 'from' | 'to',
): Pick<Flow, 'peers' | 'ports'> {
  const listed = peers.map((peer, index) => ({ peer, path: `${rule.path}.${key}[${index}]`, place: rule.place }))
  return {
    peers: peers.length === 0 ? { kind: 'any' } : { kind: 'listed', peers: listed, verbatim: itemsOf(rule.json[key]).filter(isObject) },
    ports: ports.map(toFlowPort),
  }
}

function toFlowPort({ protocol, port, endPort }: PolicyPort): FlowPort {
  if (port === undefined) return { name: undefined, number: 1, endPort: 65535, protocol }
  return typeof port === 'number' ? { name: undefined, number: port, endPort, protocol } : { name: port, number: undefined, endPort: undefined, protocol }
}
