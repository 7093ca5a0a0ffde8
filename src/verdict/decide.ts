import type { Resource } from '../resources/resource.ts'
import type { Compiled, Decision, Direction, Doubt, Finding, Idle, Stage, StagedPolicy, StagedRule, Verdict } from './contract.ts'
import { once } from './once.ts'
import type { Flow, Pod } from './world.ts'

/** Decides flows; what is asked of a pod more than once is worked out once. */
export class Judge {
  private readonly passes: Compiled['passes']
  private readonly stages: readonly AskedStage[]
  private readonly readsAll: boolean

  constructor({ stages, passes }: Compiled) {
    this.passes = passes
    this.stages = stages.map(stage => {
      const within = byNamespace(stage.policies)
      return { stage, selecting: once(pod => within(pod.namespace).filter(({ selects }) => selects(pod))) }
    })
    const policies = stages.flatMap(stage => stage.policies)
    const rules = policies.flatMap(policy => [...rulesOf(policy, 'ingress'), ...rulesOf(policy, 'egress')])
    this.readsAll = rules.every(({ unread }) => unread === undefined)
  }

  /** A connection has to leave the one end and be let in at the other. `side`: the one that alone is asked. */
  decide(flow: Flow, side?: Direction): Verdict {
    const egress = flow.from.kind === 'pod' && side !== 'ingress' ? this.decideAt(flow.from, flow, 'egress') : undefined
    const ingress = flow.to.kind === 'pod' && side !== 'egress' ? this.decideAt(flow.to, flow, 'ingress') : undefined
    return { allowed: egress?.allowed !== false && ingress?.allowed !== false, egress, ingress }
  }

  /** Those that select pods; others are only spoken of by them. */
  get staged(): ReadonlySet<Resource> {
    return new Set(this.stages.flatMap(({ stage }) => stage.policies.map(({ policy }) => policy)))
  }

  /** Those that say something of what comes to a pod, or of what leaves it. */
  policiesOf(pod: Pod, direction: Direction): ReadonlySet<Resource> {
    const selecting = this.stages.flatMap(stage => stage.selecting(pod))
    return new Set(selecting.filter(policy => policy[direction] !== undefined).map(({ policy }) => policy))
  }

  private decideAt(pod: Pod, flow: Flow, direction: Direction): Decision {
    const finding = this.findAt(pod, flow, direction, isSure)
    const doubt = this.readsAll ? undefined : this.doubtAt(pod, flow, direction, finding)
    return doubt === undefined ? finding : { ...finding, doubt }
  }

  private findAt(pod: Pod, flow: Flow, direction: Direction, matches: Matches): Finding {
    const reason = this.passes(flow)
    if (reason !== undefined) return { allowed: true, by: 'engine', reason }
    const idle = new Map<Resource, Idle>()
    for (const { stage, selecting } of this.stages) {
      const decided = decideStage(stage, selecting(pod), flow, direction, matches)
      if ('by' in decided) return decided
      // A policy may be in several stages.
      for (const one of decided.idle) if (one.rule !== undefined || !idle.has(one.policy)) idle.set(one.policy, one)
    }
    return { allowed: true, by: 'nothing', idle: [...idle.values()] }
  }

  /** A rule that would turn what was found, if the stream's silence hid a match; all of them together where none does alone. */
  private doubtAt(pod: Pod, flow: Flow, direction: Direction, { allowed }: Finding): Doubt | undefined {
    const doubts = this.stages.flatMap(({ selecting }) => selecting(pod).flatMap(policy => doubtsOf(policy, flow, direction)))
    if (doubts.length === 0) return undefined
    const turns = (hidden: readonly Doubt[]): boolean =>
      this.findAt(pod, flow, direction, (rule, asked) => isSure(rule, asked) || hidden.some(doubt => doubt.rule === rule)).allowed !== allowed
    return doubts.find(doubt => turns([doubt])) ?? (turns(doubts) ? doubts[0] : undefined)
  }
}

interface AskedStage {
  readonly stage: Stage
  readonly selecting: (pod: Pod) => readonly StagedPolicy[]
}

/** Those that may select a pod of a namespace, in their order. */
function byNamespace(policies: readonly StagedPolicy[]): (namespace: string) => readonly StagedPolicy[] {
  const known = new Map<string, readonly StagedPolicy[]>()
  return asked => {
    const found = known.get(asked) ?? policies.filter(({ namespace = asked }) => namespace === asked)
    known.set(asked, found)
    return found
  }
}

function rulesOf(policy: StagedPolicy, direction: Direction): readonly StagedRule[] {
  return policy[direction]?.rules ?? []
}

type Matches = (rule: StagedRule, flow: Flow) => boolean

const isSure: Matches = (rule, flow) => rule.matches(flow)

function doubtsOf(staged: StagedPolicy, flow: Flow, direction: Direction): Doubt[] {
  const { policy } = staged
  return rulesOf(staged, direction).flatMap(rule => (rule.unread?.matches(flow) === true ? [{ policy, rule, why: rule.unread.why }] : []))
}

/** Those of a stage that leaves it to the next one. */
interface Undecided {
  readonly idle: readonly Idle[]
}

function decideStage(stage: Stage, policies: readonly StagedPolicy[], flow: Flow, direction: Direction, matches: Matches): Finding | Undecided {
  const matching = (stage.order === 'first' ? firstMatch : strongestMatch)(policies, flow, direction, matches)
  if (matching?.rule.action === 'pass') return { idle: [matching] }
  if (matching !== undefined) return { allowed: matching.rule.action === 'allow', by: 'rule', ...matching }
  const locking = policies.filter(policy => policy[direction]?.locks === true)
  if (locking.length === 0) return { idle: policies.filter(policy => isAbout(policy, direction)).map(({ policy }) => ({ policy })) }
  const reason = stage.passes?.(flow)
  return reason === undefined ? { allowed: false, by: 'lock', policies: locking.map(({ policy }) => policy) } : { allowed: true, by: 'engine', reason }
}

/** It has rules for the direction, or is for that one alone. */
function isAbout(policy: StagedPolicy, direction: Direction): boolean {
  const own = policy[direction]
  return own !== undefined && (own.rules.length > 0 || policy[direction === 'ingress' ? 'egress' : 'ingress'] === undefined)
}

type Match = Pick<Extract<Finding, { by: 'rule' }>, 'policy' | 'rule'>

function firstMatch(policies: readonly StagedPolicy[], flow: Flow, direction: Direction, matches: Matches): Match | undefined {
  for (const staged of policies) {
    const rule = rulesOf(staged, direction).find(candidate => matches(candidate, flow))
    if (rule !== undefined) return { policy: staged.policy, rule }
  }
  return undefined
}

function strongestMatch(policies: readonly StagedPolicy[], flow: Flow, direction: Direction, matches: Matches): Match | undefined {
  let strongest: Match | undefined
  for (const staged of policies)
    for (const rule of rulesOf(staged, direction))
      if ((strongest === undefined || isStronger(rule, strongest.rule, flow)) && matches(rule, flow)) strongest = { policy: staged.policy, rule }
  return strongest
}

function isStronger(one: StagedRule, other: StagedRule, flow: Flow): boolean {
  const levels = (one.level ?? 0) - (other.level ?? 0)
  return levels < 0 || (levels === 0 && rank(one, flow) < rank(other, flow))
}

/** Of rules that allow, those whose proviso binds the others come first, then those that ask for nothing more. */
function rank({ action, proviso }: StagedRule, flow: Flow): number {
  if (action !== 'allow') return action === 'deny' ? 0 : 4
  const asked = proviso?.(flow)
  return asked === undefined ? 2 : asked.binds ? 1 : 3
}
