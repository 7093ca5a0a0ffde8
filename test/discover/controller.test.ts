import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findControllers } from '../../src/discover/controller.ts'
import { releaseNamespace } from '../../src/discover/namespace.ts'
import { selects } from '../../src/discover/selector.ts'
import type { LabelSelector } from '../../src/discover/selector.ts'
import { ears, releaseOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const labelled = workload({ name: 'labelled', labels: '{app.kubernetes.io/component: controller}' })
const gated = workload({ name: 'gated', ports: '[{name: gate, containerPort: 8082}]' })

test('the label of a controller wins over all else', async () => {
  assert.equal(await found(gated + labelled + workload()), ['labelled', 'NP307'])
})

test('a label that two have decides nothing', async () => {
  assert.equal(await found(labelled + labelled.replaceAll('labelled', 'another') + gated), ['gated', 'NP310'])
})

test('a gate port shows the controller', async () => {
  assert.equal(await found(workload() + gated), ['gated', 'NP310'])
})

test('the only Deployment is the controller, beside other kinds', async () => {
  assert.equal(await found(workload() + workload({ kind: 'DaemonSet', name: 'agent' }) + workload({ kind: 'StatefulSet', name: 'store' })), ['app', 'NP310'])
})

test('the only workload is the controller, of whatever kind', async () => {
  assert.equal(await found(workload({ kind: 'DaemonSet', name: 'agent' })), ['agent'])
})

test('hooks are no workloads', async () => {
  assert.equal(await found(workload() + workload({ name: 'hook', labels: '{}\n  annotations: {helm.sh/hook: test}' })), ['app'])
})

test('two of a kind are an error', async () => {
  assert.equal(await found(workload() + workload({ name: 'other' })), ['NP300'])
})

test('a star means all of them', async () => {
  assert.equal(await found(workload() + workload({ kind: 'DaemonSet', name: 'agent' }), ['*']), ['app', 'agent'])
})

test('names pick, in the order of the stream', async () => {
  const stream = workload() + workload({ name: 'other' }) + workload({ kind: 'StatefulSet', name: 'other' })
  assert.equal(await found(stream, ['other', 'app']), ['app', 'other', 'other'])
  for (const name of ['statefulset/other', 'StatefulSet stage/other']) assert.equal(await found(stream, [name]), ['other'], name)
  assert.equal(await found(stream, ['stage/app']), ['app'])
})

test('a name that is not there is an error', async () => {
  assert.equal(await found(workload(), ['nobody']), ['NP301'])
  assert.equal(await found(workload(), ['daemonset/app']), ['NP301'])
  assert.equal(await found(workload(), ['*', 'nobody']), ['app', 'NP301'])
  assert.equal(await found(workload(), ['*', 'app']), ['app'])
})

test('the namespace of the release is the given one, or the one the stream names', async () => {
  const binding = (namespace: string): string =>
    `---\nkind: RoleBinding\nmetadata: {name: b}\nsubjects: [{kind: ServiceAccount, name: app, namespace: ${namespace}}, {kind: Group, name: g, namespace: never}]\n`
  assert.equal(await namespaced('given', workload()), ['given'])
  assert.equal(await namespaced('', workload() + binding('one') + binding('one')), ['one'])
  assert.equal(await namespaced('', workload() + service()), [undefined, 'NP304'])
  assert.equal(await namespaced('', workload() + binding('one') + binding('two')), ['one', 'NP306'])
})

test('a selector selects what Kubernetes says it selects', () => {
  const select = (selector: Partial<LabelSelector>, labels: Record<string, string>): boolean =>
    selects({ matchLabels: {}, matchExpressions: [], ...selector }, labels)
  const expression = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', values: string[] = []) => ({ matchExpressions: [{ key: 'a', operator, values }] })
  assert.is(select({}, { a: 'b' }), true)
  assert.is(select({ matchLabels: { a: 'b' } }, { a: 'b', c: 'd' }), true)
  assert.is(select({ matchLabels: { a: 'b' } }, { a: 'c' }), false)
  assert.is(select({ matchLabels: { constructor: 'x' } }, {}), false)
  assert.equal(
    [{ a: 'b' }, { a: 'c' }, {}].map(labels => select(expression('In', ['b']), labels)),
    [true, false, false],
  )
  assert.equal(
    [{ a: 'b' }, { a: 'c' }, {}].map(labels => select(expression('NotIn', ['b']), labels)),
    [false, true, true],
  )
  assert.equal(
    [{ a: 'b' }, {}].map(labels => select(expression('Exists'), labels)),
    [true, false],
  )
  assert.equal(
    [{ a: 'b' }, {}].map(labels => select(expression('DoesNotExist'), labels)),
    [false, true],
  )
})

test('a name that the API server would refuse is an error', async () => {
  const codes = async (name: string): Promise<string[]> => (await found(workload({ name }))).slice(1)
  for (const name of ['UPPER_case', '"Bad Name!"', '"st\\u202eage"', 'a..b', '-a', 'a-', '..', '"a/b"', 'x'.repeat(254)])
    assert.equal(await codes(name), ['NP309'], name)
  for (const name of ['a', 'a.b-c.d', '0', 'x'.repeat(253)]) assert.equal(await codes(name), [], name)
})

/** Names of the controllers, then codes of what was told. */
test("'*' leaves out what runs on the host network, unless there is nothing else", async () => {
  const node = workload({ kind: 'DaemonSet', name: 'speaker' }).replace('      containers:', '      hostNetwork: true\n      containers:')
  assert.equal(await found(workload() + node, ['*']), ['app', 'NP308'])
  assert.equal(await found(node, ['*']), ['speaker', 'NP303'])
  assert.equal(await found(workload() + node, ['speaker']), ['speaker', 'NP303'])
})

async function found(stream: string, names: readonly string[] = []): Promise<string[]> {
  const { diagnose, codes } = ears()
  const controllers = findControllers(names, await releaseOf(stream), diagnose)
  return [...controllers.map(({ name }) => name), ...codes()]
}

async function namespaced(given: string, stream: string): Promise<unknown[]> {
  const { diagnose, codes } = ears()
  return [releaseNamespace(given, await releaseOf(stream), diagnose), ...codes()]
}

test.run()
