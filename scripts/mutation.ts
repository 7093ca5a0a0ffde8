import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './bundling.ts'
import { bundleTests, filesBelow } from './mutation/bundle.ts'
import { explain, readExplanations } from './mutation/explained.ts'
import { instrument } from './mutation/instrument.ts'
import { judge, surveyTests } from './mutation/judge.ts'
import { isSurvivor, survivorLine, table, toJson } from './mutation/report.ts'

/**
 * Puts small mistakes into the sources, one at a time, and runs the tests that come across each: `npm run mutation [-- [--jobs N] [WHERE…]]`.
 * A mistake that no test finds is a test that is missing, code that is not needed, or one that mutation/explained.yaml explains; else the exit
 * code is 1. docs/testing.md says more.
 */
const usual = ['src/engines', 'src/traffic', 'src/values', 'src/stream']
const target = join(root, 'build/mutation')

process.exitCode = await main()

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { jobs: { type: 'string' } } })
  const folders = positionals.length > 0 ? positionals.map(name => name.replace(/\/$/, '')) : usual
  const files = [...new Set(folders.flatMap(name => (statSync(join(root, name)).isDirectory() ? filesBelow(name, '.ts') : [name])))].sort()
  const scratch = mkdtempSync(join(tmpdir(), 'helm-netpol-mutation-'))
  const started = performance.now()
  try {
    const { sources, mutants } = await instrument(files)
    const bundle = join(scratch, 'tests.mjs')
    await bundleTests(sources, bundle, 'work')
    const survey = await surveyTests(bundle)
    const run = survey.tests.filter(({ outcome }) => outcome === 'passed').length
    console.log(`${mutants.length} mutants in ${files.length} files, ${run} tests (${survey.tests.length - run} more are about the edge of the program)`)
    const jobs = Number(values.jobs ?? availableParallelism())
    const verdicts = await judge(bundle, mutants, survey, jobs, done => {
      if (done % 100 === 0) console.log(`  ${done} of ${mutants.length}, ${((performance.now() - started) / 60_000).toFixed(1)} min`)
    })
    const judged = mutants.map((mutant, index) => ({ mutant, verdict: verdicts[index] ?? { is: 'uncovered' as const } }))
    const texts = new Map(files.map(file => [file, readFileSync(join(root, file), 'utf8')]))
    const survivors = judged.filter(isSurvivor)
    const explained = explain(
      survivors.map(({ mutant }) => mutant),
      texts,
      readExplanations(readFileSync(join(import.meta.dirname, 'mutation/explained.yaml'), 'utf8')),
    )
    const unexplained = survivors.filter(({ mutant }) => !explained.reasons.has(mutant)).map(survivorLine)
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'report.json'), `${JSON.stringify(toJson(judged, texts, explained))}\n`)
    writeFileSync(join(target, 'survivors.txt'), unexplained.map(line => `${line}\n`).join(''))
    console.log(
      ['', ...unexplained, ...explained.stale.map(line => `explained, but it does not survive: ${line}`), '', table(folders, judged, explained)].join('\n'),
    )
    return unexplained.length + explained.stale.length > 0 ? 1 : 0
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
