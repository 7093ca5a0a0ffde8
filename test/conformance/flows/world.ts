import type { Allowlist } from './expect.ts'
import { manifests } from '../harness/manifest.ts'
import { workloads } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'
import type { End, Labels, Node, Outside, Pod, Subject, World } from './model.ts'

/** Addresses and how the API server is reached: what differs between clusters. */
interface Site {
  name: string
  apiServer: 'outside' | 'on the remote node' | 'on the local node'
  families: { v4: boolean; v6: boolean }
  port?: number
}

const four = { v4: true, v6: false }
const SITES: readonly Site[] = [
  { name: 'external', apiServer: 'outside', families: four },
  { name: 'external 8443', apiServer: 'outside', families: four, port: 8443 },
  { name: 'hosted', apiServer: 'on the remote node', families: four },
  { name: 'single', apiServer: 'on the local node', families: four },
  { name: 'dual', apiServer: 'outside', families: { v4: true, v6: true } },
  { name: 'six', apiServer: 'outside', families: { v4: false, v6: true } },
]

const API = { v4: '172.20.0.1', v6: 'fd00:20::1' }
const NODES = { local: { v4: '192.168.1.1', v6: 'fd00:1::1' }, remote: { v4: '192.168.1.2', v6: 'fd00:1::2' } }

/** Outside addresses, with what they stand for; the scenarios' CIDRs refer to them. */
const OUTSIDE: readonly { id: string; v4: string; v6: string; names?: string[] }[] = [
  { id: 'outside bucket', v4: '198.51.100.7', v6: '2001:db8:5::7', names: ['bucket.example.com'] },
  { id: 'outside collector', v4: '203.0.113.10', v6: '2001:db8:6::10' },
  { id: 'outside excepted', v4: '198.51.100.200', v6: '2001:db8:5::c8' },
  { id: 'outside stranger', v4: '192.0.2.66', v6: '2001:db8:9::66' },
  { id: 'outside standby apiserver', v4: '172.20.0.2', v6: 'fd00:20::2' },
  { id: 'node-local resolver', v4: '169.254.20.10', v6: 'fd00:53::10' },
]

interface Seed extends Pick<Pod, 'id' | 'namespace' | 'name' | 'labels' | 'ports'> {}

const tcp = (name: string, port: number): Pod['ports'][number] => ({ name, port, protocol: 'TCP' })

/** Pods that every cluster here has; none of them belongs to the release. */
const neighbours = (namespace: string): readonly Seed[] => [
  // It names a port as the controller does, with another number.
  { id: 'neighbour', namespace, name: 'neighbour', labels: { app: 'web' }, ports: [tcp('http', 8080), tcp('webhook', 10250)] },
  { id: 'prometheus', namespace: 'monitoring', name: 'prometheus', labels: { app: 'prometheus' }, ports: [tcp('web', 9090)] },
  { id: 'flagger', namespace: 'flagger-system', name: 'flagger', labels: { app: 'flagger', 'app.kubernetes.io/name': 'flagger' }, ports: [tcp('http', 8080)] },
  { id: 'flagger-system other', namespace: 'flagger-system', name: 'other', labels: { app: 'other' }, ports: [] },
  {
    id: 'coredns',
    namespace: 'kube-system',
    name: 'coredns',
    labels: { 'k8s-app': 'kube-dns' },
    ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, tcp('dns-tcp', 53), tcp('metrics', 9153)],
  },
  { id: 'other dns', namespace: 'dns-system', name: 'unbound', labels: { app: 'unbound' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
  { id: 'source-controller', namespace: 'flux-system', name: 'source-controller', labels: { app: 'source-controller' }, ports: [tcp('http', 9090)] },
  { id: 'tenant', namespace: 'apps', name: 'tenant', labels: { app: 'web', team: 'a' }, ports: [tcp('otlp', 4317)] },
]

const NAMESPACE_LABELS: Readonly<Record<string, Labels>> = { monitoring: { team: 'observability' }, apps: { team: 'a' } }

/** The world of a subject: its own pods as the stream shows them, and everybody else. */
export function worldOf(subject: Subject, stream: string, name: string): World {
  const site = SITES.find(other => other.name === name)
  if (site === undefined) throw new Error(`no world ${name}`)
  const own = workloads(manifests(stream), subject.namespace)
  const seeds = [...own.map(seedOf), ...strangers(own, subject), ...neighbours(own.find(({ hook }) => !hook)?.namespace ?? subject.namespace), ...(subject.pods ?? [])]
  const pods = seeds.map((seed, index) => ({ kind: 'pod' as const, ...seed, ...address(site, index) }))
  return { name, ends: [...pods, ...nodes(site), apiServer(site), ...outside(site)], namespaceLabels: NAMESPACE_LABELS, families: site.families }
}

const seedOf = (workload: Workload): Seed => ({
  id: `${workload.namespace}/${workload.name}`,
  namespace: workload.namespace,
  name: workload.name,
  labels: workload.labels,
  ports: workload.ports,
})

/** The same chart installed twice: another instance in the namespace, and one elsewhere. */
function strangers(own: readonly Workload[], subject: Subject): Seed[] {
  const workload = own.find(({ name }) => name === subject.covered[0]?.workload)
  const instance = 'app.kubernetes.io/instance'
  if (workload?.labels[instance] === undefined) return []
  const labels = { ...workload.labels, [instance]: 'another' }
  return [
    { id: 'other release', namespace: workload.namespace, name: 'other-release', labels, ports: workload.ports },
    { id: 'same release elsewhere', namespace: 'elsewhere', name: workload.name, labels: workload.labels, ports: workload.ports },
  ]
}

function address({ families }: Site, index: number): { ip: string; ip6?: string } {
  const v4 = `10.1.0.${index + 10}`
  const v6 = `fd00:10::${index + 10}`
  if (!families.v4) return { ip: v6 }
  return families.v6 ? { ip: v4, ip6: v6 } : { ip: v4 }
}

const family = ({ families }: Site): 'v4' | 'v6' => (families.v4 ? 'v4' : 'v6')

const nodes = (site: Site): Node[] => (['local', 'remote'] as const).map(which => ({ kind: 'node', id: `${which} node`, ip: NODES[which][family(site)], local: which === 'local' }))

function apiServer(site: Site): End {
  const at = family(site)
  const ip = site.apiServer === 'outside' ? API[at] : NODES[site.apiServer === 'on the local node' ? 'local' : 'remote'][at]
  return { kind: 'apiserver', id: 'apiserver', ip, port: site.port ?? 6443 }
}

function outside(site: Site): Outside[] {
  const both = site.families.v4 && site.families.v6
  const make = ({ id, v4, v6, names }: (typeof OUTSIDE)[number], which: 'v4' | 'v6'): Outside => ({
    kind: 'outside',
    id: both ? `${id} ${which}` : id,
    ip: which === 'v4' ? v4 : v6,
    ...(names === undefined ? {} : { names }),
  })
  return OUTSIDE.flatMap(entry => (both ? [make(entry, 'v4'), make(entry, 'v6')] : [make(entry, family(site))]))
}

/** The allowlists that the scenario's workloads get, with the selector each has in the stream. */
export function allowlists(subject: Subject, stream: string): Allowlist[] {
  const own = workloads(manifests(stream), subject.namespace)
  return subject.covered.map(covered => {
    const workload = own.find(({ name, selector }) => name === covered.workload && selector !== undefined)
    if (workload?.selector === undefined) throw new Error(`${subject.id}: no workload ${covered.workload} with a selector`)
    return { covered, namespace: workload.namespace, selector: workload.selector, pod: `${workload.namespace}/${workload.name}` }
  })
}
