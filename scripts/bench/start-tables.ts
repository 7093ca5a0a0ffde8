import { median, ratio, timeJobs } from './measure.ts'
import type { Job } from './measure.ts'
import { profileRun } from './profile.ts'
import { emptyNode, importJobs, ours, quickerJobs, startJobs } from './start.ts'
import { example } from './streams.ts'
import { rounds, shown, table } from './table.ts'

/** BENCH_NODE: another Node than the one that runs this. */
const node = process.env['BENCH_NODE'] ?? process.execPath

/** What a start is made of, step by step. */
export function startTable(scratch: string): string {
  return stepsOf(startJobs(node, scratch), 'what is run on the 24 KB of docs/example')
}

/** What imports cost that a start does without. */
export function importTable(scratch: string): string {
  return stepsOf(importJobs(node, scratch), 'what is imported')
}

export function quickerTable(scratch: string): string {
  const { path } = example()
  const jobs = [emptyNode(path, node), ours(path, node), ...quickerJobs(node, scratch)]
  // The first run fills the cache.
  timeJobs(jobs, 1)
  return stepsOf(jobs, 'the same run')
}

export async function profileTable(scratch: string): Promise<string> {
  const spent = await profileRun(scratch)
  const whole = spent.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return table(
    ['where the time of a run goes', 'ms', 'share'],
    spent.map(({ what, milliseconds }) => [what, milliseconds.toFixed(1), `${((100 * milliseconds) / whole).toFixed(0)} %`]),
  )
}

/** Each job against the first. */
function stepsOf(jobs: readonly Job[], head: string): string {
  const timings = timeJobs(jobs, rounds(41))
  const [base] = timings
  if (base === undefined) return ''
  return table(
    [head, 'ms', 'ms more than the first', 'ratio (middle half)'],
    timings.map(timing => [timing.job.name, median(timing).toFixed(1), (median(timing) - median(base)).toFixed(1), shown(ratio(timing, base))]),
  )
}
