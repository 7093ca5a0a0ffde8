import type { Compiled, Decision, Direction, Stage, StagedPolicy, StagedRule, Verdict } from './contract.ts'
import type { Flow, Pod } from './world.ts'

/** Decides flows; what is asked of a pod more than once is worked out once. */
export class Judge {
  private readonly compiled: Compiled
  private readonly selections = new Map<Pod, ReadonlyMap<Stage, readonly StagedPolicy[]>>()

  constructor(compiled: Compiled) {
    this.compiled = compiled
  }

  /** A connection has to leave the one end and be let in at the other. */
  decide(flow: Flow): Verdict {
    const egress = flow.from.kind === 'pod' ? this.decideAt(flow.from, flow, 'egress') : undefined
    const ingress = flow.to.kind === 'pod' ? this.decideAt(flow.to, flow, 'ingress') : undefined
    return { allowed: egress?.allowed !== false && ingress?.allowed !== false, egress, ingress }
  }

  private decideAt(pod: Pod, flow: Flow, direction: Direction): Decision {
    const reason = this.compiled.passes(flow, direction)
    if (reason !== undefined) return { allowed: true, by: 'engine', reason }
    for (const stage of this.compiled.stages) {
      const decision = decideStage(stage, this.selected(pod, stage), flow, direction)
      if (decision !== undefined) return decision
    }
    return { allowed: true, by: 'nothing' }
  }

  private selected(pod: Pod, stage: Stage): readonly StagedPolicy[] {
    let selection = this.selections.get(pod)
    if (selection === undefined) {
      selection = new Map(this.compiled.stages.map(stage => [stage, stage.policies.filter(({ selects }) => selects(pod))]))
      this.selections.set(pod, selection)
    }
    return selection.get(stage) ?? []
  }
}

/** Undefined: the stage leaves it to the next one. */
function decideStage({ order }: Stage, policies: readonly StagedPolicy[], flow: Flow, direction: Direction): Decision | undefined {
  const matching = order === 'first' ? firstMatch(policies, flow, direction) : strongestMatch(policies, flow, direction)
  if (matching?.rule.action === 'pass') return undefined
  if (matching !== undefined) return { allowed: matching.rule.action === 'allow', by: 'rule', ...matching }
  const locking = policies.filter(policy => policy[direction]?.locks === true)
  return locking.length === 0 ? undefined : { allowed: false, by: 'lock', policies: locking.map(({ policy }) => policy) }
}

type Match = Pick<Extract<Decision, { by: 'rule' }>, 'policy' | 'rule'>

function firstMatch(policies: readonly StagedPolicy[], flow: Flow, direction: Direction): Match | undefined {
  for (const staged of policies) {
    const rule = matchIn(staged, flow, direction, () => true)
    if (rule !== undefined) return { policy: staged.policy, rule }
  }
  return undefined
}

function strongestMatch(policies: readonly StagedPolicy[], flow: Flow, direction: Direction): Match | undefined {
  for (const action of ['deny', 'allow'] as const) {
    for (const staged of policies) {
      const rule = matchIn(staged, flow, direction, candidate => candidate.action === action)
      if (rule !== undefined) return { policy: staged.policy, rule }
    }
  }
  return undefined
}

function matchIn(staged: StagedPolicy, flow: Flow, direction: Direction, counts: (rule: StagedRule) => boolean): StagedRule | undefined {
  return staged[direction]?.rules.find(rule => counts(rule) && rule.matches(flow))
}
