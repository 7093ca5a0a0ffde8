import { parseAllDocuments } from 'yaml'
import type { Document, Node as YamlNode, Scalar as YamlScalar, YAMLError } from 'yaml'
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml'
import { YamlProblem } from './problem.ts'
import { resolvePlain } from './scalar.ts'
import { placeAt } from './tree.ts'
import type { Entry, MappingNode, Scalar, ScalarNode, SequenceNode, Source, Tree } from './tree.ts'

/**
 * Reads any YAML with the full parser; one tree for each document that has content.
 * Throws YamlProblem with every mistake and its place.
 */
export function readFully(source: Source, options: { uniqueKeys: boolean }): Tree[] {
  try {
    return parse(source, options)
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem
    throw new YamlProblem([{ place: placeAt(source, 0), message: tooDeep }])
  }
}

function parse(source: Source, options: { uniqueKeys: boolean }): Tree[] {
  const uniqueKeys = options.uniqueKeys && isSameKey
  const parsed = parseAllDocuments(source.text, { schema: 'failsafe', resolveKnownTags: false, prettyErrors: false, uniqueKeys, logLevel: 'silent' })
  const documents = Array.isArray(parsed) ? parsed : []
  const errors = documents.flatMap(document => document.errors.filter(firstAtItsPlace))
  if (errors.length > 0) throw new YamlProblem(errors.map(error => mistake(source, error)))
  const trees = documents.map(document => new Converter(source, document).convert())
  return trees.filter(tree => tree.kind !== 'scalar' || tree.value !== null)
}

/** Keys are compared by what they mean: `yes` is not `"yes"`, and is `on`. */
function isSameKey(one: unknown, other: unknown): boolean {
  return isScalar(one) && isScalar(other) && keyOf(said(one)) === keyOf(said(other))
}

/** One slip makes the parser report several mistakes at one spot. */
function firstAtItsPlace(error: YAMLError, index: number, errors: readonly YAMLError[]): boolean {
  return errors.findIndex(other => other.pos[0] === error.pos[0]) === index
}

function mistake(source: Source, error: YAMLError): { place: ReturnType<typeof placeAt>; message: string } {
  // The parser reports its own exhausted stack as a mistake of the text.
  const message = error.message.includes('call stack') ? tooDeep : error.message
  return { place: placeAt(source, error.pos[0]), message }
}

/** encoding/json of the API server stops at 10,000 levels; nothing real has a tenth of this. */
const deepest = 1000
const tooDeep = `it is nested deeper than ${deepest} levels`

/** go-yaml refuses documents whose aliases expand too far; this is the same bound in nodes. */
const mostNodes = 1_000_000

class Converter {
  private readonly anchors = new Map<string, { tree: Tree; size: number }>()
  private readonly source: Source
  private readonly document: Document.Parsed
  private size = 0

  constructor(source: Source, document: Document.Parsed) {
    this.source = source
    this.document = document
  }

  convert(): Tree {
    return this.tree(this.document.contents, 0, 0)
  }

  private tree(node: unknown, start: number, depth: number): Tree {
    if (depth > deepest) this.fail(start, tooDeep)
    if (++this.size > mostNodes) this.fail(start, `aliases expand to more than ${mostNodes} nodes`)
    const before = this.size
    if (isAlias(node)) return this.alias(node.source, node.range?.[0] ?? start)
    const tree = this.plainTree(node, start, depth)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor !== undefined) this.anchors.set(anchor, { tree, size: this.size - before + 1 })
    return tree
  }

  private plainTree(node: unknown, fallback: number, depth: number): Tree {
    if (isMap(node)) return this.mapping(node.items, node.range?.[0] ?? fallback, depth)
    if (isSeq(node)) return this.sequence(node.items, node.range?.[0] ?? fallback, depth)
    if (isScalar(node)) return this.scalar(node, node.range?.[0] ?? fallback)
    return { kind: 'scalar', source: this.source, start: fallback, value: null, written: '', quoted: false }
  }

  private alias(name: string, start: number): Tree {
    const anchor = this.anchors.get(name)
    if (anchor === undefined) return this.fail(start, `the alias *${name} has no anchor before it`)
    this.size += anchor.size
    if (this.size > mostNodes) this.fail(start, `aliases expand to more than ${mostNodes} nodes`)
    return anchor.tree
  }

  private mapping(items: readonly unknown[], start: number, depth: number): MappingNode {
    const entries = new Map<string, Entry>()
    const merged: Entry[] = []
    for (const pair of items) {
      if (!isPair(pair)) continue
      const keyNode = this.tree(pair.key, start, depth + 1)
      if (keyNode.kind !== 'scalar') this.fail(keyNode.start, 'a key must be a single word, not a list or a mapping')
      const value = this.tree(pair.value, keyNode.start, depth + 1)
      const name = keyOf(keyNode)
      if (keyNode.written === '<<' && !keyNode.quoted) merged.push(...mergeEntries(value))
      else entries.set(name, { key: name, keyStart: keyNode.start, keySource: this.source, value })
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry)
    return { kind: 'mapping', source: this.source, start, entries }
  }

  private sequence(items: readonly unknown[], start: number, depth: number): SequenceNode {
    return { kind: 'sequence', source: this.source, start, items: items.map(item => this.tree(item, start, depth + 1)) }
  }

  private scalar(node: YamlScalar, start: number): ScalarNode {
    return { kind: 'scalar', source: this.source, start, ...said(node) }
  }

  private fail(offset: number, message: string): never {
    throw new YamlProblem([{ place: placeAt(this.source, offset), message }])
  }
}

/** What a scalar says, wherever it stands. */
function said(node: YamlScalar): Pick<ScalarNode, 'value' | 'written' | 'quoted'> {
  const written = typeof node.value === 'string' ? node.value : String(node.value ?? '')
  const quoted = node.type !== 'PLAIN' && node.type !== undefined
  return { value: resolve(node, written, quoted), written, quoted }
}

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
