import { Composer } from 'yaml'
import type { Document, Node as YamlNode, Scalar as YamlScalar, YAMLError } from 'yaml'
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml'
import { YamlProblem } from './problem.ts'
import { resolvePlain } from './scalar.ts'
import { tokens } from './tokens.ts'
import { deepestNesting, placeAt } from './tree.ts'
import type { Entry, MappingNode, Place, Scalar, ScalarNode, SequenceNode, Source, Tree } from './tree.ts'

/**
 * Reads any YAML with the full parser; one tree for each document that has content.
 * Throws YamlProblem with every mistake and its place.
 */
export function readFully(source: Source, { uniqueKeys }: { uniqueKeys: boolean }): Tree[] {
  // As parseAllDocuments does it, but for the look at the depth: what follows calls itself for every level.
  const composer = new Composer({ schema: 'failsafe', resolveKnownTags: false, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  const documents = [...composer.compose(tokens(source))]
  const mistakes = documents.flatMap(document => mistakesIn(source, firstAtTheirPlaces(document.errors)))
  if (mistakes.length > 0) throw new YamlProblem(mistakes)
  const converters = documents.map(document => new Converter(source, document))
  const trees = converters.map(converter => converter.convert())
  const repeated = uniqueKeys ? converters.flatMap(converter => converter.repeated) : []
  if (repeated.length > 0) throw new YamlProblem(repeated.map(offset => ({ place: placeAt(source, offset), message: 'Map keys must be unique' })))
  return trees.filter(tree => tree.kind !== 'scalar' || tree.value !== null)
}

/** One slip makes the parser report several mistakes at one spot. */
function firstAtTheirPlaces(errors: readonly YAMLError[]): YAMLError[] {
  const first = new Map<number, YAMLError>()
  for (const error of errors) if (!first.has(error.pos[0])) first.set(error.pos[0], error)
  return [...first.values()]
}

/** In the order of the text; what one slip makes the parser say of line after line is told once, with the lines. */
function mistakesIn(source: Source, errors: readonly YAMLError[]): Mistake[] {
  const alike = new Map<string, Place[]>()
  for (const error of errors.toSorted((one, other) => one.pos[0] - other.pos[0])) {
    const message = unquoted(error)
    alike.set(message, [...(alike.get(message) ?? []), placeAt(source, error.pos[0])])
  }
  return [...alike].flatMap(([message, [place, ...others]]) => (place === undefined ? [] : [{ place, message: message + againAt(others) }]))
}

type Mistake = YamlProblem['mistakes'][number]

/** `, and again at lines 7, 8, 9 and 4 more` */
function againAt(places: readonly Place[]): string {
  const lines = [...new Set(places.map(({ line }) => line))]
  const [last] = lines.slice(-1)
  if (last === undefined) return ''
  if (lines.length === 1) return `, and again at line ${last}`
  const shown = lines.slice(0, mostLines)
  const rest = lines.length - shown.length
  return `, and again at lines ${rest > 0 ? `${shown.join(', ')} and ${rest} more` : `${shown.slice(0, -1).join(', ')} and ${last}`}`
}

const mostLines = 5

/** What the parser says, without what it quotes: that may be a password. */
function unquoted({ code, message }: YAMLError): string {
  return quoting.get(code) ?? message.replace(/(?<=[\w)]): .*$/s, '')
}

/** Messages that quote elsewhere than behind a colon. */
const quoting: ReadonlyMap<YAMLError['code'], string> = new Map([
  ['BAD_DIRECTIVE', 'Unknown directive'],
  ['BAD_DQ_ESCAPE', 'Invalid escape sequence'],
  ['BAD_COLLECTION_TYPE', 'A tag of another kind of value'],
  ['TAG_RESOLVE_FAILED', 'Unresolved tag'],
])

/** go-yaml takes any share of aliases up to so many nodes, and less and less of them beyond. */
const mostNodes = 400_000

/** What an anchor stands for. */
interface Anchored {
  readonly tree: Tree
  /** Nodes, those that aliases bring in counted each time. */
  readonly size: number
  /** Levels. */
  readonly height: number
}

class Converter {
  /** Where keys stand that their mapping has already; the parser's own search for them takes time with the square of their number. */
  readonly repeated: number[] = []
  private readonly anchors = new Map<string, Anchored>()
  private readonly source: Source
  private readonly document: Document.Parsed
  private size = 0
  /** The deepest level since the last anchor began. */
  private lowest = 0

  constructor(source: Source, document: Document.Parsed) {
    this.source = source
    this.document = document
  }

  convert(): Tree {
    return this.tree(this.document.contents, 0, 0)
  }

  private tree(node: unknown, start: number, depth: number): Tree {
    if (isAlias(node)) return this.alias(node.source, node.range?.[0] ?? start, depth)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor !== undefined) return this.anchored(anchor, node, start, depth)
    this.size += weightOf(node)
    this.lowest = Math.max(this.lowest, depth)
    return this.plainTree(node, start, depth)
  }

  private anchored(anchor: string, node: unknown, start: number, depth: number): Tree {
    const [size, lowest] = [this.size, this.lowest]
    this.size += weightOf(node)
    this.lowest = depth
    const tree = this.plainTree(node, start, depth)
    this.anchors.set(anchor, { tree, size: this.size - size, height: this.lowest - depth })
    this.lowest = Math.max(this.lowest, lowest)
    return tree
  }

  private plainTree(node: unknown, fallback: number, depth: number): Tree {
    if (isMap(node)) return this.mapping(node.items, node.range?.[0] ?? fallback, depth)
    if (isSeq(node)) return this.sequence(node.items, node.range?.[0] ?? fallback, depth)
    if (isScalar(node)) return this.scalar(node, node.range?.[0] ?? fallback)
    return { kind: 'scalar', source: this.source, start: fallback, value: null, written: '', quoted: false }
  }

  /** Reading is quick, since the tree is shared; what walks it later sees it every time. */
  private alias(name: string, start: number, depth: number): Tree {
    const anchor = this.anchors.get(name)
    if (anchor === undefined) return this.fail(start, 'the alias has no anchor before it')
    this.size += anchor.size
    this.lowest = Math.max(this.lowest, depth + anchor.height)
    if (this.size > mostNodes) this.fail(start, `its aliases expand to more than ${mostNodes} nodes`)
    if (this.lowest > deepestNesting) this.fail(start, `its aliases are nested deeper than ${deepestNesting} levels`)
    return anchor.tree
  }

  private mapping(items: readonly unknown[], start: number, depth: number): MappingNode {
    const entries = new Map<string, Entry>()
    const merged: Entry[] = []
    const names = new Set<string>()
    for (const pair of items) {
      if (!isPair(pair)) continue
      const keyNode = this.tree(pair.key, start, depth + 1)
      if (keyNode.kind !== 'scalar') this.fail(keyNode.start, 'a key must be a single word, not a list or a mapping')
      const value = this.tree(pair.value, keyNode.start, depth + 1)
      const name = keyOf(keyNode)
      if (names.has(name)) this.repeated.push(keyNode.start)
      names.add(name)
      if (keyNode.written === '<<' && !keyNode.quoted) for (const entry of mergeEntries(value)) merged.push(entry)
      else entries.set(name, { key: name, keyStart: keyNode.start, keySource: this.source, value })
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry)
    return { kind: 'mapping', source: this.source, start, entries }
  }

  private sequence(items: readonly unknown[], start: number, depth: number): SequenceNode {
    return { kind: 'sequence', source: this.source, start, items: items.map(item => this.tree(item, start, depth + 1)) }
  }

  private scalar(node: YamlScalar, start: number): ScalarNode {
    const scalar = said(node)
    if (half.test(scalar.written)) this.fail(start, 'half of a character is written here (\\ud800 to \\udfff), which is no text')
    return { kind: 'scalar', source: this.source, start, ...scalar }
  }

  private fail(offset: number, message: string): never {
    throw new YamlProblem([{ place: placeAt(this.source, offset), message }])
  }
}

/** A long text counts as more than one node: it may be written out as often as it is referred to. */
function weightOf(node: unknown): number {
  return 1 + (isScalar(node) && typeof node.value === 'string' ? Math.floor(node.value.length / 1000) : 0)
}

/** An escape of a surrogate without its other half; no reader of Go takes one. */
const half = /\p{Surrogate}/u

/** What a scalar says, wherever it stands. */
function said(node: YamlScalar): Pick<ScalarNode, 'value' | 'written' | 'quoted'> {
  const written = typeof node.value === 'string' ? node.value : String(node.value ?? '')
  const quoted = node.type !== 'PLAIN' && node.type !== undefined
  return { value: resolve(node, written, quoted), written, quoted }
}

/** The key that it is: keys are compared by what they mean, so that `yes` is not `"yes"`, and is `on`. */
function keyOf({ value, written }: Pick<ScalarNode, 'value' | 'written'>): string {
  return value === null ? written : String(value)
}

/** Tags whose scalars go-yaml resolves by their text; any other one makes it a string. */
const resolvable = ['!!bool', '!!int', '!!float', '!!null', '!!timestamp']

function resolve(node: YamlNode, written: string, quoted: boolean): Scalar {
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!')
  if (tag === '!!binary') return Buffer.from(written, 'base64').toString()
  return tag === undefined ? (quoted ? written : resolvePlain(written)) : resolvable.includes(tag) ? resolvePlain(written) : written
}

/** The entries that `<<` brings in, the first mapping's first. */
function mergeEntries(value: Tree): Entry[] {
  if (value.kind === 'mapping') return [...value.entries.values()]
  return value.kind === 'sequence' ? value.items.flatMap(mergeEntries) : []
}
