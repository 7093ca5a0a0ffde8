import { copyFileSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from '../helpers/folder.ts'
import { netpol, repository } from '../helpers/program.ts'

/** The plugin `netpol-tools`, called as Helm calls it. */

const folder = join(repository, 'scripts/plugins/netpol-tools')
const program = join(folder, 'tools.cjs')
const example = { input: readFileSync(join(repository, 'docs/example/stream.yaml')), program }
const called = { HELM_PLUGIN_NAME: 'netpol-tools', HELM_PLUGIN_DIR: folder, HELM_NAMESPACE: 'default' }

test('it explains a stream as helm-netpol does', async () => {
  const args = ['explain', '-f', 'docs/example/values.yaml']
  const { stdout, exitCode } = await netpol(args, { ...example, env: called })
  assert.is(exitCode, 0)
  assert.is(stdout, (await netpol(args, { input: example.input })).stdout)
})

test('a mistake goes to stderr with its exit code, since Helm shows both', async () => {
  for (const dir of [folder, repository]) {
    const { stdout, stderr, exitCode } = await netpol(['--engine', 'nope'], { ...example, env: { ...called, HELM_PLUGIN_DIR: dir } })
    assert.equal([stdout, exitCode], ['', 1])
    assert.match(stderr, /"nope"/)
  }
})

test("the namespace that Helm took out of the command line counts, and Helm's own default does not", async () => {
  const input =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a}]}}}\n'
  const args = ['--engine', 'clusterNetworkPolicy']
  const given = await netpol(args, { input, program, env: { ...called, HELM_NAMESPACE: 'stage' } })
  assert.match(given.stdout, /kubernetes\.io\/metadata\.name: stage/)
  const none = await netpol(args, { input, program, env: called })
  assert.is(none.exitCode, 1)
  const own = await netpol(args, { input, program, env: { ...called, HELM_NAMESPACE: 'stage', HELM_NETPOL_NAMESPACE: 'mine' } })
  assert.match(own.stdout, /kubernetes\.io\/metadata\.name: mine/)
})

test('the namespace of the kubeconfig, which Helm always tells, shuts out no HelmRelease', async () => {
  const release =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a, namespace: stage}\nspec:\n  values: {networkPolicy: {enabled: false}}\n'
  const path = join(folderWith({ 'release.yaml': release }), 'release.yaml')
  const env = { ...called, HELM_NAMESPACE: 'dev' }
  assert.is((await netpol(['flux', path], { ...example, env })).stdout, release)
  const { stderr, exitCode } = await netpol(['flux', path, '--namespace', 'dev'], { ...example, env })
  assert.is(exitCode, 1)
  assert.match(stderr, 'the namespace dev (of --namespace)')
})

test('the context that Helm took out of the command line is asked', async () => {
  const env = { ...called, HELM_KUBECONTEXT: 'nowhere', PATH: folderWith() }
  const { stderr } = await netpol(['values', '--engine', 'cilium'], { ...example, env })
  assert.match(stderr, /kubectl/)
})

test('a folder that was moved away from its bundle says so', async () => {
  const moved = folderWith({ x: '' })
  copyFileSync(program, join(moved, 'tools.cjs'))
  const { stdout, stderr, exitCode } = await netpol(['explain'], { program: join(moved, 'tools.cjs'), env: { ...called, HELM_PLUGIN_DIR: moved } })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /no dist\/loader\.cjs beside the plugin netpol-tools[^]*helm plugin install/)
})

test('a link to the folder of a clone finds the bundle', async () => {
  const link = join(folderWith(), 'netpol-tools')
  symlinkSync(folder, link)
  const { stdout } = await netpol(['--version'], { program: join(link, 'tools.cjs'), env: { ...called, HELM_PLUGIN_DIR: link } })
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test.run()
