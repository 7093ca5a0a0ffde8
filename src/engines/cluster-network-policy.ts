import type { LabelSelector } from '../discover/selector.ts'
import { onPort } from '../traffic/flow.ts'
import type { Flow, FlowPort, ListedPeer } from '../traffic/flow.ts'
import type { Allowlist } from '../traffic/plan.ts'
import { isObject, itemsOf, objectAt, textOf } from '../yaml/json.ts'
import { textAt } from '../yaml/tree.ts'
import type { JsonObject } from '../yaml/tree.ts'
import { chunks } from './chunks.ts'
import type { Context, Engine, Problem, Rule } from './contract.ts'
import { labelSelector, namespaceNamed, namespaceNameLabel } from './labels.ts'
import { metadata } from './metadata.ts'
import { defaultDeny, policy } from './policy.ts'

const apiVersion = 'policy.networking.k8s.io/v1alpha2'
const kind = 'ClusterNetworkPolicy'

/**
 * ClusterNetworkPolicy of SIG Network, tier Baseline, so that a developer's NetworkPolicy still wins.
 * Its rules accept, deny or pass in order; what none matches is not denied.
 */
export const clusterNetworkPolicy = {
  apiVersion,
  kind,
  describe: 'ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2: alpha, cluster-scoped, Baseline tier',
  clusterScoped: true,
  takesPeers: false,
  knowsApiserver: false,
  knowsNodes: false,
  knowsNames: false,
  blocksReachPods: true,
  addsUp: false,
  passthrough: true,
  precedence: {
    key: 'priority',
    absent: 900,
    min: 0,
    max: 1000,
    integer: true,
    describe: 'spec.priority of the allowlist, 0 to 1000; the lower is evaluated first within the tier',
  },
  allowlist(plan, context) {
    context.diagnose('NP502', {})
    const ingress = unique(plan.ingress.flatMap(flow => toRules(flow, plan, context)))
    const egress = plan.egress && unique(plan.egress.flatMap(flow => toRules(flow, plan, context)))
    const ends = { ingress: deny('ingress'), egress: deny('egress') }
    const rules = [...ingress, ...(egress ?? []), ends.ingress, ends.egress]
    const manifest = {
      apiVersion,
      kind,
      metadata: metadata('allowlist', plan, true),
      spec: {
        tier: 'Baseline',
        ...priority(context, 'allowlist'),
        subject: { pods: podsOf(plan.namespace ?? '', plan.selector) },
        ingress: [...ingress, ends.ingress].map(({ rule }) => rule),
        ...(egress === undefined ? {} : { egress: [...egress, ends.egress].map(({ rule }) => rule) }),
      },
    }
    // The user's rules go before the one that ends the list.
    return { ...policy('allowlist', rules, manifest), insertAt: { ingress: `/spec/ingress/${ingress.length}`, egress: `/spec/egress/${egress?.length ?? 0}` } }
  },
  defaultDeny(plan, context) {
    return defaultDeny('every pod of the namespace is denied what no policy before it accepts', {
      apiVersion,
      kind,
      metadata: metadata('default-deny', plan, true),
      spec: {
        tier: 'Baseline',
        ...priority(context, 'defaultDeny'),
        subject: { namespaces: labelSelector(namespaceNamed(plan.namespace ?? '')) },
        ingress: [deny('ingress').rule],
        ...(plan.egress ? { egress: [deny('egress').rule] } : {}),
      },
    })
  },
  problems,
  namespaceOf: ({ tree }) =>
    textAt(tree, 'spec', 'subject', 'pods', 'namespaceSelector', 'matchLabels', namespaceNameLabel) ??
    textAt(tree, 'spec', 'subject', 'namespaces', 'matchLabels', namespaceNameLabel),
} satisfies Engine

const anyPod: JsonObject = { namespaces: {} }
/** A selector of pods leaves out what is no pod. */
const anyAddress: JsonObject = { networks: ['0.0.0.0/0', '::/0'] }

/** Accept rules alone lock nothing: this one ends the list. */
function deny(direction: 'ingress' | 'egress'): Rule {
  const peers = direction === 'ingress' ? { from: [anyPod] } : { to: [anyPod, anyAddress] }
  return { rule: { name: 'deny-the-rest', action: 'Deny', ...peers }, reason: 'everything else is denied' }
}

function priority({ precedence }: Context, role: 'allowlist' | 'defaultDeny'): JsonObject {
  return precedence === undefined ? {} : { priority: precedence[role] }
}

function podsOf(namespace: string, selector: LabelSelector): JsonObject {
  return { namespaceSelector: labelSelector(namespaceNamed(namespace)), podSelector: labelSelector(selector) }
}

function toRules(flow: Flow, plan: Allowlist, context: Context): Rule[] {
  const peers = toPeers(flow, plan, context)
  const side = flow.direction === 'ingress' ? 'from' : 'to'
  const known = portsOf(flow, plan, context)
  const portLists = flow.ports.length === 0 ? [{}] : chunks(known, mostItems).map(ports => ({ protocols: ports.map(toProtocol) }))
  return chunks(peers, mostItems).flatMap(list =>
    portLists.map(ports => ({ rule: { name: flow.row, action: 'Accept', [side]: list, ...ports }, reason: flow.reason, flow })),
  )
}

/** A user's port name goes by its number where it is the workload's own; of other pods it is refused: names stand for every protocol here. */
function portsOf({ ports, direction, where, place }: Flow, { workload }: Allowlist, { diagnose }: Context): FlowPort[] {
  return ports.flatMap(port => {
    const { name, number, protocol } = port
    if (number !== undefined) return [port]
    if (direction === 'ingress') {
      // A name that no container has, or has for another protocol, matches nothing.
      const own = workload.ports.find(candidate => candidate.name === name && candidate.protocol === protocol)
      return own === undefined ? [] : [onPort(own.number, protocol)]
    }
    const why = 'its named ports are of every protocol, and of pods alone (kubernetes, cilium and calico can)'
    diagnose('NP500', { engine: kind, what: `the port name ${name} of ${where.join()}`, why }, place)
    return []
  })
}

function toPeers(flow: Flow, plan: Allowlist, context: Context): JsonObject[] {
  const { peers, direction } = flow
  switch (peers.kind) {
    case 'any':
      return direction === 'ingress' ? [anyPod] : [anyPod, anyAddress]
    // Ingress peers are pods only, so what comes from a node is never denied and probes need no rule.
    case 'nodes':
    // Told before: no rule is made of them.
    case 'names':
      return []
    case 'apiserver':
    case 'cidrs':
      return chunks(peers.cidrs, mostItems).map(networks => ({ networks }))
    case 'namespace':
      return [{ namespaces: labelSelector(namespaceNamed(peers.namespace)) }]
    case 'listed':
      return peers.peers.flatMap(peer => listedPeer(peer, direction, plan, context))
  }
}

function listedPeer({ peer, path, place }: ListedPeer, direction: Flow['direction'], plan: Allowlist, { diagnose }: Context): JsonObject[] {
  const { podSelector, namespaceSelector, ipBlock } = peer
  if (ipBlock !== undefined) {
    if (direction === 'egress' && ipBlock.except.length === 0) return [{ networks: [ipBlock.cidr] }]
    const why = direction === 'ingress' ? 'its ingress peers are pods and namespaces only' : 'its networks have no exceptions'
    diagnose('NP500', { engine: kind, what: `the ipBlock ${ipBlock.cidr} of ${path}`, why: `${why} (kubernetes, cilium and calico can)` }, place)
    return []
  }
  const namespaces = namespaceSelector ?? namespaceNamed(plan.namespace ?? '')
  // `namespaces` alone, with nothing but NotIn or DoesNotExist, matches what is no pod as well on Cilium 1.20.
  return [{ pods: { namespaceSelector: labelSelector(namespaces), podSelector: podSelector === undefined ? {} : labelSelector(podSelector) } }]
}

function toProtocol({ name, number, endPort, protocol }: FlowPort): JsonObject {
  if (name !== undefined) return { destinationNamedPort: name }
  const destinationPort: JsonObject = endPort === undefined || endPort === number ? { number: number ?? 0 } : { range: { start: number ?? 0, end: endPort } }
  return { [protocol.toLowerCase()]: { destinationPort } }
}

/** Rule names must differ within a list. */
function unique(rules: readonly Rule[]): Rule[] {
  const seen = new Map<string, number>()
  return rules.map(({ rule, ...why }) => {
    const name = textOf(rule['name'])
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return { rule: { ...rule, name: count === 1 ? name : `${name}-${count}` }, ...why }
  })
}

/** network-policy-api v0.2.0, ClusterNetworkPolicy CRD. The lists of our rules are cut to it, and those of the user's are held against the schema. */
const mostItems = 25

function problems(manifest: JsonObject): Problem[] {
  const spec = objectAt(manifest, 'spec')
  return (['ingress', 'egress'] as const).flatMap(direction => {
    const rules = itemsOf(spec[direction]).filter(isObject)
    const many =
      rules.length > mostItems
        ? [{ text: `spec.${direction} has ${rules.length} rules, and the API takes ${mostItems} (the last is the deny that locks)` }]
        : []
    return [...many, ...repeatedNames(rules, direction)]
  })
}

function repeatedNames(rules: readonly JsonObject[], direction: string): Problem[] {
  const names = rules.map(rule => textOf(rule['name']))
  return rules.flatMap((rule, index) => {
    const name = textOf(rule['name'])
    return name !== '' && names.indexOf(name) !== index ? [{ text: `spec.${direction} has more than one rule named ${name}, and names must differ`, rule }] : []
  })
}
