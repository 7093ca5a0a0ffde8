import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isIdentityLabel } from '../../src/verdict/implementations/cilium/identity-labels.ts'

/** Which labels of a pod Cilium looks at. */

const ignored = [
  'io.kubernetes',
  'kubernetes.io',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'k8s.io',
  'pod-template-generation',
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'annotation',
  'etcd_node',
  'topology.kubernetes.io',
]
const included = [
  'io.kubernetes.pod.namespace',
  'io.cilium.k8s.namespace.labels',
  'app.kubernetes.io',
  'io.cilium.k8s.policy.cluster',
  'io.cilium.k8s.policy.serviceaccount',
]

for (const key of ignored) {
  test(`${key} is left out by what a key begins with`, () => {
    assert.not(isIdentityLabel(key))
    assert.not(isIdentityLabel(`${key}.more`))
    assert.ok(isIdentityLabel(`x${key}`))
  })
}

test('a beta label of Kubernetes is left out wherever it says so', () => {
  assert.not(isIdentityLabel('failure-domain.beta.kubernetes.io/zone'))
  assert.not(isIdentityLabel('beta.kubernetes.io/os'))
})

for (const key of included) {
  test(`${key} is looked at, but not behind what is left out`, () => {
    assert.ok(isIdentityLabel(`${key}.more`))
    assert.not(isIdentityLabel(`k8s.io.${key}`))
  })
}

test('any other label is looked at', () => {
  for (const key of ['app', 'example.com/annotation', 'hash']) assert.ok(isIdentityLabel(key))
})

test.run()
