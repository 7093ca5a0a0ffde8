import type { Diagnostic } from '../diagnostics/collect.ts'
import { version } from '../version.ts'
import { visible } from '../visible.ts'

/** Comment lines for the first policy: they survive into `helm template` and `helm get manifest`, where stderr does not. */
export function headComment(engine: string, diagnostics: readonly Diagnostic[]): string {
  const lines = [`helm-netpol ${version}, engine ${engine}`, ...diagnostics.filter(({ severity }) => severity !== 'error').map(toLine)]
  return lines.map(line => `# ${visible(line)}\n`).join('')
}

/** Without the place: paths and line numbers differ between machines and runs, and the manifest must not. */
function toLine({ severity, code, message }: Diagnostic): string {
  return `helm-netpol: ${severity} ${code}: ${message}`
}
