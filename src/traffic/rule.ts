import type { Located } from '../values/fields.ts'
import type { Peer, PolicyPort } from '../values/peers.ts'
import type { Settings } from '../values/schema.ts'
import { isObject, itemsOf } from '../yaml/json.ts'
import type { Flow, FlowPort } from './flow.ts'

/** A NetworkPolicyIngressRule of the user's, as a flow that keeps its own words. */
export function ingressRuleFlow(rule: Settings['additionalIngress'][number]): Flow {
  return { row: 'additionalIngress', direction: 'ingress', ...ruleFlow(rule, rule.value.from, rule.value.ports, 'from') }
}

/** A NetworkPolicyEgressRule of the user's, as a flow that keeps its own words. */
export function egressRuleFlow(rule: Settings['egress']['to'][number]): Flow {
  return { row: 'to', direction: 'egress', ...ruleFlow(rule, rule.value.to, rule.value.ports, 'to') }
}

/** An absent or empty list means any. */
function ruleFlow(rule: Located<unknown>, peers: readonly Peer[], ports: readonly PolicyPort[], key: 'from' | 'to'): Omit<Flow, 'row' | 'direction'> {
  const listed = peers.map((peer, index) => ({ peer, path: `${rule.path}.${key}[${index}]`, place: rule.place }))
  return {
    peers: peers.length === 0 ? { kind: 'any' } : { kind: 'listed', peers: listed, verbatim: itemsOf(rule.json[key]).filter(isObject) },
    ports: ports.map(toFlowPort),
    reason: `from ${rule.path}`,
    resolvesNames: false,
    where: [rule.path],
    verbatim: rule.json,
    place: rule.place,
  }
}

function toFlowPort({ protocol, port, endPort }: PolicyPort): FlowPort {
  if (port === undefined) return { name: undefined, number: 1, endPort: 65535, protocol }
  return typeof port === 'number' ? { name: undefined, number: port, endPort, protocol } : { name: port, number: undefined, endPort: undefined, protocol }
}
