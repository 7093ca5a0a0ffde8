import type { Direction, Stage, StagedPolicy, StagedRule } from './contract.ts'
import { once } from './once.ts'
import type { Flow } from './world.ts'

/**
 * A stage that decides nothing, and leaves a doubt where its policies would: for policies of which it is not known when they are asked. What none of their
 * rules matches may be denied.
 */
export function doubtfulStage(policies: readonly StagedPolicy[], why: string): Stage {
  const sides = { ingress: new Sequence(policies, 'ingress'), egress: new Sequence(policies, 'egress') }
  const doubted = (policy: StagedPolicy, direction: Direction): StagedPolicy[Direction] => {
    if (policy[direction] === undefined) return undefined
    const { tree } = policy.policy
    const lock: StagedRule = {
      action: 'deny',
      path: `spec.${direction}`,
      tree,
      matches: never,
      unread: { why, matches: flow => sides[direction].leaves(flow) },
    }
    return { locks: false, rules: [...inDoubt(policy, direction, sides[direction], why), lock] }
  }
  return { order: 'first', policies: policies.map(policy => ({ ...policy, ingress: doubted(policy, 'ingress'), egress: doubted(policy, 'egress') })) }
}

/** A policy that decides nothing where it stands, and leaves a doubt where it would. */
export function doubtful(policy: StagedPolicy, why: string): StagedPolicy {
  const doubted = (direction: Direction): StagedPolicy[Direction] =>
    policy[direction] === undefined ? undefined : { locks: false, rules: inDoubt(policy, direction, new Sequence([policy], direction), why) }
  return { ...policy, ingress: doubted('ingress'), egress: doubted('egress') }
}

function inDoubt(policy: StagedPolicy, direction: Direction, sequence: Sequence, why: string): StagedRule[] {
  return rulesOf(policy, direction).map(rule => ({
    ...rule,
    matches: never,
    unread: { why, matches: flow => sequence.reaches(rule, flow) && mayMatch(rule, flow) },
  }))
}

/** The rules of a direction of policies that are asked one after the other. */
class Sequence {
  private readonly places: ReadonlyMap<StagedRule, number>
  /** The place of the first rule that matches for sure. */
  private readonly decided: (flow: Flow) => number

  constructor(policies: readonly StagedPolicy[], direction: Direction) {
    const places = new Map(policies.flatMap(policy => rulesOf(policy, direction)).map((rule, index) => [rule, index]))
    this.places = places
    this.decided = once(flow => {
      const pod = direction === 'ingress' ? flow.to : flow.from
      const selecting = pod.kind === 'pod' ? policies.filter(policy => policy.selects(pod)) : []
      const first = selecting.flatMap(policy => rulesOf(policy, direction)).find(({ matches }) => matches(flow))
      return first === undefined ? Infinity : (places.get(first) ?? Infinity)
    })
  }

  /** Nothing before the rule decides. */
  reaches(rule: StagedRule, flow: Flow): boolean {
    return (this.places.get(rule) ?? Infinity) <= this.decided(flow)
  }

  /** No rule decides for sure. */
  leaves(flow: Flow): boolean {
    return this.decided(flow) === Infinity
  }
}

const never = (): boolean => false

function mayMatch({ matches, unread }: StagedRule, flow: Flow): boolean {
  return matches(flow) || unread?.matches(flow) === true
}

function rulesOf(policy: StagedPolicy, direction: Direction): readonly StagedRule[] {
  return policy[direction]?.rules ?? []
}
