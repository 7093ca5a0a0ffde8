import { cellsOf, directionsOf, egressText, oneLine, verdicts } from '../cells.ts'
import type { Direction } from '../cells.ts'
import { element, join } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { MatrixFlow, WorkloadMatrix } from '../matrix.ts'

/** A workload with a table for each direction. */
export function workloadSection(workload: WorkloadMatrix): Markup {
  const name = oneLine(workload.workload)
  return element(
    'section',
    {},
    element('h2', {}, name),
    element('p', {}, `Policy: ${oneLine(workload.policy)}. Egress: ${egressText(workload)}.`),
    ...directionsOf(workload).map(direction => directionPart(direction, name)),
  )
}

function directionPart({ title, flows, none }: Direction, name: string): Markup {
  const heading = element('h3', {}, title)
  if (flows.length === 0) return join([heading, element('p', { class: 'muted' }, `${none}.`)])
  const columns = element('colgroup', {}, ...Object.keys(titles).map(key => element('col', { class: key })))
  const head = element('tr', {}, ...Object.values(titles).map(text => element('th', { scope: 'col' }, text)))
  const table = element('table', {}, columns, element('thead', {}, head), element('tbody', {}, ...flows.map(flowRow)))
  return join([heading, element('div', { class: 'wide', role: 'region', tabindex: 0, 'aria-label': `${title} flows of ${name}` }, table)])
}

const titles = { verdict: 'Verdict', who: 'Who', peers: 'Peers', ports: 'Ports', rules: 'Carried by', found: 'Found', why: 'Why' } as const

function flowRow(flow: MatrixFlow): Markup {
  const { who, peers, ports, verdict, rules, found, reason } = cellsOf(flow)
  const cells = [[who], peers, ports, rules, found, [reason]].map(texts => element('td', {}, ...texts.map(text => element('span', {}, text)), ''))
  return element('tr', {}, element('td', { class: `verdict ${verdict}` }, `${verdicts[verdict].symbol} ${verdict}`), ...cells)
}
