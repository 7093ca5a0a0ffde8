import { plainFlag } from '../discover/bound.ts'
import type { Setting } from './sources.ts'
import type { NeedRow } from './table.ts'

/** Whether a setting is one of a row's. */
export function names({ flags, variables, keys }: Pick<NeedRow, 'flags' | 'variables' | 'keys'>, { kind, name, text }: Setting): boolean {
  if (kind === 'flag') return flags.includes(name) || flags.includes(plainFlag(name))
  if (kind === 'variable') return variables.some(word => fits(word, name))
  return variables.some(word => fits(word, name)) || keys.some(word => pattern(`*.${word}`).test(`.${name}`)) || endsInFlag(flags, name, text ?? '')
}

function fits(word: string, name: string): boolean {
  return word.includes('*') ? pattern(word).test(name) : word === name
}

/** `rollbackStore.s3.endpoint` is what the flag `rollback-store-s3-endpoint` is; a word alone may be anything in a file. */
function endsInFlag(flags: readonly string[], path: string, text: string): boolean {
  if (!/[.:]/.test(text)) return false
  const plain = plainFlag(path)
  return flags.some(flag => flag.includes('-') && (plain === flag || plain.endsWith(`-${flag}`)))
}

const patterns = new Map<string, RegExp>()

function pattern(word: string): RegExp {
  const made = patterns.get(word) ?? new RegExp(`^${word.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
  patterns.set(word, made)
  return made
}
