/** An item of a ResourceList, by the bytes it has there. */
export interface Item {
  /** Position among the items, from 0. */
  readonly index: number
  /** With its dash, and every line up to the next item's. */
  readonly text: string
  /** The same object as a document of its own: as many lines, without the dash and the indentation. */
  readonly document: string
  /** Lines before it. */
  readonly firstLine: number
  /** Columns that the document has lost. */
  readonly indent: number
}

/** A ResourceList in block style, cut apart; `before`, the items' texts and `after` joined are the text. */
export interface Cut {
  readonly before: string
  readonly items: readonly Item[]
  readonly after: string
  /** Column of the items' dashes. */
  readonly column: number
}

/**
 * Cuts at the lines where items begin, so that what is not touched stays byte for byte and unread. Undefined where the
 * text is in another style (JSON, `items: []`, quoted keys), of which lines tell nothing.
 */
export function cutItems(text: string): Cut | undefined {
  const lines = text.split(/(?<=\n)/)
  const top = lines.findIndex(line => itemsKey.test(line))
  if (top < 0 || lines.findIndex((line, at) => at !== top && itemsKey.test(line)) >= 0) return undefined
  const next = lines.findIndex((line, at) => at > top && (topLevelKey.test(line) || separator.test(line)))
  const end = lastOwn(lines, top + 1, next < 0 ? lines.length : next)
  const outside = [...lines.slice(0, top), ...lines.slice(end)]
  if (!isBlock(outside)) return undefined
  const region = lines.slice(top + 1, end)
  const first = region.find(line => !blank.test(line))
  const column = first === undefined ? -1 : (dash.exec(first)?.[1]?.length ?? -1)
  if (column < 0) return undefined
  const starts = region.flatMap((line, at) => (dash.exec(line)?.[1]?.length === column ? [at] : []))
  const items = starts.map((start, index) => toItem(region.slice(start, starts[index + 1] ?? region.length), index, top + 1 + start, column))
  return { before: [...lines.slice(0, top + 1), ...region.slice(0, starts[0])].join(''), items, after: lines.slice(end).join(''), column }
}

/** A list without items, to be written below its last key; undefined where lines tell nothing. */
export function cutNone(text: string): Cut | undefined {
  const lines = text.split(/(?<=\n)/)
  if (!isBlock(lines) || !lines.some(line => topLevelKey.test(line))) return undefined
  const end = lastOwn(lines, 0, lines.length)
  return { before: lines.slice(0, end).join(''), items: [], after: lines.slice(end).join(''), column: 0 }
}

function isBlock(lines: readonly string[]): boolean {
  return lines.every(line => topLevelKey.test(line) || harmless.test(line))
}

const itemsKey = /^items:[ \t]*(?:#[^\n]*|\r)?\n/
export const topLevelKey = /^[A-Za-z][A-Za-z0-9]*:(?:[ \t\r\n]|$)/
/** Below a key, a comment, nothing, or the marks around the one document. */
const harmless = /^(?:[ \t][^\n]*|#[^\n]*|-(?:[ \t][^\n]*)?|---[ \t]*(?:#[^\n]*)?|\.\.\.[ \t]*)?\r?\n?$/
const separator = /^---(?:[ \t\r\n]|$)/
const blank = /^[ \t]*(?:#[^\n]*)?\r?\n?$/
const dash = /^( *)-(?=[ \t\r\n]|$)/

/** Where the lines from `from` to `to` end, without comments at the margin after them; blank lines stay, as `|+` counts them. */
export function lastOwn(lines: readonly string[], from: number, to: number): number {
  const content = lines.slice(from, to).findLastIndex(line => !/^(?:#[^\n]*|\.\.\.[ \t]*)?\r?\n?$/.test(line))
  const end = lines.findIndex((line, at) => at > from + content && !/^\r?\n$/.test(line))
  return end < 0 ? to : Math.min(end, to)
}

function toItem(lines: readonly string[], index: number, firstLine: number, column: number): Item {
  const [head = '', ...rest] = lines
  const inner = head.slice(column + 1)
  const indent = blank.test(inner) ? indentationOf(rest, column + 2) : column + 1 + (/^ */.exec(inner)?.[0].length ?? 0)
  const document = [inner.replace(/^[ \t]+/, '') || '\n', ...rest.map(line => dedent(line, indent))].join('')
  return { index, text: lines.join(''), document: document.endsWith('\n') ? document : `${document}\n`, firstLine, indent }
}

/** Where an item begins on a line below its dash. */
function indentationOf(lines: readonly string[], otherwise: number): number {
  const first = lines.find(line => !blank.test(line))
  return first === undefined ? otherwise : (/^ */.exec(first)?.[0].length ?? otherwise)
}

function dedent(line: string, indent: number): string {
  const spaces = /^ */.exec(line)?.[0].length ?? 0
  return line.slice(Math.min(spaces, indent))
}
