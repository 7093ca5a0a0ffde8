import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readArguments } from '../scripts/arguments.ts'
import { hasCompileCache, versionOf } from '../scripts/bench/node.ts'
import { quickerJobs } from '../scripts/bench/start.ts'
import { folderWith } from './helpers/folder.ts'
import { repository } from './helpers/program.ts'

const called = suite('scripts, as they are called')

const cwd = folderWith()
const call = (name: string, flag: string) =>
  execa(process.execPath, ['--import', import.meta.resolve('tsx'), join(repository, `scripts/${name}.ts`), flag], { cwd, reject: false })

for (const name of ['bench', 'fuzz', 'site', 'coverage', 'docs', 'build', 'package']) {
  called(`npm run ${name} -- --help shows how it is called, and makes nothing`, async () => {
    const { exitCode, stdout, stderr } = await call(name, '--help')
    assert.equal([exitCode, stderr], [0, ''])
    assert.ok(stdout.startsWith(`npm run ${name}`), stdout)
    assert.equal(readdirSync(cwd), [])
  })
}

called('a flag that a script has not is refused, and nothing is made', async () => {
  const { exitCode, stdout, stderr } = await call('site', '--no-such-flag')
  assert.equal([exitCode, stdout], [2, ''])
  assert.match(stderr, /--no-such-flag[^]*npm run site/)
  assert.equal(readdirSync(cwd), [])
})

called('flags and words that a script has are read, and each that it has not is named', () => {
  const takes = { usage: 'usage', flags: ['write'], words: ['start', 'charts'] }
  assert.equal(readArguments(takes, ['charts', '--write']), { flags: new Set(['write']), words: ['charts'] })
  assert.equal(readArguments(takes, ['chart', '--write']), { text: '"chart" is none of start, charts\nusage\n', code: 2 })
  assert.equal(readArguments({ usage: 'usage', words: 1 }, ['folder']), { flags: new Set(), words: ['folder'] })
  assert.equal(readArguments({ usage: 'usage', words: 1 }, ['a', 'b']), { text: '"b" is one word too many\nusage\n', code: 2 })
  assert.equal(readArguments({ usage: 'usage' }, ['a']), { text: '"a" is one word too many\nusage\n', code: 2 })
  assert.equal(readArguments(takes, ['chart', '--help']), { text: 'usage\n', code: 0 })
})

called.run()

const bench = suite('bench')

bench('NODE_COMPILE_CACHE is measured where it does something: from Node 22.1 on', () => {
  const known = ['20.20.2', '21.7.3', '22.0.0', '22.1.0', '22.13.1', '24.0.0', '26.10.0'].filter(hasCompileCache)
  assert.equal(known, ['22.1.0', '22.13.1', '24.0.0', '26.10.0'])
  const cached = (version: string) => quickerJobs(version, folderWith()).filter(({ environment }) => environment !== undefined).length
  assert.equal([cached('20.20.2'), cached('26.10.0')], [0, 1])
})

bench('the version below a table is that of the Node which was measured', () => {
  const other = join(folderWith({ node: '#!/bin/sh\necho v26.10.0\n' }), 'node')
  chmodSync(other, 0o755)
  assert.is(versionOf(other), '26.10.0')
  assert.is(versionOf(process.execPath), process.versions.node)
})

bench.run()
