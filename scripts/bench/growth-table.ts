import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { makeBundle } from '../bundles.ts'
import type { Growth } from './growth-once.ts'
import { quantile } from './measure.ts'
import { node } from './node.ts'
import { rounds, table } from './table.ts'

/** What four times as much of each shape takes, each time in a process of its own. */
export async function growthTable(scratch: string): Promise<string> {
  const bundle = join(scratch, 'growth.mjs')
  // One file, without the bundles that the program loads apart.
  await makeBundle('scripts/bench/growth-once.ts', bundle, { plugins: [] })
  const shapes: readonly string[] = JSON.parse(runOnce(bundle, []))
  return table(
    ['of', 'number', 'processor time, ms', 'of four times as many, ms', 'ratio (middle half)'],
    shapes.map(shape =>
      row(
        shape,
        Array.from({ length: rounds(5) }, () => JSON.parse(runOnce(bundle, [shape]))),
      ),
    ),
  )
}

function row(shape: string, runs: readonly Growth[]): string[] {
  const part = (of: (run: Growth) => number, quarter: number, digits = 0): string => quantile(runs.map(of), quarter).toFixed(digits)
  const ratio = ({ less, more }: Growth): number => more / less
  const ratios = `${part(ratio, 0.5, 1)} (${part(ratio, 0.25, 1)} to ${part(ratio, 0.75, 1)})`
  return [shape, String(runs[0]?.count ?? 0), part(run => run.less, 0.5), part(run => run.more, 0.5), ratios]
}

function runOnce(bundle: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(node, [bundle, ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`growth of ${words.join(' ')} ended with ${String(status)}: ${stderr.slice(0, 500)}`)
  return stdout
}
