import type { Diagnose } from '../diagnostics/collect.ts'
import { isObject } from '../yaml/json.ts'
import { at, isNull, placeAt, placeOf, toJson } from '../yaml/tree.ts'
import type { JsonObject, Place, Tree } from '../yaml/tree.ts'
import { nearest } from './nearest.ts'

/**
 * One key of the values: how it is parsed, what it is when absent, and how the reference and the JSON
 * Schema describe it. The type of the parsed values is inferred from the fields.
 */
export interface Field<T> {
  readonly describe: string
  /** For the reference table: `boolean`, `list of …`. */
  readonly type: string
  readonly absent: T
  readonly parse: (tree: Tree, path: string, diagnose: Diagnose) => T
  readonly schema: () => JsonObject
  /** The keys below, for the reference table. */
  readonly keys?: Fields
}

export type Fields = Readonly<Record<string, Field<unknown>>>
export type Parsed<F> = F extends Field<infer T> ? T : never
export type ParsedFields<F extends Fields> = { readonly [K in keyof F]: Parsed<F[K]> }

/** A value with the place a user wrote it at, and as it was written, for what is passed on verbatim. */
export interface Located<T> {
  readonly value: T
  readonly json: JsonObject
  /** The same with the place of every part; undefined for an absent value. */
  readonly tree: Tree | undefined
  readonly path: string
  readonly place: Place
}

export function boolean(describe: string, absent: boolean): Field<boolean> {
  return scalar(describe, 'boolean', absent, value => (typeof value === 'boolean' ? value : undefined), 'true or false', { type: 'boolean' })
}

export function number(describe: string, absent: number): Field<number> {
  return scalar(describe, 'number', absent, value => (typeof value === 'number' ? value : undefined), 'a number', { type: 'number' })
}

export interface TextOptions {
  readonly expected?: string
  readonly matches?: (text: string) => boolean
  /** What of that a JSON Schema can say: never more than `matches` does. */
  readonly schema?: JsonObject
}

export function text(describe: string, absent: string, { expected = 'a string', matches = () => true, schema = {} }: TextOptions = {}): Field<string> {
  return scalar(describe, 'string', absent, value => (typeof value === 'string' && matches(value) ? value : undefined), expected, { type: 'string', ...schema })
}

/** One of a few words; `advice` is what to do about another. */
export function oneOf<const T extends string>(describe: string, allowed: readonly T[], absent: T, advice = 'Write one of them.'): Field<T> {
  return {
    describe,
    type: allowed.join(' | '),
    absent,
    schema: () => ({ type: 'string', enum: [...allowed], default: absent, description: describe }),
    parse(tree, path, diagnose) {
      if (isNull(tree)) return absent
      const found = tree.kind === 'scalar' ? allowed.find(word => word === tree.value) : undefined
      if (found !== undefined) return found
      const [got, near] = tree.kind === 'scalar' ? [JSON.stringify(tree.written), nearest(tree.written, allowed)] : [kindOf(tree), undefined]
      diagnose('NP206', { path, got, allowed, nearest: near, advice }, placeOf(tree, path))
      return absent
    },
  }
}

export function list<T>(describe: string, item: Field<T>): Field<readonly T[]> {
  return {
    describe,
    type: `list of ${item.type}`,
    absent: [],
    schema: () => ({ type: 'array', items: item.schema(), default: [], description: describe }),
    parse(tree, path, diagnose) {
      if (isNull(tree)) return []
      if (tree.kind === 'sequence') return tree.items.flatMap((entry, index) => parseItem(item, entry, `${path}[${index}]`, diagnose))
      wrongType(tree, path, `a list of ${item.type}`, diagnose)
      return []
    },
  }
}

/** A dash with nothing behind it: as an empty rule it would allow everything. */
function parseItem<T>(item: Field<T>, entry: Tree, path: string, diagnose: Diagnose): T[] {
  if (!isNull(entry)) return [item.parse(entry, path, diagnose)]
  wrongType(entry, path, `a ${item.type}`, diagnose)
  return []
}

export function object<const F extends Fields>(describe: string, keys: F, type = 'object'): Field<ParsedFields<F>> {
  const parseKey = (tree: Tree | undefined, key: keyof F & string, path: string, diagnose: Diagnose): unknown => {
    const field = keys[key]
    const value = at(tree, key)
    return value === undefined ? field?.absent : field?.parse(value, below(path, key), diagnose)
  }
  // The one place where the shape of an object is told to the compiler: it is made from the very fields that type it.
  const build = (tree: Tree | undefined, path: string, diagnose: Diagnose): ParsedFields<F> =>
    Object.fromEntries(Object.keys(keys).map(key => [key, parseKey(tree, key, path, diagnose)])) as ParsedFields<F>
  return {
    describe,
    type,
    keys,
    get absent() {
      return build(undefined, '', () => {})
    },
    schema: () => ({
      type: 'object',
      description: describe,
      properties: Object.fromEntries(Object.entries(keys).map(([key, field]) => [key, orNull(field.schema())])),
      additionalProperties: false,
    }),
    parse(tree, path, diagnose) {
      if (isNull(tree)) return build(undefined, path, diagnose)
      if (tree.kind !== 'mapping') wrongType(tree, path, 'a mapping', diagnose)
      unknownKeys(tree, path, Object.keys(keys), diagnose)
      return build(tree, path, diagnose)
    },
  }
}

/** A key with nothing behind it is as good as none. */
export function orNull(schema: JsonObject): JsonObject {
  const { type, enum: allowed, anyOf } = schema
  if (type === undefined && Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] }
  return { ...schema, type: [...(Array.isArray(type) ? type : [type ?? 'object']), 'null'], ...(Array.isArray(allowed) ? { enum: [...allowed, null] } : {}) }
}

/** A value that may be absent, which is not the same as any value it can have. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  const schema = (): JsonObject => {
    const { default: _, ...rest } = field.schema()
    return rest
  }
  return { ...field, absent: undefined, schema, parse: (tree, path, diagnose) => (isNull(tree) ? undefined : field.parse(tree, path, diagnose)) }
}

/** A field with a check over the whole of what was parsed; `schema` is what a JSON Schema can say of it, and never more. */
export function checked<T>(field: Field<T>, problem: (value: T, tree: Tree) => string | undefined, schema: JsonObject = {}): Field<T> {
  return {
    ...field,
    schema: () => ({ ...field.schema(), ...schema }),
    parse(tree, path, diagnose) {
      let wrong = false
      const value = field.parse(tree, path, (code, args, place) => {
        wrong = true
        diagnose(code, args, place)
      })
      // After a finer mistake the check over the whole would only repeat it.
      const found = wrong ? undefined : problem(value, tree)
      if (found !== undefined) diagnose('NP205', { path, problem: found }, placeOf(tree, path))
      return value
    },
  }
}

/** A mapping that keeps its place and its words, beside what it was parsed into. */
export function located<T>(field: Field<T>): Field<Located<T>> {
  const nowhere: Place = { source: '', line: 0, column: 0 }
  return {
    ...field,
    absent: { value: field.absent, json: {}, tree: undefined, path: '', place: nowhere },
    parse(tree, path, diagnose) {
      const json = toJson(tree)
      return { value: field.parse(tree, path, diagnose), json: isObject(json) ? json : {}, tree, path, place: placeOf(tree, path) }
    },
  }
}

/** A rule in an engine's own words: any mapping. */
export function anyObject(type: string): Field<null> {
  return {
    describe: '',
    type,
    absent: null,
    schema: () => ({ type: 'object' }),
    parse(tree, path, diagnose) {
      if (tree.kind !== 'mapping') wrongType(tree, path, `a mapping (${type})`, diagnose)
      return null
    },
  }
}

export function wrongType(tree: Tree, path: string, expected: string, diagnose: Diagnose): void {
  diagnose('NP204', { path, expected, got: kindOf(tree) }, placeOf(tree, path))
}

/** The same of whole values, of which only the block is ours to quote. */
export function wrongValues(tree: Tree, path: string, expected: string, diagnose: Diagnose): void {
  diagnose('NP204', { path, expected, got: tree.kind === 'scalar' ? `a ${typeof tree.value}` : kindOf(tree) }, placeOf(tree, path))
}

export function kindOf(tree: Tree): string {
  if (tree.kind === 'mapping') return 'a mapping'
  if (tree.kind === 'sequence') return 'a list'
  if (tree.value === null) return 'nothing'
  return typeof tree.value === 'string' ? JSON.stringify(tree.value) : `the ${typeof tree.value} ${tree.written}`
}

/** The whole of a file has no path. */
function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function unknownKeys(tree: Tree, path: string, known: readonly string[], diagnose: Diagnose): void {
  if (tree.kind !== 'mapping') return
  for (const { key, keySource, keyStart } of tree.entries.values()) {
    if (known.includes(key)) continue
    const full = below(path, key)
    diagnose('NP203', { path: full, nearest: nearest(key, known) }, placeAt(keySource, keyStart, full))
  }
}

function scalar<T extends string | number | boolean>(
  describe: string,
  type: string,
  absent: T,
  accept: (value: unknown) => T | undefined,
  expected: string,
  schema: JsonObject,
): Field<T> {
  return {
    describe,
    type,
    absent,
    schema: () => ({ ...schema, default: absent, description: describe }),
    parse(tree, path, diagnose) {
      if (isNull(tree)) return absent
      const value = tree.kind === 'scalar' ? accept(tree.value) : undefined
      if (value !== undefined) return value
      wrongType(tree, path, expected, diagnose)
      return absent
    },
  }
}
