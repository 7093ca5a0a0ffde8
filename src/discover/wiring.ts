import type { Diagnose } from '../diagnostics/collect.ts'
import { tellAstray } from './astray.ts'
import { tellDangling } from './dangling.ts'
import { tellDoubleBindings } from './double-bindings.ts'
import { tellImpossiblePorts } from './impossible-ports.ts'
import { tellLoopback } from './loopback.ts'
import type { Release } from './release.ts'
import { scrapeAnnotations } from './scrape-annotations.ts'
import type { Workload } from './workload.ts'

/** Tells what is wrong or unclear in the wiring of the covered workloads, apart from what a policy makes of it. */
export function tellWiring(covered: readonly Workload[], release: Release, diagnose: Diagnose): void {
  tellDangling(covered, release, diagnose)
  tellAstray(covered, release, diagnose)
  tellTwice(release, diagnose)
  for (const workload of covered) {
    tellDoubleBindings(workload, diagnose)
    tellImpossiblePorts(workload, diagnose)
    tellLoopback(workload, release, diagnose)
    tellAnnotations(workload, release, diagnose)
  }
}

/** A Service that the stream holds more than once. */
function tellTwice({ services }: Release, diagnose: Diagnose): void {
  const counts = new Map<string, number>()
  for (const { title } of services) counts.set(title, (counts.get(title) ?? 0) + 1)
  for (const { title, place } of services.toReversed()) {
    const count = counts.get(title) ?? 0
    // Told where the last of them stands.
    if (count > 1) diagnose('NP415', { service: title, count }, place)
    counts.delete(title)
  }
}

function tellAnnotations(workload: Workload, release: Release, diagnose: Diagnose): void {
  for (const { port, text, where, place } of scrapeAnnotations(workload, release.servicesOf(workload))) {
    if (port === 'unclear')
      diagnose('NP412', { what: where, problem: `is ${JSON.stringify(text)}, which is no port number`, key: 'networkPolicy.ports.metrics' }, place)
  }
}
