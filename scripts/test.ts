import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root } from './bundling.ts'
import { bundle } from './test/bundle.ts'
import type { Ask, Ran } from './test/messages.ts'

/**
 * Checks the types and runs every file of tests, side by side in as many processes as there are processors: `npm test [-- PATTERN]`. The exit
 * code is 1 where anything fails: a type, a test, a file without any, or a process that ends before its tests do.
 */
const pattern = new RegExp(process.argv[2] ?? '', 'i')
const started = performance.now()
const types = checkTypes()
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.test.ts') && pattern.test(path))
  .sort((one, other) => one.localeCompare(other))
const workerFile = 'scripts/test/worker.ts'
/** More room for what is new saves much of the collector's time. */
const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=64']
const { script, remove } = await bundle([workerFile, ...files.map(file => `test/${file}`)])
try {
  const ended = await runAll()
  process.exitCode = tell(ended, await types) ? 0 : 1
} finally {
  remove()
}

interface Ended {
  readonly ran: readonly Ran[]
  /** Files whose process ended before their tests did. */
  readonly broken: readonly string[]
}

async function runAll(): Promise<Ended> {
  const queue = files.values()
  const ran: Ran[] = []
  const broken: string[] = []
  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined
    for (const file of queue) {
      worker ??= fork(script(workerFile), { cwd: root, execArgv: nodeFlags })
      const answer = await ask(worker, { file, script: script(`test/${file}`) })
      if (answer === undefined) {
        worker = undefined
        broken.push(file)
      } else {
        ran.push(answer)
        process.stdout.write(`${answer.text}\n`)
      }
    }
    if (worker === undefined) return
    worker.disconnect()
    await once(worker, 'exit')
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return { ran, broken }
}

/** What a worker made of a file; undefined where it ended. */
async function ask(worker: ChildProcess, asked: Ask): Promise<Ran | undefined> {
  worker.send(asked)
  return new Promise(resolve => {
    const end = (): void => resolve(undefined)
    worker.once('exit', end)
    worker.once('message', (ran: Ran) => {
      worker.off('exit', end)
      resolve(ran)
    })
  })
}

/** What the compiler says against the sources; nothing: all is well. */
async function checkTypes(): Promise<string> {
  const tsc = spawn(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  tsc.stdout.setEncoding('utf8').on('data', text => (said += text))
  const [code]: unknown[] = await once(tsc, 'close')
  return code === 0 ? '' : `${said}tsc ended with ${code}\n`
}

/** Prints what is wrong and how much there was; true where all is well. */
function tell({ ran, broken }: Ended, types: string): boolean {
  const sum = (key: 'total' | 'passed' | 'skipped'): number => ran.reduce((all, one) => all + one[key], 0)
  const problems = [
    ...ran.filter(({ total, passed }) => passed < total).map(({ file, total, passed }) => `${file}: ${total - passed} failed`),
    ...ran.filter(({ total }) => total === 0).map(({ file }) => `${file}: it has no tests`),
    ...broken.map(file => `${file}: its process ended before its tests did`),
    ...(files.length === 0 ? ['no file of tests has such a name'] : []),
  ]
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${types}${problems.map(problem => `✘ ${problem}\n`).join('')}`)
  console.log(
    `  Files:     ${files.length}\n  Total:     ${sum('total')}\n  Passed:    ${sum('passed')}\n  Skipped:   ${sum('skipped')}\n  Duration:  ${seconds} s\n`,
  )
  return problems.length === 0 && types === ''
}
