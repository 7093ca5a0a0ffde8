import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { implementationNames } from '../../src/verdict/registry.ts'
import { makeBundle } from '../bundles.ts'
import { quantile } from './measure.ts'
import { rounds, table } from './table.ts'
import type { Once } from './verdicts-once.ts'

/** What the evaluators of policies take, each time in a process that has not decided anything before. */
export async function verdictTable(scratch: string): Promise<string> {
  const bundle = join(scratch, 'verdicts.mjs')
  // One file, without the bundles that the program loads apart.
  await makeBundle('scripts/bench/verdicts-once.ts', bundle, { plugins: [] })
  return table(
    ['implementation', 'policies', 'flows', 'allowed', 'unsure', 'to read and compile, ms', 'to decide, ms', 'together, ms (middle half)'],
    implementationNames.map(name =>
      row(
        name,
        Array.from({ length: rounds(11) }, () => runOnce(bundle, name)),
      ),
    ),
  )
}

function row(name: string, runs: readonly Once[]): string[] {
  const { policies, flows, allowed, unsure } = runs[0] ?? { policies: 0, flows: 0, allowed: 0, unsure: 0 }
  const part = (of: (run: Once) => number, quarter: number): string => quantile(runs.map(of), quarter).toFixed(0)
  const both = (run: Once): number => run.compile + run.decide
  const together = `${part(both, 0.5)} (${part(both, 0.25)} to ${part(both, 0.75)})`
  return [name, ...[policies, flows, allowed, unsure].map(String), part(run => run.compile, 0.5), part(run => run.decide, 0.5), together]
}

function runOnce(bundle: string, name: string): Once {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, name], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`deciding with ${name} ended with ${String(status)}: ${stderr.slice(0, 500)}`)
  const once: Once = JSON.parse(stdout)
  return once
}
