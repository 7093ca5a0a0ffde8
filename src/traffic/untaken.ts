import type { Diagnose } from '../diagnostics/collect.ts'
import { givenPort, rowSettings } from '../values/schema.ts'
import type { Settings } from '../values/schema.ts'
import { at, placeOf } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import type { Flow } from './flow.ts'
import { ingressRows } from './table.ts'

type Row = (typeof ingressRows)[number]

/** Tells of ports and rows that the values ask for while several workloads are covered, and that are none of theirs as the stream shows them. */
export function tellUntaken(ingress: readonly Flow[], workloads: number, settings: Settings, diagnose: Diagnose): void {
  for (const row of ingressRows) {
    const flows = ingress.filter(flow => row.rest || flow.row === row.id)
    const untaken = asked(row, settings).filter(({ port }) => !flows.some(({ ports }) => port === undefined || ports.some(({ number }) => number === port)))
    const [first] = untaken
    if (first !== undefined) diagnose('NP431', { asked: untaken.map(({ words }) => words), row: row.id, workloads }, first.place)
  }
}

interface Asked {
  readonly words: string
  /** Undefined: any port will do. */
  readonly port: number | undefined
  readonly place: Place
}

/** What the block itself says of a row; the chart's own `ports` are there for whatever it renders. */
function asked(row: Row, settings: Settings): Asked[] {
  const enabled = rowSettings(settings, row)?.enabled
  const port = givenPort(settings, row)
  const on = at(settings.given, row.id, 'enabled')
  const number = at(settings.given, 'ports', row.id)
  return [
    ...(enabled === true && on !== undefined ? [{ words: `networkPolicy.${row.id}.enabled: true`, port: undefined, place: placeOf(on) }] : []),
    ...(enabled !== false && port !== undefined && number !== undefined
      ? [{ words: `networkPolicy.ports.${row.id}: ${port}`, port, place: placeOf(number) }]
      : []),
  ]
}
