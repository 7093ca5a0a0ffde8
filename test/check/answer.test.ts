import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { answer } from '../../src/check/ask/answer.ts'
import { withApiserver, withName, withNamespaceLabels, withPod } from '../../src/check/ask/changes.ts'
import { resolve } from '../../src/check/ask/ends.ts'
import { allOf, anyOf, connectionsOf, eitherOf } from '../../src/check/ask/question.ts'
import type { Asked, Question } from '../../src/check/ask/question.ts'
import { Situation } from '../../src/check/ask/situation.ts'
import type { Pod, World } from '../../src/verdict/world.ts'
import { implementations } from '../../src/verdict/registry.ts'
import { networkPolicy } from '../helpers/checking.ts'
import { releaseOf } from '../helpers/facts.ts'

/** Pod stage/app, which may be called at port 1 and by pods of namespaces labelled a=b at port 2, and may call 10.0.0.0/8. */
const policy = networkPolicy(`{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress, Egress],
  ingress: [{ports: [{port: 1}]}, {from: [{namespaceSelector: {matchLabels: {a: b}}}], ports: [{port: 2}]}], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}`)

const pod = (name: string, namespace = 'stage', addresses: readonly string[] = []): Pod => ({
  kind: 'pod',
  namespace,
  name,
  labels: { app: name },
  serviceAccount: 'default',
  addresses,
  ports: [],
})

const draft: World = {
  namespaces: [{ name: 'stage', labels: {} }],
  pods: [pod('app'), pod('other'), pod('fixed', 'stage', ['10.0.0.9'])],
  nodes: [{ kind: 'node', name: 'node', labels: {}, addresses: [], local: true }],
  services: [],
  serviceAccounts: [],
  apiserver: undefined,
  names: [],
}

async function situation(ranges: readonly [string, ...string[]] = ['10.244.0.0/16']): Promise<Situation> {
  const { resources } = await releaseOf(policy)
  return new Situation({
    policies: resources,
    implementation: implementations.generic,
    namespace: 'stage',
    draft,
    ranges,
    several: new Set(),
    unlabelled: new Set(),
  })
}

const call = (port: number, more: Partial<Asked> = {}): Asked => ({
  kind: 'flow',
  from: { pod: 'stage/other' },
  to: { pod: 'stage/app' },
  port,
  protocol: 'TCP',
  ...more,
})
const [open, closed] = [call(1, { label: 'one' }), call(2, { label: 'two' })]
const unknown = eitherOf('x', [open, closed])

const verdict = async (question: Question): Promise<string> => answer(question, await situation()).verdict

test('a connection gets through or not', async () => {
  assert.is(await verdict(open), 'allowed')
  assert.is(await verdict(closed), 'denied')
})

test('of several that have to get through, one that is cut cuts all, and one that is not known leaves it open', async () => {
  assert.is(await verdict(allOf([open, open])), 'allowed')
  assert.is(await verdict(allOf([open, closed])), 'denied')
  assert.is(await verdict(allOf([unknown, closed])), 'denied')
  assert.is(await verdict(allOf([open, unknown])), 'unknown')
})

test('of several of which one will do, one that gets through does, and one that is not known leaves it open', async () => {
  assert.is(await verdict(anyOf([closed, open])), 'allowed')
  assert.is(await verdict(anyOf([closed, closed])), 'denied')
  assert.is(await verdict(anyOf([unknown, open])), 'allowed')
  assert.is(await verdict(anyOf([closed, unknown])), 'unknown')
})

test('of several possibilities it is known what comes of it only where all come to the same', async () => {
  assert.is(await verdict(eitherOf('x', [open, open])), 'allowed')
  assert.is(await verdict(eitherOf('x', [closed, closed])), 'denied')
  assert.is(await verdict(unknown), 'unknown')
  assert.is(await verdict(eitherOf('y', [unknown, unknown])), 'unknown')
})

test('what is not known is said, with the possibilities on each side', async () => {
  const all = await situation()
  assert.equal(answer(unknown, all).unknown, { what: 'x is not known', through: ['one'], cut: ['two'] })
  assert.equal(answer(eitherOf('y', [unknown, unknown]), all).unknown?.what, 'x is not known')
  assert.equal(answer(eitherOf('y', [eitherOf('y', [open, closed], 'both'), eitherOf('y', [closed, closed], 'all closed')]), all).unknown, {
    what: 'y is not known',
    through: ['one'],
    cut: ['two', 'all closed'],
  })
  assert.equal(answer(eitherOf('y', [allOf([open, open]), closed, closed]), all).unknown, { what: 'y is not known', through: ['one'], cut: ['two'] })
  assert.is(answer(open, all).unknown, undefined)
})

test('what a rule asks for that the stream does not tell is said, and decides nothing', async () => {
  const toService = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: own, namespace: stage}
spec: {endpointSelector: {}, egress: [{toServices: [{k8sService: {serviceName: main}}]}]}
`
  const { resources } = await releaseOf(toService)
  const all = new Situation({
    policies: resources,
    implementation: implementations.cilium,
    namespace: 'stage',
    draft,
    ranges: ['10.244.0.0/16'],
    several: new Set(),
    unlabelled: new Set(),
  })
  const { verdict: said, unknown: why } = answer(open, all)
  const what = 'the stream has no Service main, so that CiliumNetworkPolicy stage/own spec.egress[0] may match'
  assert.equal([said, why], ['unknown', { what, through: [], cut: [] }])
  assert.is(answer(anyOf([open, open]), all).unknown?.what, what)
})

test('a possibility is called after its first connection, which may have no name', async () => {
  const all = await situation()
  assert.equal(answer(eitherOf('x', [call(1), allOf([anyOf([closed])])]), all).unknown, { what: 'x is not known', through: [''], cut: ['two'] })
})

test('the evidence is the connection that decided; of an unknown one, one that is cut', async () => {
  const all = await situation()
  assert.is(answer(allOf([open, closed]), all).evidence.asked, closed)
  assert.is(answer(anyOf([closed, open]), all).evidence.asked, open)
  assert.is(answer(unknown, all).evidence.asked, closed)
  const { flow, ingress, egress } = answer(open, all).evidence
  assert.equal([flow.from.kind, flow.port, ingress?.by, egress?.by], ['pod', 1, 'rule', 'nothing'])
})

test('only one side counts where only one is asked', async () => {
  const both: Asked = { ...call(2), from: { pod: 'stage/app' }, to: { pod: 'stage/other' } }
  assert.is(await verdict({ ...both, side: 'ingress' }), 'allowed')
  assert.is(await verdict({ ...both, to: { address: '203.0.113.1' } }), 'denied')
  const { evidence } = answer({ ...both, side: 'ingress' }, await situation())
  assert.is(evidence.egress, undefined)
})

test('made-up addresses of pods decide nothing: where it hangs on them, it is not known', async () => {
  const toOther: Asked = { ...call(2), from: { pod: 'stage/app' }, to: { pod: 'stage/other' } }
  assert.is(answer(toOther, await situation()).verdict, 'allowed')
  const both = answer(toOther, await situation(['10.244.0.0/16', '172.24.0.0/16']))
  assert.is(both.verdict, 'unknown')
  assert.equal(both.unknown, {
    what: 'which addresses the pods have is not known',
    through: ['pods with addresses such as 10.244.0.2'],
    cut: ['pods with addresses such as 172.24.0.2'],
  })
  const fixed = answer({ ...toOther, to: { pod: 'stage/fixed' } }, await situation(['10.244.0.0/16', '172.24.0.0/16']))
  assert.is(fixed.verdict, 'allowed')
})

test('a change holds for its own connection alone', async () => {
  const fresh = pod('fresh', 'web')
  const from = { pod: 'web/fresh' }
  assert.is(await verdict({ ...call(2), from, change: withPod(fresh, { a: 'b' }) }), 'allowed')
  assert.is(await verdict({ ...call(2), from, change: withPod(fresh, {}) }), 'denied')
  assert.is(await verdict({ ...call(2), change: withNamespaceLabels('stage', { a: 'b' }) }), 'allowed')
  const all = await situation()
  assert.is(answer({ ...call(2), change: withNamespaceLabels('stage', { a: 'b' }) }, all).verdict, 'allowed')
  assert.is(answer(call(2), all).verdict, 'denied')
})

test('labels that a namespace has are not taken from it', () => {
  const world = withNamespaceLabels('stage', { a: 'b', team: 'y' }).apply({ ...draft, namespaces: [{ name: 'stage', labels: { team: 'x' } }] })
  assert.equal(world.namespaces, [{ name: 'stage', labels: { a: 'b', team: 'x', 'kubernetes.io/metadata.name': 'stage' } }])
})

test('the kube-apiserver and names are where a change says', () => {
  const outside = withApiserver('172.20.0.1', 443, false).apply(draft)
  assert.equal([outside.apiserver, outside.nodes.length], [{ kind: 'apiserver', addresses: ['172.20.0.1'], port: 443 }, 1])
  const onNode = withApiserver('172.20.0.1', 443, true).apply(draft)
  assert.equal(onNode.nodes[1]?.addresses, ['172.20.0.1'])
  assert.is(withApiserver('172.20.0.1', 443, true).apply(onNode).nodes.length, 2)
  const named = withName('a.example.com', '198.51.100.1').apply({
    ...draft,
    names: [
      { name: 'a.example.com', addresses: [] },
      { name: 'b.example.com', addresses: [] },
    ],
  })
  assert.equal(named.names, [
    { name: 'b.example.com', addresses: [] },
    { name: 'a.example.com', addresses: ['198.51.100.1'] },
  ])
})

test('an address is that of whoever has it', () => {
  const world = {
    ...draft,
    apiserver: { kind: 'apiserver', addresses: ['172.20.0.1'], port: 443 },
    nodes: [{ kind: 'node', name: 'n', labels: {}, addresses: ['192.168.1.1'], local: true }],
  } as const
  assert.is(resolve({ address: '10.0.0.9' }, world), world.pods[2])
  assert.is(resolve({ address: '172.20.0.1' }, world), world.apiserver)
  assert.is(resolve({ address: '192.168.1.1' }, world), world.nodes[0])
  assert.equal(resolve({ address: '203.0.113.1' }, world), { kind: 'outside', address: '203.0.113.1' })
  assert.throws(() => resolve({ pod: 'stage/gone' }, world), 'the world has no {"pod":"stage/gone"}')
  assert.throws(() => resolve({ apiserver: true }, draft))
})

test('every connection of a question can be listed', () => {
  assert.equal(connectionsOf(allOf([unknown, anyOf([open, closed])])), [open, closed, open, closed])
})

test.run()
