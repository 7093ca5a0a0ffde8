import type { ApiServer, End, Engine, Flow, Node, Outside, Pod, Protocol, Verdict, World } from '../flows/model.ts'
import { manifests, at, list, text } from '../harness/manifest.ts'
import type { Manifest } from '../harness/manifest.ts'
import { workloads } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'
import { wireKinds } from './wires.ts'
import type { WireKind } from './wires.ts'
import { readWiring } from './wiring.ts'

/** What a claim is about: a wire, a port that is for nobody, or pods that are not the release's. */
export const claimKinds = [...wireKinds, 'closed', 'others'] as const
export type ClaimKind = (typeof claimKinds)[number]

/** One thing that has to be true of a chart's policies, with the reason in words. */
export interface Claim {
  kind: ClaimKind
  flow: Flow
  wanted: Verdict
  why: string
}

export interface Chart {
  name: string
  namespace: string
  world: World
  /** Those that get a policy. */
  covered: readonly Workload[]
  /** What is not judged, by reason. */
  left: ReadonlyMap<string, ReadonlySet<string>>
  claims(engine: Engine, defaultDeny: boolean): Claim[]
}

const LOCAL: Node = { kind: 'node', id: 'local node', ip: '192.168.1.1', local: true }
const REMOTE: Node = { kind: 'node', id: 'remote node', ip: '192.168.1.2', local: false }
const API: ApiServer = { kind: 'apiserver', id: 'apiserver', ip: '172.20.0.1', port: 6443 }
const OUTSIDE: Outside = { kind: 'outside', id: 'outside', ip: '203.0.113.7' }
const FAR: Pod = { kind: 'pod', id: 'pod elsewhere', namespace: 'elsewhere', name: 'client', labels: { app: 'client' }, ip: '10.2.0.2', ports: [] }

export function readChart(name: string, source: string): Chart {
  const objects = manifests(source)
  const namespace = releaseNamespace(objects)
  const all = workloads(objects, namespace)
  const whole = all.filter(({ selector, hook }) => selector !== undefined && !hook)
  // No policy of pods holds for the host's network: those get one only where there are no others, and nothing is claimed of them.
  const judged = whole.filter(({ hostNetwork }) => !hostNetwork)
  const covered = judged.length > 0 ? judged : whole
  const { wires, idle, left } = readWiring(objects, judged, namespace)
  const pods = new Map(judged.map((workload, index): [Workload, Pod] => [workload, podOf(workload, index)]))
  const near: Pod = {
    kind: 'pod',
    id: 'neighbour',
    namespace: covered[0]?.namespace ?? namespace,
    name: 'neighbour',
    labels: { app: 'neighbour' },
    ip: '10.2.0.1',
    ports: [{ port: 8080, protocol: 'TCP' }],
  }
  const callers: Record<WireKind, readonly End[]> = {
    webhook: [API, LOCAL, REMOTE, OUTSIDE, FAR],
    probe: [LOCAL],
    service: [FAR, near],
    metrics: [FAR, near],
    outside: [OUTSIDE, REMOTE, FAR],
  }
  const closed = [
    ...judged.flatMap(workload => (['TCP', 'UDP'] as const).map(protocol => ({ workload, port: unmentioned(source), protocol, why: 'a port that nobody declares' }))),
    ...idle.map(port => ({ ...port, why: 'a port that nobody dials' })),
  ]
  const strangers = (engine: Engine): [End, Verdict][] => [
    ...[near, FAR].map((from): [End, Verdict] => [from, 'deny']),
    // Ingress peers of a ClusterNetworkPolicy are pods: what is none cannot be denied.
    ...[API, LOCAL, REMOTE, OUTSIDE].map((from): [End, Verdict] => [from, engine === 'clusterNetworkPolicy' ? 'allow' : 'deny']),
  ]
  return {
    name,
    namespace,
    world: { name, ends: [...pods.values(), near, FAR, LOCAL, REMOTE, API, OUTSIDE], namespaceLabels: {}, families: { v4: true, v6: false } },
    covered,
    left: new Map([...left, ...leftOut(objects, all)]),
    claims: (engine, defaultDeny) =>
      once([
        ...wires.flatMap(({ kind, workload, port, protocol, why }) => callers[kind].flatMap(from => claimOf(kind, from, pods.get(workload), port, protocol, 'allow', why))),
        ...closed.flatMap(({ workload, port, protocol, why }) =>
          strangers(engine).flatMap(([from, wanted]) => claimOf('closed', from, pods.get(workload), port, protocol, wanted, why)),
        ),
        ...claimOf('others', FAR, near, 8080, 'TCP', defaultDeny ? 'deny' : 'allow', 'a neighbour that is not of the release'),
        ...claimOf('others', near, FAR, 8080, 'TCP', 'allow', 'what leaves the namespace'),
      ]),
  }
}

const claimOf = (kind: ClaimKind, from: End, to: Pod | undefined, port: number, protocol: Protocol, wanted: Verdict, why: string): Claim[] =>
  to === undefined ? [] : [{ kind, flow: { from, to, port, protocol }, wanted, why }]

/** Ten webhooks of one Service are one claim. */
function once(claims: readonly Claim[]): Claim[] {
  const keyed = new Map<string, Claim>()
  for (const claim of claims) {
    const { kind, flow } = claim
    const key = [kind, flow.from.id, flow.to.id, flow.port, flow.protocol].join(' ')
    if (!keyed.has(key)) keyed.set(key, claim)
  }
  return [...keyed.values()]
}

/** A number that the chart has nowhere. */
function unmentioned(source: string): number {
  let port = 7777
  while (source.includes(String(port))) port++
  return port
}

const OTHER_PODS = new Set(['Pod', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob'])

function leftOut(objects: readonly Manifest[], all: readonly Workload[]): [string, Set<string>][] {
  const titles = (which: readonly { kind: string; name: string }[]): Set<string> => new Set(which.map(({ kind, name }) => `${kind} ${name}`))
  const reasons: [string, Set<string>][] = [
    ['pods of a kind that gets no policy', titles(objects.filter(({ kind }) => OTHER_PODS.has(kind)))],
    ['a hook', titles(all.filter(({ hook, kind }) => hook && !OTHER_PODS.has(kind)))],
    ['a workload of the host network', titles(all.filter(({ hostNetwork, hook, selector }) => hostNetwork && !hook && selector !== undefined))],
  ]
  return reasons.filter(([, titles]) => titles.size > 0)
}

const podOf = (workload: Workload, index: number): Pod => ({
  kind: 'pod',
  id: `${workload.kind} ${workload.namespace}/${workload.name}`,
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
