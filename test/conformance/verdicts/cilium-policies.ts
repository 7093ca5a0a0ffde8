import type { World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import type { PolicyObject } from './model.ts'
import { randomBlock } from './network-policy.ts'
import { randomSelector } from './selectors.ts'
import { LABELS, NAMES, NAMESPACES, NAMESPACE_LABELS, NODE_LABELS, PORTS, PORT_NAMES, SERVICE_ACCOUNTS, SPECIAL_LABELS, TAKEN_LABELS, blocksIn, some } from './world.ts'

/** Random CiliumNetworkPolicies, CiliumClusterwideNetworkPolicies and CiliumCIDRGroups with all that the CRDs have but what needs a cloud. */
export function ciliumPolicies(chance: Chance, world: World, { nodes }: { nodes: boolean }): PolicyObject[] {
  const blocks = blocksIn(world)
  // Rules of several modes, or of several proxies on one port, are not merged.
  const settings: Settings = { nodes, blocks, authentication: chance.pick(['required', 'disabled', 'test-always-fail']) }
  const groups = chance.times(0, 2, () => 0).map((_, index) => randomGroup(chance, index, blocks))
  return [...groups, ...chance.times(1, 4, () => 0).map((_, index) => randomPolicy(chance, index, settings))]
}

function randomGroup(chance: Chance, index: number, blocks: readonly string[]): PolicyObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumCIDRGroup',
    metadata: { name: `group-${index}`, labels: some(chance, LABELS) },
    spec: { externalCIDRs: [...new Set(chance.times(0, 3, () => chance.pick(blocks)))] },
  }
}

interface Settings {
  nodes: boolean
  blocks: readonly string[]
  authentication: string
}

type Direction = 'ingress' | 'egress'
type Random = (chance: Chance) => PolicyObject

function randomPolicy(chance: Chance, index: number, settings: Settings): PolicyObject {
  const clusterwide = chance.chance(0.35)
  const spec = (): PolicyObject => randomSpec(chance, clusterwide, settings)
  const shape = chance.pick(['spec', 'spec', 'spec', 'specs', 'both'])
  return {
    apiVersion: 'cilium.io/v2',
    kind: clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: { name: `cilium-${index}`, ...(clusterwide || chance.chance(0.1) ? {} : { namespace: chance.pick(NAMESPACES) }) },
    ...(shape === 'specs' ? {} : { spec: spec() }),
    ...(shape === 'spec' ? {} : { specs: chance.times(1, 2, spec) }),
  }
}

function randomSpec(chance: Chance, clusterwide: boolean, settings: Settings): PolicyObject {
  const keys = chance.pick([
    ['ingress'],
    ['egress'],
    ['ingress', 'egress'],
    ['ingressDeny'],
    ['egressDeny'],
    ['ingress', 'ingressDeny'],
    ['egress', 'egressDeny'],
    ['ingress', 'ingressDeny', 'egress', 'egressDeny'],
  ])
  const ofNodes = clusterwide && chance.chance(0.08)
  const rules = Object.fromEntries(
    keys.map(key => [key, chance.times(1, 3, () => (ofNodes ? {} : randomRule(chance, key.startsWith('in') ? 'ingress' : 'egress', key.endsWith('Deny'), settings)))]),
  )
  return {
    ...(ofNodes ? { nodeSelector: randomSelector(chance, NODE_LABELS) } : { endpointSelector: randomSubject(chance) }),
    ...rules,
    ...(chance.chance(0.3) ? { enableDefaultDeny: randomDefaults(chance) } : {}),
    ...(chance.chance(0.1) ? { description: 'any text', labels: [{ key: 'team', value: 'one', source: 'k8s' }], log: { value: 'seen' } } : {}),
  }
}

function randomDefaults(chance: Chance): PolicyObject {
  return {
    ...(chance.chance(0.6) ? { ingress: chance.chance(0.4) } : {}),
    ...(chance.chance(0.6) ? { egress: chance.chance(0.4) } : {}),
  }
}

/** With a source before the key, or `any`, or none. */
function sourced(chance: Chance, keys: Readonly<Record<string, readonly string[]>>, sources: readonly string[]): PolicyObject {
  return randomSelector(chance, Object.fromEntries(Object.entries(keys).map(([key, values]) => [`${chance.pick(sources)}${key}`, values])))
}

const SOURCES = ['', '', 'k8s:', 'any:']
const OWN_LABELS = { ...LABELS, ...SPECIAL_LABELS, 'io.cilium.k8s.policy.serviceaccount': SERVICE_ACCOUNTS }

function randomSubject(chance: Chance): PolicyObject {
  if (chance.chance(0.05)) return sourced(chance, TAKEN_LABELS, SOURCES)
  if (chance.chance(0.05)) return { matchExpressions: [{ key: 'reserved:init', operator: chance.pick(['Exists', 'DoesNotExist']) }] }
  const namespaces = chance.chance(0.1) ? { 'io.kubernetes.pod.namespace': NAMESPACES } : {}
  return chance.chance(0.3) ? {} : sourced(chance, { ...OWN_LABELS, ...namespaces }, [...SOURCES, 'reserved:'])
}

const RESERVED = ['host', 'remote-node', 'world', 'world-ipv4', 'world-ipv6', 'kube-apiserver', 'health', 'init', 'unmanaged', 'ingress']

const randomEndpoint: Random = chance => {
  const kind = chance.pick(['own', 'own', 'own', 'namespaced', 'namespaced', 'namespaced', 'labelled', 'reserved', 'everything', 'taken'])
  switch (kind) {
    case 'everything':
      return {}
    case 'taken':
      return sourced(chance, { ...LABELS, ...TAKEN_LABELS }, SOURCES)
    case 'namespaced':
      return sourced(chance, { ...OWN_LABELS, 'io.kubernetes.pod.namespace': NAMESPACES }, SOURCES)
    case 'labelled':
      return sourced(
        chance,
        {
          ...LABELS,
          ...Object.fromEntries(
            Object.entries({ ...NAMESPACE_LABELS, 'kubernetes.io/metadata.name': NAMESPACES }).map(([key, values]) => [`io.cilium.k8s.namespace.labels.${key}`, values]),
          ),
        },
        SOURCES,
      )
    case 'reserved':
      return sourced(chance, Object.fromEntries(chance.times(1, 2, () => [chance.pick(RESERVED), ['']])), ['reserved:', 'reserved:', 'reserved:', 'any:'])
    default:
      return sourced(chance, OWN_LABELS, SOURCES)
  }
}

function randomRule(chance: Chance, direction: Direction, denies: boolean, settings: Settings): PolicyObject {
  const peers = chance.chance(0.85) ? randomPeers(chance, direction, denies, settings) : {}
  const ports = chance.pick([
    {},
    {},
    { icmps: randomIcmps(chance) },
    ...Array(5).fill({ toPorts: chance.times(chance.chance(0.1) ? 0 : 1, 2, () => randomPorts(chance, direction, denies)) }),
  ])
  return { ...peers, ...ports, ...(!denies && chance.chance(0.1) ? { authentication: { mode: settings.authentication } } : {}) }
}

function randomPeers(chance: Chance, direction: Direction, denies: boolean, settings: Settings): PolicyObject {
  const side = direction === 'ingress' ? 'from' : 'to'
  const sorts: [string, Random | (() => string)][] = [
    ['Endpoints', randomEndpoint],
    ['Endpoints', randomEndpoint],
    ['Endpoints', randomEndpoint],
    ['Entities', () => chance.pick(ENTITIES)],
    ['Entities', () => chance.pick(ENTITIES)],
    ['CIDR', () => (chance.chance(0.3) ? withHostBits(chance.pick(settings.blocks)) : chance.pick(settings.blocks))],
    ['CIDRSet', () => randomSet(chance, settings.blocks)],
    ['CIDRSet', () => randomSet(chance, settings.blocks)],
    ...(settings.nodes ? [['Nodes', randomNodes] satisfies [string, Random]] : []),
    ...(direction === 'egress' && !denies ? [['FQDNs', randomName] satisfies [string, Random]] : []),
    ...(direction === 'egress' ? [['Services', randomService] satisfies [string, Random]] : []),
  ]
  const [sort, make] = chance.pick(sorts)
  // The CRD takes an empty list: of some sorts it means nobody, whatever stands beside it.
  const empty = chance.chance(0.06) ? chance.pick(sorts.map(([name]) => name)) : undefined
  return { ...(empty === undefined ? {} : { [`${side}${empty}`]: [] }), [`${side}${sort}`]: chance.times(chance.chance(0.08) ? 0 : 1, 2, () => make(chance)) }
}

/** The same block, with bits set past its length where it has some. */
function withHostBits(block: string): string {
  const [address = '', length = ''] = block.split('/')
  return length === '32' || length === '128' ? block : `${address.replace(/[0-9a-f]*$/, '9')}/${length}`
}

const ENTITIES = ['all', 'world', 'cluster', 'cluster-mesh', 'host', 'init', 'ingress', 'unmanaged', 'remote-node', 'health', 'none', 'kube-apiserver']

const randomNodes: Random = chance => sourced(chance, NODE_LABELS, ['', 'node:', 'any:', 'k8s:'])

const randomName: Random = chance =>
  chance.chance(0.4)
    ? { matchName: chance.pick([...NAMES, 'API.example.com', 'cdn.example.com.']) }
    : {
        matchPattern: chance.pick([
          '*',
          '**',
          '*.example.com',
          '**.example.com',
          '*example.com',
          '*.com',
          '**.com',
          'a*.example.com',
          '*p*.e*e.com',
          'api.*',
          '**.org',
          'example.org',
          '***.example.com.',
          'a.**.com',
          '*.*.com',
        ]),
      }

function randomSet(chance: Chance, blocks: readonly string[]): PolicyObject {
  if (chance.chance(0.1)) return { cidr: withHostBits(chance.pick(blocks)) }
  if (chance.chance(0.6)) return randomBlock(chance, blocks)
  const except = chance.chance(0.3) ? { except: [chance.pick(blocks)] } : {}
  if (chance.chance(0.5)) return { cidrGroupRef: chance.pick(['group-0', 'group-0', 'group-1', 'group-9']), ...except }
  // An empty one stands in the way of other rules, in whatever order they come: Cilium takes it for the selector of everybody.
  const selector = sourced(chance, LABELS, ['', '', 'cidrgroup:', 'any:', 'k8s:'])
  return { cidrGroupSelector: Object.keys(selector).length === 0 ? { matchLabels: { tier: 'back' } } : selector, ...except }
}

const randomService: Random = chance => {
  const namespace = chance.chance(0.5) ? { namespace: chance.pick(NAMESPACES) } : {}
  if (chance.chance(0.6)) return { k8sService: { serviceName: chance.pick(['service-0', 'service-0', 'service-1', 'absent']), ...namespace } }
  return { k8sServiceSelector: { selector: sourced(chance, LABELS, ['', 'k8s:', 'any:']), ...namespace } }
}

function randomIcmps(chance: Chance): PolicyObject[] {
  return chance.times(0, 2, () => ({
    ...(chance.chance(0.8)
      ? {
          fields: chance.times(0, 2, () =>
            chance.pick([{ type: 8 }, { type: 'EchoRequest', family: 'IPv4' }, { type: 128, family: 'IPv6' }, { type: 'EchoRequest', family: 'IPv6' }]),
          ),
        }
      : {}),
  }))
}

function randomPorts(chance: Chance, direction: Direction, denies: boolean): PolicyObject {
  const proxy = denies ? 'none' : chance.pick(['none', 'none', 'none', 'none', 'none', 'http', 'dns', 'names', 'tls', 'listener'])
  if (proxy === 'http')
    return {
      ports: chance.times(1, 2, () => ({ port: chance.pick(['80', '8080']), protocol: 'TCP' })),
      rules: { http: chance.times(0, 2, () => chance.pick([{ method: 'GET' }, { path: '/a.*' }, {}])) },
    }
  if (proxy === 'dns' && direction === 'egress')
    return {
      ports: [{ port: '53', protocol: chance.pick(['UDP', 'ANY', 'TCP']) }],
      rules: { dns: chance.times(1, 2, () => chance.pick([{ matchPattern: '*' }, { matchName: 'example.org' }])) },
    }
  if (proxy === 'tls') return { ports: [{ port: '8443', protocol: 'TCP' }], [chance.pick(['terminatingTLS', 'originatingTLS'])]: { secret: { namespace: 'red', name: 'tls' } } }
  if (proxy === 'listener' && direction === 'egress')
    return { ports: [{ port: '9090', protocol: 'TCP' }], listener: { envoyConfig: { kind: 'CiliumClusterwideEnvoyConfig', name: 'proxy' }, name: 'all', priority: 7 } }
  if (proxy === 'names') return { ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.example.com'] }
  return chance.chance(0.05) ? {} : { ports: chance.times(chance.chance(0.05) ? 0 : 1, 3, () => randomPort(chance)) }
}

function randomPort(chance: Chance): PolicyObject {
  const protocol = chance.chance(0.3) ? {} : { protocol: chance.pick(['TCP', 'TCP', 'UDP', 'SCTP', 'ANY']) }
  if (chance.chance(0.1)) return { port: '0', ...protocol, ...(chance.chance(0.2) ? { endPort: 443 } : {}) }
  if (chance.chance(0.3)) return { port: chance.pick([...PORT_NAMES, 'HTTP']), ...protocol }
  if (chance.chance(0.03)) return { port: chance.pick(['0120', '0x50', '0b1010000', '1_0']), ...protocol }
  if (chance.chance(0.03)) return { port: '0', protocol: chance.pick(['ESP', 'VRRP', 'GRE']) }
  const port = chance.pick(PORTS)
  return { port: String(port), ...protocol, ...(chance.chance(0.3) ? { endPort: chance.pick([port - 1, port, port + 1, port + 5, port + 400, port + 9000, 65535]) } : {}) }
}
