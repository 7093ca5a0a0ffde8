import { calico as dialect } from '../../passthrough/calico.ts'
import { isBlank, selectorProblem } from '../../passthrough/calico-selector.ts'
import { Part } from '../../passthrough/part.ts'
import type { Schema } from '../../passthrough/schema.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { at, isTrue, itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Direction, Read, Refusal } from '../contract.ts'
import { checkMetadata, identityOf, isStored, withoutNulls } from './calico-object.ts'
import { toCalicoRules } from './calico-rule.ts'
import type { CalicoRule } from './calico-rule.ts'
import { checkRules, findingsOf, readingOnce } from './refusals.ts'
import { textsIn } from './texts.ts'

/** A NetworkPolicy or GlobalNetworkPolicy of Calico (projectcalico.org/v3, v3.34), with the defaults filled in. */
export interface CalicoPolicy {
  readonly policy: Resource
  readonly name: string
  /** Undefined: a GlobalNetworkPolicy. */
  readonly namespace: string | undefined
  readonly tier: string
  /** The lower first; a policy without an order is last. */
  readonly order: number
  /** Of endpoints, their namespaces and their service accounts; undefined or empty: any. */
  readonly selector: string | undefined
  readonly namespaceSelector: string | undefined
  readonly serviceAccountSelector: string | undefined
  /** Undefined: it is not of that type, and its rules for the direction do not count. */
  readonly ingress: readonly CalicoRule[] | undefined
  readonly egress: readonly CalicoRule[] | undefined
  /** Nothing of it is for pods. */
  readonly hostsOnly: boolean
  /** What Calico does not enforce of it, or otherwise than it reads. */
  readonly remarks: readonly Refusal[]
}

/**
 * Reads a policy as Calico's API server does; what that refuses, or felix drops, is told instead. `namespace`: the release's,
 * for a NetworkPolicy that names none; `unfit`: the names of tiers that are refused.
 */
export const readCalicoPolicy = readingOnce(readOne, (namespace, unfit) => [namespace, ...unfit].join(' '))

function readOne(policy: Resource, namespace: string, unfit: ReadonlySet<string>): Read<CalicoPolicy> {
  const { refused, remarks } = findingsOf(policy, diagnose => check(policy, unfit, diagnose))
  if (refused.length > 0) return { refused }
  const spec = at(policy.tree, 'spec')
  const tier = tierOf(spec)
  const types = typesOf(policy, spec)
  const read = {
    policy,
    name: identityOf(policy, tier).name,
    namespace: isGlobal(policy) ? undefined : (policy.namespace ?? namespace),
    tier,
    order: Number(textAt(spec, 'order') ?? Infinity),
    selector: textAt(spec, 'selector'),
    namespaceSelector: textAt(spec, 'namespaceSelector'),
    serviceAccountSelector: textAt(spec, 'serviceAccountSelector'),
    ingress: types.includes('Ingress') ? toCalicoRules(spec, 'ingress') : undefined,
    egress: types.includes('Egress') ? toCalicoRules(spec, 'egress') : undefined,
    hostsOnly: earlyKeys.some(key => isTrue(at(spec, key))),
    remarks,
  }
  return { read }
}

function isGlobal({ kind }: Resource): boolean {
  return kind === 'GlobalNetworkPolicy'
}

function tierOf(spec: Tree | undefined): string {
  return textAt(spec, 'tier') || 'default'
}

/** The API server fills them in by the rules (api/pkg/defaults/networkpolicy.go); where it did not, felix takes none for both (calc/policy_sorter.go). */
function typesOf(policy: Resource, spec: Tree | undefined): readonly string[] {
  const given = textsIn(spec, 'types')
  if (given.length > 0) return given
  const [ingress, egress] = directions.map(direction => isStored(policy) || itemsAt(spec, direction).length > 0)
  return egress !== true ? ['Ingress'] : ingress === true ? ['Ingress', 'Egress'] : ['Egress']
}

const directions = ['ingress', 'egress'] as const satisfies Direction[]

/** Such policies are asked before connections are tracked or addresses translated, and of host endpoints alone (calc/event_sequencer.go, tierInfoToProtoTierInfo). */
const earlyKeys = ['doNotTrack', 'preDNAT'] as const

const selectorKeys = ['selector', 'namespaceSelector', 'serviceAccountSelector'] as const
const rules: Schema = { type: 'array', maxItems: 1024 }
const selector: Schema = { type: 'string', maxLength: 1024 }
const flag: Schema = { type: 'boolean' }

/** The CRDs' own, but that no types are those by the rules. */
const networkPolicy: Schema = {
  type: 'object',
  properties: {
    tier: { type: 'string' },
    order: { type: 'number' },
    selector,
    serviceAccountSelector: selector,
    types: { type: 'array', maxItems: 2, set: true, items: { type: 'string', enum: ['Ingress', 'Egress'] } },
    performanceHints: { type: 'array', set: true, items: { type: 'string', enum: ['AssumeNeededOnEveryNode'] } },
    ingress: rules,
    egress: rules,
  },
}

const globalNetworkPolicy: Schema = {
  ...networkPolicy,
  properties: { ...networkPolicy.properties, namespaceSelector: selector, doNotTrack: flag, preDNAT: flag, applyOnForward: flag },
}

/** The CRDs' CEL, libcalico-go/lib/validator/v3/validator.go, and what felix's own validator drops of what comes of it. */
function check(policy: Resource, unfit: ReadonlySet<string>, diagnose: Diagnose): void {
  const spec = new Part(withoutNulls(at(policy.tree, 'spec')), 'spec', { diagnose, told: new Set() }, policy.tree)
  const tier = tierOf(spec.tree)
  checkName(policy, identityOf(policy, tier).name, diagnose)
  checkStructure(spec, isGlobal(policy) ? globalNetworkPolicy : networkPolicy, () => undefined)
  if (unfit.has(tier)) spec.at('tier').problem(`is ${tier}, a tier that Calico refuses`)
  checkSelectors(spec, isGlobal(policy))
  if (isGlobal(policy)) checkEarly(spec)
  checkRules(dialect, policy, ['spec'], diagnose)
  for (const direction of directions) for (const rule of spec.at(direction).items) checkRule(rule, isGlobal(policy))
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const globalName = new RegExp(`^(${label}\\.)?${label}$`)
const namespacedName = new RegExp(`^((${label}\\.)?${label}|(knp|ossg)\\.default\\.${label}(\\.${label})*)$`)

function checkName(policy: Resource, name: string, diagnose: Diagnose): void {
  const form = 'policies have names of small letters, digits and -, with one dot at most'
  checkMetadata(policy, name, isGlobal(policy) ? globalName : namespacedName, form, diagnose)
}

function checkSelectors(spec: Part, global: boolean): void {
  for (const part of selectorKeys.map(key => spec.at(key))) {
    const problem = part.text === undefined ? undefined : selectorProblem(part.text)
    if (problem !== undefined) part.problem(`does not parse as a Calico selector: ${problem}`)
    else if (part.text?.includes('global(') === true) part.problem('says global(), which only the namespaceSelector of a rule can')
  }
  // It is put between brackets with the others, which would be empty (updateprocessors/networkpolicyprocessor.go, selectors.go).
  const joined = !global || spec.at('namespaceSelector').text !== undefined || spec.at('serviceAccountSelector').text !== undefined
  if (joined && isBlank(spec.at('selector').text)) spec.at('selector').problem('is blank')
}

function checkEarly(spec: Part): void {
  const [doNotTrack, preDNAT] = earlyKeys.map(key => isTrue(at(spec.tree, key)))
  if (doNotTrack !== true && preDNAT !== true) return
  if (doNotTrack === true && preDNAT === true) spec.at('preDNAT').problem('stands beside doNotTrack')
  if (!isTrue(at(spec.tree, 'applyOnForward'))) spec.at('applyOnForward').problem('must be true with doNotTrack or preDNAT')
  if (preDNAT === true && spec.at('egress').filled) spec.at('egress').problem('has rules, which preDNAT cannot')
  if (preDNAT === true && spec.at('types').items.some(({ text }) => text === 'Egress')) spec.at('types').problem('names Egress, which preDNAT cannot')
  spec.warn('NP411', { path: 'spec', reason: 'is for hosts before they track connections or translate addresses; it says nothing of pods' })
}

/** What the dialect's check of rules leaves open; that is of NetworkPolicies, and tells a blank selector though Calico takes it alone in a GlobalNetworkPolicy. */
function checkRule(rule: Part, global: boolean): void {
  for (const side of ['source', 'destination']) {
    const services = rule.at(side, 'services')
    if (!services.present || (services.at('namespace').text ?? '') !== '') continue
    if (global) services.problem('needs a namespace in a GlobalNetworkPolicy')
    else services.warn('NP411', { path: services.path, reason: 'names no namespace, so that felix looks for a Service of none: nothing matches' })
  }
  if (rule.at('http').present)
    rule.warn('NP411', { path: rule.at('http').path, reason: 'is not looked at by the kernel, so that the rule matches whatever is requested' })
  // nftables then matches ICMP alone, iptables takes no such rule, and eBPF compares the port (felix/nftables, felix/iptables, felix/bpf/polprog).
  if (rule.at('notICMP').present && !icmp.includes(String(rule.at('protocol').value)))
    rule.warn('NP411', {
      path: rule.at('notICMP').path,
      reason: 'stands without the protocol ICMP; other traffic is told as if it were not there, but dataplanes differ',
    })
}

const icmp = ['ICMP', 'ICMPv6', '1', '58']
