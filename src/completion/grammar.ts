import { formats as checkFormats } from '../check/formats/formats.ts'
import { commands, flags } from '../cli.ts'
import type { CommandWords, Flag } from '../cli.ts'
import { engines } from '../engines/registry.ts'
import { formats } from '../explain/formats.ts'
import type { Field } from '../values/fields.ts'
import { networkPolicy } from '../values/schema.ts'

/** The command line as a shell completes it; every shell's script is made of this. */
export interface Grammar {
  /** Of the filter, which has no name. */
  readonly options: readonly Option[]
  readonly commands: readonly CommandGrammar[]
}

export interface CommandGrammar {
  readonly name: string
  readonly describe: string
  readonly options: readonly Option[]
  /** Undefined: it takes no words. */
  readonly operands: Value | undefined
}

export interface Option {
  readonly name: string
  readonly short: string | undefined
  readonly describe: string
  readonly repeatable: boolean
  /** Undefined: it stands alone. */
  readonly value: Value | undefined
}

export type Value =
  | { readonly kind: 'file'; readonly word: string }
  /** `list`: a name for the choices, the same for the same. */
  | { readonly kind: 'choice'; readonly word: string; readonly list: string; readonly choices: readonly Choice[] }
  /** `key=value`, where the keys are known. */
  | { readonly kind: 'key'; readonly word: string; readonly keys: readonly string[] }
  /** Anything. */
  | { readonly kind: 'text'; readonly word: string }

export interface Choice {
  readonly name: string
  readonly describe: string
}

export async function grammar(): Promise<Grammar> {
  // The evaluators are a bundle of their own.
  const { implementations } = await import('../check/index.ts')
  const words: Words = { implementations: choices(implementations) }
  return { options: optionsOf(undefined, true, words), commands: Object.entries<CommandWords>(commands).map(command => toCommand(command, words)) }
}

/** What only other bundles know. */
interface Words {
  readonly implementations: readonly Choice[]
}

function toCommand([name, { describe, operands, readsStream, reports }]: [string, CommandWords], words: Words): CommandGrammar {
  const options = optionsOf(name, readsStream, words).filter(option => reports || option.name !== 'report')
  return { name, describe, options, operands: operands === null ? undefined : operandsOf(operands) }
}

/** What works on the stream is of no use to a command that reads none. */
function optionsOf(command: string | undefined, readsStream: boolean, words: Words): Option[] {
  const owner = command ?? 'filter'
  return Object.entries<Flag>(flags)
    .filter(
      ([name, { of }]) => (of === undefined ? readsStream || name === 'help' : of.some(one => one === owner)) && !(command !== undefined && name === 'version'),
    )
    .map(([name, { short, describe, value, multiple }]) => ({
      name,
      short,
      describe,
      repeatable: multiple === true,
      value: value === undefined ? undefined : valueOf(value, owner, words),
    }))
}

/** By the word that the help text has for it. */
function valueOf(word: string, command: string, { implementations }: Words): Value {
  switch (word) {
    case 'FILE':
      return { kind: 'file', word }
    case 'ENGINE':
      return { kind: 'choice', word, list: 'engine', choices: choices(engines) }
    case 'FORMAT':
      return command === 'check'
        ? { kind: 'choice', word, list: 'check_format', choices: choices(checkFormats) }
        : { kind: 'choice', word, list: 'format', choices: choices(formats) }
    case 'IMPL':
      return { kind: 'choice', word, list: 'implementation', choices: implementations }
    case 'KEY=VALUE':
    case 'KEY=JSON':
      return { kind: 'key', word, keys: keysOf('networkPolicy', networkPolicy) }
    default:
      return { kind: 'text', word }
  }
}

/** `bash|zsh` are words to choose from; all else is files. */
function operandsOf(words: string): Value {
  if (!/^[a-z]+(\|[a-z]+)+$/.test(words)) return { kind: 'file', word: words }
  return { kind: 'choice', word: 'WORD', list: 'word', choices: words.split('|').map(name => ({ name, describe: '' })) }
}

function choices(entries: Readonly<Record<string, { readonly describe: string }>>): Choice[] {
  return Object.entries(entries).map(([name, { describe }]) => ({ name, describe }))
}

function keysOf(path: string, { keys }: Field<unknown>): string[] {
  return keys === undefined ? [path] : Object.entries(keys).flatMap(([key, below]) => keysOf(`${path}.${key}`, below))
}
