import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './bundling.ts'
import { bundleWorker, filesBelow, testFiles } from './mutation/bundle.ts'
import { explain, readExplanations } from './mutation/explained.ts'
import { instrument } from './mutation/instrument.ts'
import { judge, surveyTests } from './mutation/judge.ts'
import type { Effort } from './mutation/judge.ts'
import { isStanding, survivorLine, table, toJson } from './mutation/report.ts'
import type { Judged } from './mutation/report.ts'
import { refusedByTypes } from './mutation/types.ts'

/**
 * Puts small mistakes into the sources, one at a time, and runs the tests that come across each: `npm run mutation [-- [--jobs N] [--seconds N]
 * [WHERE…]]`.
 * A mistake that no test finds is a test that is missing, code that is not needed, or one that mutation/explained.yaml explains; else the exit
 * code is 1. docs/testing.md says more.
 */
const usual = ['src/engines', 'src/traffic', 'src/values', 'src/stream']
const target = join(root, 'build/mutation')

process.exitCode = await main()

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2))
  if (typeof asked === 'string') {
    process.stderr.write(asked)
    return 2
  }
  const scratch = mkdtempSync(join(tmpdir(), 'helm-netpol-mutation-'))
  try {
    return await mutate(asked, scratch)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function mutate({ where, ...effort }: Asked, scratch: string): Promise<number> {
  const files = [...new Set(where.flatMap(name => (statSync(join(root, name)).isDirectory() ? filesBelow(name, '.ts') : [name])))].sort()
  const texts = new Map(files.map(file => [file, readFileSync(join(root, file), 'utf8')]))
  const { sources, mutants } = await instrument(texts)
  // Pictures are slow to test, and of made-up matrices, which come across nothing else.
  const tests = testFiles().filter(file => !file.startsWith('test/explain/') || files.some(file => file.startsWith('src/explain/')))
  const bundles = await bundleWorker(sources, tests, scratch)
  const survey = await surveyTests(bundles)
  const aside = survey.tests.filter(({ outcome }) => outcome === 'aside').length
  console.log(`${mutants.length} mutants in ${files.length} files, ${survey.tests.length - aside} tests; ${aside} more are about the edge of the program`)
  const verdicts = await judge(bundles, mutants, survey, effort, tellProgress(mutants.length))
  const standing = mutants.filter((_, index) => isStanding(verdicts[index]))
  const refused = await refusedByTypes(standing, texts, scratch)
  const judged = mutants.map((mutant, index): Judged => ({
    mutant,
    verdict: refused.has(mutant) ? { is: 'refused' } : (verdicts[index] ?? { is: 'uncovered' }),
  }))
  return tell(where, judged, texts)
}

function tell(where: readonly string[], judged: readonly Judged[], texts: ReadonlyMap<string, string>): number {
  const survivors = judged.filter(({ verdict }) => isStanding(verdict))
  const explanations = readExplanations(readFileSync(join(import.meta.dirname, 'mutation/explained.yaml'), 'utf8'))
  const explained = explain(
    survivors.map(({ mutant }) => mutant),
    texts,
    explanations,
  )
  const unexplained = survivors.filter(({ mutant }) => !explained.reasons.has(mutant)).map(survivorLine)
  const stale = explained.stale.map(key => `explained, but no survivor: ${key}`)
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'report.json'), `${JSON.stringify(toJson(judged, texts, explained))}\n`)
  writeFileSync(join(target, 'survivors.txt'), [...unexplained, ...stale].map(line => `${line}\n`).join(''))
  console.log(['', ...unexplained, ...stale, '', table(where, judged, explained)].join('\n'))
  return unexplained.length + stale.length > 0 ? 1 : 0
}

function tellProgress(all: number): (done: number) => void {
  const started = performance.now()
  return done => {
    if (done % 100 === 0) console.log(`  ${done} of ${all} after ${((performance.now() - started) / 60_000).toFixed(1)} min`)
  }
}

interface Asked extends Effort {
  /** Folders and files, relative to the repository. */
  readonly where: readonly string[]
}

/** The command line, or what is wrong with it. */
function readArguments(argv: readonly string[]): Asked | string {
  const usage = 'npm run mutation [-- [--jobs N] [--seconds N] [FOLDER or FILE of src…]]\n'
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { jobs: { type: 'string' }, seconds: { type: 'string' } } })
    const where = positionals.length > 0 ? positionals.map(name => name.replace(/\/+$/, '')) : usual
    const unknown = where.filter(name => !existsSync(join(root, name)))
    const jobs = Number(values.jobs ?? availableParallelism())
    const seconds = Number(values.seconds ?? Infinity)
    if (unknown.length > 0 || !Number.isInteger(jobs) || jobs < 1 || !(seconds > 0)) return `${unknown.map(name => `there is no ${name}\n`).join('')}${usage}`
    return { where, jobs, seconds }
  } catch (problem) {
    return `${problem instanceof Error ? problem.message : String(problem)}\n${usage}`
  }
}
