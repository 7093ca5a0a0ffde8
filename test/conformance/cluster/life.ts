import type { Judges } from '../harness/judges.ts'
import type { Part } from '../harness/part.ts'
import type { Report } from '../harness/report.ts'
import { failures } from './failures.ts'
import { helmOf } from './helms.ts'
import { installs } from './installs.ts'
import { releases } from './releases.ts'
import { startCluster } from './server.ts'
import { smallChart } from './small.ts'
import { strategies } from './strategies.ts'

/** Releases on a real API server, with both Helms, from the installation of the plugin to the end of the release. */
export const life: Part = {
  name: 'life',
  about: 'plugin, install, upgrade, rollback, uninstall, test and failure with Helm 4 and Helm 3',
  async run(report, judges) {
    judges.path('testcluster')
    // Each Helm has a cluster of its own: the policies of one must not be counted for the other.
    const ended = await Promise.allSettled([
      installs(report, judges)
        .then(() => strategies(report, judges))
        .then(() => withHelm(3, report, judges)),
      withHelm(4, report, judges),
    ])
    for (const end of ended) if (end.status === 'rejected') throw end.reason
  },
}

async function withHelm(version: 3 | 4, report: Report, judges: Judges): Promise<void> {
  const cluster = await startCluster(judges)
  try {
    const helm = await helmOf(version, judges, cluster.kubeconfig)
    await releases(report, helm, cluster)
    await smallChart(report, helm, cluster)
    await failures(report, helm, cluster)
  } finally {
    await cluster.stop()
  }
}
