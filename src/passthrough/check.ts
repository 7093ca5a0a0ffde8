import type { Reach } from '../coverage/reach.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import type { engines } from '../engines/registry.ts'
import type { EngineName } from '../engines/registry.ts'
import type { JsonObject } from '../yaml/tree.ts'
import type { Passthrough } from './merge.ts'
import { calico } from './calico.ts'
import { cilium } from './cilium.ts'
import { clusterNetworkPolicy } from './cluster-network-policy.ts'
import { Part } from './part.ts'
import { toReach } from './reach.ts'
import type { ReadRule } from './reach.ts'
import type { Direction, Schemas } from './schema.ts'
import { checkStructure } from './structure.ts'
import type { Explain } from './structure.ts'

/** What is known of the rules of one engine. */
export interface Dialect {
  readonly schemas: Schemas
  readonly explain: Explain
  /** What the engine refuses beyond the schema; parts of the wrong type are told already. */
  readonly check: (rule: Part, direction: Direction) => void
  /** What an egress rule lets through, or denies. */
  readonly readEgress: (rule: JsonObject) => readonly ReadRule[]
}

/**
 * Holds the user's own rules against the schema and the rules of the engine in use, and tells every mistake at
 * its line. Gives the rules that have one.
 */
export function checkPassthrough(engine: EngineName, own: Passthrough, diagnose: Diagnose): ReadonlySet<JsonObject> {
  const wrong = new Set<JsonObject>()
  const rules = (['ingress', 'egress'] as const).flatMap(direction => own[direction].map(rule => ({ rule, direction })))
  if (!isChecked(engine)) return wrong
  const { schemas, explain, check } = dialects[engine]
  for (const {
    rule: { tree, json, path },
    direction,
  } of rules) {
    // What is no mapping was told when the values were read.
    if (tree?.kind !== 'mapping') continue
    const told = new Set<string>()
    const part = new Part(tree, path, { diagnose, told }, tree)
    checkStructure(part, schemas[direction], explain)
    check(part, direction)
    if (told.size > 0) wrong.add(json)
  }
  return wrong
}

/** What the user's own egress rules let through, in the order in which they stand. */
export function readEgress(engine: EngineName, own: Passthrough): Reach[] {
  if (!isChecked(engine)) return []
  const dialect = dialects[engine]
  return own.egress.flatMap(({ json, path }) => dialect.readEgress(json).map(read => toReach(read, { path, json })))
}

/** The engines that take rules of the user's own. */
type Checked = { [K in EngineName]: (typeof engines)[K]['passthrough'] extends true ? K : never }[EngineName]

const dialects: Readonly<Record<Checked, Dialect>> = {
  cilium,
  calico,
  clusterNetworkPolicy,
}

function isChecked(engine: EngineName): engine is Checked {
  return Object.hasOwn(dialects, engine)
}
