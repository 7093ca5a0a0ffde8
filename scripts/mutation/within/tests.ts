import { processorTime } from './clock.ts'
import type { Surveyed } from './messages.ts'
import { NotWithin } from './program.ts'
import { counted } from './switch.ts'
import { tests } from './uvu.ts'
import type { Test } from './uvu.ts'

/** Runs every test, and says which mutants each comes across. */
export async function survey(): Promise<Surveyed[]> {
  const surveyed: Surveyed[] = []
  for (const test of tests) {
    counted(true)
    const started = processorTime()
    const problem = await problemOf(test)
    const outcome = problem === undefined ? 'passed' : problem instanceof NotWithin ? 'aside' : { failed: String(problem) }
    surveyed.push({ id: test.id, milliseconds: processorTime() - started, counts: counted(false), outcome })
  }
  return surveyed
}

/** The first of these tests that fails. */
export async function firstFailing(ids: readonly string[]): Promise<string | undefined> {
  const byId = new Map(tests.map(test => [test.id, test]))
  for (const id of ids) {
    const test = byId.get(id)
    if (test !== undefined && (await fails(test))) return id
  }
  return undefined
}

/** Every test that fails. */
export async function allFailing(): Promise<string[]> {
  const failed: string[] = []
  for (const test of tests) if (await fails(test)) failed.push(test.id)
  return failed
}

async function fails(test: Test): Promise<boolean> {
  const problem = await problemOf(test)
  return problem !== undefined && !(problem instanceof NotWithin)
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
