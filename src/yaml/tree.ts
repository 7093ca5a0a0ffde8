/** Where a text came from, so that a node can say its file, line and column. */
export interface Source {
  /** What a user calls it: a file's path, `--set …`, `HELM_NETPOL_SET`, or `stdin`. */
  readonly name: string
  readonly text: string
  /** Offset of `text` in the whole stream, counted in lines: 0 for a file. */
  readonly firstLine: number
}

/** A place a person can go to. Lines and columns start at 1. */
export interface Place {
  readonly source: string
  readonly line: number
  readonly column: number
  /** The key's path (`networkPolicy.egress.to[0]`) or the document (`Deployment stage/app`). */
  readonly path?: string
}

interface Node {
  readonly source: Source
  /** Offset in `source.text`, in UTF-16 units. */
  readonly start: number
}

export interface ScalarNode extends Node {
  readonly kind: 'scalar'
  readonly value: Scalar
  /** The characters as written, without quotes: what `value` was resolved from. */
  readonly written: string
  readonly quoted: boolean
}

export interface SequenceNode extends Node {
  readonly kind: 'sequence'
  readonly items: Tree[]
}

export interface MappingNode extends Node {
  readonly kind: 'mapping'
  /** A Map, so that `__proto__` is a key like any other. */
  readonly entries: Map<string, Entry>
}

export interface Entry {
  readonly key: string
  readonly keyStart: number
  readonly keySource: Source
  value: Tree
}

export type Scalar = string | number | boolean | null

/** What YAML said, with the place of every node. */
export type Tree = ScalarNode | SequenceNode | MappingNode

/** Levels of lists and mappings in whatever is read: what walks them calls itself for each. The API server stops at 10,000; nothing real has a tenth of this. */
export const deepestNesting = 500

export type Json = Scalar | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/** Walks keys (and item numbers); undefined where a step is missing or the shape is another. */
export function at(tree: Tree | undefined, ...path: (string | number)[]): Tree | undefined {
  let node = tree
  for (const step of path) {
    if (typeof step === 'number') node = node?.kind === 'sequence' ? node.items[step] : undefined
    else node = node?.kind === 'mapping' ? node.entries.get(step)?.value : undefined
  }
  return node
}

/** The string at a path; a number or boolean there is given as it was written. */
export function textAt(tree: Tree | undefined, ...path: (string | number)[]): string | undefined {
  const node = at(tree, ...path)
  if (node?.kind !== 'scalar' || node.value === null) return undefined
  return typeof node.value === 'string' ? node.value : node.written
}

export function itemsAt(tree: Tree | undefined, ...path: (string | number)[]): readonly Tree[] {
  const node = at(tree, ...path)
  return node?.kind === 'sequence' ? node.items : []
}

export function entriesAt(tree: Tree | undefined, ...path: (string | number)[]): readonly Entry[] {
  const node = at(tree, ...path)
  return node?.kind === 'mapping' ? [...node.entries.values()] : []
}

/** A mapping of strings (labels, annotations, matchLabels). */
export function textsAt(tree: Tree | undefined, ...path: (string | number)[]): Record<string, string> {
  return Object.fromEntries(
    entriesAt(tree, ...path).flatMap(({ key, value }) => {
      // Go reads a null in a map of strings as the empty string.
      const text = isNull(value) ? '' : textAt(value)
      return text === undefined ? [] : [[key, text]]
    }),
  )
}

export function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null
}

export function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === true
}

/** Plain data, `__proto__` included as an own key. */
export function toJson(tree: Tree): Json {
  if (tree.kind === 'scalar') return tree.value
  if (tree.kind === 'sequence') return tree.items.map(toJson)
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, toJson(entry.value)]))
}

export function placeOf(node: { source: Source; start: number }, path?: string): Place {
  return placeAt(node.source, node.start, path)
}

/** Counts lines only when someone asks: most places are never shown. */
export function placeAt(source: Source, offset: number, path?: string): Place {
  let counted: { line: number; column: number } | undefined
  const position = (): { line: number; column: number } => (counted ??= count(source, offset))
  return {
    source: source.name,
    get line() {
      return position().line
    },
    get column() {
      return position().column
    },
    ...(path === undefined ? {} : { path }),
  }
}

function count({ text, firstLine }: Source, offset: number): { line: number; column: number } {
  let line = firstLine + 1
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++
  return { line, column: offset - (offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1) + 1 }
}
