import type { LabelSelector } from '../../discover/selector.ts'
import { list, object, oneOf, optional } from '../../values/fields.ts'
import type { Located, Parsed } from '../../values/fields.ts'
import { egressRule, ingressRule, labelSelector } from '../../values/peers.ts'
import type { Peer, PolicyPort } from '../../values/peers.ts'
import type { Resource } from '../../resources/resource.ts'
import { at } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Direction, Read } from '../contract.ts'
import { readingOnce, refusalsOf } from './refusals.ts'

/** A NetworkPolicy of networking.k8s.io/v1, with the API server's defaults filled in. */
export interface NetworkPolicy {
  readonly policy: Resource
  readonly namespace: string
  readonly selector: LabelSelector
  /** Undefined: it is not of that type, and its rules for the direction do not count. */
  readonly ingress: readonly NetworkPolicyRule[] | undefined
  readonly egress: readonly NetworkPolicyRule[] | undefined
  /** What it says, whether it is of the type or not. */
  readonly written: Readonly<Record<Direction, readonly NetworkPolicyRule[]>>
}

export interface NetworkPolicyRule {
  /** Empty: anyone. */
  readonly peers: readonly Peer[]
  /** Empty: every port. */
  readonly ports: readonly PolicyPort[]
  /** `spec.ingress[0]` */
  readonly path: string
  readonly tree: Tree
}

const spec = object('the rules', {
  podSelector: labelSelector,
  policyTypes: optional(list('directions', oneOf('a direction', ['Ingress', 'Egress'], 'Ingress'))),
  ingress: list('ingress rules', ingressRule),
  egress: list('egress rules', egressRule),
})

/** Reads a policy as the API server does; what it refuses is told instead. `namespace`: the release's, for a policy that names none. */
export const readNetworkPolicy = readingOnce(readOne, namespace => namespace)

function readOne(policy: Resource, namespace: string): Read<NetworkPolicy> {
  const tree = at(policy.tree, 'spec')
  let parsed: Parsed<typeof spec> = spec.absent
  const refused = refusalsOf(policy, diagnose => {
    if (tree !== undefined) parsed = spec.parse(tree, 'spec', diagnose)
  })
  if (refused.length > 0) return { refused }
  // Kubernetes, pkg/apis/networking/v1/defaults.go: egress is locked only where it is named or has rules.
  const types = parsed.policyTypes ?? []
  const locks =
    types.length === 0 ? { ingress: true, egress: parsed.egress.length > 0 } : { ingress: types.includes('Ingress'), egress: types.includes('Egress') }
  const written = {
    ingress: parsed.ingress.map(rule => toRule(rule, rule.value.from, policy.tree)),
    egress: parsed.egress.map(rule => toRule(rule, rule.value.to, policy.tree)),
  }
  return {
    read: {
      policy,
      namespace: policy.namespace ?? namespace,
      selector: parsed.podSelector,
      ingress: locks.ingress ? written.ingress : undefined,
      egress: locks.egress ? written.egress : undefined,
      written,
    },
  }
}

function toRule({ value, tree, path }: Located<{ readonly ports: readonly PolicyPort[] }>, peers: readonly Peer[], whole: Tree): NetworkPolicyRule {
  return { peers, ports: value.ports, path, tree: tree ?? whole }
}
