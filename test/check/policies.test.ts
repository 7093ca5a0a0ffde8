import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseImplementation, isPolicyKind, sortPolicies } from '../../src/check/policies.ts'
import { readObjects } from '../../src/check/read.ts'
import { split } from '../../src/stream/split.ts'
import type { Resource } from '../../src/resources/resource.ts'
import { checked, clusterPolicy, networkPolicy, preparedFor } from '../helpers/checking.ts'
import { ears } from '../helpers/facts.ts'
import { workload } from '../helpers/streams.ts'

const object = (apiVersion: string, kind: string, name = 'p'): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: stage}\nspec: {}\n`

async function read(stream: string): Promise<Resource[]> {
  const bytes = Buffer.from(stream)
  return readObjects({ name: 'stdin', bytes, segments: split(bytes) }, ears().diagnose)
}

const cilium = object('cilium.io/v2', 'CiliumNetworkPolicy')
const calico = object('projectcalico.org/v3', 'GlobalNetworkPolicy')

test('every kind that a network calls a policy is read, and so is what belongs to it', async () => {
  const kinds = [
    'AdminNetworkPolicy',
    'BaselineAdminNetworkPolicy',
    'StagedNetworkPolicy',
    'EgressFirewall',
    'Tier',
    'GlobalNetworkSet',
    'CiliumCIDRGroup',
    'Namespace',
    'ServiceAccount',
    'Node',
    'ClusterRoleBinding',
  ]
  const stream =
    kinds.map(kind => object('x/v1', kind)).join('') + object('v1', 'ConfigMap') + object('v1', 'Secret') + object('cilium.io/v2', 'CiliumEndpoint')
  assert.equal(
    (await read(stream)).map(({ kind }) => kind),
    kinds,
  )
  assert.equal(kinds.filter(isPolicyKind), ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'StagedNetworkPolicy', 'EgressFirewall', 'Tier'])
})

test('lists are read as kubectl prints them, whatever they are called', async () => {
  const item = (kind: string): string => `{"apiVersion": "x/v1", "kind": "${kind}", "metadata": {"name": "a"}}`
  const list = (kind: string, ...items: string[]): string => `---\n{"apiVersion": "v1", "kind": "${kind}", "items": [${items.join(', ')}]}\n`
  const stream = list('List', item('AdminNetworkPolicy'), item('Secret')) + list('NamespaceList', item('Namespace')) + list('SecretList', item('Secret'))
  assert.equal(
    (await read(stream)).map(({ kind }) => kind),
    ['AdminNetworkPolicy', 'Secret', 'Namespace'],
  )
})

test('items are of the kind and the version of their list, where they say none: so the API server answers', async () => {
  const list = (apiVersion: string, kind: string, ...items: string[]): string =>
    `---\n${JSON.stringify({ kind, apiVersion, metadata: {}, items: items.map(name => ({ metadata: { name, namespace: 'stage' }, spec: {} })) })}\n`
  const yaml =
    '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n- metadata: {name: b}\n- {apiVersion: x/v1, kind: Tier, metadata: {name: c}}\n'
  const stream =
    list('networking.k8s.io/v1', 'NetworkPolicyList', 'a') +
    yaml +
    list('v1', 'PodList', 'd', 'e') +
    list('projectcalico.org/v3', 'GlobalNetworkSetList', 'f') +
    list('v1', 'SecretList', 'g') +
    list('v1', 'List', 'h')
  assert.equal(
    (await read(stream)).map(({ apiVersion, kind, name, shared }) => `${apiVersion} ${kind} ${name} ${shared}`),
    [
      'networking.k8s.io/v1 NetworkPolicy a true',
      'networking.k8s.io/v1 NetworkPolicy b true',
      'x/v1 Tier c true',
      'v1 Pod d true',
      'v1 Pod e true',
      'projectcalico.org/v3 GlobalNetworkSet f true',
    ],
  )
})

for (const [apiVersion, kind, implementation] of [
  ['networking.k8s.io/v1', 'NetworkPolicy', 'generic'],
  ['cilium.io/v2', 'CiliumNetworkPolicy', 'cilium'],
  ['projectcalico.org/v3', 'NetworkPolicy', 'calico'],
] as const)
  test(`an item of ${kind}List of ${apiVersion} denies as the policy by itself does`, async () => {
    const spec = { generic: { podSelector: {}, policyTypes: ['Ingress'] }, cilium: { endpointSelector: {}, ingress: [{}] }, calico: { types: ['Ingress'] } }[
      implementation
    ]
    const items = [{ metadata: { name: 'lock', namespace: 'stage' }, spec }]
    const { flows, diagnostics } = await checked(workload(), { files: [JSON.stringify({ kind: `${kind}List`, apiVersion, items })], implementation })
    assert.equal(diagnostics, [])
    assert.equal(
      [flows[0]?.verdict, flows[0]?.ingress?.documents[0]?.document],
      ['denied', `${implementation === 'calico' ? 'Calico ' : ''}${kind} stage/lock`],
    )
  })

test('policies that nobody here enforces are told, with the reason', async () => {
  const resources = await read(
    networkPolicy('{podSelector: {}}') +
      clusterPolicy('ingress: []') +
      object('networking.k8s.io/v2', 'NetworkPolicy') +
      object('extensions/v1beta1', 'NetworkPolicy') +
      object('crd.antrea.io/v1beta1', 'NetworkPolicy') +
      object('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'),
  )
  const { enforced, others } = sortPolicies(resources, 'generic')
  assert.equal(
    enforced.map(({ kind, apiVersion }) => `${kind} ${apiVersion}`),
    ['NetworkPolicy networking.k8s.io/v1', 'ClusterNetworkPolicy policy.networking.k8s.io/v1alpha2'],
  )
  assert.equal(
    others.map(({ policy, why }) => `${policy.kind}: ${why}`),
    [
      'NetworkPolicy: its version is not known, only networking.k8s.io/v1',
      'NetworkPolicy: its version is not known, only networking.k8s.io/v1',
      'NetworkPolicy: nothing is known here of its kind',
      'AdminNetworkPolicy: nothing is known here of its kind',
    ],
  )
})

test('a policy that takes no part is a note, and one that is refused a warning', async () => {
  const stream =
    workload() +
    object('networking.k8s.io/v2', 'NetworkPolicy', 'future') +
    networkPolicy('{podSelector: {matchLabels: {-: x}}, policyTypes: [Ingress]}', { name: 'wrong' })
  const { diagnostics, policies, flows } = await checked(stream)
  assert.equal(
    diagnostics.map(({ code, severity, place }) => [code, severity, place?.line]),
    [
      ['NP801', 'warning', 26],
      ['NP802', 'note', 18],
    ],
  )
  assert.match(diagnostics[0]?.message ?? '', 'NetworkPolicy stage/wrong would be refused, and so takes no part: ')
  assert.is(diagnostics[1]?.message, 'NetworkPolicy stage/future (networking.k8s.io/v2) takes no part: its version is not known, only networking.k8s.io/v1')
  assert.equal(policies, { judged: [], refused: ['NetworkPolicy stage/wrong'], unread: ['NetworkPolicy stage/future'] })
  assert.ok(flows.every(({ verdict }) => verdict === 'allowed'))
})

test('who enforces them is as asked, else as the values say, else as their own words say', async () => {
  const none = await read(networkPolicy('{podSelector: {}}'))
  assert.equal(chooseImplementation(none, undefined, undefined), { name: 'generic' })
  assert.equal(chooseImplementation(none, undefined, 'kubernetes'), { name: 'generic' })
  assert.equal(chooseImplementation(await read(cilium + calico), 'generic', undefined), { name: 'generic' })
})

test('policies of two networks in one stream are a question', async () => {
  const choice = chooseImplementation(await read(cilium + object('cilium.io/v2', 'CiliumNetworkPolicy', 'second') + calico), undefined, 'kubernetes')
  assert.ok('several' in choice)
  assert.equal(choice.several, ['CiliumNetworkPolicy stage/second of cilium', 'GlobalNetworkPolicy stage/p of calico'])
  const told = ears()
  let problem: unknown
  await preparedFor(workload() + cilium + calico, {}, told).catch((error: unknown) => (problem = error))
  assert.ok(problem instanceof Error)
  assert.equal(told.codes(), ['NP803'])
})

test('what cannot be read and may matter is told with the place, and nothing is asked', async () => {
  const told = ears()
  await preparedFor(`${workload()}---\nkind: AdminNetworkPolicy\nspec: [\n`, {}, told).catch(() => {})
  assert.equal(told.codes(), ['NP101'])
  assert.is(told.diagnostics.all[0]?.place?.line, 20)
})

test.run()
