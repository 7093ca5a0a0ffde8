import type { ApiServer, Engine, Flow, Node, Pod, Verdict, World } from '../flows/model.ts'
import { manifests, at, list, text } from '../harness/manifest.ts'
import type { Manifest } from '../harness/manifest.ts'
import { workloads } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'
import { Wiring } from './wiring.ts'
import type { Wire } from './wiring.ts'

/** One thing that has to be true of a chart's policies, with the reason in words. */
export interface Claim {
  flow: Flow
  wanted: Verdict
  why: string
}

export interface Chart {
  name: string
  namespace: string
  world: World
  covered: readonly Workload[]
  claims(engine: Engine, defaultDeny: boolean): Claim[]
}

const UNDECLARED = 7777
const node = (id: string, ip: string, local: boolean): Node => ({ kind: 'node', id, ip, local })
const LOCAL = node('local node', '192.168.1.1', true)
const REMOTE = node('remote node', '192.168.1.2', false)

export function readChart(name: string, source: string): Chart {
  const objects = manifests(source)
  const namespace = releaseNamespace(objects)
  const all = workloads(objects, namespace)
  const covered = all.filter(({ selector, hook, hostNetwork }) => selector !== undefined && !hook && !hostNetwork)
  const pods = new Map(covered.map((workload, index): [Workload, Pod] => [workload, podOf(workload, index)]))
  const near: Pod = {
    kind: 'pod',
    id: 'neighbour',
    namespace: covered[0]?.namespace ?? namespace,
    name: 'neighbour',
    labels: { app: 'neighbour' },
    ip: '10.2.0.1',
    ports: [{ port: 8080, protocol: 'TCP' }],
  }
  const far: Pod = { kind: 'pod', id: 'pod elsewhere', namespace: 'elsewhere', name: 'client', labels: { app: 'client' }, ip: '10.2.0.2', ports: [] }
  const api: ApiServer = { kind: 'apiserver', id: 'apiserver', ip: '172.20.0.1', port: 6443 }
  const world: World = { name, ends: [...pods.values(), near, far, LOCAL, REMOTE, api], namespaceLabels: {}, families: { v4: true, v6: false } }
  const wiring = new Wiring(objects, covered, namespace)

  const to = (wire: Wire, from: Flow['from'], wanted: Verdict, why = wire.why): Claim[] => {
    const pod = pods.get(wire.workload)
    return pod === undefined ? [] : [{ flow: { from, to: pod, port: wire.port, protocol: wire.protocol }, wanted, why }]
  }
  return {
    name,
    namespace,
    world,
    covered,
    claims(engine, defaultDeny) {
      const open = [...wiring.exposed(), ...wiring.metrics(), ...wiring.webhooks()]
      return [
        ...wiring.webhooks().flatMap(wire => [...to(wire, api, 'allow'), ...to(wire, REMOTE, 'allow')]),
        ...wiring.probes().flatMap(wire => to(wire, LOCAL, 'allow')),
        ...open.flatMap(wire => to(wire, far, 'allow')),
        ...covered.flatMap(workload => [near, far].flatMap(from => to({ workload, port: UNDECLARED, protocol: 'TCP', why: '' }, from, 'deny', 'an undeclared port'))),
        ...covered.flatMap(workload =>
          to({ workload, port: UNDECLARED, protocol: 'TCP', why: '' }, api, engine === 'clusterNetworkPolicy' ? 'allow' : 'deny', 'an undeclared port'),
        ),
        { flow: { from: far, to: near, port: 8080, protocol: 'TCP' }, wanted: defaultDeny ? 'deny' : 'allow', why: 'a neighbour that is not of the release' },
        { flow: { from: near, to: far, port: 8080, protocol: 'TCP' }, wanted: 'allow', why: 'what leaves the namespace' },
      ]
    },
  }
}

const podOf = (workload: Workload, index: number): Pod => ({
  kind: 'pod',
  id: `${workload.kind} ${workload.name}`,
  namespace: workload.namespace,
  name: workload.name,
  labels: workload.labels,
  ip: `10.1.0.${index + 10}`,
  ports: workload.ports,
})

/** Where the release lives: where its workloads are, else where its service accounts are said to be. */
function releaseNamespace(objects: readonly Manifest[]): string {
  const own = objects.find(({ kind, namespace }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind) && namespace !== undefined)?.namespace
  if (own !== undefined) return own
  for (const { kind, body } of objects)
    if (kind.endsWith('RoleBinding'))
      for (const subject of list(at(body, 'subjects'))) {
        const namespace = text(at(subject, 'namespace'))
        if (namespace !== undefined) return namespace
      }
  return 'default'
}
