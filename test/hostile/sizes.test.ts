import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { folderWith } from '../helpers/folder.ts'
import { runWith } from '../helpers/run.ts'
import { service, workload } from '../helpers/streams.ts'
import { assertAnswered, assertRefused, full, start } from './program.ts'

/** Gigantic texts and very many things: time and memory grow with the input, and no faster. */

const megabytes = (full ? 100 : 10) * 1_000_000
const scale = full ? 20 : 1

const scalars: Readonly<Record<string, (size: number) => string>> = {
  plain: size => 'x'.repeat(size),
  quoted: size => `"${'x'.repeat(size)}"`,
  'quoted with escapes': size => `"${'\\n'.repeat(size / 2)}"`,
  'in single quotes': size => `'${"''".repeat(size / 2)}'`,
  literal: size => `|\n${`    ${'x'.repeat(95)}\n`.repeat(size / 100)}`,
  folded: size => `>\n${`    ${'x'.repeat(95)}\n`.repeat(size / 100)}`,
  'of blank lines': size => `|\n${'\n'.repeat(size / 10)}    x`,
}

for (const [says, write] of Object.entries(scalars)) {
  test(`a gigantic scalar, ${says}, in a document that matters is read`, async () => {
    const input = `${workload()}---\nkind: Service\nmetadata:\n  name: ${write(megabytes)}\n`
    const ended = await start(['--engine', 'kubernetes'], { input, memory: full ? 4096 : 512 })
    assertAnswered(ended, input)
    assert.ok(ended.peak < 150 + (megabytes / 1_000_000) * 22, `${ended.peak} MB`)
  })
}

test('a scalar of 100 MB in a document that does not matter is copied', async () => {
  const input = `${workload()}---\nkind: Secret\ndata: {x: ${'x'.repeat(100_000_000)}}\n`
  const ended = await start(['--engine', 'kubernetes'], { input, memory: 64 })
  assertAnswered(ended, input)
  assert.ok(ended.peak < 600, `${ended.peak} MB`)
})

test('a gigantic value that is none is refused in a message that can be read', async () => {
  const cwd = folderWith({ 'values.yaml': `networkPolicy:\n  enabled: true\n  engine: "${'x'.repeat(megabytes / 10)}"\n` })
  const ended = await start(['-f', 'values.yaml'], { input: workload(), cwd })
  assertRefused(ended, /NP206: networkPolicy\.engine is "x+ … x*"; it can be kubernetes, cilium/)
  assert.ok(ended.stderr.length < 5000, `${ended.stderr.length} characters`)
})

test('a gigantic name is one that no API takes, and no more', async () => {
  const input = workload({ name: 'x'.repeat(megabytes / 10) })
  const { diagnostics } = await runWith(input, { engine: 'cilium' })
  assert.ok(diagnostics.every(({ message }) => message.length < 3000))
})

test('very many documents are split', async () => {
  const input = workload() + '---\nkind: ConfigMap\nmetadata: {name: a}\n'.repeat(50_000 * scale)
  assertAnswered(await start(['--engine', 'kubernetes'], { input }), input)
})

test('very many separators are split', async () => {
  const input = workload() + '---\n'.repeat(100_000 * scale)
  assertAnswered(await start(['--engine', 'kubernetes'], { input, memory: 1024 }), input)
})

test('very many Services of one name, for one port, are one rule', async () => {
  const input = workload() + service({ name: 'a' }).repeat(5000 * scale)
  const ended = await start(['--engine', 'kubernetes'], { input, memory: 1024 })
  assertAnswered(ended, input)
  assert.match(ended.stderr, /NP415: the stream holds Service stage\/a \d+ times/)
})

test('twenty thousand keys are held against each other once', async () => {
  const started = process.cpuUsage()
  const keys = Array.from({ length: 20_000 }, (_, index) => `key-${index}: x\n`).join('')
  const { diagnostics } = await runWith(workload(), { values: `networkPolicy: {enabled: true}\nanchor: &a x\n${keys}key-7: x\n` })
  assert.equal(
    diagnostics.map(({ code, message }) => [code, message]),
    [['NP201', 'no valid YAML: Map keys must be unique']],
  )
  // Each with each took five seconds and more.
  assert.ok(process.cpuUsage(started).user < 3_000_000)
})

test('ten thousand mistakes of one kind in a document are told as one, and as many of their own the first hundred in words', async () => {
  const alike = await start(['--engine', 'kubernetes'], { input: `${workload()}---\nkind: Service\n${'- x\n'.repeat(10_000)}` })
  assertRefused(alike, /NP101: document 2/)
  assert.match(alike.stderr, / and again at lines \d+, \d+, \d+, \d+, \d+ and 99\d\d more\n/)
  assert.ok(alike.stderr.length < 2000, `${alike.stderr.length}`)
  const keys = Array.from({ length: 10_000 }, (_, index) => `  key-${index}: x\n`).join('')
  const values = await runWith(workload(), { values: `networkPolicy: {enabled: true}\nother:\n${keys}${keys}` })
  assert.is(values.diagnostics.length, 10_000)
  assert.match(formatDiagnostics(values.diagnostics), /helm-netpol: … and \d+ more\n/)
})

/** More than V8 takes as the arguments of one call. */
const tooMany = 150_000

const manyOf: Readonly<Record<string, string>> = {
  'items of a List': `${workload()}---\napiVersion: v1\nkind: List\nitems:\n${'- {kind: Service, apiVersion: v1}\n'.repeat(tooMany)}`,
  'ports of a Service': workload() + service({ ports: `[${'{port: 80, targetPort: 8080},'.repeat(tooMany)}]` }),
  'keys that are merged': `${workload()}---\nkind: Service\nlabels:\n  <<:\n${Array.from({ length: tooMany }, (_, index) => `    k${index}: v\n`).join('')}`,
}

for (const [things, input] of Object.entries(manyOf)) {
  test(`very many ${things} are read`, async () => {
    assertAnswered(await start(['--engine', 'kubernetes'], { input, memory: 1024 }), input)
  })
}

test('variables of variables double no further than a process could be started', async () => {
  const variables = Array.from(
    { length: 60 },
    (_, index) => `            - {name: V${index}, value: "${index === 0 ? 'x' : `$(V${index - 1})$(V${index - 1})`}"}\n`,
  )
  const chain = Array.from({ length: 5000 }, (_, index) => `            - {name: W${index}, value: "https://h${index}.example.com/$(W${index - 1})"}\n`)
  const container = `          args: ["--bind=$(V59)", "$(V40)$(V40)"]\n          env:\n${variables.join('')}${chain.join('')}`
  const input = workload({ container })
  const ended = await start(['--engine', 'kubernetes', '--set', 'networkPolicy.egress.enabled=true'], { input, memory: 256 })
  assertAnswered(ended, input)
  assert.ok(ended.peak < 450, `${ended.peak} MB`)
})

test.run()
