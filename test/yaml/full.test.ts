import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readFully } from '../../src/yaml/full.ts'
import { YamlProblem } from '../../src/yaml/problem.ts'
import { toJson } from '../../src/yaml/tree.ts'
import type { Json } from '../../src/yaml/tree.ts'

const tagged: readonly (readonly [string, Json])[] = [
  ['a: !!str 1', { a: '1' }],
  ['a: ! 1', { a: '1' }],
  ['a: !<tag:yaml.org,2002:str> yes', { a: 'yes' }],
  ['!!str yes: b', { yes: 'b' }],
  ['!!int "3": b', { 3: 'b' }],
  ['a: !!int "3"', { a: 3 }],
  ['a: !!bool "yes"', { a: true }],
  ['a: !!binary aGVsbG8=', { a: 'hello' }],
  ['!!binary aGk=: b', { hi: 'b' }],
  ['a: !own 1', { a: '1' }],
  ['a: !!float 1', { a: 1 }],
  ['a: !!null ~', { a: null }],
  // Text, whatever the time zone here.
  ['a: !!timestamp 2001-12-14', { a: '2001-12-14' }],
  ['a: !!omap [b: 1, c: 2]', { a: [{ b: 1 }, { c: 2 }] }],
  ['a: !!pairs [b: 1, b: 2]', { a: [{ b: 1 }, { b: 2 }] }],
  ['a: !!set {b, c}', { a: { b: null, c: null } }],
]

test('tags mean what they mean to Go: text, a number, a boolean, bytes, or nothing', () => {
  for (const [text, json] of tagged) assert.equal(read(text), [json], text)
})

test('a key given twice is a mistake by what it means, not by how it is written', () => {
  for (const text of ['a: 1\na: 2', 'yes: 1\non: 2', '1: 1\n0x1: 2', '"a": 1\na: 2', '? !!str 1\n: 1\n"1": 2']) assert.throws(() => read(text), isProblem, text)
  assert.equal(read('yes: 1\n"yes": 2\n'), [{ true: 1, yes: 2 }])
})

test('what one slip makes the parser say of several lines is told once in each document, in the order of the text', () => {
  const nested = 'Nested mappings are not allowed in compact mappings'
  assert.equal(mistakes('a: b: c\n'), [`1:4 ${nested}`])
  assert.equal(mistakes('a: b: c\nd: e: f\n'), [`1:4 ${nested}, and again at line 2`])
  assert.equal(mistakes('a: b: c\n'.repeat(3)), [`1:4 ${nested}, and again at lines 2 and 3`])
  assert.equal(mistakes('a: b: c\n'.repeat(6)), [`1:4 ${nested}, and again at lines 2, 3, 4, 5 and 6`])
  assert.equal(mistakes('a: b: c\n'.repeat(8)), [`1:4 ${nested}, and again at lines 2, 3, 4, 5, 6 and 2 more`])
  assert.equal(mistakes('a:\n - b\n c: d\ne: f: g\n---\nh: i: j\n'), ['3:1 All mapping items must start at the same column', `4:4 ${nested}`, `6:4 ${nested}`])
})

function mistakes(text: string): string[] {
  try {
    readFully({ name: 'text', text, firstLine: 0 }, { uniqueKeys: true })
    return []
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    return problem.mistakes.map(({ place, message }) => `${place.line}:${place.column} ${message}`)
  }
}

test.run()

function read(text: string): Json[] {
  return readFully({ name: 'test', text, firstLine: 0 }, { uniqueKeys: true }).map(toJson)
}

function isProblem(problem: Error): boolean {
  return problem instanceof YamlProblem
}
