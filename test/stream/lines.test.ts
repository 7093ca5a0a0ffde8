import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LineIndex } from '../../src/stream/lines.ts'
import { often } from '../helpers/often.ts'

test('lines are counted, and their starts found, as counting from the beginning does it', () => {
  const line = fc.oneof(
    fc.constant(''),
    fc.constantFrom(1, 1022, 1023, 1024, 1025, 3000).map(length => 'x'.repeat(length)),
    fc.string({ maxLength: 20 }),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (lines, part) => {
      const text = lines.join('\n')
      for (const offset of [0, Math.floor(part * text.length), text.length]) {
        const expected = { before: text.slice(0, offset).split('\n').length - 1, start: offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1 }
        assert.equal(new LineIndex(text).at(offset), expected)
        const bytes = Buffer.byteLength(text.slice(0, offset))
        assert.is(new LineIndex(Buffer.from(text)).before(bytes), expected.before)
      }
    }),
    often(200),
  )
})

test('the line ends before an offset are counted, one at the offset itself not among them', () => {
  const index = new LineIndex(Buffer.from('a\n\nb\n'))
  assert.equal(
    [0, 1, 2, 3, 4, 5, 9].map(offset => index.before(offset)),
    [0, 0, 1, 2, 2, 3, 3],
  )
  assert.is(new LineIndex(Buffer.from('a')).before(1), 0)
})

test('they are as many as a look from the start finds', () => {
  const text = fc.array(fc.constantFrom('\n', '\n\n', 'a', 'é\r'), { maxLength: 30 }).map(parts => Buffer.from(parts.join('')))
  fc.assert(
    fc.property(text, fc.nat({ max: 60 }), (stream, offset) => {
      const ends = stream.subarray(0, offset).filter(byte => byte === 0x0a).length
      assert.is(new LineIndex(stream).before(offset), ends)
    }),
    often(200),
  )
})

test.run()
