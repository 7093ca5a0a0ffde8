import type { ContainerPort, Protocol } from '../flows/model.ts'
import { selects } from '../flows/match.ts'
import { at, list, number, strings, text } from '../harness/manifest.ts'
import type { Manifest, Value } from '../harness/manifest.ts'
import { protocol } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'

/** A port of a workload, and why it has to be reachable. */
export interface Wire {
  workload: Workload
  port: number
  protocol: Protocol
  why: string
}

interface Service {
  name: string
  namespace: string
  labels: Record<string, string>
  selector: Record<string, string>
  ports: { name: string; port: number; target: Value | undefined; protocol: Protocol }[]
}

export class Wiring {
  private readonly objects: readonly Manifest[]
  private readonly workloads: readonly Workload[]
  private readonly services: readonly Service[]

  constructor(objects: readonly Manifest[], workloads: readonly Workload[], releaseNamespace: string) {
    this.objects = objects
    this.workloads = workloads
    this.services = objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1').map(object => serviceOf(object, releaseNamespace))
  }

  /** What the API server dials: admission, conversion and aggregated API servers. */
  webhooks(): Wire[] {
    const found: { reference: Value | undefined; why: string }[] = []
    for (const { kind, name, body } of this.objects) {
      if (kind === 'ValidatingWebhookConfiguration' || kind === 'MutatingWebhookConfiguration')
        for (const hook of list(at(body, 'webhooks'))) found.push({ reference: at(hook, 'clientConfig', 'service'), why: `${kind} ${name}` })
      if (kind === 'CustomResourceDefinition') found.push({ reference: at(body, 'spec', 'conversion', 'webhook', 'clientConfig', 'service'), why: `conversion of ${name}` })
      if (kind === 'APIService') found.push({ reference: at(body, 'spec', 'service'), why: `${kind} ${name}` })
    }
    return found.flatMap(({ reference, why }) => {
      const service = this.services.find(({ name, namespace }) => name === text(at(reference, 'name')) && namespace === text(at(reference, 'namespace')))
      return service === undefined ? [] : this.behind(service, number(at(reference, 'port')) ?? 443, why)
    })
  }

  /** Everything that a Service of the release sends to a workload. */
  exposed(): Wire[] {
    return this.services.flatMap(service => service.ports.flatMap(({ port }) => this.behind(service, port, `Service ${service.name}`)))
  }

  /** What is scraped: by monitors, by annotation, by a port's name. */
  metrics(): Wire[] {
    const wires: Wire[] = []
    for (const { kind, name, namespace, body } of this.objects) {
      const selector = strings(at(body, 'spec', 'selector', 'matchLabels'))
      if (kind === 'ServiceMonitor')
        for (const endpoint of list(at(body, 'spec', 'endpoints')))
          for (const service of this.services.filter(
            ({ labels, namespace: its }) => Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels) && seen(body, its, namespace),
          ))
            for (const port of service.ports) if (port.name === text(at(endpoint, 'port'))) wires.push(...this.behind(service, port.port, `ServiceMonitor ${name}`))
      if (kind === 'PodMonitor')
        for (const endpoint of list(at(body, 'spec', 'podMetricsEndpoints')))
          for (const workload of this.workloads.filter(({ labels }) => selects({ matchLabels: selector }, labels)))
            wires.push(...named(workload, at(endpoint, 'port'), `PodMonitor ${name}`))
    }
    for (const workload of this.workloads) {
      const annotated = Number(workload.annotations['prometheus.io/port'])
      if (Number.isInteger(annotated) && annotated > 0) wires.push({ workload, port: annotated, protocol: 'TCP', why: 'prometheus.io/port' })
      for (const port of workload.ports) if (/metrics/.test(port.name ?? '')) wires.push({ workload, port: port.port, protocol: port.protocol, why: `port ${port.name ?? ''}` })
    }
    return wires
  }

  /** What the kubelet dials; a probe with a host of its own goes elsewhere. */
  probes(): Wire[] {
    return this.workloads.flatMap(workload =>
      list(at(workload.spec, 'containers')).flatMap(container =>
        ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(probe =>
          ['httpGet', 'tcpSocket', 'grpc'].flatMap(how => {
            const action = at(container, probe, how)
            return action === undefined || text(at(action, 'host')) !== undefined ? [] : named(workload, at(action, 'port'), probe)
          }),
        ),
      ),
    )
  }

  private behind(service: Service, port: number, why: string): Wire[] {
    const entry = service.ports.find(other => other.port === port)
    if (entry === undefined || Object.keys(service.selector).length === 0) return []
    return this.workloads
      .filter(({ labels, namespace }) => namespace === service.namespace && selects({ matchLabels: service.selector }, labels))
      .flatMap(workload => named(workload, entry.target ?? entry.port, why, entry.protocol))
  }
}

const seen = (monitor: Value, serviceNamespace: string, own: string | undefined): boolean => {
  const names = list(at(monitor, 'spec', 'namespaceSelector', 'matchNames')).flatMap(name => text(name) ?? [])
  return names.length === 0 ? own === undefined || serviceNamespace === own : names.includes(serviceNamespace)
}

/** A container port by number or by name. */
function named(workload: Workload, target: Value | undefined, why: string, wanted?: Protocol): Wire[] {
  if (typeof target === 'number') return [{ workload, port: target, protocol: wanted ?? 'TCP', why }]
  const port: ContainerPort | undefined = workload.ports.find(({ name, protocol: its }) => name === target && (wanted === undefined || its === wanted))
  return port === undefined ? [] : [{ workload, port: port.port, protocol: port.protocol, why }]
}

function serviceOf({ name, namespace, body }: Manifest, releaseNamespace: string): Service {
  return {
    name,
    namespace: namespace ?? releaseNamespace,
    labels: strings(at(body, 'metadata', 'labels')),
    selector: strings(at(body, 'spec', 'selector')),
    ports: list(at(body, 'spec', 'ports')).map(port => ({
      name: text(at(port, 'name')) ?? '',
      port: number(at(port, 'port')) ?? 0,
      target: at(port, 'targetPort'),
      protocol: protocol(at(port, 'protocol')),
    })),
  }
}
