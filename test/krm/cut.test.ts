import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseDocument, stringify } from 'yaml'
import { cutItems } from '../../src/krm/cut.ts'
import type { Cut } from '../../src/krm/cut.ts'
import { objects } from '../helpers/json.ts'
import { often } from '../helpers/often.ts'

function cut(text: string): Cut {
  const found = cutItems(text)
  if (found === undefined) throw new Error(`not cut:\n${text}`)
  return found
}

const joined = ({ before, items, after }: Cut): string => [before, ...items.map(({ text }) => text), after].join('')

test('what is cut gives back the text, and each item is the object that it was', () => {
  fc.assert(
    fc.property(fc.array(objects, { minLength: 1, maxLength: 4 }), fc.boolean(), fc.boolean(), fc.boolean(), (items, indentSeq, config, crlf) => {
      const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, ...(config ? { functionConfig: { data: items[0] } } : {}) }
      const lf = stringify(list, { indentSeq, lineWidth: 0, aliasDuplicateObjects: false })
      // `yaml` writes a byte order mark plain, and takes it for none where it opens a line.
      fc.pre(!lf.includes('\ufeff'))
      const text = crlf ? lf.replaceAll('\n', '\r\n') : lf
      const found = cut(text)
      assert.is(joined(found), text)
      // As text: a key `constructor` misleads the comparison of objects.
      assert.is(JSON.stringify(found.items.map(({ document }) => parse(`---\n${document}`))), JSON.stringify(parse(text).items))
    }),
    often(150),
  )
})

for (const [says, text, names] of [
  ['items at the margin', 'items:\n- name: a\n- name: b\nkind: ResourceList\n', ['a', 'b']],
  ['items that are indented', 'items:\n  - name: a\n  - name: b\n', ['a', 'b']],
  ['a comment behind the dash', 'items:\n- # Source: x\n  # more\n  name: a\n', ['a']],
  ['nothing behind the dash', 'items:\n-\n    name: a\n    b:\n    - 1\n-\n  name: b\n', ['a', 'b']],
  ['an item in flow style', 'items:\n- {name: a,\n  b: 1}\n- name: b\n', ['a', 'b']],
  ['an item that is far to the right', 'items:\n-    name: a\n     b: 1\n', ['a']],
  ['no line end at the end', 'items:\n- name: a\n- name: b', ['a', 'b']],
  ['dashes in a block scalar', 'items:\n- name: a\n  text: |\n    - name: x\n\n    ---\n- name: b\n', ['a', 'b']],
  ['comments between and behind', '# top\nitems: # all\n# one\n- name: a\n# two\n- name: b\n# end\nfunctionConfig:\n  list:\n  - 1\n', ['a', 'b']],
  ['a mark before and behind', '---\nitems:\n- name: a\n...\n', ['a']],
] as const) {
  test(`cut: ${says}`, () => {
    const found = cut(text)
    assert.is(joined(found), text)
    assert.equal(
      found.items.map(({ document }) => parseDocument(document).get('name')),
      [...names],
    )
    for (const item of found.items) {
      const lines = item.text.split('\n').length - (item.text.endsWith('\n') ? 1 : 0)
      assert.is(item.document.split('\n').length - 1, lines, 'as many lines')
      assert.is(text.split('\n')[item.firstLine]?.trimStart()[0], '-')
    }
  })
}

for (const text of [
  '{"kind":"ResourceList","items":[]}',
  'items: []\n',
  'kind: ResourceList\n',
  '"items":\n- a: b\n',
  'items:\n',
  'items:\n- a: b\nitems:\n- a: c\n',
]) {
  test(`lines tell nothing of ${JSON.stringify(text)}`, () => {
    assert.is(cutItems(text), undefined)
  })
}

test.run()
