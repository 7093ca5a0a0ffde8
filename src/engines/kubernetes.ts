import type { Flow, FlowPort } from '../traffic/flow.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import type { Engine, Rule } from './contract.ts'
import { labelSelector, namespaceNamed } from './labels.ts'
import { metadata } from './metadata.ts'
import { defaultDeny, ownNamespace, policy } from './policy.ts'

const apiVersion = 'networking.k8s.io/v1'
const kind = 'NetworkPolicy'

/** NetworkPolicy of Kubernetes itself. Policies add up: what any of them allows is allowed. */
export const kubernetes = {
  apiVersion,
  kind,
  describe: 'NetworkPolicy, networking.k8s.io/v1: every policy-enforcing network reads it',
  clusterScoped: false,
  takesPeers: true,
  knowsApiserver: false,
  knowsNodes: false,
  knowsNames: false,
  blocksReachPods: true,
  addsUp: true,
  passthrough: false,
  precedence: null,
  allowlist(plan) {
    const ingress = plan.ingress.flatMap(toRules)
    const egress = plan.egress?.flatMap(toRules)
    return policy('allowlist', [...ingress, ...(egress ?? [])], {
      apiVersion,
      kind,
      metadata: metadata('allowlist', plan, false),
      spec: {
        podSelector: labelSelector(plan.selector),
        // Always explicit; and no `egress` key without the type: Cilium enforces the rules all the same.
        policyTypes: egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'],
        ...(ingress.length === 0 ? {} : { ingress: ingress.map(({ rule }) => rule) }),
        ...(egress === undefined || egress.length === 0 ? {} : { egress: egress.map(({ rule }) => rule) }),
      },
    })
  },
  defaultDeny(plan) {
    return defaultDeny('every pod of the namespace is denied what no policy allows: the types are listed, and there are no rules', {
      apiVersion,
      kind,
      metadata: metadata('default-deny', plan, false),
      spec: { podSelector: {}, policyTypes: plan.egress ? ['Ingress', 'Egress'] : ['Ingress'] },
    })
  },
  problems: () => [],
  namespaceOf: ownNamespace,
} satisfies Engine

/** One rule a flow: never a cross product of ports and peers. */
function toRules(flow: Flow): Rule[] {
  const rule = flow.verbatim ?? ownRule(flow)
  return rule === undefined ? [] : [{ rule, reason: flow.reason, flow }]
}

function ownRule(flow: Flow): JsonObject | undefined {
  const reached = peers(flow)
  return reached && { ...reached, ...(flow.ports.length === 0 ? {} : { ports: flow.ports.map(toPort) }) }
}

/** Undefined where there is nobody to name: an empty list of peers would mean everybody. */
function peers({ direction, peers }: Flow): JsonObject | undefined {
  const key = direction === 'ingress' ? 'from' : 'to'
  switch (peers.kind) {
    case 'any':
    // No peer means the node: its own traffic to its pods is let in by every implementation, other nodes' is not promised.
    case 'nodes':
      return {}
    case 'listed':
      return { [key]: [...peers.verbatim] }
    case 'namespace':
      return { [key]: [{ namespaceSelector: labelSelector(namespaceNamed(peers.namespace)) }] }
    // Told before: no rule is made of them.
    case 'names':
      return undefined
    case 'cidrs':
    case 'apiserver':
      return peers.cidrs.length === 0 ? undefined : { [key]: peers.cidrs.map((cidr): Json => ({ ipBlock: { cidr } })) }
  }
}

/** By name where the container names it, so that old and new pods of an upgrade are both met; else by number. Ranges come in the user's own rules alone. */
function toPort({ name, number, protocol }: FlowPort): JsonObject {
  return { protocol, port: name ?? number ?? 0 }
}
