import type { ReachPart, ReachPort, Target } from '../coverage/reach.ts'
import { namespaceNameLabel } from '../engines/labels.ts'
import type { LabelSelector } from '../discover/selector.ts'
import { itemsOf, isObject, objectAt, textOf } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import type { ReadRule } from './reach.ts'
import { readSelector } from './reach-selector.ts'

/** What a CiliumNetworkPolicy egress rule lets through. A rule without peers and ports matches nothing. */
export function readCiliumRule(rule: JsonObject): ReadRule[] {
  const lists = peerKeys.filter(({ key }) => itemsOf(rule[key]).length > 0)
  const portLists = itemsOf(rule['toPorts']).filter(isObject)
  const ports = portLists.flatMap(({ ports: list }) => itemsOf(list).filter(isObject).map(toPort))
  const sure = itemsOf(rule['icmps']).length === 0 && itemsOf(rule['toRequires']).length === 0 && !portLists.some(hasL7Rules)
  const readsDns = portLists.some(list => itemsOf(objectAt(list, 'rules')['dns']).length > 0)
  // A port list without ports opens every one.
  const open = portLists.some(({ ports: list }) => itemsOf(list).length === 0) ? [] : ports
  if (lists.length === 0) return portLists.length === 0 ? [] : [{ part: { target: { kind: 'anything' }, sure }, ports: open, allows: true, readsDns }]
  return lists.flatMap(({ key, read }) =>
    itemsOf(rule[key])
      .flatMap(read)
      .map(part => ({ part: { ...part, sure: part.sure && sure }, ports: open, allows: true, readsDns })),
  )
}

const peerKeys: readonly { key: string; read: (peer: Json) => readonly ReachPart[] }[] = [
  { key: 'toEndpoints', read: peer => (isObject(peer) ? [toPods(peer)] : []) },
  { key: 'toCIDR', read: peer => [block(textOf(peer), [])] },
  { key: 'toCIDRSet', read: peer => (isObject(peer) ? [toBlock(peer)] : []) },
  { key: 'toEntities', read: peer => entities[textOf(peer)] ?? [unread] },
  {
    key: 'toFQDNs',
    read: peer =>
      isObject(peer) ? [sure({ kind: 'name', name: (textOf(peer['matchName']) || textOf(peer['matchPattern'])).toLowerCase().replace(/\.$/, '') })] : [],
  },
  { key: 'toServices', read: peer => (isObject(peer) ? [toService(peer)] : []) },
  { key: 'toGroups', read: () => [unread] },
  { key: 'toNodes', read: () => [unread] },
]

function sure(target: Target): ReachPart {
  return { target, sure: true }
}

const unread: ReachPart = { target: { kind: 'unread' }, sure: false }
const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] }
const anyPod = sure({ kind: 'pods', namespaces: everything, pods: everything })

/** cilium v1.20, pkg/policy/api/entity.go. */
const entities: Readonly<Record<string, readonly ReachPart[]>> = {
  all: [sure({ kind: 'anything' })],
  world: [sure({ kind: 'outside' })],
  'world-ipv4': [sure({ kind: 'outside' })],
  cluster: [anyPod, sure({ kind: 'nodes' }), sure({ kind: 'apiserver' })],
  // Beside the pod's own node, which is host.
  'remote-node': [sure({ kind: 'nodes' })],
  host: [],
  init: [],
  health: [],
  ingress: [],
  unmanaged: [unread],
  'kube-apiserver': [sure({ kind: 'apiserver' })],
  none: [],
}

function block(cidr: string, except: readonly string[]): ReachPart {
  return sure({ kind: 'block', cidr, except })
}

function toBlock(peer: JsonObject): ReachPart {
  const cidr = textOf(peer['cidr'])
  return cidr === '' ? unread : block(cidr, itemsOf(peer['except']).map(textOf))
}

function toService(peer: JsonObject): ReachPart {
  const service = objectAt(peer, 'k8sService')
  const name = textOf(service['serviceName'])
  return name === '' ? unread : sure({ kind: 'service', name, namespace: textOf(service['namespace']) || undefined })
}

/** Where Cilium keeps a namespace's name and labels (pkg/k8s/apis/cilium.io/const.go). */
const podNamespace = 'io.kubernetes.pod.namespace'
const namespaceLabels = 'io.cilium.k8s.namespace.labels.'

function toPods(peer: JsonObject): ReachPart {
  const { selector, sure: whole } = readSelector(peer, key => key.replace(/^(k8s|any):/, '').replace(/^(k8s|any)\./, ''))
  const about = (wanted: boolean): LabelSelector => ({
    matchLabels: Object.fromEntries(
      Object.entries(selector.matchLabels)
        .filter(([key]) => isNamespaceKey(key) === wanted)
        .map(([key, value]) => [namespaceKey(key), value]),
    ),
    matchExpressions: selector.matchExpressions
      .filter(({ key }) => isNamespaceKey(key) === wanted)
      .map(expression => ({ ...expression, key: namespaceKey(expression.key) })),
  })
  const namespaces = about(true)
  const named = Object.keys(namespaces.matchLabels).length > 0 || namespaces.matchExpressions.length > 0
  return { target: { kind: 'pods', namespaces: named ? namespaces : 'own', pods: about(false) }, sure: whole }
}

function isNamespaceKey(key: string): boolean {
  return key === podNamespace || key.startsWith(namespaceLabels)
}

function namespaceKey(key: string): string {
  return key === podNamespace ? namespaceNameLabel : key.startsWith(namespaceLabels) ? key.slice(namespaceLabels.length) : key
}

function toPort(port: JsonObject): ReachPort {
  const text = String(port['port'] ?? '')
  const protocol = textOf(port['protocol']).toUpperCase()
  const known = protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP' ? protocol : undefined
  const first = /^\d+$/.test(text) ? Number(text) : undefined
  const end = port['endPort']
  // Port 0 stands for all of them.
  if (first === 0) return { protocol: known, first: 1, last: 65535 }
  return { protocol: known, first, last: typeof end === 'number' && end > 0 ? end : first }
}

/** Names to resolve are not read here: only some may be allowed. Other content is not what a need is about. */
function hasL7Rules(list: JsonObject): boolean {
  const rules = objectAt(list, 'rules')
  return (
    itemsOf(rules['dns']).some(rule => !isObject(rule) || rule['matchPattern'] !== '*') ||
    itemsOf(rules['http']).length > 0 ||
    itemsOf(rules['kafka']).length > 0
  )
}
