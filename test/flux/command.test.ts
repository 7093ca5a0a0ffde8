import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from '../helpers/folder.ts'
import { bundle, netpol } from '../helpers/program.ts'
import { runWith, textOf } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'
import { helmRelease, written } from './releases.ts'

const input = workload()
const file = (text = helmRelease()): string => join(folderWith({ 'release.yaml': text }), 'release.yaml')

test('the HelmRelease goes to stdout, and the file stays as it is', async () => {
  const path = file()
  const { stdout, stderr, exitCode } = await netpol(['flux', path], { input })
  assert.is(exitCode, 0, stderr)
  assert.is(stdout, await written(helmRelease()))
  assert.is(readFileSync(path, 'utf8'), helmRelease())
})

for (const flag of ['-i', '--in-place']) {
  test(`${flag} writes the file, and nothing to stdout`, async () => {
    const path = file()
    const { stdout, stderr, exitCode } = await netpol(['flux', path, flag], { input })
    assert.is(exitCode, 0, stderr)
    assert.is(stdout, '')
    assert.is(readFileSync(path, 'utf8'), await written(helmRelease()))
  })
}

test('a check exits with 1 where the block is stale and with 0 where it is current, and writes nothing', async () => {
  const path = file()
  const stale = await netpol(['flux', '--check', path], { input })
  assert.is(stale.exitCode, 1)
  assert.is(stale.stdout, '')
  assert.match(stale.stderr, 'there is no block')
  assert.is(readFileSync(path, 'utf8'), helmRelease())
  const current = await netpol(['flux', '--check', file(await written(helmRelease()))], { input })
  assert.is(current.exitCode, 0, current.stderr)
  assert.is(current.stdout, '')
})

test('a disk that takes no more leaves the old file whole, and nothing beside it', async () => {
  const path = file()
  // The limit stands for a full disk: what is written beyond it fails.
  const { exitCode, stderr } = await execa('sh', ['-c', `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`, process.execPath, bundle, 'flux', '-i', path], {
    input,
    reject: false,
  })
  assert.is(exitCode, 1)
  assert.match(stderr, 'cannot be written')
  assert.is(readFileSync(path, 'utf8'), helmRelease())
  assert.equal(readdirSync(dirname(path)), ['release.yaml'])
})

test('a link stays a link, and the file behind it keeps its mode', async () => {
  const path = file()
  chmodSync(path, 0o640)
  const link = join(folderWith(), 'link.yaml')
  symlinkSync(path, link)
  const { stderr, exitCode } = await netpol(['flux', '-i', link], { input })
  assert.is(exitCode, 0, stderr)
  assert.ok(lstatSync(link).isSymbolicLink())
  assert.is(readFileSync(path, 'utf8'), await written(helmRelease()))
  assert.is(statSync(path).mode & 0o777, 0o640)
})

test('what is wrong leaves the file as it is', async () => {
  const text = helmRelease({ more: '  postRenderers: &x []\n' })
  const path = file(text)
  const { stdout, stderr, exitCode } = await netpol(['flux', '-i', path], { input })
  assert.is(exitCode, 1)
  assert.is(stdout, '')
  assert.match(stderr, 'NP702')
  assert.is(readFileSync(path, 'utf8'), text)
})

for (const [title, text, args] of [
  ['that is written', helmRelease(), ['-i']],
  ['whose block is stale', helmRelease(), ['--check']],
  ['that cannot be edited', helmRelease({ more: '  postRenderers: &x []\n' }), []],
  ['that is none', 'kind: Deployment\n', []],
] as const) {
  test(`the report tells what the command does, of a HelmRelease ${title}`, async () => {
    const path = file(text)
    const report = join(dirname(path), 'report.json')
    const { exitCode, stderr } = await netpol(['flux', path, ...args, '--report', report], { input })
    const { ok, diagnostics, policies = [] } = JSON.parse(readFileSync(report, 'utf8'))
    assert.is(ok, exitCode === 0)
    for (const { code } of diagnostics) assert.match(stderr, code)
    if (ok) assert.is(policies.length, 1)
  })
}

test('a report that cannot be written leaves the file as it is', async () => {
  const path = file()
  const { exitCode, stderr } = await netpol(['flux', '-i', path, '--report', '/nowhere/report.json'], { input })
  assert.is(exitCode, 1)
  assert.match(stderr, '/nowhere/report.json cannot be written')
  assert.is(readFileSync(path, 'utf8'), helmRelease())
})

for (const [title, args, code, message] of [
  ['no file', [], 2, 'takes one file'],
  ['two files', ['a.yaml', 'b.yaml'], 2, 'takes one file'],
  ['a check that writes', ['a.yaml', '--check', '-i'], 2, 'give one of them'],
  ['a file that is not there', ['/nowhere/a.yaml'], 1, '/nowhere/a.yaml cannot be read: there is no such file'],
  ['a flag of the filter', ['a.yaml', '--only-policies'], 2, '--only-policies is a flag of the filter alone'],
] as const) {
  test(`${title} is told`, async () => {
    const { stdout, stderr, exitCode } = await netpol(['flux', ...args], { input })
    assert.is(exitCode, code)
    assert.is(stdout, '')
    assert.match(stderr, message)
  })
}

test('a file that is no UTF-8 is told', async () => {
  const path = join(folderWith({ 'a.yaml': Buffer.from([0x61, 0x3a, 0xff]) }), 'a.yaml')
  assert.match((await netpol(['flux', path], { input })).stderr, 'a.yaml cannot be read: it is not valid UTF-8')
})

test('a file that cannot be written is told', async () => {
  const { stderr, exitCode, stdout } = await netpol(['--engine', 'cilium', '--report', '/nowhere/report.json'], { input })
  assert.is(exitCode, 1)
  assert.is(stdout, '')
  assert.match(stderr, '/nowhere/report.json cannot be written: there is no folder /nowhere')
})

test('the policies alone are those of the filter, and no environment variable asks for them', async () => {
  const values = 'networkPolicy: {enabled: true, defaultDeny: {enabled: true}}\n'
  const args = ['-f', join(folderWith({ 'values.yaml': values }), 'values.yaml')]
  const { stdout, exitCode, stderr } = await netpol(['--only-policies', ...args], { input })
  assert.is(exitCode, 0, stderr)
  assert.ok(stdout.startsWith('---\n# helm-netpol'))
  assert.is(textOf(await runWith(input, { values })), `${stdout}${input}`)
  const whole = await netpol(args, { input, env: { HELM_NETPOL_ONLY_POLICIES: 'true' } })
  assert.is(whole.stdout, `${stdout}${input}`)
})

test('the policies alone name the namespace that Helm would fill in', async () => {
  const stream = workload({ namespace: '' })
  const unknown = await netpol(['--only-policies', '--engine', 'calico'], { input: stream })
  assert.is(unknown.exitCode, 1)
  assert.is(unknown.stdout, '')
  assert.match(unknown.stderr, 'NP605')
  const { stdout } = await netpol(['--only-policies', '--engine', 'calico', '-n', 'stage'], { input: stream })
  assert.match(stdout, '  name: app\n  namespace: stage\n')
})

test('the policies alone of values that ask for none are an error, unless the values say so', async () => {
  const forgotten = await netpol(['--only-policies'], { input })
  assert.equal([forgotten.exitCode, forgotten.stdout], [1, ''])
  assert.match(forgotten.stderr, 'error NP210: no values set networkPolicy.enabled, so there are no policies to write')
  const off = await netpol(['--only-policies', '--set', 'networkPolicy.enabled=false'], { input })
  assert.equal([off.exitCode, off.stdout, off.stderr], [0, '', ''])
})

test('the policies alone of a stream without a workload are an error', async () => {
  const hook = '{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {helm.sh/hook: test}}, spec: {}}\n'
  const { stderr, exitCode } = await netpol(['--only-policies', '--engine', 'cilium'], { input: hook })
  assert.is(exitCode, 1)
  assert.match(stderr, 'NP300')
})

test('as a plugin of Helm 4 the policies alone are refused: the release would lose its chart', async () => {
  const env = { HELM_PLUGIN_DIR: join(bundle, '../..') }
  const { stdout } = await netpol(['--only-policies', '--engine', 'cilium'], { input, env })
  assert.match(stdout, 'would leave the chart itself out of the release')
})

test.run()
