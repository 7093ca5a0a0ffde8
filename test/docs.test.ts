import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { derivedFiles } from '../scripts/derived.ts'
import { catalogue } from '../src/diagnostics/catalogue.ts'
import { repository } from './helpers/program.ts'

test('tables, schema, manual page and picture are those that the sources give', async () => {
  const derived = await derivedFiles()
  assert.is(derived.size, 6)
  for (const [path, text] of derived) assert.is(text, readFileSync(join(repository, path), 'utf8'), `${path}: npm run docs writes another`)
})

test('every diagnostic is explained, with its severity, and none that does not exist', () => {
  const text = readFileSync(join(repository, 'docs/diagnostics.md'), 'utf8')
  const explained = [...text.matchAll(/\*\*(NP\d+)\*\* \((\w+)\)/g)].map(([, code, severity]) => `${code} ${severity}`)
  assert.equal(
    explained.sort(),
    Object.entries(catalogue)
      .map(([code, { severity }]) => `${code} ${severity}`)
      .sort(),
  )
})

test('every diagnostic is told somewhere in the sources', () => {
  const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  const text = sources.map(name => readFileSync(join(repository, 'src', name), 'utf8')).join()
  const told = new Set([...text.matchAll(/(?:diagnose|tell|tellKey|warn)\((?:entry, )?\s*'(NP\d+)'/g)].map(([, code]) => code))
  assert.equal(
    Object.keys(catalogue).filter(code => !told.has(code)),
    [],
  )
})

test.run()
