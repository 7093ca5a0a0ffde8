import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blocksIn, distinctBlocks } from '../../src/check/ask/blocks.ts'
import { addressBeside, cellsOf, distinctCells } from '../../src/check/ask/cells.ts'
import { portsIn } from '../../src/check/ask/ports.ts'
import { examplesIn } from '../../src/check/world/examples.ts'
import type { Example } from '../../src/check/world/examples.ts'
import { parseCidr } from '../../src/net/cidr.ts'
import type { Cidr } from '../../src/net/cidr.ts'
import type { Resource } from '../../src/resources/resource.ts'
import { resourcesOf } from '../helpers/calico-verdicts.ts'
import { releaseOf } from '../helpers/facts.ts'
import { clusterPolicy, networkPolicy } from '../helpers/checking.ts'

/** What rules speak of: the addresses, ports and pods that are tried for someone who is not known. */

async function policiesIn(text: string): Promise<readonly Resource[]> {
  return (await releaseOf(text)).resources
}

const blocks = (...texts: readonly string[]): Cidr[] => texts.flatMap(text => parseCidr(text) ?? [])
const labels = (cells: readonly { address: string; label: string }[]): string[] => cells.map(({ address, label }) => `${address}: ${label}`)

test('without blocks one address stands for all', () => {
  assert.equal(labels(cellsOf([], new Set())), ['198.51.100.1: an address that no rule names'])
})

test('each block has an address that is in no smaller one, and the rest has one of no block', () => {
  assert.equal(labels(cellsOf(blocks('10.0.0.0/8', '10.0.0.0/16', '198.51.100.1/32'), new Set())), [
    '203.0.113.1: an address that no rule names',
    '10.255.255.254: an address in 10.0.0.0/8',
    '10.0.0.1: an address in 10.0.0.0/16',
    '198.51.100.1: an address in 198.51.100.1',
  ])
})

const cellsIn = async (spec: string): Promise<string[]> => distinctCells(blocksIn(await policiesIn(networkPolicy(spec))), new Set()).map(({ label }) => label)

test('of the blocks of one list one stands for all, but for those that others cut', async () => {
  const three = '{ipBlock: {cidr: 10.1.0.0/16}}, {ipBlock: {cidr: 10.2.0.0/16}}, {ipBlock: {cidr: 10.3.0.0/16}}'
  assert.equal(await cellsIn(`{podSelector: {}, ingress: [{from: [${three}]}]}`), [
    'an address that no rule names',
    'an address in 10.1.0.0/16, or in one of 2 other blocks of its list',
  ])
  assert.equal(await cellsIn(`{podSelector: {}, ingress: [{from: [${three}], ports: [{port: 1}]}, {from: [{ipBlock: {cidr: 10.2.0.0/16}}]}]}`), [
    'an address that no rule names',
    'an address in 10.1.0.0/16, or in the other block of its list',
    'an address in 10.2.0.0/16',
  ])
  assert.equal(await cellsIn(`{podSelector: {}, ingress: [{from: [${three}, {ipBlock: {cidr: 10.4.0.0/16, except: [10.4.1.0/24, 10.4.2.0/24]}}]}]}`), [
    'an address that no rule names',
    'an address in 10.1.0.0/16, or in one of 2 other blocks of its list',
    'an address in 10.4.0.0/16',
    'an address in 10.4.1.0/24',
    'an address in 10.4.2.0/24',
  ])
})

test('a rule that both cuts something out of a block and names a part of it divides the rest', async () => {
  const peers = '{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: 10.1.2.0/24}}'
  assert.equal(await cellsIn(`{podSelector: {}, ingress: [{from: [${peers}]}]}`), [
    'an address that no rule names',
    'an address in 10.0.0.0/8',
    'an address in 10.1.0.0/16',
    'an address in 10.1.2.0/24',
  ])
})

test('rules of the other direction have no part, and what stands outside of rules has', async () => {
  const policies = await resourcesOf(
    networkPolicy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}], egress: [{to: [{ipBlock: {cidr: 10.2.0.0/16}}]}]}') +
      '---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\nmetadata: {name: s}\nspec: {nets: [10.3.0.0/16]}\n',
  )
  const found = (direction: 'ingress' | 'egress') => distinctBlocks(blocksIn(policies, direction)).map(({ address }) => Number((address >> 16n) & 255n))
  assert.equal(
    [found('ingress'), found('egress')],
    [
      [1, 3],
      [2, 3],
    ],
  )
})

test('an address beside exceptions is found in both families, where there is one', () => {
  const beside = (cidr: string, ...except: readonly string[]): string | undefined => blocks(cidr).map(block => addressBeside(block, blocks(...except)))[0]
  assert.is(beside('10.0.0.0/24', '10.0.0.0/25'), '10.0.0.128')
  assert.is(beside('fd00::/16', 'fd00::/17'), 'fd00:8000::')
  assert.is(beside('10.0.0.0/24', '10.0.0.0/25', '10.0.0.128/25'), undefined)
  assert.is(beside('10.0.0.0/24'), '10.0.0.0')
})

test('a block of everything leaves no rest', () => {
  assert.equal(labels(cellsOf(blocks('0.0.0.0/0', '10.0.0.0/8'), new Set())), [
    '198.51.100.1: an address in 0.0.0.0/0 and in no smaller block of a rule',
    '10.0.0.1: an address in 10.0.0.0/8',
  ])
})

test('an address of somebody is nobody else’s, and a block that is all theirs is left out', () => {
  assert.equal(labels(cellsOf(blocks('10.0.0.0/30', '10.9.9.9/32'), new Set(['10.0.0.1', '10.0.0.0', '198.51.100.1', '10.9.9.9']))), [
    '203.0.113.1: an address that no rule names',
    '10.0.0.2: an address in 10.0.0.0/30',
  ])
})

test('where the ends of a block are not free, one beside what takes them is', () => {
  const last = (taken: readonly string[], ...texts: readonly string[]): string | undefined => labels(cellsOf(blocks(...texts), new Set(taken)))[1]
  assert.is(last(['10.0.0.0', '10.0.0.1', '10.0.0.2'], '10.0.0.0/30'), '10.0.0.3: an address in 10.0.0.0/30')
  assert.is(last([], '10.0.0.0/24', '10.0.0.0/26', '10.0.0.192/26'), '10.0.0.64: an address in 10.0.0.0/24')
  assert.is(last([], '10.0.0.0/24', '10.0.0.192/26', '10.0.0.0/26'), '10.0.0.191: an address in 10.0.0.0/24')
  assert.is(last(['::a00:3', '10.0.0.1', '10.0.0.0', '10.0.0.6', '10.0.0.7'], '10.0.0.0/29'), '10.0.0.2: an address in 10.0.0.0/29')
  assert.is(last(['10.0.0.6', '10.0.0.7', '10.0.0.0', '10.0.0.1'], '10.0.0.0/29'), '10.0.0.5: an address in 10.0.0.0/29')
})

test('nobody is at an address that cannot be dialled from elsewhere', () => {
  assert.equal(labels(cellsOf(blocks('0.0.0.0/8', '169.254.20.10/32', '127.0.0.0/8', '224.0.0.0/4'), new Set())), [
    '198.51.100.1: an address that no rule names',
  ])
})

test('within a block only what divides it is tried', () => {
  const [within] = blocks('10.1.0.0/16')
  assert.equal(labels(cellsOf(blocks('10.0.0.0/8', '10.1.2.0/24', '192.168.0.0/16'), new Set(), within)), [
    '10.1.0.1: an address in 10.0.0.0/8 and in no smaller block of a rule',
    '10.1.2.1: an address in 10.1.2.0/24',
  ])
  const [first] = labels(cellsOf(blocks('10.0.0.0/8', '10.0.0.0/12', '0.0.0.0/0'), new Set(), within))
  assert.is(first, '10.1.0.1: an address in 10.0.0.0/12 and in no smaller block of a rule')
  assert.equal(labels(cellsOf(blocks('192.168.0.0/16'), new Set(), within)), ['10.1.0.1: an address in 10.1.0.0/16'])
})

test('one address is itself, whosever it is, and so is one of IPv6', () => {
  assert.equal(labels(cellsOf(blocks('10.0.0.0/8'), new Set(['10.0.0.7']), ...blocks('10.0.0.7/32'))), ['10.0.0.7: 10.0.0.7'])
  assert.equal(labels(cellsOf(blocks('10.0.0.0/8'), new Set(), ...blocks('10.0.0.7/32'))), ['10.0.0.7: 10.0.0.7'])
  assert.equal(labels(cellsOf(blocks('10.0.0.0/8'), new Set(), ...blocks('fd00::/16'))), ['fd00::: fd00::/16'])
  assert.equal(labels(cellsOf([], new Set(), ...blocks('fd00::1/128'))), ['fd00::1: fd00::1'])
})

test('blocks and addresses are found wherever a policy has them, each once and without the bits behind the prefix', async () => {
  const policies = await policiesIn(
    networkPolicy(
      '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}], egress: [{to: [{ipBlock: {cidr: fd00::/8}}]}]}',
    ) + clusterPolicy('egress: [{action: Deny, to: [{networks: [10.0.0.0/8, 192.168.7.9/24, 203.0.113.5]}]}]'),
  )
  assert.equal(
    distinctBlocks(blocksIn(policies)).map(({ address, prefix }) => `${address}/${prefix}`),
    [`${10n << 24n}/8`, `${(10n << 24n) + (1n << 16n)}/16`, `${(192n << 24n) + (168n << 16n) + (7n << 8n)}/24`, `${(203n << 24n) + (113n << 8n) + 5n}/32`],
  )
})

test('ports are found by number and by name, and one stands for the others', async () => {
  const policies = await policiesIn(
    networkPolicy('{podSelector: {}, ingress: [{ports: [{port: 8080, endPort: 8090}, {port: metrics}, {port: 7777}]}]}') +
      clusterPolicy(
        'egress: [{action: Accept, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 1, end: 9}}}}, {destinationNamedPort: dns}]}]',
      ),
  )
  assert.equal(portsIn(policies), { ports: [8080, 8090, 7777, 1, 9], portNames: ['metrics', 'dns'], otherPort: 7778 })
})

const examplesBoth = (policies: readonly Resource[]): Example[] =>
  (['ingress', 'egress'] as const).flatMap(direction => [...new Set([...examplesIn(policies, 'release', direction).values()].flat())])

const examples = async (text: string): Promise<string[]> =>
  examplesBoth(await policiesIn(text)).map(({ namespace, namespaceLabels, labels: own, serviceAccount }) =>
    JSON.stringify([namespace ?? '*', namespaceLabels, own, serviceAccount ?? '']),
  )

test('a NetworkPolicy has an example for each peer, and for each label that a peer rules out', async () => {
  const policy = networkPolicy(
    `{podSelector: {matchLabels: {not: read}}, ingress: [{from: [
      {podSelector: {matchLabels: {app: a}, matchExpressions: [{key: tier, operator: In, values: [x, y]}, {key: seen, operator: Exists}, {key: gone, operator: DoesNotExist}, {key: z, operator: NotIn, values: [q]}]}},
      {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring, team: obs}}, podSelector: {}},
      {namespaceSelector: {}},
      {podSelector: {matchLabels: {app: a}, matchExpressions: [{key: tier, operator: In, values: [x]}, {key: seen, operator: Exists}]}}]}],
      egress: [{to: [{namespaceSelector: {matchLabels: {env: prod}}}]}]}`,
  )
  assert.equal(await examples(policy), [
    '["stage",{},{"tier":"x","seen":"any","app":"a"},""]',
    '["stage",{},{"tier":"x","seen":"any","app":"a","gone":"any"},""]',
    '["stage",{},{"tier":"x","seen":"any","app":"a","z":"q"},""]',
    '["monitoring",{"team":"obs"},{},""]',
    '["*",{},{},""]',
    '["*",{"env":"prod"},{},""]',
  ])
})

test('a namespace that is ruled out is one to try', async () => {
  const policy = networkPolicy(
    '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [dev, test]}]}}]}]}',
  )
  assert.equal(await examples(policy), ['["*",{},{},""]', '["dev",{},{},""]'])
})

test('policies that speak of the same pods have one example for both, each for its own direction', async () => {
  const policies = await policiesIn(
    networkPolicy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}') +
      networkPolicy(
        '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}], egress: [{to: [{podSelector: {matchLabels: {app: b}}}]}]}',
        {
          name: 'other',
        },
      ),
  )
  const [one, other] = [...examplesIn(policies, 'release', 'ingress').values()]
  assert.is(one?.length, 1)
  assert.is(one?.[0], other?.[0])
  assert.equal(
    [...examplesIn(policies, 'release', 'egress').values()].map(found => found.map(({ labels: own }) => own)),
    [[], [{ app: 'b' }]],
  )
})

test('a ClusterNetworkPolicy has them of its own peers, and not of its subject', async () => {
  const rules =
    'ingress: [{action: Accept, from: [{pods: {namespaceSelector: {matchLabels: {env: prod}}, podSelector: {matchLabels: {app: a}}}}, {namespaces: {matchLabels: {x: y}}}]}]'
  assert.equal(await examples(clusterPolicy(rules, { subject: '{namespaces: {matchLabels: {un: read}}}' })), [
    '["*",{"env":"prod"},{"app":"a"},""]',
    '["*",{"x":"y"},{},""]',
  ])
})

test('a policy of Cilium has them with namespaces and accounts told from labels', async () => {
  const policy = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: c, namespace: stage}
spec:
  endpointSelector: {}
  ingress:
    - fromEndpoints:
        - matchLabels: {"k8s:io.kubernetes.pod.namespace": monitoring, "k8s:app": prometheus, io.cilium.k8s.policy.serviceaccount: scraper}
        - matchLabels: {"any:role": a, "k8s:io.cilium.k8s.namespace.labels.team": obs}
`
  assert.equal(await examples(policy), ['["monitoring",{},{"app":"prometheus"},"scraper"]', '["stage",{"team":"obs"},{"role":"a"},""]'])
})

test('a policy of Calico has them by its selectors', async () => {
  const policy = `---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: c, namespace: stage}
spec:
  selector: read == 'not'
  ingress:
    - action: Allow
      source: {selector: "app == 'a' && has(seen) && tier in {'x', 'y'} && !has(gone) && role not in {'q'} && role != 'r'", namespaceSelector: "projectcalico.org/name == 'apps'"}
    - action: Allow
      source: {serviceAccounts: {names: [runner]}}
    - action: Allow
      source: {selector: "tier notin {'y', 'z'} || name startswith 'front'", notSelector: "app == 'b'", namespaceSelector: "!has(open)"}
      destination: {selector: read == 'not'}
`
  assert.equal(await examples(policy), [
    '["apps",{},{"app":"a","seen":"any","tier":"x"},""]',
    '["apps",{},{"app":"a","seen":"any","tier":"x","gone":"any"},""]',
    '["apps",{},{"app":"a","seen":"any","tier":"x","role":"q"},""]',
    '["apps",{},{"app":"a","seen":"any","tier":"x","role":"r"},""]',
    '["stage",{},{},"runner"]',
    '["*",{},{"name":"front"},""]',
    '["*",{},{"name":"front","tier":"y"},""]',
    '["*",{},{"name":"front","app":"b"},""]',
    '["*",{"open":"any"},{"name":"front"},""]',
  ])
})

test.run()
