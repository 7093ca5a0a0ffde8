import { verdicts } from '../cells.ts'
import type { Cells } from '../cells.ts'
import { widthOf } from './cell.ts'

export interface Column {
  readonly title: string
  /** As narrow as it is still easy to read. */
  readonly least: number
  readonly entries: (cells: Cells) => readonly string[]
}

export const columns: readonly Column[] = [
  { title: 'who', least: 14, entries: ({ who }) => [who] },
  { title: 'lets through', least: 18, entries: ({ peers }) => peers },
  { title: 'ports', least: 16, entries: ({ ports }) => [ports.join(', ')] },
  { title: 'verdict', least: 10, entries: ({ verdict }) => [`${verdicts[verdict].symbol} ${verdict}`] },
  { title: 'rule', least: 28, entries: ({ rules }) => rules },
  { title: 'found', least: 28, entries: ({ found }) => found },
  { title: 'why', least: 28, entries: ({ reason }) => [reason] },
]

export const space = 2

/** The columns that stand side by side, with their widths; what is left of the columns goes below each row. */
export function fit(rows: readonly Cells[], width: number): readonly (Column & { readonly width: number })[] {
  for (const count of [columns.length, 4]) {
    const chosen = columns.slice(0, count).map(column => ({ ...column, natural: naturalWidth(column, rows) }))
    const widths = share(chosen, width - space * (count - 1))
    if (widths !== undefined) return chosen.map((column, index) => ({ ...column, width: widths[index] ?? column.least }))
  }
  return []
}

function naturalWidth({ title, entries }: Column, rows: readonly Cells[]): number {
  return Math.max(widthOf(title), ...rows.flatMap(cells => entries(cells).map(widthOf)))
}

/** What is over goes to the narrowest that want more; undefined where not even the least fits. */
function share(wanted: readonly { readonly least: number; readonly natural: number }[], width: number): readonly number[] | undefined {
  const widths = wanted.map(({ least, natural }) => Math.min(least, natural))
  let over = width - widths.reduce((sum, one) => sum + one, 0)
  if (over < 0) return undefined
  while (over > 0) {
    const wanting = widths.filter((one, index) => one < (wanted[index]?.natural ?? 0))
    if (wanting.length === 0) break
    const narrowest = Math.min(...wanting)
    const index = widths.findIndex((one, index) => one === narrowest && one < (wanted[index]?.natural ?? 0))
    widths[index] = narrowest + 1
    over -= 1
  }
  return widths
}
