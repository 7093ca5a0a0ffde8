import { keyText } from '../../../src/yaml/scalar.ts'
import { Chance } from '../harness/chance.ts'

/** Plain scalars that readers of YAML take for this or for that. */
export const plainScalars = [
  ...['yes', 'Yes', 'YES', 'yES', 'no', 'on', 'Off', 'y', 'N', 'true', 'TRUE', 'tRUE', 'false', '~', 'null', 'Null', 'nULL', 'nil', 'None'],
  ...['0', '-0', '+0', '1', '-1', '+1', '00', '01', '007', '08', '-017', '0o17', '0O17', '0o8', '0x1f', '0X1F', '-0x1f', '+0x1f', '0x', '0xg', '0b11', '0b2', '-0b11'],
  ...['1_000', '1__0', '_1', '1_', '0_7', '0x_1f', '0x1_f', '1_0.5', '9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551615'],
  ...['18446744073709551616', '-9223372036854775808', '-9223372036854775809', '0x7fffffffffffffff', '0xffffffffffffffff', '0x10000000000000000', '123456789012345678901234567890'],
  ...[
    '1.5',
    '1.',
    '.5',
    '-.5',
    '+.5',
    '.',
    '..',
    '1.5.5',
    '1e3',
    '1E3',
    '1e+3',
    '1e-3',
    '1.e3',
    '.5e1',
    '1e',
    'e1',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1',
    '1e21',
    '1e20',
    '0e0',
    '0.0',
  ],
  ...['1_0e1_0', '0x1.8p1', '0x1p4', '1d', '1f', 'Infinity', 'inf', 'nan', '0.1e', '1e1.5', '00.5', '01.5', '08.5', '-', '+', '--', '1-', '1+1'],
  ...['12:30', '12:30:45', '1:2', '190:20:30.15', '-1:30', '2001-12-14', '2001-12-14T21:59:43.10-05:00', '2001-12-14 21:59:43', '2001-1-1', '20011214'],
  ...['=', 'a=b', '<<', 'a b', 'a:b', 'a#b', 'http://a/b', '10.0.0.0/8', '::1', '1Gi', '100m', 'v1.2', '1.2.3', 'é', '😀', 'a\u00a0b', '１'],
] as const

/** Scalars that Helm refuses and this does not: JSON has no word for them. */
export const refusedByHelm = ['.inf', '-.Inf', '.NaN', '"\\ud83d\\ude00"'] as const

const keys = [
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
  'a.b',
  'a b',
  'a/b',
  '__proto__',
  'constructor',
  '"q"',
  "'1'",
  '"yes"',
  '-a',
  ...['yes', 'off', 'y', '1', '01', '1_0', '0x1f', '-1', '12:30', '='],
]

/** Values files from a seed, written in every style. */
export class Texts extends Chance {
  #anchors = 0

  file(): string {
    const lines = this.#mapping(3)
    const text = `${lines.join('\n')}\n`
    return this.chance(0.05) ? text.replaceAll('\n', '\r\n') : text
  }

  #mapping(depth: number): string[] {
    const used = new Set<string>()
    return this.times(1, 4, () => this.pick(keys)).flatMap(key => {
      const name = /^['"]/.test(key) ? key.slice(1, -1) : keyText(key, false)
      if (used.has(name)) return []
      used.add(name)
      return this.#entry(key, depth)
    })
  }

  #entry(key: string, depth: number): string[] {
    const comment = this.chance(0.05) ? [`${' '.repeat(this.below(3))}# ${this.pick(plainScalars)}`] : []
    const [first, ...rest] = this.#value(depth)
    return [...comment, `${key}:${this.#gap()}${first}`.trimEnd(), ...rest, ...(this.chance(0.05) ? [''] : [])]
  }

  /** What stands behind a key, and the lines below it. */
  #value(depth: number): readonly [string, ...string[]] {
    const shape = this.below(depth > 0 ? 12 : 6)
    if (shape <= 2) return [`${this.#scalar()}${this.chance(0.1) ? ' # why' : ''}`]
    if (shape === 3)
      return this.chance(0.8)
        ? this.#block()
        : this.pick([
            ['"a \\', '    b"'],
            ['a', '    b # c'],
            ["'a", '', "    b'"],
            ['[a,', '    b]'],
          ])
    if (shape === 4) return this.chance(0.5) ? ['null'] : ['']
    if (shape === 5) return [this.#flow(2)]
    if (shape <= 9) return ['', ...indented(this.#mapping(depth - 1), this.pick([1, 2, 2, 2, 4]))]
    if (shape === 10) return this.#anchored()
    return ['', ...indented(this.times(1, 3, () => this.#item(depth - 1)).flat(), this.pick([0, 2]))]
  }

  #item(depth: number): string[] {
    if (depth > 0 && this.chance(0.4)) {
      const [first = '', ...rest] = this.#mapping(depth - 1).filter(line => !/^ *(?:#|$)/.test(line))
      return [`- ${first}`, ...indented(rest, 2)]
    }
    return [`- ${this.chance(0.8) ? this.#scalar() : this.#flow(1)}`]
  }

  #scalar(): string {
    if (this.chance(0.002)) return this.pick(refusedByHelm)
    const text = this.pick(plainScalars)
    if (this.chance(0.75)) return text === '-' ? `"${text}"` : text
    return this.chance(0.5) ? `'${text}'` : this.pick([`"${text}"`, '"a\\tb"', '"\\u0041\\x42\\n"', '"\\e[1m"', "'it''s'", '!!str 1', '!!int "3"', '! 1', '!own 1'])
  }

  #block(): readonly [string, ...string[]] {
    const header = `${this.pick(['|', '>'])}${this.pick(['', '', '-', '+'])}`
    const lines = this.times(0, 3, () => this.pick(['a', 'b c', '  d', '# e', 'f: g', '- h', '', 'yes']))
    return [header, ...indented([this.pick(['a', 'b c', 'f: g', '# e']), ...lines], 2), ...(this.chance(0.2) ? [''] : [])]
  }

  #flow(depth: number): string {
    const simple = (): string => {
      const text = this.pick(plainScalars)
      return this.chance(0.6) && /^[\w.+-]*\w$/.test(text) ? text : `"${text}"`
    }
    const inner = (): string => (depth > 0 && this.chance(0.3) ? this.#flow(depth - 1) : simple())
    if (this.chance(0.5)) return `[${this.times(0, 3, inner).join(', ')}]`
    const names = [...new Set(this.times(0, 3, () => this.pick(['a', 'b', 'c', 'd'])))]
    return `{${names.map(name => `${name}: ${inner()}`).join(', ')}}`
  }

  /** A mapping, once more by its name, and merged into another. */
  #anchored(): readonly [string, ...string[]] {
    const name = `n${++this.#anchors}`
    return ['', `  x: &${name} {a: ${this.below(9)}, b: ${this.below(9)}}`, `  y: *${name}`, '  z:', `    <<: *${name}`, `    b: ${this.below(9)}`]
  }

  #gap(): string {
    return this.chance(0.9) ? ' ' : '   '
  }
}

function indented(lines: readonly string[], by: number): string[] {
  return lines.map(line => (line === '' ? '' : `${' '.repeat(by)}${line}`))
}
