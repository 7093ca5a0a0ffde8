import { rows } from './model.ts'
import type { Row } from './model.ts'

const from = [{ namespaces: { matchLabels: { team: 'a' } } }]
const accept = (more: object): object => ({ name: 'rule', action: 'Accept', ...more })
const into = (more: object = {}): object => accept({ from, ...more })
const outOf = (more: object): object => accept({ to: [{ namespaces: {} }], ...more })
const tcp = (destinationPort: object): object => ({ tcp: { destinationPort } })
const times = (count: number, make: (index: number) => object): object[] => Array.from({ length: count }, (_, index) => make(index))

export const clusterNetworkPolicy: readonly Row[] = [
  ...rows('clusterNetworkPolicy', true, 'ingress', {
    namespaces: into(),
    'all namespaces': accept({ from: [{ namespaces: {} }] }),
    pods: accept({ from: [{ pods: { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['x'] }] } } }] }),
    'without a name': { action: 'Accept', from },
    deny: { name: 'no', action: 'Deny', from },
    pass: { name: 'on', action: 'Pass', from },
    'a port': into({ protocols: [tcp({ number: 8080 })] }),
    'a range of ports': into({ protocols: [{ udp: { destinationPort: { range: { start: 1, end: 65535 } } } }] }),
    SCTP: into({ protocols: [{ sctp: { destinationPort: { number: 1 } } }] }),
    'a port by name': into({ protocols: [{ destinationNamedPort: 'webhook' }] }),
    'a name of 100 characters': into({ name: 'n'.repeat(100) }),
    '25 peers': accept({ from: times(25, index => ({ namespaces: { matchLabels: { n: String(index) } } })) }),
    '25 protocols': into({ protocols: times(25, index => tcp({ number: index + 1 })) }),
  }),
  ...rows('clusterNetworkPolicy', true, 'egress', {
    'egress namespaces': outOf({}),
    networks: accept({ to: [{ networks: ['10.0.0.0/8', 'fd00::/8'] }] }),
    'a network with a port': accept({ to: [{ networks: ['203.0.113.0/24'] }], protocols: [tcp({ number: 443 })] }),
  }),
  // Nothing refuses these, and they are mistakes: ours may say so.
  ...rows('clusterNetworkPolicy', true, 'ingress', {
    'two rules of one name': [into({ name: 'twice' }), into({ name: 'twice' })],
    'pods without namespaces': accept({ from: [{ pods: { podSelector: {} } }] }),
    'an unknown operator': accept({ from: [{ namespaces: { matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] } }] }),
    'In without values': accept({ from: [{ namespaces: { matchExpressions: [{ key: 'a', operator: 'In' }] } }] }),
  }).map((row): Row => ({ ...row, free: true })),
  // Whether these are taken depends on who reads them, which the values do not say; Cilium has a flag for nodes.
  ...rows('clusterNetworkPolicy', true, 'egress', { 'domain names': accept({ to: [{ domainNames: ['example.com', '*.example.org'] }] }) }).map((row): Row => ({
    ...row,
    notBy: ['calico'],
  })),
  ...rows('clusterNetworkPolicy', true, 'egress', { nodes: accept({ to: [{ nodes: { matchLabels: { role: 'x' } } }] }) }).map((row): Row => ({
    ...row,
    notBy: ['cilium', 'calico'],
  })),
  ...rows('clusterNetworkPolicy', false, 'ingress', {
    'every port of a protocol': into({ protocols: [{ tcp: {} }] }),
    'no action': { name: 'rule', from },
    'an action of another engine': { name: 'rule', action: 'Allow', from },
    'no peers': accept({}),
    'an empty list of peers': accept({ from: [] }),
    'a peer with nothing': accept({ from: [{}] }),
    'a peer with two selectors': accept({ from: [{ namespaces: {}, pods: { namespaceSelector: {}, podSelector: {} } }] }),
    'networks in ingress': accept({ from: [{ networks: ['10.0.0.0/8'] }] }),
    'egress peers in ingress': accept({ to: [{ namespaces: {} }] }),
    'an empty list of protocols': into({ protocols: [] }),
    'port 70000': into({ protocols: [tcp({ number: 70000 })] }),
    'port 0': into({ protocols: [tcp({ number: 0 })] }),
    'a port as text': into({ protocols: [tcp({ number: '443' })] }),
    'a port that is both': into({ protocols: [tcp({ number: 443, range: { start: 1, end: 2 } })] }),
    'a port that is neither': into({ protocols: [tcp({})] }),
    'a range that runs backwards': into({ protocols: [tcp({ range: { start: 9, end: 8 } })] }),
    'a range of one': into({ protocols: [tcp({ range: { start: 9, end: 9 } })] }),
    'two protocols at once': into({ protocols: [{ tcp: {}, udp: {} }] }),
    'a protocol with nothing': into({ protocols: [{}] }),
    'a protocol in upper case': into({ protocols: [{ TCP: { destinationPort: { number: 443 } } }] }),
    'a name of 101 characters': into({ name: 'n'.repeat(101) }),
    '26 peers': accept({ from: times(26, index => ({ namespaces: { matchLabels: { n: String(index) } } })) }),
    '26 protocols': into({ protocols: times(26, index => tcp({ number: index + 1 })) }),
    '26 rules': times(26, index => into({ name: `rule-${index}` })),
    'an unknown field': into({ ports: [{ port: 443 }] }),
    'a list that is an object': accept({ from: { namespaces: {} } }),
  }),
  ...rows('clusterNetworkPolicy', false, 'egress', {
    'a network that is none': accept({ to: [{ networks: ['10.0.0.0/33'] }] }),
    'a network of words': accept({ to: [{ networks: ['everywhere'] }] }),
    'an empty list of networks': accept({ to: [{ networks: [] }] }),
    '26 networks': accept({ to: [{ networks: times(26, index => ({ index })).map((_, index) => `10.${index}.0.0/16`) }] }),
    'a network twice': accept({ to: [{ networks: ['10.0.0.0/8', '10.0.0.0/8'] }] }),
    'ingress peers in egress': accept({ from }),
  }),
  ...rows('clusterNetworkPolicy', false, 'egress', {
    'domain names in a Deny': { name: 'no', action: 'Deny', to: [{ domainNames: ['example.com'] }] },
    'a domain name with a star inside': accept({ to: [{ domainNames: ['a.*.example.com'] }] }),
    'an empty list of domain names': accept({ to: [{ domainNames: [] }] }),
  }),
]
