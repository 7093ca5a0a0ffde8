import type { Resource } from '../../../resources/resource.ts'
import type { Direction, Stage, StagedPolicy, StagedRule } from '../../contract.ts'
import { doubtfulStage } from '../../doubtful.ts'
import type { Tier } from '../../policies/calico-tier.ts'
import type { Pod } from '../../world.ts'

/** A policy with its place in its tier. */
export interface Placed {
  readonly policy: Resource
  readonly tier: string
  /** The lower first; Infinity where it has none. */
  readonly order: number
  /** A cluster has one policy of each, and those of the same order go by it. */
  readonly key: { readonly name: string; readonly namespace: string; readonly kind: string }
  /** That of every pod that it selects; undefined: any. */
  readonly namespace?: string | undefined
  readonly selects: (pod: Pod) => boolean
  /** Undefined: it says nothing of the direction. */
  readonly ingress: readonly StagedRule[] | undefined
  readonly egress: readonly StagedRule[] | undefined
}

/** Tiers one after the other, and in each its policies (felix/calc/policy_sorter.go, v3.34: TierLess and PolKVLess). */
export function toStages(tiers: ReadonlyMap<string, Tier>, placed: readonly Placed[]): Stage[] {
  const policies = inOrder(new Map(placed.map(policy => [keyOf(policy), policy])))
  return [
    ...absentTiers(policies, tiers),
    ...inOrder(tiers)
      .map(tier => ({ tier, own: policies.filter(policy => policy.tier === tier.name) }))
      .filter(({ own }) => own.length > 0)
      .map(({ tier, own }): Stage => ({ order: 'first', policies: own.map(policy => stage(policy, tier)) })),
  ]
}

/** Where a tier stands that is only in the cluster, and what it does at its end, nobody here knows. */
function absentTiers(policies: readonly Placed[], tiers: ReadonlyMap<string, Tier>): Stage[] {
  const absent = new Set(policies.map(({ tier }) => tier).filter(name => !tiers.has(name)))
  return [...absent].map(name => {
    const own = policies.filter(({ tier }) => tier === name).map(policy => stage(policy, { defaultAction: 'Deny' }))
    return doubtfulStage(own, `the Tier ${name} is not in the stream`)
  })
}

function keyOf({ key: { name, namespace, kind } }: Placed): string {
  return `${name}/${namespace}/${kind}`
}

/** Those of one order by their keys. The difference of two without an order is no number, which a sort takes for none. */
function inOrder<T extends { readonly order: number }>(all: ReadonlyMap<string, T>): T[] {
  const keys = [...all.keys()].sort()
  const byKey = keys.map(key => all.get(key)).filter(found => found !== undefined)
  return byKey.sort((one, other) => one.order - other.order)
}

function stage(placed: Placed, { defaultAction }: Pick<Tier, 'defaultAction'>): StagedPolicy {
  const { policy, namespace, selects } = placed
  const rulesOf = (direction: Direction): StagedPolicy[Direction] => {
    const rules = placed[direction]
    return rules === undefined ? undefined : { locks: defaultAction === 'Deny', rules }
  }
  return { policy, namespace, selects, ingress: rulesOf('ingress'), egress: rulesOf('egress') }
}
