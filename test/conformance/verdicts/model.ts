import type { Implementation } from '../../../src/verdict/contract.ts'
import type { World } from '../../../src/verdict/world.ts'
import type { JudgeName } from '../flows/model.ts'
import type { Chance } from '../harness/chance.ts'
import type { Value } from '../harness/manifest.ts'

export interface PolicyObject {
  [key: string]: Value
}

/** Random policies of a dialect, valid by construction, for one implementation and the judge that has the engine's own code. */
export interface Dialect {
  name: string
  judge: JudgeName
  implementation: Implementation
  /** How many cases for each of the others: its judge is quicker. */
  times?: number
  /** Of its own; undefined: as all have it. */
  world?: (chance: Chance) => World
  /** Policies that stand in one cluster together. */
  policies(chance: Chance, world: World): PolicyObject[]
}
