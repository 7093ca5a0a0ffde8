import type { Purpose } from '../discover/bound.ts'
import {
  allOf,
  annotatedForPrometheus,
  calledByApiserver,
  exposedByNode,
  exposedByService,
  firstOf,
  named,
  probed,
  scrapedByMonitor,
} from '../discover/find.ts'
import type { Finder } from '../discover/find.ts'
import type { Settings } from '../values/schema.ts'
import { onPort } from './flow.ts'
import type { FlowPort, Peers } from './flow.ts'

/** All traffic of a controller, one row for each reason; nothing else says what is permitted. */

export interface IngressRow {
  readonly id: string
  /** Who calls, in a word or two. */
  readonly party: string
  /** The rule's comment. */
  readonly reason: string
  readonly callers: 'any' | 'nodes'
  /** `always`: rendered even when nothing is found; `switched`: obeys `<id>.enabled`; `found`: where the stream shows it. */
  readonly when: 'always' | 'switched' | 'found'
  /** The port when neither values nor stream tell one; null: then there is no rule. */
  readonly defaultPort: number | null
  /** `networkPolicy.<id>.from` narrows the callers. */
  readonly from: boolean
  /** Unless `from` narrows it, leaves out ports that rows above it have taken. */
  readonly rest: boolean
  /** What leads to its ports, by wiring or by name. */
  readonly find: Finder
  /** The arguments and variables that bind its ports; they are opened beside what is found. */
  readonly bound: Purpose | null
}

export const ingressRows = [
  {
    id: 'webhook',
    party: 'kube-apiserver',
    reason: 'the kube-apiserver calls the webhook; it is no pod, so only TLS tells who calls',
    callers: 'any',
    when: 'switched',
    defaultPort: 9443,
    from: true,
    rest: false,
    find: firstOf(calledByApiserver, named(['webhook', 'webhook-server'])),
    bound: 'webhook',
  },
  {
    id: 'metrics',
    party: 'Prometheus',
    reason: 'Prometheus scrapes /metrics',
    callers: 'any',
    when: 'always',
    defaultPort: 8080,
    from: true,
    rest: false,
    find: allOf(scrapedByMonitor, named(['metrics', 'prom', 'prometheus', 'monitoring'], { words: true }), annotatedForPrometheus),
    bound: 'metrics',
  },
  {
    id: 'gate',
    party: 'Flagger',
    reason: 'Flagger polls the stage gate for its verdict',
    callers: 'any',
    when: 'switched',
    defaultPort: 8082,
    from: true,
    rest: false,
    find: named(['gate']),
    bound: 'gate',
  },
  {
    id: 'mcp',
    party: 'MCP clients',
    reason: 'MCP clients read the controller',
    callers: 'any',
    when: 'found',
    defaultPort: 8084,
    from: true,
    rest: false,
    find: named(['mcp']),
    bound: 'mcp',
  },
  {
    id: 'secure',
    party: 'kube-apiserver or scrapers',
    reason: 'a TLS server that asks who calls: the kube-apiserver for an aggregated API, scrapers with a token',
    callers: 'any',
    when: 'found',
    defaultPort: null,
    from: false,
    rest: true,
    find: calledByApiserver,
    bound: 'secure',
  },
  {
    id: 'service',
    party: 'callers of its Services',
    reason: 'a Service of the release sends traffic here',
    callers: 'any',
    when: 'found',
    defaultPort: null,
    from: false,
    rest: true,
    find: exposedByService,
    bound: null,
  },
  {
    id: 'hostPort',
    party: 'callers of its node',
    reason: 'a port of the node leads here, from outside the cluster too',
    callers: 'any',
    when: 'found',
    defaultPort: null,
    from: false,
    rest: true,
    find: exposedByNode,
    bound: null,
  },
  {
    id: 'health',
    party: 'kubelet',
    reason: 'the kubelet probes from the node',
    callers: 'nodes',
    when: 'found',
    defaultPort: 8081,
    from: true,
    rest: true,
    find: probed,
    bound: null,
  },
] as const satisfies readonly IngressRow[]

export type FromRowId = Extract<(typeof ingressRows)[number], { from: true }>['id']

export interface EgressRow {
  readonly id: string
  /** Who is dialled, in a word or two. */
  readonly party: string
  readonly reason: string
  readonly resolvesNames: boolean
  /** Who is dialled, and at which ports; nothing where the row does not apply. */
  readonly destinations: (egress: Settings['egress']) => readonly { readonly peers: Peers; readonly ports: readonly FlowPort[]; readonly where: string }[]
}

export const egressRows: readonly EgressRow[] = [
  {
    id: 'dns',
    party: 'cluster DNS',
    reason: 'name resolution, without which every flow to a name fails',
    resolvesNames: true,
    destinations: ({ dns, dnsNamespace }) =>
      dns ? [{ peers: { kind: 'namespace', namespace: dnsNamespace }, ports: podDnsPorts(dnsNamespace), where: 'egress.dns' }] : [],
  },
  {
    id: 'resolvers',
    party: 'DNS resolvers',
    reason: 'name resolution by resolvers that are no pods',
    resolvesNames: true,
    destinations: ({ dnsCIDRs }) => (dnsCIDRs.length === 0 ? [] : [{ peers: { kind: 'cidrs', cidrs: dnsCIDRs }, ports: dnsPorts, where: 'egress.dnsCIDRs' }]),
  },
  {
    id: 'apiserver',
    party: 'kube-apiserver',
    reason: 'the kube-apiserver, through which the controller reads and writes everything',
    resolvesNames: false,
    destinations: ({ apiserver }) => [
      { peers: { kind: 'apiserver', cidrs: apiserver.cidrs }, ports: apiserver.ports.map(number => onPort(number)), where: 'egress.apiserver' },
    ],
  },
]

const dnsPorts: readonly FlowPort[] = [onPort(53, 'UDP'), onPort(53)]

/** OpenShift's DNS pods listen on 5353 behind their Service's 53 (openshift/cluster-dns-operator, assets/dns). */
function podDnsPorts(namespace: string): readonly FlowPort[] {
  return namespace === 'openshift-dns' ? [...dnsPorts, ...dnsPorts.map(port => ({ ...port, number: 5353 }))] : dnsPorts
}
