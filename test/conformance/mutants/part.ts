import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { bundleTests, sayFailing, testFiles } from '../../../scripts/mutation/bundle.ts'
import type { Part } from '../harness/part.ts'
import { repo } from '../harness/paths.ts'
import { run } from '../harness/proc.ts'
import { scratch } from '../harness/scratch.ts'

/** The ground of `npm run mutation`: where a test fails without a mutant, none is tried. */
export const mutants: Part = {
  name: 'mutants',
  about: 'the fast tests pass within one process, without a mutant, as npm run mutation runs them',
  async run(report) {
    const bundle = join(scratch('mutants'), 'tests.cjs')
    await bundleTests(new Map(), testFiles(), bundle, sayFailing)
    const { code, stdout, stderr } = await run(process.execPath, [bundle], { cwd: repo, timeoutMs: 600_000 })
    await report.check('every test passes', () => assert.equal([code, stderr], [0, ''], stdout))
  },
}
