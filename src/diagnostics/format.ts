import { visible, visibleLines } from '../visible.ts'
import type { Place } from '../yaml/tree.ts'
import type { Diagnostic } from './collect.ts'

/** More than these nobody reads; the report file has them all. */
const most = 100

/** What a person reads: every diagnostic with its place and what to do, then a count. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return ''
  const shown = diagnostics.slice(0, most).map(formatDiagnostic)
  const more = diagnostics.length > most ? [`helm-netpol: … and ${diagnostics.length - most} more`] : []
  return `${[...shown, ...more, summary(diagnostics)].join('\n')}\n`
}

function formatDiagnostic({ severity, code, message, help, place }: Diagnostic): string {
  const where = place === undefined ? '' : `\n  at ${formatPlace(place)}`
  return visibleLines(`helm-netpol: ${severity} ${code}: ${message}${where}\n${indented(help)}`)
}

/** Help may end in a block of values to paste. */
function indented(help: string): string {
  return help.trimEnd().replace(/^/gm, '  ')
}

/** `values.yaml:3:5 (networkPolicy.engine)`, on one line. */
export function formatPlace({ source, line, column, path }: Place): string {
  const position = line === 0 ? source : `${source}:${line}:${column}`
  return visible(path === undefined ? position : `${position} (${path})`)
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: string): number => diagnostics.filter(diagnostic => diagnostic.severity === severity).length
  const counts = [plural(count('error'), 'error'), plural(count('warning'), 'warning'), plural(count('note'), 'note')].filter(text => text !== '')
  return `helm-netpol: ${counts.join(', ')}`
}

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`
}
