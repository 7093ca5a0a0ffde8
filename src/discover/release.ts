import type { Diagnose } from '../diagnostics/collect.ts'
import type { Resource } from '../resources/resource.ts'
import { toMonitors } from './monitors.ts'
import type { Monitor } from './monitors.ts'
import { servicesByWorkload, toServices } from './services.ts'
import type { Service } from './services.ts'
import { toWebhookClients } from './webhooks.ts'
import type { WebhookClient } from './webhooks.ts'
import { toWorkloads } from './workload.ts'
import type { Workload } from './workload.ts'

/** The facts of a stream: what was rendered, as far as it concerns traffic. */
export interface Release {
  readonly resources: readonly Resource[]
  readonly workloads: readonly Workload[]
  readonly services: readonly Service[]
  /** The Services that send traffic to each workload's pods. */
  readonly servicesOf: (workload: Workload) => readonly Service[]
  readonly webhookClients: readonly WebhookClient[]
  readonly monitors: readonly Monitor[]
}

export function toRelease(resources: readonly Resource[], diagnose: Diagnose): Release {
  const workloads = toWorkloads(resources, diagnose)
  const services = toServices(resources)
  const senders = servicesByWorkload(services, workloads)
  return {
    resources,
    workloads,
    services,
    servicesOf: workload => senders.get(workload) ?? [],
    webhookClients: toWebhookClients(resources),
    monitors: toMonitors(resources),
  }
}
