import type { Scalar } from './tree.ts'

/**
 * What a plain scalar means to Helm and the API server: the rules of sigs.k8s.io/yaml (its go-yaml v2
 * resolve.go), which are neither YAML 1.1's nor 1.2's. `12:30` is a string, `0777` is octal, `1e3` a
 * float, `yes` a boolean.
 */
export function resolvePlain(text: string): Scalar {
  const word = words.get(text)
  if (word !== undefined) return word
  if (!mayBeNumber.test(text)) return text
  const digits = text.replaceAll('_', '')
  const whole = integer.test(digits) ? parseInteger(digits) : undefined
  if (whole !== undefined) return whole
  // A number that no float64 holds stays a string, and so does one of another base that 64 bits do not hold.
  if (float.test(digits) && Number.isFinite(Number(digits))) return Number(digits)
  return text
}

/** A key as Helm and the API server read it: `on` is `true`, `1.0` is `1` (sigs.k8s.io/yaml turns keys into strings by their value). */
export function keyText(written: string, quoted: boolean): string {
  const value = quoted ? written : resolvePlain(written)
  return value === null ? written : String(value)
}

const words = new Map<string, Scalar>([
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
])

const mayBeNumber = /^[-+.0-9]/
const integer = /^[-+]?(0b[01]+|0o?[0-7]+|0x[0-9a-f]+|0|[1-9][0-9]*)$/i
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/

/** Undefined where Go has no integer for it: int64, and uint64 without a sign. */
function parseInteger(digits: string): number | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/.exec(digits) ?? []
  const written = /^0[0-7]+$/.test(body) ? `0o${body.slice(1)}` : body
  const magnitude = Number(written)
  if (magnitude > 2 ** 65) return undefined
  if (magnitude > Number.MAX_SAFE_INTEGER && BigInt(written) >= largest(sign)) return undefined
  return sign === '-' ? -magnitude : magnitude
}

/** The first magnitude that is too large. */
function largest(sign: string): bigint {
  return sign === '' ? 2n ** 64n : 2n ** 63n + (sign === '-' ? 1n : 0n)
}
