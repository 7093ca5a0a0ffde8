import { YamlProblem } from './problem.ts'
import { readQuickly } from './quick.ts'
import type { Source, Tree } from './tree.ts'

/**
 * The trees of a text, one for each document with content. Throws YamlProblem.
 * `uniqueKeys`: a key given twice is a mistake (the user's own values); otherwise the last one counts, as the API server reads it.
 */
export async function readYaml(source: Source, options: { uniqueKeys: boolean }): Promise<Tree[]> {
  const tree = readQuickly(source)
  if (tree !== undefined) return tree === null ? [] : [tree]
  // Loaded only when needed: the full parser costs more start-up time than a usual chart takes.
  const { readOrTell } = await import('./apart.ts')
  const read = readOrTell(source, options)
  if ('trees' in read) return read.trees
  throw new YamlProblem(read.mistakes)
}
