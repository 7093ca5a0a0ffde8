import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { podRanges, rangesFor, withAddresses } from '../../src/check/world/addresses.ts'
import { castOf } from '../../src/check/world/build.ts'
import type { Cast } from '../../src/check/world/build.ts'
import { readWorldFile } from '../../src/check/world/file.ts'
import { readObjects } from '../../src/check/read.ts'
import { parseCidr } from '../../src/net/cidr.ts'
import { split } from '../../src/stream/split.ts'
import type { Pod, World } from '../../src/verdict/world.ts'
import { ears } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

async function cast(stream: string, world = '', sidecarNames = false): Promise<Cast> {
  const { diagnose } = ears()
  const bytes = Buffer.from(stream)
  const resources = await readObjects({ name: 'stdin', bytes, segments: split(bytes) }, diagnose)
  return castOf(resources, { namespace: 'release', sidecarNames, file: await readWorldFile({ path: 'world.yaml', text: world }, diagnose) })
}

const names = ({ world }: Cast): string[] => world.pods.map(({ namespace, name }) => `${namespace}/${name}`)

const pod = (name: string, more = ''): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: stage, labels: {app: ${name}}${more}}\nspec: {containers: [{name: c}]}\n`

test('a workload is a pod with its name, labels, account and ports', async () => {
  const stream = workload({ namespace: '', ports: '[{name: metrics, containerPort: 8080}, {containerPort: 53, protocol: UDP}]' }).replace(
    '      containers:',
    '      serviceAccountName: runner\n      containers:',
  )
  assert.equal((await cast(stream)).world.pods, [
    {
      kind: 'pod',
      namespace: 'release',
      name: 'app',
      labels: { app: 'app' },
      serviceAccount: 'runner',
      addresses: [],
      ports: [
        { name: 'metrics', port: 8080, protocol: 'TCP' },
        { name: undefined, port: 53, protocol: 'UDP' },
      ],
    },
  ])
})

test('Jobs, CronJobs and bare pods are there too, namesakes with their kinds', async () => {
  const job = (kind: string, name: string, template: string): string =>
    `---\napiVersion: batch/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: stage}\nspec: ${template}\n`
  const template = 'template: {metadata: {labels: {j: j}}, spec: {serviceAccount: old}}'
  const stream = workload() + job('Job', 'app', `{${template}}`) + job('CronJob', 'nightly', `{jobTemplate: {spec: {${template}}}}`) + pod('app')
  const made = await cast(stream)
  assert.equal(names(made), ['stage/app', 'stage/app-deployment', 'stage/app-job', 'stage/nightly'])
  assert.equal(
    made.world.pods.map(({ serviceAccount, labels }) => [serviceAccount, labels]),
    [
      ['default', { app: 'app' }],
      ['default', { app: 'app' }],
      ['old', { j: 'j' }],
      ['old', { j: 'j' }],
    ],
  )
})

test('what another object owns is there by its owner, but for pods that run', async () => {
  const owned = ', ownerReferences: [{kind: Deployment, name: app}]'
  const set = `---\napiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: app-1, namespace: stage${owned}}\nspec: {template: {metadata: {labels: {app: app}}}}\n`
  const stream = workload() + set + pod('app-1-abcde', owned)
  assert.equal(names(await cast(stream)), ['stage/app-1-abcde', 'stage/app'])
})

test('a pod that runs has its addresses', async () => {
  const running = (status: string): string => `${pod('app')}status: ${status}\n`
  const addresses = async (status: string): Promise<unknown> => (await cast(running(status))).world.pods[0]?.addresses
  assert.equal(await addresses('{podIP: 10.1.0.5, podIPs: [{ip: 10.1.0.5}, {ip: "fd00:0::5"}]}'), ['10.1.0.5', 'fd00::5'])
  assert.equal(await addresses('{podIP: 10.1.0.5}'), ['10.1.0.5'])
  assert.equal(await addresses('{podIP: ""}'), [])
})

test('a pod of the host network is its node', async () => {
  const onHost = workload().replace('      containers:', '      hostNetwork: true\n      containers:')
  const made = await cast(onHost + workload({ name: 'other' }))
  assert.equal(names(made), ['stage/other'])
  assert.equal(
    made.onHost.map(({ namespace, name }) => `${namespace}/${name}`),
    ['stage/app'],
  )
})

test('the end of a document is its pod, or the node, or nothing', async () => {
  const onHost = workload({ name: 'host' }).replace('      containers:', '      hostNetwork: true\n      containers:')
  const bytes = Buffer.from(workload() + onHost + service())
  const resources = await readObjects({ name: 'stdin', bytes, segments: split(bytes) }, ears().diagnose)
  const { endOf } = castOf(resources, { namespace: 'release', sidecarNames: false, file: undefined })
  assert.equal(
    resources.map(resource => endOf(resource)),
    [{ pod: 'stage/app' }, { node: 'node' }, undefined],
  )
})

test('the names of a sidecar’s ports are known to Calico alone', async () => {
  const stream = `${workload()}      initContainers:\n        - {name: proxy, restartPolicy: Always, ports: [{name: mesh, containerPort: 4143}]}\n        - {name: init, ports: [{name: gone, containerPort: 1}]}\n`
  const ports = async (sidecarNames: boolean): Promise<unknown> =>
    (await cast(stream, '', sidecarNames)).world.pods[0]?.ports.map(({ name, port }) => [name, port])
  assert.equal(await ports(false), [
    ['metrics', 8080],
    [undefined, 4143],
  ])
  assert.equal(await ports(true), [
    ['metrics', 8080],
    ['mesh', 4143],
  ])
})

test('namespaces are those that anyone names, with their labels and their names among them', async () => {
  const own = '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: stage, labels: {team: a}}\n'
  const made = await cast(
    workload() + service({ namespace: 'web' }) + own,
    'namespaces: [{name: monitoring, labels: {team: obs}}, {name: stage, labels: {env: prod}}]',
  )
  const sorted = [...made.world.namespaces].sort((one, other) => (one.name < other.name ? -1 : 1))
  assert.equal(sorted, [
    { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } },
    { name: 'monitoring', labels: { team: 'obs', 'kubernetes.io/metadata.name': 'monitoring' } },
    { name: 'release', labels: { 'kubernetes.io/metadata.name': 'release' } },
    { name: 'stage', labels: { team: 'a', env: 'prod', 'kubernetes.io/metadata.name': 'stage' } },
    { name: 'web', labels: { 'kubernetes.io/metadata.name': 'web' } },
  ])
  assert.equal([...made.namespacesKnown].sort(), ['monitoring', 'stage'])
})

test('Services have their addresses, pods and ports; a name of names is none', async () => {
  const stream =
    service({ namespace: 'web', ports: '[{name: https, port: 443, targetPort: https}, {port: 53, protocol: UDP}]' }).replace(
      'spec:',
      'spec:\n  clusterIP: 10.96.0.7',
    ) +
    service({ name: 'headless', selector: '{}', ports: '[{port: 80}]' }).replace('spec:', 'spec:\n  clusterIP: None') +
    service({ name: 'alias' }).replace('spec:', 'spec:\n  type: ExternalName')
  const [, ...own] = (await cast(stream)).world.services
  assert.equal(own, [
    {
      namespace: 'web',
      name: 'app',
      labels: {},
      clusterAddresses: ['10.96.0.7'],
      backends: { selector: { app: 'app' } },
      ports: [
        { name: 'https', port: 443, target: 'https', protocol: 'TCP' },
        { name: undefined, port: 53, target: 53, protocol: 'UDP' },
      ],
    },
    {
      namespace: 'stage',
      name: 'headless',
      labels: {},
      clusterAddresses: [],
      backends: { unknown: true },
      ports: [{ name: undefined, port: 80, target: 80, protocol: 'TCP' }],
    },
  ])
})

test('what is behind a Service without a selector is told by its endpoints, and the numbers of its ports', async () => {
  const db = service({ name: 'db', selector: '{}', ports: '[{name: pg, port: 5432, targetPort: pg}, {port: 80}]' })
  const endpoints =
    '---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: db, namespace: stage}\nsubsets: [{addresses: [{ip: 203.0.113.5}, {ip: x}], ports: [{name: pg, port: 15432}]}]\n'
  const slice =
    '---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: db-1, namespace: stage, labels: {kubernetes.io/service-name: db}}\nendpoints: [{addresses: [203.0.113.6]}, {addresses: [203.0.113.5]}]\nports: [{name: pg, port: 15432}]\n'
  const [, own] = (await cast(db + endpoints + slice)).world.services
  assert.equal(own?.backends, { addresses: ['203.0.113.5', '203.0.113.6'] })
  assert.equal(
    own?.ports.map(({ target }) => target),
    [15432, 80],
  )
})

test('the Service of the kube-apiserver is there in any case, at its endpoints, with the address that a dump tells', async () => {
  const dumped = service({ namespace: 'default', name: 'kubernetes', selector: '{}', ports: '[{name: https, port: 443, targetPort: 6443}]' }).replace(
    'spec:',
    'spec:\n  clusterIP: 10.96.0.1',
  )
  const { world } = await cast(dumped, 'apiserver: {addresses: [172.20.0.1], port: 8443}')
  const told = { namespace: 'default', name: 'kubernetes', clusterAddresses: ['10.96.0.1'], backends: { addresses: ['172.20.0.1'] } }
  assert.equal(
    world.services.map(({ labels, ...rest }) => rest),
    [{ ...told, ports: [{ name: 'https', port: 443, target: 8443, protocol: 'TCP' }] }],
  )
  const [absent] = (await cast(workload())).world.services
  assert.equal([absent?.name, absent?.clusterAddresses, absent?.backends, absent?.ports[0]?.target], ['kubernetes', [], { unknown: true }, 6443])
})

test('the kube-apiserver is where the endpoints of its Service are', async () => {
  const slice =
    '---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: k, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}\nendpoints: [{addresses: [172.20.0.1]}]\nports: [{port: 443}]\n'
  const old =
    '---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: kubernetes, namespace: default}\nsubsets: [{addresses: [{ip: 172.20.0.2}, {ip: 172.20.0.3}], ports: [{name: https}]}]\n'
  const other = slice.replace('service-name: kubernetes', 'service-name: other')
  assert.equal((await cast(slice)).world.apiserver, { kind: 'apiserver', addresses: ['172.20.0.1'], port: 443 })
  assert.equal((await cast(old)).world.apiserver, { kind: 'apiserver', addresses: ['172.20.0.2', '172.20.0.3'], port: 6443 })
  assert.is((await cast(other)).world.apiserver, undefined)
  assert.equal((await cast(slice, 'apiserver: {addresses: [10.0.0.1]}')).world.apiserver, { kind: 'apiserver', addresses: ['10.0.0.1'], port: 6443 })
})

test('nodes are made up until somebody tells of others; the pods run on one of their own', async () => {
  const local = ({ world }: Cast): unknown => world.nodes.map(({ name, addresses, local: own }) => [name, addresses, own])
  const node =
    '---\napiVersion: v1\nkind: Node\nmetadata: {name: worker}\nstatus: {addresses: [{type: Hostname, address: worker}, {type: InternalIP, address: 192.168.1.7}]}\n'
  const none = await cast('')
  assert.equal(local(none), [
    ['node', [], true],
    ['other-node', [], false],
  ])
  assert.is(none.nodesKnown, false)
  const some = await cast(node)
  assert.equal(local(some), [
    ['node', [], true],
    ['worker', ['192.168.1.7'], false],
  ])
  assert.equal([some.nodesKnown, some.ownNode], [true, 'node'])
  const given = await cast(node, 'nodes: [{name: here, addresses: [192.168.1.1], local: true}, {name: worker, addresses: [192.168.1.8]}]')
  assert.equal(local(given), [
    ['worker', ['192.168.1.8'], false],
    ['here', ['192.168.1.1'], true],
  ])
  assert.is(given.ownNode, 'here')
})

test('what the world file says takes the place of what the stream says', async () => {
  const world = `
pods:
  - {namespace: stage, name: app, labels: {app: other}, serviceAccount: x, addresses: ["fd00:0:0::9"], ports: [{name: web, port: 80}, {port: 53, protocol: UDP}]}
  - {namespace: monitoring, name: prometheus}
services:
  - {namespace: stage, name: app, selector: {a: b}, clusterAddresses: [10.96.0.9], ports: [{port: 80, targetPort: web}, {name: s, port: 443, targetPort: 8443}, {port: 1}]}
  - {namespace: db, name: pg, addresses: [10.9.0.1], ports: [{port: 5432}]}
serviceAccounts: [{namespace: stage, name: x, labels: {role: reader}}]
names: [{name: s3.example.com, addresses: [198.51.100.7]}]
`
  const account = '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x, namespace: stage, labels: {role: writer}}\n'
  const { world: made } = await cast(workload() + service() + account, world)
  assert.equal(made.pods, [
    {
      kind: 'pod',
      namespace: 'stage',
      name: 'app',
      labels: { app: 'other' },
      serviceAccount: 'x',
      addresses: ['fd00::9'],
      ports: [
        { name: 'web', port: 80, protocol: 'TCP' },
        { name: undefined, port: 53, protocol: 'UDP' },
      ],
    },
    { kind: 'pod', namespace: 'monitoring', name: 'prometheus', labels: {}, serviceAccount: 'default', addresses: [], ports: [] },
  ])
  assert.equal(
    made.services.map(({ name, backends, ports, clusterAddresses }) => [name, backends, ports.map(({ target }) => target), clusterAddresses]),
    [
      ['kubernetes', { unknown: true }, [6443], []],
      ['app', { selector: { a: 'b' } }, ['web', 8443, 1], ['10.96.0.9']],
      ['pg', { addresses: ['10.9.0.1'] }, [5432], []],
    ],
  )
  assert.equal(made.serviceAccounts, [{ namespace: 'stage', name: 'x', labels: { role: 'reader' } }])
  assert.equal(made.names, [{ name: 's3.example.com', addresses: ['198.51.100.7'] }])
})

test('of a pod of the stream the world file may say a part, and the rest stays', async () => {
  const account = workload().replace('      containers:', '      serviceAccountName: runner\n      containers:')
  const told = async (traits: string): Promise<unknown> => {
    const [app, ...others] = (await cast(account, `pods: [{namespace: stage, name: app${traits}}]`)).world.pods
    assert.equal(others, [])
    return [app?.labels, app?.serviceAccount, app?.addresses, app?.ports]
  }
  const ports = [{ name: 'metrics', port: 8080, protocol: 'TCP' }]
  assert.equal(await told(''), [{ app: 'app' }, 'runner', [], ports])
  assert.equal(await told(', addresses: [10.1.2.3]'), [{ app: 'app' }, 'runner', ['10.1.2.3'], ports])
  assert.equal(await told(', labels: {app: b}'), [{ app: 'b' }, 'runner', [], ports])
  assert.equal(await told(', labels: {}, ports: []'), [{}, 'runner', [], []])
  assert.equal(await told(', serviceAccount: default, labels: , ports: '), [{ app: 'app' }, 'default', [], ports])
})

test('a running pod keeps its addresses where the world file names others of its traits alone', async () => {
  const running = `${pod('app')}status: {podIP: 10.1.0.5}\n`
  const [app] = (await cast(running, 'pods: [{namespace: stage, name: app, serviceAccount: x}]')).world.pods
  assert.equal([app?.addresses, app?.serviceAccount, app?.labels], [['10.1.0.5'], 'x', { app: 'app' }])
})

const bare = (name: string, addresses: readonly string[] = []): Pod => ({
  kind: 'pod',
  namespace: 'stage',
  name,
  labels: {},
  serviceAccount: 'default',
  addresses,
  ports: [],
})

function worldOf(pods: readonly Pod[]): World {
  return {
    namespaces: [],
    pods,
    nodes: [],
    services: [],
    serviceAccounts: [],
    apiserver: { kind: 'apiserver', addresses: ['10.244.0.2'], port: 6443 },
    names: [],
  }
}

test('whoever has no address gets one that is nobody’s', () => {
  const { pods } = withAddresses(worldOf([bare('a'), bare('b', ['10.244.0.3']), bare('c'), bare('d')]), podRanges[0])
  assert.equal(
    pods.map(({ addresses }) => addresses),
    [['10.244.0.1'], ['10.244.0.3'], ['10.244.0.4'], ['10.244.0.5']],
  )
})

test('pods are tried in other ranges only where the blocks of the policies treat those in another way', () => {
  const blocks = (...texts: string[]) => texts.flatMap(text => parseCidr(text) ?? [])
  const world = worldOf([bare('a')])
  assert.equal(rangesFor(world, []), ['10.244.0.0/16'])
  assert.equal(rangesFor(world, blocks('0.0.0.0/0', '203.0.113.0/24')), ['10.244.0.0/16'])
  assert.equal(rangesFor(world, blocks('10.0.0.0/8')), ['10.244.0.0/16', '172.24.0.0/16'])
  assert.equal(rangesFor(world, blocks('10.0.0.0/8', '192.168.0.0/16')), ['10.244.0.0/16', '172.24.0.0/16', '192.168.0.0/16'])
  assert.equal(rangesFor(worldOf([bare('a', ['10.244.0.9'])]), blocks('10.0.0.0/8')), ['10.244.0.0/16'])
  assert.equal(
    rangesFor(worldOf([bare('a'), bare('b', ['fd00::9', '172.30.7.9'])]), blocks('10.0.0.0/8', '172.30.0.0/16')),
    ['172.30.0.0/16'],
    'others are there too',
  )
})

test.run()
