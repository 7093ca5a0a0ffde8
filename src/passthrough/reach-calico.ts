import type { ReachPart, ReachPort, Target } from '../coverage/reach.ts'
import { namespaceNameLabel } from '../engines/labels.ts'
import type { LabelSelector } from '../discover/selector.ts'
import { isObject, itemsOf, objectAt, textOf } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import type { ReadRule } from './reach.ts'
import { readExpression } from './reach-selector.ts'
import type { ReadSelector } from './reach-selector.ts'

/** What a rule of Calico's NetworkPolicy lets through or denies. A Pass ends in the namespace's profile, which allows. */
export function readCalicoRule(rule: JsonObject): ReadRule[] {
  const action = textOf(rule['action'])
  if (action === 'Log') return []
  const destination = objectAt(rule, 'destination')
  const ports = portsOf(rule, destination)
  const conditions = ['notPorts', 'notSelector', 'serviceAccounts'].some(key => destination[key] !== undefined)
  const others = ['source', 'notProtocol', 'icmp', 'notICMP', 'http', 'ipVersion'].some(
    key => isObject(rule[key]) || (rule[key] !== undefined && key !== 'source'),
  )
  const sure = !conditions && !others && ports.sure
  return targetsOf(destination).map(part => ({ part: { ...part, sure: part.sure && sure }, ports: ports.list, allows: action !== 'Deny' }))
}

function portsOf(rule: JsonObject, destination: JsonObject): { list: readonly ReachPort[]; sure: boolean } {
  const written = rule['protocol']
  const protocol = toProtocol(written)
  const ports = itemsOf(destination['ports']).map(port => toPort(port, protocol))
  if (ports.length > 0) return { list: ports, sure: true }
  return written === undefined ? { list: [], sure: true } : { list: [{ protocol, first: 1, last: 65535 }], sure: protocol !== undefined }
}

const numbers: Readonly<Record<number, 'TCP' | 'UDP' | 'SCTP'>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' }

function toProtocol(json: Json | undefined): 'TCP' | 'UDP' | 'SCTP' | undefined {
  if (typeof json === 'number') return numbers[json]
  const text = textOf(json).toUpperCase()
  return text === 'TCP' || text === 'UDP' || text === 'SCTP' ? text : undefined
}

function toPort(json: Json, protocol: ReachPort['protocol']): ReachPort {
  const match = /^(\d+)(?::(\d+))?$/.exec(String(json))
  const first = match === null ? undefined : Number(match[1])
  return { protocol, first, last: match?.[2] === undefined ? first : Number(match[2]) }
}

function targetsOf(destination: JsonObject): ReachPart[] {
  const service = objectAt(destination, 'services')
  const name = textOf(service['name'])
  if (name !== '') return [sure({ kind: 'service', name, namespace: textOf(service['namespace']) || undefined })]
  const domains = itemsOf(destination['domains'])
  if (domains.length > 0) return domains.map(domain => sure({ kind: 'name', name: textOf(domain).toLowerCase() }))
  const except = itemsOf(destination['notNets']).map(textOf)
  const nets = itemsOf(destination['nets']).map(textOf)
  const pods = podsOf(destination)
  if (nets.length > 0) return nets.map(cidr => ({ target: { kind: 'block', cidr, except }, sure: pods === undefined }))
  if (pods !== undefined) return [{ ...pods, sure: pods.sure && except.length === 0 }]
  return [except.length === 0 ? sure({ kind: 'anything' }) : { target: { kind: 'anything' }, sure: false }]
}

function sure(target: Target): ReachPart {
  return { target, sure: true }
}

/** A selector without a namespaceSelector stays in the policy's own namespace. */
function podsOf(destination: JsonObject): ReachPart | undefined {
  const selector = destination['selector']
  const namespaces = destination['namespaceSelector']
  if (selector === undefined && namespaces === undefined) return undefined
  const pods = readExpression(textOf(selector))
  if (namespaces === undefined) return { target: { kind: 'pods', namespaces: 'own', pods: pods.selector }, sure: pods.sure }
  const read = byName(readExpression(textOf(namespaces)))
  return { target: { kind: 'pods', namespaces: read.selector, pods: pods.selector }, sure: pods.sure && read.sure }
}

/** Calico has a label of its own for a namespace's name, beside that of Kubernetes. */
function byName({ selector, sure: whole }: ReadSelector): ReadSelector {
  const matchExpressions = selector.matchExpressions.map(expression =>
    expression.key === 'projectcalico.org/name' ? { ...expression, key: namespaceNameLabel } : expression,
  )
  const respelled: LabelSelector = { ...selector, matchExpressions }
  return { selector: respelled, sure: whole }
}
