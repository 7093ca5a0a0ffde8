import { keyText, resolvePlain } from './scalar.ts'
import type { Entry, MappingNode, ScalarNode, SequenceNode, Source, Tree } from './tree.ts'

/**
 * Reads the YAML that charts are written in: block mappings and sequences, plain and quoted scalars on
 * one line, literal block scalars, flow collections on one line. Anything else (anchors, tags,
 * directives, folded or multi-line scalars, tabs, duplicate keys, mistakes) is answered with `undefined`
 * and belongs to the full parser: this one never guesses. It exists because the full parser needs more
 * time to warm up than everything else here together.
 */
export function readQuickly(source: Source): Tree | null | undefined {
  if (strange.test(source.text)) return undefined
  try {
    return new QuickReader(source).document()
  } catch (problem) {
    if (problem === unsure) return undefined
    throw problem
  }
}

/** Thrown for whatever is left to the full parser; a constant, so that nothing is allocated for it. */
const unsure = Symbol('left to the full parser')

/** Columns of indentation that are still read here. */
const widest = 500

/** Characters: a longer key needs a `?` before it (YAML 1.2.2, implicit keys). */
const longestKey = 1000

/** Control characters, byte order marks, lone carriage returns, directives, document ends and a document's start after the first line. */
const strange = /[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]|\r(?!\n)|^(%|\.\.\.)|\n---(?!\S)/m

const key = /(?:[A-Za-z0-9_./$]|-(?=[A-Za-z0-9_./$-]))(?:[A-Za-z0-9_./$-]| (?=[A-Za-z0-9_./$-]))*(?=:(?:[ \r\n]|$))/y
const blockHeader = /\|([-+]?)(?= *(?:\r?\n|$))/y
const plainStart = /[^\s,[\]{}#&*!|>'"%@`?:-]|[?:-](?=\S)/y
const plainInFlow = /[A-Za-z0-9_./$+][A-Za-z0-9_./$+*@-]*(?: [A-Za-z0-9_./$+*@-]+)*/y
const restOfLine = /[ ]*(?:#.*)?\r?$/my

class QuickReader {
  private readonly text: string
  private pos = 0
  /** Column of `pos`, 0-based; content after `- ` counts as indented to its own column. */
  private column = 0
  private readonly source: Source

  constructor(source: Source) {
    this.source = source
    this.text = source.text
  }

  /** The one document of the text; null where it has no content. */
  document(): Tree | null {
    if (this.text.startsWith('---')) {
      this.pos = 3
      this.endLine()
    }
    if (!this.nextContent()) return null
    const tree = this.block(-1)
    if (this.pos < this.text.length) throw unsure
    return tree.kind === 'scalar' && tree.value === null ? null : tree
  }

  private block(parent: number): Tree {
    // Every level is indented deeper, so the column bounds the recursion.
    if (this.column <= parent || this.column > widest) throw unsure
    if (this.atDash()) return this.sequence(this.column)
    if (this.keyLength() > 0) return this.mapping(this.column)
    return this.inline(parent)
  }

  private mapping(column: number): MappingNode {
    const entries = new Map<string, Entry>()
    const start = this.pos
    while (this.pos < this.text.length && this.column === column) {
      const keyStart = this.pos
      const name = this.key()
      if (entries.has(name) || name === '<<') throw unsure
      entries.set(name, { key: name, keyStart, keySource: this.source, value: this.mappingValue(column) })
    }
    if (this.column > column && this.pos < this.text.length) throw unsure
    return { kind: 'mapping', source: this.source, start, entries }
  }

  private mappingValue(column: number): Tree {
    this.skipSpaces()
    if (!this.atLineEnd()) return this.inline(column)
    const empty = this.pos
    this.endLine()
    if (!this.nextContent()) return this.nothing(empty)
    if (this.column > column) return this.block(column)
    if (this.column === column && this.atDash()) return this.sequence(column)
    return this.nothing(empty)
  }

  private sequence(column: number): SequenceNode {
    const items: Tree[] = []
    const start = this.pos
    while (this.pos < this.text.length && this.column === column && this.atDash()) {
      this.pos++
      const spaces = this.skipSpaces()
      if (this.atLineEnd()) {
        const empty = this.pos
        this.endLine()
        items.push(this.nextContent() && this.column > column ? this.block(column) : this.nothing(empty))
      } else {
        this.column = column + 1 + spaces
        items.push(this.block(column))
      }
    }
    if (this.column > column && this.pos < this.text.length) throw unsure
    return { kind: 'sequence', source: this.source, start, items }
  }

  /** A value that begins and (but for a literal) ends on this line; then on to the next content. */
  private inline(parent: number): Tree {
    const char = this.text[this.pos]
    if (char === '|') return this.literal(parent)
    const tree = char === '{' || char === '[' ? this.flow(0) : this.scalar()
    this.endLine()
    if (this.nextContent() && this.column > parent) throw unsure
    return tree
  }

  private scalar(): ScalarNode {
    const char = this.text[this.pos]
    if (char === '"' || char === "'") return this.quoted(char)
    if (!this.matches(plainStart)) throw unsure
    const start = this.pos
    const line = this.text.slice(start, this.lineEnd())
    const comment = line.indexOf(' #')
    const written = (comment < 0 ? line : line.slice(0, comment)).trimEnd()
    if (written.includes(': ') || written.endsWith(':') || written.includes('\t')) throw unsure
    this.pos = start + written.length
    return { kind: 'scalar', source: this.source, start, value: resolvePlain(written), written, quoted: false }
  }

  private quoted(quote: '"' | "'"): ScalarNode {
    const start = this.pos
    const end = quote === '"' ? this.doubleQuoteEnd(start + 1) : this.singleQuoteEnd(start + 1)
    const inner = this.text.slice(start + 1, end)
    if (inner.includes('\n') || inner.includes('\t')) throw unsure
    this.pos = end + 1
    const value = quote === '"' ? unescape(inner) : inner.replaceAll("''", "'")
    return { kind: 'scalar', source: this.source, start, value, written: value, quoted: true }
  }

  private doubleQuoteEnd(from: number): number {
    for (let i = from; i < this.text.length; i++) {
      if (this.text[i] === '"') return i
      if (this.text[i] === '\\') i++
    }
    throw unsure
  }

  private singleQuoteEnd(from: number): number {
    for (let i = this.text.indexOf("'", from); i >= 0; i = this.text.indexOf("'", i + 2)) {
      if (this.text[i + 1] !== "'") return i
    }
    throw unsure
  }

  private literal(parent: number): ScalarNode {
    const start = this.pos
    blockHeader.lastIndex = start
    const header = blockHeader.exec(this.text)
    // A whole document: a separator would end it at any indentation.
    if (header === null || parent < 0) throw unsure
    this.pos = this.lineEnd() + 1
    const lines = this.literalLines(parent)
    const body = lines.join('\n')
    const chomped = body.slice(0, endOfText(body))
    const value = header[1] === '-' || chomped === '' ? chomped : header[1] === '+' ? `${body}\n` : `${chomped}\n`
    if (header[1] === '+' && chomped === '') throw unsure
    this.nextContent()
    if (this.column > parent && this.pos < this.text.length) throw unsure
    return { kind: 'scalar', source: this.source, start, value, written: value, quoted: true }
  }

  private literalLines(parent: number): string[] {
    const lines: string[] = []
    let indent = -1
    while (this.pos < this.text.length) {
      const end = this.lineEnd()
      const line = this.text.slice(this.pos, end).replace(/\r$/, '')
      const content = line.search(/[^ ]/)
      if (content >= 0) {
        if (indent < 0) {
          if (content <= parent) break
          indent = content
          if (lines.some(blank => blank.length > indent)) throw unsure
        }
        if (content < indent) {
          if (content > parent && line[content] !== '#') throw unsure
          break
        }
        if (line[content] === '\t') throw unsure
      } else if (indent >= 0 && line.length > indent) {
        throw unsure
      }
      lines.push(content < 0 && indent < 0 ? line : line.slice(indent < 0 ? 0 : indent))
      this.pos = Math.min(end + 1, this.text.length)
    }
    return lines.map(line => (indent < 0 ? '' : line.trim() === '' && line.length <= indent ? '' : line))
  }

  private flow(depth: number): Tree {
    if (depth > 20) throw unsure
    this.skipSpaces()
    const char = this.text[this.pos]
    if (char === '[') return this.flowSequence(depth)
    if (char === '{') return this.flowMapping(depth)
    if (char === '"' || char === "'") return this.quoted(char)
    const start = this.pos
    const written = this.matched(plainInFlow)
    this.pos += written.length
    return { kind: 'scalar', source: this.source, start, value: resolvePlain(written), written, quoted: false }
  }

  private flowSequence(depth: number): SequenceNode {
    const start = this.pos++
    const items: Tree[] = []
    while (!this.flowEnd(']', items.length === 0)) items.push(this.flow(depth + 1))
    return { kind: 'sequence', source: this.source, start, items }
  }

  private flowMapping(depth: number): MappingNode {
    const start = this.pos++
    const entries = new Map<string, Entry>()
    while (!this.flowEnd('}', entries.size === 0)) {
      const keyNode = this.flow(depth + 1)
      if (keyNode.kind !== 'scalar' || this.text[this.pos] !== ':' || this.text[this.pos + 1] !== ' ') throw unsure
      const name = keyText(keyNode.written, keyNode.quoted)
      if (entries.has(name) || name === '<<') throw unsure
      this.pos += 2
      entries.set(name, { key: name, keyStart: keyNode.start, keySource: this.source, value: this.flow(depth + 1) })
    }
    return { kind: 'mapping', source: this.source, start, entries }
  }

  /** True at the closing bracket; otherwise the cursor stands on the next item. */
  private flowEnd(close: ']' | '}', first: boolean): boolean {
    this.skipSpaces()
    if (this.text[this.pos] === close) {
      this.pos++
      return true
    }
    if (first) return false
    if (this.text[this.pos] !== ',') throw unsure
    this.pos++
    this.skipSpaces()
    if (this.text[this.pos] === close) throw unsure
    return false
  }

  private nothing(start: number): ScalarNode {
    return { kind: 'scalar', source: this.source, start, value: null, written: '', quoted: false }
  }

  /** Reads `name:` and leaves the cursor behind the colon. */
  private key(): string {
    const char = this.text[this.pos]
    const quotedKey = char === '"' || char === "'"
    const length = this.keyLength()
    if (length === 0 || length > longestKey) throw unsure
    const name = quotedKey ? this.quoted(char).written : keyText(this.text.slice(this.pos, this.pos + length), false)
    if (!quotedKey) this.pos += length
    this.pos++
    return name
  }

  /** Length of the key at the cursor, without its colon; 0 where there is none. */
  private keyLength(): number {
    const char = this.text[this.pos]
    if (char !== '"' && char !== "'") {
      key.lastIndex = this.pos
      return key.exec(this.text)?.[0].length ?? 0
    }
    const end = char === '"' ? this.doubleQuoteEnd(this.pos + 1) : this.singleQuoteEnd(this.pos + 1)
    const isKey = this.text[end + 1] === ':' && /[ \r\n]/.test(this.text[end + 2] ?? '\n')
    return isKey ? end + 1 - this.pos : 0
  }

  private atDash(): boolean {
    if (this.text[this.pos] !== '-') return false
    const next = this.text[this.pos + 1]
    return next === ' ' || next === '\n' || next === '\r' || next === undefined
  }

  private atLineEnd(): boolean {
    return this.matches(restOfLine) && (this.text[this.pos] !== '#' || this.text[this.pos - 1] === ' ')
  }

  /** Nothing but spaces and a comment may follow on the line. */
  private endLine(): void {
    if (this.text[this.pos] === '#' && this.text[this.pos - 1] !== ' ') throw unsure
    if (!this.matches(restOfLine)) throw unsure
    this.pos = Math.min(this.lineEnd() + 1, this.text.length)
  }

  /** Goes to the first character of the next line with content; false at the end. */
  private nextContent(): boolean {
    while (this.pos < this.text.length) {
      const lineStart = this.pos
      this.skipSpaces()
      const char = this.text[this.pos]
      if (char === '\t') throw unsure
      if (char !== '#' && char !== '\n' && char !== '\r' && char !== undefined) {
        this.column = this.pos - lineStart
        return true
      }
      this.pos = Math.min(this.lineEnd() + 1, this.text.length)
    }
    this.column = -1
    return false
  }

  private skipSpaces(): number {
    const from = this.pos
    while (this.text[this.pos] === ' ') this.pos++
    return this.pos - from
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.pos)
    return end < 0 ? this.text.length : end
  }

  private matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.pos
    return pattern.test(this.text)
  }

  private matched(pattern: RegExp): string {
    pattern.lastIndex = this.pos
    const match = pattern.exec(this.text)
    if (match === null) throw unsure
    return match[0]
  }
}

/** Where the line ends at the end of a text begin. */
function endOfText(body: string): number {
  let end = body.length
  while (body[end - 1] === '\n') end--
  return end
}

/** Of a character that takes two UTF-16 units. */
const half = /\p{Surrogate}/u

/** JSON's escapes mean the same in YAML; the others are left to the full parser. */
function unescape(inner: string): string {
  if (!inner.includes('\\')) return inner
  try {
    const value: unknown = JSON.parse(`"${inner}"`)
    if (typeof value === 'string' && !half.test(value)) return value
  } catch {
    throw unsure
  }
  throw unsure
}
