import type { End, Flow, Pod, Protocol } from '../flows/model.ts'
import type { Rule, Values } from './model.ts'
import { neighbours } from './world.ts'

/** Every neighbour with every port that the values could mean or mistake, both ways. */
export function flowsOf({ ingress, egress }: Values, controller: Pod): Flow[] {
  const own = controller.ports.map(({ port, protocol }): Target => [port, protocol])
  return [
    ...crossed([...own, ...targets(ingress, [controller])], neighbours, ([port, protocol], from) => ({ from, to: controller, port, protocol })),
    ...(egress === undefined ? [] : crossed(targets(egress, neighbours), reachable, ([port, protocol], to) => ({ from: controller, to, port, protocol }))),
  ]
}

type Target = readonly [port: number, protocol: Protocol]

/** Two engines open the API server's own address whatever the lists say. */
const reachable = neighbours.filter(({ kind }) => kind !== 'apiserver')

function crossed(targets: readonly Target[], ends: readonly End[], flow: (target: Target, end: End) => Flow): Flow[] {
  const unique = new Map(targets.map(target => [target.join('/'), target])).values()
  return [...unique].flatMap(target => ends.map(end => flow(target, end)))
}

/** Both sides of each edge of a range; of a name, whatever has it; one port that nothing speaks of. */
function targets(rules: readonly Rule[], pods: readonly End[]): Target[] {
  const ports = rules.flatMap(rule => rule.ports ?? [])
  const numbers = ports.flatMap(({ port, endPort }) => {
    if (typeof port === 'string') return pods.flatMap(end => (end.kind === 'pod' ? end.ports.filter(({ name }) => name === port).map(own => own.port) : []))
    if (typeof port !== 'number') return []
    return typeof endPort === 'number' ? [port - 1, port, endPort, endPort + 1] : [port]
  })
  const protocols: readonly Protocol[] = ports.some(({ protocol }) => protocol === 'SCTP') ? ['TCP', 'UDP', 'SCTP'] : ['TCP', 'UDP']
  return [...numbers, UNDECLARED].filter(number => number >= 1 && number <= 65535).flatMap(number => protocols.map((protocol): Target => [number, protocol]))
}

const UNDECLARED = 7777
