import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import type { Result } from '../src/run.ts'
import { engineNames } from '../src/values/schema.ts'
import { strings } from './helpers/json.ts'
import { nastyStreams } from './helpers/nasty.ts'
import { runWith } from './helpers/run.ts'
import { configMap, service, workload } from './helpers/streams.ts'
import { withoutOurs, withSeparator } from './helpers/text.ts'

/** What must hold of every run, whatever comes in. */

const names = fc.constantFrom('app', 'web', 'store', 'a-name-of-a-workload-that-leaves-little-room-for-anything-else')
const namespaces = fc.constantFrom('stage', 'prod', '')

const documents = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet'),
      name: names,
      namespace: namespaces,
      ports: fc.constantFrom('[]', '[{name: metrics, containerPort: 8080}]', '[{containerPort: 9443}, {name: gate, containerPort: 8082}]'),
    })
    .map(workload),
  fc.record({ namespace: fc.constantFrom('stage', 'prod') }).map(service),
  fc.constantFrom(
    configMap,
    '---\n',
    '---\n# Source: nothing\n',
    '--- # content later\nkind: Secret\n',
    '---\nkind: ConfigMap\nbroken: [\n',
    '---\n{"kind": "ConfigMap"}\n',
    '---\nkind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: x}}\n...\n',
    '---\r\nkind: Secret\r\n',
    '---\nkind: CustomResourceDefinition\nspec: {names: {kind: Deployment}}\n',
    '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: stage}\nspec: {podSelector: {}}\n',
  ),
)

const streams = fc
  .record({
    documents: fc.array(documents, { minLength: 1, maxLength: 6 }),
    opening: fc.constantFrom('', '\ufeff', '# a comment\n', 'kind: ConfigMap\n', '\n'),
    bare: fc.boolean(),
    windows: fc.boolean(),
    cut: fc.boolean(),
  })
  .map(({ documents, opening, bare, windows, cut }) => {
    const text = `${opening}${bare ? documents.join('').replace(/^---\n/, '') : documents.join('')}`
    const ended = cut ? text.replace(/\n$/, '') : text
    return windows ? ended.replace(/\r?\n/g, '\r\n') : ended
  })

const engines = fc.constantFrom(...engineNames)

const settings = fc.record({
  enabled: fc.constant(true),
  controller: fc.constantFrom('', '*', 'app', ['app', 'web']),
  namespace: fc.constant('release'),
  defaultDeny: fc.record({ enabled: fc.boolean(), order: fc.integer({ min: -10, max: 3000 }) }),
  egress: fc.record({
    enabled: fc.boolean(),
    dns: fc.boolean(),
    dnsCIDRs: fc.subarray(['169.254.20.10/32', 'fd00::1/128']),
    apiserver: fc.record({ cidrs: fc.subarray(['10.0.0.1/32', '0.0.0.0/0']) }),
  }),
  metrics: fc.record({ from: fc.subarray([{ podSelector: {} }, { namespaceSelector: { matchLabels: { team: 'on' } } }]) }),
  translatePeers: fc.boolean(),
  replace: fc.boolean(),
})

/** Values as a file; JSON is YAML. */
function valuesFile(block: unknown): string {
  return JSON.stringify({ networkPolicy: block })
}

test('the output less our documents is the input', async () => {
  await fc.assert(
    fc.asyncProperty(streams, settings, engines, async (stream, block, engine) => {
      const result = await runWith(stream, { engine, values: valuesFile(block) })
      const output = bytes(result)
      if (output === undefined) return
      const input = Buffer.from(stream).toString('latin1')
      const rest = withoutOurs(output)
      assert.ok(rest === input || rest === withSeparator(input), JSON.stringify({ input, output }))
    }),
    { numRuns: 300 },
  )
})

test('a second run changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(streams, settings, engines, async (stream, block, engine) => {
      const first = await runWith(stream, { engine, values: valuesFile(block) })
      if (first.output === undefined) return
      const second = await runWith(first.output, { engine, values: valuesFile(block) })
      assert.is(bytes(second), bytes(first), JSON.stringify({ stream, told: second.diagnostics.map(({ message }) => message) }))
    }),
    { numRuns: 300 },
  )
})

test('a run for another engine leaves nothing of the first', async () => {
  await fc.assert(
    fc.asyncProperty(streams, settings, engines, engines, async (stream, block, one, other) => {
      const values = valuesFile(block)
      const first = await runWith(stream, { engine: one, values })
      const alone = await runWith(stream, { engine: other, values })
      if (first.output === undefined || alone.output === undefined) return
      assert.is(bytes(await runWith(first.output, { engine: other, values })), bytes(alone), JSON.stringify({ stream }))
    }),
    { numRuns: 200 },
  )
})

test('the same input gives the same output', async () => {
  await fc.assert(
    fc.asyncProperty(streams, settings, engines, async (stream, block, engine) => {
      const [one, other] = [await runWith(stream, { engine, values: valuesFile(block) }), await runWith(stream, { engine, values: valuesFile(block) })]
      assert.is(bytes(one), bytes(other))
      assert.equal(
        one.diagnostics.map(({ code, message }) => [code, message]),
        other.diagnostics.map(({ code, message }) => [code, message]),
      )
    }),
    { numRuns: 100 },
  )
})

test('disabled policies let any bytes pass', async () => {
  await fc.assert(
    fc.asyncProperty(nastyStreams, async stream => {
      assert.is(bytes(await runWith(stream, { values: 'networkPolicy: {enabled: false}\n' })), stream.toString('latin1'))
    }),
    { numRuns: 500 },
  )
})

test('no stream makes it throw, and what it passes it passes whole', async () => {
  await fc.assert(
    fc.asyncProperty(nastyStreams, engines, async (noise, engine) => {
      const stream = Buffer.concat([noise, Buffer.from(`\n${workload()}`)])
      const output = bytes(await runWith(stream, { engine }))
      if (output === undefined) return
      const rest = withoutOurs(output)
      assert.ok(rest === stream.toString('latin1') || rest === withSeparator(stream.toString('latin1')), JSON.stringify(stream.toString('latin1')))
    }),
    { numRuns: 700 },
  )
})

test('no values make it throw', async () => {
  const junk = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, 1.5, '', 'yes', '*'),
      strings,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('enabled', 'from', 'egress', 'cidr', 'ports', 'to', 'podSelector', 'matchLabels', 'order', '__proto__'), tie('value'), {
        maxKeys: 4,
      }),
    ),
  })).value
  const block = fc.dictionary(
    fc.constantFrom(
      'engine',
      'controller',
      'namespace',
      'defaultDeny',
      'webhook',
      'metrics',
      'additionalIngress',
      'egress',
      'cilium',
      'calico',
      'ports',
      'replace',
      'nothing',
    ),
    junk,
    { maxKeys: 5 },
  )
  await fc.assert(
    fc.asyncProperty(block, engines, async (entries, engine) => {
      const result = await runWith(workload(), { engine, values: valuesFile(entries) })
      assert.is(
        result.output === undefined,
        result.diagnostics.some(({ severity }) => severity === 'error'),
      )
    }),
    { numRuns: 700 },
  )
})

test.run()

/** The output, one character a byte; undefined where there is none. */
function bytes({ output }: Result): string | undefined {
  return output?.toString('latin1')
}
