import { suite, test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseFlow } from '../../src/check/own/parse.ts'
import { ownQuestion } from '../../src/check/own/question.ts'
import { connectionsOf } from '../../src/check/ask/question.ts'
import type { CheckText } from '../helpers/checking.ts'
import { answered, networkPolicy, preparedFor } from '../helpers/checking.ts'
import { service, workload } from '../helpers/streams.ts'

const written = suite('a flow as it is written')

written('has two ends, a port and a protocol', () => {
  assert.equal(parseFlow('stage/app -> kube-system/kube-dns:53/UDP'), { from: 'stage/app', to: 'kube-system/kube-dns', port: 53, protocol: 'UDP' })
  assert.equal(parseFlow(' a→b:80 '), { from: 'a', to: 'b', port: 80, protocol: 'TCP' })
  assert.equal(parseFlow('a -> b:metrics/tcp'), { from: 'a', to: 'b', port: 'metrics', protocol: 'TCP' })
  assert.equal(parseFlow('[fd00::1] -> [fd00::2]:443/sctp'), { from: 'fd00::1', to: 'fd00::2', port: 443, protocol: 'SCTP' })
  assert.equal(parseFlow('fd00::1 -> a.b.svc:443'), { from: 'fd00::1', to: 'a.b.svc', port: 443, protocol: 'TCP' })
  assert.equal(parseFlow('a -> b:65535'), { from: 'a', to: 'b', port: 65535, protocol: 'TCP' })
  assert.equal(parseFlow('a -> b/c : 15432 / udp'), { from: 'a', to: 'b/c', port: 15432, protocol: 'UDP' })
})

for (const [text, problem] of [
  ['a', 'is not of the form FROM -> TO:PORT'],
  ['a -> ', 'is not of the form FROM -> TO:PORT'],
  [' -> b:1', 'begins with its arrow: write the source before it, FROM -> TO:PORT'],
  ['a -> b:1 -> c:1', 'is not of the form FROM -> TO:PORT'],
  ['a -> b', 'names no port: write TO:PORT, or TO:PORT/UDP'],
  ['a -> b/c', 'names no port: write TO:PORT, or TO:PORT/UDP'],
  ['a -> fd00::2:443', 'has an IPv6 address without brackets: write [fd00::2]:443'],
  ['a -> fd00::2:443/udp', 'has an IPv6 address without brackets: write [fd00::2]:443/udp'],
  ['a -> fd00::', 'has an IPv6 address without brackets, and names no port: write [fd00::]:PORT'],
  ['a -> b:1:2', 'has more than one colon behind the arrow: write TO:PORT, and an IPv6 address in brackets'],
  ['a -> [fd00::2]', 'names no port: write TO:PORT, or TO:PORT/UDP'],
  ['a -> b/c:1/TCP/UDP', 'names more than one protocol: ask for each by a --flow of its own'],
  ['a -> b:1/ICMP', 'has the protocol ICMP; it can be TCP, UDP or SCTP'],
  ['a -> b:0', 'has port 0; ports are from 1 to 65535'],
  ['a -> b:65536', 'has port 65536; ports are from 1 to 65535'],
] as const)
  written(`${JSON.stringify(text)} is told`, () => assert.equal(parseFlow(text), { problem }))

written.run()

const db = workload({
  name: 'db',
  selector: '{matchLabels: {app: db}}',
  podLabels: '{app: db}',
  ports: '[{name: sql, containerPort: 5432}, {name: stats, containerPort: 5432, protocol: UDP}]',
})
const policy = networkPolicy('{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: app}}}], ports: [{port: sql}]}]}', {
  name: 'db',
})
const stream =
  workload() + db + service({ name: 'db', selector: '{app: db}', ports: '[{name: pg, port: 80, targetPort: sql}, {port: 81, targetPort: 9}]' }) + policy

const asked = async (flow: string, given: CheckText = {}, text = stream) => {
  const [one] = await answered(text, [flow], given)
  if (one === undefined) throw new Error('no answer')
  return one
}

const verdict = async (flow: string, given: CheckText = {}, text = stream): Promise<string> => (await asked(flow, given, text)).verdict

test('pods are called by their names, with their namespaces or without', async () => {
  assert.is(await verdict('stage/app -> stage/db:5432'), 'allowed')
  assert.is(await verdict('app -> db:5432'), 'allowed')
  assert.is(await verdict('app -> db:5433'), 'denied')
  assert.is(await verdict('kube-system/kube-dns -> db:5432'), 'denied')
})

test('both sides say why', async () => {
  const { egress, ingress, from, to, port, need } = await asked('app -> db:5432')
  assert.equal([from, to, port, need], ['app', 'db', '5432/TCP', undefined])
  assert.equal([egress?.by, ingress?.by, ingress?.documents[0]?.rule], ['nothing', 'rule', 'spec.ingress[0]'])
})

test('a port may be called as its pod calls it, for the protocol', async () => {
  assert.is((await asked('app -> db:sql')).asked.port, 5432)
  assert.is(await verdict('app -> db:stats/UDP'), 'denied')
})

test('a workload whose pods run is each of them', async () => {
  const pod = (name: string, app: string): string =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: stage, labels: {app: ${app}}}\nspec: {containers: []}\nstatus: {podIP: 10.1.0.${name.length}}\n`
  const running = pod('web-6d5f9c7b8d-x2x4z', 'app') + pod('web-0', 'other') + pod('web-front', 'app') + db + policy
  assert.is(await verdict('web-6d5f9c7b8d-x2x4z -> db:5432', {}, running), 'allowed')
  assert.is(await verdict('web -> db:5432', {}, running), 'denied')
  assert.is(await verdict('stage/web-front -> db:5432', {}, running), 'allowed')
  assert.is(await verdict('10.1.0.20 -> db:5432', {}, running), 'allowed')
})

test('of pods in several namespaces the release’s own is meant, else the user is asked', async () => {
  const twice = stream + workload({ namespace: 'other' })
  assert.is(await verdict('app -> db:5432', { namespace: 'stage' }, twice), 'allowed')
  assert.is(await verdict('app -> db:5432', { namespace: 'other' }, twice), 'denied')
  const prepared = await preparedFor(twice)
  assert.equal(ownQuestion('app -> db:5432', { ...prepared, namespace: 'release' }), {
    problem: ': app is there in several namespaces: write stage/app or other/app',
  })
})

test('an address that is told is shown with its pod, and one that is made up is not', async () => {
  const world = 'pods: [{namespace: stage, name: cache, labels: {app: cache}, addresses: [10.244.9.9]}]'
  const [flow] = await answered(stream, ['app -> stage/cache:5432'], { world })
  assert.equal([flow?.asked.from, flow?.asked.to], ['pod stage/app', 'pod stage/cache (10.244.9.9)'])
})

test('a Service is its pods at their port', async () => {
  assert.equal((({ verdict: its, asked: { to, port } }) => [its, to, port])(await asked('app -> db.stage.svc:80')), ['allowed', 'pod stage/db', 5432])
  assert.is(await verdict('app -> db.stage.svc.cluster.local:pg'), 'allowed')
  assert.is(await verdict('app -> db.stage.svc:81'), 'denied')
})

test('nodes, addresses, names, the kube-apiserver and the world are ends too', async () => {
  const open = networkPolicy(
    '{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress, Egress], ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}',
  )
  const text = workload() + open
  assert.is(await verdict('node -> app:1', {}, text), 'allowed')
  assert.is(await verdict('node/other-node -> app:1', {}, text), 'denied')
  assert.is(await verdict('203.0.113.7 -> app:1', {}, text), 'allowed')
  assert.is(await verdict('203.0.114.7 -> app:1', {}, text), 'denied')
  assert.is(await verdict('app -> 203.0.113.7:1', {}, text), 'allowed')
  assert.is(await verdict('app -> [fd00::1]:1', {}, text), 'denied')
  assert.is((await asked('world -> app:1', {}, text)).unknown?.what, 'which address outside of the cluster it is is not known')
  assert.is(await verdict('apiserver -> app:1', {}, text), 'unknown')
  assert.is(await verdict('kube-apiserver -> app:1', { world: 'apiserver: {addresses: [203.0.113.9]}' }, text), 'allowed')
  assert.is(await verdict('app -> apiserver:6443', { world: 'apiserver: {addresses: [203.0.113.9, 10.9.9.9]}' }, text), 'denied')
  const name = await asked('app -> S3.example.com:443', {}, text)
  assert.equal([name.verdict, name.unknown?.what], ['unknown', 'the address of s3.example.com is not known'])
  assert.is(await verdict('app -> s3.example.com:443', { world: 'names: [{name: s3.example.com, addresses: [203.0.113.9]}]' }, text), 'allowed')
  assert.is(await verdict('app -> s3.example.com:443', { world: 'names: [{name: s3.example.com, addresses: [203.0.113.9, 10.9.9.9]}]' }, text), 'denied')
})

test('whichever end is not known, what it may be is told', async () => {
  const prepared = await preparedFor(workload() + networkPolicy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}'))
  const labels = (flow: string): (string | undefined)[] => {
    const question = ownQuestion(flow, prepared)
    assert.ok('question' in question)
    return connectionsOf(question.question).map(({ label, change }) => (change === undefined ? label : `${label}, ${change.key}`))
  }
  const [unnamed, named] = ['an address that no rule names', 'an address in 10.0.0.0/8']
  assert.equal(labels('world -> app:1'), [unnamed, named])
  assert.equal(labels('app -> S3.example.com.:443'), [`${unnamed}, name s3.example.com 198.51.100.1`, `${named}, name s3.example.com 10.0.0.1`])
  assert.equal(labels('apiserver -> app:1')[0], `${unnamed}, apiserver 198.51.100.1 6443 false`)
})

test('a flow between others than pods is asked of nobody', async () => {
  const prepared = await preparedFor(stream)
  for (const [from, to] of [
    ['world', 'world'],
    ['world', 'node'],
    ['apiserver', 'world'],
    ['203.0.113.7', 's3.example.com'],
  ] as const) {
    const problem = `: neither ${from} nor ${to} is a pod with an address of its own, and no policy of pods holds between others`
    assert.equal(ownQuestion(`${from} -> ${to}:80`, prepared), { problem })
  }
  const world = 'pods: [{namespace: stage, name: cache, addresses: [10.244.9.9]}]'
  assert.is(await verdict('world -> 10.244.9.9:80', { world }), 'allowed')
  assert.is(await verdict('10.244.9.9 -> node:80', { world }), 'allowed')
})

test('an address of IPv6 is shown as it can be written again', async () => {
  const [flow] = await answered(stream, ['[fd00::1] -> app:1'])
  assert.equal([flow?.from, flow?.to], ['[fd00::1]', 'app'])
  const [other] = await answered(stream, ['app -> [2001:db8::1]:443'])
  assert.equal([other?.from, other?.to, other?.port], ['app', '[2001:db8::1]', '443/TCP'])
})

test('the name that DNS has of every pod is its address', async () => {
  const world = 'pods: [{namespace: stage, name: cache, labels: {app: db}, addresses: [10.244.9.9]}]'
  assert.is((await asked('app -> 10-244-9-9.stage.pod:5432', { world })).asked.to, 'pod stage/cache (10.244.9.9)')
  assert.is((await asked('app -> 10-244-9-9.stage.pod.cluster.local:5432', { world })).asked.to, 'pod stage/cache (10.244.9.9)')
})

test('a pod of the host network is its node', async () => {
  const onHost = workload({ name: 'host' }).replace('      containers:', '      hostNetwork: true\n      containers:')
  const locked = stream + onHost + networkPolicy('{podSelector: {matchLabels: {app: db}}}', { name: 'db-lock' })
  for (const name of ['stage/host', 'host']) {
    const { verdict, asked: ends, unknown } = await asked(`${name} -> db:5432`, {}, locked)
    assert.equal([verdict, ends.from, unknown?.through, unknown?.cut], ['unknown', 'node other-node', ['the node of the other end'], ['another node']])
  }
  assert.equal(ownQuestion('hst -> db:1', await preparedFor(onHost + db)), {
    problem: ': hst is no pod that is known here; known are stage/db, kube-system/kube-dns, stage/host',
  })
})

for (const [flow, problem] of [
  ['nobody -> db:1', ': nobody is no pod that is known here; known are stage/app, stage/db, kube-system/kube-dns'],
  ['app -> stage/dbb:1', ': stage/dbb is no pod that is known here; did you mean stage/db? known are stage/app, stage/db, kube-system/kube-dns'],
  ['app -> node/elsewhere:1', ': node/elsewhere is no node that is known here; known are node/node, node/other-node'],
  ['node/other-nod -> db:1', ': node/other-nod is no node that is known here; did you mean node/other-node? known are node/node, node/other-node'],
  ['app -> 300.1.1.1:80', ': 300.1.1.1 is no address: one of IPv4 is four numbers from 0 to 255, without zeros before them'],
  ['010.0.0.1 -> app:80', ': 010.0.0.1 is no address: one of IPv4 is four numbers from 0 to 255, without zeros before them'],
  ['app -> 10.1:80', ': 10.1 is no address: one of IPv4 is four numbers from 0 to 255, without zeros before them'],
  ['app -> [fd00::zz]:80', ': fd00::zz is no address of IPv6'],
  ['app -> 10.0.0.0/8:80', ': 10.0.0.0/8 is a block: ask about one of its addresses'],
  ['app -> db.gone.cluster.local:1', ': db.gone.cluster.local is a name of the cluster, but none that is known here'],
  ['app -> db.stage.svc:82', ': db.stage.svc has no port 82/TCP; it has 80/TCP, 81/TCP'],
  ['app -> db:http', ': db declares no port http for TCP; give its number'],
  ['app -> 203.0.113.7:http', ': 203.0.113.7 declares no port http for TCP; give its number'],
  ['app -> db', 'names no port: write TO:PORT, or TO:PORT/UDP'],
] as const)
  test(`${flow} is told`, async () => {
    const prepared = await preparedFor(stream)
    assert.equal(ownQuestion(flow, prepared), { problem })
  })

test('of many pods that are known the first are listed', async () => {
  const many = Array.from({ length: 40 }, (_, index) => workload({ name: `pod-${index}` })).join('')
  const prepared = await preparedFor(many)
  const told = ownQuestion('zzzzzzzzz -> pod-1:1', prepared)
  assert.ok('problem' in told)
  assert.match(told.problem, /known are stage\/pod-0, .*, stage\/pod-29 and 11 others$/)
})

test.run()
