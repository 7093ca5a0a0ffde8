import { startCluster } from '../cluster/server.ts'
import type { Part } from '../harness/part.ts'
import { fluxOf } from './controller.ts'
import { corners } from './corners.ts'
import { lives } from './lives.ts'

/** HelmReleases as Flux's helm-controller takes them: its own code renders, installs, upgrades and looks for drift. */
export const flux: Part = {
  name: 'flux',
  about: 'the policies that helm-netpol flux writes into a HelmRelease, as Flux installs them',
  async run(report, judges) {
    judges.path('judge-flux')
    const cluster = await startCluster(judges)
    try {
      const controller = fluxOf(judges, cluster)
      await lives(report, controller, cluster)
      await corners(report, controller, cluster)
    } finally {
      await cluster.stop()
    }
  },
}
