import * as assert from 'uvu/assert'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { engines, judgesOf } from '../flows/model.ts'
import type { Engine } from '../flows/model.ts'
import { ask, programOf } from '../harness/oracle.ts'
import type { Judges } from '../harness/judges.ts'
import type { Part } from '../harness/part.ts'
import { madeUp, ownStreams, streamFiles, streamsFolder } from '../harness/paths.ts'
import { pool } from '../harness/pool.ts'
import { postRenderBytes } from '../harness/postrender.ts'
import type { Report } from '../harness/report.ts'
import { indent, table } from '../harness/report.ts'
import { ourPolicies, withoutOurs } from '../harness/stream.ts'
import { claimKinds, readChart } from './claims.ts'
import type { Chart, ClaimKind } from './claims.ts'
import { mutations } from './mutations.ts'
import type { Rendered } from './mutations.ts'

const SHOWN = 5

export const streams: Part = {
  name: 'streams',
  about: 'real charts: bytes kept, policies accepted, what the chart wires up reachable, what is for nobody closed; a rule taken out is found',
  async run(report, judges) {
    const files = streamFiles([streamsFolder(), ownStreams, madeUp])
    if (streamsFolder() === undefined) report.skip(1, 'streams that are not of this suite (set HELM_NETPOL_STREAMS to a folder of rendered charts)')
    for (const name of ['cilium', 'calico'] as const) if (!judges.has(programOf[name])) report.skip(files.length, `${name}'s verdicts: ${programOf[name]} is missing`)
    const tallies: Tally[] = []
    for (const file of files) tallies.push(await one(report, judges, file))
    report.say(table([['chart', 'policies', ...claimKinds, 'wrong'], ...tallies.map(row)]))
    for (const { chart } of tallies) if (chart.left.size > 0) report.say(`  not judged of ${chart.name}\n${indent(leftOf(chart), '    ')}`)
    if (!judges.has(programOf.cilium) && !judges.has(programOf.calico)) return
    for (const kind of claimKinds) await report.check(`some chart has claims of the kind ${kind}`, () => assert.ok(tallies.some(({ asked }) => (asked.get(kind) ?? 0) > 0)))
    await mutations(report, judges, tallies)
  },
}

/** How many claims of each kind the judges were asked about, over all engines, and how many were wrong. */
interface Tally extends Rendered {
  policies: Map<Engine, string>
  asked: Map<ClaimKind, number>
  wrong: number
}

const row = ({ chart, asked, wrong }: Tally): (string | number)[] => [chart.name, chart.covered.length, ...claimKinds.map(kind => asked.get(kind) ?? 0), wrong]

const leftOf = ({ left }: Chart): string => [...left].map(([reason, what]) => `${reason}: ${[...what].join(', ')}`).join('\n')

async function one(report: Report, judges: Judges, file: string): Promise<Tally> {
  const bytes = readFileSync(file)
  const chart = readChart(basename(file).replace(/\.ya?ml$/, ''), bytes.toString())
  const tally: Tally = { chart, policies: new Map(), asked: new Map(), wrong: 0 }
  const cases = engines.flatMap(engine => [false, true].map(defaultDeny => ({ engine, defaultDeny })))
  await pool(cases, 2, async ({ engine, defaultDeny }) => {
    const title = `${chart.name}, ${engine}${defaultDeny ? ', default deny' : ''}`
    const networkPolicy = { enabled: true, engine, controller: '*', ...(defaultDeny ? { defaultDeny: { enabled: true } } : {}) }
    const ran = await postRenderBytes(bytes, { networkPolicy }, ['-n', chart.namespace])
    if (ran.code !== 0) return report.fail(`${title}: the post-renderer failed (exit ${ran.code})`, ran.stderr)
    await report.check(`${title}: the chart's own documents`, () => sameBytes(bytes, ran.stdout))
    const output = ran.stdout.toString()
    await report.check(`${title}: a policy for each workload`, () => {
      const wanted = chart.covered.length + (defaultDeny ? new Set(chart.covered.map(({ namespace }) => namespace)).size : 0)
      const got = ourPolicies(output).length
      if (got !== wanted) throw new Error(`${wanted} policies wanted, ${got} there`)
    })
    if (!defaultDeny) tally.policies.set(engine, ourPolicies(output).join(''))
    await verdicts(report, judges, chart, { engine, defaultDeny, title, output }, tally)
  })
  return tally
}

function sameBytes(before: Buffer, after: Buffer): void {
  // One character a byte, so that nothing is decoded away.
  const kept = withoutOurs(after.toString('latin1'))
  const original = before.toString('latin1')
  // A policy before a first document without a separator brings one.
  if (kept === original || (!original.startsWith('---') && kept === `---\n${original}`)) return
  let index = 0
  while (kept[index] === original[index]) index++
  throw new Error(`they differ from byte ${index} on:\nwas ${JSON.stringify(original.slice(index, index + 80))}\nis  ${JSON.stringify(kept.slice(index, index + 80))}`)
}

const hasPolicies = (stream: string): boolean => /NetworkPolicy/.test(stream)

interface Case {
  engine: Engine
  defaultDeny: boolean
  title: string
  output: string
}

async function verdicts(report: Report, judges: Judges, chart: Chart, { engine, defaultDeny, title, output }: Case, tally: Tally): Promise<void> {
  const claims = chart.claims(engine, defaultDeny)
  for (const judge of judgesOf[engine]) {
    if (!judges.has(programOf[judge])) continue
    const question = { judge, world: chart.world, namespace: chart.namespace }
    // Whole: as the cluster gets it, with policies of the chart's own.
    const whole = hasPolicies(withoutOurs(output)) ? await ask(judges, { ...question, policies: output, flows: [] }) : undefined
    if (whole !== undefined && 'refused' in whole) {
      report.fail(`${title}, ${judge}: refused`, whole.refused)
      continue
    }
    // Alone: policies of the chart's own could open or close what ours do not.
    const answer = await ask(judges, { ...question, policies: ourPolicies(output).join(''), flows: claims.map(({ flow }) => flow), hostByPolicy: true })
    if ('refused' in answer) {
      report.fail(`${title}, ${judge}: refused`, answer.refused)
      continue
    }
    const wrong = claims.filter(({ wanted }, index) => answer.verdicts[index] !== wanted)
    for (const { kind } of claims) tally.asked.set(kind, (tally.asked.get(kind) ?? 0) + 1)
    tally.wrong += wrong.length
    if (wrong.length === 0) report.pass()
    else
      report.fail(
        `${title}, ${judge}: ${wrong.length} of ${claims.length} claims wrong`,
        wrong
          .slice(0, SHOWN)
          .map(({ flow, wanted, why }) => `${why}: from ${flow.from.id} to ${flow.to.id} port ${flow.port}/${flow.protocol}: wanted ${wanted}, got the contrary`)
          .join('\n'),
      )
  }
}
