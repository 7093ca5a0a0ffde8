import { rows } from './model.ts'
import type { Case, Peer, Port, Rule } from './model.ts'
import { blocksWithExceptions, labels, ofNamespaces, peersInWords, peersOfPods, plainBlocks, requires } from './selectors.ts'

export function table(): Case[] {
  return [...ofPeers(), ...ofRows(), ...ofPorts(), ...ofLists(), ...ofLimits()]
}

/** Policies of ClusterNetworkPolicy end at 25 rules, and the rows take some. */
const MOST_RULES = 20
const noRows = { from: {} }
const web: Peer = { namespaceSelector: {}, podSelector: labels({ app: 'web' }) }

/** One rule for each peer, told apart by their ports. */
const each = (peers: readonly Peer[]): Rule[] => peers.map((peer, index) => ({ peers: [peer], ports: [{ port: 10000 + index }] }))

function ofPeers(): Case[] {
  return [
    ...pieces([...peersOfPods, ...peersInWords]).map((peers, index) => ({ id: `pods and namespaces ${index}`, values: { ...noRows, ingress: each(peers), egress: each(peers) } })),
    { id: 'blocks called', values: { ...noRows, ingress: [], egress: each(plainBlocks) } },
    { id: 'blocks that call', values: { ...noRows, ingress: each(plainBlocks) } },
    { id: 'a block that calls', values: { ...noRows, ingress: [{ peers: [web, ...plainBlocks.slice(0, 1)] }] } },
    { id: 'exceptions called', values: { ...noRows, ingress: [], egress: each(blocksWithExceptions) } },
    { id: 'exceptions that call', values: { ...noRows, ingress: each(blocksWithExceptions) } },
    { id: 'an exception called', values: { ...noRows, ingress: [], egress: [{ peers: [web, ...blocksWithExceptions.slice(0, 1)], ports: [{ port: 443 }] }] } },
    {
      id: 'peers of all kinds together',
      values: {
        ...noRows,
        ingress: [],
        egress: [{ peers: [web, { podSelector: {} }, ...plainBlocks.slice(7, 9), { namespaceSelector: labels({ env: 'dev' }) }], ports: [{ port: 443 }] }],
      },
    },
    { id: 'more peers than a rule takes', values: { ...noRows, ingress: [{ peers: many, ports: [{ port: 80 }] }], egress: [{ peers: many, ports: [{ port: 80 }] }] } },
  ]
}

const many = Array.from({ length: 60 }, (_, index): Peer => ({ namespaceSelector: {}, podSelector: labels({ app: index === 58 ? 'web' : `app-${index}` }) }))

function ofRows(): Case[] {
  const narrowed = (peers: readonly Peer[]): Case['values']['from'] => Object.fromEntries(rows.map((row, index) => [row, peers.slice(index, index + 2)]))
  return [
    { id: 'rows with callers', values: { from: narrowed(ofNamespaces.slice(10).map(namespaceSelector => ({ namespaceSelector }))), ingress: [] } },
    { id: 'rows with pods of the namespace', values: { from: narrowed(peersOfPods.slice(8)), ingress: [], egress: [] } },
    ...(['metrics', 'health'] as const).map(row => ({ id: `a block that calls ${row}`, values: { from: { [row]: [web, ...blocksWithExceptions.slice(0, 1)] }, ingress: [] } })),
    { id: 'rows with empty lists', values: { from: { metrics: [], webhook: null, gate: [], mcp: null }, ingress: [], egress: [] } },
  ]
}

const NUMBERS: readonly Port[][] = [
  [{ port: 80 }],
  [{ port: 81, protocol: 'TCP' }],
  [{ port: 82, protocol: 'UDP' }],
  [{ port: 83, protocol: 'SCTP' }],
  [{ port: 84, protocol: null, endPort: null }],
  [{ port: 1000, endPort: 1010 }],
  [{ port: 1100, endPort: 1100 }],
  [{ port: 1200, endPort: 1210, protocol: 'UDP' }],
  [{ port: 1300, endPort: 1301, protocol: 'SCTP' }],
  [{ port: 1 }],
  [{ port: 65535 }],
  [{ port: 1400 }, { port: 1400, protocol: 'UDP' }, { port: 1402 }],
  [{ port: 1500, endPort: 1510 }, { port: 1505, endPort: 1520 }, { port: 1505 }, { port: 1505 }],
  // More than Cilium, Calico and ClusterNetworkPolicy take in one rule.
  Array.from({ length: 55 }, (_, index) => ({ port: 3000 + 2 * index })),
]

const OPEN: readonly Port[][] = [[{ protocol: 'TCP' }], [{ protocol: 'UDP' }], [{ protocol: 'SCTP' }], [{}], [{ port: null, protocol: 'UDP' }], [{ port: 1, endPort: 65535 }]]
const NAMED: readonly Port[][] = [[{ port: 'webhook' }], [{ port: 'dns', protocol: 'UDP' }], [{ port: 'sig', protocol: 'SCTP' }, { port: 'nobody' }, { port: 5000 }]]

function ofPorts(): Case[] {
  const toWeb = (lists: readonly Port[][]): Rule[] => lists.map(ports => ({ peers: [web], ports }))
  const apart = OPEN.map((ports, index): Rule => ({ peers: [{ namespaceSelector: {}, podSelector: labels({ app: ['web', 'batch', 'prometheus', 'db'][index] ?? 'x' }) }], ports }))
  return [
    { id: 'ports by number', values: { ...noRows, ingress: toWeb(NUMBERS), egress: toWeb(NUMBERS) } },
    { id: 'ports by protocol', values: { ...noRows, ingress: apart, egress: apart } },
    { id: 'ports all but a few', values: { ...noRows, ingress: toWeb([[{ port: 100, endPort: 65000 }]]), egress: toWeb([[{ port: 100, endPort: 65000 }]]) } },
    { id: 'ports by name that are called', values: { ...noRows, ingress: toWeb(NAMED) } },
    { id: 'a port by name and another protocol', values: { ...noRows, ingress: toWeb([[{ port: 'dns' }]]) } },
    {
      id: 'ports by name that call',
      values: { ...noRows, ingress: [], egress: toWeb([[{ port: 'web' }], [{ port: 'dns', protocol: 'UDP' }], [{ port: 'sig', protocol: 'SCTP' }]]) },
    },
    { id: 'a port by name of anybody', values: { ...noRows, ingress: [{ ports: [{ port: 'dns', protocol: 'UDP' }] }], egress: [{ ports: [{ port: 'web' }] }] } },
    { id: 'a port by name in a block', values: { ...noRows, ingress: [], egress: [{ peers: plainBlocks.slice(3, 4), ports: [{ port: 'web' }] }] } },
  ]
}

function ofLists(): Case[] {
  const [a, b, c] = ['web', 'batch', 'prometheus'].map((app): Peer => ({ namespaceSelector: {}, podSelector: labels({ app }) }))
  const half = [{ peers: [], ports: [{ port: 81 }] }, { peers: null, ports: [{ port: 82 }] }, { ports: [{ port: 83 }] }]
  const other = [a, b, c].flatMap((peer, index): Rule[] => (peer === undefined ? [] : [{ peers: [peer], ...[{ ports: [] }, { ports: null }, {}][index] }]))
  return [
    ...[[], [{}], [{ peers: [], ports: [] }], [{ peers: null, ports: null }]].map((rules: Rule[], index) => ({
      id: `lists of nothing ${index}`,
      values: { ...noRows, ingress: rules, egress: rules },
    })),
    { id: 'lists without peers', values: { ...noRows, ingress: half, egress: half } },
    { id: 'lists without ports', values: { ...noRows, ingress: other, egress: other } },
  ]
}

function ofLimits(): Case[] {
  const named = (length: number, slash = ''): Rule[] => [{ peers: [{ namespaceSelector: labels({ [`${'k'.repeat(length)}${slash}`]: 'x' }) }] }]
  const long = requires({ key: 'app', operator: 'NotIn', values: Array.from({ length: 90 }, (_, index) => `application-${index}`) })
  const except = Array.from({ length: 257 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`)
  return [
    { id: 'the longest key of namespaces', values: { ...noRows, ingress: [...named(32), ...named(63, '/k')] } },
    { id: 'a longer key of namespaces', values: { ...noRows, ingress: named(33) } },
    { id: 'the longest prefix of namespaces', values: { ...noRows, ingress: named(222, '/k') } },
    { id: 'a longer prefix of namespaces', values: { ...noRows, ingress: named(223, '/k') } },
    // A NetworkPolicy of this kind is read by Cilium as if the label were not there.
    {
      id: 'the label of namespaces on pods',
      values: { ...noRows, ingress: [{ peers: [{ podSelector: labels({ 'io.kubernetes.pod.namespace': 'apps' }) }] }] },
      only: ['cilium', 'calico'],
    },
    { id: 'a label of namespaces on pods', values: { ...noRows, ingress: [{ peers: [{ podSelector: labels({ 'io.cilium.k8s.namespace.labels.team': 'a' }) }] }] } },
    { id: 'a long selector', values: { ...noRows, ingress: [{ peers: [{ podSelector: long }] }] }, exceeds: ['calico'] },
    { id: 'a long selector of namespaces', values: { ...noRows, ingress: [], egress: [{ peers: [{ namespaceSelector: long }] }] }, exceeds: ['calico'] },
    { id: 'many exceptions', values: { ...noRows, ingress: [], egress: [{ peers: [{ ipBlock: { cidr: '10.0.0.0/8', except } }] }] }, exceeds: ['calico'] },
    { id: 'many rules', values: { ...noRows, ingress: each(many.slice(0, 25)) }, exceeds: ['clusterNetworkPolicy'] },
  ]
}

function pieces<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST_RULES) }, (_, index) => all.slice(index * MOST_RULES, (index + 1) * MOST_RULES))
}
