import type { Direction, Stage, StagedPolicy, StagedRule } from './contract.ts'
import type { Flow } from './world.ts'

/**
 * A stage that decides nothing, and leaves a doubt where its policies would: for policies of which it is not known when they are asked.
 * `locks`: what none of their rules matches may be denied.
 */
export function doubtfulStage(policies: readonly StagedPolicy[], why: string, { locks }: { readonly locks: boolean }): Stage {
  const matchesAny = (flow: Flow, direction: Direction): boolean => {
    const pod = direction === 'ingress' ? flow.to : flow.from
    return pod.kind === 'pod' && policies.some(policy => policy.selects(pod) && rulesOf(policy, direction).some(({ matches }) => matches(flow)))
  }
  const inDoubt = (policy: StagedPolicy, direction: Direction): StagedPolicy[Direction] => {
    if (policy[direction] === undefined) return undefined
    const rules = rulesOf(policy, direction).map((rule): StagedRule => ({ ...rule, matches: never, unread: { why, matches: mayMatch(rule) } }))
    const { tree } = policy.policy
    const lock: StagedRule = {
      action: 'deny',
      path: `spec.${direction}`,
      tree,
      matches: never,
      unread: { why, matches: flow => !matchesAny(flow, direction) },
    }
    return { locks: false, rules: locks ? [...rules, lock] : rules }
  }
  return { order: 'first', policies: policies.map(policy => ({ ...policy, ingress: inDoubt(policy, 'ingress'), egress: inDoubt(policy, 'egress') })) }
}

const never = (): boolean => false

function mayMatch({ matches, unread }: StagedRule): (flow: Flow) => boolean {
  return flow => matches(flow) || unread?.matches(flow) === true
}

function rulesOf(policy: StagedPolicy, direction: Direction): readonly StagedRule[] {
  return policy[direction]?.rules ?? []
}
