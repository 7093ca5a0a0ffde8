import type { Protocol } from '../flows/model.ts'
import { at, list, number, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { protocol } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'

export interface Port {
  name: string | undefined
  port: number
  protocol: Protocol
  /** A port of the node that leads here, from elsewhere than the node itself. */
  hostPort: number | undefined
}

/** The containers that run beside each other: init containers end before, but for those that restart. */
export const running = ({ spec }: Workload): Value[] => [
  ...list(at(spec, 'containers')),
  ...list(at(spec, 'initContainers')).filter(container => at(container, 'restartPolicy') === 'Always'),
]

export const portsOf = (container: Value): Port[] =>
  list(at(container, 'ports')).map(value => {
    const onLoopback = /^(127\.|::1$)/.test(text(at(value, 'hostIP')) ?? '')
    const hostPort = number(at(value, 'hostPort')) ?? 0
    return {
      name: text(at(value, 'name')),
      port: number(at(value, 'containerPort')) ?? 0,
      protocol: protocol(at(value, 'protocol')),
      hostPort: hostPort === 0 || onLoopback ? undefined : hostPort,
    }
  })

export const allPorts = (workload: Workload): Port[] => running(workload).flatMap(portsOf)
