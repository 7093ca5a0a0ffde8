import { largest, smallest } from '../../largest.ts'
import { widthOf } from './cell.ts'
import type { Style } from './paint.ts'

export interface Column<Row> {
  readonly title: string
  /** As narrow as it is still easy to read. */
  readonly least: number
  readonly entries: (row: Row) => readonly string[]
  /** Undefined: as the text around it. */
  readonly style?: (row: Row) => Style
}

/** A table whose columns stand side by side where the terminal is wide enough. */
export interface Table<Row> {
  readonly columns: readonly Column<Row>[]
  /** Those that stand side by side in a narrower one; the others go below each row. */
  readonly fewer: number
}

export const space = 2

export type Fitted<Row> = Column<Row> & { readonly width: number }

/** The columns that stand side by side, with their widths; what is left of the columns goes below each row. */
export function fit<Row>({ columns, fewer }: Table<Row>, rows: readonly Row[], width: number): readonly Fitted<Row>[] {
  for (const count of [columns.length, fewer]) {
    const chosen = columns.slice(0, count).map(column => ({ ...column, natural: naturalWidth(column, rows) }))
    const widths = share(chosen, width - space * (count - 1))
    if (widths !== undefined) return chosen.map((column, index) => ({ ...column, width: widths[index] ?? column.least }))
  }
  return []
}

function naturalWidth<Row>({ title, entries }: Column<Row>, rows: readonly Row[]): number {
  return Math.max(widthOf(title), largest(rows.flatMap(row => entries(row).map(widthOf))))
}

/** What is over goes to the narrowest that want more; undefined where not even the least fits. */
function share(wanted: readonly { readonly least: number; readonly natural: number }[], width: number): readonly number[] | undefined {
  const widths = wanted.map(({ least, natural }) => Math.min(least, natural))
  let over = width - widths.reduce((sum, one) => sum + one, 0)
  if (over < 0) return undefined
  while (over > 0) {
    const wanting = widths.filter((one, index) => one < (wanted[index]?.natural ?? 0))
    if (wanting.length === 0) break
    const narrowest = smallest(wanting)
    const index = widths.findIndex((one, index) => one === narrowest && one < (wanted[index]?.natural ?? 0))
    widths[index] = narrowest + 1
    over -= 1
  }
  return widths
}
