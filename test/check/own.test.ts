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
})

for (const [text, problem] of [
  ['a', 'is not of the form FROM -> TO:PORT'],
  ['a -> ', 'is not of the form FROM -> TO:PORT'],
  [' -> b:1', 'is not of the form FROM -> TO:PORT'],
  ['a -> b:1 -> c:1', 'is not of the form FROM -> TO:PORT'],
  ['a -> b', 'names no port: write TO:PORT, or TO:PORT/UDP'],
  ['a -> b/c', 'names no port: write TO:PORT, or TO:PORT/UDP'],
  ['a -> fd00::2:443', 'names no port: write TO:PORT, or TO:PORT/UDP'],
  ['a -> [fd00::2]', 'names no port: write TO:PORT, or TO:PORT/UDP'],
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
  assert.equal(ownQuestion('app -> db:5432', prepared.scene, 'release'), { problem: ': app is there in several namespaces: write stage/app or other/app' })
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
  assert.is(await verdict('world -> app:1', {}, text), 'unknown')
  assert.is(await verdict('apiserver -> app:1', {}, text), 'unknown')
  assert.is(await verdict('kube-apiserver -> app:1', { world: 'apiserver: {addresses: [203.0.113.9]}' }, text), 'allowed')
  assert.is(await verdict('app -> apiserver:6443', { world: 'apiserver: {addresses: [203.0.113.9, 10.9.9.9]}' }, text), 'denied')
  const name = await asked('app -> S3.example.com:443', {}, text)
  assert.equal([name.verdict, name.unknown?.what], ['unknown', 'the address of s3.example.com is not known'])
  assert.is(await verdict('app -> s3.example.com:443', { world: 'names: [{name: s3.example.com, addresses: [203.0.113.9]}]' }, text), 'allowed')
  assert.is(await verdict('app -> s3.example.com:443', { world: 'names: [{name: s3.example.com, addresses: [203.0.113.9, 10.9.9.9]}]' }, text), 'denied')
})

test('two ends that are not known are said together', async () => {
  const { unknown, verdict: its } = await asked('world -> apiserver:443')
  assert.equal([its, unknown], ['allowed', undefined])
  const prepared = await preparedFor(workload() + networkPolicy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}'))
  const question = ownQuestion('world -> s3.example.com:443', prepared.scene, 'stage')
  assert.ok('question' in question)
  const [first] = connectionsOf(question.question)
  assert.equal([first?.label, first?.change?.key], ['an address that no rule names and an address that no rule names', 'name s3.example.com 198.51.100.1'])
})

test('a pod of the host network is its node', async () => {
  const onHost = workload({ name: 'host' }).replace('      containers:', '      hostNetwork: true\n      containers:')
  assert.match((await asked('stage/host -> db:5432', {}, stream + onHost)).asked.from, /^node node$/)
  assert.match((await asked('host -> db:5432', {}, stream + onHost)).asked.from, /^node node$/)
})

for (const [flow, problem] of [
  ['nobody -> db:1', ': nobody is no pod that is known here; known are stage/app, stage/db'],
  ['app -> stage/dbb:1', ': stage/dbb is no pod that is known here; did you mean stage/db? known are stage/app, stage/db'],
  ['app -> node/gone:1', ': node/gone is no pod that is known here; known are stage/app, stage/db'],
  ['app -> gone.stage.svc:1', ': gone.stage.svc is no Service that is known here; known are kubernetes.default.svc, db.stage.svc'],
  ['app -> db.stage.svc:82', ': db.stage.svc has no port 82/TCP; it has 80/TCP, 81/TCP'],
  ['app -> db:http', ': db declares no port http for TCP; give its number'],
  ['app -> 203.0.113.7:http', ': 203.0.113.7 declares no port http for TCP; give its number'],
  ['app -> db', 'names no port: write TO:PORT, or TO:PORT/UDP'],
] as const)
  test(`${flow} is told`, async () => {
    const prepared = await preparedFor(stream)
    assert.equal(ownQuestion(flow, prepared.scene, 'stage'), { problem })
  })

test('of many pods that are known the first are listed', async () => {
  const many = Array.from({ length: 40 }, (_, index) => workload({ name: `pod-${index}` })).join('')
  const prepared = await preparedFor(many)
  const told = ownQuestion('zzzzzzzzz -> pod-1:1', prepared.scene, 'stage')
  assert.ok('problem' in told)
  assert.match(told.problem, /known are stage\/pod-0, .*, stage\/pod-29 and 10 others$/)
})

test.run()
