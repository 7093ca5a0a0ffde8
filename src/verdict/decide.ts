import type { Compiled, Decision, Direction, Doubt, Finding, Stage, StagedPolicy, StagedRule, Verdict } from './contract.ts'
import type { Flow, Pod } from './world.ts'

/** Decides flows; what is asked of a pod more than once is worked out once. */
export class Judge {
  private readonly compiled: Compiled
  private readonly selections = new Map<Pod, ReadonlyMap<Stage, readonly StagedPolicy[]>>()

  private readonly readsAll: boolean

  constructor(compiled: Compiled) {
    this.compiled = compiled
    const rules = compiled.stages.flatMap(({ policies }) => policies.flatMap(({ ingress, egress }) => [...(ingress?.rules ?? []), ...(egress?.rules ?? [])]))
    this.readsAll = rules.every(({ unread }) => unread === undefined)
  }

  /** A connection has to leave the one end and be let in at the other. */
  decide(flow: Flow): Verdict {
    const egress = flow.from.kind === 'pod' ? this.decideAt(flow.from, flow, 'egress') : undefined
    const ingress = flow.to.kind === 'pod' ? this.decideAt(flow.to, flow, 'ingress') : undefined
    return { allowed: egress?.allowed !== false && ingress?.allowed !== false, egress, ingress }
  }

  private decideAt(pod: Pod, flow: Flow, direction: Direction): Decision {
    const finding = this.findAt(pod, flow, direction, isSure)
    const doubt = this.readsAll ? undefined : this.doubtAt(pod, flow, direction, finding)
    return doubt === undefined ? finding : { ...finding, doubt }
  }

  private findAt(pod: Pod, flow: Flow, direction: Direction, matches: Matches): Finding {
    const reason = this.compiled.passes(flow, direction)
    if (reason !== undefined) return { allowed: true, by: 'engine', reason }
    for (const stage of this.compiled.stages) {
      const finding = decideStage(stage, this.selected(pod, stage), flow, direction, matches)
      if (finding !== undefined) return finding
    }
    return { allowed: true, by: 'nothing' }
  }

  /** A rule that would turn what was found, if the stream's silence hid a match; all of them together where none does alone. */
  private doubtAt(pod: Pod, flow: Flow, direction: Direction, { allowed }: Finding): Doubt | undefined {
    const doubts = this.compiled.stages.flatMap(stage => this.selected(pod, stage).flatMap(policy => doubtsOf(policy, flow, direction)))
    const turns = (hidden: readonly Doubt[]): boolean =>
      this.findAt(pod, flow, direction, (rule, asked) => isSure(rule, asked) || hidden.some(doubt => doubt.rule === rule)).allowed !== allowed
    return doubts.find(doubt => turns([doubt])) ?? (turns(doubts) ? doubts[0] : undefined)
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

type Matches = (rule: StagedRule, flow: Flow) => boolean

const isSure: Matches = (rule, flow) => rule.matches(flow)

function doubtsOf(staged: StagedPolicy, flow: Flow, direction: Direction): Doubt[] {
  const { policy } = staged
  return (staged[direction]?.rules ?? []).flatMap(rule => (rule.unread?.matches(flow) === true ? [{ policy, rule, why: rule.unread.why }] : []))
}

/** Undefined: the stage leaves it to the next one. */
function decideStage(stage: Stage, policies: readonly StagedPolicy[], flow: Flow, direction: Direction, matches: Matches): Finding | undefined {
  const matching = (stage.order === 'first' ? firstMatch : strongestMatch)(policies, flow, direction, matches)
  if (matching?.rule.action === 'pass') return undefined
  if (matching !== undefined) return { allowed: matching.rule.action === 'allow', by: 'rule', ...matching }
  const locking = policies.filter(policy => policy[direction]?.locks === true)
  if (locking.length === 0) return undefined
  const reason = stage.passes?.(flow, direction)
  return reason === undefined ? { allowed: false, by: 'lock', policies: locking.map(({ policy }) => policy) } : { allowed: true, by: 'engine', reason }
}

type Match = Pick<Extract<Finding, { by: 'rule' }>, 'policy' | 'rule'>

function firstMatch(policies: readonly StagedPolicy[], flow: Flow, direction: Direction, matches: Matches): Match | undefined {
  for (const { policy, [direction]: staged } of policies) {
    const rule = staged?.rules.find(candidate => matches(candidate, flow))
    if (rule !== undefined) return { policy, rule }
  }
  return undefined
}

function strongestMatch(policies: readonly StagedPolicy[], flow: Flow, direction: Direction, matches: Matches): Match | undefined {
  let strongest: Match | undefined
  for (const { policy, [direction]: staged } of policies)
    for (const rule of staged?.rules ?? [])
      if ((strongest === undefined || isStronger(rule, strongest.rule, flow)) && matches(rule, flow)) strongest = { policy, rule }
  return strongest
}

function isStronger(one: StagedRule, other: StagedRule, flow: Flow): boolean {
  const levels = (one.level ?? 0) - (other.level ?? 0)
  return levels < 0 || (levels === 0 && rank(one, flow) < rank(other, flow))
}

/** Of rules that allow, those that ask for nothing more come first. */
function rank({ action, proviso }: StagedRule, flow: Flow): number {
  if (action === 'allow') return proviso?.(flow) === undefined ? 1 : 2
  return action === 'deny' ? 0 : 3
}
