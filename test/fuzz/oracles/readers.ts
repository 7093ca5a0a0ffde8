import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import { readFully } from '../../../src/yaml/full.ts'
import { YamlProblem } from '../../../src/yaml/problem.ts'
import { readQuickly } from '../../../src/yaml/quick.ts'
import type { Tree } from '../../../src/yaml/tree.ts'
import { documents } from '../../helpers/text.ts'
import type { Case } from '../case.ts'
import type { Finding } from '../play.ts'

/** Larger texts take the full reader too long to read all of them. */
const longest = 8000

/** What the quick reader reads, the full one reads alike. */
export function checkReaders({ stream, values }: Case): Finding[] {
  const texts = [...documents(stream.toString('latin1')).map(text => Buffer.from(text, 'latin1')), ...values]
  return texts.filter(bytes => bytes.length < longest && isUtf8(bytes)).flatMap(bytes => checkOnce(bytes.toString()))
}

/** Texts that were read alike: most of a mutated stream is as it was. */
const alike = new Set<string>()

function checkOnce(text: string): Finding[] {
  if (alike.has(text)) return []
  const findings = checkText(text)
  if (alike.size > 10_000) alike.clear()
  if (findings.length === 0) alike.add(text)
  return findings
}

function checkText(text: string): Finding[] {
  const source = { name: 'text', text, firstLine: 0 }
  const quick = readQuickly(source)
  if (quick === undefined) return []
  try {
    const full = readFully(source, { uniqueKeys: true })
    if (isDeepStrictEqual(quick === null ? [] : [plain(quick)], full.map(plain))) return []
    return [{ oracle: 'readers', detail: `read in two ways: ${JSON.stringify(text.slice(0, 300))}` }]
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    return [{ oracle: 'readers', detail: `read quickly, though it is wrong (${problem.mistakes[0]?.message}): ${JSON.stringify(text.slice(0, 300))}` }]
  }
}

/** What a tree says. The place of an empty value is where a reader stopped looking for it. */
function plain(tree: Tree): unknown {
  if (tree.kind === 'scalar')
    return tree.written === '' && !tree.quoted ? { value: tree.value } : { value: tree.value, written: tree.written, quoted: tree.quoted, start: tree.start }
  if (tree.kind === 'sequence') return { start: tree.start, items: tree.items.map(plain) }
  return { start: tree.start, entries: [...tree.entries.values()].map(({ key, keyStart, value }) => [key, keyStart, plain(value)]) }
}
