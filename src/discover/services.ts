import { placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, textAt, textsAt } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import { portReference, targetedPort, toProtocol } from './ports.ts'
import type { ContainerPort, Protocol } from './ports.ts'
import type { Labels } from './selector.ts'
import type { Workload } from './workload.ts'

export interface ServicePort {
  readonly name: string | undefined
  readonly port: number
  /** What the pods are dialled at: a number or a container's port name. */
  readonly target: number | string
  readonly protocol: Protocol
  readonly place: Place
}

export interface Service {
  readonly name: string
  readonly namespace: string | undefined
  readonly title: string
  readonly labels: Labels
  /** Empty for a Service whose endpoints someone else manages. */
  readonly selector: Labels
  readonly ports: readonly ServicePort[]
  /** It only names its pods: callers dial them themselves, at any port. */
  readonly headless: boolean
  readonly resource: Resource
  readonly place: Place
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
      ports: toPorts(resource),
      headless: textAt(resource.tree, 'spec', 'clusterIP') === 'None',
      resource,
      place: placeIn(resource),
    }))
}

function toPorts(resource: Resource): ServicePort[] {
  return itemsAt(resource.tree, 'spec', 'ports').flatMap(port => {
    const number = portReference(at(port, 'port'))
    if (typeof number !== 'number') return []
    const written = portReference(at(port, 'targetPort'))
    // A targetPort of 0 or '' is the API's way to say "the same as port".
    const target = written === undefined || written === 0 || written === '' ? number : written
    return [{ name: textAt(port, 'name'), port: number, target, protocol: toProtocol(textAt(port, 'protocol')), place: placeIn(resource, port) }]
  })
}

/** The container port that a Service's port reaches; policies see this one, never the Service's. */
export function containerPort({ target, protocol }: ServicePort, workload: Workload): ContainerPort | undefined {
  return targetedPort(workload, target, protocol)
}
