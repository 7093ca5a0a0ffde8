import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf } from '../cluster/policies.ts'
import { apply, createNamespace, startCluster } from '../cluster/server.ts'
import { engines } from '../flows/model.ts'
import type { Engine } from '../flows/model.ts'
import { Chance, randomRun } from '../harness/chance.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { at, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import type { Part } from '../harness/part.ts'
import { pool } from '../harness/pool.ts'
import { postRender, valuesFile } from '../harness/postrender.ts'
import { must } from '../harness/proc.ts'
import { product } from '../harness/product.ts'
import { table } from '../harness/report.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'
import { expected, mentions, rulesOf } from './expect.ts'
import { Meanings } from './meant.ts'
import type { Meant } from './meant.ts'
import { readByGo } from '../harness/go.ts'
import { documentsOf } from './write.ts'

/** Workloads for each engine; HELM_NETPOL_CASES asks for more. */
const CASES = 400
/** In one stream. */
const TOGETHER = 100
/** Through Helm's post-renderer and to the API server. */
const FARTHER = 60

/**
 * Names, labels, selectors and ports that look like numbers, booleans, null or dates: what Go's parser, Helm's second parse of a post-rendered
 * stream and the API server read of our policies has to be the string that was meant. HELM_NETPOL_SEED repeats a run.
 */
export const labels: Part = {
  name: 'labels',
  about: 'strings that look like something else, put in quotes: read of our policies by Go, by Helm 4 and by the API server as they were meant',
  prints: 8,
  async run(report, judges) {
    const { seed, count } = randomRun(CASES)
    const helm = judges.path('helm4')
    const random = new Meanings(seed)
    const groups = Array.from({ length: Math.ceil(count / TOGETHER) }, (_, index) => random.workloads(Math.min(TOGETHER, count - index * TOGETHER), index % 2 === 0))
    const tally = new Tally()
    for (const engine of engines) {
      await pool(groups, 2, async group => {
        const policies = await readByGo(helm, ourPolicies(await filtered(engine, streamOf(group, seed))))
        for (const one of group) judge(report, tally, 'Go', engine, one, policies)
      })
    }
    const some = random.workloads(FARTHER, true)
    for (const engine of engines) await throughHelm(report, tally, judges, engine, some)
    await throughServer(report, tally, judges, some)
    report.say(tally.toString())
    report.say(`  HELM_NETPOL_SEED=${seed}`)
  },
}

const valuesOf = (engine: Engine): object => ({ networkPolicy: { enabled: true, engine, controller: '*' } })

function streamOf(group: readonly Meant[], seed: number): string {
  const chance = new Chance(seed)
  return group.map(one => documentsOf(one, chance)).join('')
}

async function filtered(engine: Engine, stream: string): Promise<string> {
  const { code, stdout, stderr } = await postRender(stream, valuesOf(engine))
  if (code !== 0) throw new Error(`${engine}: the post-renderer failed (exit ${code})\n${stderr}`)
  return stdout
}

/** What Helm 4 prints is the policies as it parsed them and wrote them anew. */
async function throughHelm(report: Report, tally: Tally, judges: Judges, engine: Engine, group: readonly Meant[]): Promise<void> {
  const helm = judges.path('helm4')
  const chart = scratch('labels')
  const env = helmEnvironment(scratch('labels-home'))
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: labels\nversion: 0.0.1\n')
  writeFileSync(join(scratch('labels/templates'), 'all.yaml'), streamOf(group, 0))
  if (engine === engines[0]) await must(helm, ['plugin', 'install', product()], { env })
  const flags = ['--post-renderer', 'netpol', '--post-renderer-args', `--values=${valuesFile(valuesOf(engine))}`]
  const printed = await must(helm, ['template', 'labels', chart, ...flags], { env })
  const policies = await readByGo(helm, ourPolicies(printed))
  for (const one of group) judge(report, tally, 'Helm', engine, one, policies)
}

async function throughServer(report: Report, tally: Tally, judges: Judges, group: readonly Meant[]): Promise<void> {
  if (!judges.has('testcluster')) return report.skip(group.length * engines.length, "the API server's reading: testcluster is missing")
  const cluster = await startCluster(judges)
  try {
    await pool([...new Set(group.map(({ namespace }) => namespace))], 8, namespace => createNamespace(cluster.call, namespace))
    for (const engine of engines) {
      const sources = ourPolicies(await filtered(engine, streamOf(group, 1)))
      const read = await readByGo(judges.path('helm4'), sources)
      const stored = await pool(sources, 8, async (source, index) => {
        const name = text(at(read[index], 'metadata', 'name')) ?? ''
        return apply(cluster.call, pathOf(engine, text(at(read[index], 'metadata', 'namespace')) ?? '', name), source, true)
      })
      for (const one of group) judge(report, tally, 'API server', engine, one, stored)
    }
  } finally {
    await cluster.stop()
  }
}

/** Helm takes its own annotation away again. */
const helmsOwn = 'postrenderer.helm.sh/postrender-filename'

function judge(report: Report, tally: Tally, reader: Reader, engine: Engine, meant: Meant, policies: readonly Value[]): void {
  const policy = policies.find(one => at(one, 'metadata', 'annotations', 'helm-netpol/policy') === `allowlist/${meant.name}` && isIn(engine, one, meant.namespace))
  const wrong = policy === undefined ? ['there is no policy of it'] : differences(engine, meant, policy, reader)
  tally.judged(reader, engine, meant, wrong.length > 0)
  if (wrong.length === 0) report.pass()
  else report.fail(`${engine}, read by ${reader}`, `${JSON.stringify(meant)}\n${wrong.join('\n')}`)
}

function isIn(engine: Engine, policy: Value, namespace: string): boolean {
  const path = engine === 'clusterNetworkPolicy' ? ['spec', 'subject', 'pods', 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name'] : ['metadata', 'namespace']
  return at(policy, ...path) === namespace
}

function differences(engine: Engine, meant: Meant, policy: Value, reader: Reader): string[] {
  const wrong = expected(engine, meant).flatMap(({ path, value }) => {
    const [wanted, found] = [withoutHelms(value, reader), withoutHelms(at(policy, ...path), reader)]
    return sorted(found) === sorted(wanted) ? [] : [`${path.join('.')}: ${sorted(found)}, meant was ${sorted(wanted)}`]
  })
  return mentions(rulesOf(policy), meant.port) ? wrong : [...wrong, `the port ${JSON.stringify(meant.port)} is in no rule: ${JSON.stringify(rulesOf(policy))}`]
}

function withoutHelms(value: Value | undefined, reader: Reader): Value | undefined {
  if (reader !== 'Helm' || value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== helmsOwn))
}

/** As text, whatever the order of the keys. */
function sorted(value: Value | undefined): string {
  if (value === undefined || value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'nothing'
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`)
  return `{${entries.sort().join()}}`
}

type Reader = 'Go' | 'Helm' | 'API server'

/** What was read, by whom. */
class Tally {
  readonly #rows = new Map<string, { workloads: number; strings: number; wrong: number }>()

  judged(reader: Reader, engine: Engine, meant: Meant, isWrong: boolean): void {
    const key = JSON.stringify([reader, engine])
    const { workloads, strings, wrong } = this.#rows.get(key) ?? { workloads: 0, strings: 0, wrong: 0 }
    this.#rows.set(key, { workloads: workloads + 1, strings: strings + stringsOf(meant), wrong: wrong + (isWrong ? 1 : 0) })
  }

  toString(): string {
    const rows = [...this.#rows].map(([key, { workloads, strings, wrong }]) => [...(JSON.parse(key) as string[]), workloads, strings, wrong])
    return table([['read by', 'engine', 'workloads', 'strings', 'wrong'], ...rows])
  }
}

/** Keys and values, each of which is compared. */
function stringsOf({ labels: own, matchLabels, matchExpressions }: Meant): number {
  const pairs = Object.keys(own).length + Object.keys(matchLabels).length
  return 3 + 2 * pairs + matchExpressions.reduce((sum, { values }) => sum + 1 + values.length, 0)
}
