import { oneLine } from '../../explain/cells.ts'
import type { Column, Table } from '../../explain/table/columns.ts'
import type { Style } from '../../explain/table/paint.ts'
import type { AnswerVerdict } from '../ask/answer.ts'
import type { CheckedFlow, Side } from '../model.ts'
import { placeWords, shownDocuments, sideWords, unknownWords } from '../words.ts'

/** A symbol, so that a verdict is told without colour too. */
export const symbols: Readonly<Record<AnswerVerdict, { readonly symbol: string; readonly style: Style }>> = {
  allowed: { symbol: '✓', style: 'allowed' },
  denied: { symbol: '✗', style: 'cut' },
  unknown: { symbol: '?', style: 'possibly' },
}

export function verdictText(flow: CheckedFlow): string {
  return `${symbols[flow.verdict].symbol} ${verdictName(flow)}`
}

function verdictName({ verdict, need }: CheckedFlow): string {
  return verdict === 'denied' && need?.required === false ? 'denied, if needed' : verdict
}

/** The sides that have something to say, the one that decided first. */
export function sidesOf({ egress, ingress }: CheckedFlow): readonly { readonly name: 'egress' | 'ingress'; readonly side: Side }[] {
  const sides = [
    ...(egress === undefined ? [] : [{ name: 'egress' as const, side: egress }]),
    ...(ingress === undefined ? [] : [{ name: 'ingress' as const, side: ingress }]),
  ]
  return [...sides.filter(({ side }) => !side.allowed), ...sides.filter(({ side }) => side.allowed)]
}

/** What decided, one line for each side; where the ends are no pods, why nothing does. */
export function decidedBy(flow: CheckedFlow): string[] {
  const sides = sidesOf(flow)
  const shown = flow.verdict === 'denied' ? sides.filter(({ side }) => !side.allowed) : sides
  if (shown.length === 0) return ['no policy of pods holds there']
  return shown.map(({ name, side }) => oneLine(`${shown.length > 1 ? `${name}: ` : ''}${sideWords(side)}`))
}

export function placesOf(flow: CheckedFlow): string[] {
  const sides = sidesOf(flow)
  const shown = flow.verdict === 'denied' ? sides.filter(({ side }) => !side.allowed) : sides
  return [...new Set(shown.flatMap(({ side }) => shownDocuments(side).map(placeWords)))].filter(text => text !== '').map(oneLine)
}

/** What is not known, or why the flow is there. */
export function whyText(flow: CheckedFlow): string[] {
  if (flow.unknown !== undefined) return [oneLine(unknownWords(flow.unknown))]
  return flow.need === undefined ? [] : [oneLine(flow.need.reason)]
}

const other: Column<CheckedFlow> = {
  title: 'who',
  least: 16,
  entries: ({ from, to, need }) => [oneLine(need?.direction === 'egress' ? otherParty(to, need.party) : otherParty(from, need?.party ?? ''))],
}

function otherParty(end: string, party: string): string {
  return party === '' || end.toLowerCase().includes(party.toLowerCase()) ? end : `${party}: ${end}`
}

/** The flows of a workload. */
const checkedTable: Table<CheckedFlow> = {
  columns: [
    other,
    { title: 'port', least: 12, entries: ({ port }) => [port === '' ? 'not known' : oneLine(port)] },
    { title: 'verdict', least: 9, entries: flow => [verdictText(flow)], style: ({ verdict }) => symbols[verdict].style },
    { title: 'decided by', least: 30, entries: decidedBy },
    { title: 'where', least: 24, entries: placesOf },
    { title: 'why', least: 28, entries: whyText },
  ],
  fewer: 4,
}

/** The columns that have something to say of any of the flows. */
export function tableOf(flows: readonly CheckedFlow[]): Table<CheckedFlow> {
  return { ...checkedTable, columns: checkedTable.columns.filter(({ entries }) => flows.some(flow => entries(flow).length > 0)) }
}

/** `12 flows: 10 allowed, 1 denied, 1 denied if needed`. */
export function countsText(flows: readonly CheckedFlow[]): string {
  const counts = ['allowed', 'denied', 'denied, if needed', 'unknown'].flatMap(name => {
    const count = flows.filter(flow => verdictName(flow) === name).length
    return count === 0 ? [] : [`${count} ${name.replace(',', '')}`]
  })
  return `${flows.length} ${flows.length === 1 ? 'flow' : 'flows'}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`
}
