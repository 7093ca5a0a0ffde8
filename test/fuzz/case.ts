import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { SetKind } from '../../src/values/set.ts'

/** One call of the program, all of it in memory. */
export interface Case {
  readonly target: Target
  /** What is piped in. */
  readonly stream: Buffer
  /** Values files, in order. */
  readonly values: readonly Buffer[]
  readonly sets: readonly { readonly kind: SetKind; readonly text: string }[]
  /** The file of `flux`. */
  readonly release: Buffer
  readonly flags: Flags
}

export const targets = ['filter', 'function', 'explain', 'flux', 'values'] as const
export type Target = (typeof targets)[number]

export interface Flags {
  readonly engine?: string
  readonly controller?: string
  readonly namespace?: string
  readonly root?: string
  readonly strict?: boolean
  readonly onlyPolicies?: boolean
  readonly format?: string
  readonly check?: boolean
}

export const nothing = Buffer.alloc(0)

/** As a file of the corpus: text where it is UTF-8, else base64. */
export function writeCase({ target, stream, values, sets, release, flags }: Case): string {
  const file = {
    target,
    ...(Object.keys(flags).length === 0 ? {} : { flags }),
    ...(sets.length === 0 ? {} : { sets }),
    ...(values.length === 0 ? {} : { values: values.map(textOrBytes) }),
    ...(release.length === 0 ? {} : { release: textOrBytes(release) }),
    stream: textOrBytes(stream),
  }
  return `${JSON.stringify(file, undefined, 1)}\n`
}

type TextOrBytes = string | { readonly base64: string }

interface CaseFile {
  readonly target: Target
  readonly flags?: Flags
  readonly sets?: Case['sets']
  readonly values?: readonly TextOrBytes[]
  readonly release?: TextOrBytes
  readonly stream: TextOrBytes
}

export function readCase(text: string): Case {
  const { target, flags = {}, sets = [], values = [], release = '', stream }: CaseFile = JSON.parse(text)
  return { target, flags, sets, values: values.map(toBytes), release: toBytes(release), stream: toBytes(stream) }
}

/** The same case has the same name. */
export function nameOf(given: Case): string {
  return `${given.target}-${createHash('sha256').update(writeCase(given)).digest('hex').slice(0, 12)}`
}

/** Bytes of all parts. */
export function sizeOf({ stream, values, sets, release }: Case): number {
  return stream.length + release.length + [...values, ...sets.map(({ text }) => text)].reduce((sum, { length }) => sum + length, 0)
}

function textOrBytes(bytes: Buffer): TextOrBytes {
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') }
}

function toBytes(part: TextOrBytes): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.base64, 'base64')
}
