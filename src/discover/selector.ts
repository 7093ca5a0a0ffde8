import type { Diagnose } from '../diagnostics/collect.ts'
import { at, textAt, textsAt, itemsAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'

export type Labels = Readonly<Record<string, string>>

/** A Kubernetes label selector; all parts must hold, and an empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels: Labels
  readonly matchExpressions: readonly LabelRequirement[]
}

export interface LabelRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  readonly values: readonly string[]
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const

/** Reads a selector of the stream; undefined where there is none. `complain` hears of an operator that does not exist. */
export function toSelector(tree: Tree | undefined, complain: (problem: string) => void): LabelSelector | undefined {
  if (tree?.kind !== 'mapping') return undefined
  return {
    matchLabels: textsAt(tree, 'matchLabels'),
    matchExpressions: itemsAt(tree, 'matchExpressions').flatMap(item => {
      const written = textAt(item, 'operator')
      const operator = operators.find(known => known === written)
      const key = textAt(item, 'key')
      if (operator === undefined || key === undefined) {
        complain(`has the operator ${written ?? '(none)'} on ${key ?? '(no key)'}`)
        return []
      }
      return [{ key, operator, values: itemsAt(item, 'values').flatMap(value => textAt(value) ?? []) }]
    }),
  }
}

export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return (
    hasLabels(labels, matchLabels) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined
      if (operator === 'Exists') return value !== undefined
      if (operator === 'DoesNotExist') return value === undefined
      const listed = value !== undefined && values.includes(value)
      return operator === 'In' ? listed : !listed
    })
  )
}

export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

export function isEmptySelector({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0
}

/** The selector of a workload, with what is wrong about it told. */
export function workloadSelector(tree: Tree, title: string, diagnose: Diagnose): LabelSelector | undefined {
  return toSelector(at(tree, 'spec', 'selector'), problem => diagnose('NP305', { workload: title, problem }))
}
