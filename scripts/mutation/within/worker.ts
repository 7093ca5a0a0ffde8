import type { Answer, Job, Surveyed } from './messages.ts'
import { NotWithin } from './program.ts'
import { counted, ranAway, turnOn } from './switch.ts'
import { tests } from './uvu.ts'
import type { Test } from './uvu.ts'
import { allow, used } from './watchdog.ts'

/** Runs tests as its foreman asks, one mutant after the other. */
export function work(): void {
  const byId = new Map(tests.map(test => [test.id, test]))
  const loading = counted(false)
  process.on('message', (job: Job) => {
    void answer(job, byId, loading).then(tell)
  })
  allow(Infinity)
  tell({ is: 'ready' })
}

/** Runs every test and says which fail. */
export async function runAll(): Promise<void> {
  allow(Infinity)
  const failed = await failing(tests)
  process.stderr.write(failed.map(id => `${id} fails\n`).join(''))
  process.exitCode = failed.length > 0 ? 1 : 0
}

async function answer(job: Job, byId: ReadonlyMap<string, Test>, loading: Readonly<Record<string, number>>): Promise<Answer> {
  switch (job.do) {
    case 'survey':
      return { is: 'survey', loading, tests: await survey() }
    case 'check':
      turnOn(undefined, 0)
      return { is: 'checked', failed: await failing(tests) }
    case 'try': {
      turnOn(job.mutant, job.limit)
      allow(job.milliseconds)
      const [by] = await failing(
        job.tests.flatMap(id => byId.get(id) ?? []),
        1,
      )
      const endless = ranAway()
      turnOn(undefined, 0)
      allow(Infinity)
      if (endless) return { is: 'endless' }
      return by === undefined ? { is: 'survived' } : { is: 'killed', by }
    }
  }
}

async function survey(): Promise<Surveyed[]> {
  const surveyed: Surveyed[] = []
  for (const test of tests) {
    counted(true)
    const started = used()
    const problem = await problemOf(test)
    const outcome = problem === undefined ? 'passed' : problem instanceof NotWithin ? 'aside' : { failed: String(problem) }
    surveyed.push({ id: test.id, milliseconds: used() - started, counts: counted(false), outcome })
  }
  return surveyed
}

async function failing(tests: readonly Test[], most = Infinity): Promise<string[]> {
  const failed: string[] = []
  for (const test of tests) {
    const problem = await problemOf(test)
    if (problem !== undefined && !(problem instanceof NotWithin)) failed.push(test.id)
    if (failed.length === most) break
  }
  return failed
}

/** What a test throws; undefined where it passes. */
async function problemOf({ run }: Test): Promise<unknown> {
  try {
    await run()
    return undefined
  } catch (problem) {
    return problem ?? 'nothing'
  }
}

function tell(answer: Answer): void {
  process.send?.(answer)
}
