import type { Chance } from '../harness/chance.ts'
import type { PolicyObject } from './model.ts'

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
