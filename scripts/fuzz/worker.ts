import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Chance } from '../../test/conformance/harness/chance.ts'
import { nameOf, targets, writeCase } from '../../test/fuzz/case.ts'
import type { Case, Target } from '../../test/fuzz/case.ts'
import { play } from '../../test/fuzz/play.ts'
import type { Finding, Played } from '../../test/fuzz/play.ts'
import { Coverage, isEmpty, overlaps } from './coverage.ts'
import { mutate } from './mutate.ts'
import type { Orders, Report } from './protocol.ts'
import { keyOf } from './protocol.ts'
import { keptIn, seeds } from './seeds.ts'
import { shrink } from './shrink.ts'

/**
 * Plays mutated cases until the time is over. What reaches code or an answer that nothing reached before is kept to be mutated
 * further; what breaks a promise is made small and reported. The case in play stands in a file, for the parent to find after a crash.
 */
const orders: Orders = JSON.parse(process.argv[2] ?? '{}')
const { root, folder, seed, seconds } = orders
const script = process.argv[1] ?? ''
const queue = join(folder, 'queue')
const current = join(folder, `current-${orders.worker}.json`)
const batchSize = 8
/** Cases of earlier runs that one starts with. */
const mostReached = 800

const chance = new Chance(seed)
const coverage = new Coverage(pathToFileURL(script).href, readFileSync(script, 'utf8').length)
const shapes = new Set<string>()
const reported = new Set<string>()
const corpus: Case[] = []
const byTarget: Record<Target, Case[]> = { filter: [], function: [], explain: [], flux: [], values: [] }
const runs: Record<string, number> = {}

mkdirSync(queue, { recursive: true })
process.on('disconnect', () => process.exit())
await main()
if (process.connected) process.disconnect()

async function main(): Promise<void> {
  const end = Date.now() + seconds * 1000
  const reached = keptIn(queue)
  const start = [...(await seeds(root)), ...(reached.length > mostReached ? chance.times(mostReached, mostReached, () => chance.pick(reached)) : reached)]
  coverage.take()
  const safe = orders.avoid.length === 0 ? start : start.filter(one => !orders.avoid.includes(nameOf(one)))
  for (let at = 0; at < safe.length && Date.now() < end; at += batchSize) await tryAll(safe.slice(at, at + batchSize), false)
  for (const one of safe) add(one)
  while (Date.now() < end) {
    await tryAll(
      chance.times(batchSize, batchSize, () => mutate(choose(), choose(), chance)),
      true,
    )
  }
}

/** Of every target as often; half of the time one of its latest, which reached what is new. */
function choose(): Case {
  const of = byTarget[chance.pick(targets)]
  return chance.pick(of.length === 0 ? corpus : chance.chance(0.5) ? of.slice(-100) : of)
}

async function tryAll(cases: readonly Case[], keeps: boolean): Promise<void> {
  const played: Played[] = []
  for (const one of cases) played.push(await tryOne(one))
  const fresh = coverage.fresh()
  const open = fresh.slice()
  for (const [index, one] of cases.entries()) {
    const shape = played[index]?.shape ?? ''
    const newShape = !shapes.has(shape)
    shapes.add(shape)
    if (keeps && (newShape || (!isEmpty(open) && (await reaches(one, open))))) keep(one)
  }
  coverage.remember(fresh)
  await report()
}

async function tryOne(one: Case): Promise<Played> {
  const played = await playWatched(one)
  runs[one.target] = (runs[one.target] ?? 0) + 1
  for (const finding of played.findings) await tell(one, finding)
  return played
}

/** With the case in a file, should it bring the worker down. */
function playWatched(one: Case): Promise<Played> {
  writeFileSync(current, writeCase(one))
  return play(one)
}

/** Whether a case alone reaches some of what a batch reached; what it did is taken off. */
async function reaches(one: Case, open: Uint8Array): Promise<boolean> {
  coverage.take()
  await playWatched(one)
  const ran = coverage.take()
  if (!overlaps(ran, open)) return false
  for (let at = 0; at < ran.length; at++) if (ran[at] !== 0) open[at] = 0
  return true
}

function add(one: Case): void {
  corpus.push(one)
  byTarget[one.target].push(one)
}

function keep(one: Case): void {
  add(one)
  writeFileSync(join(queue, `${nameOf(one)}.json`), writeCase(one))
}

async function tell(one: Case, finding: Finding): Promise<void> {
  const key = keyOf(finding)
  if (reported.has(key)) return
  reported.add(key)
  const fails = async (smaller: Case): Promise<boolean> => {
    await report()
    return (await playWatched(smaller)).findings.some(other => keyOf(other) === key)
  }
  const smallest = await shrink(one, fails, { tries: 1000, seconds: 60 })
  const detail = (await playWatched(smallest)).findings.find(other => keyOf(other) === key)?.detail ?? finding.detail
  send({ finding: { oracle: finding.oracle, detail }, case: writeCase(smallest), name: nameOf(smallest) })
}

/** A sign of life. Messages leave, and the parent is heard, while nothing is played. */
async function report(): Promise<void> {
  const { user, system } = process.cpuUsage()
  send({ runs, processor: (user + system) / 1e6, reached: coverage.reached, shapes: shapes.size, corpus: corpus.length })
  await new Promise(resolve => setImmediate(resolve))
}

function send(report: Report): void {
  process.send?.(report)
}
