import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { chartFolder } from '../harness/paths.ts'
import { helm3PostRenderer, helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { must, run } from '../harness/proc.ts'
import type { Ran } from '../harness/proc.ts'
import { product } from '../harness/product.ts'
import { scratch } from '../harness/scratch.ts'
import { valuesFile } from '../harness/postrender.ts'

/** One of the two Helms, set up with the post-renderer, speaking to a cluster. */
export interface Helm {
  name: string
  version: 3 | 4
  /** Any command. */
  run(args: readonly string[]): Promise<Ran>
  /** A command that renders: with these values for the chart and for the post-renderer. */
  render(verb: 'install' | 'upgrade' | 'template', release: string, namespace: string, values: object, extra?: readonly string[]): Promise<Ran>
  /** The same without the post-renderer. */
  plain(verb: 'install' | 'upgrade' | 'template', release: string, namespace: string, values: object, extra?: readonly string[]): Promise<Ran>
  /** The same Helm with another chart. */
  of(chart: string): Helm
}

export async function helmOf(version: 3 | 4, judges: Judges, kubeconfig: string): Promise<Helm> {
  const home = mkdtempSync(join(scratch('life'), `helm${version}-`))
  const env = helmEnvironment(home, kubeconfig)
  const program = judges.path(`helm${version}`)
  if (version === 4) await must(program, ['plugin', 'install', product()], { env })
  const renderer = version === 4 ? 'netpol' : helm3PostRenderer(home)
  return helm(version, renderer, args => run(program, args, { env }), chartFolder())
}

function helm(version: 3 | 4, renderer: string, start: Helm['run'], chart: string): Helm {
  const command = (verb: string, release: string, namespace: string, values: object, extra: readonly string[], rendered: boolean): Promise<Ran> => {
    const file = valuesFile(values)
    const through = rendered ? ['--post-renderer', renderer, '--post-renderer-args', '-f', '--post-renderer-args', file] : []
    return start([verb, release, chart, '-n', namespace, '-f', file, ...through, ...extra])
  }
  return {
    name: `Helm ${version}`,
    version,
    run: start,
    render: (verb, release, namespace, values, extra = []) => command(verb, release, namespace, values, extra, true),
    plain: (verb, release, namespace, values, extra = []) => command(verb, release, namespace, values, extra, false),
    of: other => helm(version, renderer, start, other),
  }
}
