import fc from 'fast-check'
import type { Json, JsonObject } from '../../src/yaml/tree.ts'

/** Strings that readers of YAML 1.1 or 1.2 could take for something else. */
const tricky = [
  '',
  ' ',
  'yes',
  'No',
  'on',
  'OFF',
  'y',
  'n',
  '~',
  'null',
  'true',
  '.inf',
  '.NaN',
  '<<',
  '=',
  '1e3',
  '0777',
  '0o7',
  '0x1F',
  '12:30',
  '1_000',
  '2001-12-14',
  '.5',
  '+1',
  '-',
  '- a',
  '? a',
  'a: b',
  'a #b',
  '#',
  '%x',
  '@x',
  '`x',
  '&a',
  '*a',
  '!a',
  '|',
  '>',
  '"',
  "'",
  '{',
  '[',
  ',',
  '---',
  '...',
  'a\nb',
  '\n',
  'a\tb',
  '\r',
  '\\',
  '\0',
  '\x1b',
  '\x7f',
  '\x85',
  '\u2028',
  '\ufeff',
  'é',
  '😀',
  '*',
  "'*'",
  '__proto__',
  'constructor',
]

export const strings: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...tricky),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_./-]{0,20}$/),
)

const scalars: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: strings },
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  // JSON has no negative zero, and YAML's readers differ on it.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => (number === 0 ? 0 : number)),
)

const { json } = fc.letrec<{ json: Json; object: JsonObject }>(tie => ({
  json: fc.oneof({ depthSize: 'small' }, scalars, fc.array(tie('json'), { maxLength: 4 }), tie('object')),
  object: fc.uniqueArray(fc.tuple(strings, tie('json')), { maxLength: 4, selector: ([key]) => key }).map(entries => Object.fromEntries(entries)),
}))

/** Plain data of any shape. */
export const jsons: fc.Arbitrary<Json> = json

/** Mappings, never empty: no object of a cluster is. */
export const objects: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(fc.tuple(strings, jsons), { minLength: 1, maxLength: 6, selector: ([key]) => key })
  .map(entries => Object.fromEntries(entries))

/** Data that is something: a document of nothing is a case of its own. */
export const present: fc.Arbitrary<Json> = jsons.filter(json => json !== null)

/** Own keys only, in one order: `__proto__` is a key like any other. */
export function canonical(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(canonical)
  if (typeof json !== 'object' || json === null) return json
  const entries: [string, unknown][] = Object.entries(json).map(([key, value]) => [key, canonical(value)])
  return entries.sort(([one], [other]) => (one < other ? -1 : 1))
}
