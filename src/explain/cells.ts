import type { Diagnostic } from '../diagnostics/collect.ts'
import { formatPlace } from '../diagnostics/format.ts'
import { visible, visibleLines } from '../visible.ts'
import type { DefaultDenyMatrix, Finding, Matrix, MatrixFlow, Verdict, WorkloadMatrix } from './matrix.ts'

/** What a flow says in each column, for the formats that people read: one line each, nothing left empty. */
export interface Cells {
  readonly who: string
  readonly peers: readonly string[]
  readonly ports: readonly string[]
  readonly verdict: Verdict
  readonly rules: readonly string[]
  readonly found: readonly string[]
  readonly reason: string
}

export function cellsOf({ party, peers, ports, verdict, carriedBy, found, reason }: MatrixFlow): Cells {
  return {
    who: oneLine(party),
    peers: orElse(peers.map(oneLine), verdict === 'cut' ? 'none' : 'any'),
    ports: orElse(ports.map(oneLine), 'every port'),
    verdict,
    rules: orElse(
      carriedBy.map(({ document, rule }) => oneLine(`${document} ${rule}`)),
      'none',
    ),
    found: found.map(foundAt),
    reason: oneLine(reason),
  }
}

function foundAt({ where, place }: Finding): string {
  return oneLine(place === undefined ? where : `${where}, ${formatPlace(place)}`)
}

function orElse(texts: readonly string[], none: string): readonly string[] {
  return texts.length === 0 ? [none] : texts
}

/** Chart data as words with one space between. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim()
}

/** A symbol, so that a verdict is told without colour too, and a meaning for the legend. */
export const verdicts = {
  allowed: { symbol: '✓', means: 'a rule lets it through' },
  possibly: { symbol: '~', means: 'by an address range' },
  cut: { symbol: '✗', means: 'needed, no rule allows it' },
  open: { symbol: '◦', means: 'not locked' },
} as const satisfies Record<Verdict, { symbol: string; means: string }>

export const verdictNames: readonly Verdict[] = ['allowed', 'possibly', 'cut', 'open']

export interface Direction {
  readonly title: 'Inbound' | 'Outbound'
  readonly flows: readonly MatrixFlow[]
  /** What stands where there are no flows. */
  readonly none: string
}

export function directionsOf({ flows, egressLocked }: WorkloadMatrix): readonly [Direction, Direction] {
  return [
    { title: 'Inbound', flows: flows.filter(({ direction }) => direction === 'ingress'), none: 'nothing may call it' },
    {
      title: 'Outbound',
      flows: flows.filter(({ direction }) => direction === 'egress'),
      none: egressLocked ? 'it may call nothing' : 'it may call anything',
    },
  ]
}

/** For pictures: where egress is open, the destinations that are known are not all. */
export function anythingElse({ egressLocked }: WorkloadMatrix): readonly MatrixFlow[] {
  if (egressLocked) return []
  const reason = 'no policy locks what it may call'
  return [{ direction: 'egress', row: 'anything', party: 'anything else', peers: [], ports: [], reason, found: [], verdict: 'open', carriedBy: [] }]
}

/** `Deployment stage/controller` in its parts. */
export function subjectOf({ workload }: WorkloadMatrix): { readonly kind: string; readonly namespace: string | undefined; readonly name: string } {
  const [, kind = '', namespace, name = ''] = /^(?:(\S+) )?(?:([^/]*)\/)?(.*)$/.exec(oneLine(workload)) ?? []
  return { kind, namespace, name }
}

export function egressText({ egressLocked }: WorkloadMatrix): string {
  return egressLocked ? 'locked, what is not listed is dropped' : 'open, it may call anything'
}

/** The block to paste, with the flows that it opens. */
export interface Paste {
  readonly opens: readonly string[]
  readonly block: string
}

export function pasteOf({ workloads, paste }: Matrix): Paste | undefined {
  if (paste === undefined) return undefined
  const opens = workloads.flatMap(({ workload, flows }) =>
    flows
      .filter(flow => flow.paste !== undefined)
      .map(flow => `${oneLine(workload)} ${flow.direction === 'egress' ? 'to' : 'from'} ${cellsOf(flow).who}, ${cellsOf(flow).ports.join(', ')}`),
  )
  return { opens: [...new Set(opens)], block: visibleLines(paste).trimEnd() }
}

/** What a diagnostic says to do, and the block that goes with it unless the block for all of it is shown. */
export function adviceOf({ code, help }: Diagnostic, paste: Paste | undefined): { readonly advice: string; readonly block: string } {
  const [advice = '', ...lines] = visibleLines(help).trimEnd().split('\n')
  return paste !== undefined && cutCodes.has(code) ? { advice: '', block: '' } : { advice: oneLine(advice), block: lines.join('\n') }
}

/** Of what is cut, whose blocks the one for all of it holds. */
const cutCodes: ReadonlySet<string> = new Set(['NP400', 'NP401', 'NP420', 'NP422'])

export function denyText({ policy, namespace, egress }: DefaultDenyMatrix): string {
  const where = namespace === undefined ? 'the release namespace' : `namespace ${oneLine(namespace)}`
  return `${oneLine(policy)} covers every pod of ${where}, ${egress ? 'inbound and outbound' : 'inbound only'}`
}

/** `9 flows: 7 allowed, 1 possibly, 1 cut`. */
export function countsText({ workloads }: Matrix): string {
  const flows = workloads.flatMap(workload => workload.flows)
  const counts = verdictNames.map(name => [flows.filter(({ verdict }) => verdict === name).length, name] as const).filter(([count]) => count > 0)
  const total = `${flows.length} ${flows.length === 1 ? 'flow' : 'flows'}`
  return counts.length === 0 ? total : `${total}: ${counts.map(([count, name]) => `${count} ${name}`).join(', ')}`
}

/** What must be known before the rest is read. */
export function noticesOf({ enabled, ok, workloads }: Matrix): readonly string[] {
  return [
    ...(ok ? [] : ['Something is wrong, so nothing would be written; see the diagnostics.']),
    ...(enabled ? [] : ['The values do not enable the policies; this is what they would be.']),
    ...(workloads.length === 0 ? ['No workload is covered.'] : []),
  ]
}
