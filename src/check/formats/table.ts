import type { Diagnostic } from '../../diagnostics/collect.ts'
import { formatPlace } from '../../diagnostics/format.ts'
import { oneLine } from '../../explain/cells.ts'
import { wrapEntries } from '../../explain/table/cell.ts'
import { fit } from '../../explain/table/columns.ts'
import type { Table } from '../../explain/table/columns.ts'
import { painter } from '../../explain/table/paint.ts'
import type { Paint } from '../../explain/table/paint.ts'
import { labelled, layOut } from '../../explain/table/rows.ts'
import type { Change, Difference } from '../diff/diff.ts'
import type { Account, CheckedFlow, PolicyCounts } from '../model.ts'
import { placeWords, shownDocuments, sideWords, unknownWords } from '../words.ts'
import { countsText, decidedBy, placesOf, sidesOf, symbols, tableOf, verdictText } from './cells.ts'
import type { FormatOptions } from './formats.ts'

type Lines = readonly string[]

/** For people on a terminal: each workload's flows, or one's own questions one by one. */
export function renderTable(account: Account, { width: columns, color }: FormatOptions): string {
  const width = Math.max(narrowest, Math.floor(columns))
  const paint = painter(color)
  const { implementation, version, flows, policies, diagnostics } = account
  const questions = flows.filter(({ need }) => need === undefined)
  return written([
    wrapEntries([`helm-netpol ${version}, policies as ${implementation} enforces them: ${policyText(policies)}`], width),
    ...questions.map(flow => questionBlock(flow, width, paint)),
    ...workloadBlocks(flows, width, paint),
    ...diagnostics.filter(({ severity }) => severity !== 'error').map(diagnostic => diagnosticBlock(diagnostic, width)),
    wrapEntries([`${countsText(flows)}.`], width),
  ])
}

const narrowest = 24

function written(blocks: readonly Lines[]): string {
  return `${blocks.map(lines => lines.map(line => line.trimEnd()).join('\n')).join('\n\n')}\n`
}

function policyText({ judged, refused, unread }: PolicyCounts): string {
  const counts = [
    `${judged.length} asked`,
    ...(refused.length === 0 ? [] : [`${refused.length} refused`]),
    ...(unread.length === 0 ? [] : [`${unread.length} not read`]),
  ]
  return counts.join(', ')
}

function workloadBlocks(flows: readonly CheckedFlow[], width: number, paint: Paint): Lines[] {
  const needed = flows.filter(({ need }) => need !== undefined)
  const table = tableOf(needed)
  const beside = fit(table, needed, width - 2)
  return byWorkload(flows).flatMap(([workload, own]) => {
    const directions = [
      { title: 'Inbound', rows: own.filter(({ need }) => need?.direction === 'ingress') },
      { title: 'Outbound', rows: own.filter(({ need }) => need?.direction === 'egress') },
    ].filter(({ rows }) => rows.length > 0)
    const heading = wrapEntries([oneLine(workload)], width).map(text => paint('bold', text))
    return [heading, ...directions.map(({ title, rows }) => [title, ...layOut(table, rows, beside, width - 2, paint)].map(indented))]
  })
}

function byWorkload(flows: readonly CheckedFlow[]): [string, readonly CheckedFlow[]][] {
  const workloads = new Map<string, CheckedFlow[]>()
  for (const flow of flows) {
    if (flow.need === undefined) continue
    const others = workloads.get(flow.need.workload)
    if (others === undefined) workloads.set(flow.need.workload, [flow])
    else others.push(flow)
  }
  return [...workloads]
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}

/** Both sides of a flow with what each says. */
function questionBlock(flow: CheckedFlow, width: number, paint: Paint): Lines {
  const { from, to, port, asked, verdict, unknown } = flow
  const field = (label: string, entries: readonly string[]): Lines => labelled(label, entries, { indent: 2, label: 8, width, paint })
  return [
    ...wrapEntries([oneLine(`${from} -> ${to}:${port}`)], width).map(text => paint('bold', text)),
    ...field('verdict', [paint(symbols[verdict].style, verdictText(flow))]),
    ...(unknown === undefined ? [] : field('unknown', [oneLine(unknownWords(unknown))])),
    ...field('asked', [oneLine(`${asked.from} to ${asked.to}, port ${asked.port}/${asked.protocol}`)]),
    ...sidesOf(flow).flatMap(({ name, side }) => {
      const places = shownDocuments(side)
        .map(placeWords)
        .filter(text => text !== '')
      return field(name, [oneLine(`${side.allowed ? 'allowed' : 'denied'}: ${sideWords(side)}`), ...places.map(place => oneLine(`at ${place}`))])
    }),
  ]
}

function diagnosticBlock({ severity, code, message, place }: Diagnostic, width: number): Lines {
  const below = place === undefined ? [] : [`at ${oneLine(formatPlace(place))}`]
  return [...wrapEntries([`${severity} ${code}: ${oneLine(message)}`], width), ...wrapEntries(below, width - 2).map(indented)]
}

/** What turned out otherwise; the same change at several ports is one row. */
export function renderDifferenceTable(difference: Difference, { width: columns, color }: FormatOptions): string {
  const width = Math.max(narrowest, Math.floor(columns))
  const paint = painter(color)
  const { version, implementation, compared, changes, pods, diagnostics } = difference
  const rows = grouped(changes)
  const listed = (title: string, names: readonly string[]): Lines[] =>
    names.length === 0 ? [] : [wrapEntries([`${title}: ${names.map(oneLine).join(', ')}.`], width)]
  const cut = changes.filter(({ newlyCut }) => newlyCut).length
  return written([
    wrapEntries([`helm-netpol ${version}, policies as ${implementation} enforces them: ${compared} flows compared`], width),
    ...(rows.length === 0 ? [] : [layOut(changeTable, rows, fit(changeTable, rows, width), width, paint)]),
    ...listed('Only in the new stream', pods.added),
    ...listed('Only in the old stream', pods.removed),
    ...diagnostics.filter(({ severity }) => severity !== 'error').map(diagnostic => diagnosticBlock(diagnostic, width)),
    wrapEntries([`${changesText(changes, rows)}${cut === 0 ? '' : `, ${cut} of flows that are needed and cut now`}.`], width),
  ])
}

/** `5 changes in 2 rows`, where several are one row. */
function changesText(changes: readonly Change[], rows: readonly Row[]): string {
  const counted = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`
  return rows.length === changes.length
    ? counted
    : `${counted} in ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} (a row has all ports that changed alike)`
}

interface Row {
  readonly change: Change
  readonly ports: readonly string[]
}

function grouped(changes: readonly Change[]): Row[] {
  const rows = new Map<string, Row & { readonly ports: string[] }>()
  for (const change of changes) {
    const { before, after, newlyCut, flow } = change
    const key = JSON.stringify([flow.from, flow.to, before, after, newlyCut, decidedBy(flow)])
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { change, ports: [flow.port] })
    else row.ports.push(flow.port)
  }
  return [...rows.values()]
}

const changeTable: Table<Row> = {
  columns: [
    { title: 'from', least: 16, entries: ({ change }) => [oneLine(change.flow.from)] },
    { title: 'to', least: 16, entries: ({ change }) => [oneLine(change.flow.to)] },
    { title: 'port', least: 9, entries: ({ ports }) => [ports.map(oneLine).join(', ')] },
    {
      title: 'verdict',
      least: 12,
      entries: ({ change: { before, after, newlyCut } }) => [`${before} → ${after}`, ...(newlyCut ? ['needed'] : [])],
      style: ({ change: { after } }) => symbols[after].style,
    },
    { title: 'decided by', least: 30, entries: ({ change }) => decidedBy(change.flow) },
    { title: 'where', least: 24, entries: ({ change }) => placesOf(change.flow) },
  ],
  fewer: 4,
}
