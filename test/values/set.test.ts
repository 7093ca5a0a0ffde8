import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { applySet, SetSyntaxError, type SetKind } from '../../src/values/set.ts'
import { at, toJson, type MappingNode, type Tree } from '../../src/yaml/tree.ts'

type Row = readonly [expression: string, json: string, base?: string]

const plain: readonly Row[] = [
  ['', '{}'],
  ['a=b', '{"a":"b"}'],
  ['a=1,b=x', '{"a":1,"b":"x"}'],
  ['a=1,', '{"a":1}'],
  ['a=', '{"a":""}'],
  ['a=,b=1', '{"a":"","b":1}'],
  ['a=b=c.d', '{"a":"b=c.d"}'],
  [' a = b ', '{" a ":" b "}'],
  ['a=1,a=2', '{"a":2}'],

  // types
  ['a=true,b=FALSE,c=True', '{"a":true,"b":false,"c":true}'],
  ['a=null,b=NULL', '{"a":null,"b":null}'],
  ['a=yes,b=~,c=1.5,d=1e3,e=0x1F', '{"a":"yes","b":"~","c":"1.5","d":"1e3","e":"0x1F"}'],
  ['a=0,b=00,c=007,d=-0,e=-007,f=+5', '{"a":0,"b":"00","c":"007","d":0,"e":-7,"f":5}'],
  ['a=1_000,b=+,c=-', '{"a":"1_000","b":"+","c":"-"}'],
  ['a=9223372036854775807', `{"a":${2 ** 63}}`],
  ['a=9223372036854775808', '{"a":"9223372036854775808"}'],
  ['a=-9223372036854775808', `{"a":${-(2 ** 63)}}`],
  ['a=-9223372036854775809', '{"a":"-9223372036854775809"}'],
  ['a=falſe', '{"a":false}'],
  ['a=xtrue,b=truex,c=xfalse,d=falsex,e=xnull,f=nullx', '{"a":"xtrue","b":"truex","c":"xfalse","d":"falsex","e":"xnull","f":"nullx"}'],
  ['a=12345678901234567890', '{"a":"12345678901234567890"}'],

  // escapes
  ['a=1\\,2', '{"a":"1,2"}'],
  ['a=\\1', '{"a":1}'],
  ['a\\.b=1', '{"a.b":1}'],
  ['a\\=b=1', '{"a=b":1}'],
  ['a\\,b\\[0]=1', '{"a,b[0]":1}'],
  ['a=x\\', '{"a":"x"}'],
  ['a=x\\\\', '{"a":"x\\\\"}'],
  ['a=\\{x}', '{"a":"{x}"}'],
  ['ключ=😀,b=\\😀', '{"ключ":"😀","b":"😀"}'],

  // lists
  ['a={x,1,true,null}', '{"a":["x",1,true,null]}'],
  ['a={}', '{"a":[""]}'],
  ['a={x,}', '{"a":["x",""]}'],
  ['a={x,{y},b=1', '{"a":["x","{y"],"b":1}'],
  ['a={x\\,y,\\}}', '{"a":["x,y","}"]}'],
  ['a={x}b=1', '{"a":["x"],"b":1}'],
  ['a={x}', '{"a":["x"]}', '{"a":[1,2,3]}'],

  // names
  ['a.b.c=1', '{"a":{"b":{"c":1}}}'],
  ['a.b=1,a.c=2', '{"a":{"b":1,"c":2}}'],
  ['a.c=2', '{"a":{"b":1,"c":2}}', '{"a":{"b":1}}'],
  ['a.b.c=2', '{"a":{"b":{"c":2},"d":1}}', '{"a":{"b":{},"d":1}}'],
  ['a=x', '{"a":"x"}', '{"a":{"b":1}}'],
  ['=1', '{}'],
  ['.a=1', '{}'],
  ['a..b=1', '{"a":{"x":1}}', '{"a":{"x":1}}'],
  ['a.=1', '{"a":{"x":1}}', '{"a":{"x":1}}'],
  ['__proto__.x=1,constructor=2', '{"__proto__":{"x":1},"constructor":2}'],
  [`${'a.'.repeat(30)}b=1`, `${'{"a":'.repeat(30)}{"b":1}${'}'.repeat(30)}`],

  ['{a=1', '{"{a":1}'],

  // indices
  ['a[0000000000000000000001]=x', '{"a":[null,"x"]}'],
  ['a[0]=x', '{"a":["x"]}'],
  ['a[2]=x', '{"a":[null,null,"x"]}'],
  ['a[1]=x', '{"a":[1,"x",3]}', '{"a":[1,2,3]}'],
  ['a[0].b=1,a[0].c=2,a[1].b=3', '{"a":[{"b":1,"c":2},{"b":3}]}'],
  ['a[0].c=2', '{"a":[{"b":1,"c":2}]}', '{"a":[{"b":1}]}'],
  ['a[0].b=1', '{"a":[{"b":1}]}', '{"a":["x"]}'],
  ['a[1].b=1,a[0].b=2', '{"a":[{"b":2},{"b":1}]}'],
  ['a[0][1]=x', '{"a":[[null,"x"]]}'],
  ['a[0][1].b[1]=x', '{"a":[[null,{"b":[null,"x"]}]]}'],
  ['a[0][0]=x', '{"a":[["x"]]}', '{"a":[null]}'],
  ['a[0]={x,y}', '{"a":[["x","y"]]}'],
  ['a[0]=', '{"a":[""]}'],
  ['a[+1]=x,b[007]=y', '{"a":[null,"x"],"b":[null,null,null,null,null,null,null,"y"]}'],
  ['a[0].=1', '{"a":[{}]}'],
  [`a${'[0]'.repeat(40)}=1`, `{"a":${'['.repeat(40)}1${']'.repeat(40)}}`],

  // what Helm drops in silence
  ['a[0', '{}'],
  ['a[0]', '{"a":[]}'],
  ['a[0][0]', '{"a":[]}'],
  ['a[0].', '{"a":[]}'],
  ['a[0].b=', '{"a":[]}'],
  ['a[0].', '{"a":[{}]}', '{"a":["x"]}'],
  ['a.', '{}'],
  ['\\', '{}'],
  ['[1]=x', '{"":["x"]}', '{"":["x"]}'],
  ['[0]=x', '{"":["x"]}', '{"":[1]}'],
]

const asString: readonly Row[] = [
  ['a=true,b=null,c=1,d=', '{"a":"true","b":"null","c":"1","d":""}'],
  ['a={1,true},b[1]=0', '{"a":["1","true"],"b":[null,"0"]}'],
]

const asJson: readonly Row[] = [
  ['a=1,b="x",c=true,d=null,e=false', '{"a":1,"b":"x","c":true,"d":null,"e":false}'],
  ['a.b={"x":1},c=[1]', '{"a":{"b":{"x":1}},"c":[1]}'],
  ['a[1].b=[1]', '{"a":[null,{"b":[1]}]}'],
  ['a[0]=,b=1', '{"a":[null],"b":1}'],
  ['a=', '{"a":null}'],
  ['a= , b=1', '{"a":null," b":1}'],
  ['a=1 b=2', '{"a":1,"b":2}'],
  ['a={"x":1}', '{"a":{"x":1}}', '{"a":{"y":1}}'],
  ['a=\u00a0{ "x" : [ 1 , 2 ] }\n', '{"a":{"x":[1,2]}}'],
  ['a="\\u0041\\n\\ud83d\\ude00\\ud800"', '{"a":"A\\n😀\ufffd"}'],
  ['a="x,y=z"', '{"a":"x,y=z"}'],
  ['a=1e-2,b=1E+2', '{"a":0.01,"b":100}'],
  ['a[0].b=', '{"a":[{"b":null}]}'],
  ['a=-1.5e3,b=0 c=1', '{"a":-1500,"b":0,"c":1}'],
  ['a={"b":1,"b":2}', '{"a":{"b":2}}'],
  ['a={"__proto__":{"x":1},"":2}', '{"a":{"__proto__":{"x":1},"":2}}'],
  ['{"a":1}', '{"a":1,"b":2}', '{"a":0,"b":2}'],
  [' {"a":{"x":1},"c":null} ', '{"a":{"x":1,"y":2},"c":null}', '{"a":{"x":0,"y":2},"c":{"z":1}}'],
  ['{"__proto__":{"x":1}}', '{"__proto__":{"x":1,"y":2}}', '{"__proto__":{"y":2}}'],
  ['{}', '{"a":1}', '{"a":1}'],
]

type Refused = readonly [kind: SetKind, expression: string, offset: number, message: RegExp, base?: string]

const refused: readonly Refused[] = [
  ['set', 'a', 0, /^"a" has no value; write a=VALUE/],
  ['set', 'a=x,y', 4, /^"y" has no value; .*comma within a value as "\\,"$/],
  ['set', 'a=1,,b=2', 4, /^"" has no value/],
  ['set', 'a.b', 2, /^"b" has no value/],
  ['set', 'a.=1', 0, /^no name follows "a\."; write a\.NAME=VALUE/],
  ['set', 'a..b=1', 0, /^no name follows/],
  ['set', 'a={x', 2, /no "}"; write {a,b}/],
  ['set', 'a[]=x', 2, /^"" is not a list index; write a whole number from 0 to 65536/],
  ['set', 'b=1,a[x]=x', 6, /^"x" is not a list index/],
  ['set', 'a[1.0]=x', 2, /is not a list index/],
  ['set', 'a[9223372036854775808]=x', 2, /is not a list index/],
  ['set', 'a[-1]=x', 2, /^the list index -1 is negative/],
  ['set', 'a[65537]=x', 2, /^the list index 65537 is too large/],
  ['set', 'a[0]b=x', 4, /^"b" after a list index/],
  ['set', `${'a.'.repeat(31)}b=1`, 60, /^more than 30 dots/],
  ['set', `a${'[0]'.repeat(1001)}=1`, 1502, /^more than 500 list indices/],
  ['set', 'a.b=1', 0, /^"a" is a string here, so no name can follow/, '{"a":"x"}'],
  ['set', 'a.b=1', 0, /^"a" is null here/, '{"a":null}'],
  ['set', 'a.b=1', 0, /^"a" is a list here/, '{"a":[]}'],
  ['set', 'a[0]=1', 0, /^"a" is a mapping here, so no index can follow/, '{"a":{}}'],
  ['set', 'a[0][0]=1', 2, /^item 0 is a number here/, '{"a":[1]}'],
  ['set', 'a=1,a.b=2', 4, /^"a" is a number here/],
  ['set-string', 'a', 0, /has no value/],
  ['set-json', 'a', 0, /^"a" has no value; write a=JSON$/],
  ['set-json', 'a=x', 2, /not a JSON value; write a string in double quotes/],
  ['set-json', 'a=[', 3, /ends too early: a value is missing/],
  ['set-json', 'a=[1', 4, /ends too early: expected "," or "]"/],
  ['set-json', 'a=[1,]', 5, /not a JSON value/],
  ['set-json', 'a={"b" 1}', 7, /expected ":"/],
  ['set-json', 'a={b:1}', 3, /name in double quotes/],
  ['set-json', 'a={"b":1,}', 9, /name in double quotes/],
  ['set-json', 'a="x', 2, /no closing double quote/],
  ['set-json', 'a="\\x"', 2, /escape/],
  ['set-json', 'a="\t"', 2, /control character/],
  ['set-json', 'a=1.', 3, /a digit is missing/],
  ['set-json', 'a=1e400', 2, /too large/],
  ['set-json', 'a=01', 3, /^"1" has no value/],
  ['set-json', `a=${'['.repeat(1100)}`, 503, /deeper than 500/],
  ['set-json', '{"a":1},b=2', 7, /^nothing may follow the JSON object/],
  ['set-json', '{"a":1', 6, /ends too early/],
]

for (const [kind, rows] of [
  ['set', plain],
  ['set-string', asString],
  ['set-json', asJson],
] as const) {
  test(`--${kind}: what expressions mean`, () => {
    for (const [text, json, base] of rows) {
      const expected: unknown = JSON.parse(json)
      assert.equal(JSON.stringify(sorted(toJson(set(kind, text, base)))), JSON.stringify(sorted(expected)), text)
    }
  })
}

test('what Helm refuses is refused, with the place and the way out', () => {
  for (const [kind, text, offset, message, base] of refused) {
    const error = refusal(() => set(kind, text, base))
    assert.match(error.message, message, text)
    assert.is(error.offset, offset, text)
  }
})

test('a long name is shortened in a message', () => {
  assert.ok(refusal(() => set('set', 'a'.repeat(100_000))).message.length < 300)
})

test('every node knows its place in the expression', () => {
  const text = 'a.b=1,a.c[1]={x,yy},d[0].e=t\\,u'
  const values = set('set', text)
  const places = [['a'], ['a', 'b'], ['a', 'c'], ['a', 'c', 1], ['a', 'c', 1, 1], ['d', 0], ['d', 0, 'e']] as const
  const rests = ['b=1', '1', '[1]', '{x,', 'yy}', 'e=t', 't\\,u']
  places.forEach((path, index) => {
    const rest = text.slice(at(values, ...path)?.start)
    assert.ok(rest.startsWith(rests[index] ?? '?'), path.join('.'))
  })
  const c = mapping(at(values, 'a')).entries.get('c')
  assert.is(c?.keyStart, text.indexOf('c['))
  assert.is(c?.keySource.name, '--set')
  assert.is(at(values, 'a', 'c', 0)?.source.name, '--set')
})

test('JSON values know their places too', () => {
  const text = 'a={"b": [10, "x"]},c=[null]'
  const values = set('set-json', text)
  assert.is(at(values, 'a', 'b', 0)?.start, text.indexOf('10'))
  assert.is(at(values, 'a', 'b', 1)?.start, text.indexOf('"x"'))
  assert.is(at(values, 'c', 0)?.start, text.indexOf('null'))
  assert.is(mapping(at(values, 'a')).entries.get('b')?.keyStart, text.indexOf('"b"'))
  assert.is(at(set('set-json', ' {"a":7}'), 'a')?.start, 6)
})

test('scalars keep what was written', () => {
  const scalar = (kind: SetKind, text: string): unknown => {
    const node = at(set(kind, text), 'a')
    return node?.kind === 'scalar' ? [node.value, node.written, node.quoted] : node
  }
  assert.equal(scalar('set', 'a=TRUE'), [true, 'TRUE', false])
  assert.equal(scalar('set', 'a=9007199254740993'), [2 ** 53, '9007199254740993', false])
  assert.is(Object.is(scalarIn('a=-0'), 0), true)
  assert.equal(scalar('set', 'a=x\\,y'), ['x,y', 'x,y', false])
  assert.equal(scalar('set-string', 'a=1'), ['1', '1', true])
  assert.equal(scalar('set-json', 'a="1"'), ['1', '1', true])
  assert.equal(scalar('set-json', 'a=1.50'), [1.5, '1.50', false])
})

test('nodes of the base stay as they are', () => {
  const base = set('set-json', '{"a":{"b":[1,{"c":2}]},"d":3}')
  const before = JSON.stringify(toJson(base))
  const kept = at(base, 'a', 'b', 1)
  for (const text of ['a.b[1].c=9', 'a.b[5]=x', 'a.e=1', 'd=4', 'f=1']) apply('set', text, base)
  apply('set-json', '{"a":{"b":null},"g":1}', base)
  assert.is(JSON.stringify(toJson(base)), before)
  assert.is(at(apply('set', 'd=4', base), 'a', 'b', 1), kept)
})

test('what an expression leaves alone keeps its own place', () => {
  const base = set('set-json', '{"a":{"b":1}}')
  const after = apply('set', 'a.c=2', base)
  assert.is(after.entries.get('a')?.keySource.name, '--set-json')
  assert.is(at(after, 'a', 'b')?.source.name, '--set-json')
  assert.is(at(after, 'a', 'c')?.source.name, '--set')
})

test.run()

function set(kind: SetKind, text: string, base = '{}'): MappingNode {
  const source = { name: 'base', text: '', firstLine: 0 }
  const empty: MappingNode = { kind: 'mapping', entries: new Map(), source, start: 0 }
  return apply(kind, text, apply('set-json', base, empty))
}

function apply(kind: SetKind, text: string, base: MappingNode): MappingNode {
  return applySet(base, { kind, source: { name: `--${kind}`, text, firstLine: 0 } })
}

function scalarIn(text: string): unknown {
  const node = at(set('set', text), 'a')
  return node?.kind === 'scalar' ? node.value : undefined
}

function refusal(work: () => unknown): SetSyntaxError {
  try {
    work()
  } catch (error) {
    if (error instanceof SetSyntaxError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function mapping(node: Tree | undefined): MappingNode {
  if (node?.kind !== 'mapping') throw new Error('no mapping')
  return node
}

/** With sorted keys: their order is no part of what Helm says. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
