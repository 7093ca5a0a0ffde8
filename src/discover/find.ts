import { boundPort } from './arguments.ts'
import { sameNamespace } from './namespace.ts'
import type { Release } from './release.ts'
import { selects } from './selector.ts'
import { containerPort } from './services.ts'
import { resolvePort } from './workload.ts'
import type { ContainerPort, Workload } from './workload.ts'
import type { Place } from '../yaml/tree.ts'

/** A port of a workload, and where it was found. */
export interface Found {
  readonly port: ContainerPort
  readonly where: string
  readonly place: Place
}

/** A way to find ports: by wiring, by name, by an argument. */
export type Finder = (workload: Workload, release: Release) => Found[]

/** Webhook configurations, conversion webhooks and APIServices → Service → targetPort → container port. */
export const calledByApiserver: Finder = (workload, { servicesOf, webhookClients }) =>
  webhookClients.flatMap(client =>
    servicesOf(workload)
      .filter(service => service.name === client.service && sameNamespace(service, client))
      .flatMap(service => service.ports.filter(({ port }) => port === client.port).map(port => ({ service, port })))
      .flatMap(({ service, port }) => found(containerPort(port, workload), `${client.from} → ${service.title}:${client.port}`, client.place)),
  )

/** ServiceMonitors over the Services of the workload, PodMonitors over its pods. */
export const scrapedByMonitor: Finder = (workload, { servicesOf, monitors }) =>
  monitors.flatMap(monitor => {
    const looksInto = (namespace: string | undefined): boolean =>
      monitor.namespaces === 'any' ||
      (monitor.namespaces === undefined ? sameNamespace(monitor, { namespace }) : namespace === undefined || monitor.namespaces.includes(namespace))
    if (!looksInto(workload.namespace)) return []
    if (monitor.kind === 'PodMonitor') {
      if (!selects(monitor.selector, workload.podLabels)) return []
      return monitor.endpoints.flatMap(({ port, target, place }) => found(reference(workload, target ?? port), monitor.title, place))
    }
    const scraped = servicesOf(workload).filter(service => selects(monitor.selector, service.labels) && looksInto(service.namespace))
    return scraped.flatMap(service =>
      monitor.endpoints.flatMap(({ port, target, place }) => {
        const through = service.ports.find(({ name }) => name === port)
        const reached = port === undefined ? reference(workload, target) : through && containerPort(through, workload)
        return found(reached, `${monitor.title} → ${service.title}`, place)
      }),
    )
  })

/** The `prometheus.io/port` annotation of the pods, or of a Service that sends to them. */
export const annotatedForPrometheus: Finder = (workload, { servicesOf }) => {
  const pods = { annotations: workload.podAnnotations, title: `the pods of ${workload.title}` }
  const services = servicesOf(workload).map(({ resource, title }) => ({ annotations: resource.annotations, title }))
  return [pods, ...services].flatMap(({ annotations, title }) => {
    const port = boundPort(annotations['prometheus.io/port'] ?? '')
    return port === undefined ? [] : found(resolvePort(workload, port), `prometheus.io/port of ${title}`, workload.place)
  })
}

/** The ports that the kubelet's probes dial. */
export const probed: Finder = workload => workload.probes.flatMap(({ port, what, place }) => found(resolvePort(workload, port), what, place))

/** Every port that a Service of the release sends to the workload. */
export const exposedByService: Finder = (workload, { servicesOf }) =>
  servicesOf(workload).flatMap(service => service.ports.flatMap(port => found(containerPort(port, workload), `${service.title}:${port.port}`, workload.place)))

/** Container ports by name: one of `names`, or with one of them among its dash-separated words. */
export function named(names: readonly string[], { words = false } = {}): Finder {
  const fits = (name: string): boolean => (words ? name.split('-').some(word => names.includes(word)) : names.includes(name))
  return workload =>
    workload.ports.filter(({ name }) => name !== undefined && fits(name)).flatMap(port => found(port, `container port ${port.name}`, workload.place))
}

/** The port of a bind-address flag; a flag with an empty address binds nothing. */
export function boundBy(flag: string): Finder {
  return workload =>
    workload.containers
      .filter(({ role }) => role !== 'init')
      .flatMap(container => container.arguments)
      .filter(argument => argument.flag === flag)
      .flatMap(({ value, place }) => {
        const port = boundPort(value)
        return port === undefined ? [] : found(resolvePort(workload, port), `--${flag}=${value}`, place)
      })
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

function reference(workload: Workload, port: number | string | undefined): ContainerPort | undefined {
  return port === undefined ? undefined : resolvePort(workload, port)
}

function found(port: ContainerPort | undefined, where: string, place: Place): Found[] {
  return port === undefined ? [] : [{ port, where, place }]
}
