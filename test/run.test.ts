import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codesOf, runWith, textOf } from './helpers/run.ts'
import { configMap, service, workload } from './helpers/streams.ts'

const on = 'networkPolicy: {enabled: true}\n'

test('off, the report says so and holds nothing else', async () => {
  const { report } = await runWith(workload(), { values: 'networkPolicy: {enabled: false}\n' })
  assert.equal({ ...report, version: '' }, { version: '', ok: true, enabled: false, diagnostics: [] })
})

test('the report holds each flow with its ports and where they were found', async () => {
  const { report } = await runWith(workload(), { values: on })
  assert.equal(
    report.workloads?.map(({ workload, egress }) => [workload, egress]),
    [['Deployment stage/app', null]],
  )
  assert.equal(
    report.workloads?.[0]?.ingress.map(({ row, where }) => [row, where]),
    [['metrics', ['container port metrics']]],
  )
  assert.equal(report.policies, [{ role: 'allowlist', apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'app', namespace: 'stage' }])
})

test('a values file that cannot be read is not said to set nothing', async () => {
  const result = await runWith(workload(), { values: 'networkPolicy: [\n' })
  assert.is(result.output, undefined)
  assert.equal(
    codesOf(result).filter(code => code === 'NP209'),
    [],
  )
})

test('strict turns warnings into errors and leaves notes alone', async () => {
  const narrow = 'networkPolicy: {enabled: true, webhook: {enabled: true, from: [{podSelector: {}}]}}\n'
  assert.ok((await runWith(workload(), { values: narrow })).output)
  assert.is((await runWith(workload(), { values: narrow, strict: true })).output, undefined)
  assert.ok((await runWith(workload(), { values: on, strict: true, engine: 'clusterNetworkPolicy' })).output)
})

test('the policies stand right before the controller, wherever it is', async () => {
  const text = textOf(await runWith(`${configMap}${workload()}${configMap}`, { values: on }))
  assert.equal(
    [...text.matchAll(/^kind: (\w+)$/gm)].map(match => match[1]),
    ['ConfigMap', 'NetworkPolicy', 'Deployment', 'ConfigMap'],
  )
})

test('a default deny that is switched off later leaves the stream', async () => {
  const first = textOf(await runWith(workload(), { values: 'networkPolicy: {enabled: true, defaultDeny: {enabled: true}}\n' }))
  assert.is(textOf(await runWith(first, { values: on })), textOf(await runWith(workload(), { values: on })))
})

test("a run for a twin of another kind leaves the first one's policy alone", async () => {
  const twins = workload() + workload({ kind: 'StatefulSet', selector: '{matchLabels: {app: store}}', podLabels: '{app: store}' })
  const first = textOf(await runWith(twins, { values: on, controller: 'deployment/app' }))
  const second = await runWith(first, { values: on, controller: 'statefulset/app' })
  // A conflict that is told would do as well; a policy that vanishes in silence would not.
  assert.ok(second.output === undefined || /matchLabels:\n {6}app: app\n/.test(second.output.toString()))
})

test('of very many warnings the comment in the manifest has the first hundred', async () => {
  const services = Array.from({ length: 150 }, (_, index) => service({ name: `s${index}`, ports: '[{port: 443, targetPort: nowhere}]' })).join('')
  const result = await runWith(`${workload()}${services}`, { values: on })
  const comment = [...textOf(result).matchAll(/^# helm-netpol.*$/gm)].map(([line]) => line)
  assert.is(comment.length, 1 + 100 + 1)
  assert.is(comment.at(-1), `# helm-netpol: … and ${result.diagnostics.length - 100} more`)
  assert.ok(result.diagnostics.length >= 150)
})

test('default denies count among the policies that come to too much', async () => {
  // A file's name goes into both policies of its workload: 28 MB of allowlists, and as much again.
  const annotations = `{postrenderer.helm.sh/postrender-filename: ${'x'.repeat(1_400_000)}/a.yaml}`
  const stream = Array.from({ length: 20 }, (_, index) => workload({ namespace: `n${index}`, labels: `{}\n  annotations: ${annotations}` })).join('')
  const told = async (deny: boolean): Promise<string[]> =>
    codesOf(await runWith(stream, { values: `networkPolicy: {enabled: true, controller: ['*'], defaultDeny: {enabled: ${deny}}}\n` })).filter(
      code => code === 'NP503',
    )
  assert.equal(await told(false), [])
  assert.equal(await told(true), ['NP503'])
})

test('a number that Go cannot hold is passed on as the string it is', async () => {
  const result = await runWith(workload(), {
    engine: 'calico',
    values: 'networkPolicy: {calico: {ingress: [{action: Allow, metadata: {annotations: {a: 1e400}}}]}}\n',
  })
  assert.match(textOf(result), /a: "1e400"/)
})

test.run()
