import type { Diagnose } from '../diagnostics/collect.ts'
import { onLoopback } from './bound.ts'
import { annotatedForPrometheus, calledByApiserver, declaredHostPorts, exposedByService, probed, scrapedByMonitor } from './find.ts'
import type { Release } from './release.ts'
import type { Workload } from './workload.ts'

/** Tells of servers that arguments bind on loopback alone, where something outside of the pod is led to them. */
export function tellLoopback(workload: Workload, release: Release, diagnose: Diagnose): void {
  const alone = onLoopback(workload.listeners)
  if (alone.length === 0) return
  const leading = [calledByApiserver, scrapedByMonitor, annotatedForPrometheus, exposedByService, declaredHostPorts, probed].flatMap(finder =>
    finder(workload, release),
  )
  for (const { what, address, place } of alone) {
    const found = leading.find(({ port }) => port.number === address.number && port.protocol === 'TCP')
    if (found !== undefined) diagnose('NP434', { argument: what, workload: workload.title, where: found.where, port: address.number }, place)
  }
}
