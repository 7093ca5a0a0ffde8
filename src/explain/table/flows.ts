import { verdicts } from '../cells.ts'
import type { Cells } from '../cells.ts'
import type { Table } from './columns.ts'

/** The flows of a matrix. */
export const flowTable: Table<Cells> = {
  columns: [
    { title: 'who', least: 14, entries: ({ who }) => [who] },
    { title: 'lets through', least: 18, entries: ({ peers }) => peers },
    { title: 'ports', least: 16, entries: ({ ports }) => [ports.join(', ')] },
    { title: 'verdict', least: 10, entries: ({ verdict }) => [`${verdicts[verdict].symbol} ${verdict}`], style: ({ verdict }) => verdict },
    { title: 'rule', least: 28, entries: ({ rules }) => rules },
    { title: 'found', least: 28, entries: ({ found }) => found },
    { title: 'why', least: 28, entries: ({ reason }) => [reason] },
  ],
  fewer: 4,
}
