import type { Chance } from '../harness/chance.ts'
import { LABELS, NAMESPACES, NAMESPACE_LABELS, SERVICE_ACCOUNTS, TAKEN_LABELS } from './world.ts'

/** What a selector speaks of, with the values that are there. */
type Keys = Readonly<Record<string, readonly string[]>>

const namespaceKeys: Keys = { ...NAMESPACE_LABELS, 'kubernetes.io/metadata.name': NAMESPACES, 'projectcalico.org/name': NAMESPACES }
const accountKeys: Keys = { role: ['reader', 'writer'], 'projectcalico.org/name': SERVICE_ACCOUNTS }
const prefixed = (prefix: string, keys: Keys): Keys => Object.fromEntries(Object.entries(keys).map(([key, values]) => [prefix + key, values]))

/** Labels of endpoints, those that Calico gives them among them. */
const ownKeys: Keys = {
  ...TAKEN_LABELS,
  'projectcalico.org/namespace': NAMESPACES,
  'projectcalico.org/orchestrator': ['k8s', 'other'],
  'projectcalico.org/serviceaccount': SERVICE_ACCOUNTS,
  ...prefixed('pcns.', namespaceKeys),
  ...prefixed('pcsa.', accountKeys),
}

/** A random selector in Calico's language over labels of endpoints, namespaces or service accounts. */
export function randomExpression(chance: Chance, of: 'endpoint' | 'namespace' | 'serviceAccount'): string {
  const keys = of === 'namespace' ? namespaceKeys : of === 'serviceAccount' ? accountKeys : chance.chance(0.7) ? LABELS : ownKeys
  return expression(chance, keys, chance.pick([0, 0, 0, 1, 1, 2]))
}

function expression(chance: Chance, keys: Keys, depth: number): string {
  if (depth === 0) return chance.pick(['', '', '', '!', '! ', '!!']) + operand(chance, keys)
  const parts = chance.times(1, 3, () => 0).map(() => expression(chance, keys, depth - 1))
  const joined = parts.reduce((whole, part) => whole + chance.pick([' && ', ' || ', '&&', '||']) + part)
  return chance.pick([joined, joined, `(${joined})`, `!(${joined})`, `( ${joined} )`])
}

function operand(chance: Chance, keys: Keys): string {
  const key = chance.pick([...Object.keys(keys), ...Object.keys(keys), 'absent'])
  const known = keys[key] ?? ['x']
  const value = (): string => chance.pick([...known, ...known, 'nobody', ''])
  const quoted = (text: string): string => chance.pick([`'${text}'`, `"${text}"`])
  const part = value()
  switch (chance.pick(['==', '==', '==', '!=', 'in', 'in', 'not in', 'notin', 'contains', 'starts with', 'startswith', 'ends with', 'has', 'has', 'all'])) {
    case '==':
      return `${key}${chance.pick([' == ', '=='])}${quoted(value())}`
    case '!=':
      return `${key} != ${quoted(value())}`
    case 'in':
      return `${key} in {${list(chance, value, quoted)}}`
    case 'not in':
      return `${key} not in { ${list(chance, value, quoted)} }`
    case 'notin':
      return `${key} notin{${list(chance, value, quoted)}}`
    case 'contains':
      return `${key} contains ${quoted(part.slice(1, 3))}`
    case 'starts with':
      return `${key} starts with ${quoted(part.slice(0, 2))}`
    case 'startswith':
      return `${key} startswith ${quoted(part)}`
    case 'ends with':
      return `${key} ends  with ${quoted(part.slice(-2))}`
    case 'has':
      return chance.pick([`has(${key})`, `has( ${key} )`])
    default:
      return chance.pick(['all()', 'all( )'])
  }
}

function list(chance: Chance, value: () => string, quoted: (text: string) => string): string {
  return chance.times(0, 3, () => quoted(value())).join(', ')
}
