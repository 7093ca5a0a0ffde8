import * as assert from 'uvu/assert'
import { readFully } from '../../src/yaml/full.ts'
import { YamlProblem } from '../../src/yaml/problem.ts'
import { readQuickly } from '../../src/yaml/quick.ts'
import type { Tree } from '../../src/yaml/tree.ts'

/** Asserts that the quick reader agrees with the full one, places included; true where it said anything. */
export function agree(text: string): boolean {
  const source = { name: 'test', text, firstLine: 0 }
  const quick = readQuickly(source)
  if (quick === undefined) return false
  const shown = JSON.stringify(text)
  let full: Tree[]
  try {
    full = readFully(source, { uniqueKeys: true })
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    return (assert.unreachable(`read quickly, though it is wrong (${problem.message}): ${shown}`), false)
  }
  assert.equal(quick === null ? [] : [plain(quick)], full.map(plain), shown)
  return true
}

/** What a tree says, without the text it came from. The place of an empty value is where a reader stopped looking for it. */
function plain(tree: Tree): unknown {
  if (tree.kind === 'scalar')
    return tree.written === '' && !tree.quoted ? { value: tree.value } : { value: tree.value, written: tree.written, quoted: tree.quoted, start: tree.start }
  if (tree.kind === 'sequence') return { start: tree.start, items: tree.items.map(plain) }
  return { start: tree.start, entries: [...tree.entries.values()].map(({ key, keyStart, value }) => [key, keyStart, plain(value)]) }
}
