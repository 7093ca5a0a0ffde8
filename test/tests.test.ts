import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testFiles } from '../scripts/mutation/bundle.ts'
import { repository } from './helpers/program.ts'

/** A suite runs the tests that it has when it is told to: those that come later are never run, and nothing says so. */

const folder = join(repository, 'test')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.test.ts'))

test('every suite runs, and no test is added after that', () => {
  assert.ok(files.length > 50, `${files.length} files`)
  assert.equal(
    files.flatMap(name => silent(readFileSync(join(folder, name), 'utf8')).map(suite => `${name}: ${suite}`)),
    [],
  )
})

test('a suite that never runs, and a test behind its run, are found', () => {
  assert.equal(silent("import { test } from 'uvu'\ntest('a', () => {})\n"), ['test'])
  assert.equal(silent("import { suite } from 'uvu'\nconst own = suite('own')\nown('a', () => {})\nown.run()\nown('b', () => {})\n"), ['own'])
  assert.equal(silent("import { suite, test } from 'uvu'\nconst own = suite('own')\nown('a', () => {})\nown.run()\ntest('b', () => {})\ntest.run()\n"), [])
})

test('what is bundled for the mutants waits for nothing while it loads', () => {
  const waits = (text: string): boolean => /^(?!.*\basync\b)(\w.*\s)?await /m.test(text)
  const bundled = testFiles()
  assert.ok(bundled.length > 50, `${bundled.length} files`)
  assert.equal(
    bundled.filter(name => waits(readFileSync(join(repository, name), 'utf8'))),
    [],
  )
  assert.ok(waits('const a = 1\nconst facts = await read()\n'))
  assert.ok(waits('await read()\n'))
  assert.not.ok(waits("test('a', async () => {\n  await read()\n})\n"))
})

/** Names of the suites of a file that have tests which do not run. */
function silent(text: string): string[] {
  const own = [...text.matchAll(/^const (\w+) = suite\(/gm)].flatMap(([, name]) => name ?? [])
  const usual = /^import \{[^}]*\btest\b[^}]*\} from 'uvu'/m.test(text) ? ['test'] : []
  return [...usual, ...own].filter(name => {
    const runs = text.search(new RegExp(`^${name}\\.run\\(\\)`, 'm'))
    return runs < 0 || new RegExp(`^ *${name}(\\.\\w+)?\\(`, 'm').test(text.slice(runs + `${name}.run()`.length))
  })
}

test.run()
