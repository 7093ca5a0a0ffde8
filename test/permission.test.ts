import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseDocument } from 'yaml'
import { blocksOf } from './helpers/docs-blocks.ts'
import { folderWith } from './helpers/folder.ts'
import { bundle, repository } from './helpers/program.ts'
import type { Outcome } from './helpers/program.ts'
import { workload } from './helpers/streams.ts'

/** The built program under Node's permission model, with the flags that docs/security.md gives; the part `permission` of the conformance suite asks both Helms. */

/** The page has the flag of newer Nodes. */
const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
const [major = 0] = process.versions.node.split('.').map(Number)

const blocks = blocksOf('docs/security.md', readFileSync(join(repository, 'docs/security.md'), 'utf8'))

function block(...how: readonly string[]): string {
  const found = blocks.find(candidate => candidate.how.join(' ') === how.join(' '))
  if (found === undefined) throw new Error(`docs/security.md has no block ${how.join(' ')}`)
  return found.text.replaceAll('--permission', flag)
}

const input = readFileSync(join(repository, 'docs/example/stream.yaml'))
const values = readFileSync(join(repository, 'docs/example/values.yaml'), 'utf8')

interface Place {
  /** Where helm would run. */
  readonly cwd: string
  /** Has `dist`, as an installed plugin has it. */
  readonly plugin: string
}

/** Real paths: a temporary folder may be a link itself. */
function place(): Place {
  const cwd = realpathSync(folderWith({ 'values.yaml': values, 'other.yaml': values, 'rendered.yaml': input }))
  const plugin = realpathSync(folderWith())
  cpSync(dirname(bundle), join(plugin, 'dist'), { recursive: true })
  return { cwd, plugin }
}

interface Options {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Buffer
}

async function node(args: readonly string[], { cwd, env = {}, stdin = input }: Options): Promise<Outcome> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, args, {
    input: stdin,
    cwd,
    env: { PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter), NODE_NO_WARNINGS: '1', ...env },
    extendEnv: false,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  })
  return { stdout: Buffer.from(stdout).toString('latin1'), stderr: Buffer.from(stderr).toString(), exitCode }
}

/** The arguments of the page's plugin.yaml, as Helm 4 hands them over. */
function helm4(plugin: string, ...args: readonly string[]): string[] {
  const [{ command, args: own }] = parse(block('file', 'plugin.yaml')).runtimeConfig.platformCommand
  assert.is(command, 'node')
  return [...own.map((text: string) => text.replaceAll('${HELM_PLUGIN_DIR}', plugin)), ...args]
}

const plainly = await node([bundle, '--values=values.yaml'], { cwd: place().cwd })

const allowed = suite('with the files that it needs')

allowed('the page and the repository have one plugin.yaml but for the arguments', () => {
  const [own, shown] = [readFileSync(join(repository, 'plugin.yaml'), 'utf8'), block('file', 'plugin.yaml')].map(text => parse(text))
  const [line] = own.runtimeConfig.platformCommand[0].args
  assert.is(shown.runtimeConfig.platformCommand[0].args.at(-1), line)
  shown.runtimeConfig.platformCommand[0].args = [line]
  assert.equal(shown, own)
})

allowed('the policies are the same, byte for byte, and so is what is told', async () => {
  const { cwd, plugin } = place()
  assert.is(plainly.exitCode, 0)
  assert.match(plainly.stdout, 'helm-netpol/policy')
  assert.match(plainly.stderr, 'NP420')
  assert.equal(await node(helm4(plugin, '--values=values.yaml'), { cwd, env: { HELM_PLUGIN_DIR: plugin } }), plainly)
})

allowed('an installation that is a link works as well', async () => {
  const { cwd, plugin } = place()
  const link = join(cwd, 'link')
  symlinkSync(plugin, link)
  assert.equal(await node(helm4(link, '--values=values.yaml'), { cwd, env: { HELM_PLUGIN_DIR: link } }), plainly)
})

allowed('the variable that names the values file can be the one that allows it', async () => {
  const { cwd, plugin } = place()
  const args = helm4(plugin).map(text => (text === '--allow-fs-read=values.yaml' ? '--allow-fs-read=other.yaml' : text))
  assert.equal(await node(args, { cwd, env: { HELM_NETPOL_VALUES: 'other.yaml' } }), plainly)
})

allowed('NODE_OPTIONS does the same for a plugin that is left as it is', async () => {
  const { cwd, plugin } = place()
  const [, options = ''] = /^export NODE_OPTIONS="(.*)"$/m.exec(block('helm4')) ?? []
  const env = { NODE_OPTIONS: options.replaceAll('\\"', '"').replaceAll('$plugin', plugin).replaceAll('$PWD', cwd), HELM_PLUGIN_DIR: plugin }
  assert.equal(await node([join(plugin, 'dist/loader.cjs'), '--values=values.yaml'], { cwd, env }), plainly)
  const denied = await node([join(plugin, 'dist/loader.cjs'), '--values=other.yaml'], { cwd, env })
  assert.match(denied.stdout, 'ERR_ACCESS_DENIED')
})

allowed('the file that the others start does, in a pipe and as a KRM function', async () => {
  const { cwd, plugin } = place()
  writeFileSync(join(cwd, 'netpol'), block('file', 'netpol').replace('/opt/helm-netpol', plugin))
  chmodSync(join(cwd, 'netpol'), 0o755)
  const env = { PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter), NODE_NO_WARNINGS: '1' }
  await execa('sh', ['-euc', block('pipe')], { cwd, env })
  assert.is(readFileSync(join(cwd, 'protected.yaml'), 'latin1'), plainly.stdout)
  const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {apiVersion: v1, kind: ConfigMap, data: {engine: cilium}}\nitems:\n- ${workload().replace('---\n', '').trimEnd().replaceAll('\n', '\n  ')}\n`
  const answered = await execa(join(cwd, 'netpol'), [], { cwd, env, input: list })
  assert.match(answered.stdout, 'kind: CiliumNetworkPolicy')
})

allowed('flux writes the HelmRelease in the folder that is allowed', async () => {
  const { cwd, plugin } = place()
  mkdirSync(join(cwd, 'apps'))
  const file = join(cwd, 'apps/helm-release.yaml')
  const release = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: demo, namespace: stage}\nspec:\n  values:\n    networkPolicy: {enabled: true, engine: cilium}\n`
  writeFileSync(file, release, { mode: 0o640 })
  const env = { PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter), NODE_NO_WARNINGS: '1' }
  await execa('sh', ['-euc', block('flux').replace('/opt/helm-netpol', plugin)], { cwd, env })
  assert.match(readFileSync(file, 'utf8'), /^ {2}postRenderers:$/m)
  assert.is(statSync(file).mode & 0o777, 0o640)
  assert.equal(readdirSync(join(cwd, 'apps')), ['helm-release.yaml'])
})

allowed('every format is explained, and the shells are completed', async () => {
  const { cwd, plugin } = place()
  for (const args of [['explain', '--format', 'html', '-f', 'values.yaml'], ['values', '--engine', 'cilium'], ['completion', 'bash'], ['--help']]) {
    const { stdout, exitCode, stderr } = await node(helm4(plugin, ...args), { cwd })
    assert.is(exitCode, 0, stderr)
    assert.ok(stdout.length > 1000)
  }
})

allowed('a compile cache that the environment asks for is done without', async () => {
  const { cwd, plugin } = place()
  assert.equal(await node(helm4(plugin, '--values=values.yaml'), { cwd, env: { NODE_COMPILE_CACHE: join(cwd, 'cache') } }), plainly)
})

allowed.run()

const denied = suite('without them')

denied('a values file is an error that names the model, the file and the flag', async () => {
  const { cwd, plugin } = place()
  const { stdout, stderr, exitCode } = await node(helm4(plugin, '--values=other.yaml'), { cwd })
  assert.equal([stdout, exitCode], ['', 1])
  assert.ok(stderr.startsWith(block('denied')), stderr)
  const outside = join(folderWith({ 'values.yaml': values }), 'values.yaml')
  const told = await node(helm4(plugin, '-f', outside), { cwd })
  assert.match(told.stderr, new RegExp(`ERR_ACCESS_DENIED\\); --allow-fs-read=${outside} would\n {2}at ${outside}\n`))
})

denied('it is told so under Helm 4, where following the path of the plugin is not allowed either', async () => {
  const { cwd, plugin } = place()
  const link = join(cwd, 'link')
  symlinkSync(plugin, link)
  for (const folder of [plugin, `${plugin}/`, link]) {
    const { stdout, stderr, exitCode } = await node(helm4(folder.replace(/\/$/, ''), '--values=other.yaml'), { cwd, env: { HELM_PLUGIN_DIR: folder } })
    assert.equal([stderr, exitCode], ['', 0], folder)
    assert.match(String(parseDocument(stdout).toJS()), /NP200: .*ERR_ACCESS_DENIED/)
  }
  // Helm 3 runs another plugin's children with its folder in the environment.
  assert.is((await node(helm4(plugin, '--values=other.yaml'), { cwd, env: { HELM_PLUGIN_DIR: cwd } })).exitCode, 1)
})

denied('a report is not written, nothing goes to stdout, and the flag is named', async () => {
  const { cwd, plugin } = place()
  const { stdout, stderr, exitCode } = await node(helm4(plugin, '--values=values.yaml', '--report=report.json'), { cwd })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(
    stderr,
    /^helm-netpol: report\.json cannot be written: Node's permission model does not allow it \(ERR_ACCESS_DENIED\); --allow-fs-write=\S*report\.json would$/m,
  )
  const [own = '', ...rest] = helm4(plugin, '--values=values.yaml', '--report=report.json')
  assert.is((await node([own, '--allow-fs-write=report.json', ...rest], { cwd })).stdout, plainly.stdout)
  assert.is(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')).ok, true)
})

denied('a chunk of the bundle is no fault of stdin', async () => {
  const { cwd, plugin } = place()
  const files = ['loader.cjs', 'helm-netpol.mjs'].map(name => `--allow-fs-read=${join(plugin, 'dist', name)}`)
  const { stdout, stderr, exitCode } = await node([flag, ...files, join(plugin, 'dist/loader.cjs'), 'explain', '--engine', 'cilium'], { cwd })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /^helm-netpol: something is needed .*ERR_ACCESS_DENIED\); --allow-fs-read=\S+commands\.mjs would\.$/m)
})

denied('the bundle is told by the loader, under Helm 4 too', async () => {
  const { cwd, plugin } = place()
  const args = [flag, `--allow-fs-read=${join(plugin, 'dist/loader.cjs')}`, join(plugin, 'dist/loader.cjs')]
  const said =
    /^helm-netpol: the bundle cannot be loaded: Node's permission model does not allow it \(ERR_ACCESS_DENIED\); --allow-fs-read=\S+dist\/ would\.\n$/
  const { stdout, stderr, exitCode } = await node(args, { cwd })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, said)
  const link = join(cwd, 'link')
  symlinkSync(plugin, link)
  for (const folder of [plugin, link]) {
    const own = args.map(text => text.replace(plugin, folder))
    const shown = await node(['--preserve-symlinks', '--preserve-symlinks-main', ...own], { cwd, env: { HELM_PLUGIN_DIR: folder } })
    assert.equal([shown.stderr, shown.exitCode], ['', 0])
    assert.match(String(parseDocument(shown.stdout).toJS()), said)
  }
})

denied('kubectl is not started, and the flag is named', async () => {
  const { cwd, plugin } = place()
  const { stdout, stderr, exitCode } = await node(helm4(plugin, 'values', '--context', 'any'), { cwd })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /^helm-netpol: Node's permission model does not allow kubectl to be started \(ERR_ACCESS_DENIED\); --allow-child-process would/)
})

denied('no other file, no write, no process, no thread and no native code is to be had with these flags, and no network where Node knows how', async () => {
  const { cwd, plugin } = place()
  const attempts = {
    'a file': 'fs.readFileSync("other.yaml")',
    'a folder': 'fs.readdirSync(".")',
    write: 'fs.writeFileSync("values.yaml", "")',
    process: 'require("child_process").spawnSync("true")',
    thread: 'new (require("worker_threads").Worker)("1", { eval: true })',
    'native code': 'process.dlopen({ exports: {} }, "/x.node")',
  }
  const tried = Object.entries(attempts).map(
    ([name, code]) => `try { ${code}; told[${JSON.stringify(name)}] = "done" } catch (e) { told[${JSON.stringify(name)}] = e.code }`,
  )
  const net = 'const told = {}; const fs = require("fs"); const end = code => { told.network = code; console.log(JSON.stringify(told)); process.exit() }\n'
  const connect = 'try { require("net").connect(1, "127.0.0.1").on("error", e => end(e.code)).on("connect", () => end("done")) } catch (e) { end(e.code) }'
  writeFileSync(join(plugin, 'dist/attempts.cjs'), `${net}${tried.join('\n')}\n${connect}`)
  const args = helm4(plugin).map(text => text.replace('loader.cjs', 'attempts.cjs'))
  const { stdout, stderr } = await node(args, { cwd })
  const { network, ...told }: Record<string, string> = JSON.parse(stdout || `{"stderr": ${JSON.stringify(stderr)}}`)
  assert.equal(told, Object.fromEntries(Object.keys(attempts).map(name => [name, name === 'native code' ? 'ERR_DLOPEN_DISABLED' : 'ERR_ACCESS_DENIED'])))
  assert.is(network, major >= 25 ? 'ERR_ACCESS_DENIED' : 'ECONNREFUSED')
  assert.is(readFileSync(join(cwd, 'values.yaml'), 'utf8'), values)
})

denied.run()
