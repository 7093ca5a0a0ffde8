import type { ReachPort } from '../coverage/reach.ts'
import type { LabelSelector } from '../discover/selector.ts'
import { namespaceNameLabel } from '../engines/labels.ts'
import type { Flow, FlowPort } from '../traffic/flow.ts'
import type { Peer } from '../values/peers.ts'

/** Who a flow lets through, in words. */
export function peerWords({ peers }: Flow): string[] {
  switch (peers.kind) {
    case 'any':
      return ['any']
    case 'nodes':
      return ['nodes']
    case 'namespace':
      return [`namespace ${peers.namespace}`]
    case 'cidrs':
      return [...peers.cidrs]
    case 'names':
      return [...peers.names]
    case 'apiserver':
      return peers.cidrs.length === 0 ? ['kube-apiserver'] : [...peers.cidrs]
    case 'listed':
      return peers.peers.map(({ peer }) => listed(peer))
  }
}

/** `9443/TCP (webhook)`, `1-65535/UDP`. */
export function portWords({ name, number, endPort, protocol }: FlowPort): string {
  const range = number === undefined ? name : endPort === undefined ? String(number) : `${number}-${endPort}`
  return `${range}/${protocol}${name === undefined || number === undefined ? '' : ` (${name})`}`
}

/** The same of a port as a rule of the user's lets it through. */
export function reachWords({ protocol, first, last }: ReachPort): string {
  const range = first === undefined ? 'by name' : last === undefined || last === first ? String(first) : `${first}-${last}`
  return `${range}/${protocol ?? 'any'}`
}

function listed({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  if (ipBlock !== undefined) return ipBlock.except.length === 0 ? ipBlock.cidr : `${ipBlock.cidr} but ${ipBlock.except.join(', ')}`
  const where = namespaceSelector === undefined ? 'the own namespace' : namespaces(namespaceSelector)
  const pods = podSelector === undefined ? '' : selector(podSelector)
  return pods === '' ? where : `pods ${pods} in ${where}`
}

function namespaces(labels: LabelSelector): string {
  const name = labels.matchLabels[namespaceNameLabel]
  if (name !== undefined && Object.keys(labels.matchLabels).length === 1 && labels.matchExpressions.length === 0) return `namespace ${name}`
  const text = selector(labels)
  return text === '' ? 'every namespace' : `namespaces ${text}`
}

function selector({ matchLabels, matchExpressions }: LabelSelector): string {
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values }) => `${key} ${operator}${values.length === 0 ? '' : ` (${values.join(', ')})`}`),
  ]
  return terms.join(', ')
}
