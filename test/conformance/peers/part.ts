import { judgesOf } from '../flows/model.ts'
import type { JudgeName } from '../flows/model.ts'
import { randomRun } from '../harness/chance.ts'
import type { Judges } from '../harness/judges.ts'
import { programOf } from '../harness/oracle.ts'
import type { Part } from '../harness/part.ts'
import { pool } from '../harness/pool.ts'
import { table as print } from '../harness/report.ts'
import type { Report } from '../harness/report.ts'
import { compare, describe, isSame } from './compare.ts'
import type { Outcome } from './compare.ts'
import { refusal } from './inexpressible.ts'
import { dialects } from './model.ts'
import type { Dialect } from './model.ts'
import { mutations } from './mutations.ts'
import { randomCases } from './random.ts'
import { render } from './render.ts'
import type { Rendered } from './render.ts'
import { shrink } from './shrink.ts'
import { table } from './table.ts'

/** HELM_NETPOL_CASES asks for more; HELM_NETPOL_SEED repeats a run. */
const CASES = 20
/** Cases that go before a judge together. */
const TOGETHER = 16
const JUDGES: readonly JudgeName[] = ['cilium', 'calico']

export const peers: Part = {
  name: 'peers',
  about: 'translated peers say the same in every dialect: flow by flow what the NetworkPolicy of the same values says',
  async run(report, judges) {
    const { seed, count } = randomRun(CASES)
    const cases = [...table(), ...randomCases(seed, count)]
    report.say(`  ${cases.length - count} cases of a table and ${count} random ones, HELM_NETPOL_SEED=${seed}`)
    const present = JUDGES.filter(judge => judges.has(programOf[judge]))
    for (const judge of JUDGES) if (!present.includes(judge)) report.skip(cases.length, `${judge}'s verdicts: ${programOf[judge]} is missing`)

    const tally = new Tally()
    const wrong: Outcome[] = []
    await pool(groups(cases), 2, async group => {
      const rendered: Rendered[] = []
      for (const one of group) rendered.push(await render(one))
      for (const one of rendered) for (const engine of dialects) expectRefusal(report, tally, one, engine)
      for (const judge of present) {
        for (const outcome of await compare(judges, judge, rendered)) {
          tally.judged(outcome)
          if (isSame(outcome)) report.pass()
          else wrong.push(outcome)
        }
      }
    })
    for (const [index, outcome] of wrong.entries()) {
      if (index < SHRUNK) await tell(report, judges, outcome)
      else report.failAgain()
    }
    report.say(tally.toString())
    await mutations(report, judges, present)
  },
}

/** What cannot be said is refused, in words that tell who can say it, and nothing else is. */
function expectRefusal(report: Report, tally: Tally, one: Rendered, engine: Dialect): void {
  const rendering = one.translated.get(engine)
  if (rendering === undefined) return
  const wanted = refusal(one, engine)
  const said = 'error' in rendering ? rendering.error : undefined
  if (said !== undefined) tally.refused(engine)
  const where = `${one.id}, ${engine}`
  if (wanted !== undefined && said === undefined) report.fail(`${where}: taken, though the engine has no words for it`, JSON.stringify(one.values))
  else if (wanted === undefined && said !== undefined) report.fail(`${where}: refused, though the engine has words for it`, `${JSON.stringify(one.values)}\n${said}`)
  else if (wanted !== undefined && said !== undefined && !wanted.test(said)) report.fail(`${where}: refused in other words than ${String(wanted)}`, said)
  else if (said !== undefined) report.pass()
}

const FLOWS_PRINTED = 6
/** Finding the smallest case takes many runs. */
const SHRUNK = 4

async function tell(report: Report, judges: Judges, outcome: Outcome): Promise<void> {
  const { pair, of, refused, differing } = await shrink(judges, outcome)
  const flows = [...differing.slice(0, FLOWS_PRINTED).map(describe), ...(differing.length > FLOWS_PRINTED ? [`… and ${differing.length - FLOWS_PRINTED} more`] : [])]
  report.fail(
    `${of.id}, ${pair.engine} by ${pair.judge}: ${refused === undefined ? 'flows come out otherwise' : 'refused'}`,
    [`the smallest values: ${JSON.stringify(of.values)}`, ...(refused === undefined ? flows : [refused])].join('\n'),
  )
}

/** What was compared, for each engine and judge. */
class Tally {
  readonly #rows = new Map<string, { values: number; flows: number; allowed: number; differing: number }>()
  readonly #refused = new Map<Dialect, number>()

  judged({ pair, of, allowed, differing }: Outcome): void {
    const key = `${pair.engine} ${pair.judge}`
    const row = this.#rows.get(key) ?? { values: 0, flows: 0, allowed: 0, differing: 0 }
    this.#rows.set(key, { values: row.values + 1, flows: row.flows + of.flows.length, allowed: row.allowed + allowed, differing: row.differing + differing.length })
  }

  refused(engine: Dialect): void {
    this.#refused.set(engine, (this.#refused.get(engine) ?? 0) + 1)
  }

  toString(): string {
    const rows = dialects.flatMap(engine =>
      judgesOf[engine].flatMap(judge => {
        const row = this.#rows.get(`${engine} ${judge}`)
        return row === undefined ? [] : [[engine, judge, row.values, this.#refused.get(engine) ?? 0, row.flows, row.allowed, row.differing]]
      }),
    )
    return print([['engine', 'judge', 'values', 'refused', 'flows', 'allowed', 'differing'], ...rows])
  }
}

function groups<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, index) => all.slice(index * TOGETHER, (index + 1) * TOGETHER))
}
