import type { SetKind } from '../../../src/values/set.ts'
import type { Value } from '../harness/manifest.ts'

/** Values as a user gives them: files, the first to the last, and expressions in the order in which Helm applies them. */
export interface Case {
  /** YAML, each with a mapping at the top. */
  readonly files: readonly string[]
  readonly expressions: readonly Expression[]
}

export interface Expression {
  readonly kind: SetKind
  /** With `root`, `opening` and `closing` in it. */
  readonly text: string
}

/** Stands before each name, where the name of a case may go in front. */
export const root = '\ue000'
/** Stand around an object without a name, likewise. */
export const opening = '\ue001'
export const closing = '\ue002'

/** The case below a name of its own, so that many of them fit into one run; without one, as it is. */
export function below(name: string | undefined, { files, expressions }: Case): Case {
  const [before, open, close] = name === undefined ? ['', '', ''] : [`${name}.`, `{${JSON.stringify(name)}:`, '}']
  return {
    files: name === undefined ? files : files.map(text => `${name}:\n${text.replace(/^(?=.)/gm, '  ').replace(/\n?$/, '\n')}`),
    expressions: expressions.map(({ kind, text }) => ({ kind, text: text.replaceAll(root, before).replaceAll(opening, open).replaceAll(closing, close) })),
  }
}

/** The values, or why they are refused. */
export type Verdict = { readonly values: Value | undefined } | { readonly refused: string }

/** One text for each value, whatever the order of its keys. */
export function canonical(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === undefined) return 'nothing'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`
}

export function isSame(one: Verdict, other: Verdict): boolean {
  if ('refused' in one || 'refused' in other) return 'refused' in one && 'refused' in other
  return canonical(one.values) === canonical(other.values)
}

/** As it is printed: a list may have 65,536 items. */
export function shown(verdict: Verdict): string {
  return ('refused' in verdict ? `refused: ${verdict.refused}` : canonical(verdict.values)).slice(0, 2000)
}
