import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { argumentsOf } from './arguments.ts'
import { root } from './bundling.ts'
import { bundleTests, sayFailing, testFiles } from './mutation/bundle.ts'
import { tools } from './mutation/tools.ts'

/** Prints how much of each file of src the fast tests run, by lines and branches: `npm run coverage`. The edge, which they start as a program, is left out. */
argumentsOf({ usage: 'npm run coverage\n  prints the lines and branches of src that the fast tests run; it takes no words' })
const scratch = mkdtempSync(join(tmpdir(), 'helm-netpol-coverage-'))
try {
  const c8 = join(await tools(), 'c8/bin/c8.js')
  const bundle = join(scratch, 'tests.cjs')
  const raw = join(scratch, 'raw')
  await bundleTests(new Map(), testFiles(), bundle, sayFailing)
  await execa(process.execPath, [bundle], { cwd: root, env: { NODE_V8_COVERAGE: raw }, stdio: 'inherit' })
  const which = ['--include', join(root, 'src/**'), '--exclude-after-remap', '--allowExternal', '--reporter', 'text']
  await execa(process.execPath, [c8, 'report', '--temp-directory', raw, ...which], { cwd: root, stdio: 'inherit' })
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
