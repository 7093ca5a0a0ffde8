import type { LabelSelector } from '../discover/selector.ts'
import type { Peer } from '../values/peers.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import type { Flow, FlowPort, ListedPeer } from '../traffic/flow.ts'
import { itemsOf, objectAt } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import { chunks } from './chunks.ts'
import type { Engine, Rule } from './contract.ts'
import { labelSelector, namespaceNameLabel } from './labels.ts'
import { metadata } from './metadata.ts'
import { defaultDeny, ownNamespace, policy } from './policy.ts'

const apiVersion = 'cilium.io/v2'
const kind = 'CiliumNetworkPolicy'

/** CiliumNetworkPolicy. Policies add up; a rule section, even an empty rule, turns on default deny for its direction. */
export const cilium = {
  apiVersion,
  kind,
  describe: 'CiliumNetworkPolicy, cilium.io/v2: knows the apiserver and nodes; FQDN egress by passthrough',
  clusterScoped: false,
  takesPeers: false,
  knowsApiserver: true,
  knowsNodes: true,
  knowsNames: true,
  blocksReachPods: false,
  addsUp: true,
  passthrough: true,
  precedence: null,
  allowlist(plan, { diagnose, openEgressRules }) {
    for (const key of selectorKeys(plan.selector)) {
      if (ignoredLabel.test(key)) diagnose('NP504', { workload: plan.workload.title, key }, plan.workload.place)
    }
    for (const peer of listedIn([...plan.ingress, ...(plan.egress ?? [])])) {
      tellLongKeys(peer, diagnose)
      tellOwnWords(peer, diagnose)
    }
    const ingress = plan.ingress.flatMap(toRules)
    const egress = plan.egress?.flatMap(toRules)
    return policy('allowlist', [...ingress, ...(egress ?? [])], {
      apiVersion,
      kind,
      metadata: metadata('allowlist', plan, false),
      spec: {
        endpointSelector: labelSelector(plan.selector),
        // The user's egress rules alone would lock egress, which was not asked for.
        ...(openEgressRules ? { enableDefaultDeny: { egress: false } } : {}),
        ingress: orNothing(ingress),
        ...(egress === undefined ? {} : { egress: orNothing(egress) }),
      },
    })
  },
  defaultDeny(plan) {
    return defaultDeny('every pod of the namespace is denied what no policy allows: an empty rule matches nothing, and turns default deny on', {
      apiVersion,
      kind,
      metadata: metadata('default-deny', plan, false),
      spec: { endpointSelector: {}, ingress: [{}], ...(plan.egress ? { egress: [{}] } : {}) },
    })
  },
  problems: () => [],
  namespaceOf: ownNamespace,
} satisfies Engine

/** An empty list is refused by the agent, though the API server takes it; one empty rule allows nothing. */
function orNothing(rules: readonly Rule[]): Json[] {
  return rules.length === 0 ? [{}] : rules.map(({ rule }) => rule)
}

/** One rule for each sort of peer: Cilium refuses to mix selectors, CIDRs and entities in one. */
function toRules(flow: Flow): Rule[] {
  const portLists = flow.ports.length === 0 ? [{}] : chunks(flow.ports, mostPorts).map(ports => toPorts(flow, ports))
  const rules = peerLists(flow).flatMap(peers => portLists.map(ports => ({ rule: { ...peers, ...ports }, reason: flow.reason, flow })))
  return flow.peers.kind === 'apiserver' ? [{ rule: apiserver(), reason: flow.reason, flow }, ...rules] : rules
}

/** By entity and without ports: whatever port it listens on, this address is the apiserver's. */
function apiserver(): JsonObject {
  return { toEntities: ['kube-apiserver'] }
}

/** CiliumNetworkPolicy CRD: spec.ingress.toPorts.ports, maxItems 40. */
const mostPorts = 40

function peerLists({ peers, direction, ports }: Flow): JsonObject[] {
  const side = direction === 'ingress' ? 'from' : 'to'
  switch (peers.kind) {
    case 'any':
      // Without ports an empty rule would allow nothing at all.
      return ports.length === 0 ? [{ [`${side}Entities`]: ['all'] }] : [{}]
    case 'nodes':
      return [{ [`${side}Entities`]: ['host', 'remote-node'] }]
    // Beside the entity, the addresses that the user adds (a load balancer in front of it).
    case 'apiserver':
    case 'cidrs':
      return peers.cidrs.length === 0 ? [] : [{ [`${side}CIDR`]: [...peers.cidrs] }]
    case 'names':
      return [{ toFQDNs: peers.names.map(name => (name.includes('*') ? { matchPattern: name } : { matchName: name })) }]
    case 'namespace':
      return [{ [`${side}Endpoints`]: [{ matchLabels: { [podNamespace]: peers.namespace } }] }]
    case 'listed':
      return listedPeers(
        peers.peers.map(({ peer }) => peer),
        side,
      )
  }
}

function listedPeers(peers: readonly Peer[], side: 'from' | 'to'): JsonObject[] {
  const blocks = peers.flatMap(({ ipBlock }) =>
    ipBlock === undefined ? [] : [{ cidr: ipBlock.cidr, ...(ipBlock.except.length === 0 ? {} : { except: [...ipBlock.except] }) }],
  )
  const endpoints = peers.filter(({ ipBlock }) => ipBlock === undefined).map(endpointSelector)
  return [...(endpoints.length === 0 ? [] : [{ [`${side}Endpoints`]: endpoints }]), ...(blocks.length === 0 ? [] : [{ [`${side}CIDRSet`]: blocks }])]
}

/** The label by which Cilium knows a pod's namespace. */
const podNamespace = 'k8s:io.kubernetes.pod.namespace'
/** Where Cilium keeps the labels of a pod's namespace. */
const namespaceLabels = 'k8s:io.cilium.k8s.namespace.labels.'

function endpointSelector({ podSelector, namespaceSelector }: Peer): JsonObject {
  const pods = podSelector ?? { matchLabels: {}, matchExpressions: [] }
  if (namespaceSelector === undefined) return labelSelector(pods, podKey)
  const namespaces = labelSelector(namespaceSelector, key => (key === namespaceNameLabel ? podNamespace : `${namespaceLabels}${key}`))
  return [labelSelector(pods, podKey), namespaces, ...(isMetByNone(namespaceSelector) ? [inAnyNamespace] : [])].reduce(both)
}

/** What is no pod (the world, a node) has no labels of a namespace, so it meets what only rules out. */
function isMetByNone({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.every(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist')
}

const inAnyNamespace: JsonObject = { matchExpressions: [{ key: podNamespace, operator: 'Exists' }] }

function listedIn(flows: readonly Flow[]): ListedPeer[] {
  return flows.flatMap(({ peers }) => (peers.kind === 'listed' ? peers.peers : []))
}

/** Cilium puts its own prefix before the key, and the whole must still be a label key (pkg/labels/validation.go, v1.20). */
function tellLongKeys({ peer, path, place }: ListedPeer, diagnose: Diagnose): void {
  if (peer.namespaceSelector === undefined) return
  for (const key of selectorKeys(peer.namespaceSelector)) {
    const longest = key.includes('/') ? 253 : 63
    if (bare(namespaceLabels).length + key.replace(/\/.*/, '').length <= longest) continue
    const why = 'with the prefix for labels of namespaces it is too long for a label key (kubernetes and calico can)'
    diagnose('NP500', { engine: kind, what: `the namespace label ${key} of ${path}`, why }, place)
  }
}

/** In a selector of pods Cilium would read such a key as its own, and look at the namespace. */
function tellOwnWords({ peer, path, place }: ListedPeer, diagnose: Diagnose): void {
  if (peer.podSelector === undefined) return
  for (const key of selectorKeys(peer.podSelector)) {
    if (key !== bare(podNamespace) && !key.startsWith(bare(namespaceLabels))) continue
    const why = 'it is what Cilium calls a label of the namespace, and no label of the pod (kubernetes and calico can)'
    diagnose('NP500', { engine: kind, what: `the pod label ${key} of ${path}`, why }, place)
  }
}

function bare(key: string): string {
  return key.slice(key.indexOf(':') + 1)
}

/** A key without a source prefix would match labels of any source; these are the pod's own (pkg/labels, v1.20). */
function podKey(key: string): string {
  return `k8s:${key}`
}

function both(one: JsonObject, other: JsonObject): JsonObject {
  const labels = { ...objectAt(one, 'matchLabels'), ...objectAt(other, 'matchLabels') }
  const expressions = [...itemsOf(one['matchExpressions']), ...itemsOf(other['matchExpressions'])]
  return {
    ...(Object.keys(labels).length === 0 ? {} : { matchLabels: labels }),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  }
}

function toPorts({ resolvesNames }: Flow, ports: readonly FlowPort[]): JsonObject {
  const list = ports.map(({ name, number, endPort, protocol }) => ({ port: name ?? String(number), ...(endPort === undefined ? {} : { endPort }), protocol }))
  // toFQDNs rules learn addresses from the DNS proxy, which only an L7 rule puts in the path.
  const rules = resolvesNames ? { rules: { dns: [{ matchPattern: '*' }] } } : {}
  return { toPorts: [{ ports: list, ...rules }] }
}

/** Keys that Cilium's default label filter keeps out of identities (pkg/labelsfilter, v1.20). */
const ignoredLabel =
  /^(io\.kubernetes|kubernetes\.io|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/job-completion-index|batch\.kubernetes\.io\/controller-uid|.*beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|annotation|controller-uid|etcd_node)/

function selectorKeys({ matchLabels, matchExpressions }: LabelSelector): string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)]
}
