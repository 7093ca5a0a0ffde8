import { additionalIngress, egressTo, passthrough } from './passthrough.ts'
import { chartSubject, expressions, odd, several, shared, wired } from './subjects.ts'
import { engines } from './model.ts'
import type { Report } from '../harness/report.ts'
import type { Block, ChartValues, Engine, Peer, Scenario, Subject } from './model.ts'

const NS = 'kubernetes.io/metadata.name'
const monitoring: Peer = { namespaceSelector: { matchLabels: { [NS]: 'monitoring' } } }
const flagger: Peer = { namespaceSelector: { matchExpressions: [{ key: NS, operator: 'In', values: ['flagger-system'] }] }, podSelector: { matchLabels: { app: 'flagger' } } }
const controlPlane: Peer = { ipBlock: { cidr: '172.20.0.0/28' } }
const nodes: Peer = { ipBlock: { cidr: '192.168.0.0/16' } }
const neighbour: Peer = { podSelector: { matchLabels: { app: 'web' } } }

const fromLists = { metrics: { from: [monitoring, neighbour] }, gate: { from: [flagger] }, webhook: { from: [controlPlane] }, health: { from: [nodes] } } satisfies Partial<Block>

type Egress = 'off' | 'bare' | 'full' | 'no dns'
const EGRESS_KINDS: readonly Egress[] = ['off', 'bare', 'full', 'no dns']
const EGRESS: Record<Egress, Block['egress']> = {
  off: undefined,
  bare: { enabled: true },
  full: { enabled: true, to: egressTo, apiserver: { cidrs: ['172.20.0.1/32', '192.168.1.0/24'] }, dnsCIDRs: ['169.254.20.10/32'] },
  'no dns': { enabled: true, dns: false, to: [egressTo[0] ?? {}], apiserver: { cidrs: ['172.20.0.0/28'], ports: [6443] } },
}

const both = [false, true] as const

/** Everything crossed with everything: engine, webhook, gate, default deny, egress, passthrough, from. */
function matrix(helm: string): Scenario[] {
  const found: Scenario[] = []
  for (const engine of engines)
    for (const webhook of both)
      for (const gate of both)
        for (const deny of both)
          for (const egress of EGRESS_KINDS)
            for (const extra of both)
              for (const from of both) {
                const chart: ChartValues = { webhook: { enabled: webhook }, gate: { enabled: gate } }
                const through = passthrough(engine, egress !== 'off')
                const word = (on: boolean, name: string): string => (on ? ` +${name}` : ` -${name}`)
                const native = engine === 'kubernetes' ? { additionalIngress } : { [engine]: through.lists }
                found.push({
                  id: `${engine}${word(webhook, 'webhook')}${word(gate, 'gate')}${word(deny, 'deny')} egress:${egress}${word(extra, 'passthrough')}${word(from, 'from')}`,
                  subject: chartSubject(helm, chart),
                  chart,
                  block: {
                    enabled: true,
                    engine,
                    ...(deny ? { defaultDeny: { enabled: true } } : {}),
                    ...(EGRESS[egress] === undefined ? {} : { egress: EGRESS[egress] }),
                    ...(extra ? native : {}),
                    ...(from ? fromLists : {}),
                  },
                  meanings: extra ? through.meanings : [],
                  // The API server on a node changes what CIDRs and entities select; one look at each kind of egress is enough.
                  worlds: ['external', ...(webhook && gate && (egress === 'full' || from) ? ['hosted', ...(deny ? ['single'] : [])] : [])],
                })
              }
  return found
}

interface Extra {
  id: string
  subject?: Subject
  chart?: ChartValues
  block: (engine: Engine) => Omit<Block, 'enabled' | 'engine'>
  on?: readonly Engine[]
  worlds?: readonly string[]
  /** With the engine's own rules by passthrough. */
  through?: boolean
}

/** Engines with passthrough lists. */
const NATIVE: readonly Engine[] = ['cilium', 'calico', 'clusterNetworkPolicy']
const openEgress = EGRESS.full
const six = {
  metrics: { from: [monitoring] },
  webhook: { from: [{ ipBlock: { cidr: 'fd00:20::/64' } }] },
  egress: {
    enabled: true,
    to: [{ to: [{ ipBlock: { cidr: '2001:db8:5::/48', except: ['2001:db8:5::c0/122'] } }, { ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 443 }] }],
    apiserver: { cidrs: ['fd00:20::1/128', '172.20.0.1/32'] },
    dnsCIDRs: ['fd00:53::10/128', '169.254.20.10/32'],
  },
} satisfies Partial<Block>

/** What the matrix does not cross: other ports, other worlds, translation, other workloads. */
const EXTRAS: readonly Extra[] = [
  { id: 'changed ports', chart: { ports: { metrics: 18080, webhook: 10250, gate: 8443, health: 9440 } }, block: () => ({ defaultDeny: { enabled: true } }) },
  {
    id: 'ports swapped',
    chart: { ports: { metrics: 9443, webhook: 8080, gate: 8081, health: 8082 } },
    block: () => ({ metrics: { from: [monitoring] }, gate: { from: [flagger] } }),
  },
  { id: 'mcp', chart: { mcp: { enabled: true } }, block: () => ({ mcp: { from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] } }) },
  { id: 'mcp alone', chart: { mcp: { enabled: true }, webhook: { enabled: false }, gate: { enabled: false } }, block: () => ({ defaultDeny: { enabled: true, order: 999 } }) },
  { id: 'cert-manager webhook', chart: { webhook: { enabled: true, certMode: 'cert-manager', certManager: { issuerRef: { name: 'issuer' } } } }, block: () => ({}) },
  {
    id: 'watched namespaces',
    chart: { controller: { watchNamespaces: ['apps', 'monitoring'] }, replicas: { min: 2, max: 4 } },
    block: () => ({ defaultDeny: { enabled: true }, egress: EGRESS.bare ?? { enabled: true } }),
  },
  { id: 'another dns namespace', block: () => ({ egress: { enabled: true, dnsNamespace: 'dns-system', apiserver: { cidrs: ['172.20.0.1/32'] } } }) },
  {
    id: 'resolver CIDRs alone',
    block: () => ({ egress: { enabled: true, dns: false, dnsCIDRs: ['169.254.20.10/32', '192.0.2.64/29'], apiserver: { cidrs: ['172.20.0.1/32'] } } }),
  },
  { id: 'apiserver on another port', worlds: ['external 8443'], block: () => ({ egress: { enabled: true, apiserver: { cidrs: ['172.20.0.1/32'], ports: [8443] } } }) },
  // Engines that know the API server by themselves need neither its address nor its port.
  { id: 'apiserver on another port, not said', on: ['cilium', 'calico'], worlds: ['external 8443', 'hosted'], block: () => ({ egress: { enabled: true } }) },
  { id: 'open egress rule', on: ['kubernetes'], worlds: ['external', 'hosted'], block: () => ({ egress: { enabled: true, to: [{}], apiserver: { cidrs: ['172.20.0.1/32'] } } }) },
  {
    id: 'everywhere by CIDR',
    on: ['kubernetes'],
    worlds: ['external', 'hosted', 'single'],
    block: () => ({ egress: { enabled: true, to: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] } }),
  },
  {
    id: 'orders close together',
    on: ['calico', 'clusterNetworkPolicy'],
    block: () => ({
      defaultDeny: { enabled: true, order: 500 },
      calico: { order: 499 },
      clusterNetworkPolicy: { priority: 499 },
      ...(openEgress === undefined ? {} : { egress: openEgress }),
    }),
  },
  {
    id: 'several from peers',
    on: ['kubernetes'],
    block: () => ({
      metrics: { from: [monitoring, neighbour, { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] } }, { podSelector: {} }] },
      webhook: { from: [nodes, controlPlane] },
    }),
    worlds: ['external', 'hosted', 'single'],
  },
  {
    id: 'translated',
    block: engine => ({
      translatePeers: true,
      metrics: { from: [monitoring, neighbour] },
      gate: { from: [flagger] },
      ...(engine === 'clusterNetworkPolicy' ? {} : { webhook: { from: [controlPlane] }, additionalIngress }),
      egress: { ...openEgress, enabled: true, to: egressTo.filter(rule => engine !== 'clusterNetworkPolicy' || isExpressibleThere(rule)) },
    }),
    worlds: ['external', 'hosted'],
  },
  { id: 'IPv6', worlds: ['six'], block: () => ({ defaultDeny: { enabled: true }, ...six }) },
  { id: 'dual stack', worlds: ['dual'], block: () => ({ defaultDeny: { enabled: true }, ...six }) },
  { id: 'dual stack, bare egress', worlds: ['dual', 'six'], block: () => ({ egress: { enabled: true } }) },
  {
    id: 'expressions',
    subject: expressions,
    block: () => ({ defaultDeny: { enabled: true }, metrics: { from: [monitoring] }, ...(openEgress === undefined ? {} : { egress: openEgress }) }),
  },
  { id: 'expressions, pods alone', subject: expressions, block: () => ({}) },
  { id: 'wired', subject: wired, block: () => ({ metrics: { from: [monitoring] }, webhook: { from: [controlPlane] }, gate: { from: [flagger] } }) },
  { id: 'wired, default deny', subject: wired, block: () => ({ defaultDeny: { enabled: true } }) },
  { id: 'one port, two reasons', subject: shared, block: () => ({ metrics: { from: [monitoring] }, health: { from: [nodes] } }) },
  { id: 'one port, two reasons, open', subject: shared, block: () => ({ metrics: { from: [monitoring] } }) },
  { id: 'odd names and labels', subject: odd, block: () => ({ defaultDeny: { enabled: true }, egress: { enabled: true, apiserver: { cidrs: ['172.20.0.1/32'] } } }) },
  { id: 'all workloads', subject: several, block: () => ({ controller: '*' }) },
  {
    id: 'all workloads, default deny and egress',
    subject: several,
    block: () => ({ controller: '*', defaultDeny: { enabled: true }, egress: { enabled: true, apiserver: { cidrs: ['172.20.0.1/32'] } } }),
  },
  { id: 'all workloads, passthrough', subject: several, on: NATIVE, through: true, block: () => ({ controller: '*', egress: { enabled: true } }) },
  { id: 'expressions, passthrough', subject: expressions, on: NATIVE, through: true, block: () => ({ defaultDeny: { enabled: true }, egress: { enabled: true } }) },
  { id: 'wired, passthrough', subject: wired, on: NATIVE, through: true, worlds: ['external', 'hosted'], block: () => ({ egress: { enabled: true } }) },
  { id: 'dual stack, passthrough', worlds: ['dual'], on: NATIVE, through: true, block: () => ({ egress: { enabled: true } }) },
  { id: 'IPv6, passthrough', worlds: ['six'], on: NATIVE, through: true, block: () => ({ egress: { enabled: true } }) },
  {
    id: 'from pods in UDP and by name',
    on: ['kubernetes'],
    block: () => ({
      additionalIngress: [{ from: [neighbour], ports: [{ protocol: 'UDP', port: 9443 }, { port: 'webhook' }] }],
      egress: { enabled: true, to: [{ ports: [{ protocol: 'UDP', port: 50, endPort: 60 }] }] },
    }),
  },
  {
    id: 'one of several',
    subject: { ...several, id: 'one of several', covered: several.covered.slice(0, 1) },
    block: () => ({ controller: 'manager', defaultDeny: { enabled: true } }),
  },
]

function scenarios(helm: string): Scenario[] {
  const extras = EXTRAS.flatMap(extra =>
    (extra.on ?? engines).map((engine): Scenario => {
      const chart = extra.chart ?? {}
      return {
        id: `${engine} ${extra.id}`,
        subject: extra.subject ?? chartSubject(helm, chart),
        chart,
        block: { enabled: true, engine, ...extra.block(engine), ...(extra.through === true ? { [engine]: passthrough(engine, true).lists } : {}) },
        meanings: extra.through === true ? passthrough(engine, true).meanings : [],
        worlds: extra.worlds ?? ['external'],
      }
    }),
  )
  // The description's own example of a passthrough: the egress list without egress being enabled.
  const example: Scenario = {
    id: 'cilium the example of the description',
    subject: chartSubject(helm, {}),
    chart: {},
    block: { enabled: true, engine: 'cilium', cilium: passthrough('cilium', true).lists },
    meanings: passthrough('cilium', true).meanings,
    worlds: ['external'],
  }
  return [...matrix(helm), ...extras, example]
}

/** For work on one scenario: HELM_NETPOL_ONLY is a regular expression on their ids. */
export function chosen(report: Report, helm: string): readonly Scenario[] {
  const all = scenarios(helm)
  const only = process.env['HELM_NETPOL_ONLY']
  if (only === undefined || only === '') return all
  const some = all.filter(({ id }) => new RegExp(only).test(id))
  report.skip(all.length - some.length, `HELM_NETPOL_ONLY=${only}`)
  return some
}

/** ClusterNetworkPolicy has no exceptions, and names of ports are of every protocol. */
function isExpressibleThere({ to = [], ports = [] }: (typeof egressTo)[number]): boolean {
  return to.every(({ ipBlock }) => ipBlock?.except === undefined) && ports.every(({ port }) => typeof port === 'number')
}
