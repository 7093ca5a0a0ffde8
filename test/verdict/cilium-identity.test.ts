import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isIdentityLabel } from '../../src/verdict/implementations/cilium/identity-labels.ts'
import { nameMatcher } from '../../src/verdict/implementations/cilium/names.ts'
import type { World } from '../../src/verdict/world.ts'
import { allowing, ccnp, cnp, decide, egress, group, ingress, kcnp, knp, world } from '../helpers/cilium-verdicts.ts'

test('labels that tell copies of a workload apart are no part of an identity', () => {
  const parts = [
    'app',
    'app.kubernetes.io/name',
    'example.com/zone',
    'io.kubernetes.pod.namespace',
    'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name',
    'io.cilium.k8s.policy.cluster',
    'io.cilium.k8s.policy.serviceaccount',
    'apps.kubernetes.io/other',
    'batch.kubernetes.io/job-name',
    'my-pod-template-hash',
    'helm.sh/chart',
    'node.kubernetes.io/role',
  ]
  for (const key of parts) assert.ok(isIdentityLabel(key), key)
  const none = [
    'io.kubernetes.container.name',
    'kubernetes.io/hostname',
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
    'batch.kubernetes.io/job-completion-index',
    'batch.kubernetes.io/controller-uid',
    'beta.kubernetes.io/arch',
    'failure-domain.beta.kubernetes.io/zone',
    'k8s.io/app',
    'pod-template-generation',
    'pod-template-hash',
    'controller-revision-hash',
    'controller-uid',
    'annotation.kubectl',
    'annotations',
    'etcd_node',
    'topology.kubernetes.io/zone',
    'io.cilium.k8s.namespace.labels.beta.kubernetes.io/arch',
  ]
  for (const key of none) assert.not(isIdentityLabel(key), key)
})

test('a pod cannot give itself the labels that Cilium makes', async () => {
  const among: World = {
    ...world,
    pods: world.pods.map(pod => ({
      ...pod,
      labels: { ...pod.labels, 'io.cilium.k8s.policy.serviceaccount': 'admin', 'io.kubernetes.pod.namespace': 'green', 'io.cilium.k8s.own': 'x' },
    })),
  }
  const by = async (label: string): Promise<string> =>
    (await decide(allowing('egress', `{toEndpoints: [{matchLabels: {${label}}}]}`), 'red/web > red/db', among)).egress
  assert.is(await by('io.cilium.k8s.policy.serviceaccount: admin'), 'lock p')
  assert.is(await by('io.cilium.k8s.policy.serviceaccount: default'), 'allow p spec.egress[0]')
  assert.is(await by('io.kubernetes.pod.namespace: green'), 'lock p')
  assert.is(await by('io.cilium.k8s.own: x'), 'lock p')
})

test('the kube-apiserver is a node where it runs on one', async () => {
  const on = (address: string): World => ({ ...world, apiserver: { kind: 'apiserver', addresses: [address], port: 6443 } })
  const reaches = async (entity: string, flow: string, address: string): Promise<boolean> =>
    (await decide(allowing('egress', `{toEntities: [${entity}]}`), flow, on(address))).egress.startsWith('allow')
  for (const [address, node, entity, other] of [
    ['192.168.1.1', 'node:here', 'host', 'remote-node'],
    ['192.168.1.2', 'node:there', 'remote-node', 'host'],
  ] as const)
    for (const end of [node, 'apiserver', address]) {
      assert.ok(await reaches('kube-apiserver', `red/web > ${end}`, address), end)
      assert.ok(await reaches(entity, `red/web > ${end}`, address), end)
      assert.not(await reaches(other, `red/web > ${end}`, address), end)
      assert.not(await reaches('world', `red/web > ${end}`, address), end)
    }
  assert.not(await reaches('kube-apiserver', 'red/web > node:there', '192.168.1.1'))
  assert.is(
    (await decide(cnp('{endpointSelector: {}, ingress: [{}]}'), 'apiserver > red/web', on('192.168.1.1'))).ingress,
    'engine: the node of a pod always reaches it',
  )
  assert.is((await decide(cnp('{endpointSelector: {}, ingress: [{}]}'), 'apiserver > red/web', on('192.168.1.2'))).ingress, 'lock p')
})

test('a world without an apiserver has none', async () => {
  assert.is((await decide(allowing('egress', '{toEntities: [kube-apiserver]}'), 'red/web > 172.20.0.1', { ...world, apiserver: undefined })).egress, 'lock p')
})

test('with both families each has a world of its own', async () => {
  const [here, there] = world.nodes
  if (here === undefined || there === undefined) throw new Error('no nodes')
  const both: World = { ...world, nodes: [{ ...here, addresses: ['192.168.1.1', 'fd00::1'] }, there] }
  const six: World = {
    ...world,
    pods: world.pods.map((pod, index) => ({ ...pod, addresses: [`fd00:1::${index + 1}`] })),
    nodes: [{ ...here, addresses: ['fd00::1'] }],
  }
  const selects = async (label: string, address: string, among: World): Promise<boolean> =>
    (await decide(allowing('egress', `{toEndpoints: [{matchLabels: {"reserved:${label}": ""}}]}`), `red/web > ${address}`, among)).egress.startsWith('allow')
  assert.equal(await Promise.all(['world', 'world-ipv4', 'world-ipv6'].map(label => selects(label, '203.0.113.5', world))), [true, false, false])
  assert.equal(await Promise.all(['world', 'world-ipv4', 'world-ipv6'].map(label => selects(label, '203.0.113.5', both))), [false, true, false])
  assert.equal(await Promise.all(['world', 'world-ipv4', 'world-ipv6'].map(label => selects(label, '2001:db8::7', both))), [false, false, true])
  assert.equal(await Promise.all(['world', 'world-ipv4', 'world-ipv6'].map(label => selects(label, '2001:db8::7', six))), [true, false, false])
  for (const [address, among] of [
    ['203.0.113.5', world],
    ['203.0.113.5', both],
    ['2001:db8::7', both],
    ['2001:db8::7', six],
  ] as const)
    assert.is((await decide(allowing('egress', '{toEntities: [world]}'), `red/web > ${address}`, among)).egress, 'allow p spec.egress[0]')
  assert.is((await decide(allowing('egress', '{toCIDR: ["::/0"]}'), 'red/web > 2001:db8::7', both)).egress, 'allow p spec.egress[0]')
  assert.is((await decide(allowing('egress', '{toCIDR: [0.0.0.0/0]}'), 'red/web > 2001:db8::7', both)).egress, 'lock p')
})

/** Selects what is not of the kind, and with it what stands for all of another. */
const without = (label: string): string =>
  ccnp(`{endpointSelector: {}, egress: [{toEndpoints: [{matchExpressions: [{key: "reserved:${label}", operator: DoesNotExist}]}]}]}`)
const chosen = 'allow c spec.egress[0]'

test('who selects what stands for the addresses that policies know selects these as well', async () => {
  const flow = 'red/web > 198.51.100.7'
  // Nobody asks for the address: it is the world, and nothing stands for it.
  assert.is(await egress(without('world'), flow), 'lock c')
  const known = [
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toCIDR: [198.51.100.0/24]}]}'),
    cnp('{endpointSelector: {matchLabels: {no: pod}}, ingressDeny: [{fromCIDRSet: [{cidr: 0.0.0.0/0, except: [198.51.100.0/24]}]}]}'),
    knp('{podSelector: {matchLabels: {no: pod}}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}'),
    knp('{podSelector: {matchLabels: {no: pod}}, policyTypes: [Egress], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [198.51.100.0/24]}}]}]}'),
    knp('{podSelector: {matchLabels: {no: pod}}, policyTypes: [Ingress], egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}'),
    kcnp('{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {no: pod}}}, egress: [{action: Deny, to: [{networks: [198.51.100.0/24]}]}]}'),
    kcnp('{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {no: pod}}}, egress: [{action: Accept, to: [{domainNames: ["*.example.com"]}]}]}'),
    group('g', '{}', '[198.51.100.0/24]'),
    group('g', '{}', '[203.0.113.0/24]') +
      cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toCIDRSet: [{cidrGroupRef: g, except: [198.51.100.0/24]}]}]}'),
    group('g', '{}', '[203.0.113.0/24]') +
      cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toCIDRSet: [{cidrGroupSelector: {}, except: [198.51.100.0/24]}]}]}'),
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toFQDNs: [{matchName: api.example.com}]}]}'),
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toServices: [{k8sService: {serviceName: outside}}]}]}'),
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toServices: [{k8sServiceSelector: {selector: {matchLabels: {part: outside}}}}]}]}'),
  ]
  for (const policy of known) assert.is(await egress(without('world') + policy, flow), chosen, policy)
  const unknown = [
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toCIDR: [0.0.0.0/0]}]}'),
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toCIDR: [203.0.113.0/24]}, {toFQDNs: [{matchName: other.example.com}]}]}'),
    cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toServices: [{k8sService: {serviceName: db}}]}]}'),
    kcnp(
      '{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {no: pod}}}, egress: [{action: Accept, to: [{domainNames: ["*.cdn.example.com"]}, {namespaces: {}}]}]}',
    ),
  ]
  for (const policy of unknown) assert.is(await egress(without('world') + policy, flow), 'lock c', policy)
  assert.is(await egress(without('world'), 'red/web > apiserver'), chosen, 'the kube-apiserver is always known')
  const two = { ...world, names: [...world.names, { name: 'other.example.org', addresses: ['198.51.100.7'] }] }
  const byName = cnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toFQDNs: [{matchName: other.example.org}]}]}')
  assert.is((await decide(without('world') + byName, flow, two)).egress, chosen, 'one of its names is enough')
})

test('pods and nodes have something that stands for them as well, where nodes have labels', async () => {
  assert.is(await egress(without('remote-node'), 'red/web > node:there'), 'lock c')
  // A list of nodes without any wants no labels of them.
  const none = ccnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toNodes: []}]}', 'none')
  const some = ccnp('{endpointSelector: {matchLabels: {no: pod}}, egress: [{toNodes: [{}]}]}', 'some')
  const inCluster = ccnp('{endpointSelector: {}, egress: [{toEndpoints: [{matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: DoesNotExist}]}]}]}')
  assert.is(await egress(inCluster + none, 'red/web > node:there'), 'lock c')
  assert.is(await egress(inCluster + some, 'red/web > node:there'), 'allow c spec.egress[0]')
  assert.is(await egress(without('remote-node') + allowing('egress', '{toNodes: [{matchLabels: {no: node}}]}'), 'red/web > node:there'), chosen)
  assert.is(
    await egress(
      without('remote-node') +
        kcnp('{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{nodes: {matchLabels: {no: node}}}]}]}'),
      'red/web > node:there',
    ),
    chosen,
  )
  assert.is(await egress(without('host') + allowing('egress', '{toNodes: [{matchLabels: {no: node}}]}'), 'red/web > node:here'), 'lock c p')
  const labelled = ccnp(
    '{endpointSelector: {}, egress: [{toEndpoints: [{matchExpressions: [{key: "reserved:init", operator: DoesNotExist}, {key: app, operator: DoesNotExist}]}]}]}',
  )
  assert.is(await egress(labelled, 'red/web > red/db'), chosen)
  const positive = ccnp(
    '{endpointSelector: {}, egress: [{toEndpoints: [{matchExpressions: [{key: "reserved:init", operator: DoesNotExist}, {key: app, operator: Exists}]}]}]}',
  )
  assert.is(await egress(positive, 'red/web > blue/bare'), 'lock c')
})

test('labels of nodes are there where a policy asks for nodes', async () => {
  const byLabel = ccnp('{endpointSelector: {}, egress: [{toEndpoints: [{matchLabels: {"reserved:remote-node": "", pool: edge}}]}]}')
  assert.is(await egress(byLabel, 'red/web > node:there'), 'lock c')
  assert.is(await egress(byLabel + cnp('{endpointSelector: {matchLabels: {no: pod}}, ingress: [{fromNodes: [{}]}]}'), 'red/web > node:there'), chosen)
  assert.is(
    await ingress(
      knp('{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}]}]}'),
      'node:there > red/web',
    ),
    'lock k',
  )
})

test('a node is the kube-apiserver by one of its addresses', async () => {
  const nodes = world.nodes.map(node => (node.local ? node : { ...node, addresses: [...node.addresses, '172.20.0.1'] }))
  assert.is((await decide(allowing('egress', '{toEntities: [kube-apiserver]}'), 'red/web > node:there', { ...world, nodes })).egress, 'allow p spec.egress[0]')
})

test('what stands for all pods is selected by its own name', async () => {
  const named = allowing('ingress', '{fromEndpoints: [{matchExpressions: [{key: "reserved:aggregate-cluster", operator: Exists}]}]}')
  assert.is(await ingress(named, 'green/web > red/web'), 'allow p spec.ingress[0]')
  assert.is(await ingress(named, '198.51.100.7 > red/web'), 'lock p')
})

test('a cluster-wide policy means what has a namespace, though nodes have labels', async () => {
  const nodes = ccnp('{endpointSelector: {matchLabels: {no: pod}}, ingress: [{fromNodes: [{}]}]}', 'nodes')
  const policies = ccnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}') + nodes
  assert.is(await ingress(policies, 'node:there > red/web'), 'lock c')
  assert.is(await ingress(policies, 'green/web > red/web'), 'allow c spec.ingress[0]')
})

test('labels of another source than pods have keep nobody from the namespace of the policy', async () => {
  const policy = allowing('ingress', '{fromEndpoints: [{matchLabels: {"cidr:io.kubernetes.pod.namespace": green}}]}')
  assert.is(await ingress(policy, 'green/web > red/web'), 'lock p')
  assert.match(await ingress(policy, 'red/db > red/web'), /^lock p, in doubt: /)
})

test('patterns of names are stars within a label, and two at the start for any number of labels', () => {
  const matches = (pattern: string, name: string): boolean => nameMatcher(pattern)(name)
  const table: readonly [string, readonly string[], readonly string[]][] = [
    ['a.example.com', ['a.example.com', 'A.EXAMPLE.COM', 'a.example.com.'], ['b.example.com', 'x.a.example.com', 'example.com', 'a-example.com']],
    ['A.example.COM.', ['a.example.com'], ['b.example.com']],
    ['*.example.com', ['a.example.com'], ['example.com', 'a.b.example.com']],
    ['**.example.com', ['a.example.com', 'a.b.example.com'], ['example.com', 'a.example.org']],
    ['***.example.com', ['a.b.example.com'], ['example.com']],
    ['*example.com', ['example.com', 'myexample.com'], ['my.example.com', 'example.org']],
    ['**example.com', ['example.com', 'myexample.com'], ['my.example.com']],
    ['a*c.com', ['ac.com', 'abc.com', 'acc.com'], ['ab.com', 'bc.com', 'a.c.com']],
    ['a*b*c.com', ['abc.com', 'axbyc.com', 'abbc.com'], ['acb.com', 'ac.com', 'abcd.com']],
    ['ab*ba.com', ['abba.com', 'abcba.com'], ['aba.com']],
    ['*ab*ab*.com', ['abab.com', 'xabyabz.com'], ['ab.com', 'xaby.com']],
    ['a**.example.com', ['a.example.com', 'ab.example.com'], ['a.b.example.com', 'x.y.example.com']],
    ['a.**.com', ['a.b.com'], ['a.b.c.com', 'a.com']],
    ['*', ['a', 'a.b', 'a.b.c'], []],
    ['**', ['a', 'a.b', 'a.b.c'], []],
    ['*.', ['a.b'], []],
    ['**.', ['a.b'], []],
    ['*.*', ['a.b'], ['a', 'a.b.c']],
  ]
  for (const [pattern, good, bad] of table) {
    for (const name of good) assert.ok(matches(pattern, name), `${pattern} ${name}`)
    for (const name of bad) assert.not(matches(pattern, name), `${pattern} ${name}`)
  }
})

test.run()
