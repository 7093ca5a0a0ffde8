import type { Reach, ReachPart, ReachPort } from '../coverage/reach.ts'

/** One sort of peers of a rule in an engine's own words, read. */
export interface ReadRule {
  readonly part: ReachPart
  readonly ports: readonly ReachPort[]
  readonly allows: boolean
  readonly readsDns?: boolean
}

export function toReach({ part, ...read }: ReadRule, rule: Reach['rule']): Reach {
  return { ...part, ...read, rule }
}
