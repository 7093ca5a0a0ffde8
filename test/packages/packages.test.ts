import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { extract, list } from 'tar'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { version } from '../../src/version.ts'
import { folderWith } from '../helpers/folder.ts'
import { bundle, netpol, repository } from '../helpers/program.ts'

/** What `npm run package` makes without Node's binaries, tried as a user would. */

const out = folderWith()
const ran = await packaged(['--out', out, 'npm', 'netpol', 'netpol-tools'])
const npmPackage = join(out, `helm-netpol-${version}.tgz`)

test('what is made is told, with sizes and sums, and that it is not signed', () => {
  assert.is(ran.exitCode, 0, ran.stderr)
  for (const name of [`helm-netpol-${version}.tgz`, `netpol-${version}.tgz`, `netpol-tools-${version}.tgz`, `helm-netpol-${version}.cdx.json`])
    assert.match(ran.stdout, new RegExp(`^${name.replaceAll('.', '\\.')} +\\d+\\.\\d+ MB  [0-9a-f]{12}$`, 'm'))
  assert.match(ran.stdout, /not signed/)
})

test('the npm package has what a user needs and no more', async () => {
  const needed =
    /^package\/(package\.json|README\.md|LICENSE|plugin\.yaml|dist\/[\w.-]+|scripts\/plugins\/netpol-tools\/[\w.-]+|docs\/[\w-]+\.md|docs\/(values\.schema\.json|helm-netpol\.1)|docs\/example\/[\w./-]+)$/
  const names = await namesIn(npmPackage)
  assert.equal(
    names.filter(name => !needed.test(name)),
    [],
  )
  for (const name of [
    'dist/helm-netpol.mjs',
    'dist/loader.cjs',
    'dist/commands.mjs',
    'dist/THIRD-PARTY-LICENSES.txt',
    'docs/values.schema.json',
    'docs/helm-netpol.1',
    'scripts/plugins/netpol-tools/tools.cjs',
    'plugin.yaml',
  ])
    assert.ok(names.includes(`package/${name}`), name)
})

test('the npm package is published with its provenance, for the Nodes that can run it', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const { engines, publishConfig, dependencies } = Object(manifest)
  assert.equal(
    { engines, publishConfig, dependencies },
    { engines: { node: '>=20' }, publishConfig: { access: 'public', provenance: true }, dependencies: undefined },
  )
})

test('the npm package installs offline into an empty folder and runs', async () => {
  const folder = folderWith({ 'package.json': '{"private":true}' })
  await execa('npm', ['install', '--offline', '--no-audit', '--no-fund', npmPackage], { cwd: folder })
  const example = join(folder, 'node_modules/helm-netpol/docs/example')
  const input = readFileSync(join(example, 'stream.yaml'))
  const values = ['-f', join(example, 'values.yaml')]
  const installed = await execa(join(folder, 'node_modules/.bin/helm-netpol'), values, { input, stripFinalNewline: false })
  const { stdout } = await netpol(values, { input, program: bundle })
  assert.is(installed.stdout, Buffer.from(stdout, 'latin1').toString())
  assert.match(installed.stdout, /^kind: CiliumNetworkPolicy$/m)
  const explained = await execa(join(folder, 'node_modules/.bin/helm-netpol'), ['explain', ...values], { input })
  assert.match(explained.stdout, /CiliumNetworkPolicy stage\/stageset-controller/)
})

test('a plugin archive has its files in the folder that Helm looks for, and nothing of the machine', async () => {
  for (const name of ['netpol', 'netpol-tools']) {
    const entries: string[] = []
    await list({
      file: join(out, `${name}-${version}.tgz`),
      onReadEntry: ({ path, mode = 0, mtime, uid, uname }) =>
        void entries.push([path, mode.toString(8), mtime?.getTime(), uid || '', uname || ''].join(' ').trim()),
    })
    assert.ok(entries.includes(`${name}/plugin.yaml 644 0`), entries.join('\n'))
    assert.ok(entries.includes(`${name}/dist/loader.cjs 755 0`), entries.join('\n'))
    assert.equal(
      entries.filter(entry => !entry.startsWith(`${name}/`) || !/ (644|755) 0$/.test(entry)),
      [],
    )
    assert.equal(entries, [...entries].sort())
  }
})

test('every plugin is of the release', async () => {
  for (const name of ['netpol', 'netpol-tools']) {
    const folder = folderWith()
    await extract({ file: join(out, `${name}-${version}.tgz`), cwd: folder })
    const plugin: unknown = parse(readFileSync(join(folder, name, 'plugin.yaml'), 'utf8'))
    assert.equal([Object(plugin)['name'], Object(plugin)['version']], [name, version])
  }
})

test('the sums are those of the files', async () => {
  const lines = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  assert.is(lines.length, 4)
  const { createHash } = await import('node:crypto')
  for (const line of lines) {
    const [sum, name = ''] = line.split('  ')
    assert.is(
      createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex'),
      sum,
      name,
    )
  }
})

test('the SBOM names every package whose licence is shipped, and no time', () => {
  const text = readFileSync(join(out, `helm-netpol-${version}.cdx.json`), 'utf8')
  const sbom: unknown = JSON.parse(text)
  const components: { group?: string; name: string; version: string }[] = Object(sbom)['components']
  const licences = readFileSync(join(repository, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
  const licensed = [...licences.matchAll(/^(\S+ \d\S+)\n=+\n/gm)].map(([, title]) => title)
  assert.ok(licensed.length > 5)
  assert.equal(
    components.map(({ group, name, version }) => `${group === undefined ? name : `${group}/${name}`} ${version}`),
    licensed,
  )
  assert.not.match(text, /timestamp|serialNumber/)
})

test('another umask, time zone and folder change no byte', async () => {
  const again = folderWith()
  const { exitCode, stderr } = await packaged(['--out', again, 'npm', 'netpol', 'netpol-tools'], 'umask 077; TZ=Asia/Kathmandu LC_ALL=C ')
  assert.is(exitCode, 0, stderr)
  assert.is(readFileSync(join(again, 'SHA256SUMS'), 'utf8'), readFileSync(join(out, 'SHA256SUMS'), 'utf8'))
})

test('an unknown word, and a folder that has something in it, are refused', async () => {
  const [word, folder] = await Promise.all([packaged(['windows-arm64']), packaged(['--out', out, 'npm'])])
  assert.is(word.exitCode, 2)
  assert.match(word.stderr, /^nothing is called windows-arm64\n[^]*windows-x64/)
  assert.is(folder.exitCode, 2)
  assert.match(folder.stderr, /--out .*: the folder is not empty; name a new one/)
})

test.run()

function packaged(args: readonly string[], before = ''): Promise<{ exitCode?: number; stdout: string; stderr: string }> {
  const command = `${before}exec "$0" --import tsx scripts/package.ts "$@"`
  return execa('sh', ['-c', command, process.execPath, ...args], { cwd: repository, reject: false })
}

async function namesIn(file: string): Promise<string[]> {
  const names: string[] = []
  await list({ file, onReadEntry: ({ path }) => void names.push(path) })
  return names.sort()
}
