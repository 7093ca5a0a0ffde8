import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chunks } from '../../src/engines/chunks.ts'
import { labelSelector } from '../../src/engines/labels.ts'
import { metadata } from '../../src/engines/metadata.ts'
import { policy } from '../../src/engines/policy.ts'
import { engines } from '../../src/engines/registry.ts'
import { policies } from '../helpers/policies.ts'

/** What the dialects have in common. */

test('a list is cut into pieces of a size, the last one shorter', () => {
  assert.equal(chunks([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]])
  assert.equal(chunks([1, 2], 2), [[1, 2]])
  assert.equal(chunks([], 2), [])
})

test('of a selector nothing is written that is empty', () => {
  assert.equal(labelSelector({ matchLabels: {}, matchExpressions: [] }), {})
  assert.equal(
    labelSelector({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'Exists', values: [] }] }, key => `x.${key}`),
    {
      matchLabels: { 'x.a': 'b' },
      matchExpressions: [{ key: 'x.c', operator: 'Exists' }],
    },
  )
})

test('of the metadata nothing is written that is empty, nor the namespace of what has none', () => {
  const subject = { name: 'a', owner: 'b', namespace: 'stage', labels: {}, annotations: {} }
  const annotations = { 'helm-netpol/policy': 'allowlist/b' }
  assert.equal(metadata('allowlist', subject, false), { name: 'a', namespace: 'stage', annotations })
  assert.equal(metadata('allowlist', { ...subject, namespace: undefined }, false), { name: 'a', annotations })
  assert.equal(metadata('allowlist', { ...subject, labels: { c: 'd' }, annotations: { e: 'f' } }, true), {
    name: 'a',
    labels: { c: 'd' },
    annotations: { ...annotations, e: 'f' },
  })
})

test("the user's rules go to the end of the lists, as a JSON Pointer says it", () => {
  assert.equal(policy('allowlist', [], {}).insertAt, { ingress: '/spec/ingress/-', egress: '/spec/egress/-' })
})

test('every engine but that of Kubernetes has lists of its own', () => {
  const having = Object.entries(engines).filter(([, { passthrough }]) => passthrough)
  assert.equal(
    having.map(([name]) => name),
    ['cilium', 'calico', 'clusterNetworkPolicy'],
  )
})

test('each engine has words for some of what there is', () => {
  const known = Object.entries(engines).map(([name, { knowsApiserver, knowsNodes, knowsNames, blocksReachPods }]) => [
    name,
    ...Object.entries({ knowsApiserver, knowsNodes, knowsNames, blocksReachPods }).flatMap(([word, known]) => (known ? [word] : [])),
  ])
  assert.equal(known, [
    ['kubernetes', 'blocksReachPods'],
    ['cilium', 'knowsApiserver', 'knowsNodes', 'knowsNames'],
    ['calico', 'knowsApiserver', 'blocksReachPods'],
    ['clusterNetworkPolicy', 'blocksReachPods'],
  ])
})

test('each engine and each precedence is described, as the help and the reference have it', () => {
  assert.equal(
    Object.values(engines).map(({ describe }) => describe),
    [
      'NetworkPolicy, networking.k8s.io/v1: every policy-enforcing network reads it',
      'CiliumNetworkPolicy, cilium.io/v2: knows the apiserver and nodes; FQDN egress by passthrough',
      'NetworkPolicy, projectcalico.org/v3: knows the apiserver by its Service; FQDN only in Calico Enterprise',
      'ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2: alpha, cluster-scoped, Baseline tier',
    ],
  )
  assert.equal(
    Object.values(engines).map(({ precedence }) => precedence?.describe),
    [
      undefined,
      undefined,
      'spec.order of the allowlist; the lower is evaluated first, and one without an order last of all',
      'spec.priority of the allowlist, 0 to 1000; the lower is evaluated first within the tier',
    ],
  )
})

test('kubernetes: a rule for every port has no list of ports', async () => {
  const [made] = await policies('kubernetes', { block: '  egress: {enabled: true, dns: false, apiserver: {cidrs: [10.0.0.1/32], ports: []}}\n' })
  assert.match(JSON.stringify(made), '"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.1/32"}}]}]')
})

test.run()
