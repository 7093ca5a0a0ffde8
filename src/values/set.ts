import { deepestNesting, isNull } from '../yaml/tree.ts'
import type { Entry, MappingNode, Scalar, ScalarNode, SequenceNode, Source, Tree } from '../yaml/tree.ts'
import { mergeValues } from './merge.ts'
import { largestIndex, mistake, mostDots, quote, SetSyntaxError } from './set-error.ts'
import { readJson } from './set-json.ts'
import { Scanner, type Piece } from './set-scan.ts'

export { SetSyntaxError }

export type SetKind = 'set' | 'set-string' | 'set-json'

/** One expression as the user gave it: name `--set`, text `a.b=1,c[0]=x`. */
export interface SetExpression {
  readonly kind: SetKind
  readonly source: Source
}

/**
 * Applies the expression onto `base` as Helm 4 does, and returns the result: `base` and its nodes stay as
 * they are. Where Helm lets an unfinished expression pass (`a[0`, `a.`), so does this.
 */
export function applySet(base: MappingNode, expression: SetExpression): MappingNode {
  const whole = expression.kind === 'set-json' ? readWholeObject(expression.source) : undefined
  return whole === undefined ? new Assignments(expression).applyTo(base) : mergeValues(base, whole)
}

/** The form `{"a": …}` without a name; undefined where the expression is of the form `name=…`. */
function readWholeObject(source: Source): MappingNode | undefined {
  const scanner = new Scanner(source.text)
  scanner.skipBlanks()
  if (scanner.text.charAt(scanner.position) !== '{') return undefined
  const { value, end } = readJson(source, scanner.position)
  scanner.position = end
  scanner.skipBlanks()
  if (!scanner.ended) throw mistake.afterObject(scanner.position)
  return value.kind === 'mapping' ? value : undefined
}

/** `end` is where Helm stops reading without an error: what is not yet in the values is then left out. */
type Progress = 'more' | 'end'

interface Index {
  readonly number: number
  readonly start: number
}

/** The assignments of one expression, applied while they are read: what a name holds decides what may follow. */
class Assignments {
  readonly #kind: SetKind
  readonly #source: Source
  readonly #scanner: Scanner
  /** Containers made or copied here, which may be changed; every other one is copied first. */
  readonly #own = new Set<Tree>()
  #indices = 0

  constructor({ kind, source }: SetExpression) {
    this.#kind = kind
    this.#source = source
    this.#scanner = new Scanner(source.text)
  }

  applyTo(base: MappingNode): MappingNode {
    const root = this.#ownMapping(base)
    let start = 0
    try {
      while (this.#name(root, 0) === 'more') {
        this.#indices = 0
        start = this.#scanner.position
      }
      return root
    } catch (problem) {
      if (problem instanceof SetSyntaxError) problem.assignment = start
      throw problem
    }
  }

  #name(into: MappingNode, level: number): Progress {
    const name = this.#scanner.until('=[,.')
    if (name.stop === '=') return this.#assign(into, name)
    if (name.stop === '[') return this.#nameWithIndex(into, name, level)
    if (name.stop === '.') return this.#nameWithin(into, name, level + 1)
    if (name.stop === undefined && name.text === '') return 'end'
    throw this.#noValue(name)
  }

  #assign(into: MappingNode, name: Piece): Progress {
    // Helm ends an expression here: `a[0].b=` sets no item.
    const progress = this.#kind !== 'set-json' && this.#scanner.ended ? 'end' : 'more'
    this.#put(into, name, this.#value())
    return progress
  }

  #nameWithin(into: MappingNode, name: Piece, level: number): Progress {
    if (level > mostDots) throw mistake.manyDots(name.start)
    const known = into.entries.get(name.text)
    const inner = known === undefined ? this.#newMapping() : this.#mappingOf(into, known, name)
    const progress = this.#name(inner, level)
    if (progress === 'more' && inner.entries.size === 0) throw mistake.noName(name.text, name.start)
    if (known === undefined && inner.entries.size > 0) this.#put(into, name, inner)
    return progress
  }

  #nameWithIndex(into: MappingNode, name: Piece, level: number): Progress {
    const index = this.#index()
    if (index === undefined) return 'end'
    const known = into.entries.get(name.text)
    const list = known === undefined ? this.#newSequence(index) : this.#sequenceOf(into, known, name)
    const length = list.items.length
    const progress = this.#item(list, index, level)
    if (known === undefined) this.#put(into, name, list)
    // A list under the empty name can change but not grow: Helm does not store the longer one.
    else if (name.text === '') list.items.splice(length)
    return progress
  }

  #item(list: SequenceNode, index: Index, level: number): Progress {
    if (index.number < 0) throw mistake.negativeIndex(index.number, index.start)
    if (++this.#indices > deepestNesting) throw mistake.manyIndices(index.start)
    const next = this.#scanner.until('[.=')
    if (next.text !== '') throw mistake.afterIndex(next.text, next.start)
    if (next.stop === '[') return this.#itemWithIndex(list, index, level)
    if (next.stop === '.') return this.#itemWithName(list, index, level)
    if (next.stop === undefined) return 'end'
    this.#place(list, index, this.#value())
    return 'more'
  }

  #itemWithIndex(list: SequenceNode, index: Index, level: number): Progress {
    const next = this.#index()
    if (next === undefined) return 'end'
    const known = list.items[index.number]
    const inner = known === undefined || isNull(known) ? this.#newSequence(next) : this.#sequenceIn(list, index, known)
    const progress = this.#item(inner, next, level)
    if (progress === 'more') this.#place(list, index, inner)
    return progress
  }

  #itemWithName(list: SequenceNode, index: Index, level: number): Progress {
    const known = list.items[index.number]
    // An item that is no mapping gives way to one, unlike a named value.
    const inner = known?.kind === 'mapping' ? this.#ownMapping(known) : this.#newMapping()
    if (known !== undefined) list.items[index.number] = inner
    const progress = this.#name(inner, level)
    if (progress === 'more') this.#place(list, index, inner)
    return progress
  }

  /** The number up to `]`; undefined where the expression ends before it. */
  #index(): Index | undefined {
    const { text, start, stop } = this.#scanner.until(']')
    if (stop === undefined) return undefined
    if (!isInt64(text)) throw mistake.noIndex(text, start)
    return { number: Number(text), start }
  }

  #value(): Tree {
    if (this.#kind === 'set-json') return this.#jsonValue()
    const start = this.#scanner.position
    if (this.#scanner.take('{')) return this.#list(start)
    return this.#scalar(this.#scanner.until(','))
  }

  #jsonValue(): Tree {
    const start = this.#scanner.position
    if (this.#emptyJson()) return this.#null(start)
    const { value, end } = readJson(this.#source, this.#scanner.position)
    this.#scanner.position = end
    // A comma is not asked for: Helm reads `a=1 b=2` as two.
    this.#emptyJson()
    return value
  }

  /** Skips blanks, and one comma or the end after them. */
  #emptyJson(): boolean {
    this.#scanner.skipBlanks()
    return this.#scanner.take(',') || this.#scanner.ended
  }

  /** `{a,b}`, whose `{` is read: `{}` is a list with an empty string, as in Helm. */
  #list(start: number): SequenceNode {
    const items: Tree[] = []
    for (;;) {
      const piece = this.#scanner.until(',}')
      if (piece.stop === undefined) throw mistake.openList(start)
      items.push(this.#scalar(piece))
      if (piece.stop === ',') continue
      this.#scanner.take(',')
      return { kind: 'sequence', items, source: this.#source, start }
    }
  }

  #scalar({ text, start }: Piece): ScalarNode {
    const quoted = this.#kind === 'set-string'
    return { kind: 'scalar', value: quoted ? text : typed(text), written: text, quoted, source: this.#source, start }
  }

  #null(start: number): ScalarNode {
    return { kind: 'scalar', value: null, written: '', quoted: false, source: this.#source, start }
  }

  /** Helm drops what has an empty name. */
  #put(into: MappingNode, { text: key, start: keyStart }: Piece, value: Tree): void {
    if (key !== '') into.entries.set(key, { key, keyStart, keySource: this.#source, value })
  }

  /** Items before a new one that are not there yet are null. */
  #place({ items }: SequenceNode, { number, start }: Index, value: Tree): void {
    if (number > largestIndex) throw mistake.largeIndex(number, start)
    const hole = this.#null(start)
    while (items.length < number) items.push(hole)
    items[number] = value
  }

  #mappingOf(into: MappingNode, entry: Entry, { text, start }: Piece): MappingNode {
    if (entry.value.kind !== 'mapping') throw mistake.noMapping(quote(text), kindOf(entry.value), start)
    const value = this.#ownMapping(entry.value)
    into.entries.set(entry.key, { ...entry, value })
    return value
  }

  #sequenceOf(into: MappingNode, entry: Entry, { text, start }: Piece): SequenceNode {
    if (entry.value.kind !== 'sequence') throw mistake.noList(quote(text), kindOf(entry.value), start)
    const value = this.#ownSequence(entry.value)
    into.entries.set(entry.key, { ...entry, value })
    return value
  }

  #sequenceIn(list: SequenceNode, { number, start }: Index, item: Tree): SequenceNode {
    if (item.kind !== 'sequence') throw mistake.noList(`item ${number}`, kindOf(item), start)
    const own = this.#ownSequence(item)
    list.items[number] = own
    return own
  }

  #newMapping(): MappingNode {
    return this.#owned({ kind: 'mapping', entries: new Map(), source: this.#source, start: this.#scanner.position })
  }

  #newSequence({ start }: Index): SequenceNode {
    return this.#owned({ kind: 'sequence', items: [], source: this.#source, start: start - 1 })
  }

  #ownMapping(node: MappingNode): MappingNode {
    return this.#own.has(node) ? node : this.#owned({ ...node, entries: new Map(node.entries) })
  }

  #ownSequence(node: SequenceNode): SequenceNode {
    return this.#own.has(node) ? node : this.#owned({ ...node, items: [...node.items] })
  }

  #owned<Made extends Tree>(node: Made): Made {
    this.#own.add(node)
    return node
  }

  #noValue({ text, start }: Piece): SetSyntaxError {
    return this.#kind === 'set-json' ? mistake.noJson(text, start) : mistake.noValue(text, start)
  }
}

/** What a plain value of --set means. */
function typed(text: string): Scalar {
  // With the flag u, letters are folded as Go does: `falſe` is false.
  if (/^true$/iu.test(text)) return true
  if (/^false$/iu.test(text)) return false
  if (/^null$/iu.test(text)) return null
  if (text === '0') return 0
  // A leading zero marks what is no number: a zip code, an octal mode.
  return !text.startsWith('0') && isInt64(text) ? wholeNumber(text) : text
}

function isInt64(text: string): boolean {
  if (!/^[-+]?[0-9]+$/.test(text)) return false
  const digits = text.replace(/^[-+]?0*/, '')
  // Counted first: BigInt is slow on a megabyte of digits.
  if (digits.length > 19) return false
  return BigInt(digits) <= (text.startsWith('-') ? 2n ** 63n : 2n ** 63n - 1n)
}

/** Never negative zero, which integers do not have. */
function wholeNumber(text: string): number {
  return Number(text) + 0
}

function kindOf(node: Tree): string {
  if (node.kind === 'mapping') return 'a mapping'
  if (node.kind === 'sequence') return 'a list'
  return node.value === null ? 'null' : `a ${typeof node.value}`
}
