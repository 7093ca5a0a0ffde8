import { checked } from '../../values/fields.ts'
import type { Field } from '../../values/fields.ts'
import { objectAt } from '../../yaml/json.ts'
import { placeOf } from '../../yaml/tree.ts'
import type { JsonObject } from '../../yaml/tree.ts'

/** An object that says nothing without these keys; `what` they are, for people. */
export function requiring<T extends Readonly<Record<K, unknown>>, const K extends string>(field: Field<T>, required: readonly K[], what?: string): Field<T> {
  const whole = checked(field, value => {
    const key = required.find(name => isNothing(value[name]))
    return key === undefined ? undefined : `needs ${what ?? `a ${key}`}`
  })
  return { ...whole, schema: () => withRequired(field, required) }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/** The schema of an object whose keys have to be there: null is as good as none, and so is an empty list. */
function withRequired({ schema, keys = {} }: Pick<Field<unknown>, 'schema' | 'keys'>, required: readonly string[]): JsonObject {
  const whole = schema()
  const given = required.map(key => {
    const { default: _, ...rest } = keys[key]?.schema() ?? {}
    return [key, { ...rest, ...(rest['type'] === 'array' ? { minItems: 1 } : {}) }] as const
  })
  return { ...whole, properties: { ...objectAt(whole, 'properties'), ...Object.fromEntries(given) }, required: [...required] }
}

interface Named {
  readonly name: string
  readonly namespace?: string
}

/** A list of what has names, each once: nobody could tell which of two counts. */
export function eachOnce<T extends Named>(field: Field<readonly T[]>): Field<readonly T[]> {
  return {
    ...field,
    parse(tree, path, diagnose) {
      let wrong = false
      const items = field.parse(tree, path, (code, args, place) => {
        wrong = true
        diagnose(code, args, place)
      })
      // Those with a mistake may have no name.
      if (wrong || tree.kind !== 'sequence') return items
      const first = new Map<string, number>()
      for (const [index, item] of items.entries()) {
        const before = first.get(wordsOf(item))
        if (before === undefined) first.set(wordsOf(item), index)
        else
          diagnose(
            'NP205',
            { path: `${path}[${index}]`, problem: `is ${wordsOf(item)} again, after ${path}[${before}]` },
            placeOf(tree.items[index] ?? tree, `${path}[${index}]`),
          )
      }
      return items
    },
  }
}

function wordsOf({ namespace, name }: Named): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
