import { findJudges, Missing } from './harness/judges.ts'
import type { Part } from './harness/part.ts'
import { product } from './harness/product.ts'
import { Report } from './harness/report.ts'
import { flows } from './flows/part.ts'
import { mutations } from './flows/mutations.ts'
import { mutants } from './mutants/part.ts'
import { packages } from './packages/part.ts'
import { peers } from './peers/part.ts'
import { streams } from './charts/part.ts'
import { check } from './check/part.ts'
import { objects } from './cluster/objects.ts'
import { refusals } from './refusals/part.ts'
import { labels } from './labels/part.ts'
import { set } from './values/set.ts'
import { values } from './values/files.ts'
import { verdicts } from './verdicts/part.ts'
import { life } from './cluster/life.ts'
import { flux } from './flux/part.ts'
import { krm } from './krm/part.ts'
import { docs } from './docs/part.ts'
import { guides } from './guides/part.ts'
import { permission } from './permission/part.ts'
import { shells } from './shells/part.ts'

const parts: readonly Part[] = [
  flows,
  mutations,
  streams,
  objects,
  refusals,
  peers,
  set,
  values,
  labels,
  verdicts,
  check,
  flux,
  krm,
  docs,
  guides,
  permission,
  mutants,
  shells,
  packages,
  life,
]

async function main(): Promise<number> {
  const asked = process.argv.slice(2)
  const unknown = asked.filter(name => !parts.some(part => part.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`no part ${unknown.join(', ')}; the parts are:\n${parts.map(part => `  ${part.name.padEnd(10)} ${part.about}\n`).join('')}`)
    return 2
  }
  product()

  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const judges = await timed('judges', () => findJudges(say))
  const reports: Report[] = []
  for (const part of parts.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    const report = new Report(part.name, part.prints)
    reports.push(report)
    say(`\n${part.name}: ${part.about}`)
    await timed(part.name, async () => {
      try {
        await part.run(report, judges)
      } catch (error) {
        if (error instanceof Missing) report.skip(1, error.message)
        else report.fail(part.name, error instanceof Error ? (error.stack ?? error.message) : String(error))
      }
    })
    report.close()
    say(`${part.name}: ${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`)
  }
  const sum = (key: 'passed' | 'failed' | 'skipped'): number => reports.reduce((total, report) => total + report[key], 0)
  say(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  return sum('failed') > 0 ? 1 : 0
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now()
  try {
    return await work()
  } finally {
    process.stdout.write(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  }
}

// Exit handlers stop what was started and remove its folders: a signal must reach them.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, () => process.exit(code))

main().then(
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.stdout.write('0 passed, 1 failed, 0 skipped\n')
    process.exit(1)
  },
)
