import { title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, textAt, textsAt } from '../yaml/tree.ts'
import { sameNamespace } from './namespace.ts'
import type { Labels } from './selector.ts'
import { portReference, resolvePort, toProtocol } from './workload.ts'
import type { ContainerPort, Protocol, Workload } from './workload.ts'

export interface ServicePort {
  readonly name: string | undefined
  readonly port: number
  /** What the pods are dialled at: a number or a container's port name. */
  readonly target: number | string
  readonly protocol: Protocol
}

export interface Service {
  readonly name: string
  readonly namespace: string | undefined
  readonly title: string
  readonly labels: Labels
  /** Empty for a Service whose endpoints someone else manages. */
  readonly selector: Labels
  readonly ports: readonly ServicePort[]
  readonly resource: Resource
}

export function toServices(resources: readonly Resource[]): Service[] {
  return resources
    .filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1')
    .map(resource => ({
      name: resource.name,
      namespace: resource.namespace,
      title: title(resource),
      labels: resource.labels,
      selector: textsAt(resource.tree, 'spec', 'selector'),
      ports: itemsAt(resource.tree, 'spec', 'ports').flatMap(port => {
        const number = portReference(at(port, 'port'))
        if (typeof number !== 'number') return []
        const target = portReference(at(port, 'targetPort')) ?? number
        // A targetPort of 0 or '' is the API's way to say "the same as port".
        return [
          { name: textAt(port, 'name'), port: number, target: target === 0 || target === '' ? number : target, protocol: toProtocol(textAt(port, 'protocol')) },
        ]
      }),
      resource,
    }))
}

/** Which Services send traffic to which workloads, each in the stream's order. */
export function servicesByWorkload(services: readonly Service[], workloads: readonly Workload[]): ReadonlyMap<Workload, readonly Service[]> {
  // By one label first: a release with thousands of both would otherwise be compared each with each.
  const labelled = new Map<string, Workload[]>()
  for (const workload of workloads) {
    for (const label of Object.entries(workload.podLabels).map(labelKey)) append(labelled, label, workload)
  }
  const senders = new Map<Workload, Service[]>()
  for (const service of services) {
    const rarest =
      Object.entries(service.selector)
        .map(label => labelled.get(labelKey(label)) ?? [])
        .sort((one, other) => one.length - other.length)[0] ?? []
    for (const workload of rarest.filter(candidate => sendsTo(service, candidate))) append(senders, workload, service)
  }
  return senders
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function labelKey([key, value]: readonly [string, string]): string {
  return `${key}=${value}`
}

/** Whether a Service sends traffic to a workload's pods. */
function sendsTo(service: Service, workload: Workload): boolean {
  const selector = Object.entries(service.selector)
  return selector.length > 0 && sameNamespace(service, workload) && selector.every(([key, value]) => workload.podLabels[key] === value)
}

/** The container port that a Service's port reaches; policies see this one, never the Service's. */
export function containerPort(port: ServicePort, workload: Workload): ContainerPort | undefined {
  return resolvePort(workload, port.target, port.protocol)
}
