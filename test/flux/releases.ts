import { flux } from '../../src/commands/flux.ts'
import type { FluxOptions } from '../../src/commands/flux.ts'
import type { Answer } from '../../src/commands/answer.ts'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { workload } from '../helpers/streams.ts'

/** A HelmRelease whose values enable the policies; `more` are lines of its spec. */
export function helmRelease({ more = '', enabled = true, name = 'app', apiVersion = 'helm.toolkit.fluxcd.io/v2' } = {}): string {
  return `apiVersion: ${apiVersion}
kind: HelmRelease
metadata:
  name: ${name}
  namespace: stage
spec:
  interval: 1h
  values:
    networkPolicy:
      enabled: ${enabled}
${more}`
}

export interface Given extends Partial<FluxOptions> {
  readonly stream?: string
}

/** The command in memory, on a small Deployment unless another stream is given. */
export function run(text: string, { stream = workload(), ...options }: Given = {}): Promise<Answer> {
  const absent = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false }
  return flux(
    Buffer.from(stream),
    { path: 'release.yaml', text },
    { ...absent, name: undefined, namespaceIsGiven: options.namespace !== undefined, check: false, ...options },
  )
}

/** What it writes, where nothing is wrong. */
export async function written(text: string, given: Given = {}): Promise<string> {
  const answer = await run(text, given)
  if (answer.text === undefined) throw new Error(formatDiagnostics(answer.diagnostics))
  return answer.text
}

/** What it tells, as a person reads it. */
export async function told(text: string, given: Given = {}): Promise<string> {
  return formatDiagnostics((await run(text, given)).diagnostics)
}
