import type { Protocol } from '../flows/model.ts'
import { at, list } from '../harness/manifest.ts'
import type { Manifest } from '../harness/manifest.ts'
import type { Workload } from '../harness/workloads.ts'
import { annotated } from './annotations.ts'
import { dialledByKubelet } from './kubelet.ts'
import { monitored } from './monitors.ts'
import { allPorts, portsOf } from './pods.ts'
import type { Port } from './pods.ts'
import { exposed, readServices } from './services.ts'
import { dialledByApiServer } from './webhooks.ts'
import { wireKinds } from './wires.ts'
import type { Facts, Wire, WireKind } from './wires.ts'

export interface Wiring {
  wires: readonly Wire[]
  /** Declared, and for nobody: nothing dials them, and neither name nor arguments say what they are for. */
  idle: readonly { workload: Workload; port: number; protocol: Protocol }[]
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
  const idle = workloads.flatMap(workload =>
    declared(workload).flatMap(({ name = '', port, protocol }) => {
      if (isDialledBy(wireKinds, { workload, port, protocol })) return []
      if (!SAYS.test(name) && !mentions(workload, port)) return [{ workload, port, protocol }]
      leave('a declared port that a name or an argument speaks of, and nothing dials', `${workload.name} ${name} ${port}/${protocol}`)
      return []
    }),
  )
  return { wires, idle, left }
}

/** What these serve nobody else has to tell. */
const SAYS = /webhook|metrics|prom|gate|mcp/

/** Those of containers that end before the others start among them. */
const declared = ({ spec }: Workload): Port[] => [...list(at(spec, 'containers')), ...list(at(spec, 'initContainers'))].flatMap(portsOf)

const mentions = ({ spec }: Workload, port: number): boolean =>
  [...list(at(spec, 'containers')), ...list(at(spec, 'initContainers'))].some(container =>
    JSON.stringify([at(container, 'command') ?? '', at(container, 'args') ?? '', at(container, 'env') ?? '']).includes(String(port)),
  )

/** Ports of the node lead to the pod from wherever the node can be reached. */
const throughNodes = ({ workloads }: Facts): Wire[] =>
  workloads.flatMap(workload =>
    allPorts(workload).flatMap(({ port, protocol, hostPort }): Wire[] =>
      hostPort === undefined ? [] : [{ kind: 'outside', workload, port, protocol, why: `hostPort ${hostPort} of ${workload.name}` }],
    ),
  )
