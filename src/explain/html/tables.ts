import { cellsOf, directionsOf, egressText, oneLine, verdicts } from '../cells.ts'
import type { Direction } from '../cells.ts'
import { element, join } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { MatrixFlow, WorkloadMatrix } from '../matrix.ts'

/** A workload with a table for each direction. */
export function workloadSection(workload: WorkloadMatrix): Markup {
  return element(
    'section',
    {},
    element('h2', {}, oneLine(workload.workload)),
    element('p', {}, `Policy: ${oneLine(workload.policy)}. Egress: ${egressText(workload)}.`),
    directionsOf(workload).map(directionPart),
  )
}

function directionPart({ title, flows, none }: Direction): Markup {
  const heading = element('h3', {}, title)
  if (flows.length === 0) return join([heading, element('p', { class: 'muted' }, `${none}.`)])
  const columns = element(
    'colgroup',
    {},
    Object.keys(titles).map(key => element('col', { class: key })),
  )
  const head = element(
    'tr',
    {},
    Object.values(titles).map(text => element('th', { scope: 'col' }, text)),
  )
  return join([heading, element('table', {}, columns, element('thead', {}, head), element('tbody', {}, flows.map(flowRow)))])
}

const titles = { verdict: 'Verdict', who: 'Who', peers: 'Peers', ports: 'Ports', rules: 'Carried by', found: 'Found', why: 'Why' } as const

function flowRow(flow: MatrixFlow): Markup {
  const { who, peers, ports, verdict, rules, found, reason } = cellsOf(flow)
  return element(
    'tr',
    {},
    cell('verdict', [`${verdicts[verdict].symbol} ${verdict}`], `verdict ${verdict}`),
    cell('who', [who]),
    cell('peers', peers),
    cell('ports', ports),
    cell('rules', rules),
    cell('found', found),
    cell('why', [reason]),
  )
}

/** Its column's title stands beside it where there is no room for columns. */
function cell(column: keyof typeof titles, texts: readonly string[], style: string = column): Markup {
  return element(
    'td',
    { class: style, 'data-label': titles[column] },
    texts.map(text => element('span', {}, text)),
    '',
  )
}
