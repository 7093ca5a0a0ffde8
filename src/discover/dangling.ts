import type { Diagnose } from '../diagnostics/collect.ts'
import { monitoredPods } from './monitors.ts'
import type { Monitor, MonitorEndpoint } from './monitors.ts'
import { LabelIndex } from './namespaced.ts'
import { otherPods } from './other-pods.ts'
import { scrapedPorts } from './ports.ts'
import type { Release } from './release.ts'
import { containerPort } from './services.ts'
import type { Service } from './services.ts'
import type { Workload } from './workload.ts'

/** Tells of references that end nowhere, for which there can be no rule: a missing Service, a port that no container has. */
export function tellDangling(covered: readonly Workload[], release: Release, diagnose: Diagnose): void {
  for (const { service, namespace, port, from, place } of release.webhookClients) {
    const found = release.servicesNamed(service, namespace)
    const problem = found.length === 0 ? `the stream holds no Service ${service}` : missingPort(found, port)
    if (problem !== undefined) diagnose('NP407', { what: from, where: `Service ${service}, port ${port}`, problem }, place)
  }
  for (const service of new Set(covered.flatMap(release.servicesOf))) tellTargets(service, release.workloadsOf(service), diagnose)
  tellIdle(covered, release, diagnose)
  for (const monitor of new Set(monitorsOf(covered, release))) tellEndpoints(monitor, release, diagnose)
  for (const workload of covered) tellProbes(workload, diagnose)
}

function missingPort(services: readonly Service[], port: number): string | undefined {
  return services.some(({ ports }) => ports.some(candidate => candidate.port === port)) ? undefined : `${services[0]?.title} has no port ${port}`
}

/** Pods that lack a port by its name are no endpoints for it; all of them lacking it, there are none. */
function tellTargets(service: Service, workloads: readonly Workload[], diagnose: Diagnose): void {
  for (const port of service.ports) {
    if (workloads.some(workload => containerPort(port, workload) !== undefined)) continue
    const other = workloads.some(({ ports }) => ports.some(({ name }) => name === port.target)) ? ` for ${port.protocol}` : ''
    diagnose(
      'NP407',
      { what: `${service.title}:${port.port}`, where: `targetPort ${port.target}`, problem: `no container of ${titles(workloads)} names that port${other}` },
      port.place,
    )
  }
}

function* monitorsOf(covered: readonly Workload[], release: Release): Iterable<Monitor> {
  for (const workload of covered) {
    yield* release.monitorsOf(workload)
    for (const service of release.servicesOf(workload)) yield* release.monitorsOf(service)
  }
}

/** Monitors that look into the covered workloads' namespaces and select nothing of the stream, most likely by a label that is mistyped. */
function tellIdle(covered: readonly Workload[], { monitors, scrapedBy, resources }: Release, diagnose: Diagnose): void {
  const idle = monitors.filter(monitor => scrapedBy(monitor).services.length + scrapedBy(monitor).workloads.length === 0)
  if (idle.length === 0) return
  const here = new Set(covered.map(({ namespace }) => namespace))
  const others = new LabelIndex(otherPods(resources), ({ labels }) => labels)
  for (const monitor of idle.filter(one => staysHere(one, here))) {
    const what = monitor.kind === 'ServiceMonitor' ? 'Service' : 'pods'
    if (what === 'Service' || monitoredPods(monitor, others).length === 0) diagnose('NP432', { monitor: monitor.title, what }, monitor.place)
  }
}

/** One that looks into every namespace, or into others by name, may be for another release. */
function staysHere({ namespaces, namespace: own }: Monitor, here: ReadonlySet<string | undefined>): boolean {
  return namespaces === undefined || (namespaces !== 'any' && namespaces.every(name => name === own || here.has(name)))
}

function tellEndpoints(monitor: Monitor, release: Release, diagnose: Diagnose): void {
  const { services, workloads } = release.scrapedBy(monitor)
  for (const endpoint of monitor.endpoints) {
    const problem =
      endpoint.servicePort === undefined
        ? missingContainerPort(endpoint, [...workloads, ...new Set(services.flatMap(release.workloadsOf))])
        : missingServicePort(endpoint.servicePort, services)
    const named = endpoint.servicePort ?? endpoint.containerPort
    if (problem !== undefined) diagnose('NP407', { what: monitor.title, where: `endpoint port ${named}`, problem }, endpoint.place)
  }
}

function missingServicePort(port: string, services: readonly Service[]): string | undefined {
  if (services.some(({ ports }) => ports.some(({ name }) => name === port))) return undefined
  return `no port of ${titles(services)} has that name`
}

function missingContainerPort({ containerPort }: MonitorEndpoint, workloads: readonly Workload[]): string | undefined {
  if (containerPort === undefined || workloads.some(workload => scrapedPorts(workload, containerPort).length > 0)) return undefined
  return `no container of ${titles(workloads)} names that port`
}

/** A number needs no declaration, a name is looked for in the container itself. */
function tellProbes({ probes, title }: Workload, diagnose: Diagnose): void {
  for (const { port, reference, what, place } of probes) {
    if (port !== undefined) continue
    diagnose('NP407', { what: `the ${what} of ${title}`, where: `port ${reference}`, problem: 'the container itself names no such port' }, place)
  }
}

function titles(items: readonly { readonly title: string }[]): string {
  return items.map(({ title }) => title).join(' or ')
}
