import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJson, type Json, type JsonObject, type MappingNode } from '../../src/yaml/tree.ts'
import { applySet, SetSyntaxError, type SetKind } from '../../src/values/set.ts'
import type { Part } from './harness/part.ts'
import { pool } from './harness/pool.ts'
import { Chance } from './harness/chance.ts'
import { cleanEnvironment } from './harness/postrender.ts'
import { run as start } from './harness/proc.ts'
import { scratch } from './harness/scratch.ts'

/** Values to begin with, and expressions in the order in which Helm applies them. */
export interface Case {
  readonly base: JsonObject
  readonly expressions: readonly Expression[]
}

interface Expression {
  readonly kind: SetKind
  readonly text: string
}

/** The values as JSON with sorted keys, or `error`. */
export type Verdict = string
type Judge = (given: Case) => Promise<Verdict>

/** About ten seconds; HELM_NETPOL_CASES asks for more. */
const CASES = 200

/**
 * Random expressions: what this reads and what Helm 4 renders have to be the same. The environment variable
 * HELM_NETPOL_SEED repeats a run, HELM_NETPOL_CASES says how many cases it has.
 */
export const set: Part = {
  name: 'set',
  about: 'random --set, --set-string and --set-json expressions, read as Helm 4 reads them',
  async run(report, judges) {
    const seed = Number(process.env['HELM_NETPOL_SEED'] || Date.now() % 1_000_000)
    const count = Number(process.env['HELM_NETPOL_CASES'] || CASES)
    report.say(`  ${count} cases, HELM_NETPOL_SEED=${seed}`)
    const helm = helmJudge(judges.path('helm4'))
    const differing = (await pool(randomCases(seed, count), 4, async given => ((await helm(given)) === verdict(given) ? [] : [given]))).flat()
    report.pass(count - differing.length)
    for (const [index, given] of differing.entries()) {
      if (index < SHRUNK) report.fail('differs', await describe(given, helm))
      else report.failAgain()
    }
  },
}

/** Finding the smallest case that still differs takes many runs of Helm. */
const SHRUNK = 10

/** What the code under test makes of a case. */
export function verdict({ base, expressions }: Case): Verdict {
  try {
    let values: MappingNode = { kind: 'mapping', entries: new Map(), source: { name: 'base', text: '', firstLine: 0 }, start: 0 }
    for (const { kind, text } of [{ kind: 'set-json' as const, text: JSON.stringify(base) }, ...expressions]) {
      values = applySet(values, { kind, source: { name: `--${kind}`, text, firstLine: 0 } })
    }
    return canonical(toJson(values))
  } catch (error) {
    if (error instanceof SetSyntaxError) return 'error'
    throw error
  }
}

export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`
}

export function randomCases(seed: number, count: number): Case[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => random.case())
}

/** One `helm template` for each case, of a chart that prints its values. */
export function helmJudge(helm: string): Judge {
  const folder = scratch('set')
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: values\nversion: 0.0.1\n')
  scratch('set/templates')
  writeFileSync(join(folder, 'templates/values.yaml'), 'kind: ConfigMap\napiVersion: v1\nvalues: {{ .Values | toJson | b64enc }}\n')
  return async ({ base, expressions }) => {
    // The values file comes on the standard input: nothing to keep apart between runs.
    const flags = expressions.map(({ kind, text }) => `--${kind}=${text}`)
    const ran = await start(helm, ['template', 'values', folder, '--values', '-', ...flags], { input: JSON.stringify(base), env: cleanEnvironment })
    const encoded = /^values: (.*)$/m.exec(ran.stdout)?.[1]
    if (encoded !== undefined) {
      const values: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString())
      return canonical(values)
    }
    if (!ran.stderr.includes('failed parsing --set')) throw new Error(`helm4 failed for another reason: ${ran.stderr}`)
    return 'error'
  }
}

async function describe(given: Case, judge: Judge): Promise<string> {
  const small = await shrink(given, async smaller => (await judge(smaller)) !== verdict(smaller))
  return `${JSON.stringify(small)}\nhelm: ${await judge(small)}\nhere: ${verdict(small)}`
}

/** Leaves out expressions, characters and values for as long as the case still differs. */
async function shrink(given: Case, differs: (smaller: Case) => Promise<boolean>): Promise<Case> {
  for (const smaller of smallerCases(given)) if (await differs(smaller)) return shrink(smaller, differs)
  return given
}

function smallerCases({ base, expressions }: Case): Case[] {
  const withoutKey = Object.keys(base).map(key => ({ base: Object.fromEntries(Object.entries(base).filter(([other]) => other !== key)), expressions }))
  const withoutExpression = expressions.map((_, index) => ({ base, expressions: expressions.toSpliced(index, 1) }))
  const withoutCharacter = expressions.flatMap(({ kind, text }, index) =>
    [...text].map((_, at, all) => ({ base, expressions: expressions.with(index, { kind, text: all.toSpliced(at, 1).join('') }) })),
  )
  return [...withoutExpression, ...withoutKey, ...withoutCharacter]
}

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

/** Cases from a seed. */
class Random extends Chance {
  case(): Case {
    const expressions = this.times(1, 3, () => this.#expression())
    return { base: this.chance(0.6) ? {} : this.#object(3), expressions: expressions.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)) }
  }

  #expression(): Expression {
    const kind = this.pick(['set', 'set', 'set-string', 'set-json', 'set-json'] as const)
    if (kind === 'set-json' && this.chance(0.2)) return { kind, text: this.#damaged(`${this.#blank()}${JSON.stringify(this.#object(2))}${this.#blank()}`) }
    const terms = this.times(1, 3, () => `${this.#path()}=${kind === 'set-json' ? this.#jsonValue() : this.#plainValue()}`)
    return { kind, text: this.#damaged(terms.join(this.chance(0.95) ? ',' : ', ') + (this.chance(0.05) ? ',' : '')) }
  }

  #path(): string {
    if (this.chance(0.01)) return Array.from({ length: this.below(4) + 29 }, () => 'a').join('.')
    const steps = this.times(0, 3, () => (this.chance(0.5) ? `.${this.pick(names)}` : `[${this.#index()}]`))
    return `${this.pick(names)}${steps.join('')}`
  }

  #index(): string {
    if (this.chance(0.003)) return this.pick(['65535', '65536', '65537'])
    return this.chance(0.95) ? String(this.below(3)) : this.pick(indices)
  }

  #plainValue(): string {
    if (this.chance(0.8)) return this.pick(plain)
    return `{${this.times(0, 4, () => this.pick(plain)).join()}}${this.chance(0.05) ? this.pick(plain) : ''}`
  }

  #jsonValue(): string {
    return this.chance(0.04) ? this.pick(badJson) : this.chance(0.6) ? this.pick(goodJson) : `${this.#blank()}${JSON.stringify(this.#tree(3))}${this.#blank()}`
  }

  #blank(): string {
    return this.chance(0.9) ? '' : this.pick([' ', '\n', '\t ', '\u00a0', '\u0085', '\ufeff', '\v'])
  }

  /** Now and then a character more, or one less, or the end cut off. */
  #damaged(text: string): string {
    if (this.chance(0.85)) return text
    const characters = [...text]
    const at = this.below(characters.length + 1)
    if (this.chance(0.25)) return characters.slice(0, at).join('')
    if (this.chance(0.33)) return characters.toSpliced(at, 1).join('')
    return this.#damaged(characters.toSpliced(at, 0, this.pick(specials)).join(''))
  }

  #object(depth: number): JsonObject {
    return Object.fromEntries(this.times(0, 4, () => [this.pick(['a', 'a', 'b', 'b', 'c', '', '__proto__', 'a.b', 'ключ']), this.#tree(depth - 1)] as const))
  }

  #tree(depth: number): Json {
    const shape = this.below(depth > 0 ? 4 : 2)
    if (shape >= 3) return this.#object(depth)
    if (shape === 2) return this.times(0, 3, () => this.#tree(depth - 1))
    return this.pick([null, true, false, 0, 1, -1.5, 1e21, '', 'x', 'true', 'é😀'])
  }
}
