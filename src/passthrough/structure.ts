import { kindOf } from '../values/fields.ts'
import { nearest } from '../values/nearest.ts'
import { isNull } from '../yaml/tree.ts'
import type { ScalarNode } from '../yaml/tree.ts'
import type { Part } from './part.ts'
import type { Schema } from './schema.ts'

/** What an engine says of a key that its schema does not have; undefined where there is nothing to say. */
export type Explain = (key: string) => string | undefined

/** Tells every place where a rule has another shape than the schema, as the API server with strict field validation does. */
export function checkStructure(part: Part, schema: Schema, explain: Explain): void {
  const { tree } = part
  if (tree === undefined || (isNull(tree) && schema.default !== undefined)) return
  if (!hasType(part, schema)) {
    part.tell('NP204', { path: part.path, expected: expected(schema), got: kindOf(tree) })
    return
  }
  if (tree.kind === 'scalar') checkScalar(part, tree, schema)
  if (tree.kind === 'sequence') checkList(part, schema, explain)
  if (tree.kind === 'mapping') checkMapping(part, schema, explain)
}

function hasType({ tree }: Part, schema: Schema): boolean {
  const scalar = tree?.kind === 'scalar' ? tree.value : undefined
  if (schema['x-kubernetes-int-or-string'] === true) return typeof scalar === 'string' || isInteger(scalar)
  switch (schema.type) {
    case 'object':
      return tree?.kind === 'mapping'
    case 'array':
      return tree?.kind === 'sequence'
    case 'integer':
      return isInteger(scalar)
    case 'number':
      return typeof scalar === 'number'
    case 'string':
      return typeof scalar === 'string'
    case 'boolean':
      return typeof scalar === 'boolean'
    default:
      return true
  }
}

/** A whole float is an integer to the API server too. */
function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value)
}

const names: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  integer: 'an integer',
  number: 'a number',
  string: 'a string (quote it)',
  boolean: 'true or false',
}

function expected(schema: Schema): string {
  return schema['x-kubernetes-int-or-string'] === true ? 'an integer or a string' : (names[schema.type ?? ''] ?? 'another value')
}

function checkScalar(part: Part, { value, written }: ScalarNode, schema: Schema): void {
  if (schema.enum !== undefined && !schema.enum.some(word => word === value)) {
    const allowed = schema.enum.map(String)
    part.tell('NP206', { path: part.path, got: JSON.stringify(written), allowed, nearest: nearest(written, allowed), advice: 'Write one of them.' })
  }
  if (typeof value === 'number') checkNumber(part, value, schema)
  if (typeof value === 'string') checkText(part, value, schema)
}

function checkNumber(part: Part, value: number, { minimum = -Infinity, maximum = Infinity }: Schema): void {
  if (value < minimum || value > maximum) part.problem(`is ${value}; it can be ${minimum} to ${maximum}`)
}

function checkText(part: Part, value: string, { minLength = 0, maxLength = Infinity, pattern }: Schema): void {
  // The API server counts characters, not UTF-16 units.
  const length = value.length > maxLength ? [...value].length : value.length
  if (length > maxLength) part.problem(`has ${length} characters; it can have ${maxLength}`)
  else if (length < minLength) part.problem('is empty')
  // A longer text than is taken never gets to the pattern, which may be slow.
  else if (pattern !== undefined && !new RegExp(pattern).test(value)) part.problem(`is ${JSON.stringify(value)}, which is not of the form ${pattern}`)
}

function checkList(part: Part, { items, minItems = 0, maxItems = Infinity, set = false }: Schema, explain: Explain): void {
  const { length } = part.items
  if (length < minItems) part.problem('is an empty list; it needs an entry')
  if (length > maxItems) part.problem(maxItems === 0 ? 'must stay empty' : `has ${length} entries; it can have ${maxItems}`)
  const seen = new Set<string | number>()
  for (const item of part.items) {
    if (items !== undefined) checkStructure(item, items, explain)
    if (set && item.value !== undefined && seen.has(item.value)) item.problem(`is ${JSON.stringify(item.value)} a second time`)
    if (item.value !== undefined) seen.add(item.value)
  }
}

function checkMapping(part: Part, schema: Schema, explain: Explain): void {
  const { properties = {}, additionalProperties, required = [], exactlyOne = [] } = schema
  const known = Object.keys(properties)
  for (const entry of part.entries) {
    const inner = Object.hasOwn(properties, entry.key) ? properties[entry.key] : additionalProperties
    if (inner !== undefined) checkStructure(part.child(entry.value, `${part.path}.${entry.key}`), inner, explain)
    else if (schema['x-kubernetes-preserve-unknown-fields'] !== true) tellUnknown(part, entry, known, explain)
  }
  // Null is no value to a required key, and is told as one of the wrong type.
  const missing = required.filter(key => part.at(key).tree === undefined)
  if (missing.length > 0) part.problem(`needs ${missing.join(' and ')}`)
  checkChoice(part, schema, exactlyOne)
}

function tellUnknown(part: Part, entry: Part['entries'][number], known: readonly string[], explain: Explain): void {
  const reason = explain(entry.key)
  if (reason === undefined) part.tellKey(entry, 'NP203', path => ({ path, nearest: nearest(entry.key, known) }))
  else part.tellKey(entry, 'NP411', path => ({ path, reason }))
}

/** The CRDs limit keys only where one of several must be chosen. */
function checkChoice(part: Part, { properties = {}, minProperties = 0, maxProperties = Infinity }: Schema, exactlyOne: readonly string[]): void {
  const count = part.entries.length
  const chosen = exactlyOne.filter(key => part.at(key).tree !== undefined)
  if (count < minProperties) part.problem(`needs one of ${Object.keys(properties).join(', ')}`)
  else if (count > maxProperties) part.problem(`can have one key, and has ${part.entries.map(({ key }) => key).join(', ')}`)
  else if (exactlyOne.length > 0 && chosen.length !== 1)
    part.problem(chosen.length === 0 ? `needs one of ${exactlyOne.join(', ')}` : `can have only one of ${chosen.join(', ')}`)
}
