import type { Json, JsonObject } from '../../../src/yaml/tree.ts'
import type { SetKind } from '../../../src/values/set.ts'
import { Chance } from '../harness/chance.ts'
import { closing, opening, root } from './case.ts'
import type { Case, Expression } from './case.ts'

const names = [
  'a',
  'a',
  'a',
  'b',
  'b',
  'b',
  'c',
  'c',
  'd',
  'e',
  'f',
  'g',
  '',
  '__proto__',
  'constructor',
  'a\\.b',
  'a\\=b',
  'a\\[0]',
  '\\a',
  ' a',
  'ключ',
  '😀',
  '0',
  'true',
  'null',
  'a]b',
]
/** What the names of tame paths hold. */
const mappings = ['a', 'a', 'b', 'b', 'ключ', 'a\\.b', '__proto__']
const lists = ['c', 'c', '😀']
const listsOfMappings = ['d', 'd', 'd d']
const listsOfLists = ['e']
const leaves = ['f', 'f', 'g', 'constructor', 'a\\=b', 'a\\[0]', '\\h', ' a', '0', 'true', 'null', 'a]b']
const indices = ['0', '0', '0', '1', '1', '2', '3', '+1', '007', '-0', '-1', '', 'x', ' 1', '\\1', '1.0', '0x1', '1_0', '70000', '9223372036854775808']
const plain = [
  ...['', 'x', 'y', 'x y', ' x ', 'true', 'TRUE', 'tRuE', 'false', 'falſe', 'null', 'Null', 'nil', '~', 'yes', 'é😀', '"x"', "'x'", 'x=y', 'x.y', '[x]'],
  ...['0', '00', '01', '-0', '+0', '1', '-1', '+5', '-007', '+', '-', '0x1F', '1e3', '1.5', '1_000', ' 1', '1 ', '１'],
  ...['9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '-00000000000000000000000001'],
  ...['x\\,y', 'x\\=y', '\\{x}', 'x\\', '\\\\', 'x\\\\', 'tr\\ue', '\\1', '{', '}', 'x}y', '\\😀'],
]
const goodJson = [
  ...['', ' ', 'null', 'true', 'false', '0', '1', '-1', '-0', '1.5', '1e3', '1E+2', '1e-400', '12345678901234567890', '""', '"x"', '"x,y=z"', '{}', '[]', ' 1 ', '\u00a01\u2003'],
  ...['"\\u0041\\n\\/"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\ud800\\ud83d\\ude00"', '"\\udc00\\ud800x"', '"é😀\u2028"', '"\\\\"', '"\\""'],
  ...['[1,"x",null]', '[ 1 , 2 ]', '[[1],[2]]', '{"a":1}', '{ "a" : { "b" : [ 1 ] } }', '{"a":{"b":1},"a":{"c":2}}', '{"__proto__":{"x":1}}', '{"":1}', '{"b":null}'],
]
const badJson = [
  ...[
    '01',
    '1.',
    '1.x',
    '1e',
    '1e+',
    '-',
    '+1',
    '.5',
    '1e400',
    '-1e400',
    '1.5.5',
    '1e5e5',
    'tru',
    'truex=1',
    'nul',
    'NaN',
    'x',
    "'x'",
    '"x',
    '"\\x"',
    '"\\u00g0"',
    '"a\tb"',
    '"a\u007fb"',
  ],
  ...['[1,]', '[,1]', '[1', '[1 2]', '{"a":1,}', '{"a"}', '{"a" 1}', '{a:1}', '{1:1}', '{"a":1', '{"a":1}}', '[1]]', '{"a":\u00a01}', '1 b=2', '{}b=1', '"x"b=1', '\ufeff1'],
]
const specials = ['=', '[', ']', '[0]', '.', ',', '{', '}', '\\', ' ', '"', '0', '1', '-', ':', 'a', '\u00a0', '\t', '\n', '\u0085', '\ufeff']
const kinds: readonly SetKind[] = ['set-json', 'set', 'set-string']

/** Expressions from a seed: tame ones, most of which Helm takes, and wild ones, with mistakes in them. */
export class Expressions extends Chance {
  #isWild = false

  case(isWild: boolean): Case {
    this.#isWild = isWild
    const expressions = this.times(1, 3, () => this.#expression())
    return {
      files: [JSON.stringify(this.chance(0.6) ? {} : this.#object(3))],
      expressions: expressions.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)),
    }
  }

  #expression(): Expression {
    const kind = this.pick(['set', 'set', 'set-string', 'set-json', 'set-json'] as const)
    if (kind === 'set-json' && this.chance(0.2)) return { kind, text: this.#damaged(`${this.#blank()}${opening}${JSON.stringify(this.#object(2))}${closing}${this.#blank()}`) }
    const terms = this.times(1, 3, () => `${root}${this.#path()}=${kind === 'set-json' ? this.#jsonValue() : this.#plainValue()}`)
    return { kind, text: this.#damaged(terms.join(',') + (this.chance(0.05) ? ',' : '')) }
  }

  #path(): string {
    if (this.chance(0.01)) return Array.from({ length: this.below(4) + (this.#isWild ? 29 : 25) }, () => 'a').join('.')
    if (!this.#isWild) return this.#tamePath(3)
    const steps = this.times(0, 3, () => (this.chance(0.5) ? `.${this.pick(names)}` : `[${this.#index()}]`))
    return `${this.pick(names)}${steps.join('')}`
  }

  /** Each name holds one sort of thing, so that it can be gone into again. */
  #tamePath(depth: number): string {
    if (depth === 0 || this.chance(0.4)) return this.pick(leaves)
    if (this.chance(0.5)) return `${this.pick(mappings)}.${this.#tamePath(depth - 1)}`
    const [name, rest] = this.pick([
      [this.pick(lists), ''],
      [this.pick(listsOfMappings), `.${this.#tamePath(depth - 1)}`],
      [this.pick(listsOfLists), `[${this.#index()}]`],
    ] as const)
    return `${name}[${this.#index()}]${rest}`
  }

  #index(): string {
    if (this.chance(0.003)) return this.pick(['65535', '65536', '65537'])
    return !this.#isWild || this.chance(0.95) ? String(this.below(3)) : this.pick(indices)
  }

  #plainValue(): string {
    if (this.chance(0.8)) return this.#plain()
    return `{${this.times(0, 4, () => this.#plain()).join()}}${this.#isWild && this.chance(0.05) ? this.pick(plain) : ''}`
  }

  #plain(): string {
    const text = this.pick(plain)
    return text === '{' && !this.#isWild ? '\\{' : text
  }

  #jsonValue(): string {
    if (this.#isWild && this.chance(0.04)) return this.pick(badJson)
    return this.chance(0.6) ? this.pick(goodJson) : `${this.#blank()}${JSON.stringify(this.#tree(3))}${this.#blank()}`
  }

  #blank(): string {
    return this.chance(0.9) ? '' : this.pick([' ', '\n', '\t ', '\u00a0', '\u0085', '\ufeff', '\v'])
  }

  /** Now and then a character more, or one less, or the end cut off. */
  #damaged(text: string): string {
    if (!this.#isWild || this.chance(0.85)) return text
    const characters = [...text]
    const at = this.below(characters.length + 1)
    if (this.chance(0.25)) return characters.slice(0, at).join('')
    if (this.chance(0.33)) return characters.toSpliced(at, 1).join('')
    return this.#damaged(characters.toSpliced(at, 0, this.pick(specials)).join(''))
  }

  #object(depth: number): JsonObject {
    if (!this.#isWild) return this.#tameObject(depth)
    return Object.fromEntries(this.times(0, 4, () => [this.pick(['a', 'a', 'b', 'b', 'c', '', '__proto__', 'a.b', 'ключ']), this.#tree(depth - 1)] as const))
  }

  #tameObject(depth: number): JsonObject {
    const inner = (): Json => this.#tameObject(depth - 1)
    const entry = (): readonly [string, Json] => {
      if (depth === 0 || this.chance(0.4)) return [this.#unescaped(this.pick(leaves)), this.#tree(depth)]
      if (this.chance(0.5)) return [this.#unescaped(this.pick(mappings)), inner()]
      return this.pick([
        [this.pick(lists), this.times(0, 3, () => this.#tree(0))],
        [this.pick(listsOfMappings), this.times(0, 3, inner)],
        [this.pick(listsOfLists), this.times(0, 3, () => this.times(0, 3, () => this.#tree(0)))],
      ] as const)
    }
    return Object.fromEntries(this.times(0, 4, entry))
  }

  #unescaped(name: string): string {
    return name.replaceAll('\\', '')
  }

  #tree(depth: number): Json {
    const shape = this.below(depth > 0 ? 4 : 2)
    if (shape >= 3) return this.#object(depth - 1)
    if (shape === 2) return this.times(0, 3, () => this.#tree(depth - 1))
    return this.pick([null, true, false, 0, 1, -1.5, 1e21, '', 'x', 'true', 'é😀'])
  }
}
