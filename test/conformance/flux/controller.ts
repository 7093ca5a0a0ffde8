import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '../cluster/server.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { manifests } from '../harness/manifest.ts'
import type { Manifest } from '../harness/manifest.ts'
import { cleanEnvironment, valuesFile } from '../harness/postrender.ts'
import { must, run } from '../harness/proc.ts'
import type { Ran } from '../harness/proc.ts'
import { bundle } from '../harness/product.ts'
import { scratch } from '../harness/scratch.ts'

/** Flux's helm-controller, our program, and Helm to render for it and to uninstall. */
export interface Flux {
  /** What the controller makes of a HelmRelease. It hands the chart no values: a chart here has them as its defaults. */
  controller(verb: 'dryrun' | 'install' | 'upgrade' | 'diff', helmRelease: string, chart: string): Promise<Ran>
  /** What is rendered on the user's machine. */
  render(release: string, namespace: string, chart: string): Promise<string>
  /** `helm-netpol flux` on a HelmRelease, its stream on stdin. */
  netpol(helmRelease: string, stream: string, flags?: readonly string[]): Promise<Ran>
  uninstall(release: string, namespace: string): Promise<string>
}

export function fluxOf(judges: Judges, cluster: Cluster): Flux {
  const env = helmEnvironment(scratch('flux-home'), cluster.kubeconfig)
  const helm = judges.path('helm4')
  const file = (text: string): string => {
    const path = join(scratch('flux'), 'release.yaml')
    writeFileSync(path, text)
    return path
  }
  return {
    controller: (verb, helmRelease, chart) => run(judges.path('judge-flux'), [verb, file(helmRelease), chart], { env }),
    render: (release, namespace, chart) => must(helm, ['template', release, chart, '-n', namespace], { env }),
    netpol: (helmRelease, stream, flags = []) => run(process.execPath, [bundle(), 'flux', file(helmRelease), ...flags], { input: stream, env: cleanEnvironment }),
    uninstall: (release, namespace) => must(helm, ['uninstall', release, '-n', namespace, '--no-hooks', '--ignore-not-found'], { env }),
  }
}

export const strategies = ['combined', 'separate', 'nohooks'] as const
export type Strategy = (typeof strategies)[number]

export interface Wanted {
  namespace: string
  values: object
  strategy?: Strategy
  /** More lines of the spec. */
  more?: string
}

/** A HelmRelease as people write it; nothing waits, since there is no kubelet. */
export function helmRelease({ namespace, values, strategy = 'combined', more = '' }: Wanted): string {
  return `# The controller of the stages.
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: demo
  namespace: ${namespace}
spec:
  interval: 1h # often enough
  chartRef:
    kind: OCIRepository
    name: chart
  postRenderStrategy: ${strategy}
  install: &quick {disableWait: true}
  upgrade: *quick
${more}  values: ${JSON.stringify(values)}
`
}

/** The objects of a manifest without the labels that Flux puts on every object. */
export function objects(manifest: string): Manifest[] {
  return manifests(manifest.replace(/^ +helm\.toolkit\.fluxcd\.io\/(name|namespace): .*\n/gm, ''))
}

/** What the filter adds to a stream with these values. */
export async function filtered(stream: string, values: object): Promise<Manifest[]> {
  return manifests(await must(process.execPath, [bundle(), '--only-policies', '-f', valuesFile(values)], { input: stream, env: cleanEnvironment }))
}

export const isPolicy = ({ body }: Manifest): boolean => JSON.stringify(body).includes('"helm-netpol/policy"')
