import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseCommand } from '../../src/cli.ts'
import { values } from '../../src/commands/values.ts'
import { formats } from '../../src/explain/formats.ts'
import { engineNames } from '../../src/values/schema.ts'
import { writeYaml } from '../../src/yaml/write.ts'
import { passthrough } from '../../test/conformance/flows/passthrough.ts'
import { nothing, readCase } from '../../test/fuzz/case.ts'
import type { Case, Flags } from '../../test/fuzz/case.ts'
import { optionsOf } from '../../test/fuzz/play.ts'

/** What mutation starts from: the kept corpus, the cases of the tests for every target, the rules of the conformance suite, the example. `root` is the repository. */
export async function seeds(root: string): Promise<Case[]> {
  const example = readFileSync(join(root, 'docs/example/stream.yaml'))
  const calls = readdirSync(join(root, 'test/cases'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(entry => callsOf(join(root, 'test/cases', entry.name)))
  return [...keptIn(join(root, 'test/fuzz/corpus')), ...calls, ...calls.flatMap(inOtherTargets), ...rules(), ...(await full(example))]
}

export function keptIn(folder: string): Case[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => name.endsWith('.json'))
  return names.sort().map(name => readCase(readFileSync(join(folder, name), 'utf8')))
}

/** A folder of test/cases, once for each engine. */
function callsOf(folder: string): Case[] {
  const stream = readIn(folder, 'input.yaml')
  const given = readIn(folder, 'values.yaml')
  if (stream === undefined || stream.length > 6000) return []
  const args: { args?: string[] } = JSON.parse(readIn(folder, 'args.json')?.toString() ?? '{}')
  const command = parseCommand(args.args ?? [], {}, delimiter)
  if (command.do !== 'filter') return []
  const { sets, controller, namespace, root, strict } = command.request
  return engineNames.map(engine => ({
    target: 'filter',
    stream,
    values: given === undefined ? [] : [given],
    sets: sets.map(({ kind, source }) => ({ kind, text: source.text })),
    release: nothing,
    flags: {
      engine,
      ...(controller === undefined ? {} : { controller }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(root === 'networkPolicy' ? {} : { root }),
      ...(strict ? { strict } : {}),
    },
  }))
}

function readIn(folder: string, name: string): Buffer | undefined {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined
}

/** The same stream for the commands beside the filter: each takes one of them, by turns. */
function inOtherTargets(one: Case, index: number): Case[] {
  const format = Object.keys(formats)[index % Object.keys(formats).length] ?? 'table'
  const others: Case[] = [
    { ...one, target: 'explain', flags: { ...one.flags, format } },
    { ...one, target: 'function', stream: asList(one.stream, index % 2 === 0) },
    { ...one, target: 'flux', release: release(one.values[0]) },
    { ...one, target: 'values' },
  ]
  return [others[index % others.length] ?? one]
}

function asList(stream: Buffer, last: boolean): Buffer {
  const items = stream
    .toString('latin1')
    .split(/^---\r?\n/m)
    .filter(text => /^\w/m.test(text))
    .map(text => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`)
    .join('')
  const config =
    'functionConfig:\n  apiVersion: helm-netpol/v1alpha1\n  kind: NetworkPolicyValues\n  metadata: {name: netpol}\n  spec:\n    networkPolicy:\n      enabled: true\n'
  const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
  return Buffer.from(last ? `${head}items:\n${items}${config}` : `${head}${config}items:\n${items}`, 'latin1')
}

function release(given: Buffer | undefined): Buffer {
  const block = given?.toString().replace(/^(?=.)/gm, '    ') ?? '    networkPolicy:\n      enabled: true\n'
  return Buffer.from(
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: app\n  namespace: stage\nspec:\n  interval: 1h\n  values:\n${block}`,
  )
}

const workload = Buffer.from(`---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: stage}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: manager
          args: [--gate-bind-address=:8082, --tracing-endpoint=otel.monitoring.svc:4317, --notify=https://hooks.example.com]
          ports: [{name: metrics, containerPort: 8080}]
`)

/** Rules in the engines' own words, a few in each file of values. */
function rules(): Case[] {
  return engineNames.flatMap(engine => {
    const { ingress, egress = [] } = passthrough(engine, true).lists
    const several = [...ingress, ...egress].map((_, index) => ({ ingress: ingress.slice(index, index + 2), egress: egress.slice(index, index + 2) }))
    return several
      .filter(lists => lists.ingress.length + lists.egress.length > 0)
      .map(lists => {
        const text = `networkPolicy:\n  enabled: true\n  engine: ${engine}\n  egress: {enabled: true}\n  ${engine}:\n    ingress: ${JSON.stringify(lists.ingress)}\n    egress: ${JSON.stringify(lists.egress)}\n`
        return simple({}, workload, Buffer.from(text))
      })
  })
}

/** Every key of the values, as `helm-netpol values` writes them. */
async function full(stream: Buffer): Promise<Case[]> {
  const made = engineNames.map(async engine => {
    const given = simple({ engine }, workload)
    const { text = '' } = await values(workload, { ...optionsOf(given), files: [], sets: [] }, undefined)
    return [simple({}, workload, Buffer.from(text)), simple({ engine }, stream, Buffer.from(writeYaml({ networkPolicy: { enabled: true } })))]
  })
  return (await Promise.all(made)).flat()
}

function simple(flags: Flags, stream: Buffer, ...given: readonly Buffer[]): Case {
  return { target: 'filter', stream, values: given, sets: [], release: nothing, flags }
}
