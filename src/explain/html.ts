import { createHash } from 'node:crypto'
import { formatPlace } from '../diagnostics/format.ts'
import type { Diagnostic } from '../diagnostics/collect.ts'
import { adviceOf, countsText, denyText, noticesOf, pasteOf } from './cells.ts'
import type { Paste } from './cells.ts'
import { pageScript } from './html/script.ts'
import { pageStyle } from './html/stylesheet.ts'
import { workloadSection } from './html/tables.ts'
import { element, join, Markup } from './markup.ts'
import type { Matrix } from './matrix.ts'
import { drawPicture } from './svg.ts'
import { stylesheet } from './svg/stylesheet.ts'

/** One page that needs nothing beside itself, and whose policy lets it load nothing. */
export function renderHtml(matrix: Matrix): string {
  const html = element(
    'html',
    { lang: 'en' },
    head(),
    '\n',
    element(
      'body',
      {},
      body(matrix).flatMap(part => ['\n', part]),
    ),
  )
  return `<!doctype html>\n${html.text}\n`
}

const title = 'Network policies: who may talk to whom'

function head(): Markup {
  return element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: contentPolicy }),
    element('meta', { name: 'viewport', content: 'width=device-width,initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, title),
    element('style', {}, new Markup(pageStyle)),
  )
}

/** What chart data could smuggle in has another hash. */
const contentPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(pageStyle)} ${hashOf(stylesheet)}`,
  `script-src ${hashOf(pageScript)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function body(matrix: Matrix): Markup[] {
  const paste = pasteOf(matrix)
  return [
    element('h1', {}, title),
    element('p', { class: 'muted' }, `helm-netpol ${matrix.version}, engine ${matrix.engine}. ${countsText(matrix)}.`),
    ...noticesOf(matrix).map(notice => element('p', { class: 'notice' }, notice)),
    element('figure', { tabindex: 0, role: 'group', 'aria-label': 'Picture' }, drawPicture(matrix, { titled: false })),
    ...section('To open what is cut', paste === undefined ? [] : [pastePart(paste)]),
    ...matrix.workloads.map(workloadSection),
    ...section(
      'Default denies',
      matrix.defaultDenies.map(deny => element('p', {}, `${denyText(deny)}.`)),
    ),
    ...section(
      'Diagnostics',
      matrix.diagnostics.map(diagnostic => diagnosticPart(diagnostic, paste)),
    ),
    element('script', {}, new Markup(pageScript)),
  ]
}

function section(heading: string, parts: readonly Markup[]): Markup[] {
  return parts.length === 0 ? [] : [element('section', {}, element('h2', {}, heading), parts)]
}

function pastePart({ opens, block }: Paste): Markup {
  return join([
    element('p', {}, 'Add to the values, for:'),
    element(
      'ul',
      {},
      opens.map(text => element('li', {}, text)),
    ),
    blockPart(block),
  ])
}

function blockPart(block: string): Markup {
  const button = element('button', { type: 'button', hidden: 'hidden' }, 'Copy')
  return element('div', { class: 'block' }, button, element('pre', { tabindex: 0 }, element('code', {}, block)))
}

function diagnosticPart(diagnostic: Diagnostic, paste: Paste | undefined): Markup {
  const { severity, code, message, place } = diagnostic
  const { advice, block } = adviceOf(diagnostic, paste)
  return element(
    'div',
    { class: `diagnostic ${severity}` },
    element('strong', {}, `${severity} ${code}`),
    `: ${message}`,
    place === undefined ? [] : [element('div', { class: 'muted' }, `at ${formatPlace(place)}`)],
    advice === '' ? [] : [element('div', {}, advice)],
    block === '' ? [] : [blockPart(block)],
  )
}
