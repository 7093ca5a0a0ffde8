import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import * as assert from 'uvu/assert'
import { programOf } from '../harness/oracle.ts'
import type { Judges } from '../harness/judges.ts'
import type { Part } from '../harness/part.ts'
import { ownStreams, streamFiles, streamsFolder } from '../harness/paths.ts'
import { pool } from '../harness/pool.ts'
import { table } from '../harness/report.ts'
import type { Report } from '../harness/report.ts'
import type { ImplementationName } from '../../../src/verdict/registry.ts'
import { isObject } from '../../../src/yaml/json.ts'
import { decidedCases, questionsIn } from '../../helpers/decided.ts'
import type { DecidedCase } from '../../helpers/decided.ts'
import type { PolicyObject } from '../verdicts/model.ts'
import { compareFlows, emptySums } from './compare.ts'
import type { Sums } from './compare.ts'
import { questionsFor, questionsOf } from './questions.ts'
import type { Setting } from './questions.ts'

const SHOWN = 5

/** The stream as it stands, then with policies of ours in every dialect, each by those who enforce it. */
const settings: readonly Setting[] = [
  { name: 'as it stands', values: undefined, implementations: ['generic', 'cilium', 'calico'] },
  { name: 'kubernetes', values: { engine: 'kubernetes' }, implementations: ['generic', 'cilium', 'calico'] },
  { name: 'kubernetes, egress', values: { engine: 'kubernetes', egress: true }, implementations: ['generic', 'cilium', 'calico'] },
  { name: 'cilium, egress', values: { engine: 'cilium', egress: true, defaultDeny: true }, implementations: ['cilium'] },
  { name: 'calico, egress', values: { engine: 'calico', egress: true, defaultDeny: true }, implementations: ['calico'] },
  { name: 'clusterNetworkPolicy, egress', values: { engine: 'clusterNetworkPolicy', egress: true, defaultDeny: true }, implementations: ['generic', 'cilium', 'calico'] },
]

export const check: Part = {
  name: 'check',
  about: "helm-netpol check says of every flow that real charts need what the engines' own code says",
  async run(report, judges) {
    const files = streamFiles([streamsFolder(), ownStreams])
    if (streamsFolder() === undefined) report.skip(1, 'streams that are not of this suite (set HELM_NETPOL_STREAMS to a folder of rendered charts)')
    const rows: (string | number)[][] = []
    const all = emptySums()
    for (const file of files) {
      const sums = await oneStream(report, judges, file)
      for (const key of ['flows', 'sides', 'allowed', 'denied', 'unsure', 'differing'] as const) all[key] += sums[key]
      rows.push([basename(file), sums.flows, sums.sides, sums.allowed, sums.denied, sums.unsure, sums.differing])
    }
    report.say(table([['stream', 'questions', 'sides of connections', 'allowed', 'denied', 'unsure', 'differing'], ...rows]))
    if (all.sides === 0) return
    await report.check('some sides let their connection through, and some do not', () => assert.ok(all.allowed > 100 && all.denied > 100, JSON.stringify(all)))
    await found(report, judges, files)
    for (const one of decidedCases()) for (const implementation of one.implementations) await oneCase(report, judges, one, implementation)
  },
}

async function oneStream(report: Report, judges: Judges, file: string): Promise<Sums> {
  const bytes = readFileSync(file)
  const sums = emptySums()
  const cases = settings.flatMap(setting => setting.implementations.map(implementation => ({ setting, implementation })))
  await pool(cases, 2, async ({ setting, implementation }) => {
    const judge = implementation === 'cilium' ? 'cilium' : 'calico'
    const title = `${basename(file)}, ${setting.name}, by ${implementation}`
    if (!judges.has(programOf[judge])) return report.skip(1, `${title}: ${programOf[judge]} is missing`)
    const questions = await questionsOf(bytes, setting, implementation)
    const { refused, differing } = await compareFlows(judges, judge, questions, sums)
    if (refused !== undefined) report.fail(`${title}: the judge refuses`, refused)
    else if (differing.length > 0) report.fail(`${title}: ${differing.length} sides differ`, differing.slice(0, SHOWN).join('\n'))
    else report.pass()
  })
  return sums
}

/** What was found once, and is kept in test/cases. */
async function oneCase(report: Report, judges: Judges, one: DecidedCase, implementation: ImplementationName): Promise<void> {
  const judge = implementation === 'cilium' ? 'cilium' : 'calico'
  const title = `${one.name}, under ${implementation}`
  if (!judges.has(programOf[judge])) return report.skip(1, `${title}: ${programOf[judge]} is missing`)
  // Where Calico does not do what the API says, it is no judge of that.
  if (implementation === 'generic' && one.implementations.includes('calico')) return
  const { prepared, named } = await questionsIn(one, implementation)
  const sums = emptySums()
  const { refused, differing } = await compareFlows(judges, judge, questionsFor(prepared, named), sums)
  if (refused !== undefined) report.fail(`${title}: the judge refuses`, refused)
  else if (differing.length > 0 || sums.sides === 0) report.fail(`${title}: ${differing.length} of ${sums.sides} sides differ`, differing.join('\n'))
  else report.pass()
}

/** A judge that is asked about other policies says something else, and that is found. */
async function found(report: Report, judges: Judges, files: readonly string[]): Promise<void> {
  const [setting] = settings.filter(({ name }) => name === 'kubernetes, egress')
  const [file] = files
  if (setting === undefined || file === undefined || !judges.has(programOf.calico)) return
  await report.check('rules that the judge does not get are found', async () => {
    const questions = await questionsOf(readFileSync(file), setting, 'generic')
    const emptied: readonly PolicyObject[] = questions.policies.map(({ spec, ...rest }) => ({ ...rest, spec: isObject(spec) ? { ...spec, egress: [] } : null }))
    const { differing } = await compareFlows(judges, 'calico', { ...questions, policies: emptied }, emptySums())
    assert.ok(differing.length > 0)
  })
}
