import type { ClusterNode, End, Flow, NamedPort, Namespace, Outside, Pod, World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'

/** What worlds and policies are made of: few words, so that they often meet. */
export const NAMESPACES = ['red', 'green', 'blue'] as const
/** Of which one is called as something that every object of the language has, and may be empty. */
export const LABELS = { app: ['web', 'db', 'cache'], tier: ['front', 'back'], 'example.com/zone': ['a', 'b'], constructor: ['', 'yes'] } as const
/** Of which Cilium does not look at some. */
export const SPECIAL_LABELS = { 'app.kubernetes.io/name': ['web', 'db'], 'pod-template-hash': ['5f7'], 'topology.kubernetes.io/zone': ['a', 'b'] } as const
/** Of pods: the engines give these themselves, or know others by them. */
export const TAKEN_LABELS = {
  host: ['', 'a'],
  'io.kubernetes.pod.namespace': NAMESPACES,
  world: [''],
  'kube-apiserver': [''],
  'io.cilium.k8s.policy.serviceaccount': ['runner'],
  'io.cilium.k8s.namespace.labels.env': ['dev', 'prod'],
  'projectcalico.org/namespace': NAMESPACES,
  'projectcalico.org/orchestrator': ['k8s', 'other'],
  'projectcalico.org/serviceaccount': ['runner'],
  'pcns.env': ['dev', 'prod'],
  'pcns.projectcalico.org/name': NAMESPACES,
  'pcsa.role': ['reader'],
} as const
export const NAMESPACE_LABELS = { env: ['dev', 'prod'], team: ['one', 'two'] } as const
export const NODE_LABELS = {
  pool: ['general', 'edge'],
  'node-role.kubernetes.io/control-plane': [''],
  'kubernetes.io/hostname': ['here', 'there'],
  'topology.kubernetes.io/zone': ['a', 'b'],
} as const
export const SERVICE_ACCOUNTS = ['default', 'runner', 'auditor'] as const
export const PORT_NAMES = ['http', 'metrics', 'dns', 'dns-tcp'] as const
export const PORTS = [53, 80, 443, 8080, 8443, 9090] as const
export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const
export const NAMES = ['api.example.com', 'cdn.example.com', 'example.org'] as const

/** Addresses outside the cluster, of which one looks like a private network. */
const OUTSIDE = ['198.51.100.7', '198.51.100.200', '203.0.113.10', '10.99.0.1'] as const
const OUTSIDE6 = ['2001:db8::7', '2001:db8:1::1', 'fd00:99::1'] as const
/** Blocks that hold some ends and not others: pods, nodes, apiserver, the outside. */
export const BLOCKS = [
  '0.0.0.0/0',
  '10.1.0.0/16',
  '10.1.0.0/29',
  '10.0.0.0/8',
  '192.168.1.0/24',
  '192.168.1.1/32',
  '198.51.100.0/24',
  '198.51.100.0/25',
  '198.51.100.7/32',
  '203.0.113.0/24',
  '172.20.0.1/32',
] as const

const BLOCKS6 = ['::/0', '2001:db8::/32', '2001:db8::/64', '2001:db8::7/128', 'fd00::/8', 'fd00:2::1/128', 'fd00:3::1/128'] as const

/** Of the families that a world has. */
export function blocksIn(world: World): readonly string[] {
  const { four, six } = familiesOf(world)
  return [...(four ? BLOCKS : []), ...(six ? BLOCKS6 : [])]
}

export function familiesOf({ pods, nodes }: World): { four: boolean; six: boolean } {
  const addresses = [...pods, ...nodes].flatMap(end => end.addresses)
  return { four: addresses.some(address => !address.includes(':')), six: addresses.some(address => address.includes(':')) }
}

export function randomWorld(chance: Chance): World {
  const namespaces: Namespace[] = NAMESPACES.map(name => ({
    name,
    labels: { ...some(chance, NAMESPACE_LABELS), ...(chance.chance(0.1) ? { 'projectcalico.org/name': 'red' } : {}), 'kubernetes.io/metadata.name': name },
  }))
  const pods = chance.times(4, 9, () => 0).map((_, index) => randomPod(chance, index))
  const nodes: ClusterNode[] = [
    { kind: 'node', name: 'here', labels: some(chance, NODE_LABELS), addresses: ['192.168.1.1'], local: true },
    { kind: 'node', name: 'there', labels: some(chance, NODE_LABELS), addresses: ['192.168.1.2'], local: false },
  ]
  return {
    namespaces,
    pods,
    nodes,
    services: chance
      .times(0, 2, () => 0)
      .map((_, index) => ({
        namespace: chance.pick(NAMESPACES),
        name: `service-${index}`,
        labels: {},
        clusterAddresses: [`10.96.0.${index + 10}`],
        backends: { selector: { app: chance.pick(LABELS.app) } },
        ports: [{ name: 'http', port: 80, target: chance.pick(PORTS), protocol: 'TCP' }],
      })),
    serviceAccounts: NAMESPACES.flatMap(namespace => SERVICE_ACCOUNTS.map(name => ({ namespace, name, labels: { ...some(chance, { role: ['reader', 'writer'] }) } }))),
    apiserver: { kind: 'apiserver', addresses: [chance.pick(['172.20.0.1', '172.20.0.1', '192.168.1.2'])], port: 6443 },
    names: chance.chance(0.7) ? NAMES.map((name, index) => ({ name, addresses: [OUTSIDE[index] ?? OUTSIDE[0]] })) : [],
  }
}

function randomPod(chance: Chance, index: number): Pod {
  return {
    kind: 'pod',
    namespace: chance.pick(NAMESPACES),
    name: `pod-${index}`,
    labels: {
      ...some(chance, LABELS),
      ...(chance.chance(0.2) ? some(chance, SPECIAL_LABELS) : {}),
      ...(chance.chance(0.1) ? { 'k8s-app': 'kube-dns' } : {}),
      ...(chance.chance(0.15) ? oneOf(chance, TAKEN_LABELS) : {}),
    },
    serviceAccount: chance.pick(SERVICE_ACCOUNTS),
    addresses: [`10.1.0.${index + 1}`],
    ports: randomPorts(chance),
  }
}

/** Names that stand for other numbers in other pods. */
function randomPorts(chance: Chance): NamedPort[] {
  // Containers of one pod may call ports by the same name.
  const names = PORT_NAMES.flatMap(name => (chance.chance(0.5) ? (chance.chance(0.12) ? [name, name] : [name]) : []))
  return names.map(name => ({
    name,
    port: name.startsWith('dns') ? 53 : chance.pick(PORTS),
    protocol: name === 'dns' ? 'UDP' : chance.pick(['TCP', 'TCP', 'TCP', 'UDP', 'SCTP'] as const),
  }))
}

export function shuffled<T>(chance: Chance, all: readonly T[]): T[] {
  return all
    .map(one => ({ one, at: chance.below(1_000_000) }))
    .sort((one, other) => one.at - other.at)
    .map(({ one }) => one)
}

export function some(chance: Chance, all: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).flatMap(([key, values]) => (chance.chance(0.6) ? [[key, chance.pick(values)]] : [])))
}

function oneOf(chance: Chance, all: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const key = chance.pick(Object.keys(all))
  return { [key]: chance.pick(all[key] ?? ['']) }
}

export function outsides(world: World): Outside[] {
  const { four, six } = familiesOf(world)
  return [...(four ? OUTSIDE : []), ...(six ? OUTSIDE6 : [])].map(address => ({ kind: 'outside', address }))
}

/** Every pod with every other end, both ways, each on a port of its own and on one more. */
export function randomFlows(chance: Chance, world: World): Flow[] {
  const ends: End[] = [...world.pods, ...world.nodes, ...(world.apiserver === undefined ? [] : [world.apiserver]), ...outsides(world)]
  const pairs = world.pods.flatMap((pod): Pick<Flow, 'from' | 'to'>[] =>
    ends.flatMap(end => (end === pod ? [] : [{ from: pod, to: end }, ...(end.kind === 'pod' ? [] : [{ from: end, to: pod }])])),
  )
  return pairs.flatMap(pair => [randomTraffic(chance, pair.to), randomTraffic(chance, pair.to)].map(traffic => ({ ...pair, ...traffic })))
}

function randomTraffic(chance: Chance, to: End): Pick<Flow, 'port' | 'protocol'> {
  if (to.kind === 'pod' && to.ports.length > 0 && chance.chance(0.6)) {
    const { port, protocol } = chance.pick(to.ports)
    return { port, protocol }
  }
  if (to.kind === 'apiserver' && chance.chance(0.6)) return { port: to.port, protocol: 'TCP' }
  return { port: chance.pick(PORTS), protocol: chance.pick(['TCP', 'TCP', 'TCP', 'UDP', 'SCTP'] as const) }
}

/** The world as the judges read it. */
export function worldJson({ namespaces, pods, nodes, services, serviceAccounts, apiserver, names }: World): string {
  return JSON.stringify({
    namespaces,
    pods: pods.map(({ namespace, name, labels, serviceAccount, addresses, ports }) => ({
      namespace,
      name,
      labels,
      serviceAccount,
      ip: addresses[0],
      ips: addresses,
      ports: ports.map(port => ({ ...port, name: port.name ?? '' })),
    })),
    nodes: nodes.map(({ name, labels, addresses, local }) => ({ name, labels, ip: addresses[0], local })),
    services: services.map(({ namespace, name, labels, clusterAddresses, backends, ports }) => ({
      namespace,
      name,
      labels,
      clusterIP: clusterAddresses[0],
      ...('selector' in backends ? { selector: backends.selector } : { endpoints: backends.addresses }),
      ports: ports.map(({ name: portName, port, target, protocol }) => ({ name: portName ?? '', port, targetPort: target, protocol })),
    })),
    serviceAccounts,
    ...(apiserver === undefined ? {} : { apiserver: { ip: apiserver.addresses[0], port: apiserver.port } }),
    dns: Object.fromEntries(names.map(({ name, addresses }) => [name, addresses])),
  })
}
