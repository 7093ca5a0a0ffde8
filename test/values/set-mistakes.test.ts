import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { applySet, SetSyntaxError } from '../../src/values/set.ts'
import type { SetKind } from '../../src/values/set.ts'
import type { MappingNode } from '../../src/yaml/tree.ts'

/** What is said of an expression that Helm would refuse, word for word; then the same without what it quotes, where it quotes. */
type Row = readonly [kind: SetKind, text: string, message: string, blind?: string, base?: string]

const index = 'write a whole number from 0 to 65536, as in NAME[0]=VALUE'
const comma = 'and a comma within a value as "\\,"'
const long = 'n'.repeat(60)

const rows: readonly Row[] = [
  ['set', 'a', `"a" has no value; write a=VALUE, ${comma}`, `this name has no value; write NAME=VALUE, ${comma}`],
  ['set', 'a b', `"a b" has no value; write NAME=VALUE, ${comma}`, `this name has no value; write NAME=VALUE, ${comma}`],
  ['set', long, `"${long}" has no value; write ${long}=VALUE, ${comma}`, `this name has no value; write NAME=VALUE, ${comma}`],
  ['set', `${long}n`, `"${long}…" has no value; write NAME=VALUE, ${comma}`, `this name has no value; write NAME=VALUE, ${comma}`],
  ['set-json', 'a', '"a" has no value; write a=JSON', 'this name has no value; write NAME=JSON'],
  ['set', 'a.=1', 'no name follows "a."; write a.NAME=VALUE', 'no name follows the dot; write NAME.NAME=VALUE'],
  ['set', `${'a.'.repeat(31)}b=1`, 'more than 30 dots in this name; use --set-json with an object'],
  ['set', `a${'[0]'.repeat(501)}=1`, 'more than 500 list indices in this name; no values need so many'],
  ['set', 'a[x y]=x', `"x y" is not a list index; ${index}`, `what the brackets hold is not a list index; ${index}`],
  ['set', 'a[-1]=x', `the list index -1 is negative; ${index}`, `the list index here is negative; ${index}`],
  ['set', 'a[65537]=x', `the list index 65537 is too large; ${index}`, `the list index here is too large; ${index}`],
  [
    'set',
    'a[0]b=x',
    '"b" after a list index; write NAME[0]=VALUE, NAME[0].NAME=VALUE or NAME[0][1]=VALUE',
    'something after a list index; write NAME[0]=VALUE, NAME[0].NAME=VALUE or NAME[0][1]=VALUE',
  ],
  ...(
    [
      ['"x"', 'a string'],
      ['5', 'a number'],
      ['[]', 'a list'],
      ['null', 'null'],
    ] as const
  ).map(([held, called]): Row => {
    const rest = `is ${called} here, so no name can follow it; use --set-json to replace it with an object`
    return ['set', 'a.b=1', `"a" ${rest}`, `this name ${rest}`, `{"a":${held}}`]
  }),
  ...(
    [
      ['a[0]=1', '{"a":{}}', '"a" is a mapping'],
      ['a[0]=1', '{"a":true}', '"a" is a boolean'],
      ['a[1][0]=1', '{"a":[0,"x"]}', 'item 1 is a string'],
    ] as const
  ).map(([text, base, what]): Row => {
    const rest = 'here, so no index can follow it; use --set-json to replace it with an array'
    return ['set', text, `${what} ${rest}`, `${what.replace(/^.*(?= is)/, 'this name')} ${rest}`, base]
  }),
  ['set', 'a={x', 'the list begun here has no "}"; write {a,b}, or "\\{" for a text that begins with a brace'],
  ['set-json', '{"a":1},b=2', 'nothing may follow the JSON object; give what follows in a --set-json of its own'],
  ['set-json', 'a=x', 'this is not a JSON value; write a string in double quotes (NAME="text")'],
  ['set-json', 'a=[', 'the JSON ends too early: a value is missing'],
  ['set-json', 'a=[1', 'the JSON ends too early: expected "," or "]"'],
  ['set-json', 'a=[1 2]', 'expected "," or "]"'],
  ['set-json', 'a={"b":1 "c":2}', 'expected "," or "}"'],
  ['set-json', 'a={"b" 1}', 'expected ":" after the name'],
  ['set-json', 'a={"b"', 'the JSON ends too early: expected ":" after the name'],
  ['set-json', 'a={b:1}', 'expected a name in double quotes'],
  ['set-json', 'a={"b":', 'the JSON ends too early: a value is missing'],
  ['set-json', 'a="x', 'the string begun here has no closing double quote'],
  ['set-json', 'a="x\\"', 'the string begun here has no closing double quote'],
  ['set-json', 'a="\\x"', 'the string begun here has an escape or control character JSON lacks'],
  ['set-json', 'a=1.', 'a digit is missing in the number'],
  ['set-json', 'a=1ex', 'a digit is missing in the number'],
  ['set-json', 'a=1e400', 'the number "1e400" is too large', 'the number here is too large'],
  ['set-json', `a=${'['.repeat(502)}`, 'JSON is nested deeper than 500 levels'],
  ['set-json', `a=${'{"b":'.repeat(502)}`, 'JSON is nested deeper than 500 levels'],
]

test('a mistake in an expression is told word for word, and without a word of it where it may be a password', () => {
  for (const [kind, text, message, blind = message, base = '{}'] of rows) {
    const error = mistakeIn(kind, text, base)
    assert.equal([error.message, error.blind], [message, blind], text)
    assert.is(error.name, 'SetSyntaxError')
  }
})

test('what is within a limit is taken', () => {
  for (const [kind, text] of [
    ['set', `${'a.'.repeat(30)}b=1`],
    ['set', `a${'[0]'.repeat(500)}=1`],
    ['set', `a${'[0]'.repeat(300)}=1,b${'[0]'.repeat(300)}=1`],
    ['set', 'a[65536]=x'],
    ['set-json', `a=${'['.repeat(500)}1${']'.repeat(500)}`],
  ] as const)
    assert.ok(apply(kind, text, '{}').entries.size > 0)
})

test('the assignment that a mistake is in begins where the one before it ended', () => {
  for (const [text, start] of [
    ['a', 0],
    ['a=1,b.c=2,d', 10],
    ['a={1,2},b[x]=1', 8],
  ] as const)
    assert.is(mistakeIn('set', text, '{}').assignment, start, text)
})

test.run()

function mistakeIn(kind: SetKind, text: string, base: string): SetSyntaxError {
  try {
    apply(kind, text, base)
  } catch (problem) {
    if (problem instanceof SetSyntaxError) return problem
    throw problem
  }
  throw new Error(`${text} is taken`)
}

function apply(kind: SetKind, text: string, base: string): MappingNode {
  const empty: MappingNode = { kind: 'mapping', entries: new Map(), source: { name: 'base', text: '', firstLine: 0 }, start: 0 }
  const onto = applySet(empty, { kind: 'set-json', source: { name: 'base', text: base, firstLine: 0 } })
  return applySet(onto, { kind, source: { name: `--${kind}`, text, firstLine: 0 } })
}
