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
  return resources.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1').map(resource => ({
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
      return [{ name: textAt(port, 'name'), port: number, target: target === 0 || target === '' ? number : target, protocol: toProtocol(textAt(port, 'protocol')) }]
    }),
    resource,
  }))
}

/** Whether a Service sends traffic to a workload's pods. */
export function sendsTo(service: Service, workload: Workload): boolean {
  const selector = Object.entries(service.selector)
  return selector.length > 0 && sameNamespace(service, workload) && selector.every(([key, value]) => workload.podLabels[key] === value)
}

/** The container port that a Service's port reaches; policies see this one, never the Service's. */
export function containerPort(port: ServicePort, workload: Workload): ContainerPort | undefined {
  return resolvePort(workload, port.target, port.protocol)
}
