import type { Engine, JudgeName } from '../flows/model.ts'

export type PassthroughEngine = Exclude<Engine, 'kubernetes'>
export type Direction = 'ingress' | 'egress'

/** A passthrough list as a user writes it, and whether a cluster with that engine takes it. */
export interface Row {
  name: string
  engine: PassthroughEngine
  direction: Direction
  rules: readonly object[]
  good: boolean
  /** Judges that do not take it as they are set up, though others do. */
  notBy?: readonly JudgeName[]
  /** The cluster takes it though it is a mistake: we may refuse it. */
  free?: boolean
}

export const rows = (engine: PassthroughEngine, good: boolean, direction: Direction, table: Readonly<Record<string, object | readonly object[]>>): Row[] =>
  Object.entries(table).map(([name, rule]) => ({ name, engine, direction, good, rules: Array.isArray(rule) ? rule : [rule] }))
