import type { Judges } from '../harness/judges.ts'
import { programOf } from '../harness/oracle.ts'
import type { Part } from '../harness/part.ts'
import { pool } from '../harness/pool.ts'
import { table } from '../harness/report.ts'
import type { Report } from '../harness/report.ts'
import { ourPolicies, withoutOurs } from '../harness/stream.ts'
import { describe, judge } from './judge.ts'
import type { Outcome } from './judge.ts'
import { judgesOf } from './model.ts'
import type { Engine, JudgeName } from './model.ts'
import { render } from './render.ts'
import type { Rendered } from './render.ts'
import { chosen } from './scenarios.ts'
import { throughHelm } from './helm.ts'

const FLOWS_PRINTED = 8

interface Row {
  scenarios: Set<string>
  flows: number
  right: number
  wrong: number
  refused: number
}

export const flows: Part = {
  name: 'flows',
  about: 'every scenario, judged flow by flow by the engines themselves',
  async run(report, judges) {
    const all = chosen(report, judges.path('helm4'))
    const rows = new Map<string, Row>()
    // Render and judge one scenario after the other, so that both kinds of work keep both workers busy.
    await pool(all, 2, async scenario => {
      const rendered = await render(scenario)
      if (!sound(report, rendered)) return
      for (const name of judgesOf[scenario.block.engine]) {
        if (!judges.has(programOf[name])) continue
        for (const world of scenario.worlds) {
          const outcome = await judge(judges, scenario, rendered.original, ourPolicies(rendered.output).join(''), name, world)
          count(rows, scenario.block.engine, scenario.id, outcome)
          tell(report, rendered, outcome)
        }
      }
    })
    notAsked(
      report,
      judges,
      all.map(({ block }) => block.engine),
    )
    report.say(
      table([
        ['engine', 'judge', 'scenarios', 'flows', 'right', 'wrong', 'refused'],
        ...[...rows].sort(([a], [b]) => a.localeCompare(b)).map(([key, row]) => [...key.split(' by '), row.scenarios.size, row.flows, row.right, row.wrong, row.refused]),
      ]),
    )
    await throughHelm(report, judges, all)
  },
}

/** The post-renderer has to succeed and to leave the chart's own bytes alone. */
function sound(report: Report, { scenario, original, output, code, said }: Rendered): boolean {
  if (code !== 0) report.fail(`${scenario.id}: the post-renderer failed (exit ${code})`, said)
  else if (withoutOurs(output) !== original) report.fail(`${scenario.id}: the chart's own documents did not come back byte for byte`)
  else if (/^kind: \w*NetworkPolicy\b/m.test(original)) report.fail(`${scenario.id}: the chart has policies of its own, and only ours would be judged`)
  else if (output === original) report.fail(`${scenario.id}: no policy was put in`, said)
  else return true
  return false
}

function count(rows: Map<string, Row>, engine: Engine, id: string, outcome: Outcome): void {
  const key = `${engine} by ${outcome.judge}`
  const row = rows.get(key) ?? { scenarios: new Set(), flows: 0, right: 0, wrong: 0, refused: 0 }
  row.scenarios.add(id)
  row.flows += outcome.asked
  row.wrong += outcome.wrong.length
  row.right += outcome.refused === undefined ? outcome.asked - outcome.wrong.length : 0
  row.refused += outcome.refused === undefined ? 0 : 1
  rows.set(key, row)
}

function tell(report: Report, { scenario }: Rendered, outcome: Outcome): void {
  const where = `${scenario.id}, world ${outcome.world}, ${outcome.judge}`
  if (outcome.refused !== undefined) return report.fail(`${where}: refused`, outcome.refused)
  if (outcome.asked === 0) return report.fail(`${where}: no flow was asked`)
  if (outcome.wrong.length === 0) return report.pass()
  // The same flow is often wrong in a hundred scenarios: it is told once, with the first of them, and counted.
  const fresh = outcome.wrong.filter(wrong => once(`${scenario.block.engine} by ${outcome.judge} ${describe(wrong)}`))
  const title = `${where}: ${outcome.wrong.length} of ${outcome.asked} flows wrong`
  if (fresh.length === 0) return report.failAgain()
  const shown = fresh.slice(0, FLOWS_PRINTED).map(describe)
  const rest = outcome.wrong.length - shown.length
  report.fail(title, [...shown, ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n'))
}

const told = new Set<string>()

function once(text: string): boolean {
  const isNew = !told.has(text)
  told.add(text)
  return isNew
}

function notAsked(report: Report, judges: Judges, all: readonly Engine[]): void {
  for (const name of ['cilium', 'calico'] satisfies JudgeName[]) {
    const scenariosOfIt = all.filter(engine => judgesOf[engine].includes(name)).length
    if (!judges.has(programOf[name])) report.skip(scenariosOfIt, `${name}'s verdicts: ${programOf[name]} is missing`)
  }
}
