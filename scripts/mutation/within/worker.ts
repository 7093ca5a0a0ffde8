import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'
import type { Answer, Counts, Job, Try } from './messages.ts'
import type * as switches from './switch.ts'
import type * as runs from './tests.ts'
import { allow } from './watchdog.ts'

/** What `worker.mjs BUNDLE` runs: it loads the bundle of the tests, and tries mutants on it as its foreman asks. */

/** The bundle, loaded: its modules anew each time. */
type Instance = Pick<typeof switches, 'turnOn' | 'ranAway' | 'counted'> & Pick<typeof runs, 'survey' | 'firstFailing' | 'allFailing' | 'loadAll'>

type Wrapper = (exports: object, require: NodeJS.Require, module: { exports: Instance }, mutant: string | undefined) => void

const [path = ''] = process.argv.slice(2)
// Compiled once: what is loaded anew is not read anew.
const script = new Script(`(function (exports, require, module, mutantFromTheStart) {${readFileSync(path, 'utf8')}\n})`, { filename: path })

const usual = load(undefined)
await usual.loadAll()
const loading: Counts = usual.counted(false)
process.on('message', (job: Job) => void answer(job).then(tell))
tell({ is: 'ready' })

function load(mutant: string | undefined): Instance {
  const wrapper: Wrapper = script.runInThisContext()
  // What is filled in by the bundle.
  const module = { exports: {} } as { exports: Instance }
  wrapper(module.exports, createRequire(import.meta.url), module, mutant)
  return module.exports
}

async function answer(job: Job): Promise<Answer> {
  switch (job.do) {
    case 'survey':
      return { is: 'survey', loading, tests: await usual.survey() }
    case 'check':
      return { is: 'checked', failed: await usual.allFailing() }
    case 'try': {
      allow(job.milliseconds)
      const tried = job.loading ? await tryAnew(job) : await attempt(usual, job)
      allow(Infinity)
      return tried
    }
  }
}

/** With the mutant on while modules load. What they leave for the end of the process is done at once, or they would never go. */
async function tryAnew(job: Try): Promise<Answer> {
  const before = new Set(process.listeners('exit'))
  try {
    const instance = load(job.mutant)
    // What is come across is of no interest any more.
    instance.counted(false)
    return await attempt(instance, job)
  } catch {
    return { is: 'killed', by: 'the loading of the modules' }
  } finally {
    for (const listener of process.listeners('exit').filter(one => !before.has(one))) {
      process.off('exit', listener)
      listener(0)
    }
  }
}

async function attempt({ turnOn, ranAway, firstFailing }: Instance, { mutant, tests, limit }: Try): Promise<Answer> {
  turnOn(mutant, limit)
  const by = await firstFailing(tests)
  const endless = ranAway()
  turnOn(undefined, 0)
  if (endless) return { is: 'endless' }
  return by === undefined ? { is: 'survived' } : { is: 'killed', by }
}

function tell(answer: Answer): void {
  process.send?.(answer)
}
