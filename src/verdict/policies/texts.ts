import { itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

/** The strings of a list that was checked. */
export function textsIn(tree: Tree | undefined, ...path: readonly string[]): string[] {
  return itemsAt(tree, ...path)
    .map(item => textAt(item))
    .filter(text => text !== undefined)
}

/** A string that was checked to be there. */
export function wordAt(tree: Tree | undefined, ...path: readonly string[]): string {
  return String(textAt(tree, ...path))
}
