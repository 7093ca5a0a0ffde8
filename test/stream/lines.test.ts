import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LineIndex } from '../../src/stream/lines.ts'
import { often } from '../helpers/often.ts'

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
