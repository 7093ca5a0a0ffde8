import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { namesAsked } from '../../src/check/ask/names.ts'
import { checked, preparedFor } from '../helpers/checking.ts'
import { releaseOf } from '../helpers/facts.ts'
import { workload } from '../helpers/streams.ts'

const ciliumPolicy = (peers: string): string => `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: own, namespace: stage}
spec: {endpointSelector: {}, egress: [${peers}]}
`
const clusterPolicy = `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: own}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{domainNames: [b.example.com]}]}]}
`

for (const [says, policies, expected] of [
  ['rules by labels and addresses', ciliumPolicy('{toCIDR: [10.0.0.0/8]}, {toEndpoints: [{matchLabels: {app: a.example.com}}]}'), []],
  ['a name, in whatever letters', ciliumPolicy('{toFQDNs: [{matchName: A.example.com.}]}'), ['a.example.com']],
  ['a pattern', ciliumPolicy('{toFQDNs: [{matchPattern: "*.org"}]}'), ['a.example.com', 'b.example.com']],
  ['names of the cluster', clusterPolicy, ['b.example.com']],
] as const) {
  test(`${says}: the names whose addresses matter`, async () => {
    const asks = namesAsked((await releaseOf(policies)).resources)
    assert.equal(['a.example.com', 'b.example.com'].filter(asks), expected)
  })
}

test('a name that no rule asks for makes no world of its own, and one that is asked for is let through', async () => {
  const stream = workload({ container: `          env: [{name: A_URL, value: "https://a.example.com"}]\n` })
  const rule = (name: string): string => ciliumPolicy(`{toFQDNs: [{matchName: ${name}}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}`)
  const verdicts = await Promise.all(
    ['a', 'b'].map(async name => (await checked(stream + rule(`${name}.example.com`))).flows.find(({ to }) => to.startsWith('a.'))?.verdict),
  )
  assert.equal(verdicts, ['allowed', 'denied'])
  const { scene } = await preparedFor(stream + rule('b.example.com'))
  assert.not(scene.asksForName('a.example.com'))
})

test.run()
