import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nameOf, writeCase } from '../../test/fuzz/case.ts'
import type { Case } from '../../test/fuzz/case.ts'
import { play } from '../../test/fuzz/play.ts'
import { Coverage, isEmpty } from './coverage.ts'
import type { Orders } from './protocol.ts'
import { keptIn, seeds } from './seeds.ts'

/**
 * Thins what was reached into the corpus: of the queue and the corpus the smallest cases that together reach all that they reach
 * beyond the seeds, and a case for each code of a diagnostic that a target tells. Those that were a finding once stay.
 */
const { root, folder }: Orders = JSON.parse(process.argv[2] ?? '{}')
const script = process.argv[1] ?? ''
const corpus = join(root, 'test/fuzz/corpus')
/** Characters of a file, and number of files: `npm test` plays the corpus in seconds. */
const [longest, most] = [6000, 400]

const coverage = new Coverage(pathToFileURL(script).href, readFileSync(script, 'utf8').length)
const told = new Set<string>()

const earlier = keptIn(corpus)
const all = [...keptIn(join(folder, 'queue')), ...earlier].map(one => ({ one, size: writeCase(one).length }))
for (const one of (await seeds(root)).filter(seed => !earlier.includes(seed))) await reach(one)
const kept: Case[] = []
for (const { one, size } of all.sort((one, other) => one.size - other.size)) {
  if (size <= longest && kept.length < most && (await reach(one))) kept.push(one)
}
for (const name of readdirSync(corpus)) if (/^\w+-[0-9a-f]{12}\.json$/.test(name)) rmSync(join(corpus, name))
for (const one of kept) writeFileSync(join(corpus, `${nameOf(one)}.json`), writeCase(one))
console.log(`${kept.length} of ${all.length} cases kept`)

/** Whether it reaches what nothing before it did, and breaks no promise. */
async function reach(one: Case): Promise<boolean> {
  // Much runs the first time alone, whatever the case.
  await play(one)
  coverage.take()
  const { shape, findings } = await play(one)
  const fresh = coverage.fresh()
  coverage.remember(fresh)
  const codes = (shape.match(/NP\d+/g) ?? []).map(code => `${one.target} ${code}`).filter(code => !told.has(code))
  for (const code of codes) told.add(code)
  return findings.length === 0 && (!isEmpty(fresh) || codes.length > 0)
}
