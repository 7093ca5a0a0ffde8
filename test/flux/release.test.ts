import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { workload } from '../helpers/streams.ts'
import { helmRelease, run, told, written } from './releases.ts'

test('values of the file stand below spec.values, and --set above', async () => {
  const files = [{ path: 'common.yaml', text: 'networkPolicy: {engine: calico, defaultDeny: {enabled: true}}\n' }]
  assert.match(await written(helmRelease(), { files }), 'kind: NetworkPolicy')
  const both = await written(helmRelease({ more: '      engine: cilium\n' }), { files })
  assert.is(both.match(/kind: CiliumNetworkPolicy/g)?.length, 2)
  const sets = [{ kind: 'set' as const, source: { name: '--set', text: 'networkPolicy.engine=kubernetes', firstLine: 0 } }]
  assert.match(await written(helmRelease({ more: '      engine: cilium\n' }), { files, sets }), 'networking.k8s.io/v1')
})

test('a mistake in spec.values names its line in the file', async () => {
  const message = await told(helmRelease({ more: '      engine: cillium\n' }))
  assert.match(message, 'NP206')
  assert.match(message, 'release.yaml:11:15 (networkPolicy.engine)')
})

test('values that stand elsewhere are told, unless files are handed over for them', async () => {
  const text = helmRelease({ more: '  valuesFrom:\n    - kind: ConfigMap\n      name: values\n' })
  assert.match(await told(text), 'spec.valuesFrom')
  assert.not.match(await told(text, { files: [{ path: 'values.yaml', text: 'a: b\n' }] }), 'NP706')
  assert.is((await run(text, { strict: true })).text, undefined)
})

for (const [title, text] of [
  ['no spec.values', helmRelease().replace(/  values:[^]*/, '')],
  ['values that say nothing', helmRelease().replace('enabled: true', 'engine: cilium')],
  ['empty values', helmRelease().replace(/  values:[^]*/, '  values:\n')],
] as const) {
  test(`${title}: it is not known what is wanted`, async () => {
    assert.is((await run(text)).text, undefined)
    assert.match(await told(text), 'NP704')
    assert.match(await written(text, { engine: 'cilium' }), 'CiliumNetworkPolicy')
  })
}

test('a file without a chart is written all the same: an overlay may bring it', async () => {
  assert.is(parse(await written(helmRelease())).spec.chart, undefined)
})

const two = `${helmRelease()}---\n${helmRelease({ name: 'other' })}`

test('of several HelmReleases the named one is written', async () => {
  assert.match(await told(two), 'release.yaml holds HelmRelease stage/app, HelmRelease stage/other: which one is meant?')
  const text = await written(two, { name: 'other' })
  assert.ok(text.startsWith(`${helmRelease()}---\n`))
  assert.match(text, 'postRenderers')
  assert.match(await told(two, { name: 'third' }), 'HelmRelease stage/other: --name third does not single one out')
})

test('two of one name are told apart by their namespace', async () => {
  const text = `${helmRelease()}---\n${helmRelease().replace('namespace: stage', 'namespace: prod')}`
  assert.match(await told(text, { name: 'app' }), 'NP700')
  const changed = await written(text, { name: 'app', namespace: 'stage' })
  assert.ok(changed.endsWith(`---\n${helmRelease().replace('namespace: stage', 'namespace: prod')}`))
})

test('a namespace of the environment tells two of one name apart, and shuts none out', async () => {
  const twins = `${helmRelease()}---\n${helmRelease().replace('namespace: stage', 'namespace: prod')}`
  assert.ok((await written(twins, { namespace: 'prod', namespaceIsGiven: false })).startsWith(helmRelease()))
  assert.is(await written(helmRelease(), { namespace: 'dev', namespaceIsGiven: false }), await written(helmRelease()))
  assert.match(await told(twins, { namespace: 'dev', namespaceIsGiven: false }), 'the namespace dev (of HELM_NETPOL_NAMESPACE')
  assert.match(await told(helmRelease(), { namespace: 'dev' }), 'the namespace dev (of --namespace) does not single one out')
})

for (const version of ['v2', 'v2beta2', 'v2beta1']) {
  test(`version ${version} is written`, async () => {
    assert.match(await written(helmRelease({ apiVersion: `helm.toolkit.fluxcd.io/${version}` })), 'postRenderers')
  })
}

for (const apiVersion of ['helm.toolkit.fluxcd.io/v3', '""']) {
  test(`apiVersion ${apiVersion} is not known`, async () => {
    assert.is((await run(helmRelease({ apiVersion }))).text, undefined)
    assert.match(await told(helmRelease({ apiVersion })), 'NP701')
  })
}

test('a file that is no YAML, or holds no HelmRelease, is told', async () => {
  assert.match(await told('a: [\n'), 'release.yaml:2:1')
  assert.match(await told('kind: Deployment\n'), 'release.yaml holds no HelmRelease')
  assert.match(await told(helmRelease({ more: '  interval: 2h\n' })), 'NP201')
})

test('a HelmRelease of another API group is none that is meant', async () => {
  const other = helmRelease({ apiVersion: 'helm.fluxcd.io/v1' })
  assert.is(await written(`${other}---\n${helmRelease()}`), `${other}---\n${await written(helmRelease())}`)
  assert.match(await told(other), 'NP700: release.yaml holds no HelmRelease')
  assert.match(await told(other), 'HelmRelease stage/app has apiVersion helm.fluxcd.io/v1, which is not of helm.toolkit.fluxcd.io')
})

test('a HelmRelease inside a List is told as such', async () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n  - ${helmRelease().trimEnd().replaceAll('\n', '\n    ')}\n`
  assert.is((await run(list)).text, undefined)
  assert.match(await told(list), 'HelmRelease stage/app stands inside a List: write it as a document of its own')
})

test('a spec that is missing, an alias or in flow style is told', async () => {
  const head = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: stage}\n'
  assert.match(await told(head, { engine: 'cilium' }), 'has no mapping as spec')
  assert.match(await told(`x: &x {a: b}\n${head}spec: *x\n`, { engine: 'cilium' }), 'has spec as an alias')
  assert.match(await told(`${head}spec: {interval: 1h}\n`, { engine: 'cilium' }), 'has spec in flow style')
})

test('values of another shape are told', async () => {
  assert.match(await told(helmRelease().replace(/  values:[^]*/, '  values: [a]\n')), 'spec.values must be a mapping')
})

test('a stream that was rendered for another release is told with the command that renders it right', async () => {
  const stream = workload({ namespace: 'default', labels: '{app.kubernetes.io/instance: release-name}' })
  const message = await told(helmRelease({ more: '  targetNamespace: prod\n' }), { stream })
  assert.match(message, 'release release-name, and Flux calls it prod-app')
  assert.match(message, 'namespace default, and Flux installs into prod')
  assert.match(message, 'helm template prod-app CHART --namespace prod')
  assert.not.match(await told(helmRelease({ more: '  releaseName: app\n' }), { stream: workload({ labels: '{app.kubernetes.io/instance: app}' }) }), 'NP705')
})

test('a long release name ends in a hash, as Flux cuts it', async () => {
  const stream = workload({ labels: '{app.kubernetes.io/instance: x}' })
  const message = await told(helmRelease({ more: `  releaseName: ${'a'.repeat(54)}\n` }), { stream })
  assert.match(message, `Flux calls it ${'a'.repeat(40)}-a3f01b693925`)
})

test('values in the stream and a stream of hooks cannot serve Flux', async () => {
  const document = '---\napiVersion: helm-netpol/v1alpha1\nkind: NetworkPolicyValues\nspec: {networkPolicy: {enabled: true}}\n'
  assert.match(await told(helmRelease(), { stream: `${workload()}${document}` }), 'NP709')
  const hook = '{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {helm.sh/hook: test}}, spec: {}}\n'
  assert.is((await run(helmRelease(), { stream: hook })).text, undefined)
  assert.match(await told(helmRelease(), { stream: hook }), 'NP300')
})

test.run()
