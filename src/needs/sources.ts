import type { Container } from '../discover/containers.ts'
import type { Tree } from '../yaml/tree.ts'
import { entriesAt } from '../yaml/tree.ts'
import type { NeedFinding } from './need.ts'

/** A text of the stream that may name a destination. */
export interface Setting extends NeedFinding {
  readonly kind: 'flag' | 'variable' | 'key'
  /** The flag, the variable, or the path in a configuration file: `exporters.otlp.endpoint`. */
  readonly name: string
  readonly text: string
}

/** The flags and variables of a container, in the order of the stream. */
export function settingsOf({ arguments: words, variables }: Container): Setting[] {
  const flags = words.map(({ flag, value, place }): Setting => ({ kind: 'flag', name: flag, text: value, where: `--${flag}=${value}`, place }))
  const named = variables.flatMap(({ name, value, what, place }): Setting[] =>
    value === undefined ? [] : [{ kind: 'variable', name, text: value, where: `${what}=${value}`, place }],
  )
  return [...flags, ...named]
}

/** The leaves of a configuration file that a ConfigMap holds. */
export function settingsIn(tree: Tree, file: string, place: NeedFinding['place'], path: readonly string[] = []): Setting[] {
  if (tree.kind === 'sequence') return tree.items.flatMap((item, index) => settingsIn(item, file, place, [...path, String(index)]))
  if (tree.kind === 'mapping') return entriesAt(tree).flatMap(({ key, value }) => settingsIn(value, file, place, [...path, key]))
  if (typeof tree.value !== 'string' || tree.value.length > longest) return []
  return [{ kind: 'key', name: path.join('.'), text: tree.value, where: `${path.join('.')}: ${tree.value} in ${file}`, place }]
}

/** Longer texts are scripts and certificates. */
const longest = 2000
