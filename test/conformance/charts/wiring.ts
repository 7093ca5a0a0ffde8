import type { Manifest } from '../harness/manifest.ts'
import type { Workload } from '../harness/workloads.ts'
import { annotated } from './annotations.ts'
import { dialledByKubelet } from './kubelet.ts'
import { monitored } from './monitors.ts'
import { allPorts } from './pods.ts'
import { exposed, readServices } from './services.ts'
import { dialledByApiServer } from './webhooks.ts'
import { wireKinds } from './wires.ts'
import type { Facts, Wire, WireKind } from './wires.ts'

export interface Wiring {
  wires: readonly Wire[]
  /** What is not judged, by reason. */
  left: ReadonlyMap<string, ReadonlySet<string>>
}

/** What must be reachable, worked out without the product's code. */
export function readWiring(objects: readonly Manifest[], workloads: readonly Workload[], namespace: string): Wiring {
  const left = new Map<string, Set<string>>()
  const leave = (reason: string, what: string): void => void left.set(reason, (left.get(reason) ?? new Set()).add(what))
  const facts: Facts = { objects, workloads, services: readServices(objects, namespace), namespace, leave }
  const wires = [...dialledByApiServer(facts), ...dialledByKubelet(facts), ...exposed(facts), ...monitored(facts), ...annotated(facts), ...throughNodes(facts)]
  const isDialledBy = (kinds: readonly WireKind[], { workload, port, protocol }: Pick<Wire, 'workload' | 'port' | 'protocol'>): boolean =>
    wires.some(wire => kinds.includes(wire.kind) && wire.workload === workload && wire.port === port && wire.protocol === protocol)
  for (const wire of wires)
    // Metrics are served there, and whether anyone but the kubelet reads them the chart does not say.
    if (wire.path === '/metrics' && !isDialledBy(['service', 'metrics'], wire))
      leave('metrics at a port that only a probe reads', `${wire.workload.name} ${wire.port}/${wire.protocol}`)
  for (const workload of workloads)
    for (const { name, port, protocol } of allPorts(workload))
      if (!isDialledBy(wireKinds, { workload, port, protocol })) leave('a declared port that nothing here dials', `${workload.name} ${name ?? ''} ${port}/${protocol}`)
  return { wires, left }
}

/** Ports of the node lead to the pod from wherever the node can be reached. */
const throughNodes = ({ workloads }: Facts): Wire[] =>
  workloads.flatMap(workload =>
    allPorts(workload).flatMap(({ port, protocol, hostPort }): Wire[] =>
      hostPort === undefined ? [] : [{ kind: 'outside', workload, port, protocol, why: `hostPort ${hostPort} of ${workload.name}` }],
    ),
  )
