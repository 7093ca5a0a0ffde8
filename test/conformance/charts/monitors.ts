import { selects } from '../flows/match.ts'
import type { Labels } from '../flows/model.ts'
import { at, list, number, text } from '../harness/manifest.ts'
import type { Manifest, Value } from '../harness/manifest.ts'
import { selector } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'
import { allPorts } from './pods.ts'
import { behind, podsOf } from './services.ts'
import type { Service } from './services.ts'
import type { Facts, Wire } from './wires.ts'

/** What ServiceMonitors and PodMonitors find, as prometheus-operator configures Prometheus for them. */
export function monitored(facts: Facts): Wire[] {
  return facts.objects.flatMap(object => (object.kind === 'ServiceMonitor' || object.kind === 'PodMonitor' ? byMonitor(facts, object) : []))
}

function byMonitor(facts: Facts, monitor: Manifest): Wire[] {
  const { kind, name, body } = monitor
  const why = `${kind} ${name}`
  const picks = (labels: Labels, namespace: string): boolean => seesInto(facts, monitor, namespace) && selects(selector(at(body, 'spec', 'selector')), labels)
  const wires =
    kind === 'PodMonitor'
      ? list(at(body, 'spec', 'podMetricsEndpoints')).flatMap(endpoint =>
          facts.workloads.filter(({ labels, namespace }) => picks(labels, namespace)).flatMap(workload => onPod(workload, podPort(endpoint), why)),
        )
      : list(at(body, 'spec', 'endpoints')).flatMap(endpoint =>
          facts.services.filter(({ labels, namespace }) => picks(labels, namespace)).flatMap(service => throughService(facts, service, endpoint, why)),
        )
  if (wires.length === 0) facts.leave('a monitor of no workload that is judged', why)
  return wires
}

function seesInto({ namespace: release }: Facts, { namespace: own, body }: Manifest, namespace: string): boolean {
  const namespaces = at(body, 'spec', 'namespaceSelector')
  if (at(namespaces, 'any') === true) return true
  const names = list(at(namespaces, 'matchNames'))
  return names.length === 0 ? namespace === (own ?? release) : names.includes(namespace)
}

/** Of the fields that name a port the first that is set counts; with none of them every port is scraped. */
const first = (...fields: (Value | undefined)[]): number | string | undefined => {
  for (const field of fields) {
    const port = number(field) || text(field)
    if (port !== undefined && port !== '') return port
  }
  return undefined
}

const podPort = (endpoint: Value): number | string | undefined => first(at(endpoint, 'port'), at(endpoint, 'portNumber'), at(endpoint, 'targetPort'))

/** Only declared ports are found, by number as well; of a name every container's that has it. */
export function onPod(workload: Workload, wanted: number | string | undefined, why: string): Wire[] {
  return allPorts(workload)
    .filter(({ protocol }) => protocol === 'TCP')
    .filter(({ name, port }) => wanted === undefined || wanted === port || wanted === name)
    .map(({ port }) => ({ kind: 'metrics', workload, port, protocol: 'TCP', why }))
}

export function throughService(facts: Facts, service: Service, endpoint: Value, why: string): Wire[] {
  const name = text(at(endpoint, 'port')) ?? ''
  const target = first(at(endpoint, 'targetPort'))
  if (name === '' && target !== undefined) return podsOf(facts, service).flatMap(workload => onPod(workload, target, why))
  const ports = service.ports.filter(port => port.protocol === 'TCP' && (name === '' || port.name === name))
  return [
    ...ports.flatMap(port => behind(facts, service, port, 'metrics', why)),
    // Ports of the pods that the Service does not have are targets too.
    ...(name === '' ? podsOf(facts, service).flatMap(workload => onPod(workload, undefined, why)) : []),
  ]
}
