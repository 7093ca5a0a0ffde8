import { isAlias, isCollection, isMap, isScalar, isSeq, visit } from 'yaml'
import type { Pair, YAMLMap, YAMLSeq } from 'yaml'
import { isObject, objectAt } from '../yaml/json.ts'
import { at, itemsAt, toJson } from '../yaml/tree.ts'
import type { Json } from '../yaml/tree.ts'
import { isOurs, patchesOf } from './block.ts'
import { foreignComment } from './comments.ts'
import type { HelmRelease } from './helm-release.ts'

/** Where the block stands in the text of a HelmRelease, or where it goes. */
export interface Site {
  /** Items of `spec.postRenderers` that are ours, as data; none where the block is not there. */
  readonly own: readonly Json[]
  /** How many items stand before them, or before the place where they go. */
  readonly before: number
  /** The items of others. */
  readonly others: readonly Json[]
  /** The whole text with the block of these lines, and all other bytes as they were. Throws SiteProblem, as `take` does, where another's comment would be lost. */
  readonly put: (lines: readonly string[]) => string
  /** The whole text without the block. */
  readonly take: () => string
}

/** What keeps a text from being edited, in words after the title of the HelmRelease. */
export class SiteProblem extends Error {
  /** In UTF-16 units. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Finds the place by offsets of the parser. Throws SiteProblem where an edit could touch more than the block. */
export function findSite({ document, tree, source: { text } }: HelmRelease): Site {
  const root = blockMap(document.contents, 'the document', tree.start)
  const spec = blockMap(pairOf(root, 'spec')?.value, 'spec', tree.start)
  const pair = pairOf(spec, 'postRenderers')
  refuseShared(root, spec, 'spec')
  if (pair === undefined) {
    if (at(tree, 'spec', 'postRenderers') !== undefined) throw new SiteProblem('takes spec.postRenderers from a merge key (<<): write it out', startOf(spec))
    return absent(text, spec)
  }
  if (isSeq(pair.value) && !pair.value.flow) {
    refuseShared(root, pair.value, 'spec.postRenderers')
    const items = itemsAt(tree, 'spec', 'postRenderers').map(toJson)
    return listed(text, spec, pair, pair.value, items)
  }
  return empty(text, pair)
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

function blockMap(node: unknown, name: string, offset: number): YAMLMap {
  if (isAlias(node)) throw new SiteProblem(`has ${name} as an alias: write it out`, startOf(node))
  if (!isMap(node)) throw new SiteProblem(`has no mapping as ${name}`, offset)
  if (node.flow === true) throw new SiteProblem(`has ${name} in flow style ({ }): write it in lines of its own`, startOf(node))
  return node
}

/** An anchored part that is used again would be changed in both places. */
function refuseShared(root: YAMLMap, part: YAMLMap | YAMLSeq, name: string): void {
  const { anchor } = part
  visit(root, {
    Alias: (_, { source }) => {
      if (source === anchor) throw new SiteProblem(`uses ${name} a second time (*${source}), which would change with it: write it out`, startOf(part))
    },
  })
}

function absent(text: string, spec: YAMLMap): Site {
  const end = contentEnd(text, spec)
  const { offset, lead, tail } = lineAfter(text, end)
  const indent = column(text, startOf(spec.items[0]?.key))
  const put: Site['put'] = lines =>
    splice(text, offset, offset, `${lead}${joined(text, ['postRenderers:', ...lines.map(line => `  ${line}`)], indent, true)}${tail}`)
  return { own: [], before: 0, others: [], put, take: () => text }
}

function empty(text: string, pair: Pair): Site {
  const start = colonOf(pair) + 1
  const written = isScalar(pair.value) && pair.value.range?.[0] === pair.value.range?.[1] ? '' : text.slice(start, endOf(pair.value))
  if (!/^\s*(\[\s*\]|~|null|Null|NULL)?$/.test(written)) {
    const problem = isAlias(pair.value) ? 'as an alias: write it out' : 'in flow style ([ ]), tagged or anchored: write it as a list in lines of its own'
    throw new SiteProblem(`has spec.postRenderers ${problem}`, start)
  }
  const valueEnd = start + written.length
  const { offset } = lineAfter(text, valueEnd)
  const indent = column(text, startOf(pair.key)) + 2
  const put: Site['put'] = lines => splice(text, start, offset, `${text.slice(valueEnd, offset)}${lineEnd(text)}${joined(text, lines, indent, true)}`)
  return { own: [], before: 0, others: [], put, take: () => text }
}

function listed(text: string, spec: YAMLMap, pair: Pair, list: YAMLSeq, items: readonly Json[]): Site {
  const first = items.findIndex(isBlock)
  const indent = column(text, dashOf(list, 0))
  if (first < 0) {
    const { offset, lead, tail } = lineAfter(text, contentEnd(text, list))
    const put: Site['put'] = lines => splice(text, offset, offset, `${lead}${joined(text, lines, indent, true)}${tail}`)
    return { own: [], before: items.length, others: items, put, take: () => text }
  }
  const count = isEmptyPass(items[first + 1]) ? 2 : 1
  const own = items.slice(first, first + count)
  const others = items.toSpliced(first, count)
  if (others.some(isBlock)) throw new SiteProblem('has two blocks of helm-netpol in spec.postRenderers: remove one', dashOf(list, first))
  refuseForeign(own[0], dashOf(list, first))
  for (const node of list.items.slice(first, first + count)) refuseAnchors(node)
  const start = dashOf(list, first)
  const end = contentEnd(text, list.items[first + count - 1])
  const take = (): string => {
    const [from, to] = [lineStart(text, start), nextLine(text, end)]
    refuseComments(text, start, to)
    if (others.length > 0) return cut(text, from, to)
    const colon = colonOf(pair) + 1
    const alone = text.slice(colon, start).trim() === ''
    if (alone && spec.items.length > 1) return cut(text, lineStart(text, startOf(pair.key)), to)
    return splice(cut(text, from, to), colon, colon, ' []')
  }
  const put: Site['put'] = lines => {
    refuseComments(text, start, end)
    return splice(text, start, end, joined(text, lines, indent, false))
  }
  return { own, before: first, others, put, take }
}

function refuseComments(text: string, start: number, end: number): void {
  const found = foreignComment(text, start, end)
  if (found !== undefined)
    throw new SiteProblem(`has a comment (${found.text}) in the block of helm-netpol, which is replaced: move it above the block`, found.offset)
}

function isBlock(item: Json): boolean {
  return patchesOf(item).some(isOurs)
}

function isEmptyPass(item: Json | undefined): boolean {
  return JSON.stringify(item) === '{"kustomize":{}}'
}

/** What others wrote into our item would be lost with it. */
function refuseForeign(item: Json | undefined, offset: number): void {
  const kustomize = isObject(item) ? objectAt(item, 'kustomize') : {}
  const keys = [...Object.keys(isObject(item) ? item : {}).filter(key => key !== 'kustomize'), ...Object.keys(kustomize).filter(key => key !== 'patches')]
  const more = [...keys, ...(patchesOf(item).every(isOurs) ? [] : ['another patch'])]
  if (more.length > 0) throw new SiteProblem(`has ${more.join(' and ')} in the block of helm-netpol: move it to a post-renderer of its own`, offset)
}

function refuseAnchors(node: unknown): void {
  if (isAlias(node)) throw new SiteProblem('has the block of helm-netpol as an alias: write it out', startOf(node))
  if (!isCollection(node)) return
  visit(node, (_, inner) => {
    if (isAlias(inner)) throw new SiteProblem(`has an alias (*${inner.source}) in the block of helm-netpol: write it out`, startOf(inner))
    const anchor = isScalar(inner) || isCollection(inner) ? inner.anchor : undefined
    if (anchor !== undefined) throw new SiteProblem(`has an anchor (&${anchor}) in the block of helm-netpol, which is replaced: move it`, startOf(inner))
  })
}

/** Where the text of a node ends, comments and blank lines behind it left out. */
function contentEnd(text: string, node: unknown, fallback = 0): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1)
    return last === undefined ? endOf(node) : contentEnd(text, last.value, colonOf(last) + 1)
  }
  if (isSeq(node) && node.flow !== true) return contentEnd(text, node.items.at(-1), dashOf(node, node.items.length - 1) + 1)
  if (!isScalar(node)) return endOf(node)
  const [start, end] = [startOf(node), endOf(node)]
  if (start === end) return fallback
  if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return end
  const written = text.slice(start, end)
  // With `+` the blank lines are part of the value.
  return /^[|>][0-9-]*\+/.test(written) ? end : start + written.replace(/[ \t\r\n]+$/, '').length
}

function startOf(node: unknown): number {
  return isAlias(node) || isScalar(node) || isCollection(node) ? (node.range?.[0] ?? 0) : 0
}

function endOf(node: unknown): number {
  return isAlias(node) || isScalar(node) || isCollection(node) ? (node.range?.[1] ?? 0) : 0
}

function colonOf({ key, srcToken }: Pair): number {
  return srcToken?.sep?.find(({ type }) => type === 'map-value-ind')?.offset ?? endOf(key)
}

/** Offset of the `-` of an item. */
function dashOf({ srcToken }: YAMLSeq, index: number): number {
  const start = srcToken?.type === 'block-seq' ? srcToken.items[index]?.start : undefined
  const dash = start?.find(({ type }) => type === 'seq-item-ind')?.offset
  if (dash === undefined) throw new Error(`item ${index} has no dash`)
  return dash
}

/** Where a line can be put in behind an offset, and what has to stand around it. */
function lineAfter(text: string, end: number): { offset: number; lead: string; tail: string } {
  if (text[end - 1] === '\n') return { offset: end, lead: '', tail: lineEnd(text) }
  const newline = text.indexOf('\n', end)
  if (newline < 0) return { offset: text.length, lead: lineEnd(text), tail: '' }
  return { offset: text[newline - 1] === '\r' ? newline - 1 : newline, lead: lineEnd(text), tail: '' }
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset)
  return newline < 0 ? text.length : newline + 1
}

function column(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

function joined(text: string, lines: readonly string[], indent: number, indentFirst: boolean): string {
  const pad = ' '.repeat(indent)
  return lines.map((line, index) => (index === 0 && !indentFirst ? line : `${pad}${line}`)).join(lineEnd(text))
}

function lineEnd(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

/** Takes lines out; the last ones of a text without a final newline leave none behind. */
function cut(text: string, from: number, to: number): string {
  const unended = to === text.length && !text.endsWith('\n')
  return splice(text, unended ? from - lineEnd(text).length : from, to, '')
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end)
}
