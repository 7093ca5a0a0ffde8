import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { once } from '../../src/verdict/once.ts'

test('a value is worked out once for each key, be it undefined or false', () => {
  for (const value of [undefined, false, 1]) {
    const asked: object[] = []
    const known = once((key: object) => {
      asked.push(key)
      return value
    })
    const [one, other] = [{}, {}]
    assert.equal([known(one), known(other), known(one), known(other)], [value, value, value, value])
    assert.equal(asked.length, 2)
  }
})

test.run()
