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

test.run()
