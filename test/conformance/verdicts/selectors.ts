import type { Chance } from '../harness/chance.ts'
import type { PolicyObject } from './model.ts'
import { LABELS, TAKEN_LABELS } from './world.ts'

/** A random selector of pods. */
export type PodSelector = (chance: Chance) => PolicyObject

/** By labels that the API alone knows. */
export const byOwnLabels: PodSelector = chance => randomSelector(chance, LABELS)
/** The same, and by those that the engines give themselves. */
export const byAnyLabels: PodSelector = chance => randomSelector(chance, chance.chance(0.1) ? { ...LABELS, ...TAKEN_LABELS } : LABELS)

/** A random LabelSelector over some keys and values; often empty, sometimes of something that nobody has. */
export function randomSelector(chance: Chance, keys: Readonly<Record<string, readonly string[]>>): PolicyObject {
  const names = Object.keys(keys)
  const matchLabels = Object.fromEntries(chance.times(0, 1, () => chance.pick(names)).map(key => [key, chance.pick(keys[key] ?? [''])]))
  const matchExpressions = chance.chance(0.35) ? chance.times(1, 2, () => randomRequirement(chance, keys)) : []
  return { ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}), ...(matchExpressions.length > 0 ? { matchExpressions } : {}) }
}

function randomRequirement(chance: Chance, keys: Readonly<Record<string, readonly string[]>>): PolicyObject {
  const key = chance.pick([...Object.keys(keys), 'absent'])
  const operator = chance.pick(['In', 'NotIn', 'Exists', 'DoesNotExist'])
  const values = [...new Set(chance.times(1, 2, () => chance.pick([...(keys[key] ?? ['x']), 'nobody'])))]
  return { key, operator, ...(operator === 'In' || operator === 'NotIn' ? { values } : {}) }
}
