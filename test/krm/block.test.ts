import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeBlock } from '../../src/krm/block.ts'
import { readFully } from '../../src/yaml/full.ts'

test('a key that some reader takes for no string is quoted, and a plain word is not', () => {
  const [tree] = readFully({ name: 'list', text: '{plain: 1, "y": 2, "NO": 3, nan: 4, inf: 5, "null": 6, e1: 7}', firstLine: 0 }, { uniqueKeys: true })
  assert.is(tree && writeBlock(tree), 'plain: 1\n"y": 2\n"NO": 3\n"nan": 4\n"inf": 5\n"null": 6\n"e1": 7\n')
})

test.run()
