import type { Cells } from '../cells.ts'
import { pad, wrapEntries } from './cell.ts'
import { columns, fit, space } from './columns.ts'
import type { Column } from './columns.ts'
import type { Paint } from './paint.ts'

/** Flows below each other, as wide as the terminal allows: all side by side, the rest below each row, or a list. */
export function layOut(rows: readonly Cells[], all: readonly Cells[], width: number, paint: Paint): readonly string[] {
  const beside = fit(all, width)
  const below = columns.slice(beside.length)
  if (beside.length === 0) return rows.flatMap((cells, index) => [...(index === 0 ? [] : ['']), ...list(cells, width, paint)])
  const heading = paint('bold', joined(beside.map(({ title, width }) => pad(title.toUpperCase(), width))))
  return [heading, ...rows.flatMap(cells => [...row(cells, beside, paint), ...details(cells, below, width, paint)])]
}

function row(cells: Cells, beside: readonly (Column & { readonly width: number })[], paint: Paint): readonly string[] {
  const wrapped = beside.map(({ title, entries, width }) => ({ title, width, lines: wrapEntries(entries(cells), width) }))
  const height = Math.max(...wrapped.map(({ lines }) => lines.length))
  return Array.from({ length: height }, (_, index) =>
    joined(wrapped.map(({ title, width, lines }) => painted(title, pad(lines[index] ?? '', width), cells, paint))),
  )
}

function painted(title: string, text: string, { verdict }: Cells, paint: Paint): string {
  return title === 'verdict' ? paint(verdict, text) : text
}

function joined(texts: readonly string[]): string {
  return texts.join(' '.repeat(space)).trimEnd()
}

function details(cells: Cells, below: readonly Column[], width: number, paint: Paint): readonly string[] {
  return below.flatMap(({ title, entries }) => labelled(title, entries(cells), { indent: 4, label: 5, width, paint }))
}

function list(cells: Cells, width: number, paint: Paint): readonly string[] {
  const [who, ...rest] = columns
  const heading = wrapEntries(who?.entries(cells) ?? [], width).map(text => paint('bold', text))
  const fields = rest.flatMap(({ title, entries }) =>
    labelled(title, entries(cells), { indent: 2, label: 12, width, paint }, text => painted(title, text, cells, paint)),
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
