/**
 * Why a selector does not parse in Calico's expression language; undefined where it does.
 * libcalico-go/lib/selector: tokenizer/tokenizer.go and parser/parser.go.
 */
export function selectorProblem(selector: string): string | undefined {
  try {
    const tokens = tokenize(selector)
    if (tokens[0]?.kind === 'end') return undefined
    const rest = parseExpression({ tokens, next: 0 })
    return kindAt(rest) === 'end' ? undefined : `there is more after its end (${tokens[rest.next]?.text})`
  } catch (problem) {
    if (problem instanceof SelectorProblem) return problem.message
    throw problem
  }
}

/** Nothing but `global()`, which a selector that says it must be. */
export function isGlobalOnly(selector: string): boolean {
  try {
    const tokens = tokenize(selector)
    return tokens.length <= 2 && tokens[0]?.kind === 'global'
  } catch (problem) {
    if (problem instanceof SelectorProblem) return false
    throw problem
  }
}

/** It has words of none: Calico puts some selectors between brackets with others, which would be empty. */
export function isBlank(selector: string | undefined): boolean {
  return selector !== undefined && /^[ \t]+$/.test(selector)
}

/** The tokens of a selector, the last one of the kind `end`; undefined where it does not parse. */
export function selectorTokens(selector: string): readonly Token[] | undefined {
  return selectorProblem(selector) === undefined ? tokenize(selector) : undefined
}

class SelectorProblem extends Error {}

type Kind = 'label' | 'string' | 'has' | 'all' | 'global' | 'operator' | 'set operator' | '(' | ')' | '{' | '}' | ',' | '!' | '&&' | '||' | 'end'

export interface Token {
  readonly kind: Kind
  /** As messages name it. */
  readonly text: string
  /** The label of `label` and `has`, a string without its quotes, an operator by its name (`starts with`); else empty. */
  readonly value: string
}

const longestLabel = 512
const identifier = /[a-zA-Z0-9_./-]+/y
const simple = /[(){},]|==|!=|!|&&|\|\|/y
const quoted = /"[^"]*"|'[^']*'/y
/** Words of several parts may be written with or without space between them, and end at a word's end. */
const operator = /(contains|starts[ \t]*with[ \t]*|ends[ \t]*with[ \t]*)(?![a-zA-Z0-9_./-])/y
const setOperator = /(not[ \t]*in[ \t]*|in)(?![a-zA-Z0-9_./-])/y
const call = /(has|all|global)\([ \t]*/y

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let offset = 0
  const match = (expression: RegExp): string | undefined => {
    expression.lastIndex = offset
    const found = expression.exec(text)?.[0]
    offset += found?.length ?? 0
    return found
  }
  const label = (): string => {
    const name = match(identifier)
    if (name === undefined)
      throw new SelectorProblem(
        offset < text.length ? `a label is missing before ${JSON.stringify(text.slice(offset, offset + 10))}` : 'a label is missing at its end',
      )
    if (name.length > longestLabel) throw new SelectorProblem(`a label has more than ${longestLabel} characters`)
    return name
  }
  const close = (name: string): void => {
    match(/[ \t]*/y)
    if (match(/\)/y) === undefined) throw new SelectorProblem(`${name}( is not closed`)
  }
  for (;;) {
    match(/[ \t]*/y)
    if (offset >= text.length) return [...tokens, { kind: 'end', text: 'the end', value: '' }]
    const sign = match(simple)
    if (sign !== undefined) {
      const kind = signs.get(sign)
      tokens.push(kind === undefined ? { kind: 'operator', text: sign, value: sign } : { kind, text: sign, value: '' })
      continue
    }
    const string = match(quoted)
    if (string !== undefined) {
      tokens.push({ kind: 'string', text: string, value: string.slice(1, -1) })
      continue
    }
    const odd = /["'=&|]/.exec(text[offset] ?? '')?.[0]
    if (odd !== undefined) throw new SelectorProblem(odd === '"' || odd === "'" ? 'a quote is not closed' : `it has a single ${odd}`)
    if (tokens.at(-1)?.kind === 'label') {
      const word = match(operator)
      const written = word ?? match(setOperator)
      if (written === undefined) throw new SelectorProblem(`an operator is missing after ${tokens.at(-1)?.text}`)
      tokens.push({ kind: word === undefined ? 'set operator' : 'operator', text: 'an operator', value: operatorName(written) })
      continue
    }
    const name = match(call)?.replace(/\(.*/, '')
    if (name === undefined) {
      const written = label()
      tokens.push({ kind: 'label', text: written, value: written })
      continue
    }
    const value = name === 'has' ? label() : ''
    close(name)
    tokens.push({ kind: name === 'has' ? 'has' : name === 'all' ? 'all' : 'global', text: `${name}()`, value })
  }
}

/** `starts with` for `startswith` and the like. */
function operatorName(written: string): string {
  return written.replace(/[ \t]*(with|in)[ \t]*$/, ' $1').trim()
}

const signs = new Map<string, Kind>([
  ['(', '('],
  [')', ')'],
  ['{', '{'],
  ['}', '}'],
  [',', ','],
  ['!', '!'],
  ['&&', '&&'],
  ['||', '||'],
])

interface Cursor {
  readonly tokens: readonly Token[]
  readonly next: number
}

function kindAt({ tokens, next }: Cursor): Kind | undefined {
  return tokens[next]?.kind
}

function skip({ tokens, next }: Cursor): Cursor {
  return { tokens, next: next + 1 }
}

function expect(cursor: Cursor, kind: Kind, what: string): Cursor {
  if (kindAt(cursor) !== kind) throw new SelectorProblem(`${what} is missing before ${cursor.tokens[cursor.next]?.text}`)
  return skip(cursor)
}

/** `||` binds less than `&&`, which makes no difference to what is well formed. Without recursion: nothing limits the depth. */
function parseExpression(start: Cursor): Cursor {
  let cursor = start
  let depth = 0
  for (;;) {
    while (kindAt(cursor) === '!' || kindAt(cursor) === '(') {
      if (kindAt(cursor) === '(') depth++
      cursor = skip(cursor)
    }
    cursor = parseOperand(cursor)
    for (; depth > 0 && kindAt(cursor) === ')'; depth--) cursor = skip(cursor)
    if (kindAt(cursor) !== '&&' && kindAt(cursor) !== '||') return depth === 0 ? cursor : expect(cursor, ')', 'a )')
    cursor = skip(cursor)
  }
}

function parseOperand(cursor: Cursor): Cursor {
  switch (kindAt(cursor)) {
    case 'has':
    case 'all':
    case 'global':
      return skip(cursor)
    case 'label':
      return parseComparison(skip(cursor))
    default:
      throw new SelectorProblem(`an expression is missing before ${cursor.tokens[cursor.next]?.text}`)
  }
}

function parseComparison(cursor: Cursor): Cursor {
  if (kindAt(cursor) !== 'set operator') return expect(expect(cursor, 'operator', 'an operator'), 'string', 'a quoted string')
  return expect(parseStrings(expect(skip(cursor), '{', 'a {')), '}', 'a }')
}

/** The list may be empty and may end in a comma. */
function parseStrings(start: Cursor): Cursor {
  let cursor = start
  while (kindAt(cursor) === 'string') {
    cursor = skip(cursor)
    if (kindAt(cursor) !== ',') return cursor
    cursor = skip(cursor)
  }
  return cursor
}
