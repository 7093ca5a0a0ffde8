import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ownQuestion } from '../../src/check/own/question.ts'
import type { CheckText } from '../helpers/checking.ts'
import { answered, networkPolicy, preparedFor } from '../helpers/checking.ts'
import { service, workload } from '../helpers/streams.ts'

/** Services and their pods as ends of a question of one's own. */

const db = workload({
  kind: 'StatefulSet',
  name: 'db',
  namespace: 'data',
  selector: '{matchLabels: {app: db}}',
  podLabels: '{app: db}',
  ports: '[{name: sql, containerPort: 15432}]',
})
const dbService = service({ name: 'db', namespace: 'data', selector: '{app: db}', ports: '[{name: pg, port: 5432, targetPort: sql}]' })
const web = service({ name: 'web', ports: '[{port: 80, targetPort: metrics}]' })
const lock = networkPolicy('{podSelector: {}, policyTypes: [Ingress]}', { name: 'lock', namespace: 'data' })
const stream = workload() + web + db + dbService + lock

async function asked(flow: string, given: CheckText = {}, text = stream): Promise<string> {
  const [one] = await answered(text, [flow], given)
  return `${one?.asked.from} to ${one?.asked.to}:${one?.asked.port}, ${one?.verdict}`
}

async function problemOf(flow: string, given: CheckText = {}, text = stream): Promise<string> {
  const told = ownQuestion(flow, await preparedFor(text, given))
  return 'problem' in told ? told.problem : 'none'
}

for (const name of ['db.data', 'db.data.svc', 'db.data.svc.cluster.local', 'db.data.svc.cluster.local.', 'DB.Data.svc'])
  test(`${name} is the Service, at its own port`, async () => {
    assert.is(await asked(`app -> ${name}:5432`), 'pod stage/app to pod data/db:15432, denied')
    assert.is(await asked(`app -> ${name}:pg`), 'pod stage/app to pod data/db:15432, denied')
  })

for (const name of ['db-0.db.data', 'db-12.db.data.svc', 'db-0.db.data.svc.cluster.local'])
  test(`${name} is a pod of the Service, at the port of the pod`, async () => {
    assert.is(await asked(`app -> ${name}:15432`), 'pod stage/app to pod data/db:15432, denied')
    assert.is(await asked(`app -> ${name}:5432`), 'pod stage/app to pod data/db:5432, denied')
    assert.is(await asked(`app -> ${name}:sql`), 'pod stage/app to pod data/db:15432, denied')
  })

test('a pod of a Service may leave out the namespace that the caller is in', async () => {
  assert.is(await asked('data/db -> db-0.db:1', {}, stream + workload({ name: 'other', namespace: 'data' })), 'pod data/db to pod data/db:1, allowed')
  assert.is(await asked('other -> db-0.db:1', {}, stream + workload({ name: 'other', namespace: 'data' })), 'pod data/other to pod data/db:1, denied')
  // A Service of that name is meant first.
  const namesake = service({ name: 'db-0', namespace: 'db', ports: '[{port: 7, targetPort: 8}]' }) + workload({ name: 'behind', namespace: 'db' })
  assert.is(await asked('data/db -> db-0.db:7', {}, stream + namesake), 'pod data/db to pod db/behind:8, allowed')
  // In the namespace of app it is a name outside.
  assert.is(await asked('app -> db-0.db:1'), 'pod stage/app to 198.51.100.1:1, allowed')
})

test('of pods that run the one is asked that is named', async () => {
  const pod = (name: string, index: number): string =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: data, labels: {app: db}}\nspec: {containers: []}\nstatus: {podIP: 10.1.0.${index}}\n`
  const running = workload() + dbService + pod('db-0', 1) + pod('db-1', 2)
  assert.is(await asked('app -> db-1.db.data.svc:15432', {}, running), 'pod stage/app to pod data/db-1 (10.1.0.2):15432, allowed')
  assert.is(await asked('app -> 10-1-0-2.db.data.svc:15432', {}, running), 'pod stage/app to pod data/db-1 (10.1.0.2):15432, allowed')
  assert.is(await asked('db-1.db.data.svc -> app:1', {}, running), 'pod data/db-1 (10.1.0.2) to pod stage/app:1, allowed')
  assert.is(
    await problemOf('app -> db-2.db.data.svc:15432', {}, running),
    ': db-2.db.data.svc is no pod that is known here; behind db.data.svc are data/db-0, data/db-1',
  )
  assert.is(await problemOf('app -> x.db.data.svc:15432'), ': x.db.data.svc is no pod that is known here; behind db.data.svc is data/db')
})

test('a Service that calls is its pods', async () => {
  assert.is(await asked('web.stage.svc -> data/db:1'), 'pod stage/app to pod data/db:1, denied')
  assert.is(await asked('web.stage -> data/db:1'), 'pod stage/app to pod data/db:1, denied')
  assert.is(await asked('kubernetes.default.svc -> data/db:1'), 'kube-apiserver to pod data/db:1, denied')
})

test('the pods of a headless Service are dialled at their own port', async () => {
  const headless = workload() + db + dbService.replace('spec:', 'spec:\n  clusterIP: None') + lock
  assert.is(await asked('app -> db.data.svc:5432', {}, headless), 'pod stage/app to pod data/db:5432, denied')
  assert.is(await asked('app -> db.data.svc:pg', {}, headless), 'pod stage/app to pod data/db:15432, denied')
  const world = 'services: [{namespace: data, name: db, clusterAddresses: [10.96.0.30], selector: {app: db}, ports: [{port: 5432, targetPort: 15432}]}]'
  assert.is(await asked('app -> db.data.svc:5432', { world }, headless), 'pod stage/app to pod data/db:15432, denied')
})

test('a name that the cluster may have is a host outside only where nothing of it is known', async () => {
  assert.is(
    await problemOf('app -> gone.data:1'),
    ': gone.data is no Service that is known here; known are kubernetes.default.svc, web.stage.svc, db.data.svc, kube-dns.kube-system.svc',
  )
  assert.is(
    await problemOf('app -> dbb.data.svc:1'),
    ': dbb.data.svc is no Service that is known here; did you mean db.data.svc? known are kubernetes.default.svc, web.stage.svc, db.data.svc, kube-dns.kube-system.svc',
  )
  assert.match(await problemOf('app -> gone-0.gone.data.svc:1'), ': gone-0.gone.data.svc is no Service that is known here')
  for (const name of ['gone.data.', 'db.elsewhere.org', 'example.com', 'a.db-0.db.data', 'db-0.gone.data'])
    assert.is(await asked(`app -> ${name}:1`), 'pod stage/app to 198.51.100.1:1, allowed')
  // A pod may be called like that.
  const dotted = 'pods: [{namespace: stage, name: gone.data}]'
  assert.is(await asked('app -> gone.data:1', { world: dotted }), 'pod stage/app to pod stage/gone.data:1, allowed')
})

test('the address of a Service leads to its pods', async () => {
  const withAddress = (selector: string): CheckText => ({
    world: `services: [{namespace: data, name: db, clusterAddresses: [10.96.0.30], selector: ${selector}, ports: [{name: pg, port: 5432, targetPort: sql}]}]`,
  })
  assert.is(await asked('app -> 10.96.0.30:5432', withAddress('{app: db}')), 'pod stage/app to pod data/db:15432, denied')
  const made = workload() + db + dbService.replace('spec:', "spec:\n  clusterIPs: [10.96.0.31, 'fd00:0:0::31']")
  assert.is(await asked('app -> 10.96.0.31:5432', {}, made), 'pod stage/app to pod data/db:15432, allowed')
  assert.is(await asked('app -> [fd00::31]:5432', {}, made), 'pod stage/app to pod data/db:15432, allowed')
  assert.is(
    await problemOf('app -> 10.96.0.30:1', withAddress('{app: db}')),
    ': 10.96.0.30 is an address of Service data/db, which has no port 1/TCP; it has 5432/TCP',
  )
  assert.is(
    await problemOf('app -> 10.96.0.30:5432', withAddress('{app: gone}')),
    ': 10.96.0.30 is an address of Service data/db, which has no pods that are known here',
  )
  assert.is(await problemOf('10.96.0.30 -> app:1', withAddress('{app: db}')), ': 10.96.0.30 is an address of Service data/db, from which nobody calls')
  assert.is(await problemOf('app -> db-0.db.data.svc:1', withAddress('{app: gone}')), ': db-0.db.data.svc has no pods that are known here')
})

test('a Service of addresses is these', async () => {
  const world = 'services: [{namespace: data, name: old, addresses: [203.0.113.9], ports: [{port: 1, targetPort: 2}]}]'
  assert.is(await asked('app -> old.data:1', { world }), 'pod stage/app to 203.0.113.9:2, allowed')
  assert.is(await asked('old.data -> data/db:1', { world }), '203.0.113.9 to pod data/db:1, denied')
  assert.is(await problemOf('app -> x-0.old.data:1', { world }), ': x-0.old.data has no pods that are known here')
})

test('a Service whose pods declare no such port says so', async () => {
  const nameless = workload() + db + dbService.replace('targetPort: sql', 'targetPort: other')
  assert.is(await problemOf('app -> db.data.svc:5432', {}, nameless), ': db.data.svc sends to the port called other, which none of its pods declares')
})

test('the Service of the cluster’s DNS is its pods, made up or not', async () => {
  assert.is(await asked('app -> kube-dns.kube-system.svc:53/UDP'), 'pod stage/app to pod kube-system/kube-dns:53, allowed')
  assert.is(await asked('app -> kube-dns.kube-system:dns-tcp'), 'pod stage/app to pod kube-system/kube-dns:53, allowed')
  assert.is(await problemOf('app -> kube-dns.kube-system.svc:54'), ': kube-dns.kube-system.svc has no port 54/TCP; it has 53/UDP, 53/TCP')
  const coredns = 'pods: [{namespace: kube-system, name: coredns, labels: {k: v}, ports: [{name: d, port: 5353, protocol: UDP}]}]'
  assert.is(await asked('app -> kube-dns.kube-system.svc:53/UDP', { world: coredns }), 'pod stage/app to pod kube-system/coredns:5353, allowed')
  const openShift = 'networkPolicy:\n  enabled: true\n  controller: app\n  egress: {dnsNamespace: openshift-dns}\n'
  assert.is(await asked('app -> dns-default.openshift-dns.svc:53/UDP', { values: openShift }), 'pod stage/app to pod openshift-dns/kube-dns:5353, allowed')
  // Where a Service is known, it is that.
  const other = `${coredns}\nservices: [{namespace: kube-system, name: coredns, selector: {k: v}, ports: [{port: 53, targetPort: 5353, protocol: UDP}]}]`
  assert.is(await asked('app -> coredns.kube-system.svc:53/UDP', { world: other }), 'pod stage/app to pod kube-system/coredns:5353, allowed')
  assert.match(await problemOf('app -> kube-dns.kube-system.svc:53/UDP', { world: other }), 'is no Service that is known here; did you mean')
})

test('the Service kubernetes is the kube-apiserver, where that listens', async () => {
  const world = 'apiserver: {addresses: [203.0.113.9], port: 8443}'
  assert.is(await asked('app -> kubernetes.default.svc:443', { world }), 'pod stage/app to kube-apiserver (203.0.113.9):8443, allowed')
  assert.is(await asked('app -> kubernetes.default:https', { world }), 'pod stage/app to kube-apiserver (203.0.113.9):8443, allowed')
  assert.is(await problemOf('app -> kubernetes.default.svc:6443', { world }), ': kubernetes.default.svc has no port 6443/TCP; it has 443/TCP')
  assert.is(
    await problemOf('app -> kubernetes.default.svc:443'),
    ': kubernetes.default.svc is the kube-apiserver, and its own port is not known here: write apiserver:6443, or where else it listens',
  )
})

test('an ExternalName is what it names', async () => {
  const alias = (name: string, target: string): string =>
    `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: data}\nspec: {type: ExternalName, externalName: ${target}}\n`
  const text =
    stream + alias('s3', 's3.example.com') + alias('inner', 'db.data.svc.cluster.local') + alias('lost', 'gone.data.svc') + alias('twice', 's3.data.svc')
  assert.is(
    await asked('app -> s3.data.svc:443', { world: 'names: [{name: s3.example.com, addresses: [203.0.113.9]}]' }, text),
    'pod stage/app to 203.0.113.9:443, allowed',
  )
  assert.is(await asked('app -> inner.data:5432', {}, text), 'pod stage/app to pod data/db:15432, denied')
  // Nothing completes what it names.
  assert.is(await asked('app -> short.data:5432', {}, text + alias('short', 'db.data')), 'pod stage/app to 198.51.100.1:5432, allowed')
  assert.match(await problemOf('app -> lost.data:1', {}, text), ': lost.data is another name for gone.data.svc, which is no Service that is known here')
  assert.is(
    await problemOf('app -> twice.data:1', {}, text),
    ': twice.data is another name for s3.data.svc, which is another name itself: ask for s3.example.com',
  )
  assert.is(
    await problemOf('app -> s3.data.svc:https', {}, text),
    ': s3.data.svc is another name for s3.example.com, which declares no port https for TCP; give its number',
  )
})

test.run()
