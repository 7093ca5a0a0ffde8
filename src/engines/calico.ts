import type { LabelSelector } from '../discover/selector.ts'
import { canonical, parseCidr } from '../net/cidr.ts'
import type { Flow, FlowPort } from '../traffic/flow.ts'
import type { Peer } from '../values/peers.ts'
import { isObject, itemsOf, objectAt, textOf } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import { chunks } from './chunks.ts'
import type { Context, Engine, Problem, Rule } from './contract.ts'
import { metadata } from './metadata.ts'
import { defaultDeny, ownNamespace, policy } from './policy.ts'

const apiVersion = 'projectcalico.org/v3'
const kind = 'NetworkPolicy'

/** Calico's NetworkPolicy, in the default tier. What no policy that selects a pod allows is dropped at the end of the tier. */
export const calico = {
  apiVersion,
  kind,
  describe: 'NetworkPolicy, projectcalico.org/v3: knows the apiserver by its Service; FQDN only in Calico Enterprise',
  clusterScoped: false,
  takesPeers: false,
  knowsApiserver: true,
  knowsNodes: false,
  knowsNames: false,
  blocksReachPods: true,
  addsUp: true,
  passthrough: true,
  precedence: {
    key: 'order',
    absent: 1000,
    min: -Infinity,
    max: Infinity,
    integer: false,
    describe: 'spec.order of the allowlist; the lower is evaluated first, and one without an order last of all',
  },
  allowlist(plan, context) {
    const ingress = plan.ingress.flatMap(toRules)
    const egress = plan.egress?.flatMap(toRules)
    return policy('allowlist', [...ingress, ...(egress ?? [])], {
      apiVersion,
      kind,
      metadata: metadata('allowlist', plan, false),
      spec: {
        ...order(context, 'allowlist'),
        selector: selectorExpression(plan.selector),
        types: egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'],
        ...(ingress.length === 0 ? {} : { ingress: ingress.map(({ rule }) => rule) }),
        ...(egress === undefined ? {} : { egress: egress.map(({ rule }) => rule) }),
      },
    })
  },
  // Types without rules: the tier's end denies, after every policy that allows; a Deny rule would overrule orderless ones.
  defaultDeny(plan, context) {
    return defaultDeny('every pod of the namespace is denied what no policy allows: the types are listed, and there are no rules', {
      apiVersion,
      kind,
      metadata: metadata('default-deny', plan, false),
      spec: { ...order(context, 'defaultDeny'), selector: 'all()', types: plan.egress ? ['Ingress', 'Egress'] : ['Ingress'] },
    })
  },
  problems(manifest) {
    const { length } = textOf(objectAt(manifest, 'spec')['selector'])
    const own = length > longestSelector ? [{ text: `spec.selector has ${length} characters, and the API takes ${longestSelector}` }] : []
    return [...own, ...(['ingress', 'egress'] as const).flatMap(direction => ruleProblems(manifest, direction))]
  },
  namespaceOf: ownNamespace,
} satisfies Engine

/** What a rule of the user's peers can exceed; `nets` are cut. */
function ruleProblems(manifest: JsonObject, direction: 'ingress' | 'egress'): Problem[] {
  return itemsOf(objectAt(manifest, 'spec')[direction])
    .filter(isObject)
    .flatMap((rule, index) =>
      ['source', 'destination'].flatMap(side => {
        const where = `spec.${direction}[${index}].${side}`
        const part = objectAt(rule, side)
        const selectors = ['selector', 'namespaceSelector'].filter(key => textOf(part[key]).length > longestSelector)
        const long = selectors.map(key => ({ text: `${where}.${key} has more than the ${longestSelector} characters that the API takes`, rule }))
        const many = itemsOf(part['notNets']).length > mostNets
        return many ? [...long, { text: `${where}.notNets has more than the ${mostNets} entries that the API takes`, rule }] : long
      }),
    )
}

function order({ precedence }: Context, role: 'allowlist' | 'defaultDeny'): JsonObject {
  return precedence === undefined ? {} : { order: precedence[role] }
}

/** A Calico rule holds one protocol and one peer, all parts of which must match: one rule for each pair. */
function toRules(flow: Flow): Rule[] {
  const ports = byProtocol(flow.ports)
  return peerParts(flow).flatMap(({ peer, native }) =>
    // A `services` peer brings its own ports, and Calico refuses others beside it.
    (native ? [{}] : ports).map(({ protocol, destination }: PortPart) => ({
      rule: { action: 'Allow', ...(protocol === undefined ? {} : { protocol }), ...sides(flow, peer, destination) },
      reason: flow.reason,
      flow,
    })),
  )
}

interface PortPart {
  readonly protocol?: string
  readonly destination?: JsonObject
}

function byProtocol(ports: readonly FlowPort[]): PortPart[] {
  if (ports.length === 0) return [{}]
  const protocols = [...new Set(ports.map(({ protocol }) => protocol))]
  return protocols.flatMap(protocol =>
    chunks(
      ports.filter(port => port.protocol === protocol),
      mostPorts,
    ).map(list => ({ protocol, destination: { ports: list.map(toPort) } })),
  )
}

/** projectcalico.org NetworkPolicy CRD: destination.ports maxItems 50, destination.nets 256, selector 1024 characters. */
const mostPorts = 50
const mostNets = 256
const longestSelector = 1024

function toPort({ name, number, endPort }: FlowPort): Json {
  if (name !== undefined) return name
  return endPort === undefined ? (number ?? 0) : `${number}:${endPort}`
}

/** On ingress the peer is the source, on egress it shares the destination with the ports. */
function sides({ direction }: Flow, peer: JsonObject, destination: JsonObject = {}): JsonObject {
  const source = direction === 'ingress' ? peer : {}
  const target = direction === 'ingress' ? destination : { ...peer, ...destination }
  // An empty part would mean "any" as well; left out, it reads that way too.
  return { ...(Object.keys(source).length === 0 ? {} : { source }), ...(Object.keys(target).length === 0 ? {} : { destination: target }) }
}

interface PeerPart {
  readonly peer: JsonObject
  readonly native?: boolean
}

function peerParts({ peers }: Flow): PeerPart[] {
  switch (peers.kind) {
    case 'any':
    // The kubelet's node is let in by Calico itself; an open port keeps probes through other hops alive.
    case 'nodes':
      return [{ peer: {} }]
    case 'apiserver':
      return [{ peer: { services: { name: 'kubernetes', namespace: 'default' } }, native: true }, ...netParts(peers.cidrs)]
    case 'cidrs':
      return netParts(peers.cidrs)
    // Told before: no rule is made of them.
    case 'names':
      return []
    case 'namespace':
      return [{ peer: { namespaceSelector: `${namespaceName} == '${peers.namespace}'` } }]
    case 'listed':
      return peers.peers.map(({ peer }) => ({ peer: listedPeer(peer) }))
  }
}

/** Calico puts the namespace's name on its profile under this label. */
const namespaceName = 'projectcalico.org/name'

/** One part for each address family: Calico refuses both in one rule. */
function netParts(cidrs: readonly string[]): PeerPart[] {
  const families = [cidrs.filter(cidr => !cidr.includes(':')), cidrs.filter(cidr => cidr.includes(':'))]
  return families.flatMap(nets => chunks(nets, mostNets)).map(nets => ({ peer: { nets } }))
}

/** A rule selector without a namespaceSelector is limited to the policy's own namespace, as a podSelector alone is. */
function listedPeer({ podSelector, namespaceSelector, ipBlock }: Peer): JsonObject {
  if (ipBlock !== undefined) {
    return { nets: [canonicalNet(ipBlock.cidr)], ...(ipBlock.except.length === 0 ? {} : { notNets: ipBlock.except.map(canonicalNet) }) }
  }
  return {
    ...(namespaceSelector === undefined ? {} : { namespaceSelector: selectorExpression(namespaceSelector) }),
    ...(podSelector === undefined ? {} : { selector: selectorExpression(podSelector) }),
  }
}

function canonicalNet(cidr: string): string {
  const parsed = parseCidr(cidr)
  return parsed === undefined ? cidr : canonical(parsed)
}

/** A label selector in Calico's expression language; label values hold no quotes. */
function selectorExpression({ matchLabels, matchExpressions }: LabelSelector): string {
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key} == '${value}'`),
    ...matchExpressions.map(({ key, operator, values }) => {
      const listed = `{${values.map(value => ` '${value}'`).join(',')} }`
      switch (operator) {
        case 'In':
          return `${key} in ${listed}`
        // As in Kubernetes, a pod without the label matches too.
        case 'NotIn':
          return `${key} not in ${listed}`
        case 'Exists':
          return `has(${key})`
        case 'DoesNotExist':
          return `!has(${key})`
      }
    }),
  ]
  return terms.length === 0 ? 'all()' : terms.join(' && ')
}
