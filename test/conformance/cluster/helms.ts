import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { chartFolder } from '../harness/paths.ts';
import { helm3PostRenderer, helmEnvironment } from '../harness/helm.ts';
import type { Judges } from '../harness/judges.ts';
import { must, run } from '../harness/proc.ts';
import type { Ran } from '../harness/proc.ts';
import { product } from '../harness/product.ts';
import { scratch } from '../harness/scratch.ts';
import { valuesFile } from '../harness/postrender.ts';

/** One of the two Helms, set up with the post-renderer, speaking to a cluster. */
export interface Helm {
  name: string;
  version: 3 | 4;
  /** Any command. */
  run(args: readonly string[]): Promise<Ran>;
  /** A command that renders: with these values for the chart and for the post-renderer. */
  render(verb: 'install' | 'upgrade' | 'template', release: string, namespace: string, values: object, extra?: readonly string[]): Promise<Ran>;
  /** The same without the post-renderer. */
  plain(verb: 'install' | 'upgrade' | 'template', release: string, namespace: string, values: object, extra?: readonly string[]): Promise<Ran>;
}

export async function bothHelms(judges: Judges, kubeconfig: string): Promise<Helm[]> {
  const home4 = mkdtempSync(join(scratch('life'), 'helm4-'));
  const env4 = helmEnvironment(home4, kubeconfig);
  await must(judges.path('helm4'), ['plugin', 'install', product()], { env: env4 });
  const home3 = mkdtempSync(join(scratch('life'), 'helm3-'));
  const env3 = helmEnvironment(home3, kubeconfig);
  return [
    helm('Helm 4', 4, 'netpol', (args) => run(judges.path('helm4'), args, { env: env4 })),
    helm('Helm 3', 3, helm3PostRenderer(home3), (args) => run(judges.path('helm3'), args, { env: env3 })),
  ];
}

function helm(name: string, version: 3 | 4, renderer: string, start: Helm['run']): Helm {
  const chart = chartFolder();
  if (chart === undefined) throw new Error('the chart is not there (set HELM_NETPOL_CHART to its folder)');
  const command = (verb: string, release: string, namespace: string, values: object, extra: readonly string[], rendered: boolean): Promise<Ran> => {
    const file = valuesFile(values);
    const through = rendered ? ['--post-renderer', renderer, '--post-renderer-args', '-f', '--post-renderer-args', file] : [];
    return start([verb, release, chart, '-n', namespace, '-f', file, ...through, ...extra]);
  };
  return {
    name,
    version,
    run: start,
    render: (verb, release, namespace, values, extra = []) => command(verb, release, namespace, values, extra, true),
    plain: (verb, release, namespace, values, extra = []) => command(verb, release, namespace, values, extra, false),
  };
}
