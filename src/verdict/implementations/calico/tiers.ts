import type { Resource } from '../../../resources/resource.ts'
import type { Direction, Stage, StagedPolicy, StagedRule } from '../../contract.ts'
import type { Tier } from '../../policies/calico-tier.ts'
import type { Pod } from '../../world.ts'

/** A policy with its place in its tier. */
export interface Placed {
  readonly policy: Resource
  readonly tier: string
  /** The lower first. */
  readonly order: number
  /** Parts policies of the same order. */
  readonly key: { readonly name: string; readonly namespace: string; readonly kind: string }
  readonly selects: (pod: Pod) => boolean
  /** Undefined: it says nothing of the direction. */
  readonly ingress: readonly StagedRule[] | undefined
  readonly egress: readonly StagedRule[] | undefined
}

/** Tiers one after the other, and in each its policies (felix/calc/policy_sorter.go, v3.34: TierLess and PolKVLess). */
export function toStages(tiers: readonly Tier[], policies: readonly Placed[]): Stage[] {
  return tiers
    .toSorted((one, other) => one.order - other.order || compare(one.name, other.name))
    .map(tier => ({ tier, own: policies.filter(policy => policy.tier === tier.name).sort(byOrder) }))
    .filter(({ own }) => own.length > 0)
    .map(({ tier, own }) => ({ name: `tier ${tier.name}`, order: 'first', policies: own.map(policy => stage(policy, tier)) }))
}

function byOrder(one: Placed, other: Placed): number {
  // Two that have no order are of the same one, and their difference is no number.
  return one.order === other.order ? compare(keyOf(one), keyOf(other)) : one.order - other.order
}

function keyOf({ key: { name, namespace, kind } }: Placed): string {
  return `${name}/${namespace}/${kind}`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1
}

function stage(placed: Placed, { defaultAction }: Tier): StagedPolicy {
  const { policy, selects } = placed
  const rulesOf = (direction: Direction): StagedPolicy[Direction] => {
    const rules = placed[direction]
    return rules === undefined ? undefined : { locks: defaultAction === 'Deny', rules }
  }
  return { policy, selects, ingress: rulesOf('ingress'), egress: rulesOf('egress') }
}
