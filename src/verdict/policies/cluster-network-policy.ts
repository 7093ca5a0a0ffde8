import { toSelector } from '../../discover/selector.ts'
import type { LabelSelector } from '../../discover/selector.ts'
import type { Protocol } from '../../discover/workload.ts'
import { checkLabelSelector } from '../../passthrough/labels.ts'
import { clusterNetworkPolicy as dialect } from '../../passthrough/cluster-network-policy.ts'
import { Part } from '../../passthrough/part.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import type { Resource } from '../../resources/resource.ts'
import { at, itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import type { Direction, Read } from '../contract.ts'
import { checkRules, readingOnce, refusalsOf } from './refusals.ts'
import { textsIn } from './texts.ts'

/** A ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2. */
export interface ClusterNetworkPolicy {
  readonly policy: Resource
  readonly tier: 'Admin' | 'Baseline'
  /** 0 to 1000, the lower first. */
  readonly priority: number
  readonly subject: PodsPeer
  readonly ingress: readonly ClusterRule[]
  readonly egress: readonly ClusterRule[]
}

export interface ClusterRule {
  readonly action: 'Accept' | 'Deny' | 'Pass'
  readonly peers: readonly ClusterPeer[]
  /** Empty: every port of every protocol. */
  readonly ports: readonly ClusterPort[]
  readonly path: string
  readonly tree: Tree
}

export interface PodsPeer {
  readonly kind: 'pods'
  /** Undefined: pods of every namespace. */
  readonly namespaces: LabelSelector | undefined
  /** Undefined: every pod. */
  readonly pods: LabelSelector | undefined
}

export type ClusterPeer =
  | PodsPeer
  | { readonly kind: 'nodes'; readonly nodes: LabelSelector }
  | { readonly kind: 'networks'; readonly cidrs: readonly string[] }
  | { readonly kind: 'names'; readonly names: readonly string[] }

export type ClusterPort =
  | { readonly kind: 'range'; readonly protocol: Protocol; readonly first: number; readonly last: number }
  /** A port of the pods that are called, whatever its protocol. */
  | { readonly kind: 'name'; readonly name: string }

/** Reads a policy as the API server and its CRD (network-policy-api v0.2.0) do; what they refuse is told instead. */
export const readClusterNetworkPolicy = readingOnce(readOne, () => '')

function readOne(policy: Resource): Read<ClusterNetworkPolicy> {
  const refused = refusalsOf(policy, diagnose => check(policy, diagnose))
  if (refused.length > 0) return { refused }
  const spec = at(policy.tree, 'spec')
  const tier = textAt(spec, 'tier') === 'Baseline' ? 'Baseline' : 'Admin'
  const priority = Number(textAt(spec, 'priority') ?? 0)
  return { read: { policy, tier, priority, subject: toPods(at(spec, 'subject')), ingress: toRules(spec, 'ingress'), egress: toRules(spec, 'egress') } }
}

/** The pods that a policy is for are named as those of its peers are. */
const subjectSchema = dialect.schemas.ingress.properties?.['from']?.items ?? {}

function check(policy: Resource, diagnose: Diagnose): void {
  const spec = new Part(at(policy.tree, 'spec'), 'spec', { diagnose, told: new Set() }, policy.tree)
  if (spec.tree?.kind !== 'mapping') return spec.problem('must be a mapping')
  const tier = spec.at('tier')
  const priority = spec.at('priority')
  if (tier.text !== 'Admin' && tier.text !== 'Baseline') tier.problem('must be Admin or Baseline')
  const number = priority.number
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > 1000) priority.problem('must be an integer from 0 to 1000')
  const subject = spec.at('subject')
  if (!subject.present) subject.problem('is missing')
  checkStructure(subject, subjectSchema, dialect.explain)
  for (const selector of [subject.at('namespaces'), subject.at('pods', 'namespaceSelector'), subject.at('pods', 'podSelector')]) checkLabelSelector(selector)
  for (const direction of ['ingress', 'egress'] satisfies Direction[]) {
    const rules = spec.at(direction)
    if (rules.items.length > 25) rules.problem(`has ${rules.items.length} rules; the API takes 25`)
  }
  checkRules(dialect, policy, ['spec'], diagnose)
}

function toRules(spec: Tree | undefined, direction: Direction): ClusterRule[] {
  return itemsAt(spec, direction).map((tree, index) => ({
    action: toAction(textAt(tree, 'action')),
    peers: itemsAt(tree, direction === 'ingress' ? 'from' : 'to').flatMap(toPeer),
    ports: itemsAt(tree, 'protocols').flatMap(toPort),
    path: `spec.${direction}[${index}]`,
    tree,
  }))
}

function toAction(word: string | undefined): ClusterRule['action'] {
  return word === 'Deny' || word === 'Pass' ? word : 'Accept'
}

function toPeer(tree: Tree): ClusterPeer[] {
  const nodes = toSelector(at(tree, 'nodes'), ignore)
  if (nodes !== undefined) return [{ kind: 'nodes', nodes }]
  if (at(tree, 'networks') !== undefined) return [{ kind: 'networks', cidrs: textsIn(tree, 'networks') }]
  if (at(tree, 'domainNames') !== undefined) return [{ kind: 'names', names: textsIn(tree, 'domainNames') }]
  return [toPods(tree)]
}

function toPods(tree: Tree | undefined): PodsPeer {
  const namespaces = toSelector(at(tree, 'namespaces'), ignore)
  if (namespaces !== undefined) return { kind: 'pods', namespaces, pods: undefined }
  const pods = at(tree, 'pods')
  return { kind: 'pods', namespaces: toSelector(at(pods, 'namespaceSelector'), ignore), pods: toSelector(at(pods, 'podSelector'), ignore) }
}

/** Wrong requirements were refused before. */
function ignore(): void {}

function toPort(tree: Tree): ClusterPort[] {
  const name = textAt(tree, 'destinationNamedPort')
  if (name !== undefined) return [{ kind: 'name', name }]
  return (['tcp', 'udp', 'sctp'] as const).flatMap(key => {
    const port = at(tree, key, 'destinationPort')
    if (port === undefined) return []
    const number = textAt(port, 'number')
    const [first, last] = [number ?? textAt(port, 'range', 'start'), number ?? textAt(port, 'range', 'end')]
    return [{ kind: 'range' as const, protocol: protocols[key], first: Number(first), last: Number(last) }]
  })
}

const protocols = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const
