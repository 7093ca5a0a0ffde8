import type { LabelRequirement, LabelSelector } from '../discover/selector.ts'
import { isObject, itemsOf, objectAt, textOf } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'

/** A selector with what of it could be read; not sure: there is more to it. */
export interface ReadSelector {
  readonly selector: LabelSelector
  readonly sure: boolean
}

/** A selector in the shape of Kubernetes; `key` respells each label key. */
export function readSelector(json: JsonObject, key: (key: string) => string = same): ReadSelector {
  const labels = Object.entries(objectAt(json, 'matchLabels')).map(([name, value]) => [key(name), textOf(value)] as const)
  const written = itemsOf(json['matchExpressions'])
  const matchExpressions = written.flatMap(item => requirement(item, key))
  return { selector: { matchLabels: Object.fromEntries(labels), matchExpressions }, sure: matchExpressions.length === written.length }
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const

function requirement(item: Json, key: (key: string) => string): LabelRequirement[] {
  if (!isObject(item)) return []
  const operator = operators.find(known => known === item['operator'])
  return operator === undefined ? [] : [{ key: key(textOf(item['key'])), operator, values: itemsOf(item['values']).map(textOf) }]
}

function same(key: string): string {
  return key
}

/** A selector in Calico's expression language, as far as it is a conjunction of simple terms. */
export function readExpression(text: string): ReadSelector {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'all()') return { selector: { matchLabels: {}, matchExpressions: [] }, sure: true }
  const terms = trimmed.includes('||') || trimmed.includes('(') ? [trimmed] : trimmed.split('&&')
  const read = terms.flatMap(term => toTerm(term.trim()))
  return { selector: { matchLabels: {}, matchExpressions: read }, sure: read.length === terms.length }
}

function toTerm(term: string): LabelRequirement[] {
  const comparison = /^([\w./-]+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)")$/.exec(term)
  if (comparison?.[1] !== undefined) {
    return [{ key: comparison[1], operator: comparison[2] === '==' ? 'In' : 'NotIn', values: [comparison[3] ?? comparison[4] ?? ''] }]
  }
  const set = /^([\w./-]+)\s+(not\s*)?in\s*\{([^}]*)\}$/.exec(term)
  if (set?.[1] === undefined) return []
  return [
    {
      key: set[1],
      operator: set[2] === undefined ? 'In' : 'NotIn',
      values: [...(set[3] ?? '').matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, one, other]) => one ?? other ?? ''),
    },
  ]
}
