import type { ReachPart, ReachPort, Target } from '../coverage/reach.ts'
import type { LabelSelector } from '../discover/selector.ts'
import { isObject, itemsOf, objectAt, textOf } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import type { ReadRule } from './reach.ts'
import { readSelector } from './reach-selector.ts'

/** What an egress rule of ClusterNetworkPolicy lets through or denies. What passes the Baseline tier is allowed. */
export function readClusterNetworkPolicyRule(rule: JsonObject): ReadRule[] {
  const ports = itemsOf(rule['protocols']).flatMap(toPort)
  return itemsOf(rule['to'])
    .flatMap(toParts)
    .map(part => ({ part, ports, allows: rule['action'] !== 'Deny' }))
}

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] }

function toParts(peer: Json): ReachPart[] {
  if (!isObject(peer)) return []
  if (isObject(peer['namespaces'])) {
    const { selector, sure } = readSelector(peer['namespaces'])
    return [{ target: { kind: 'pods', namespaces: selector, pods: everything }, sure }]
  }
  if (isObject(peer['pods'])) {
    const namespaces = readSelector(objectAt(peer['pods'], 'namespaceSelector'))
    const pods = readSelector(objectAt(peer['pods'], 'podSelector'))
    return [{ target: { kind: 'pods', namespaces: namespaces.selector, pods: pods.selector }, sure: namespaces.sure && pods.sure }]
  }
  const nets = itemsOf(peer['networks']).map((cidr): Target => ({ kind: 'block', cidr: textOf(cidr), except: [] }))
  const names = itemsOf(peer['domainNames']).map((name): Target => ({ kind: 'name', name: textOf(name).toLowerCase() }))
  const known = [...nets, ...names].map(target => ({ target, sure: true }))
  return known.length > 0 ? known : [{ target: { kind: 'unread' }, sure: false }]
}

function toPort(protocol: Json): ReachPort[] {
  if (!isObject(protocol)) return []
  if (protocol['destinationNamedPort'] !== undefined) return [{ protocol: undefined, first: undefined, last: undefined }]
  return (['TCP', 'UDP', 'SCTP'] as const).flatMap(name => {
    const part = protocol[name.toLowerCase()]
    if (!isObject(part)) return []
    const port = objectAt(part, 'destinationPort')
    const range = objectAt(port, 'range')
    const [first, last] = [port['number'] ?? range['start'], port['number'] ?? range['end']]
    return typeof first === 'number' && typeof last === 'number' ? [{ protocol: name, first, last }] : [{ protocol: name, first: 1, last: 65535 }]
  })
}
