import { cellsOf, countsText, denyText, directionsOf, egressText, noticesOf, oneLine, pastesOf } from './cells.ts'
import type { Matrix, WorkloadMatrix } from './matrix.ts'
import { wrapEntries } from './table/cell.ts'
import { painter } from './table/paint.ts'
import type { Paint } from './table/paint.ts'
import { labelled, layOut } from './table/rows.ts'

export interface TableOptions {
  /** Of the terminal; only blocks to paste go beyond it, since a wrapped one could not be pasted. */
  readonly width: number
  readonly color: boolean
}

/** For people on a terminal. */
export function renderTable(matrix: Matrix, options: TableOptions): string {
  const width = Math.max(narrowest, Math.floor(options.width))
  const paint = painter(options.color)
  const blocks = [
    wrapEntries([`helm-netpol ${oneLine(matrix.version)}, engine ${oneLine(matrix.engine)}`, ...noticesOf(matrix)], width),
    ...matrix.workloads.flatMap(workload => workloadBlocks(workload, width, paint)),
    ...pasteBlocks(matrix, width),
    ...matrix.defaultDenies.map(deny => wrapEntries([`Default deny: ${denyText(deny)}.`], width)),
    wrapEntries([`${countsText(matrix)}.`], width),
  ]
  return `${blocks.map(lines => lines.map(line => line.trimEnd()).join('\n')).join('\n\n')}\n`
}

const narrowest = 24

function workloadBlocks(workload: WorkloadMatrix, width: number, paint: Paint): readonly (readonly string[])[] {
  const all = workload.flows.map(cellsOf)
  const field = (label: string, text: string): readonly string[] => labelled(label, [text], { indent: 2, label: 6, width, paint })
  const heading = [
    ...wrapEntries([oneLine(workload.workload)], width).map(text => paint('bold', text)),
    ...field('policy', oneLine(workload.policy)),
    ...field('egress', egressText(workload)),
  ]
  const directions = directionsOf(workload).map(({ title, flows, none }) => {
    if (flows.length === 0) return wrapEntries([`${title}: ${none}.`], width - 2).map(indented)
    return [title, ...layOut(flows.map(cellsOf), all, width - 2, paint)].map(indented)
  })
  return [heading, ...directions]
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}

function pasteBlocks(matrix: Matrix, width: number): readonly (readonly string[])[] {
  return pastesOf(matrix).flatMap(({ opens, block }) => [
    [...wrapEntries(['Cut:'], width), ...wrapEntries(opens, width - 2).map(indented), ...wrapEntries(['To let it through, put this into the values:'], width)],
    block.split('\n').map(line => `    ${line}`),
  ])
}
