import type { Place } from '../yaml/tree.ts'
import { isBound, onLoopback } from './bound.ts'
import type { Purpose } from './bound.ts'
import { looksInto } from './monitors.ts'
import type { Monitor, MonitorEndpoint } from './monitors.ts'
import { portNumbered, scrapedPorts } from './ports.ts'
import type { ContainerPort, DeclaredPort } from './ports.ts'
import type { Release } from './release.ts'
import { scrapeAnnotations } from './scrape-annotations.ts'
import { containerPort } from './services.ts'
import type { Service, ServicePort } from './services.ts'
import type { Workload } from './workload.ts'

/** A port of a workload, and where it was found. */
export interface Found {
  readonly port: ContainerPort
  readonly where: string
  readonly place: Place
}

/** A way to find ports: by wiring, by name, by an argument. */
export type Finder = (workload: Workload, release: Release) => Found[]

/** Webhook configurations, conversion webhooks and APIServices → Service → targetPort → container port. */
export const calledByApiserver: Finder = (workload, { servicesOf, clientsOf }) =>
  servicesOf(workload).flatMap(service =>
    clientsOf(service).flatMap(client =>
      service.ports
        .filter(({ port, protocol }) => port === client.port && protocol === 'TCP')
        .flatMap(port => found(containerPort(port, workload), `${client.from} → ${service.title}:${client.port}`, client.place)),
    ),
  )

/** ServiceMonitors over the Services of the workload, PodMonitors over its pods. */
export const scrapedByMonitor: Finder = (workload, { servicesOf, monitorsOf }) => {
  const throughServices = servicesOf(workload).flatMap(service =>
    monitorsOf(service)
      .filter(monitor => looksInto(monitor, workload.namespace))
      .flatMap(monitor => scraped(monitor, `${monitor.title} → ${service.title}`, endpoint => monitoredPorts(endpoint, service, workload))),
  )
  const direct = monitorsOf(workload).flatMap(monitor => scraped(monitor, monitor.title, endpoint => podPorts(endpoint, workload)))
  return [...throughServices, ...direct]
}

function scraped({ endpoints }: Monitor, where: string, portsOf: (endpoint: MonitorEndpoint) => readonly ContainerPort[]): Found[] {
  return endpoints.flatMap(endpoint => portsOf(endpoint).map(port => ({ port, where, place: endpoint.place })))
}

function monitoredPorts(endpoint: MonitorEndpoint, service: Service, workload: Workload): readonly ContainerPort[] {
  if (endpoint.containerPort !== undefined) return scrapedPorts(workload, endpoint.containerPort)
  const through = endpoint.servicePort === undefined ? service.ports.filter(isTcp) : service.ports.filter(({ name }) => name === endpoint.servicePort)
  const reached = through.flatMap(port => containerPort(port, workload) ?? [])
  return endpoint.servicePort === undefined ? [...reached, ...dialable(workload).filter(isTcp)] : reached
}

function podPorts({ containerPort }: MonitorEndpoint, workload: Workload): readonly ContainerPort[] {
  return containerPort === undefined ? dialable(workload).filter(isTcp) : scrapedPorts(workload, containerPort)
}

/** The `prometheus.io` annotations of the pods, or of a Service that sends to them. */
export const annotatedForPrometheus: Finder = (workload, release) =>
  scrapeAnnotations(workload, release.servicesOf(workload)).flatMap(({ port, service, where, place }): Found[] => {
    if (typeof port === 'number') return [{ port: portNumbered(workload, port), where, place }]
    if (port === 'unclear') return []
    const reached = service?.ports.filter(isTcp).flatMap(through => containerPort(through, workload) ?? []) ?? []
    return [...reached, ...dialable(workload).filter(isTcp)].map(each => ({ port: each, where, place }))
  })

/** The ports that the kubelet dials: probes, and hooks of the containers' life. */
export const probed: Finder = workload => workload.probes.flatMap(({ port, what, place }) => found(port, what, place))

/** Every port that a Service of the release sends to the workload. */
export const exposedByService: Finder = (workload, { servicesOf }) => servicesOf(workload).flatMap(service => throughService(service, workload))

/** Container ports with a port of the node's own, from which the node sends what comes from outside. */
export const exposedByNode: Finder = workload => hostPorts(dialable(workload))

/** The same, those that nobody can dial among them. */
export const declaredHostPorts: Finder = workload => hostPorts(workload.ports)

function hostPorts(ports: readonly DeclaredPort[]): Found[] {
  return ports.flatMap(port => (port.hostPort === undefined ? [] : found(port, `hostPort ${port.hostPort} of container ${port.container}`, port.place)))
}

/** The ways by which others come to a workload's ports: each Service, each port of the node. */
export function waysIn(workload: Workload, release: Release): { readonly port: ContainerPort; readonly by: string }[] {
  return [
    ...release.servicesOf(workload).flatMap(service => throughService(service, workload).map(({ port }) => ({ port, by: service.title }))),
    ...exposedByNode(workload, release).map(({ port, where }) => ({ port, by: where })),
  ]
}

function throughService(service: Service, workload: Workload): Found[] {
  return service.ports.flatMap(port => found(containerPort(port, workload), `${service.title}:${port.port}`, port.place))
}

/** Container ports by name: one of `names`, or with one of them among its dash-separated words. */
export function named(names: readonly string[], { words = false } = {}): Finder {
  const fits = (name: string): boolean => (words ? name.split('-').some(word => names.includes(word)) : names.includes(name))
  return workload =>
    dialable(workload).flatMap(port => (port.name !== undefined && fits(port.name) ? found(port, `container port ${port.name}`, port.place) : []))
}

/** The ports that arguments and variables bind for a purpose, where others can dial them. */
export function boundBy(purpose: Purpose): Finder {
  return workload =>
    workload.listeners.flatMap(listener =>
      isBound(listener) && listener.purpose === purpose && listener.reachable
        ? found(portNumbered(workload, listener.address.number), listener.what, listener.place)
        : [],
    )
}

/** What the first finder finds that finds anything. */
export function firstOf(...finders: readonly Finder[]): Finder {
  return (workload, release) => {
    for (const finder of finders) {
      const ports = finder(workload, release)
      if (ports.length > 0) return ports
    }
    return []
  }
}

export function allOf(...finders: readonly Finder[]): Finder {
  return (workload, release) => finders.flatMap(finder => finder(workload, release))
}

/** The declared ports, without those that an argument binds on loopback: only what leads there in so many words still finds them. */
function dialable({ ports, listeners }: Workload): readonly DeclaredPort[] {
  const closed = new Set(onLoopback(listeners).map(({ address }) => address.number))
  return closed.size === 0 ? ports : ports.filter(port => !isTcp(port) || !closed.has(port.number))
}

function isTcp({ protocol }: ContainerPort | ServicePort): boolean {
  return protocol === 'TCP'
}

function found(port: ContainerPort | undefined, where: string, place: Place): Found[] {
  return port === undefined ? [] : [{ port, where, place }]
}
