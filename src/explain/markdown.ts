import type { Diagnostic } from '../diagnostics/collect.ts'
import { formatPlace } from '../diagnostics/format.ts'
import { largest } from '../largest.ts'
import { adviceOf, cellsOf, countsText, denyText, directionsOf, egressText, noticesOf, oneLine, pasteOf, verdicts } from './cells.ts'
import type { Direction, Paste } from './cells.ts'
import type { Matrix, MatrixFlow, WorkloadMatrix } from './matrix.ts'

/** For pull requests and wikis: tables, and blocks to paste as fenced YAML. */
export function renderMarkdown(matrix: Matrix): string {
  const paste = pasteOf(matrix)
  const blocks = [
    '# Who may talk to whom',
    `helm-netpol ${escape(matrix.version)}, engine ${escape(matrix.engine)}. ${escape(countsText(matrix))}.`,
    ...noticesOf(matrix).map(notice => `**${escape(notice)}**`),
    ...matrix.workloads.flatMap(workloadBlocks),
    ...(paste === undefined ? [] : ['## To open what is cut', ...pasteBlocks(paste)]),
    ...listBlock('## Default denies', matrix.defaultDenies.map(denyText)),
    ...(matrix.diagnostics.length === 0 ? [] : ['## Diagnostics', ...matrix.diagnostics.flatMap(diagnostic => diagnosticBlocks(diagnostic, paste))]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function workloadBlocks(workload: WorkloadMatrix): string[] {
  return [
    `## ${escape(workload.workload)}`,
    `- policy: ${escape(workload.policy)}\n- egress: ${escape(egressText(workload))}`,
    ...directionsOf(workload).flatMap(directionBlocks),
  ]
}

function directionBlocks({ title, flows, none }: Direction): string[] {
  if (flows.length === 0) return [`### ${title}`, `${escape(none)}.`]
  return [`### ${title}`, [row(titles), row(titles.map(() => '---')), ...flows.map(flowRow)].join('\n')]
}

const titles = ['Verdict', 'Who', 'Peers', 'Ports', 'Carried by', 'Found', 'Why']

function flowRow(flow: MatrixFlow): string {
  const { who, peers, ports, verdict, rules, found, reason } = cellsOf(flow)
  const word = `${verdicts[verdict].symbol} ${verdict === 'cut' ? '**cut**' : verdict}`
  return row([word, ...[[who], peers, ports, rules, found, [reason]].map(texts => texts.map(escape).join('<br>'))])
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function pasteBlocks({ opens, block }: Paste): string[] {
  return [opens.map(text => `- ${escape(text)}`).join('\n'), fenced(block)]
}

function diagnosticBlocks(diagnostic: Diagnostic, paste: Paste | undefined): string[] {
  const { severity, code, message, place } = diagnostic
  const { advice, block } = adviceOf(diagnostic, paste)
  const texts = [
    `**${severity} ${code}**: ${escape(message)}`,
    ...(place === undefined ? [] : [`at ${escape(formatPlace(place))}`]),
    ...(advice === '' ? [] : [escape(advice)]),
  ]
  return [texts.join('<br>'), ...(block === '' ? [] : [fenced(block)])]
}

function fenced(block: string): string {
  const fence = '`'.repeat(Math.max(3, largest([...block.matchAll(/`+/g)].map(([run]) => run.length + 1))))
  return `${fence}yaml\n${block}\n${fence}`
}

function listBlock(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [title, texts.map(text => `- ${escape(text)}`).join('\n')]
}

/** Neither markup, nor a cell's end, nor an address or a name that becomes a link. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[&<>]/g, character => entities[character] ?? character)
    .replace(/[\\`*_[\]{}|~!$^]/g, '\\$&')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/[@#](?=\w)/g, '$&<!-- -->')
    .replace(/^(?=[-+](?:\s|$)|#+(?:\s|$)|[-=]+$)/, '\\')
    .replace(/^\d+(?=[.)](?:\s|$))/, '$&\\')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
