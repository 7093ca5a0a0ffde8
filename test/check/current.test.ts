import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { currentOf } from '../../src/check/current.ts'
import type { Current } from '../../src/check/current.ts'
import { isNamespaced } from '../../src/check/identity.ts'
import { readObjects } from '../../src/check/read.ts'
import { title } from '../../src/resources/resource.ts'
import type { Resource } from '../../src/resources/resource.ts'
import { split } from '../../src/stream/split.ts'
import { answered, checked, networkPolicy, preparedFor, verdictsOf } from '../helpers/checking.ts'
import { ears } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const object = (apiVersion: string, kind: string, metadata: string): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec: {}\n`
const policy = (name: string, namespace = 'stage'): string => object('networking.k8s.io/v1', 'NetworkPolicy', `{name: ${name}, namespace: ${namespace}}`)

async function read(name: string, text: string): Promise<Resource[]> {
  const bytes = Buffer.from(text)
  return readObjects({ name, bytes, segments: split(bytes) }, ears().diagnose)
}

async function current(stream: string, files: readonly string[] = [], own = ''): Promise<Current> {
  const inputs = await Promise.all([stream, ...files].map((text, index) => read(index === 0 ? 'stdin' : `${index}.yaml`, text)))
  return currentOf(inputs, await read('helm-netpol', own), 'stage')
}

const left = ({ resources }: Current): string[][] => resources.map(input => input.map(title))
const places = (resource: Resource): string => `${title(resource)} of ${resource.tree.source.name}`

/** Whether the second object takes the place of the first. */
async function replaces(one: string, other: string): Promise<boolean> {
  const { resources, replaced } = await current(other, [one])
  assert.is(resources.flat().length + replaced.length, 2)
  return replaced.length === 1
}

test('what we render wins over the stream, that over files, and a later file over an earlier one', async () => {
  const found = await current(policy('a') + policy('b'), [policy('b') + policy('c') + policy('d'), policy('c')], policy('a'))
  assert.equal(left(found), [['NetworkPolicy stage/b'], ['NetworkPolicy stage/d'], ['NetworkPolicy stage/c']])
  assert.equal(found.replaced.map(places), ['NetworkPolicy stage/b of 1.yaml', 'NetworkPolicy stage/c of 1.yaml'])
  assert.equal(found.repeated, [])
})

test('of two in one input the last counts, and the first is not lost without a word', async () => {
  const found = await current(policy('a') + policy('b') + policy('a'), [policy('c') + policy('c')])
  assert.equal(left(found), [['NetworkPolicy stage/b', 'NetworkPolicy stage/a'], ['NetworkPolicy stage/c']])
  assert.equal(found.replaced, [])
  assert.equal(
    found.repeated.map(({ resource, by }) => [places(resource), resource.segment.index, by.segment.index]),
    [
      ['NetworkPolicy stage/a of stdin', 0, 2],
      ['NetworkPolicy stage/c of 1.yaml', 0, 1],
    ],
  )
  assert.equal((await current(policy('c'), [policy('c') + policy('c')])).repeated, [])
})

test('the same is the same group, kind, namespace and name, in whatever version', async () => {
  const api = (apiVersion: string, kind = 'NetworkPolicy', metadata = '{name: a, namespace: stage}'): string => object(apiVersion, kind, metadata)
  const kubernetes = api('networking.k8s.io/v1')
  assert.is(await replaces(kubernetes, kubernetes), true)
  assert.is(await replaces(api('networking.k8s.io/v1beta1'), kubernetes), true)
  assert.is(await replaces(api('projectcalico.org/v3'), kubernetes), false)
  assert.is(await replaces(api('cilium.io/v2', 'CiliumNetworkPolicy'), kubernetes), false)
  assert.is(await replaces(policy('a', 'other'), kubernetes), false)
  assert.is(await replaces(policy('b'), kubernetes), false)
})

test('one that names no namespace is in that of the release, and the namespace of what has none does not matter', async () => {
  const bare = (kind: string, namespace: string): string => object('v1', kind, `{name: a${namespace === '' ? '' : `, namespace: ${namespace}`}}`)
  assert.is(await replaces(bare('Service', ''), bare('Service', 'stage')), true)
  assert.is(await replaces(bare('Service', ''), bare('Service', 'other')), false)
  for (const kind of ['Namespace', 'Node', 'ClusterRoleBinding']) assert.is(await replaces(bare(kind, ''), bare(kind, 'other')), true, kind)
  const wide = [
    'GlobalNetworkPolicy',
    'GlobalNetworkSet',
    'ClusterNetworkPolicy',
    'CiliumClusterwideNetworkPolicy',
    'AdminNetworkPolicy',
    'Tier',
    'CiliumCIDRGroup',
  ]
  const inNamespaces = ['NetworkPolicy', 'NetworkSet', 'CiliumNetworkPolicy', 'Deployment', 'Service', 'Endpoints', 'RoleBinding', 'StagedNetworkPolicy']
  const [resource] = await read('stdin', policy('a'))
  assert.ok(resource)
  assert.equal(
    [...wide, ...inNamespaces].filter(kind => isNamespaced({ ...resource, kind })),
    inNamespaces,
  )
})

test('what Calico keeps is what its API shows', async () => {
  const shown = object('projectcalico.org/v3', 'NetworkPolicy', '{name: a, namespace: stage}')
  const kept = (name: string, annotations = ''): string =>
    object('crd.projectcalico.org/v1', 'NetworkPolicy', `{name: ${name}, namespace: stage${annotations}}`)
  assert.is(await replaces(kept('default.a'), shown), true)
  assert.is(await replaces(kept('x', `, annotations: {projectcalico.org/metadata: '{"name": "a"}'}`), shown), true)
  assert.is(await replaces(kept('other.a'), shown), false)
})

test('objects without a name are many, and hooks may share one', async () => {
  const unnamed = object('v1', 'Pod', '{generateName: a-, namespace: stage}')
  const hook = object('batch/v1', 'Job', '{name: a, namespace: stage, annotations: {helm.sh/hook: pre-install}}')
  const job = object('batch/v1', 'Job', '{name: a, namespace: stage}')
  const found = await current(unnamed + unnamed + hook + hook + job)
  assert.equal(left(found), [['Pod stage/', 'Pod stage/', 'Job stage/a', 'Job stage/a']])
  assert.equal(found.repeated, [])
})

const select = '{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress]'
const closed = networkPolicy(`${select}}`)
const open = networkPolicy(`${select}, ingress: [{}]}`)

test('an older policy of the cluster neither opens nor closes what the newer one says, and that is told once', async () => {
  assert.is(verdictsOf(await checked(workload() + closed, { files: [open] }))[0], 'metrics denied')
  const opened = await checked(workload() + open, {
    files: [closed + networkPolicy('{podSelector: {}}', { name: 'x', namespace: 'web' }), workload() + closed],
  })
  assert.is(verdictsOf(opened)[0], 'metrics allowed')
  assert.equal(
    opened.diagnostics.map(({ code, severity, message }) => [code, severity, message]),
    [
      [
        'NP810',
        'note',
        'of 0.yaml, 1.yaml, 3 objects take no part, since the stream or a later file has the same: NetworkPolicy stage/own, Deployment stage/app, NetworkPolicy stage/own',
      ],
    ],
  )
  assert.equal(opened.policies.judged, ['NetworkPolicy stage/own', 'NetworkPolicy web/x'])
})

test('a later file takes the place of an earlier one', async () => {
  assert.is(verdictsOf(await checked(workload(), { files: [open, closed] }))[0], 'metrics denied')
  assert.is(verdictsOf(await checked(workload(), { files: [closed, open] }))[0], 'metrics allowed')
})

test('a policy of ours takes the place of the one that an earlier install left', async () => {
  const values = 'networkPolicy: {enabled: true, egress: {enabled: true}}'
  const earlier = networkPolicy('{podSelector: {matchLabels: {app: app}}, policyTypes: [Egress], egress: [{}]}', { name: 'app' })
  const apart = await checked(workload(), { values, files: [earlier.replace('name: app', 'name: other')] })
  assert.is(verdictsOf(apart).at(-1), 'apiserver allowed')
  assert.is(verdictsOf(await checked(workload(), { values, files: [earlier] })).at(-1), 'apiserver denied')
})

test('one that stands twice is a warning with both places, and the last counts', async () => {
  const twice = await checked(workload() + closed + open)
  assert.is(verdictsOf(twice)[0], 'metrics allowed')
  assert.is(verdictsOf(await checked(workload() + open + closed))[0], 'metrics denied')
  const [told, ...more] = twice.diagnostics
  assert.equal(more, [])
  assert.equal([told?.code, told?.severity, told?.place?.line], ['NP811', 'warning', 18])
  assert.is(told?.message, 'NetworkPolicy stage/own is given twice, and counts as it stands at stdin:23:1')
  const listed = (spec: string): string => `- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: own, namespace: stage}, spec: ${spec}}\n`
  const list = `---\napiVersion: v1\nkind: List\nitems:\n${listed(`${select}}`)}${listed(`${select}, ingress: [{}]}`)}`
  const inList = await checked(workload() + list)
  assert.equal([verdictsOf(inList)[0], inList.diagnostics.map(({ code }) => code)], ['metrics allowed', ['NP811']])
})

test('a Service goes where the stream sends it, at the addresses that the cluster gave it', async () => {
  const old = service({ ports: '[{port: 80, targetPort: 9999}]' }).replace('spec:', 'spec:\n  clusterIP: 10.96.0.7')
  const now = service({ ports: '[{port: 80, targetPort: metrics}]' })
  const [flow] = await answered(workload() + now, ['app -> app.stage.svc:80'], { files: [old] })
  assert.is(flow?.asked.port, 8080)
  const { scene } = await preparedFor(workload() + now, { files: [old] })
  assert.equal(
    scene.cast.world.services.flatMap(({ name, clusterAddresses }) => (name === 'app' ? clusterAddresses : [])),
    ['10.96.0.7'],
  )
})

test('a Namespace keeps the labels that others gave it, and has those of the stream', async () => {
  const namespace = (labels: string): string => `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: stage, labels: ${labels}}\n`
  const { scene } = await preparedFor(workload() + namespace('{team: a}'), { files: [namespace('{team: b, watched: "yes"}')] })
  assert.equal(scene.cast.world.namespaces.find(({ name }) => name === 'stage')?.labels, {
    team: 'a',
    watched: 'yes',
    'kubernetes.io/metadata.name': 'stage',
  })
})

test('pods that run for a workload of the stream stay', async () => {
  const running = `---\napiVersion: v1\nkind: Pod\nmetadata: {name: app-1, namespace: stage, labels: {app: app}, ownerReferences: [{kind: ReplicaSet, name: app}]}\nspec: {containers: [{name: c}]}\n`
  const { scene } = await preparedFor(workload(), { files: [workload() + running] })
  assert.equal(
    scene.cast.world.pods.map(({ name }) => name),
    ['app-1', 'app'],
  )
})

test('variables come from the ConfigMap of the stream, else of the later file', async () => {
  const map = (port: string): string => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: stage}\ndata: {METRICS_PORT: "${port}"}\n`
  const app = workload({ ports: '[]', container: '          envFrom: [{configMapRef: {name: c}}]\n' })
  const port = async (stream: string, files: readonly string[]): Promise<string | undefined> =>
    (await checked(stream, { files })).flows.find(({ need }) => need?.row === 'metrics')?.port
  assert.match((await port(app, [map('9001'), map('9002')])) ?? '', '9002')
  assert.match((await port(app + map('9003'), [map('9001'), map('9002')])) ?? '', '9003')
})

test('the namespace of the release is that of the stream, whatever else the cluster holds', async () => {
  const binding = (namespace: string): string =>
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b-${namespace}, namespace: ${namespace}}\nsubjects: [{kind: ServiceAccount, name: x, namespace: ${namespace}}]\n`
  const app = workload({ namespace: '' })
  const others = binding('one') + binding('two')
  assert.is((await preparedFor(app + binding('stage').replace(', namespace: stage}\nsubjects', '}\nsubjects'), { files: [others] })).namespace, 'stage')
  assert.is((await preparedFor(app, { files: [binding('one')] })).namespace, 'default')
  assert.is((await preparedFor('', { files: [app + binding('one')] })).namespace, 'one')
})

test.run()
