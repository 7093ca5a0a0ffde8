import { fork, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { argumentsOf } from './arguments.ts'
import { bundling, root } from './bundling.ts'
import { nameOf, readCase, writeCase } from '../test/fuzz/case.ts'
import type { Case } from '../test/fuzz/case.ts'
import type { Found, Orders, Progress, Report } from './fuzz/protocol.ts'
import { shrink } from './fuzz/shrink.ts'

/**
 * Mutates inputs of every command and holds the answers against what is promised of every input (test/fuzz). Findings are made
 * small and written into the corpus, where `npm test` plays them from then on; exit code 1 where there are any.
 */
argumentsOf({
  usage: `npm run fuzz
  It takes no words, but variables: FUZZ_SECONDS (60), FUZZ_WORKERS (1), FUZZ_SEED (a new one), FUZZ_FOLDER (build/fuzz: what was reached,
  kept from run to run), FUZZ_PATIENCE (180: seconds after which a worker without a word hangs), and FUZZ_KEEP=1, which thins what was
  reached into test/fuzz/corpus instead.`,
})
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 60)
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const workers = Number(process.env['FUZZ_WORKERS'] ?? 1)
const folder = process.env['FUZZ_FOLDER'] ?? join(root, 'build/fuzz')
const corpus = join(root, 'test/fuzz/corpus')
const found = new Set<string>()
/** Names of cases that bring a worker down. */
const accused = new Set<string>()
/** Without a word for so long, in seconds, a worker hangs: it speaks after every few calls. */
const patience = Number(process.env['FUZZ_PATIENCE'] ?? 180)
/** By another than this script: a machine that is short of memory does so, and the case in play need not be why. */
const killed = 'killed from outside'
/** Milliseconds for a case by itself. */
const mostOfTry = 30_000
/** Megabytes for the program's own data. */
const memory = 1024

mkdirSync(folder, { recursive: true })
mkdirSync(corpus, { recursive: true })
if (process.env['FUZZ_KEEP'] === '1') await keep()
else await search()

/** Thins what was reached into the corpus. */
async function keep(): Promise<void> {
  const script = await bundled('thin')
  const orders: Orders = { worker: 0, seed, seconds, root, folder, avoid: [] }
  await new Promise(resolve => fork(script, [JSON.stringify(orders)]).on('exit', resolve))
}

async function search(): Promise<void> {
  console.log(`seed ${seed}, ${workers} worker(s), ${seconds} seconds`)
  const script = await bundled('worker')
  const end = Date.now() + seconds * 1000
  const totals = await Promise.all(Array.from({ length: workers }, (_, worker) => employ(script, worker, end)))
  summarise(totals.flat())
  process.exitCode = found.size > 0 ? 1 : 0
}

/** One of the programs of scripts/fuzz in a file, with all of src: V8 tells what runs of a file. */
async function bundled(name: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({ ...bundling, minify: false, charset: 'utf8', metafile: false, entryPoints: [join(root, `scripts/fuzz/${name}.ts`)], outfile, target: 'node20' })
  return outfile
}

/** Runs a worker until the time is over, and another in its place after a crash; gives what each came to. */
async function employ(script: string, worker: number, end: number): Promise<Progress[]> {
  const done: Progress[] = []
  for (let life = 0; Date.now() < end; life++) {
    const orders: Orders = { worker, seed: seed + worker * 1000 + life, seconds: Math.ceil((end - Date.now()) / 1000), root, folder, avoid: [...accused] }
    const { progress, ended } = await live(script, orders)
    if (progress !== undefined) done.push(progress)
    if (ended !== 'well') await accuse(worker, ended)
  }
  return done
}

function live(script: string, orders: Orders): Promise<{ progress: Progress | undefined; ended: string }> {
  const child = fork(script, [JSON.stringify(orders)], { execArgv: [`--max-old-space-size=${memory}`], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  let progress: Progress | undefined
  let heard = Date.now()
  let said = ''
  child.stderr?.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-2000)))
  child.on('message', (report: Report) => {
    heard = Date.now()
    if ('finding' in report) record(report)
    else progress = report
  })
  let hangs = false
  const watch = setInterval(() => {
    if (Date.now() - heard <= patience * 1000) return
    hangs = true
    child.kill('SIGKILL')
  }, 1000)
  return new Promise(resolve => {
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      resolve({ progress, ended: hangs ? 'hang' : endOf(code, signal, said) })
    })
  })
}

function endOf(code: ChildProcess['exitCode'], signal: ChildProcess['signalCode'], said: string): string {
  if (code === 0) return 'well'
  return signal === 'SIGKILL' ? killed : `crash ${signal ?? code}: ${said.trim().split('\n').slice(0, 3).join(' | ')}`
}

/** Whatever was in play when the worker ended brought it down: it is made small, each try in a process of its own. */
async function accuse(worker: number, ended: string): Promise<void> {
  const current = join(folder, `current-${worker}.json`)
  if (!existsSync(current)) return
  const given = readCase(readFileSync(current, 'utf8'))
  accused.add(nameOf(given))
  const script = await bundled('one')
  const tried = join(folder, `try-${worker}.json`)
  const fails = async (smaller: Case): Promise<boolean> => {
    writeFileSync(tried, writeCase(smaller))
    const child = spawnSync(process.execPath, [`--max-old-space-size=${memory}`, script, tried], { timeout: mostOfTry, killSignal: 'SIGKILL' })
    return child.status !== 0
  }
  const again = await fails(given)
  if (ended === killed && !again) {
    console.log(`a worker was ${killed}; ${nameOf(given)} by itself is played to its end`)
    accused.delete(nameOf(given))
    return
  }
  const smallest = again ? await shrink(given, fails, { tries: 100, seconds: 300 }) : given
  record({ finding: { oracle: ended === 'hang' ? 'hang' : 'crash', detail: ended }, case: writeCase(smallest), name: nameOf(smallest) })
}

function record({ finding: { oracle, detail }, case: text, name }: Found): void {
  const file = `found-${oracle.replace(/\W+/g, '-')}-${name}.json`
  found.add(file)
  writeFileSync(join(corpus, file), text)
  console.log(`${oracle}: ${detail}\n  test/fuzz/corpus/${file}`)
}

function summarise(done: readonly Progress[]): void {
  const runs: Record<string, number> = {}
  for (const progress of done) for (const [target, count] of Object.entries(progress.runs)) runs[target] = (runs[target] ?? 0) + count
  const processor = done.reduce((sum, progress) => sum + progress.processor, 0)
  const total = Object.values(runs).reduce((sum, count) => sum + count, 0)
  const reached = Math.max(0, ...done.map(progress => progress.reached))
  const shapes = Math.max(0, ...done.map(progress => progress.shapes))
  console.log(
    `seed ${seed}: ${total} runs (${Object.entries(runs)
      .map(([target, count]) => `${target} ${count}`)
      .join(
        ', ',
      )}), ${Math.round(processor)} s of processor time, ${reached} characters of code and ${shapes} sorts of answers reached, ${found.size} findings`,
  )
  appendFileSync(join(folder, 'tally.jsonl'), `${JSON.stringify({ seed, runs, processor: Math.round(processor), reached, shapes, found: [...found] })}\n`)
}
