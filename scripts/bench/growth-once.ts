import assert from 'node:assert/strict'
import { formats } from '../../src/check/formats/formats.ts'
import { explain } from '../../src/commands/explain.ts'
import { cover } from '../../src/coverage/cover.ts'
import { reachesOf } from '../../src/coverage/flows.ts'
import type { FormatName } from '../../src/explain/formats.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import type { Home } from '../../src/needs/home.ts'
import type { Need } from '../../src/needs/need.ts'
import type { RunOptions } from '../../src/run.ts'
import { placeAt } from '../../src/yaml/tree.ts'
import { checked } from '../../test/helpers/checking.ts'
import { workloadOf } from '../../test/helpers/facts.ts'
import { runWith } from '../../test/helpers/run.ts'
import { service, workload } from '../../test/helpers/streams.ts'

/** Where things are held each against each, four times as many take sixteen times as long: `growth-once.ts SHAPE`, in a process of its own. */
interface Shape {
  /** Enough to take some tenths of a second. */
  readonly count: number
  readonly input: (count: number) => string
  readonly act: (input: string) => Promise<unknown>
}

function many(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join('')
}

const labels = (index: number): string => `{app: app-${index}}`
const one = (index: number, container = ''): string =>
  workload({ name: `app-${index}`, selector: `{matchLabels: ${labels(index)}}`, podLabels: labels(index), container })
const serviceOf = (index: number): string => service({ name: `app-${index}`, selector: labels(index), ports: '[{port: 80, targetPort: 8080}]' })
const policyOf = (index: number): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own-${index}, namespace: stage}
spec: {podSelector: {matchLabels: ${labels(index)}}, policyTypes: [Ingress, Egress], ingress: [{}]}
`

const url = (index: number): string => `            - {name: U${index}_URL, value: "https://h${index}.example.com"}\n`
const dialling = (count: number): string => workload({ container: `          env:\n${many(count, url)}` })

function block(engine: string, egress: string): string {
  return `networkPolicy:\n  enabled: true\n  engine: ${engine}\n  controller: ['*']\n  egress: {${egress}}\n`
}

const open = block('kubernetes', 'enabled: false')

function explained(input: string, format: FormatName, engine = 'kubernetes'): Promise<unknown> {
  return explain(Buffer.from(input), { ...settled(block(engine, 'enabled: true')), format, width: 100, color: false })
}

function settled(text: string): RunOptions {
  const files = [{ path: 'values.yaml', text }]
  return { root: 'networkPolicy', files, sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false }
}

async function tabled(input: string, values: string): Promise<string> {
  return formats.table.account(await checked(input, { values }), { width: 100, color: false })
}

const nothingNeeded: Omit<Need, 'host' | 'text'> = { row: 'url', party: '', reason: '', ports: [], dialled: undefined, anyPort: false, guess: false, found: [] }
const dialler = await workloadOf(workload())
const home: Home = { ...dialler, namespace: 'stage', namespaces: new Set() }

const shapes: Readonly<Record<string, Shape>> = {
  'workloads with Services': {
    count: 250,
    input: count => many(count, index => one(index) + serviceOf(index)),
    act: input => runWith(input, { values: open }),
  },
  'workloads with policies of the chart': {
    count: 500,
    input: count => many(count, index => one(index) + policyOf(index)),
    act: input => runWith(input, { values: open }),
  },
  'workloads that are explained as JSON': { count: 300, input: count => many(count, index => one(index)), act: input => explained(input, 'json') },
  'workloads that are explained in tables': { count: 150, input: count => many(count, index => one(index)), act: input => explained(input, 'table') },
  'workloads that are checked': {
    count: 60,
    input: count => many(count, index => one(index, `          env:\n${url(index)}`)),
    act: input => tabled(input, block('cilium', 'enabled: true')),
  },
  'mistakes in an item of a ResourceList': {
    count: 500,
    input: count => `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- kind: Service\n${'  - x\n'.repeat(count)}`,
    act: input => answerResourceList(Buffer.from(input), { ...settled(open), explicit: [] }),
  },
  'destinations that are cut': { count: 200, input: dialling, act: input => explained(input, 'json', 'cilium') },
  'destinations that are opened by name': { count: 1000, input: count => many(count, index => `h${index}.example.com `), act: async input => covered(input) },
  'places in a text': { count: 20000, input: count => 'x\n'.repeat(count), act: async input => placed(input) },
}

/** Without all that is read and written around it, in which a square would hide. */
function covered(input: string): void {
  const names = input.trim().split(' ')
  const flow = { row: 'url', direction: 'egress', ports: [], reason: '', resolvesNames: false, where: [], verbatim: undefined } as const
  const needs = names.map(name => ({ ...nothingNeeded, host: { kind: 'outside', name } as const, text: name }))
  const reaches = names.flatMap(name => reachesOf({ ...flow, peers: { kind: 'names', names: [name] }, derived: `url ${name}` }, { knowsApiserver: true }))
  const coverage = cover(needs, reaches, { home, blocksReachPods: false, namesUnresolved: false })
  assert.ok(coverage.every(({ verdict }) => verdict === 'allowed'))
}

function placed(text: string): void {
  const source = { name: 'x', text, firstLine: 0 }
  for (let line = 0; 2 * line < text.length; line++) assert.equal(placeAt(source, 2 * line).line, line + 1)
}

/** What a process measured: milliseconds of processor time, the best of three. */
export interface Growth {
  readonly count: number
  readonly less: number
  readonly more: number
}

const [name = ''] = process.argv.slice(2)
const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
process.stdout.write(JSON.stringify(shape === undefined ? Object.keys(shapes) : await grown(shape)))

async function grown({ count, input, act }: Shape): Promise<Growth> {
  const [few, lots] = [input(count), input(4 * count)]
  // What runs for the first time is compiled first.
  await act(few)
  return { count, less: await spent(() => act(few)), more: await spent(() => act(lots)) }
}

async function spent(act: () => Promise<unknown>): Promise<number> {
  let best = Infinity
  for (let turn = 0; turn < 3; turn++) {
    const before = process.cpuUsage()
    await act()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}
