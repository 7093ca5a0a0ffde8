import { namespaceNameLabel } from '../engines/labels.ts'
import type { LabelSelector } from '../discover/selector.ts'
import type { Flow } from '../traffic/flow.ts'
import type { Peer } from '../values/peers.ts'
import type { Reach, Target } from './reach.ts'

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] }

/** What a planned flow lets through. `knowsApiserver`: the engine has a word for it. */
export function reachesOf(flow: Flow, { knowsApiserver }: { knowsApiserver: boolean }): Reach[] {
  const ports = flow.ports.map(({ protocol, number, endPort }) => ({ protocol, first: number, last: endPort ?? number }))
  const rule = { path: flow.where[0] ?? flow.row, flow }
  return targetsOf(flow.peers, knowsApiserver).map(target => ({ target, ports, allows: true, sure: true, rule }))
}

function targetsOf(peers: Flow['peers'], knowsApiserver: boolean): Target[] {
  switch (peers.kind) {
    case 'any':
      return [{ kind: 'anything' }]
    case 'nodes':
      return [{ kind: 'nodes' }]
    case 'namespace':
      return [{ kind: 'pods', namespaces: { matchLabels: { [namespaceNameLabel]: peers.namespace }, matchExpressions: [] }, pods: everything }]
    case 'cidrs':
      return peers.cidrs.map(block)
    case 'names':
      return peers.names.map(name => ({ kind: 'name', name }))
    // Addresses that the values give for it are its own, whether or not they can be told from others.
    case 'apiserver':
      return [
        ...(knowsApiserver || peers.cidrs.length > 0 ? [{ kind: 'apiserver' } as const] : []),
        ...peers.cidrs.map(cidr => ({ kind: 'block', cidr, except: [], apiserver: true }) as const),
      ]
    case 'listed':
      return peers.peers.map(({ peer }) => peerTarget(peer))
  }
}

function block(cidr: string): Target {
  return { kind: 'block', cidr, except: [] }
}

function peerTarget({ podSelector, namespaceSelector, ipBlock }: Peer): Target {
  if (ipBlock !== undefined) return { kind: 'block', cidr: ipBlock.cidr, except: ipBlock.except }
  return { kind: 'pods', namespaces: namespaceSelector ?? 'own', pods: podSelector ?? everything }
}
