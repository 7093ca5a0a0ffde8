import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from './release.ts'
import type { Service, ServicePort } from './services.ts'
import type { Workload } from './workload.ts'

/** Tells of Services that send a port's calls to pods without that port as well: to pods of two workloads, of which one has it. */
export function tellAstray(covered: readonly Workload[], release: Release, diagnose: Diagnose): void {
  for (const service of new Set(covered.flatMap(release.servicesOf))) {
    const workloads = release.workloadsOf(service)
    // Pods that lack a port by its name are left out by the cluster, and those of a headless Service are dialled one by one.
    if (workloads.length < 2 || service.headless) continue
    for (const port of service.ports) if (typeof port.target === 'number') tellPort(service, port, port.target, workloads, release, diagnose)
  }
}

function tellPort(service: Service, port: ServicePort, target: number, workloads: readonly Workload[], release: Release, diagnose: Diagnose): void {
  // One that declares nothing may serve it all the same.
  const without = workloads.filter(workload => workload.ports.length > 0 && !serves(workload, target, port))
  if (without.length === 0 || !workloads.some(workload => serves(workload, target, port))) return
  const callers = new Set(release.clientsOf(service).flatMap(client => (client.port === port.port ? [client.from] : [])))
  diagnose(
    'NP417',
    {
      service: service.title,
      port: target,
      workloads: workloads.map(({ title }) => title),
      without: without.map(({ title }) => title),
      callers: callers.size === 0 ? '' : ` of ${[...callers].join(' and ')}`,
    },
    service.place,
  )
}

function serves({ ports, listeners }: Workload, number: number, { protocol }: ServicePort): boolean {
  return (
    ports.some(port => port.number === number && port.protocol === protocol) ||
    (protocol === 'TCP' && listeners.some(({ address }) => address.is === 'port' && address.number === number))
  )
}
