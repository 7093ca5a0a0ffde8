import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DecidingDocument, Side } from '../../src/check/model.ts'
import { placeWords, shownDocuments, sideWords } from '../../src/check/words.ts'
import { answered, checked, clusterPolicy, networkPolicy } from '../helpers/checking.ts'
import { workload } from '../helpers/streams.ts'

/** What decided, in words. */

const idle = (...documents: readonly DecidingDocument[]): Side => ({ allowed: true, by: 'nothing', documents })
const named = (name: string): DecidingDocument => ({ document: `NetworkPolicy ${name}`, apiVersion: 'networking.k8s.io/v1' })
const passing = (name: string): DecidingDocument => ({ ...named(name), rule: 'spec.ingress[0]' })

test('where nothing decides, it is said which policies let it be', () => {
  assert.is(sideWords(idle()), 'no policy selects the pod')
  assert.is(sideWords(idle(named('a'))), 'NetworkPolicy a leaves it alone')
  assert.is(sideWords(idle(named('a'), named('b'))), 'NetworkPolicy a, NetworkPolicy b leave it alone')
  assert.is(sideWords(idle(passing('a'))), 'NetworkPolicy a spec.ingress[0] passes it on, and nothing below denies it')
  assert.is(sideWords(idle(named('a'), passing('b'))), 'NetworkPolicy b spec.ingress[0] passes it on, and NetworkPolicy a leaves it alone')
})

test('of many the first are named, and shown with their places', () => {
  const many = idle(...['a', 'b', 'c', 'd', 'e'].map(named), ...['f', 'g', 'h', 'i'].map(passing))
  assert.match(sideWords(many), /^NetworkPolicy f [^,]+, NetworkPolicy g [^,]+, NetworkPolicy h [^,]+ and 1 more pass it on, and /)
  assert.match(sideWords(many), / and NetworkPolicy a, NetworkPolicy b, NetworkPolicy c and 2 more leave it alone$/)
  assert.equal(
    shownDocuments(many).map(({ document }) => document.slice(-1)),
    ['f', 'g', 'h', 'a', 'b', 'c'],
  )
  assert.is(shownDocuments({ ...many, allowed: false, by: 'lock' }).length, 9)
})

const sideOf = async (stream: string, flow: string): Promise<Side | undefined> => {
  const [asked] = await answered(stream, [flow])
  return asked?.ingress ?? asked?.egress
}

test('a ClusterNetworkPolicy that selects the pod and matches nothing leaves the flow alone, where it stands', async () => {
  const side = await sideOf(workload() + clusterPolicy('ingress: [{action: Deny, from: [{namespaces: {}}]}]'), 'world -> app:8080')
  assert.equal(side, {
    allowed: true,
    by: 'nothing',
    documents: [
      {
        document: 'ClusterNetworkPolicy own',
        apiVersion: 'policy.networking.k8s.io/v1alpha2',
        place: { source: 'stdin', line: 18, column: 1, path: 'ClusterNetworkPolicy own' },
      },
    ],
  })
})

test('one that passes the flow on is named with the rule', async () => {
  const side = await sideOf(workload() + clusterPolicy('egress: [{action: Pass, to: [{networks: [0.0.0.0/0]}]}]'), 'app -> 203.0.113.7:443')
  assert.equal(
    side?.documents.map(({ document, rule, place }) => [document, rule, place?.line]),
    [['ClusterNetworkPolicy own', 'spec.egress[0]', 21]],
  )
  const other = await sideOf(workload() + clusterPolicy('ingress: [{action: Deny, from: [{namespaces: {}}]}]'), 'app -> 203.0.113.7:443')
  assert.equal(other, { allowed: true, by: 'nothing', documents: [] })
})

test('a policy of ours that leaves a flow alone stands nowhere yet', async () => {
  const rule = '{name: none, action: Deny, to: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: db}}}]}'
  const values = `networkPolicy: {enabled: true, engine: clusterNetworkPolicy, namespace: stage, clusterNetworkPolicy: {egress: [${rule}]}}\n`
  const [flow] = await answered(workload(), ['app -> 203.0.113.7:443'], { values })
  assert.equal(flow?.egress, {
    allowed: true,
    by: 'nothing',
    documents: [{ document: 'ClusterNetworkPolicy app-stage', apiVersion: 'policy.networking.k8s.io/v1alpha2' }],
  })
})

test('policies of Kubernetes and of Calico with one name are told apart', async () => {
  const locking = networkPolicy('{podSelector: {}, policyTypes: [Ingress]}')
  for (const [group, version] of [
    ['projectcalico.org', 'v3'],
    ['crd.projectcalico.org', 'v1'],
  ]) {
    const calico = networkPolicy('{types: [Ingress]}').replace('networking.k8s.io/v1', `${group}/${version}`)
    const [flow] = await answered(workload() + locking + calico, ['world -> app:8080'], { implementation: 'calico' })
    assert.equal(flow?.ingress === undefined ? '' : sideWords(flow.ingress), 'no rule of NetworkPolicy stage/own, Calico NetworkPolicy stage/own allows it')
    assert.equal(
      flow?.ingress?.documents.map(({ document, apiVersion }) => [document, apiVersion]),
      [
        ['NetworkPolicy stage/own', 'networking.k8s.io/v1'],
        ['Calico NetworkPolicy stage/own', `${group}/${version}`],
      ],
    )
  }
})

test('the lists of policies tell them apart as well', async () => {
  const calico = networkPolicy('{types: [Ingress]}').replace('networking.k8s.io/v1', 'projectcalico.org/v3')
  const refused = networkPolicy('{types: 1}', { name: 'wrong' }).replace('networking.k8s.io/v1', 'projectcalico.org/v3')
  const account = await checked(workload() + networkPolicy('{podSelector: {}}') + calico + refused, { implementation: 'calico' })
  assert.equal(account.policies, {
    judged: ['NetworkPolicy stage/own', 'Calico NetworkPolicy stage/own'],
    refused: ['Calico NetworkPolicy stage/wrong'],
    unread: [],
  })
  assert.match(account.diagnostics.map(({ message }) => message).join(), /^Calico NetworkPolicy stage\/wrong would be refused/)
})

test('a rule of ours stands in the values, else where its port was found; the default is said to be one', () => {
  const ours = (because: string): string => placeWords({ ...named('a'), because })
  assert.is(ours('container port metrics'), 'container port metrics')
  assert.is(ours('the default'), 'the port that is usual, for neither the values nor the stream name one')
  const values = { source: '--set #2', line: 1, column: 7, path: 'networkPolicy.enabled' }
  assert.is(placeWords({ ...named('a'), because: 'the default', values }), '--set #2:1:7 (networkPolicy.enabled)')
})

test.run()
