import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { parseDocument } from 'yaml'
import { readFully } from '../../src/yaml/full.ts'
import { readQuickly } from '../../src/yaml/quick.ts'
import { toJson } from '../../src/yaml/tree.ts'
import type { JsonObject } from '../../src/yaml/tree.ts'
import { writeYaml } from '../../src/yaml/write.ts'
import { canonical, objects } from '../helpers/json.ts'
import { often } from '../helpers/often.ts'

for (const version of ['1.1', '1.2'] as const) {
  test(`what is written reads back the same in YAML ${version}`, () => {
    fc.assert(
      fc.property(objects, json => {
        const document = parseDocument(writeYaml(json), { version, prettyErrors: false })
        assert.equal(document.errors, [])
        assert.equal(canonical(document.toJS()), canonical(json))
      }),
      often(1000),
    )
  })
}

test('what is written reads back the same by our own readers', () => {
  fc.assert(
    fc.property(objects, json => {
      const source = { name: 'written', text: writeYaml(json), firstLine: 0 }
      const quick = readQuickly(source)
      if (quick !== undefined && quick !== null) assert.equal(canonical(toJson(quick)), canonical(json))
      assert.equal(
        readFully(source, { uniqueKeys: true }).map(tree => canonical(toJson(tree))),
        [canonical(json)],
      )
    }),
    often(1000),
  )
})

test('words are written plain and all else in quotes', () => {
  assert.is(
    writeYaml({ a: 'word', b: 'a.b/c-d_e', c: 'yes', d: '1', e: '', f: 'a b', yes: 1 }),
    'a: word\nb: a.b/c-d_e\nc: "yes"\nd: "1"\ne: ""\nf: "a b"\n"yes": 1\n',
  )
})

test('numbers, booleans and null stay what they are', () => {
  assert.is(writeYaml({ a: 1, b: 1.5, c: true, d: null, e: 1e21 }), 'a: 1\nb: 1.5\nc: true\nd: null\ne: 1e+21\n')
})

test('empty collections are written in flow style', () => {
  assert.is(writeYaml({ a: [], b: {}, c: [[], {}] }), 'a: []\nb: {}\nc:\n  - []\n  - {}\n')
})

test('lists stand below their key, and nested ones on its line', () => {
  assert.is(writeYaml({ a: [{ b: 1, c: 2 }, [3, [4]]] }), 'a:\n  - b: 1\n    c: 2\n  - - 3\n    - - 4\n')
})

test('a comment stands above its item, on one line whatever it holds', () => {
  const item: JsonObject = { a: 1 }
  assert.is(writeYaml({ list: [item, { b: 2 }] }, new Map([[item, 'why\n- b: 3\u2028']])), 'list:\n  # why\\n- b: 3\\u2028\n  - a: 1\n  - b: 2\n')
})

test('what cannot be seen is written as an escape, which reads back the same', () => {
  const hidden = { a: 'x\u200by\u202ez\x9b', b: '\u{e0041}\ufe0f', 'c\u00ad': 'é😀' }
  const text = writeYaml(hidden)
  assert.is(text, 'a: "x\\u200by\\u202ez\\u009b"\nb: "\\U000e0041\\ufe0f"\n"c\\u00ad": "é😀"\n')
  assert.equal(parseDocument(text).toJS(), hidden)
})

test.run()
