import type { Diagnose } from '../diagnostics/collect.ts'
import type { Resource } from '../resources/resource.ts'
import type { ConfigMaps } from './config-maps.ts'
import { monitoredPods, monitoredServices, toMonitors } from './monitors.ts'
import type { Monitor } from './monitors.ts'
import { LabelIndex, NamespacedIndex } from './namespaced.ts'
import type { Namespaced } from './namespaced.ts'
import { toServices } from './services.ts'
import type { Service } from './services.ts'
import { toWebhookClients } from './webhooks.ts'
import type { WebhookClient } from './webhooks.ts'
import { toWorkloads } from './workload.ts'
import type { Workload } from './workload.ts'

/** The facts of a stream: what was rendered, as far as it concerns traffic. Each function answers in the stream's order. */
export interface Release {
  readonly resources: readonly Resource[]
  readonly workloads: readonly Workload[]
  readonly services: readonly Service[]
  readonly webhookClients: readonly WebhookClient[]
  readonly monitors: readonly Monitor[]
  /** The workloads by the labels of their pods. */
  readonly pods: LabelIndex<Workload>
  /** The Services that send traffic to a workload's pods. */
  readonly servicesOf: (workload: Workload) => readonly Service[]
  readonly workloadsOf: (service: Service) => readonly Workload[]
  /** The Services of a name that can stand in the namespace. */
  readonly servicesNamed: (name: string, namespace: string | undefined) => readonly Service[]
  /** What calls a Service. */
  readonly clientsOf: (service: Service) => readonly WebhookClient[]
  /** The monitors that select a Service, or pods. */
  readonly monitorsOf: (scraped: Service | Workload) => readonly Monitor[]
  /** What a monitor selects. */
  readonly scrapedBy: (monitor: Monitor) => Scraped
}

export interface Scraped {
  readonly services: readonly Service[]
  readonly workloads: readonly Workload[]
}

export function toRelease(resources: readonly Resource[], configMaps: ConfigMaps, diagnose: Diagnose): Release {
  const workloads = toWorkloads(resources, configMaps, diagnose)
  const services = toServices(resources)
  const webhookClients = toWebhookClients(resources)
  const monitors = toMonitors(resources)
  const pods = new LabelIndex(workloads, ({ podLabels }) => podLabels)
  const byName = new NamespacedIndex<Service>()
  for (const service of services) byName.add(service.name, service)

  const behind = new Pairs(services, service => podsBehind(service, pods))
  const called = new Pairs(webhookClients, client => byName.get(client.service, client.namespace))
  const labelled = monitors.length === 0 ? undefined : new LabelIndex(services, ({ labels }) => labels)
  const scrapedServices = new Pairs(monitors, monitor => (labelled === undefined ? [] : monitoredServices(monitor, labelled)))
  const scrapedPods = new Pairs(monitors, monitor => monitoredPods(monitor, pods))
  return {
    resources,
    workloads,
    services,
    webhookClients,
    monitors,
    pods,
    servicesOf: workload => behind.to(workload),
    workloadsOf: service => behind.from(service),
    servicesNamed: (name, namespace) => byName.get(name, namespace),
    clientsOf: service => called.to(service),
    monitorsOf: scraped => ('podLabels' in scraped ? scrapedPods.to(scraped) : scrapedServices.to(scraped)),
    scrapedBy: monitor => ({ services: scrapedServices.from(monitor), workloads: scrapedPods.from(monitor) }),
  }
}

/** A Service without a selector has endpoints that someone else manages. */
export function podsBehind<Pods extends Namespaced>({ selector, namespace }: Service, pods: LabelIndex<Pods>): readonly Pods[] {
  return Object.keys(selector).length === 0 ? [] : pods.selected({ matchLabels: selector, matchExpressions: [] }, namespace)
}

/** What leads to what, worked out once and read in both directions. */
class Pairs<From, To> {
  private readonly onwards: ReadonlyMap<From, readonly To[]>
  private readonly back = new Map<To, From[]>()

  constructor(froms: readonly From[], reach: (from: From) => readonly To[]) {
    this.onwards = new Map(froms.map(from => [from, reach(from)]))
    for (const [from, tos] of this.onwards) {
      for (const to of tos) {
        const list = this.back.get(to)
        if (list === undefined) this.back.set(to, [from])
        else list.push(from)
      }
    }
  }

  from(from: From): readonly To[] {
    return this.onwards.get(from) ?? []
  }

  to(to: To): readonly From[] {
    return this.back.get(to) ?? []
  }
}
