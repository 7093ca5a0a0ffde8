import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engines } from '../../src/engines/registry.ts'
import { tellCuts } from '../../src/traffic/cut.ts'
import { planTraffic } from '../../src/traffic/plan.ts'
import { ears, releaseOf, settingsOf } from '../helpers/facts.ts'
import { workload } from '../helpers/streams.ts'

test('where the first match decides, workloads that share pods are told, a few of them by name', async () => {
  const two = workload() + workload({ name: 'other', selector: '{matchLabels: {app: app, part: x}}', podLabels: '{app: app, part: x}' })
  assert.equal(await told(two), [
    'NP505 the selector of Deployment stage/app also selects the pods of Deployment stage/other, and in ClusterNetworkPolicy the first policy that matches decides: what only the second allows is cut',
  ])
  const [first = '', ...more] = await told(many(9, () => 'app: app'))
  assert.match(first, /^NP505 .* pods of Deployment stage\/w1, .* Deployment stage\/w5, 3 more, and in/)
  assert.is(more.length, 8)
})

test('workloads of two namespaces share nothing, that of the release among them', async () => {
  assert.equal(await told(workload() + workload({ name: 'other', namespace: 'elsewhere' })), [])
  assert.equal(await told(workload() + workload({ name: 'other', namespace: '' })), [])
})

test('a default deny covers pods that an operator makes, which a Service of the stream selects', async () => {
  const named = (selector: string, namespace = 'stage'): string =>
    `---\napiVersion: v1\nkind: Service\nmetadata: {name: prometheus, namespace: ${namespace}}\nspec: {selector: ${selector}, ports: [{port: 9090}]}\n`
  assert.match(
    (await told(workload() + named('{app: prometheus}'), deny, ['app'])).join(),
    /^NP404 .* covers the pods of Service stage\/prometheus \(made outside/,
  )
  for (const none of [
    named('{app: app}'),
    named('{}'),
    named('{app: prometheus}', 'elsewhere'),
    named('{app: prometheus}') + workload({ name: 'p', podLabels: '{app: prometheus}', selector: '{matchLabels: {app: prometheus}}' }),
  ])
    assert.equal(
      (await told(workload() + none, deny, ['app', 'p'].slice(0, none.includes('name: p\n') ? 2 : 1))).filter(text => text.includes('Service')),
      [],
    )
})

test('a default deny covers the pods of its own namespace that no policy there selects', async () => {
  const stray = workload({ name: 'stray', podLabels: '{app: stray}' })
  const names = ['app']
  assert.match((await told(workload() + stray, deny, names)).join(), /^NP404 the default deny of namespace stage covers Deployment stage\/stray/)
  assert.equal(await told(workload() + stray.replace('namespace: stage', 'namespace: elsewhere'), deny, names), [])
  const elsewhere = workload({ name: 'other', namespace: 'elsewhere', selector: '{matchLabels: {app: stray}}', podLabels: '{app: stray}' })
  assert.match((await told(workload() + stray + elsewhere, deny, ['app', 'other'])).join(), /^NP404 .* covers Deployment stage\/stray/)
  assert.equal(await told(workload() + workload({ name: 'twin' }), deny, names), [])
})

test('thousands of workloads take seconds, not minutes, alike or apart', async () => {
  for (const labels of [(name: string): string => `part: all, app: ${name}`, (): string => 'part: all']) {
    const started = performance.now()
    await told(many(3000, labels), deny)
    assert.ok(performance.now() - started < 30_000, `${performance.now() - started} ms`)
  }
})

test.run()

const deny = '  defaultDeny: {enabled: true}\n'

function many(count: number, labels: (name: string) => string): string {
  const names = Array.from({ length: count }, (_, index) => `w${index}`)
  return names.map(name => workload({ name, selector: `{matchLabels: {${labels(name)}}}`, podLabels: `{${labels(name)}}` })).join('')
}

/** What is told under ClusterNetworkPolicy, of the named workloads or all. */
async function told(stream: string, block = '', names?: readonly string[]): Promise<string[]> {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(stream)
  const settings = await settingsOf(block)
  const engine = engines.clusterNetworkPolicy
  const covered = release.workloads.filter(({ name }) => names?.includes(name) ?? true)
  const options = { settings, usePeers: false, several: true, clusterScoped: true, releaseNamespace: 'prod', derived: () => [], diagnose: ears().diagnose }
  tellCuts(planTraffic(covered, release, options), [], release, { settings, engine, usePeers: false, diagnose })
  return diagnostics.all.map(({ code, message }) => `${code} ${message}`)
}
