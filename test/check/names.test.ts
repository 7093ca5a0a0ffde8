import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { namesAsked } from '../../src/check/ask/names.ts'
import { answered, checked, preparedFor } from '../helpers/checking.ts'
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

const reading = (pattern: string): string => `{toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "${pattern}"}]}}]}`

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
  const rule = (name: string): string => ciliumPolicy(`${reading('*')}, {toFQDNs: [{matchName: ${name}}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}`)
  const verdicts = await Promise.all(
    ['a', 'b'].map(async name => (await checked(stream + rule(`${name}.example.com`))).flows.find(({ to }) => to.startsWith('a.'))?.verdict),
  )
  assert.equal(verdicts, ['allowed', 'denied'])
  const { scene } = await preparedFor(stream + rule('b.example.com'))
  assert.not(scene.asksForName('a.example.com'))
})

test('a rule by name is about what Cilium learns, by rules of the same pod', async () => {
  const stream = workload({ container: `          env: [{name: A_URL, value: "https://a.example.com"}]\n` })
  const policies = (lookup: string): string => ciliumPolicy(`${lookup}, {toFQDNs: [{matchPattern: "*.example.com"}]}`)
  const told = async (text: string, world = '') => {
    const { flows, diagnostics } = await checked(stream + text, { world })
    const verdict = flows.find(({ to }) => to.startsWith('a.'))?.verdict
    return [verdict, ...diagnostics.map(({ code, message, place }) => `${code} ${place?.line} ${message}`)]
  }
  const line = 19
  const missing = `NP816 ${line} CiliumNetworkPolicy stage/own has a rule by name for a.example.com, of which Cilium never learns what it resolves to`
  const open = '{toPorts: [{ports: [{port: "53", protocol: ANY}]}]}'
  assert.equal(await told(policies(reading('*'))), ['allowed'])
  assert.equal(await told(policies(reading('*.example.com'))), ['allowed'])
  assert.equal(await told(policies('{toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchName: A.example.com}]}}]}')), ['allowed'])
  assert.equal(await told(policies(reading('b.*'))), ['denied', missing])
  assert.equal(await told(policies(open)), ['denied', missing])
  assert.equal(await told(policies(open), 'names: [{name: a.example.com, addresses: [203.0.113.5]}]'), ['denied', missing])
  assert.equal(await told(policies(reading('*')), 'names: [{name: a.example.com, addresses: [203.0.113.5]}]'), ['allowed'])
  const other = ciliumPolicy(reading('*')).replace('name: own', 'name: lookups')
  assert.equal(await told(policies(open) + other), ['allowed'], 'another policy of the pod reads the answers')
  assert.equal(await told(policies(open) + other.replace('endpointSelector: {}', 'endpointSelector: {matchLabels: {app: other}}')), ['denied', missing])
  const [answer] = await answered(stream + policies(open), ['app -> a.example.com:443'])
  assert.is(answer?.verdict, 'denied')
})

test('a rule by name for what is not dialled is no matter', async () => {
  const { diagnostics } = await checked(workload() + ciliumPolicy('{toFQDNs: [{matchName: a.example.com}]}'))
  assert.equal(diagnostics, [])
})

test.run()
