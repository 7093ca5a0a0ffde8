import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { split } from '../../src/stream/split.ts'
import { weave } from '../../src/stream/weave.ts'

test('documents go in right before their segment', () => {
  assert.is(woven('---\na\n---\nb\n', { before: 1 }), '---\na\n---\nNEW\n---\nb\n')
})

test('documents without a segment to stand before go to the end', () => {
  assert.is(woven('---\na\n', {}), '---\na\n---\nNEW\n')
})

test('documents at the end begin on a line of their own', () => {
  assert.is(woven('---\na', {}), '---\na\n---\nNEW\n')
})

test('a first document without a separator gets one', () => {
  assert.is(woven('a\n', { before: 0 }), '---\nNEW\n---\na\n')
})

test('a first document with a separator gets no other', () => {
  assert.is(woven('---\na\n', { before: 0 }), '---\nNEW\n---\na\n')
  assert.is(woven('--- a\n', { before: 0 }), '---\nNEW\n--- a\n')
})

test('line ends are those of the document that follows', () => {
  assert.is(woven('---\r\na\r\n', { before: 0 }), '---\r\nNEW\r\n---\r\na\r\n')
  assert.is(woven('a\r\n', { before: 0 }), '---\r\nNEW\r\n---\r\na\r\n')
})

test('a document ends before directives', () => {
  assert.is(woven('%YAML 1.1\n---\na\n', { before: 0 }), '---\nNEW\n...\n%YAML 1.1\n---\na\n')
})

test('a byte order mark stays the first of the stream', () => {
  // The mark is a segment of its own.
  assert.is(woven('\ufeffa\n', { before: 1 }), '\ufeff---\nNEW\n---\na\n')
  assert.is(woven('\ufeff---\na\n', { before: 1 }), '\ufeff---\nNEW\n---\na\n')
})

test('a document that ended the one before directives is missed where it is removed', () => {
  assert.is(woven('a\n---\nb\n...\n%YAML 1.1\n---\nc\n', { before: 0, removed: [1] }), '---\nNEW\n---\na\n...\n%YAML 1.1\n---\nc\n')
})

test('removed segments leave nothing behind', () => {
  assert.is(woven('---\na\n---\nb\n---\nc\n', { before: 2, removed: [0, 1] }), '---\nNEW\n---\nc\n')
})

test('a segment may be removed and stood before at once', () => {
  assert.is(woven('---\na\n---\nb\n', { before: 0, removed: [0] }), '---\nNEW\n---\nb\n')
})

test('where nothing changes, the stream itself is given', () => {
  const stream = Buffer.from('---\na\n')
  assert.is(weave(stream, split(stream), { removed: new Set(), inserted: '', before: undefined }), stream)
})

test('where the last one is removed, what is put behind it begins on a line of its own, and no later', () => {
  assert.is(woven('---\na\n---\nb\n', { removed: [1] }), '---\na\n---\nNEW\n')
  assert.is(woven('a', { removed: [0] }), '---\nNEW\n')
})

test('a stream may begin with directives once what stood before them is removed', () => {
  assert.is(woven('a\n...\n%YAML 1.1\n---\nb\n', { removed: [0], inserted: '' }), '%YAML 1.1\n---\nb\n')
})

test('documents that keep their neighbour keep what is between them', () => {
  const pair = 'a\n...\n%YAML 1.1\n---\nb\n...\n%YAML 1.1\n---\nc\n'
  assert.is(woven(pair, { before: 0 }), `---\nNEW\n---\n${pair}`)
  assert.is(woven(pair, { before: 0, inserted: '', removed: [2] }), 'a\n...\n%YAML 1.1\n---\nb\n...\n')
  assert.is(woven(pair, { removed: [1] }), 'a\n...\n...\n%YAML 1.1\n---\nc\n---\nNEW\n')
})

test('what only looks like a separator gets one', () => {
  assert.is(woven('a---\n', { before: 0 }), '---\nNEW\n---\na---\n')
  assert.is(woven('---a\n', { before: 0 }), '---\nNEW\n---\n---a\n')
  assert.is(woven('---', { before: 0 }), '---\nNEW\n---')
})

test.run()

interface Asked {
  readonly before?: number
  readonly removed?: readonly number[]
  readonly inserted?: string
}

function woven(text: string, { before, removed = [], inserted = '---\nNEW\n' }: Asked): string {
  const stream = Buffer.from(text)
  const segments = split(stream)
  return weave(stream, segments, { removed: new Set(removed), inserted, before: before === undefined ? undefined : segments[before] }).toString()
}
