import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { build, cacheFolder, keyed } from './cache.ts'
import { run } from './proc.ts'
import { PROGRAMS, programNames } from './programs.ts'
import type { ProgramName } from './programs.ts'

export class Missing extends Error {}

export interface Judges {
  /** The program's path; throws `Missing` where it is not there and cannot be built here. */
  path(program: ProgramName): string
  has(program: ProgramName): boolean
}

/** Finds the judges in the cache, and builds those that are not there. A build that fails is an error, never a skip. */
export async function findJudges(say: (line: string) => void): Promise<Judges> {
  const paths = new Map<ProgramName, string>()
  const missing = new Map<ProgramName, string>()
  for (const name of programNames) {
    const recipe = PROGRAMS[name].recipe()
    if ('missing' in recipe) {
      missing.set(name, recipe.missing)
      continue
    }
    const file = join(cacheFolder(), keyed(name, recipe))
    if (!executable(file)) {
      if (!(await hasGo())) {
        missing.set(name, 'Go is not installed, and the judges are Go programs')
        continue
      }
      await timed(name, say, () => build(recipe, file))
    }
    paths.set(name, file)
  }
  for (const [name, why] of missing) say(`judge ${name} is missing, so not asked: ${PROGRAMS[name].answers}. ${why}`)
  return {
    has: name => paths.has(name),
    path(name) {
      const path = paths.get(name)
      if (path === undefined) throw new Missing(`${PROGRAMS[name].answers}: ${name} is missing, ${missing.get(name) ?? ''}`)
      return path
    },
  }
}

async function timed(name: string, say: (line: string) => void, work: () => Promise<void>): Promise<void> {
  const started = Date.now()
  const since = (): string => `${((Date.now() - started) / 1000).toFixed(0)} s`
  say(`building ${name} (some minutes when Go has nothing cached)`)
  const ticking = setInterval(() => say(`  still building ${name}, ${since()}`), 60_000)
  try {
    await work()
  } catch (error) {
    throw new Error(`the judge ${name} cannot be built (${since()}): ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    clearInterval(ticking)
  }
  say(`  built ${name} in ${since()}`)
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const hasGo = async (): Promise<boolean> => (await run('go', ['version']).catch(() => ({ code: 1 }))).code === 0
