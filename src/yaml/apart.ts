import { readFully } from './full.ts'
import { YamlProblem } from './problem.ts'
import type { Source, Tree } from './tree.ts'

/** The full parser as a bundle of its own. An error thrown here would be of another class than the filter's, so that mistakes are returned. */
export function readOrTell(source: Source, options: { uniqueKeys: boolean }): { readonly trees: Tree[] } | Pick<YamlProblem, 'mistakes'> {
  try {
    return { trees: readFully(source, options) }
  } catch (problem) {
    if (problem instanceof YamlProblem) return { mistakes: problem.mistakes }
    throw problem
  }
}
