import { itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { expand } from './environment.ts'
import type { Variable } from './environment.ts'

/** A flag of a container's command line. */
export interface Argument {
  /** Without dashes: `gate-bind-address`. */
  readonly flag: string
  readonly value: string
  readonly place: Place
}

/** The flags of a container, `--flag=value` and `--flag value` alike, with references to its environment resolved. */
export function bindings(container: Tree, variables: readonly Variable[]): Argument[] {
  const words = [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].map(node => ({
    text: expand(textAt(node) ?? '', variables),
    place: placeOf(node),
  }))
  return words.flatMap(({ text, place }, index) => {
    const match = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(text)
    if (match?.[1] === undefined) return []
    const next = words[index + 1]?.text
    const value = match[2] ?? (next === undefined || next.startsWith('-') ? '' : next)
    return [{ flag: match[1], value, place }]
  })
}
