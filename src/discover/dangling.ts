import type { Diagnose } from '../diagnostics/collect.ts'
import { sameNamespace } from './namespace.ts'
import type { Release } from './release.ts'
import { containerPort } from './services.ts'
import type { Service } from './services.ts'
import type { Workload } from './workload.ts'

/** Tells of references that end nowhere, for which there can be no rule: a missing Service, a port that no container has. */
export function tellDangling(covered: readonly Workload[], release: Release, diagnose: Diagnose): void {
  for (const { service, namespace, port, from, place } of release.webhookClients) {
    const found = release.services.find(candidate => candidate.name === service && sameNamespace(candidate, { namespace }))
    const problem = found === undefined ? `the stream holds no Service ${service}` : missingPort(found, port)
    if (problem !== undefined) diagnose('NP407', { what: from, where: `Service ${service}, port ${port}`, problem }, place)
  }
  for (const workload of covered) {
    for (const service of release.servicesOf(workload)) tellTargets(service, workload, diagnose)
  }
}

function missingPort({ title, ports }: Service, port: number): string | undefined {
  return ports.some(candidate => candidate.port === port) ? undefined : `${title} has no port ${port}`
}

function tellTargets(service: Service, workload: Workload, diagnose: Diagnose): void {
  for (const port of service.ports) {
    if (containerPort(port, workload) !== undefined) continue
    diagnose(
      'NP407',
      { what: `${service.title}:${port.port}`, where: `targetPort ${port.target}`, problem: `no container of ${workload.title} names that port` },
      workload.place,
    )
  }
}
