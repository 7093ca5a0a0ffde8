import { parse } from 'yaml'
import type { Mutant } from './instrument.ts'
import { brief, lineOf } from './source.ts'

/** Why some mutants of a line may live, from explained.yaml. */
export interface Explanation {
  readonly file: string
  /** The line of the source that they begin in, without its indentation. */
  readonly line: string
  /** `original → replacement`, each brief. */
  readonly changes: readonly string[]
  readonly reason: string
}

/** Reads explained.yaml. Throws where it is not a list of explanations. */
export function readExplanations(text: string): Explanation[] {
  const list: unknown = parse(text) ?? []
  if (!Array.isArray(list)) throw new Error('explained.yaml is no list')
  return list.map((entry: unknown, index) => {
    const file = textIn(entry, 'file')
    const line = textIn(entry, 'line')
    const reason = textIn(entry, 'reason')
    const changes = textsIn(entry, 'changes')
    if (file === undefined || line === undefined || reason === undefined || changes.length === 0)
      throw new Error(`explained.yaml, entry ${index + 1}: file, line, changes and reason are needed`)
    return { file, line, changes, reason }
  })
}

export function changeOf({ original, replacement }: Mutant): string {
  return `${brief(original)} → ${brief(replacement)}`
}

export interface Explained {
  readonly reasons: ReadonlyMap<Mutant, string>
  /** Changes that no survivor is. */
  readonly stale: readonly string[]
}

/** Holds the survivors against the explanations, by text; `judged`: files whose explanations have to be met. */
export function explain(survivors: readonly Mutant[], texts: ReadonlyMap<string, string>, explanations: readonly Explanation[]): Explained {
  const given = new Map(explanations.flatMap(({ file, line, changes, reason }) => changes.map(change => [keyOf(file, line, change), reason] as const)))
  const met = survivors.flatMap(mutant => {
    const text = texts.get(mutant.file) ?? ''
    const key = keyOf(mutant.file, lineOf(text, mutant.range), changeOf(mutant))
    const reason = given.get(key)
    return reason === undefined ? [] : [{ mutant, key, reason }]
  })
  const used = new Set(met.map(({ key }) => key))
  const stale = [...given.keys()].filter(key => !used.has(key) && texts.has(fileIn(key)))
  return { reasons: new Map(met.map(({ mutant, reason }) => [mutant, reason])), stale }
}

function keyOf(file: string, line: string, change: string): string {
  return `${file}: ${line}: ${change}`
}

function fileIn(key: string): string {
  return key.slice(0, key.indexOf(': '))
}

function textIn(entry: unknown, key: string): string | undefined {
  const value = valueIn(entry, key)
  return typeof value === 'string' ? value.trim() : undefined
}

function textsIn(entry: unknown, key: string): string[] {
  const value = valueIn(entry, key)
  return Array.isArray(value) ? value.map(text => String(text).trim()) : []
}

function valueIn(entry: unknown, key: string): unknown {
  return typeof entry === 'object' && entry !== null ? Object.entries(entry).find(([name]) => name === key)?.[1] : undefined
}
