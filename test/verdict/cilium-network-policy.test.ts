import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cnp, decide, egress, ingress, knp, outside, pods, reached } from '../helpers/cilium-verdicts.ts'

const callers = async (peers: string): Promise<string[]> =>
  (await reached(knp(`{podSelector: {}, ingress: [{from: ${peers}}]}`), 'ingress')).filter(end => end !== 'node:here')

test('a NetworkPolicy is for the pods of its namespace that it selects', async () => {
  const policy = knp('{podSelector: {matchLabels: {app: web}}, ingress: [{}]}')
  assert.is(await ingress(policy, 'green/web > red/web'), 'allow k spec.ingress[0]')
  assert.is(await ingress(policy, 'red/web > red/db'), 'nothing')
  assert.is(await ingress(policy, 'red/web > green/web'), 'nothing')
  assert.is(await ingress(knp('{podSelector: {matchLabels: {app: web}}}').replace(', namespace: red', ''), 'red/db > red/web'), 'lock k')
  assert.is(await ingress(knp('{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}'), 'red/db > red/web'), 'nothing')
})

test('what a selector says of the namespace does not count, for Cilium writes its own over it', async () => {
  const ofBlue = '{matchLabels: {io.kubernetes.pod.namespace: blue}}'
  assert.is(await ingress(knp(`{podSelector: ${ofBlue}}`), 'red/db > red/web'), 'lock k')
  assert.equal(await callers(`[{podSelector: ${ofBlue}}]`), ['red/db'])
})

test('labels that Cilium does not look at select nobody', async () => {
  assert.is(await ingress(knp('{podSelector: {matchLabels: {pod-template-hash: 5f7}}}'), 'red/db > red/web'), 'nothing')
  assert.is(await ingress(knp('{podSelector: {matchLabels: {app.kubernetes.io/name: web}}}'), 'red/db > red/web'), 'lock k')
})

test('peers are pods of the namespace or of those selected, or blocks', async () => {
  const strangers = ['node:there', ...outside]
  assert.equal(await callers('[]'), [...pods.slice(1), ...strangers])
  assert.equal(await callers('[{podSelector: {}}]'), ['red/db'])
  assert.equal(await callers('[{podSelector: {matchLabels: {app: web}}}]'), [])
  assert.equal(await callers('[{namespaceSelector: {}}]'), pods.slice(1))
  assert.equal(await callers('[{namespaceSelector: {matchLabels: {env: dev}}}]'), ['green/web', 'green/dns'])
  assert.equal(await callers('[{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}]'), ['blue/bare'])
  assert.equal(await callers('[{namespaceSelector: {matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}}]'), [
    'green/web',
    'green/dns',
    'blue/bare',
  ])
  assert.equal(await callers('[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: blue}}}]'), ['blue/bare'])
  assert.equal(await callers('[{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]'), ['green/web'])
  assert.equal(await callers('[{ipBlock: {cidr: 0.0.0.0/0, except: [203.0.113.0/24]}}]'), ['apiserver', '198.51.100.7'])
  assert.equal(await callers('[{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {}}]'), ['red/db'], 'a block holds no pods')
  assert.equal(await callers('[{podSelector: {matchLabels: {io.cilium.k8s.policy.cluster: west}}}]'), [])
})

test('the name of a cluster leaves a doubt', async () => {
  const policy = knp('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {io.cilium.k8s.policy.cluster: west}}}]}]}')
  assert.is(await ingress(policy, 'red/db > red/web'), 'lock k, in doubt: k spec.ingress[0]: k8s:io.cilium.k8s.policy.cluster is not of the stream')
})

test('ports are numbers, ranges and names, of TCP where nothing is said', async () => {
  const on = async (ports: string, traffic: string): Promise<boolean> =>
    (await ingress(knp(`{podSelector: {}, ingress: [{ports: ${ports}}]}`), `red/db > red/web ${traffic}`)).startsWith('allow')
  assert.ok(await on('[]', '7/SCTP'))
  assert.ok(await on('[{port: 80}]', '80'))
  assert.not(await on('[{port: 80}]', '80/UDP'))
  assert.not(await on('[{port: 80}]', '81'))
  assert.ok(await on('[{port: 80, endPort: 82}]', '82'))
  assert.not(await on('[{port: 80, endPort: 82}]', '83'))
  assert.ok(await on('[{}]', '7'))
  assert.ok(await on('[{protocol: UDP}]', '7/UDP'))
  assert.not(await on('[{protocol: UDP}]', '7/TCP'))
  assert.ok(await on('[{port: http}]', '8080'))
  assert.not(await on('[{port: http}]', '80'))
  assert.ok(await on('[{port: 80}, {port: 7, protocol: SCTP}]', '7/SCTP'))
})

test('rules lock their direction, whatever the types say', async () => {
  const locks = async (spec: string): Promise<string[]> => {
    const { ingress, egress } = await decide(knp(`{podSelector: {}, ${spec}}`), 'red/web > red/db')
    return [...(ingress === 'nothing' ? [] : ['ingress']), ...(egress === 'nothing' ? [] : ['egress'])]
  }
  assert.equal(await locks(''), ['ingress'])
  assert.equal(await locks('egress: [{to: [{podSelector: {matchLabels: {app: nobody}}}]}]'), ['ingress', 'egress'])
  assert.equal(await locks('policyTypes: [Ingress], egress: [{to: [{podSelector: {matchLabels: {app: nobody}}}]}]'), ['ingress', 'egress'])
  assert.equal(await locks('policyTypes: [Egress], ingress: [{from: [{podSelector: {matchLabels: {app: nobody}}}]}]'), ['ingress', 'egress'])
  assert.equal(await locks('policyTypes: [Egress]'), ['egress'])
  assert.equal(await locks('policyTypes: [Ingress]'), ['ingress'])
  assert.equal(await locks('policyTypes: [Ingress, Egress]'), ['ingress', 'egress'])
})

test("NetworkPolicies and Cilium's own are one list", async () => {
  const open = knp('{podSelector: {}, ingress: [{}], egress: [{}]}')
  assert.is(await ingress(open + cnp('{endpointSelector: {}, ingressDeny: [{fromEndpoints: [{}]}]}'), 'red/db > red/web'), 'deny p spec.ingressDeny[0]')
  assert.is(await ingress(open + cnp('{endpointSelector: {}, ingress: [{}]}'), 'red/db > red/web'), 'allow k spec.ingress[0]')
  assert.is(await egress(open, 'red/web > node:here'), 'allow k spec.egress[0]')
})

test.run()
