import type { Diagnostic } from '../diagnostics/collect.ts'
import { formatPlace } from '../diagnostics/format.ts'
import { adviceOf, cellsOf, countsText, denyText, directionsOf, egressText, noticesOf, oneLine, pasteOf } from './cells.ts'
import type { Paste } from './cells.ts'
import type { Matrix, WorkloadMatrix } from './matrix.ts'
import { wrapEntries } from './table/cell.ts'
import { fit } from './table/columns.ts'
import { flowTable } from './table/flows.ts'
import { painter } from './table/paint.ts'
import type { Paint } from './table/paint.ts'
import { labelled, layOut } from './table/rows.ts'

export interface TableOptions {
  /** Of the terminal; only blocks of YAML go beyond it, since a wrapped one could not be pasted. */
  readonly width: number
  readonly color: boolean
}

/** For people on a terminal. */
export function renderTable(matrix: Matrix, options: TableOptions): string {
  const width = Math.max(narrowest, Math.floor(options.width))
  const paint = painter(options.color)
  const paste = pasteOf(matrix)
  const blocks = [
    wrapEntries([`helm-netpol ${oneLine(matrix.version)}, engine ${oneLine(matrix.engine)}`, ...noticesOf(matrix)], width),
    ...matrix.workloads.flatMap(workload => workloadBlocks(workload, width, paint)),
    ...(paste === undefined ? [] : pasteBlocks(paste, width)),
    ...matrix.defaultDenies.map(deny => wrapEntries([`Default deny: ${denyText(deny)}.`], width)),
    ...matrix.diagnostics.flatMap(diagnostic => diagnosticBlocks(diagnostic, paste, width)),
    wrapEntries([`${countsText(matrix)}.`], width),
  ]
  return `${blocks.map(lines => lines.map(line => line.trimEnd()).join('\n')).join('\n\n')}\n`
}

const narrowest = 24

type Lines = readonly string[]

function workloadBlocks(workload: WorkloadMatrix, width: number, paint: Paint): readonly Lines[] {
  const beside = fit(flowTable, workload.flows.map(cellsOf), width - 2)
  const field = (label: string, text: string): readonly string[] => labelled(label, [text], { indent: 2, label: 6, width, paint })
  const heading = [
    ...wrapEntries([oneLine(workload.workload)], width).map(text => paint('bold', text)),
    ...field('policy', oneLine(workload.policy)),
    ...field('egress', egressText(workload)),
  ]
  const directions = directionsOf(workload).map(({ title, flows, none }) => {
    if (flows.length === 0) return wrapEntries([`${title}: ${none}.`], width - 2).map(indented)
    return [title, ...layOut(flowTable, flows.map(cellsOf), beside, width - 2, paint)].map(indented)
  })
  return [heading, ...directions]
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}

function pasteBlocks({ opens, block }: Paste, width: number): Lines[] {
  const what = wrapEntries(opens, width - 2).map(indented)
  return [['Cut:', ...what, ...wrapEntries(['To let it through, put this into the values:'], width)], verbatim(block)]
}

function diagnosticBlocks(diagnostic: Diagnostic, paste: Paste | undefined, width: number): Lines[] {
  const { severity, code, message, place } = diagnostic
  const { advice, block } = adviceOf(diagnostic, paste)
  const below = [...(place === undefined ? [] : [`at ${oneLine(formatPlace(place))}`]), ...(advice === '' ? [] : [advice])]
  const told = [...wrapEntries([`${severity} ${code}: ${oneLine(message)}`], width), ...wrapEntries(below, width - 2).map(indented)]
  return [told, ...(block === '' ? [] : [verbatim(block)])]
}

/** Not wrapped, so that it can be copied. */
function verbatim(block: string): Lines {
  return block.split('\n').map(line => `    ${line}`)
}
