import { deepestNesting } from '../yaml/tree.ts'

/** An expression that Helm would refuse, with the place in it. */
export class SetSyntaxError extends Error {
  /** Offset in the expression's text, in UTF-16 units. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'SetSyntaxError'
    this.offset = offset
  }
}

/** Helm's limits. */
export const largestIndex = 65536
export const mostDots = 30

/** What an expression can get wrong, each with the way to write it right. */
export const mistake = {
  noValue: (name: string, offset: number) => error(`${quote(name)} has no value; write ${hint(name)}=VALUE, and a comma within a value as "\\,"`, offset),
  noJson: (name: string, offset: number) => error(`${quote(name)} has no value; write ${hint(name)}=JSON`, offset),
  noName: (name: string, offset: number) => error(`no name follows ${quote(`${name}.`)}; write ${hint(name)}.NAME=VALUE`, offset),
  manyDots: (offset: number) => error(`more than ${mostDots} dots in this name; use --set-json with an object`, offset),
  manyIndices: (offset: number) => error(`more than ${deepestNesting} list indices in this name; no values need so many`, offset),
  noIndex: (text: string, offset: number) => error(`${quote(text)} is not a list index; ${indexHelp}`, offset),
  negativeIndex: (index: number, offset: number) => error(`the list index ${index} is negative; ${indexHelp}`, offset),
  largeIndex: (index: number, offset: number) => error(`the list index ${index} is too large; ${indexHelp}`, offset),
  afterIndex: (text: string, offset: number) => error(`${quote(text)} after a list index; write NAME[0]=VALUE, NAME[0].NAME=VALUE or NAME[0][1]=VALUE`, offset),
  noMapping: (what: string, held: string, offset: number) =>
    error(`${what} is ${held} here, so no name can follow it; use --set-json to replace it with an object`, offset),
  noList: (what: string, held: string, offset: number) =>
    error(`${what} is ${held} here, so no index can follow it; use --set-json to replace it with an array`, offset),
  openList: (offset: number) => error('the list begun here has no "}"; write {a,b}, or "\\{" for a text that begins with a brace', offset),
  afterObject: (offset: number) => error('nothing may follow the JSON object; give what follows in a --set-json of its own', offset),
} as const

const indexHelp = `write a whole number from 0 to ${largestIndex}, as in NAME[0]=VALUE`

function error(message: string, offset: number): SetSyntaxError {
  return new SetSyntaxError(message, offset)
}

/** How a text is shown in a message: never the whole of a long one. */
export function quote(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text)
}

const longestQuote = 60

function hint(name: string): string {
  return /^[\w-]{1,60}$/.test(name) ? name : 'NAME'
}
