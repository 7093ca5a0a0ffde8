import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName } from '../../src/engines/registry.ts'
import type { JsonObject } from '../../src/yaml/tree.ts'
import { rules } from '../helpers/policies.ts'
import { runWith } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'

/** Who is meant, in each engine's words. */

const everywhere: Readonly<Record<EngineName, readonly [ingress: JsonObject, egress: JsonObject]>> = {
  kubernetes: [{}, {}],
  cilium: [{ fromEntities: ['all'] }, { toEntities: ['all'] }],
  calico: [{ action: 'Allow' }, { action: 'Allow' }],
  clusterNetworkPolicy: [
    { name: 'additionalIngress', action: 'Accept', from: [{ namespaces: {} }] },
    { name: 'to', action: 'Accept', to: [{ namespaces: {} }, { networks: ['0.0.0.0/0', '::/0'] }] },
  ],
}
for (const engine of ['kubernetes', 'cilium', 'calico', 'clusterNetworkPolicy'] as const) {
  test(`${engine}: a rule of nothing is a rule for everybody and every port`, async () => {
    const block = '  translatePeers: true\n  additionalIngress: [{}]\n  egress: {enabled: true, to: [{}]}\n'
    const [ingress, egress] = everywhere[engine]
    assert.equal((await rules(engine, 'ingress', { block })).filter(opens).at(-1), ingress)
    assert.equal((await rules(engine, 'egress', { block })).filter(opens).at(-1), egress)
  })
}

const exists = { key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }
const team = 'k8s:io.cilium.k8s.namespace.labels.team'
for (const [what, peer, expected] of [
  [
    'labels of pods and of their namespace',
    '{podSelector: {matchLabels: {app: a}}, namespaceSelector: {matchLabels: {team: b}}}',
    { matchLabels: { 'k8s:app': 'a', [team]: 'b' } },
  ],
  [
    'all but some namespaces, which what is no pod would meet too',
    '{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [b]}, {key: team, operator: DoesNotExist}]}}',
    { matchExpressions: [{ key: team, operator: 'NotIn', values: ['b'] }, { key: team, operator: 'DoesNotExist' }, exists] },
  ],
  [
    'all but some of the namespaces with a label',
    '{namespaceSelector: {matchLabels: {team: b}, matchExpressions: [{key: team, operator: DoesNotExist}]}}',
    { matchLabels: { [team]: 'b' }, matchExpressions: [{ key: team, operator: 'DoesNotExist' }] },
  ],
  [
    'all but some of the namespaces that have a label at all',
    '{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [b]}, {key: team, operator: Exists}]}}',
    {
      matchExpressions: [
        { key: team, operator: 'NotIn', values: ['b'] },
        { key: team, operator: 'Exists' },
      ],
    },
  ],
] as const) {
  test(`cilium: ${what}`, async () => {
    const [rule = {}] = await rules('cilium', 'ingress', { block: from(peer) })
    assert.equal(rule['fromEndpoints'], [expected])
  })
}

for (const [label, fits] of [
  ['k'.repeat(32), true],
  ['k'.repeat(33), false],
  [`${'p'.repeat(222)}/${'k'.repeat(63)}`, true],
  [`${'p'.repeat(223)}/k`, false],
] as const) {
  test(`cilium: a label of namespaces of ${label.length} characters ${fits ? 'fits behind its prefix' : 'is too long with its prefix'}`, async () => {
    const told = await problems('cilium', from(`{namespaceSelector: {matchLabels: {${label}: x}}}`))
    const why = 'with the prefix for labels of namespaces it is too long for a label key (kubernetes and calico can)'
    assert.equal(told, fits ? [] : [`NP500 CiliumNetworkPolicy cannot express the namespace label ${label} of networkPolicy.metrics.from[0]: ${why}`])
  })
}

for (const label of ['io.kubernetes.pod.namespace', 'io.cilium.k8s.namespace.labels.team']) {
  test(`cilium: the pod label ${label} would be read as one of the namespace`, async () => {
    const why = 'it is what Cilium calls a label of the namespace, and no label of the pod (kubernetes and calico can)'
    assert.equal(await problems('cilium', from(`{podSelector: {matchLabels: {${label}: x}}}`)), [
      `NP500 CiliumNetworkPolicy cannot express the pod label ${label} of networkPolicy.metrics.from[0]: ${why}`,
    ])
  })
}

/** Of Cilium's default label filter (pkg/labelsfilter, v1.20), one label for each entry. */
const filtered = [
  'io.kubernetes.x',
  'kubernetes.io/arch',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'failure-domain.beta.kubernetes.io/zone',
  'k8s.io/x',
  'pod-template-generation',
  'pod-template-hash',
  'controller-revision-hash',
  'annotation.x',
  'controller-uid',
  'etcd_node',
]
const taken = ['app.kubernetes.io/name', 'statefulset.kubernetes.io/other', 'my-pod-template-hash', 'x.k8s.io/y', 'my.io.kubernetes', 'beta']
for (const [labels, isFiltered] of [
  [filtered, true],
  [taken, false],
] as const) {
  test(`cilium: a selector by a label that it ${isFiltered ? 'leaves out of identities is told' : 'takes into identities is not'}`, async () => {
    for (const label of labels) {
      const stream = workload({ selector: `{matchLabels: {${label}: x}}`, podLabels: `{${label}: x}` })
      assert.equal((await problems('cilium', '', stream)).filter(line => line.startsWith('NP504')).length, isFiltered ? 1 : 0, label)
    }
  })
}

test('cilium: a host with a star that derive opens is a pattern, one without a name', async () => {
  const stream = workload({ container: '          args: ["--allowed-action-hosts=*.example.com,hooks.example.net"]\n' })
  const made = await rules('cilium', 'egress', { block: '  egress: {enabled: true, derive: true}\n', stream })
  assert.equal(
    made.flatMap(({ toFQDNs }) => toFQDNs ?? []),
    [{ matchPattern: '*.example.com' }, { matchName: 'hooks.example.net' }],
  )
})

test('calico: blocks are written in the form that it keeps, whatever their spelling', async () => {
  const block = from('{ipBlock: {cidr: "FD00:0:0::/16", except: ["FD00:0:00AB::/48"]}}')
  const [rule = {}] = await rules('calico', 'ingress', { block })
  assert.equal(rule['source'], { nets: ['fd00::/16'], notNets: ['fd00:0:ab::/48'] })
})

test('clusterNetworkPolicy: the name of a port of the workload goes by its number, and one of nobody opens nothing', async () => {
  const ports = '[{name: web, containerPort: 8090}, {name: web, containerPort: 8091, protocol: UDP}, {name: metrics, containerPort: 8080}]'
  const block = (port: string): string => `  translatePeers: true\n  additionalIngress: [{ports: [{${port}}]}]\n`
  const opened = async (port: string): Promise<unknown[]> => {
    const made = await rules('clusterNetworkPolicy', 'ingress', { block: block(port), stream: workload({ ports }) })
    return made.filter(({ name }) => name === 'additionalIngress').map(({ protocols }) => protocols)
  }
  assert.equal(await opened('port: web'), [[{ tcp: { destinationPort: { number: 8090 } } }]])
  assert.equal(await opened('port: web, protocol: UDP'), [[{ udp: { destinationPort: { number: 8091 } } }]])
  assert.equal(await opened('port: metrics, protocol: UDP'), [])
  assert.equal(await opened('port: other'), [])
})

test('clusterNetworkPolicy: a range of one port is that port', async () => {
  const block = '  translatePeers: true\n  additionalIngress: [{ports: [{port: 80, endPort: 80}, {port: 80, endPort: 81}]}]\n'
  const made = await rules('clusterNetworkPolicy', 'ingress', { block })
  assert.equal(made.find(({ name }) => name === 'additionalIngress')?.['protocols'], [
    { tcp: { destinationPort: { number: 80 } } },
    { tcp: { destinationPort: { range: { start: 80, end: 81 } } } },
  ])
})

test('clusterNetworkPolicy: what its peers cannot be is told with the reason', async () => {
  const can = '(kubernetes, cilium and calico can)'
  assert.equal(await problems('clusterNetworkPolicy', from('{ipBlock: {cidr: 10.0.0.0/8}}')), [
    `NP500 ClusterNetworkPolicy cannot express the ipBlock 10.0.0.0/8 of networkPolicy.metrics.from[0]: its ingress peers are pods and namespaces only ${can}`,
  ])
  assert.equal(await problems('clusterNetworkPolicy', to('{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}')), [
    `NP500 ClusterNetworkPolicy cannot express the ipBlock 10.0.0.0/8 of networkPolicy.egress.to[0].to[0]: its networks have no exceptions ${can}`,
  ])
  assert.equal(await problems('clusterNetworkPolicy', to('{to: [{podSelector: {}}], ports: [{port: otlp}]}')), [
    'NP500 ClusterNetworkPolicy cannot express the port name otlp of networkPolicy.egress.to[0]: its named ports are of every protocol, and of pods alone (kubernetes, cilium and calico can)',
  ])
})

test('clusterNetworkPolicy: rules of the user stand behind ours and before the deny', async () => {
  const own = '[{name: mine, action: Accept, to: [{namespaces: {}}]}]'
  const block = `  egress: {enabled: true, dns: false, apiserver: {cidrs: [10.0.0.1/32]}}\n  clusterNetworkPolicy: {egress: ${own}}\n`
  assert.equal(
    (await rules('clusterNetworkPolicy', 'egress', { block })).map(({ name }) => name),
    ['apiserver', 'mine', 'deny-the-rest'],
  )
})

test.run()

function from(peer: string): string {
  return `  translatePeers: true\n  metrics: {from: [${peer}]}\n`
}

function to(rule: string): string {
  return `  translatePeers: true\n  egress: {enabled: true, to: [${rule}]}\n`
}

function opens({ action }: JsonObject): boolean {
  return action !== 'Deny'
}

/** Errors and warnings that the engine has, in words. */
async function problems(engine: EngineName, block: string, stream = workload()): Promise<string[]> {
  const { diagnostics } = await runWith(stream, { engine, values: `networkPolicy:\n  enabled: true\n${block}` })
  return diagnostics
    .filter(({ code }) => code.startsWith('NP5'))
    .map(({ code, message }) => `${code} ${message}`)
    .filter(line => !line.startsWith('NP502'))
}
