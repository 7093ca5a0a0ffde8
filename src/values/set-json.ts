import { deepestNesting } from '../yaml/tree.ts'
import type { Entry, MappingNode, Scalar, ScalarNode, SequenceNode, Source, Tree } from '../yaml/tree.ts'
import { quote, SetSyntaxError } from './set-error.ts'

/** The JSON value that starts at `start`, and where it ends; what follows it is not looked at. */
export function readJson(source: Source, start: number): { value: Tree; end: number } {
  const reader = new JsonReader(source, start)
  return { value: reader.value(0), end: reader.position }
}

class JsonReader {
  readonly #source: Source
  readonly #text: string
  position: number

  constructor(source: Source, start: number) {
    this.#source = source
    this.#text = source.text
    this.position = start
  }

  value(depth: number): Tree {
    if (depth > deepestNesting) throw this.#wrong(`JSON is nested deeper than ${deepestNesting} levels`)
    const first = this.#peek()
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return this.#string()
    if (/[-0-9]/.test(first)) return this.#number()
    return this.#word()
  }

  #object(depth: number): MappingNode {
    const start = this.position
    const entries = new Map<string, Entry>()
    this.#members('}', () => {
      const entry = this.#member(depth)
      entries.set(entry.key, entry)
    })
    return { kind: 'mapping', entries, source: this.#source, start }
  }

  #array(depth: number): SequenceNode {
    const start = this.position
    const items: Tree[] = []
    this.#members(']', () => items.push(this.value(depth + 1)))
    return { kind: 'sequence', items, source: this.#source, start }
  }

  /** What an object and an array have in common: brackets, commas and white space. */
  #members(close: string, read: () => void): void {
    this.position++
    if (this.#takeAfterSpace(close)) return
    for (;;) {
      this.#skipSpace()
      read()
      if (this.#takeAfterSpace(close)) return
      if (!this.#takeAfterSpace(',')) throw this.#wrong(`expected "," or "${close}"`)
    }
  }

  #member(depth: number): Entry {
    if (this.#peek() !== '"') throw this.#wrong('expected a name in double quotes')
    const { value: key, start } = this.#quoted()
    if (!this.#takeAfterSpace(':')) throw this.#wrong('expected ":" after the name')
    this.#skipSpace()
    return { key, keyStart: start, keySource: this.#source, value: this.value(depth + 1) }
  }

  #string(): ScalarNode {
    const { value, start } = this.#quoted()
    return { kind: 'scalar', value, written: value, quoted: true, source: this.#source, start }
  }

  #quoted(): { value: string; start: number } {
    const start = this.position
    let end = start + 1
    while (end < this.#text.length && this.#text.charAt(end) !== '"') end += this.#text.charAt(end) === '\\' ? 2 : 1
    if (end >= this.#text.length) throw this.#wrong('the string begun here has no closing double quote')
    const value = parsedString(this.#text.slice(start, end + 1))
    if (value === undefined) throw this.#wrong('the string begun here has an escape or control character JSON lacks')
    this.position = end + 1
    return { value, start }
  }

  #number(): ScalarNode {
    const start = this.position
    this.#digits(/-?(?:0|[1-9][0-9]*)/y)
    if (this.#peek() === '.') this.#digits(/\.[0-9]+/y)
    if (/[eE]/.test(this.#peek())) this.#digits(/[eE][-+]?[0-9]+/y)
    const written = this.#text.slice(start, this.position)
    const value = Number(written)
    if (!Number.isFinite(value)) throw new SetSyntaxError(say => `the number ${say(quote(written), 'here')} is too large`, start)
    return this.#plain(value, written, start)
  }

  #digits(pattern: RegExp): void {
    pattern.lastIndex = this.position
    if (!pattern.test(this.#text)) throw this.#wrong('a digit is missing in the number')
    this.position = pattern.lastIndex
  }

  #word(): ScalarNode {
    const start = this.position
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, start)) continue
      this.position += word.length
      return this.#plain(value, word, start)
    }
    if (this.#peek() === '') throw this.#wrong('a value is missing')
    throw this.#wrong('this is not a JSON value; write a string in double quotes (NAME="text")')
  }

  #plain(value: Scalar, written: string, start: number): ScalarNode {
    return { kind: 'scalar', value, written, quoted: false, source: this.#source, start }
  }

  #takeAfterSpace(character: string): boolean {
    this.#skipSpace()
    if (this.#peek() !== character) return false
    this.position++
    return true
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#peek())) this.position++
  }

  /** The next character, '' at the end. */
  #peek(): string {
    return this.#text.charAt(this.position)
  }

  #wrong(message: string): SetSyntaxError {
    if (this.position < this.#text.length) return new SetSyntaxError(() => message, this.position)
    return new SetSyntaxError(() => `the JSON ends too early: ${message}`, this.#text.length)
  }
}

const words: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

function parsedString(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal)
    // Half a surrogate pair is no character: Go writes the replacement character for it.
    return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : undefined
  } catch {
    return undefined
  }
}
