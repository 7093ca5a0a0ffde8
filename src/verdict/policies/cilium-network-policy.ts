import { toSelector } from '../../discover/selector.ts'
import type { LabelSelector } from '../../discover/selector.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { cilium as dialect, isSourcedKey } from '../../passthrough/cilium.ts'
import { checkLabelSelector } from '../../passthrough/labels.ts'
import { Part } from '../../passthrough/part.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import type { Resource } from '../../resources/resource.ts'
import { at, itemsAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Direction, Read } from '../contract.ts'
import { toCiliumRule } from './cilium-rule.ts'
import type { CiliumRule } from './cilium-rule.ts'
import { ciliumSpec } from './cilium-schema.ts'
import { readingOnce, refusalsOf } from './refusals.ts'

/** A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy of cilium.io/v2. */
export interface CiliumNetworkPolicy {
  readonly policy: Resource
  /** Undefined: it is cluster-wide. */
  readonly namespace: string | undefined
  /** Those that are about pods; those about nodes hold for the nodes' own traffic only. */
  readonly specs: readonly CiliumSpec[]
}

export interface CiliumSpec {
  readonly subject: LabelSelector
  readonly ingress: CiliumRules
  readonly egress: CiliumRules
}

export interface CiliumRules {
  /** What no rule lets through is dropped. */
  readonly locks: boolean
  readonly rules: readonly CiliumRule[]
}

/** Reads a policy as its CRD and Cilium's agent do; what they refuse is told instead. `namespace`: the release's, for a policy that names none. */
export const readCiliumNetworkPolicy = readingOnce(readOne, namespace => namespace)

function readOne(policy: Resource, namespace: string): Read<CiliumNetworkPolicy> {
  const clusterwide = policy.kind === 'CiliumClusterwideNetworkPolicy'
  const refused = refusalsOf(policy, diagnose => check(policy, clusterwide, diagnose))
  if (refused.length > 0) return { refused }
  const specs = specsOf(policy).flatMap(({ tree, path }) => toSpec(tree, path))
  return { read: { policy, namespace: clusterwide ? undefined : (policy.namespace ?? namespace), specs } }
}

function specsOf({ tree }: Resource): { tree: Tree; path: string }[] {
  const spec = at(tree, 'spec')
  return [
    ...(spec === undefined ? [] : [{ tree: spec, path: 'spec' }]),
    ...itemsAt(tree, 'specs').map((item, index) => ({ tree: item, path: `specs[${index}]` })),
  ]
}

function check(policy: Resource, clusterwide: boolean, diagnose: Diagnose): void {
  const ledger = { diagnose, told: new Set<string>() }
  const specs = new Part(at(policy.tree, 'specs'), 'specs', ledger, policy.tree)
  checkStructure(specs, { type: 'array' }, () => undefined)
  if (at(policy.tree, 'spec') === undefined && specs.tree === undefined)
    new Part(undefined, 'spec', ledger, policy.tree).problem('is missing, and specs as well')
  for (const { tree, path } of specsOf(policy)) checkSpec(new Part(tree, path, ledger, policy.tree), clusterwide)
}

/** Rule.Sanitize in pkg/policy/api/rule_validation.go, and Parse in pkg/k8s/apis/cilium.io/v2/cnp_types.go. */
function checkSpec(spec: Part, clusterwide: boolean): void {
  checkStructure(spec, ciliumSpec, dialect.explain)
  const node = spec.at('nodeSelector')
  if (node.present && !clusterwide) node.problem('is for a CiliumClusterwideNetworkPolicy only')
  for (const selector of [spec.at('endpointSelector'), node]) checkLabelSelector(selector, isSourcedKey)
  // The CRD's pattern: what has a glyph or is a space.
  const log = spec.at('log', 'value')
  if (log.text !== undefined && !/^\P{C}*$/u.test(log.text)) log.problem('has characters that cannot be printed')
  if (!lists.some(({ key }) => spec.at(key).filled)) spec.problem(`needs a rule in ${lists.map(({ key }) => key).join(', ')}`)
  for (const { key, direction } of lists)
    for (const rule of spec.at(key).items) {
      dialect.check(rule, direction)
      if (node.present) checkOnNode(rule, direction)
    }
}

const lists: readonly { key: string; direction: Direction; action: CiliumRule['action'] }[] = [
  { key: 'ingress', direction: 'ingress', action: 'allow' },
  { key: 'ingressDeny', direction: 'ingress', action: 'deny' },
  { key: 'egress', direction: 'egress', action: 'allow' },
  { key: 'egressDeny', direction: 'egress', action: 'deny' },
]

function checkOnNode(rule: Part, direction: Direction): void {
  for (const ports of rule.at('toPorts').items) {
    const rules = ports.at('rules', 'http')
    if (rules.filled) rules.problem(`is not for nodes on ${direction}`)
  }
}

function toSpec(tree: Tree, path: string): CiliumSpec[] {
  const subject = toSelector(at(tree, 'endpointSelector'), ignore)
  const rules = (wanted: Direction): CiliumRules => {
    const read = lists
      .filter(({ direction }) => direction === wanted)
      .flatMap(({ key, direction, action }) => itemsAt(tree, key).map((item, index) => toCiliumRule(item, direction, action, `${path}.${key}[${index}]`)))
    const lock = at(tree, 'enableDefaultDeny', wanted)
    // Without a rule there is nothing that could say so.
    return { rules: read, locks: read.length > 0 && !(lock?.kind === 'scalar' && lock.value === false) }
  }
  return subject === undefined ? [] : [{ subject, ingress: rules('ingress'), egress: rules('egress') }]
}

/** Wrong requirements were refused before. */
function ignore(): void {}
