import { processorTime } from './clock.ts'
import type { Surveyed } from './messages.ts'
import { NotWithin } from './program.ts'
import { counted } from './switch.ts'
import { fileOf, open, tests } from './uvu.ts'
import type { Test } from './uvu.ts'

type Files = Readonly<Record<string, () => Promise<unknown>>>

let files: Files = {}
const opened = new Set<string>()

/** The files of tests, each with what loads it. */
export function provide(given: Files): void {
  files = given
}

export async function loadAll(): Promise<void> {
  for (const file of Object.keys(files)) await load(file)
}

async function load(file: string): Promise<void> {
  if (opened.has(file)) return
  opened.add(file)
  open(file)
  await files[file]?.()
}

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

/** The first of these tests that fails, or whose file does not load. */
export async function firstFailing(ids: readonly string[]): Promise<string | undefined> {
  for (const id of ids) {
    const test = await found(id)
    if (test === undefined || (await fails(test))) return id
  }
  return undefined
}

async function found(id: string): Promise<Test | undefined> {
  try {
    await load(fileOf(id))
    return tests.find(test => test.id === id)
  } catch {
    return undefined
  }
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
