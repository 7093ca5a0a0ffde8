import { comesFrom, targets } from './expect.ts'
import type { End, Engine, EgressRule, Flow, IngressRule, Meaning, World } from './model.ts'

/** Rules of an engine's own dialect, each with what it means beside it. */
export interface Entry {
  direction: 'ingress' | 'egress'
  rule: object
  admits: (flow: Flow, world: World) => boolean
}

const isPod = (end: End, namespace: string, labels: Record<string, string> = {}): boolean =>
  end.kind === 'pod' && end.namespace === namespace && Object.entries(labels).every(([key, value]) => end.labels[key] === value)
const on = (flow: Flow, port: number, protocol = 'TCP'): boolean => flow.port === port && flow.protocol === protocol
const isNode = (world: World, end: End): boolean => world.ends.some(other => other.kind === 'node' && end.kind !== 'pod' && other.ip === end.ip)
const isRemote = (world: World, end: End): boolean => world.ends.some(other => other.kind === 'node' && !other.local && end.kind !== 'pod' && other.ip === end.ip)
/** On Cilium an address is picked by CIDR only where it is neither a pod's nor a node's. */
const plain = (world: World, end: End): boolean => end.kind !== 'pod' && !isNode(world, end)

/** A port by its name, of a pod in the namespaces of a team. */
const isNamedOf = ({ to, port, protocol }: Flow, world: World, team: string, name: string): boolean =>
  to.kind === 'pod' &&
  world.namespaceLabels[to.namespace]?.['team'] === team &&
  to.labels['app'] === 'web' &&
  to.ports.some(own => own.name === name && own.port === port && own.protocol === protocol)

const NAMESPACE = 'kubernetes.io/metadata.name'
const CILIUM_NAMESPACE = 'k8s:io.kubernetes.pod.namespace'

const cilium: readonly Entry[] = [
  {
    direction: 'ingress',
    rule: { fromEndpoints: [{ matchLabels: { [CILIUM_NAMESPACE]: 'flagger-system', app: 'flagger' } }] },
    admits: ({ from }) => isPod(from, 'flagger-system', { app: 'flagger' }),
  },
  {
    direction: 'ingress',
    rule: {
      fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.cilium.k8s.namespace.labels.team', operator: 'In', values: ['observability'] }] }],
      toPorts: [{ ports: [{ port: '7777', protocol: 'TCP' }] }],
    },
    admits: flow => isPod(flow.from, 'monitoring') && on(flow, 7777),
  },
  {
    direction: 'ingress',
    rule: { fromCIDRSet: [{ cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
    admits: (flow, world) => plain(world, flow.from) && comesFrom(flow, '198.51.100.0/24') && !comesFrom(flow, '198.51.100.128/25') && on(flow, 443),
  },
  {
    direction: 'ingress',
    rule: { fromEntities: ['remote-node'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
    admits: (flow, world) => isRemote(world, flow.from) && on(flow, 443),
  },
  {
    direction: 'egress',
    rule: { toFQDNs: [{ matchName: 'bucket.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
    admits: flow => flow.to.kind === 'outside' && (flow.to.names ?? []).includes('bucket.example.com') && on(flow, 443),
  },
  {
    direction: 'egress',
    rule: { toEndpoints: [{ matchLabels: { [CILIUM_NAMESPACE]: 'flux-system' } }] },
    admits: ({ to }) => isPod(to, 'flux-system'),
  },
  {
    direction: 'egress',
    rule: { toCIDR: ['203.0.113.10/32'], toPorts: [{ ports: [{ port: '4317', protocol: 'TCP' }] }] },
    admits: (flow, world) => plain(world, flow.to) && targets(flow, '203.0.113.10/32') && on(flow, 4317),
  },
  {
    direction: 'egress',
    rule: { toEntities: ['remote-node'], toPorts: [{ ports: [{ port: '10250', protocol: 'TCP' }] }] },
    admits: (flow, world) => isRemote(world, flow.to) && on(flow, 10250),
  },
  {
    direction: 'ingress',
    rule: { fromCIDR: ['203.0.113.10/32'], toPorts: [{ ports: [{ port: '8080', protocol: 'UDP' }] }] },
    admits: (flow, world) => plain(world, flow.from) && comesFrom(flow, '203.0.113.10/32') && on(flow, 8080, 'UDP'),
  },
  {
    direction: 'ingress',
    rule: {
      fromEndpoints: [{ matchLabels: { [CILIUM_NAMESPACE]: 'monitoring' }, matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['other'] }] }],
      toPorts: [{ ports: [{ port: '10200', endPort: 10300, protocol: 'TCP' }] }],
    },
    admits: flow => isPod(flow.from, 'monitoring') && flow.protocol === 'TCP' && flow.port >= 10200 && flow.port <= 10300,
  },
  {
    direction: 'egress',
    rule: { toCIDRSet: [{ cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] }], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }] },
    admits: (flow, world) => plain(world, flow.to) && targets(flow, '198.51.100.0/24') && !targets(flow, '198.51.100.128/25') && on(flow, 53, 'UDP'),
  },
  {
    direction: 'egress',
    rule: { toFQDNs: [{ matchPattern: 'bucket.*.com' }], toPorts: [{ ports: [{ port: '4317', protocol: 'ANY' }] }] },
    admits: flow => flow.to.kind === 'outside' && (flow.to.names ?? []).includes('bucket.example.com') && on(flow, 4317),
  },
]

const calico: readonly Entry[] = [
  {
    direction: 'ingress',
    rule: { action: 'Allow', source: { namespaceSelector: `${NAMESPACE} == 'flagger-system'`, selector: "app == 'flagger'" } },
    admits: ({ from }) => isPod(from, 'flagger-system', { app: 'flagger' }),
  },
  {
    direction: 'ingress',
    rule: { action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'" }, destination: { ports: [7777] } },
    admits: flow => flow.to.kind === 'pod' && isPod(flow.from, flow.to.namespace, { app: 'web' }) && on(flow, 7777),
  },
  {
    direction: 'ingress',
    rule: { action: 'Allow', protocol: 'TCP', source: { nets: ['198.51.100.0/24'], notNets: ['198.51.100.128/25'] }, destination: { ports: ['440:443'] } },
    admits: flow => comesFrom(flow, '198.51.100.0/24') && !comesFrom(flow, '198.51.100.128/25') && on(flow, 443),
  },
  {
    direction: 'ingress',
    rule: { action: 'Allow', protocol: 'UDP', source: { namespaceSelector: "team == 'observability'" }, destination: { ports: [8080] } },
    admits: flow => isPod(flow.from, 'monitoring') && on(flow, 8080, 'UDP'),
  },
  {
    direction: 'egress',
    rule: { action: 'Allow', protocol: 'TCP', destination: { nets: ['198.51.100.0/24', '203.0.113.10/32'], ports: [443, 4317] } },
    admits: flow => (targets(flow, '198.51.100.0/24') || targets(flow, '203.0.113.10/32')) && (on(flow, 443) || on(flow, 4317)),
  },
  {
    direction: 'egress',
    rule: { action: 'Allow', destination: { namespaceSelector: `${NAMESPACE} == 'flux-system'` } },
    admits: ({ to }) => isPod(to, 'flux-system'),
  },
  {
    direction: 'ingress',
    rule: {
      action: 'Allow',
      ipVersion: 4,
      protocol: 6,
      source: { serviceAccounts: { names: ['default'] }, namespaceSelector: `${NAMESPACE} == 'monitoring'` },
      destination: { ports: [10250] },
    },
    admits: flow => isPod(flow.from, 'monitoring') && comesFrom(flow, '0.0.0.0/0') && on(flow, 10250),
  },
  {
    // It stands after what the policy itself allows, and takes none of that away.
    direction: 'ingress',
    rule: { action: 'Deny', source: { nets: ['192.0.2.64/29'] } },
    admits: () => false,
  },
  {
    direction: 'egress',
    rule: { action: 'Allow', protocol: 'UDP', destination: { nets: ['192.0.2.64/29'], notNets: ['192.0.2.70/32'], notPorts: [7777] } },
    admits: flow => targets(flow, '192.0.2.64/29') && flow.protocol === 'UDP' && flow.port !== 7777,
  },
  {
    direction: 'egress',
    rule: { action: 'Allow', destination: { services: { name: 'kubernetes', namespace: 'default' } } },
    admits: (flow, world) => world.ends.some(end => end.kind === 'apiserver' && end.ip === flow.to.ip && on(flow, end.port)),
  },
  {
    direction: 'egress',
    rule: { action: 'Allow', protocol: 'TCP', destination: { namespaceSelector: "team == 'a'", selector: "app in {'web', 'api'}", ports: ['otlp', '9000:9010'] } },
    admits: (flow, world) => isNamedOf(flow, world, 'a', 'otlp'),
  },
]

const clusterNetworkPolicy: readonly Entry[] = [
  {
    direction: 'ingress',
    rule: {
      name: 'flagger',
      action: 'Accept',
      from: [{ pods: { namespaceSelector: { matchLabels: { [NAMESPACE]: 'flagger-system' } }, podSelector: { matchLabels: { app: 'flagger' } } } }],
    },
    admits: ({ from }) => isPod(from, 'flagger-system', { app: 'flagger' }),
  },
  {
    direction: 'ingress',
    rule: {
      name: 'observability',
      action: 'Accept',
      from: [{ namespaces: { matchLabels: { team: 'observability' } } }],
      protocols: [{ tcp: { destinationPort: { range: { start: 7770, end: 7780 } } } }, { udp: { destinationPort: { number: 8080 } } }],
    },
    admits: flow => isPod(flow.from, 'monitoring') && (on(flow, 7777) || on(flow, 8080, 'UDP')),
  },
  {
    direction: 'egress',
    rule: {
      name: 'outside',
      action: 'Accept',
      to: [{ networks: ['198.51.100.0/25', '203.0.113.10/32'] }],
      protocols: [{ tcp: { destinationPort: { number: 443 } } }, { tcp: { destinationPort: { number: 4317 } } }],
    },
    admits: (flow, world) => plain(world, flow.to) && (targets(flow, '198.51.100.0/25') || targets(flow, '203.0.113.10/32')) && (on(flow, 443) || on(flow, 4317)),
  },
  {
    direction: 'egress',
    rule: { name: 'flux', action: 'Accept', to: [{ namespaces: { matchLabels: { [NAMESPACE]: 'flux-system' } } }] },
    admits: ({ to }) => isPod(to, 'flux-system'),
  },
  {
    // Beyond the Baseline tier nothing denies.
    direction: 'ingress',
    rule: {
      name: 'leave-to-others',
      action: 'Pass',
      from: [
        {
          pods: {
            namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
            podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['prometheus'] }] },
          },
        },
      ],
      protocols: [{ tcp: { destinationPort: { number: 10250 } } }],
    },
    admits: flow => isPod(flow.from, 'monitoring', { app: 'prometheus' }) && on(flow, 10250),
  },
  {
    direction: 'egress',
    rule: { name: 'resolvers-outside', action: 'Accept', to: [{ networks: ['192.0.2.64/29'] }], protocols: [{ udp: { destinationPort: { range: { start: 50, end: 60 } } } }] },
    admits: (flow, world) => plain(world, flow.to) && targets(flow, '192.0.2.64/29') && on(flow, 53, 'UDP'),
  },
  {
    direction: 'egress',
    rule: {
      name: 'collector',
      action: 'Accept',
      to: [{ pods: { namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: { matchLabels: { app: 'web' } } } }],
      protocols: [{ destinationNamedPort: 'otlp' }],
    },
    admits: (flow, world) => isNamedOf(flow, world, 'a', 'otlp'),
  },
]

const ENTRIES: Record<Engine, readonly Entry[]> = { kubernetes: [], cilium, calico, clusterNetworkPolicy }

export interface Passthrough {
  lists: { ingress: object[]; egress?: object[] }
  meanings: Meaning[]
}

/** The engine's passthrough lists; the egress list only where egress is on. */
export function passthrough(engine: Engine, withEgress: boolean): Passthrough {
  const entries = ENTRIES[engine].filter(({ direction }) => direction === 'ingress' || withEgress)
  const rules = (wanted: 'ingress' | 'egress'): object[] => entries.filter(({ direction }) => direction === wanted).map(({ rule }) => rule)
  return {
    lists: { ingress: rules('ingress'), ...(withEgress ? { egress: rules('egress') } : {}) },
    meanings: entries.map(({ direction, admits }) => ({ direction, admits })),
  }
}

/** What the kubernetes engine has in the place of passthrough lists. */
export const additionalIngress: IngressRule[] = [
  { ports: [{ protocol: 'TCP', port: 7777 }], from: [{ namespaceSelector: { matchLabels: { [NAMESPACE]: 'monitoring' } } }] },
  { ports: [{ protocol: 'TCP', port: 440, endPort: 450 }], from: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] } }] },
  { ports: [{ protocol: 'UDP', port: 8080 }], from: [{ podSelector: { matchLabels: { app: 'web' } } }] },
  { from: [{ namespaceSelector: { matchLabels: { [NAMESPACE]: 'flagger-system' } }, podSelector: { matchLabels: { app: 'flagger' } } }] },
]

/** A complete egress list, as the description shows it. */
export const egressTo: EgressRule[] = [
  { to: [{ namespaceSelector: { matchLabels: { [NAMESPACE]: 'flux-system' } } }] },
  { to: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.200/32'] } }], ports: [{ protocol: 'TCP', port: 443 }] },
  { to: [{ ipBlock: { cidr: '203.0.113.10/32' } }], ports: [{ protocol: 'TCP', port: 4317 }] },
  { to: [{ namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 'otlp' }] },
]
