import { linkSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from './helpers/folder.ts'
import { bundle, netpol } from './helpers/program.ts'
import { workload } from './helpers/streams.ts'

/** Where a report may be written: nowhere that something is read from, or written to otherwise. */

const values = 'networkPolicy: {enabled: true}\n'
const release = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: demo, namespace: stage}\nspec:\n  values: {networkPolicy: {enabled: true}}\n`

function folder(): string {
  const cwd = folderWith({ 'values.yaml': values, 'release.yaml': release, 'sub/x': '' })
  symlinkSync('values.yaml', join(cwd, 'link.yaml'))
  linkSync(join(cwd, 'values.yaml'), join(cwd, 'twin.yaml'))
  return cwd
}

for (const [what, report, input] of [
  ['the values file', 'values.yaml', 'values.yaml'],
  ['the values file, by another path', './sub/../values.yaml', 'values.yaml'],
  ['a link to the values file', 'link.yaml', 'values.yaml'],
  ['the values file, named by a link', 'values.yaml', 'link.yaml'],
  ['another name of the values file', 'twin.yaml', 'values.yaml'],
] as const) {
  test(`a report in the place of ${what} is refused, and both are named`, async () => {
    const cwd = folder()
    const { stdout, stderr, exitCode } = await netpol(['-f', input, '--report', report], { cwd, input: workload() })
    assert.equal([stdout, exitCode], ['', 2])
    assert.is(stderr, `helm-netpol: --report ${report} would be written over ${input}, which is read. Name another file.\n`)
    assert.is(readFileSync(join(cwd, 'values.yaml'), 'utf8'), values)
  })
}

test('so is one that a variable asks for, over values that a variable names', async () => {
  const cwd = folder()
  const env = { HELM_NETPOL_VALUES: 'values.yaml', HELM_NETPOL_REPORT: 'link.yaml' }
  const { stderr, exitCode } = await netpol([], { cwd, env, input: workload() })
  assert.is(exitCode, 2)
  assert.is(stderr, 'helm-netpol: HELM_NETPOL_REPORT link.yaml would be written over values.yaml, which is read. Name another file.\n')
  assert.is(readFileSync(join(cwd, 'values.yaml'), 'utf8'), values)
})

test("a report in the place of flux's HelmRelease is refused, written to it or not", async () => {
  for (const more of [[], ['--in-place']]) {
    const cwd = folder()
    const { stdout, stderr, exitCode } = await netpol(['flux', 'release.yaml', '--report', 'release.yaml', ...more], { cwd, input: workload() })
    assert.equal([stdout, exitCode], ['', 2])
    assert.match(stderr, '--report release.yaml would be written over release.yaml, which is read')
    assert.is(readFileSync(join(cwd, 'release.yaml'), 'utf8'), release)
  }
})

for (const [stream, script] of [
  ['stdin', '"$0" "$1" -f values.yaml --report in.yaml < in.yaml'],
  ['stdout', '"$0" "$1" -f values.yaml --report out.yaml < in.yaml > out.yaml'],
  ['stderr', '"$0" "$1" -f values.yaml --report /dev/stderr < in.yaml 2> err.txt; code=$?; cat err.txt >&2; exit $code'],
] as const) {
  if (process.platform === 'win32') continue
  test(`a report in the file of ${stream} is refused`, async () => {
    const cwd = folderWith({ 'values.yaml': values, 'in.yaml': workload() })
    const { stdout, stderr, exitCode } = await execa('sh', ['-c', script, process.execPath, bundle], { cwd, reject: false })
    assert.equal([stdout, exitCode], ['', 2])
    assert.match(stderr, `is the file that ${stream} is redirected to. Name another file.`)
    assert.is(readFileSync(join(cwd, 'in.yaml'), 'utf8'), workload())
  })
}

test('a dash is no file for a report', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'cilium', '--report', '-'], { cwd: folder(), input: workload() })
  assert.equal([stdout, exitCode], ['', 2])
  assert.is(stderr, 'helm-netpol: --report -: name a file; stdout is for the stream.\n')
})

test('a report whose folder is not there is told by the folder, and one at a link that leads nowhere is not', async () => {
  const cwd = folder()
  symlinkSync('gone/report.json', join(cwd, 'astray.json'))
  for (const [report, why] of [
    ['gone/report.json', 'there is no folder gone'],
    ['astray.json', 'there is no such file'],
  ] as const) {
    const { stdout, stderr, exitCode } = await netpol(['-f', 'values.yaml', '--report', report], { cwd, input: workload() })
    assert.equal([stdout, exitCode], ['', 1])
    assert.is(stderr, `helm-netpol: ${report} cannot be written: ${why}\n`)
  }
})

test('any other file is written, and written again', async () => {
  const cwd = folder()
  for (let run = 0; run < 2; run++) {
    const { stderr, exitCode } = await netpol(['-f', 'values.yaml', '--report', 'report.json'], { cwd, input: workload() })
    assert.is(exitCode, 0, stderr)
    assert.is(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')).ok, true)
  }
})

test('commands that make no report care nothing for the variable', async () => {
  const { exitCode, stderr } = await netpol(['explain', '-f', 'values.yaml'], { cwd: folder(), env: { HELM_NETPOL_REPORT: 'values.yaml' }, input: workload() })
  assert.is(exitCode, 0, stderr)
})

test.run()
