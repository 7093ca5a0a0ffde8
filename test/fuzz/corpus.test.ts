import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readCase } from './case.ts'
import { play } from './play.ts'

/** What `npm run fuzz` has found and kept: each input reaches something that no other does, or was a mistake once. */
const folder = join(import.meta.dirname, 'corpus')
const files = readdirSync(folder).filter(name => name.endsWith('.json'))

test('every kept input keeps every promise', async () => {
  for (const file of files) {
    const { findings } = await play(readCase(readFileSync(join(folder, file), 'utf8')))
    assert.equal(findings, [], file)
  }
})

test('the kept inputs are few and small', () => {
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0)
  assert.ok(files.length <= 500 && bytes <= 2_000_000, `${files.length} files, ${bytes} bytes`)
})

test.run()
