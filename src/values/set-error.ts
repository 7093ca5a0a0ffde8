import { deepestNesting } from '../yaml/tree.ts'

/** An expression that Helm would refuse, with the place in it. */
export class SetSyntaxError extends Error {
  /** Offset in the expression's text, in UTF-16 units. */
  readonly offset: number
  /** The message without what it quotes: behind a comma that was not escaped, a name is part of another value, which may be a password. */
  readonly blind: string
  /** Offset of the assignment that it is in. */
  assignment = 0

  constructor(message: (say: Say) => string, offset: number) {
    super(message(quoted => quoted))
    this.name = 'SetSyntaxError'
    this.offset = offset
    this.blind = message((_, otherwise) => otherwise)
  }
}

/** A part of the expression as it is quoted, or what it is. */
export type Say = (quoted: string, otherwise: string) => string

/** Helm's limits. */
export const largestIndex = 65536
export const mostDots = 30

/** What an expression can get wrong, each with the way to write it right. */
export const mistake = {
  noValue: (name: string, offset: number) =>
    error(say => `${say(quote(name), 'this name')} has no value; write ${hint(name, say)}=VALUE, and a comma within a value as "\\,"`, offset),
  noJson: (name: string, offset: number) => error(say => `${say(quote(name), 'this name')} has no value; write ${hint(name, say)}=JSON`, offset),
  noName: (name: string, offset: number) => error(say => `no name follows ${say(quote(`${name}.`), 'the dot')}; write ${hint(name, say)}.NAME=VALUE`, offset),
  manyDots: (offset: number) => error(() => `more than ${mostDots} dots in this name; use --set-json with an object`, offset),
  manyIndices: (offset: number) => error(() => `more than ${deepestNesting} list indices in this name; no values need so many`, offset),
  noIndex: (text: string, offset: number) => error(say => `${say(quote(text), 'what the brackets hold')} is not a list index; ${indexHelp}`, offset),
  negativeIndex: (index: number, offset: number) => error(say => `the list index ${say(String(index), 'here')} is negative; ${indexHelp}`, offset),
  largeIndex: (index: number, offset: number) => error(say => `the list index ${say(String(index), 'here')} is too large; ${indexHelp}`, offset),
  afterIndex: (text: string, offset: number) =>
    error(say => `${say(quote(text), 'something')} after a list index; write NAME[0]=VALUE, NAME[0].NAME=VALUE or NAME[0][1]=VALUE`, offset),
  noMapping: (what: string, held: string, offset: number) =>
    error(say => `${say(what, 'this name')} is ${held} here, so no name can follow it; use --set-json to replace it with an object`, offset),
  noList: (what: string, held: string, offset: number) =>
    error(say => `${say(what, 'this name')} is ${held} here, so no index can follow it; use --set-json to replace it with an array`, offset),
  openList: (offset: number) => error(() => 'the list begun here has no "}"; write {a,b}, or "\\{" for a text that begins with a brace', offset),
  afterObject: (offset: number) => error(() => 'nothing may follow the JSON object; give what follows in a --set-json of its own', offset),
} as const

const indexHelp = `write a whole number from 0 to ${largestIndex}, as in NAME[0]=VALUE`

function error(message: (say: Say) => string, offset: number): SetSyntaxError {
  return new SetSyntaxError(message, offset)
}

/** How a text is shown in a message: never the whole of a long one. */
export function quote(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text)
}

const longestQuote = 60

function hint(name: string, say: Say): string {
  return /^[\w-]{1,60}$/.test(name) && say(name, '') !== '' ? name : 'NAME'
}
