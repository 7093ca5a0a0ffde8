import { checked } from '../../values/fields.ts'
import type { Field } from '../../values/fields.ts'
import { placeOf } from '../../yaml/tree.ts'

/** A field whose text keys have to be given. */
export function named<T extends Readonly<Record<K, string>>, const K extends string>(field: Field<T>, keys: readonly K[]): Field<T> {
  const missing = (value: T): string | undefined => keys.find(key => value[key] === '')
  return checked(
    field,
    value => {
      const key = missing(value)
      return key === undefined ? undefined : `needs a ${key}`
    },
    { required: [...keys] },
  )
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
