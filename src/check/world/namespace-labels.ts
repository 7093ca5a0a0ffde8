import type { Labels } from '../../discover/selector.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import type { Resource } from '../../resources/resource.ts'
import { once } from '../../verdict/once.ts'
import { entriesAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import { calicoName } from './examples.ts'
import { labelsIn, labelsOf, ruledOutIn, ruledOutOf, sortCilium } from './selector-labels.ts'

/** The labels of namespaces, beside their names, that selectors of a policy ask for or rule out, its subject's among them: each set once. */
export const namespaceLabelsOf = once(({ tree }: Resource): readonly Labels[] => {
  return distinctLabels(
    labelsBelow(tree)
      .map(withoutNames)
      .filter(labels => Object.keys(labels).length > 0),
  )
})

/** Of sets that are the same the last. */
export function distinctLabels(sets: readonly Labels[]): Labels[] {
  const keyOf = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort())
  return [...new Map(sets.toReversed().map(labels => [keyOf(labels), labels])).values()].toReversed()
}

function labelsBelow(tree: Tree): Labels[] {
  if (tree.kind === 'sequence') return tree.items.flatMap(labelsBelow)
  const own = [labelsOf(tree), ...ruledOutOf(tree)].map(labels => sortCilium(labels).namespaceLabels)
  return [
    ...own,
    ...entriesAt(tree).flatMap(({ key, value }) => {
      if (key === 'namespaceSelector' && value.kind === 'scalar') return [labelsIn(value.written), ...ruledOutIn(value.written)]
      return key === 'namespaceSelector' || key === 'namespaces' ? [labelsOf(value), ...ruledOutOf(value)] : labelsBelow(value)
    }),
  ]
}

function withoutNames(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== namespaceNameLabel && key !== calicoName))
}

/** `env=prod, team=a` */
export function labelWords(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}
