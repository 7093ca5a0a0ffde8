import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { execa } from 'execa'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { version } from '../src/version.ts'
import { folderWith } from './helpers/folder.ts'
import { repository } from './helpers/program.ts'

test('what is committed is what the sources build to', async () => {
  const built = folderWith()
  await execa(process.execPath, ['--import', 'tsx', 'scripts/build.ts', built], { cwd: repository })
  const names = readdirSync(built).sort()
  assert.equal(readdirSync(join(repository, 'dist')).sort(), names)
  for (const name of names)
    assert.ok(readFileSync(join(built, name)).equals(readFileSync(join(repository, 'dist', name))), `dist/${name} is not what npm run build makes`)
})

test('the bundle can be run by itself', () => {
  assert.match(readFileSync(join(repository, 'dist/helm-netpol.mjs'), 'utf8'), /^#!\/usr\/bin\/env node\n/)
})

test('the version is the same everywhere', () => {
  const files = [parse(read('package.json')), parse(read('package-lock.json')), parse(read('plugin.yaml'))]
  assert.equal(
    files.map((file: unknown) => Object(file)['version']),
    [version, version, version],
  )
})

test('the plugin runs a file that is there', () => {
  const path = /\$\{HELM_PLUGIN_DIR\}\/([\w./-]+)/.exec(read('plugin.yaml'))?.[1] ?? 'nothing'
  assert.ok(statSync(join(repository, path)).isFile(), path)
})

test('no file knows the folder of the machine that made it', async () => {
  // A folder of one name, `/src`, would be found in any text.
  const marks = [repository, join(repository, '..', 'shared')].filter(path => path.split(sep).length > 2)
  assert.equal(
    (await committed()).filter(({ text }) => marks.some(mark => text.includes(mark))).map(({ name }) => name),
    [],
  )
})

test('the lock file names no registry', () => {
  assert.not.match(read('package-lock.json'), /"resolved"|registry\./)
})

test.run()

function read(name: string): string {
  return readFileSync(join(repository, name), 'utf8')
}

/** The files that git knows, where git is at hand; else none can be told from what a build left. */
async function committed(): Promise<{ name: string; text: string }[]> {
  const { stdout, exitCode } = await execa('git', ['ls-files', '-z'], { cwd: repository, reject: false })
  if (exitCode !== 0) return []
  return stdout
    .split('\0')
    .filter(name => name !== '' && statSync(join(repository, name), { throwIfNoEntry: false })?.isFile() === true)
    .map(name => ({ name, text: readFileSync(join(repository, name), 'latin1') }))
}
