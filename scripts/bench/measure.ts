import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A program to time: it reads `stdin` and what it writes is thrown away. */
export interface Job {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly stdin: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Whole-process times in milliseconds, one for each round. */
export interface Timing {
  readonly job: Job
  readonly times: readonly number[]
}

/** Runs all jobs once in each round, each time in another order, so that what slows the machine down slows all of them. */
export function timeJobs(jobs: readonly Job[], rounds: number): Timing[] {
  const times = jobs.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < jobs.length; turn++) {
      const index = (turn + round) % jobs.length
      const job = jobs[index]
      if (job !== undefined) times[index]?.push(milliseconds(job))
    }
  }
  return jobs.map((job, index) => ({ job, times: times[index] ?? [] }))
}

function milliseconds(job: Job): number {
  const started = process.hrtime.bigint()
  runJob(job, job.command)
  return Number(process.hrtime.bigint() - started) / 1e6
}

/** Throws where the program fails: what a program that failed needed for it says nothing. */
function runJob({ name, stdin, environment }: Job, [program, ...args]: Job['command']): void {
  const descriptor = openSync(stdin, 'r')
  const { status, error, stderr } = spawnSync(program, args, {
    stdio: [descriptor, 'ignore', 'pipe'],
    maxBuffer: 2 ** 30,
    env: { ...process.env, ...environment },
  })
  closeSync(descriptor)
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}: ${error?.message ?? stderr.toString().slice(0, 500)}`)
}

const gnuTime = '/usr/bin/time'

/** The most memory that a program held, in MB; undefined where there is no GNU time to ask. */
export function peakMegabytes(job: Job): number | undefined {
  if (!existsSync(gnuTime)) return undefined
  const scratch = mkdtempSync(join(tmpdir(), 'netpol-peak-'))
  const out = join(scratch, 'peak')
  try {
    runJob(job, [gnuTime, '-f', '%M', '-o', out, ...job.command])
    return Number(readFileSync(out, 'utf8').trim()) / 1000
  } catch {
    // Another `time` than GNU's does not know the flags.
    return undefined
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Median and middle half of the ratios of two jobs, round by round. */
export interface Ratio {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function ratio(timing: Timing, base: Timing): Ratio {
  const ratios = timing.times.map((time, round) => time / (base.times[round] ?? NaN))
  return { median: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) }
}

export function median(timing: Timing): number {
  return quantile(timing.times, 0.5)
}

export function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
}
