import type { Resource } from '../../resources/resource.ts'
import { nameMatcher } from '../../verdict/implementations/cilium/names.ts'
import { entriesAt, itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

/**
 * Whether Cilium learns what a name resolves to: its proxy reads the answers to lookups that an egress rule with `rules.dns` lets through, and no
 * others (Cilium, Security, Layer 7, DNS Policy and IP Discovery).
 */
export function namesLearnt(policies: Iterable<Resource>): (name: string) => boolean {
  const matchers = [...policies].flatMap(({ tree }) => lookupsIn(tree)).map(nameMatcher)
  return name => matchers.some(matches => matches(name))
}

function lookupsIn(tree: Tree): string[] {
  if (tree.kind === 'sequence') return tree.items.flatMap(lookupsIn)
  return entriesAt(tree).flatMap(({ key, value }) => (key === 'rules' ? itemsAt(value, 'dns').flatMap(patternOf) : lookupsIn(value)))
}

function patternOf(lookup: Tree): string[] {
  return [textAt(lookup, 'matchName') || textAt(lookup, 'matchPattern') || []].flat()
}
