import { Chance } from '../harness/chance.ts'

/** A workload as it is meant: every scalar is a string, whatever it looks like. */
export interface Meant {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly matchLabels: Readonly<Record<string, string>>
  readonly matchExpressions: readonly { readonly key: string; readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; readonly values: readonly string[] }[]
  /** The name of a port that a Service sends to. */
  readonly port: string
  /** Where Helm says which file it is of. */
  readonly file: string
  /** The API server takes it. */
  readonly isLegal: boolean
}

/** What a reader of YAML could take for a number, a boolean, null, a date, a time, a merge. */
const names = [
  ...['yes', 'no', 'on', 'off', 'y', 'n', 'true', 'false', 'null', 'nil', 'none', 'inf', 'nan', 'e1', 'e', 'x'],
  ...['0', '00', '007', '08', '12', '0o17', '0x1f', '0b11', '1e3', '1e400', '1e-3', '0e0', '0x1p4', '1.5', '1.5e3', '0.1', '1-1', '10.0.0.1'],
  ...['2001-12-14', '20011214', '9007199254740993', '18446744073709551616', '123456789012345678901234567890', '1f', '1d', '1gi', '100m', 'v1.2'],
]
const values = [
  ...names,
  '',
  'Yes',
  'NO',
  'On',
  'OFF',
  'Y',
  'N',
  'True',
  'NULL',
  'Null',
  '1E3',
  '1_000',
  '0_7',
  '0x1F',
  '0X1F',
  '0B1',
  'NaN',
  'Inf',
  'E1',
  '1_',
  'a_b',
  '1.2.3',
  '2001-12-14T21',
]
const strange = [
  ...['~', '=', '<<', '*', '&a', '*a', '!a', '!!str', '%a', '@a', '`a', '-', '- a', '? a', 'a: b', 'a #b', '#', '|', '>', '{', '[', ',', '---', '...', ' ', ' a', 'a '],
  ...[
    '.inf',
    '-.inf',
    '.nan',
    '+1',
    '-1',
    '+.5',
    '.5',
    '1.',
    '1,000',
    '12:30',
    '12:30:45',
    '190:20:30.15',
    '1:2',
    'a\nb',
    'a\tb',
    '"',
    '\\',
    'é',
    '😀',
    '\u0085',
    '\u2028',
    '\ufeff',
  ],
]
const portNames = ['yes', 'no', 'on', 'off', 'y', 'n', 'true', 'null', '1e3', '0x1f', '0o17', '0b11', 'e1', 'inf', 'nan', '1f', '1d', 'x']
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const

/** What the API server takes for a name (RFC 1123). */
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Workloads from a seed, no two with one name. */
export class Meanings extends Chance {
  workloads(count: number, areLegal: boolean): Meant[] {
    const found = new Map<string, Meant>()
    while (found.size < count) {
      const one = this.#workload(areLegal)
      // A policy of a cluster-scoped engine has both in its name.
      found.set(`${one.name}-${one.namespace}`, one)
    }
    return [...found.values()]
  }

  #workload(isLegal: boolean): Meant {
    const label = (): string => this.#value(isLegal)
    return {
      name: this.#name(subdomain),
      namespace: this.#name(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
      labels: this.#labels(0, label),
      matchLabels: this.#labels(1, label),
      matchExpressions: this.times(0, 2, () => {
        const operator = this.pick(operators)
        return { key: this.#key(), operator, values: operator === 'In' || operator === 'NotIn' ? this.times(1, 3, label) : [] }
      }),
      port: this.chance(0.5) ? this.pick(portNames) : this.#random(/^(?=[0-9]*[a-z])[a-z0-9]{1,15}$/),
      file: `${this.pick(names)}/x.yaml`,
      isLegal,
    }
  }

  #labels(least: number, value: () => string): Record<string, string> {
    return Object.fromEntries(this.times(least, 3, () => [this.#key(), value()]))
  }

  #key(): string {
    const name = this.chance(0.5) ? this.pick(values.filter(text => text !== '' && !text.endsWith('_'))) : this.#random(/^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/)
    return this.chance(0.3) ? `example.org/${name}` : name
  }

  #value(isLegal: boolean): string {
    if (!isLegal && this.chance(0.3)) return this.pick(strange)
    return this.chance(0.5) ? this.pick(values.filter(text => !isLegal || !text.endsWith('_'))) : this.#random(/^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/)
  }

  #name(shape: RegExp): string {
    return this.chance(0.5) ? this.pick(names.filter(name => shape.test(name))) : this.#random(shape)
  }

  /** Of the characters that numbers and dates are made of. */
  #random(shape: RegExp): string {
    for (;;) {
      const text = this.times(1, 8, () => this.pick([...'0123456789', ...'0123456789', ...'eExXobBO_-.tTyYnN', ...'af'])).join('')
      if (shape.test(text)) return text
    }
  }
}
