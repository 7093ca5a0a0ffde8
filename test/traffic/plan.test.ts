import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planTraffic } from '../../src/traffic/plan.ts'
import type { Plan } from '../../src/traffic/plan.ts'
import { Names } from '../../src/traffic/names.ts'
import { egressRows } from '../../src/traffic/table.ts'
import type { Flow } from '../../src/traffic/flow.ts'
import { ears, loadOn, releaseOf, settingsOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const everything = workload({
  ports:
    '[{name: metrics, containerPort: 8080}, {name: health, containerPort: 8081}, {name: gate, containerPort: 8082}, {name: mcp, containerPort: 8084}, {name: webhook, containerPort: 9443}, {name: api, containerPort: 3000}]',
  container: '          livenessProbe: {httpGet: {port: health}}\n',
})

test('every row that the stream shows gets one flow', async () => {
  assert.equal((await rows(everything + service({ ports: '[{port: 80, targetPort: api}]' }))).sort(), [
    'gate: gate',
    'health: health',
    'mcp: mcp',
    'metrics: metrics',
    'service: api',
    'webhook: webhook',
  ])
})

test('metrics are let in always, the rest where it is shown', async () => {
  assert.equal(await rows(workload({ ports: '[]' })), ['metrics: 8080'])
})

test('with several workloads nobody gets a default port', async () => {
  const { allowlists } = (await plan(workload({ ports: '[]' }), '', { several: true })).plan
  assert.equal(
    allowlists.map(({ ingress }) => ingress.length),
    [0],
  )
})

test('with several workloads a port or a rule that the values ask for and nobody shows is told, once', async () => {
  const two = workload() + workload({ name: 'other', ports: '[]' })
  const block = '  ports: {metrics: 9999, gate: 8082}\n  webhook: {enabled: true}\n  gate: {enabled: true}\n'
  const { plan: made, told } = await plan(two, block, { several: true })
  assert.equal(flows(made), ['metrics: metrics'])
  assert.equal(
    told,
    ['networkPolicy.webhook.enabled: true', 'networkPolicy.ports.metrics: 9999', 'networkPolicy.gate.enabled: true and networkPolicy.ports.gate: 8082'].map(
      asked =>
        `the values say ${asked}, and nothing in the stream shows which of the 2 covered workloads has such a port: no ${/metrics|webhook|gate/.exec(asked)?.[0]} rule follows from it`,
    ),
  )
})

test('with several workloads a port that one of them shows is theirs', async () => {
  const two = everything + workload({ name: 'other', ports: '[]' })
  const block = '  ports: {metrics: 8080, gate: 8082, health: 8081}\n  webhook: {enabled: true}\n'
  assert.equal((await plan(two, block, { several: true })).codes, [])
  assert.equal((await plan(two, '  ports: {gate: 9}\n  gate: {enabled: false}\n', { several: true })).codes.includes('NP431'), false)
})

test('with several workloads a port among others that one of them shows is theirs, and none that is asked for is no question', async () => {
  const two = workload({ ports: '[{name: metrics, containerPort: 8080}, {name: prom, containerPort: 9090}]' }) + workload({ name: 'other', ports: '[]' })
  assert.equal((await plan(two, '  ports: {metrics: 9090, gate: null}\n', { several: true })).codes, [])
})

test('a workload that gets no policy leaves nothing untaken to tell of', async () => {
  const { plan: made, codes } = await plan(workload({ selector: '' }), '  webhook: {enabled: true}\n')
  assert.equal(made.allowlists, [])
  assert.not(codes.includes('NP431'))
})

test("with several workloads the chart's own ports make no noise", async () => {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(workload() + workload({ name: 'other' }))
  const settings = await loadOn(['networkPolicy: {enabled: true}\nports: {metrics: 9999}\nwebhook: {enabled: true}\n'])
  planTraffic(release.workloads, release, { ...alone, settings, several: true, diagnose })
  assert.equal(diagnostics.all, [])
})

test('a switch of the values turns a row off', async () => {
  assert.equal((await rows(everything, '  webhook: {enabled: false}\n  gate: {enabled: false}\n')).sort(), ['health: health', 'mcp: mcp', 'metrics: metrics'])
})

test('a switch of the values turns a row on', async () => {
  const { plan: made, codes } = await plan(workload(), '  webhook: {enabled: true}\n')
  assert.equal(flows(made), ['webhook: 9443', 'metrics: metrics'])
  assert.equal(codes, ['NP208'])
})

test('a port of the values wins over the stream, and says so', async () => {
  const { plan: made, codes } = await plan(workload(), '  ports: {metrics: 9000}\n')
  assert.equal(flows(made), ['metrics: 9000'])
  assert.equal(codes, ['NP207'])
})

test('a port of the values that the stream confirms keeps its name and is no news', async () => {
  const { plan: made, codes } = await plan(workload(), '  ports: {metrics: 8080}\n')
  assert.equal(flows(made), ['metrics: metrics'])
  assert.equal(codes, [])
})

test('a port that a Service sends to is not opened twice', async () => {
  assert.equal(await rows(workload() + service({ ports: '[{port: 80, targetPort: metrics}]' })), ['metrics: metrics'])
})

test('a Service does not open a port that a switch turned off', async () => {
  assert.equal(
    (await rows(everything + service({ ports: '[{port: 443, targetPort: webhook}]' }), '  webhook: {enabled: false}\n')).some(row => row.includes('webhook')),
    false,
  )
})

test('callers are those of from, row by row', async () => {
  const { plan: made } = await plan(everything, '  gate: {from: [{podSelector: {}}]}\n')
  const kinds = made.allowlists[0]?.ingress.map(({ row, peers }) => `${row}: ${peers.kind}`).sort()
  assert.equal(kinds, ['gate: listed', 'health: nodes', 'mcp: any', 'metrics: any', 'webhook: any'])
})

test('from and rules do not count where the engine does not take them', async () => {
  const { plan: made } = await plan(everything, '  gate: {from: [{podSelector: {}}]}\n  additionalIngress: [{}]\n', { usePeers: false })
  assert.equal(made.allowlists[0]?.ingress.map(({ peers }) => peers.kind).includes('listed'), false)
  assert.equal(
    flows(made).some(flow => flow.startsWith('additional')),
    false,
  )
})

test('egress is not locked unless it is asked for', async () => {
  assert.is((await plan(workload())).plan.allowlists[0]?.egress, undefined)
})

test('egress opens DNS, resolvers and the apiserver, and then what is listed', async () => {
  const { plan: made } = await plan(
    workload(),
    '  egress: {enabled: true, dnsCIDRs: [169.254.20.10/32], to: [{to: [{podSelector: {}}], ports: [{port: 1, endPort: 9}]}]}\n',
  )
  const egress = made.allowlists[0]?.egress?.map(
    ({ row, peers, ports }) =>
      `${row}: ${peers.kind} ${ports.map(({ number, endPort, protocol }) => `${protocol}${number}${endPort === undefined ? '' : `-${endPort}`}`).join()}`,
  )
  assert.equal(egress?.[0], 'dns: namespace UDP53,TCP53')
  assert.equal(egress?.[1], 'resolvers: cidrs UDP53,TCP53')
  assert.match(egress?.[2] ?? '', /^apiserver: apiserver/)
  assert.equal(egress?.[3], 'to: listed TCP1-9')
})

test('egress has no flow to resolvers that are not given, and each flow says which key it comes from', async () => {
  const egress = async (block: string): Promise<unknown> =>
    (await plan(workload(), `  egress: {enabled: true${block}}\n`)).plan.allowlists[0]?.egress?.map(({ row, where }) => [row, ...where])
  const apiserver = ['apiserver', 'networkPolicy.egress.apiserver']
  assert.equal(await egress(''), [['dns', 'networkPolicy.egress.dns'], apiserver])
  assert.equal(await egress(', dns: false, dnsCIDRs: [10.0.0.10/32]'), [['resolvers', 'networkPolicy.egress.dnsCIDRs'], apiserver])
})

test('a rule of a protocol alone is for each of its ports', async () => {
  const { plan: made } = await plan(workload(), '  additionalIngress: [{ports: [{protocol: UDP}]}]\n')
  assert.equal(made.allowlists[0]?.ingress.at(-1)?.ports, [{ name: undefined, number: 1, endPort: 65535, protocol: 'UDP' }])
})

test('one default deny for each namespace, named after its first workload', async () => {
  const stream = workload({ namespace: 'b' }) + workload({ name: 'two', namespace: 'b' }) + workload({ name: 'three', namespace: 'c' })
  const { plan: made } = await plan(stream, '  defaultDeny: {enabled: true}\n')
  assert.equal(
    made.defaultDenies.map(({ name, namespace, owner }) => [name, namespace, owner]),
    [
      ['app-default-deny', 'b', 'app'],
      ['three-default-deny', 'c', 'three'],
    ],
  )
})

test('cluster-scoped names carry the namespace', async () => {
  const { plan: made } = await plan(workload({ namespace: '' }), '  defaultDeny: {enabled: true}\n', { clusterScoped: true, releaseNamespace: 'prod' })
  assert.equal(
    [...made.allowlists, ...made.defaultDenies].map(({ name }) => name),
    ['app-prod', 'app-default-deny-prod'],
  )
})

test('a long name is cut, and stays unique and the same', () => {
  const name = (...parts: string[]): string => new Names().give('stage', parts)
  const long = (end: string): string => name('a'.repeat(60), end)
  assert.is(name('a', 'b'), 'a-b')
  assert.is(name('a'.repeat(63)), 'a'.repeat(63))
  assert.is(long('default-deny').length, 63)
  assert.is.not(long('one-thing'), long('other-thing'))
  assert.is(long('one-thing'), long('one-thing'))
  assert.match(name('a'.repeat(51) + '...b'.repeat(5)), /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
})

test('who is dialled, and why, is told for each row, and which of them resolve names', () => {
  assert.equal(
    egressRows.map(({ id, party, reason, resolvesNames }) => [id, party, reason, resolvesNames]),
    [
      ['dns', 'cluster DNS', 'name resolution, without which every flow to a name fails', true],
      ['resolvers', 'DNS resolvers', 'name resolution by resolvers that are no pods', true],
      ['apiserver', 'kube-apiserver', 'the kube-apiserver, through which the controller reads and writes everything', false],
    ],
  )
})

test('names are those of every earlier release, or its policies would be left behind', () => {
  const name = (...parts: string[]): string => new Names().give('stage', parts)
  assert.is(name('a'.repeat(60), 'default-deny'), `${'a'.repeat(52)}-af9a45f0b0`)
  assert.is(name('a'.repeat(50) + '.-.', 'default-deny'), `${'a'.repeat(50)}-d417aa5203`)
  assert.is(name('a'.repeat(63), 'n400'), `${'a'.repeat(52)}-07e0a16317`)
})

test('names that come out alike are told apart within their scope', () => {
  const names = new Names()
  assert.is(names.give('stage', ['a', 'b-c']), 'a-b-c')
  assert.is(names.give('stage', ['a-b', 'c']), 'a-b-c-bc4051af31')
  assert.is(names.give('prod', ['a-b', 'c']), 'a-b-c')
})

test.run()

async function rows(stream: string, block = ''): Promise<string[]> {
  return flows((await plan(stream, block)).plan)
}

function flows({ allowlists }: Plan): string[] {
  return allowlists[0]?.ingress.map((flow: Flow) => `${flow.row}: ${flow.ports.map(({ name, number }) => name ?? number).join()}`) ?? []
}

async function plan(
  stream: string,
  block = '',
  options: Partial<Parameters<typeof planTraffic>[2]> = {},
): Promise<{ plan: Plan; codes: string[]; told: string[] }> {
  const { diagnostics, diagnose, codes } = ears()
  const release = await releaseOf(stream)
  const settings = await settingsOf(block)
  const made = planTraffic(release.workloads, release, { ...alone, settings, diagnose, ...options })
  return { plan: made, codes: codes(), told: diagnostics.all.map(({ message }) => message) }
}

const alone = { usePeers: true, several: false, clusterScoped: false, releaseNamespace: undefined, derived: () => [] }
