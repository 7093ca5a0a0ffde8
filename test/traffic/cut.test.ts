import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Engine } from '../../src/engines/contract.ts'
import { engines } from '../../src/engines/registry.ts'
import type { EngineName } from '../../src/engines/registry.ts'
import { tellCuts } from '../../src/traffic/cut.ts'
import { planTraffic } from '../../src/traffic/plan.ts'
import { ears, releaseOf, settingsOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

test('where the first match decides, workloads that share pods are told, a few of them by name', async () => {
  const two = workload() + workload({ name: 'other', selector: '{matchLabels: {app: app, part: x}}', podLabels: '{app: app, part: x}' })
  assert.equal(await told(two), [
    'NP505 the selector of Deployment stage/app also selects the pods of Deployment stage/other, and in ClusterNetworkPolicy the first policy that matches decides: what only the second allows is cut',
  ])
  assert.equal(await told(two, '', undefined, 'kubernetes'), [])
  const [first = '', ...more] = await told(many(9, () => 'app: app'))
  assert.match(first, /^NP505 .* pods of Deployment stage\/w1, .* Deployment stage\/w5, 3 more, and in/)
  assert.is(more.length, 8)
  assert.match(more.at(-1) ?? '', /^NP505 .* pods of Deployment stage\/w0, .* Deployment stage\/w4, 3 more, and in/)
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

test('pods on the host network, where no policy reaches, are not covered by a default deny', async () => {
  const onHost = (text: string): string => text.replace('    spec:\n', '    spec:\n      hostNetwork: true\n')
  assert.equal(await told(workload() + onHost(workload({ name: 'stray', podLabels: '{app: stray}' })), deny, ['app']), [])
  // A Service without a selector sends to no pods, though the namespace has none that a policy reaches.
  assert.equal(await told(onHost(workload()) + service({ selector: '{}' }), deny, ['app']), [])
})

test('a default deny of ingress alone cuts off pods that declare a port or that a Service calls', async () => {
  const silent = workload({ name: 'stray', podLabels: '{app: stray}', ports: '[]' })
  assert.equal(await told(workload() + silent, deny, ['app']), [])
  const called = service({ selector: '{app: stray}', ports: '[{port: 80, targetPort: 3000}]' })
  const text = 'NP404 the default deny of namespace stage covers Deployment stage/stray, which no allowlist selects: nothing can reach it'
  assert.equal(await told(workload() + silent + called, deny, ['app']), [text])
  assert.equal(await told(workload() + silent.replace('ports: []', 'ports: [{containerPort: 1}]'), deny, ['app']), [text])
})

test('pods that an operator makes are covered by an allowlist that selects their labels, one of several', async () => {
  const made = service({ name: 'made', selector: '{app: app, made: "yes"}' })
  const other = workload({ name: 'other', selector: '{matchLabels: {app: other}}', podLabels: '{app: other}' })
  assert.equal(await told(workload() + other + made, deny, ['app', 'other']), [])
  const egress = `${deny}  egress: {enabled: true}\n`
  assert.equal(await told(workload() + service({ name: 'made', selector: '{app: made}' }), egress, ['app']), [
    'NP404 the default deny of namespace stage covers the pods of Service stage/made (made outside of the stream), which no allowlist selects: it can neither be reached nor reach anything, DNS and the kube-apiserver included',
  ])
})

test('a default deny whose namespace Helm fills in is that of the release', async () => {
  const none = (name: string): string => workload({ name, namespace: '', selector: `{matchLabels: {app: ${name}}}`, podLabels: `{app: ${name}}` })
  assert.equal(await told(none('app') + none('stray'), deny, ['app'], 'kubernetes'), [
    'NP404 the default deny of the release namespace covers Deployment stray, which no allowlist selects: nothing can reach it',
  ])
})

test('every address is told not to mean nodes on Cilium where NetworkPolicies lock egress', async () => {
  const block = '  egress: {enabled: ENABLED, apiserver: {cidrs: [0.0.0.0/0]}, to: [{to: [{ipBlock: {cidr: "::/0"}}]}]}\n'
  const why = 'which on Cilium matches neither nodes nor an apiserver that is hosted on one'
  assert.equal(await told(workload(), block.replace('ENABLED', 'true'), ['app'], 'kubernetes'), [
    `NP406 networkPolicy.egress.to[0] allows ::/0, ${why}`,
    `NP406 networkPolicy.egress.apiserver.cidrs allows 0.0.0.0/0, ${why}`,
  ])
  assert.equal(await told(workload(), block.replace('ENABLED', 'false'), ['app'], 'kubernetes'), [])
  assert.equal(await told(workload(), block.replace('ENABLED', 'true'), ['app'], 'cilium'), [])
})

test('an egress rule without a destination is told, with ports and without, where it is rendered', async () => {
  const block = (rules: string, more = ''): string => `  egress: {enabled: true, to: ${rules}${more}}\n`
  const all = 'names neither a destination nor a port, so it allows every flow and egress is not locked'
  const some = 'names no destination, so its ports are open to every address'
  const rules = '[{to: []}, {}, {ports: []}, {ports: [{port: 443}]}, {to: [{podSelector: {}}]}]'
  const expected = [0, 1, 2].map(index => `NP426 networkPolicy.egress.to[${index}] ${all}`).concat(`NP427 networkPolicy.egress.to[3] ${some}`)
  assert.equal(await told(workload(), block(rules), ['app'], 'kubernetes'), expected)
  assert.equal(await told(workload(), `  translatePeers: true\n${block(rules)}`, ['app'], 'cilium'), expected)
  assert.equal(await told(workload(), block(rules), ['app'], 'cilium'), [])
  assert.equal(await told(workload(), block(rules).replace('true', 'false'), ['app'], 'kubernetes'), [])
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

/** What is told of the named workloads or all. */
async function told(stream: string, block = '', names?: readonly string[], name: EngineName = 'clusterNetworkPolicy'): Promise<string[]> {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(stream)
  const settings = await settingsOf(block)
  const engine: Engine = engines[name]
  const covered = release.workloads.filter(({ name }) => names?.includes(name) ?? true)
  const { clusterScoped } = engine
  const usePeers = engine.takesPeers || settings.translatePeers
  const options = { settings, usePeers, several: true, clusterScoped, releaseNamespace: 'prod', derived: () => [], diagnose: ears().diagnose }
  tellCuts(planTraffic(covered, release, options), [], release, { settings, engine, usePeers, diagnose })
  return diagnostics.all.map(({ code, message }) => `${code} ${message}`)
}
