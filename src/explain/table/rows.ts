import { largest } from '../../largest.ts'
import { pad, wrapEntries } from './cell.ts'
import { space } from './columns.ts'
import type { Column, Fitted, Table } from './columns.ts'
import type { Paint } from './paint.ts'

/** Rows below each other, as wide as the terminal allows: all columns side by side, the rest below each row, or a list. `beside`: what fits. */
export function layOut<Row>(table: Table<Row>, rows: readonly Row[], beside: readonly Fitted<Row>[], width: number, paint: Paint): readonly string[] {
  const below = table.columns.slice(beside.length)
  if (beside.length === 0) return rows.flatMap((row, index) => [...(index === 0 ? [] : ['']), ...list(table, row, width, paint)])
  const heading = paint('bold', joined(beside.map(({ title, width: its }) => pad(title.toUpperCase(), its))))
  return [heading, ...rows.flatMap(row => [...line(row, beside, paint), ...details(row, below, width, paint)])]
}

function line<Row>(row: Row, beside: readonly Fitted<Row>[], paint: Paint): readonly string[] {
  const wrapped = beside.map(column => ({ column, lines: wrapEntries(column.entries(row), column.width) }))
  const height = largest(wrapped.map(({ lines }) => lines.length))
  return Array.from({ length: height }, (_, index) =>
    joined(wrapped.map(({ column, lines }) => painted(column, pad(lines[index] ?? '', column.width), row, paint))),
  )
}

function painted<Row>({ style }: Column<Row>, text: string, row: Row, paint: Paint): string {
  return style === undefined ? text : paint(style(row), text)
}

function joined(texts: readonly string[]): string {
  return texts.join(' '.repeat(space)).trimEnd()
}

function details<Row>(row: Row, below: readonly Column<Row>[], width: number, paint: Paint): readonly string[] {
  return below.flatMap(({ title, entries }) => labelled(title, entries(row), { indent: 4, label: 5, width, paint }))
}

function list<Row>({ columns }: Table<Row>, row: Row, width: number, paint: Paint): readonly string[] {
  const [first, ...rest] = columns
  const heading = wrapEntries(first?.entries(row) ?? [], width).map(text => paint('bold', text))
  const fields = rest.flatMap(column =>
    labelled(column.title, column.entries(row), { indent: 2, label: 12, width, paint }, text => painted(column, text, row, paint)),
  )
  return [...heading, ...fields]
}

interface Place {
  readonly indent: number
  readonly label: number
  readonly width: number
  readonly paint: Paint
}

/** A label, and its entries beside it. */
export function labelled(label: string, entries: readonly string[], place: Place, painted: (text: string) => string = text => text): readonly string[] {
  const lines = wrapEntries(entries, place.width - place.indent - place.label - space)
  return lines.map(
    (text, index) => `${' '.repeat(place.indent)}${place.paint('dim', pad(index === 0 ? label : '', place.label))}${' '.repeat(space)}${painted(text)}`,
  )
}
