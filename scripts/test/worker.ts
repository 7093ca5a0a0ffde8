import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Ask, Ran } from './messages.ts'

/** Runs files of tests one after the other, as it is asked; what they print goes with the answer, in one piece. */
process.on('message', (ask: Ask) => {
  // Else a test that waits for nothing would wait for ever.
  process.channel?.unref()
  void run(ask).then(ran => {
    process.channel?.ref()
    process.send?.(ran)
  })
})

let printed = ''
let running = false
const print = process.stdout.write
process.on('exit', () => {
  if (running) writeSync(1, `${printed}\n`)
})

async function run({ file, script }: Ask): Promise<Ran> {
  printed = `${file}\n`
  running = true
  process.stdout.write = keep
  const suites = await load(script)
  const ended = { total: 0, passed: 0, skipped: 0 }
  for (const suite of suites) {
    const [errors, passed, skipped, total] = await suite()
    ended.total += total
    ended.passed += passed
    ended.skipped += skipped
    if (typeof errors === 'string') printed += `\n${errors}\n`
  }
  process.stdout.write = print
  running = false
  return { file, text: printed, ...ended }
}

function keep(text: string | Uint8Array): boolean {
  printed += typeof text === 'string' ? text : Buffer.from(text).toString()
  return true
}

/** A suite of uvu 0.5: its errors as text, then how many tests passed, were skipped and are there. */
type Suite = () => Promise<readonly [errors: string | true, passed: number, skipped: number, total: number]>

/** What uvu itself does for its command line: with this variable, suites are kept in the queue until they are asked for. */
async function load(script: string): Promise<Suite[]> {
  const queue: Suite[][] = [[]]
  Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: queue })
  await import(pathToFileURL(script).href)
  return queue.flat()
}
