import { at, number, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { portsOf, running } from './pods.ts'
import type { Facts, Wire } from './wires.ts'

const DIALLED = [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(probe => ['httpGet', 'tcpSocket', 'grpc'].map(how => [probe, how])),
  // Hooks over TCP are in the API, and no kubelet runs them.
  ...['postStart', 'preStop'].map(hook => ['lifecycle', hook, 'httpGet']),
]

/** What the kubelet dials; with a host of its own a probe goes elsewhere. */
export function dialledByKubelet(facts: Facts): Wire[] {
  return facts.workloads.flatMap(workload =>
    running(workload).flatMap(container =>
      DIALLED.flatMap((path): Wire[] => {
        const action = at(container, ...path)
        if (action === undefined || action === null) return []
        const why = `${path.slice(0, -1).join(' ')} of ${text(at(container, 'name')) ?? ''}`
        const host = text(at(action, 'host')) ?? ''
        const port = portOf(container, action)
        if (host !== '') facts.leave('a probe of another host', `${workload.name}: ${why}, ${host}`)
        else if (port === undefined) facts.leave('a probe of a port that the container has not', `${workload.name}: ${why}`)
        else return [{ kind: 'probe', workload, port, protocol: 'TCP', why, path: text(at(action, 'path')) ?? '' }]
        return []
      }),
    ),
  )
}

/** Names are those of the container's own ports, of whatever protocol: TCP is dialled. */
function portOf(container: Value, action: Value): number | undefined {
  const port = at(action, 'port')
  return number(port) ?? portsOf(container).find(({ name }) => name !== undefined && name === port)?.port
}
