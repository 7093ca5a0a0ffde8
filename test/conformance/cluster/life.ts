import type { Part } from '../harness/part.ts';
import { failures } from './failures.ts';
import { installs } from './installs.ts';
import { releases } from './releases.ts';
import { startCluster } from './server.ts';

/** Releases on a real API server, with both Helms, from the installation of the plugin to the end of the release. */
export const life: Part = {
  name: 'life',
  about: 'plugin, install, upgrade, rollback, uninstall and failure with Helm 4 and Helm 3',
  async run(report, judges) {
    judges.path('helm4');
    judges.path('helm3');
    const cluster = await startCluster(judges);
    try {
      await installs(report, judges);
      await releases(report, judges, cluster);
      await failures(report, judges, cluster);
    } finally {
      await cluster.stop();
    }
  },
};
