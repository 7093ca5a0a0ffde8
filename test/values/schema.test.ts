import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engines } from '../../src/engines/registry.ts'
import { ingressRows } from '../../src/traffic/table.ts'
import { orNull } from '../../src/values/fields.ts'
import { nearest } from '../../src/values/nearest.ts'
import { isLabelKey, isLabelValue, isPortName, isPortNumber } from '../../src/values/peers.ts'
import { engineNames, networkPolicy } from '../../src/values/schema.ts'
import { isObject, objectAt } from '../../src/yaml/json.ts'
import type { Json } from '../../src/yaml/tree.ts'
import { often } from '../helpers/often.ts'

const schema = networkPolicy.schema()
const properties = objectAt(schema, 'properties')

test('every engine can be named', () => {
  assert.equal(engineNames, Object.keys(engines))
  assert.equal(objectAt(properties, 'engine')['enum'], [...engineNames, null])
})

test('every engine with lists of its own has a block', () => {
  for (const [name, { passthrough, precedence }] of Object.entries(engines)) {
    const block = objectAt(properties, name)
    assert.is(Object.hasOwn(properties, name), passthrough, name)
    if (passthrough) assert.equal(Object.keys(objectAt(block, 'properties')), ['ingress', 'egress', ...(precedence === null ? [] : [precedence.key])], name)
  }
})

test('every row with a port to fall back to has a key for it, and no other has', () => {
  assert.equal(
    Object.keys(objectAt(objectAt(properties, 'ports'), 'properties')),
    ingressRows.flatMap(({ id, defaultPort }) => (defaultPort === null ? [] : [id])),
  )
})

test('every row whose callers can be narrowed has a from list', () => {
  for (const { id, from } of ingressRows) assert.is(Object.hasOwn(objectAt(objectAt(properties, id), 'properties'), 'from'), from, id)
})

test('the JSON Schema refuses unknown keys wherever the values do', () => {
  assert.equal(openObjects({ type: ['object', 'null'], properties: {} }, ''), [''])
  assert.is(schema['additionalProperties'], false)
  assert.equal(openObjects(schema, ''), [])
})

test('a key may be null beside what else its schema takes', () => {
  assert.equal(orNull({ type: 'string', enum: ['a'] }), { type: ['string', 'null'], enum: ['a', null] })
  assert.equal(orNull({ anyOf: [{ type: 'string' }] }), { anyOf: [{ type: 'string' }, { type: 'null' }] })
  // What is asked of an object says nothing of null.
  const asked = [{ required: ['a'] }]
  assert.equal(orNull({ type: 'object', anyOf: asked }), { type: ['object', 'null'], anyOf: asked })
})

test('the JSON Schema gives the defaults of the specification', () => {
  const defaults = ['enabled', 'engine', 'replace', 'translatePeers'].map(key => objectAt(properties, key)['default'])
  assert.equal(defaults, [false, 'kubernetes', false, false])
  assert.is(objectAt(objectAt(objectAt(properties, 'defaultDeny'), 'properties'), 'order')['default'], 2000)
  assert.is(objectAt(objectAt(objectAt(properties, 'calico'), 'properties'), 'order')['default'], 1000)
  assert.is(objectAt(objectAt(objectAt(properties, 'clusterNetworkPolicy'), 'properties'), 'priority')['default'], 900)
})

test('the nearest word is the one that was meant', () => {
  const words = ['enabled', 'engine', 'egress', 'defaultDeny']
  for (const [typed, meant] of [
    ['enbaled', 'enabled'],
    ['Egress', 'egress'],
    ['engin', 'engine'],
    ['defaultdeny', 'defaultDeny'],
    ['somethingElse', undefined],
    ['', undefined],
  ] as const) {
    assert.is(nearest(typed, words), meant, typed)
  }
})

test('a word is near by two edits, a longer one by a third of its letters', () => {
  const words = ['engine', 'defaultDeny', 'x'.repeat(64)]
  for (const [typed, meant] of [
    ['ngin', 'engine'],
    ['ngi', undefined],
    ['nebigne', undefined],
    ['dfaltDenx', 'defaultDeny'],
    ['dfaltDnx', undefined],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), undefined],
  ] as const) {
    assert.is(nearest(typed, words), meant, typed)
  }
})

test('the nearest word is the one with the fewest edits, a swap of neighbours being one', () => {
  assert.is(nearest('nebaled', ['enabled']), 'enabled')
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 })
  fc.assert(
    fc.property(word, fc.array(word, { minLength: 1, maxLength: 3 }), (typed, words) => {
      const fewest = Math.min(...words.map(candidate => edits(typed, candidate)))
      const meant = fewest <= Math.max(2, Math.floor(typed.length / 3)) ? words.find(candidate => edits(typed, candidate) === fewest) : undefined
      assert.is(nearest(typed, words), meant, JSON.stringify({ typed, words }))
    }),
    often(300),
  )
})

test('labels and ports are checked as the API server checks them', () => {
  assert.equal(['a', 'A1', 'example.org/a_b.c', 'a'.repeat(63)].map(isLabelKey), [true, true, true, true])
  assert.equal(['', '-a', 'a/', '/a', 'A.B/c/d', 'Example.org/a', 'a'.repeat(64), 'a b'].map(isLabelKey), Array(8).fill(false))
  const prefixes = ['a', 'a-b', 'ab.c', 'a.b-c.d', 'a'.repeat(253), '-a', 'a-', 'a.', '.a', 'a..b', 'a.-b', 'a.b-', 'a_b', 'A', 'a'.repeat(254)]
  assert.equal(
    prefixes.filter(prefix => isLabelKey(`${prefix}/a`)),
    prefixes.slice(0, 5),
  )
  assert.equal(['', 'a', '1', 'a.b_c-d'].map(isLabelValue), [true, true, true, true])
  assert.equal(['-', 'a-', 'a b', 'a'.repeat(64), "a'b"].map(isLabelValue), Array(5).fill(false))
  assert.equal(['a', 'http-2', 'a'.repeat(15)].map(isPortName), [true, true, true])
  assert.equal(['', '1', 'A', 'a--b', '-a', 'a-', 'a'.repeat(16), 'a_b'].map(isPortName), Array(8).fill(false))
  assert.equal([1, 65535, 0, 65536, 1.5, '80'].map(isPortNumber), [true, true, false, false, false, false])
})

test.run()

/** Edits between two words by their definition, from their ends. */
function edits(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length
  const [short, brief] = [one.slice(0, -1), other.slice(0, -1)]
  if (one.at(-1) === other.at(-1)) return edits(short, brief)
  const swapped = one.at(-1) === other.at(-2) && one.at(-2) === other.at(-1) ? edits(one.slice(0, -2), other.slice(0, -2)) : Infinity
  return 1 + Math.min(edits(short, other), edits(one, brief), edits(short, brief), swapped)
}

/** Paths of objects with named properties that would take any other as well. */
function openObjects(json: Json, path: string): string[] {
  if (Array.isArray(json)) return json.flatMap((item, index) => openObjects(item, `${path}/${index}`))
  if (!isObject(json)) return []
  const open = isObject(json['properties']) && Object.hasOwn(json, 'type') && json['additionalProperties'] !== false ? [path] : []
  return [...open, ...Object.entries(json).flatMap(([key, value]) => openObjects(value, `${path}/${key}`))]
}
