import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { execa } from 'execa'
import { folderWith } from './helpers/folder.ts'
import { bundle, loader, repository } from './helpers/program.ts'
import { workload } from './helpers/streams.ts'
import { inTurn } from './helpers/turns.ts'

/** No network, no dynamic code, and no child process but kubectl's: what the built files can reach, and what they do when they run. */

const dist = join(repository, 'dist')
const confined = ['helm-netpol.mjs', 'commands.mjs', 'passthrough.mjs', 'yaml.mjs', 'picture.mjs'] as const
const names = [...confined, 'cluster.mjs'] as const
type Name = (typeof names)[number]

interface Parsed {
  /** `node:fs`, and `./x.mjs` with the word import where it is dynamic. */
  readonly imports: readonly string[]
  readonly globals: readonly string[]
  /** The same code, spread out, each global with a mark before its name. */
  readonly text: string
}

const mark = '__global_'

/** Names that mean something to Node, browsers or CommonJS where no scope has them. */
const globalNames = [
  ...new Set([...Object.getOwnPropertyNames(globalThis), 'require', 'module', 'exports', 'window', 'self', 'importScripts', 'Worker', 'XMLHttpRequest']),
].filter(name => /^[A-Za-z_]\w*$/.test(name) && !['undefined', 'NaN', 'Infinity'].includes(name))

/** A built file as a parser sees it, scopes and all. */
async function parsed(name: Name): Promise<Parsed> {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [join(dist, name)], bundle: true, platform: 'node', format: 'esm', write: false, metafile: true, logLevel: 'silent' },
    external: ['./*.mjs'],
    define: Object.fromEntries(globalNames.map(global => [global, `${mark}${global}`])),
  })
  const text = outputFiles[0]?.text ?? ''
  const imports = Object.values(metafile.inputs).flatMap(input => input.imports.map(({ kind, path }) => (kind === 'dynamic-import' ? `import ${path}` : path)))
  return { imports: unique(imports), globals: unique(all(new RegExp(`${mark}(\\w+)`, 'g'), text)), text }
}

function all(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([whole, first]) => first ?? whole)
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort()
}

const files = new Map(await Promise.all(names.map(async name => [name, await parsed(name)] as const)))

function fileOf(name: Name): Parsed {
  const file = files.get(name)
  if (file === undefined) throw new Error(name)
  return file
}

const reach = suite('what the built files can reach')

/** Node's own modules by the quicker of two ways are there by the other as well, word for word: src/node.ts. */
const imports: Readonly<Record<(typeof confined)[number], readonly string[]>> = {
  'helm-netpol.mjs': [
    ...['import ./commands.mjs', 'import ./passthrough.mjs', 'import ./yaml.mjs'],
    ...['import node:buffer', 'import node:fs', 'import node:path', 'import node:tty', 'import node:url', 'import node:util'],
  ],
  'commands.mjs': [
    ...['import ./cluster.mjs', 'import ./passthrough.mjs', 'import ./picture.mjs', 'import ./yaml.mjs', 'import node:buffer', 'import node:util'],
    ...['node:buffer', 'node:crypto', 'node:path', 'node:util'],
  ],
  'passthrough.mjs': [],
  'yaml.mjs': [],
  'picture.mjs': ['node:crypto'],
}

for (const name of confined) {
  reach(`${name} imports what is listed here, and nothing by a name that it makes`, () => {
    assert.equal(fileOf(name).imports, [...imports[name]])
    assert.equal(
      all(/import\(([^)]*)\)/g, fileOf(name).text).filter(argument => !/^"[^"]+"$/.test(argument)),
      [],
    )
    const taken = all(/getBuiltinModule(.*)/g, fileOf(name).text).map(use => /^\?\.\("([^"]+)"\) \?\? await import\("\1"\)[,;]$/.exec(use)?.[1] ?? use)
    assert.equal(
      unique(taken),
      imports[name].filter(word => /^import node:(?!tty)/.test(word)).map(word => word.replace('import ', '')),
    )
  })
}

/** Of the language, and: bytes, time outs that are never set, messages that are never written. */
const harmless = [
  ...[
    'Array',
    'Atomics',
    'BigInt',
    'Boolean',
    'Date',
    'Error',
    'Int32Array',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
    'RangeError',
    'ReferenceError',
  ],
  ...[
    'RegExp',
    'Set',
    'SharedArrayBuffer',
    'String',
    'Symbol',
    'TypeError',
    'Uint8Array',
    'WeakMap',
    'decodeURIComponent',
    'isFinite',
    'isNaN',
    'parseFloat',
    'parseInt',
  ],
  ...['Buffer', 'atob', 'btoa', 'structuredClone', 'console', 'setTimeout', 'clearTimeout', 'window'],
]

for (const name of confined) {
  reach(`${name} uses no global but those of the language and a few more: no eval, Function, require, fetch, WebAssembly`, () => {
    const more = fileOf(name).globals.filter(global => !harmless.includes(global))
    assert.equal(more, name === 'helm-netpol.mjs' || name === 'commands.mjs' ? ['process'] : [])
    // That of a function would be Function.
    assert.equal(unique(all(/[\w$.]+\.constructor\(|\[\s*["'`]constructor/g, fileOf(name).text)), name === 'picture.mjs' ? ['this.constructor('] : [])
  })
}

reach('helm-netpol.mjs asks the process for its words, its environment, its terminal, its end and the modules above; commands.mjs for the modules', () => {
  const { text } = fileOf('helm-netpol.mjs')
  const asked = (code: string): string[] => unique(all(new RegExp(`${mark}process(\\.\\w+)?`, 'g'), code))
  assert.equal(asked(text), ['.argv', '.env', '.exitCode', '.getBuiltinModule', '.pid', '.stdout'])
  assert.equal(asked(fileOf('commands.mjs').text), ['.getBuiltinModule'])
  assert.equal(unique(all(/import\.meta(\.\w+)?/g, text)), ['.url'])
  assert.equal(unique(all(/\.env(?:\.(\w+)|\["(\w+)"\])/g, text)), ['COLUMNS', 'HELM_PLUGIN_DIR', 'NO_COLOR'])
})

reach('helm-netpol.mjs has these functions for files: nothing is made, removed or linked but the file beside the one that flux writes', () => {
  const { text } = fileOf('helm-netpol.mjs')
  const taken = all(/\{([^{}]*)\} = \w+\.getBuiltinModule\?\.\("node:fs"\)/g, text)
  assert.is(taken.length, 1)
  assert.is(all(/node:fs/g, text).length, 2)
  const functions = taken.flatMap(list => list.split(',').map(name => name.trim().split(':')[0] ?? ''))
  assert.equal(unique(functions), [
    ...['accessSync', 'chmodSync', 'chownSync', 'closeSync', 'constants', 'fchmodSync', 'fchownSync', 'fstatSync', 'fsyncSync', 'openSync', 'readSync'],
    ...['realpathSync', 'renameSync', 'rmSync', 'statSync', 'writeFileSync', 'writeSync'],
  ])
})

reach('child processes are those of cluster.mjs, which only `values` with a cluster loads, and it has no network either', () => {
  for (const name of confined) {
    const { text } = fileOf(name)
    assert.not.match(text, /child_process|createRequire|worker_threads|process\.binding|dlopen/, name)
  }
  const { imports, text, globals } = fileOf('cluster.mjs')
  const required = all(/\b\w+\("(?:node:)?([a-z_/]+)"\)/g, text).filter(name => builtinModules.includes(name))
  const modules = unique([...imports, ...required].map(name => name.replace('node:', '')))
  assert.ok(modules.includes('child_process'))
  const networks = ['net', 'http', 'https', 'http2', 'tls', 'dgram', 'dns', 'dns/promises', 'inspector', 'vm', 'worker_threads', 'cluster', 'repl']
  assert.equal(
    modules.filter(name => networks.includes(name)),
    [],
  )
  assert.equal(
    globals.filter(name => ['eval', 'Function', 'fetch', 'WebSocket', 'WebAssembly'].includes(name)),
    [],
  )
  assert.match(readFileSync(join(repository, 'src/commands/cluster.ts'), 'utf8'), /execa\('kubectl', \[/)
})

reach('the loader requires two modules and loads the bundle beside it', () => {
  const text = readFileSync(join(dist, 'loader.cjs'), 'utf8')
  assert.equal(all(/\b(?:require|import)\(([^)]*)\)/g, text), ["'fs'", "'path'", "'./helm-netpol.mjs'"])
  assert.equal(all(/\beval\b|\bFunction\b|process\.(?:binding|dlopen)|globalThis/g, text), [])
  assert.equal(unique(all(/process\.env\.?(\w*)/g, text)), ['HELM_PLUGIN_DIR'])
})

reach('a parser that saw nothing would be noticed', async () => {
  const folder = folderWith({
    'x.mjs':
      'import { a } from "node:net"; const f = n => import(n); const [eval2, p] = [eval, process]; { const Function = a; Function() } export { f, eval2, p }',
  })
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [join(folder, 'x.mjs')], bundle: true, platform: 'node', format: 'esm', write: false, metafile: true, logLevel: 'silent' },
    define: Object.fromEntries(globalNames.map(global => [global, `${mark}${global}`])),
  })
  const text = outputFiles[0]?.text ?? ''
  assert.equal(
    Object.values(metafile.inputs).flatMap(input => input.imports.map(({ path }) => path)),
    ['node:net'],
  )
  assert.equal(unique(all(new RegExp(`${mark}(\\w+)`, 'g'), text)), ['eval', 'process'])
  assert.equal(all(/import\(([^)]*)\)/g, text), ['n'])
})

reach.run()

const doing = suite('what they do when they run')

/** Throws at whatever would leave the process, and writes down each file that is opened. */
const guard = `
const fs = require('fs')
const log = fs.appendFileSync.bind(fs)
const forbid = (object, name, keys) => { for (const key of keys) if (typeof object[key] === 'function') object[key] = function () { throw new Error('guard: ' + name + '.' + key) } }
for (const name of ['tls', 'dgram', 'dns', 'http', 'https', 'http2', 'child_process', 'worker_threads', 'vm', 'inspector', 'cluster'])
  { const module = require(name); forbid(module, name, Object.keys(module)) }
forbid(require('net'), 'net', ['connect', 'createConnection', 'createServer', 'Server'])
// Node makes sockets of its own for stdin, stdout and stderr.
forbid(require('net').Socket.prototype, 'net.Socket', ['connect'])
forbid(require('dns').promises, 'dns.promises', Object.keys(require('dns').promises))
forbid(process, 'process', ['binding', 'dlopen', '_linkedBinding'])
for (const name of ['fetch', 'WebSocket', 'EventSource']) if (name in globalThis) globalThis[name] = function () { throw new Error('guard: ' + name) }
let quiet = false
for (const key of ['openSync', 'readFileSync', 'writeFileSync', 'readdirSync', 'mkdirSync', 'rmSync', 'renameSync', 'open', 'readFile', 'writeFile', 'createReadStream', 'createWriteStream']) {
  const own = fs[key]
  fs[key] = function (path, ...rest) {
    // One calls another.
    if (quiet) return own.call(this, path, ...rest)
    quiet = true
    try {
      if (typeof path !== 'number') log(process.env.GUARD_LOG, key + ' ' + path + '\\n')
      return own.call(this, path, ...rest)
    } finally {
      quiet = false
    }
  }
}
require('module').syncBuiltinESMExports()
`

async function guarded(
  args: readonly string[],
  input: string | Buffer,
  cwd: string,
  program = loader,
): Promise<{ stdout: string; stderr: string; exitCode: number; opened: string[] }> {
  const folder = folderWith({ 'guard.cjs': guard, log: '' })
  const log = join(folder, 'log')
  const node = ['--disallow-code-generation-from-strings', '--require', join(folder, 'guard.cjs')]
  const { stdout, stderr, exitCode } = await execa(process.execPath, [...node, program, ...args], {
    ...{ input, cwd, extendEnv: false, reject: false, stripFinalNewline: false },
    env: { PATH: process.env['PATH'] ?? '', GUARD_LOG: log },
  })
  const opened = readFileSync(log, 'utf8').split('\n')
  // Node reads modules by the same functions, CommonJS ones in any version.
  return {
    stdout,
    stderr,
    exitCode: exitCode ?? -1,
    opened: unique(opened.filter(line => line !== '' && !/^readFileSync \S+\/(?:dist\/[a-z-]+\.[cm]js|attempt\.[cm]js)$/.test(line))),
  }
}

const example = readFileSync(join(repository, 'docs/example/stream.yaml'))
const values = `networkPolicy:
  enabled: true
  egress: {enabled: true, derive: true}
  defaultDeny: {enabled: true}
  cilium: {egress: [{toFQDNs: [{matchPattern: "*.example.com"}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]}
  calico: {ingress: [{action: Allow, source: {selector: has(app)}}]}
  clusterNetworkPolicy: {ingress: [{name: a, action: Accept, from: [{namespaces: {}}]}]}
`
const release =
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: demo, namespace: stage}\nspec:\n  values: {networkPolicy: {enabled: true}}\n'
const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- ${workload().replace('---\n', '').trimEnd().replaceAll('\n', '\n  ')}\n`

const calls: readonly { readonly args: readonly string[]; readonly input?: string; readonly opened: readonly string[] }[] = [
  ...['kubernetes', 'cilium', 'calico', 'clusterNetworkPolicy'].map(engine => ({
    args: ['-f', 'values.yaml', '--engine', engine, '--set', 'a.b[0]=1', '--set-json', 'c={"d": [1]}', '--report', 'report.json'],
    opened: ['openSync values.yaml', 'writeFileSync report.json'],
  })),
  ...['table', 'html'].map(format => ({
    args: ['explain', '--format', format, '-f', 'values.yaml'],
    opened: ['openSync values.yaml'],
  })),
  { args: ['values', '--engine', 'cilium'], opened: [] },
  { args: ['flux', 'release.yaml'], opened: ['openSync release.yaml'] },
  { args: ['--engine', 'calico'], input: list, opened: [] },
  { args: ['completion', 'zsh'], opened: [] },
  { args: ['schema'], opened: [] },
  { args: ['--help'], opened: [] },
]

doing('every command does without network, processes, threads and code from strings, and opens the files that it is given', async () => {
  const call = async ({ args, input = example.toString(), opened }: (typeof calls)[number]): Promise<void> => {
    const cwd = folderWith({ 'values.yaml': values, 'release.yaml': release })
    const found = await guarded(args, input, cwd)
    const name = args.join(' ')
    assert.not.match(found.stderr, /guard:|EvalError|Code generation/, name)
    assert.ok(found.stdout.length > 500, `${name}: ${found.stderr}`)
    assert.is(found.exitCode, 0, name)
    assert.equal(found.opened, [...opened], name)
  }
  await Promise.all(calls.map(one => inTurn(() => call(one))))
})

doing('`values` with a cluster is the one that starts something, and it is kubectl', async () => {
  const { stderr, exitCode } = await guarded(['values', '--context', 'any'], example, folderWith())
  assert.is(exitCode, 3)
  const program = join(folderWith({ kubectl: '#!/bin/sh\necho "$0 $*" >&2\nexit 1\n' }), 'kubectl')
  await execa('chmod', ['+x', program])
  const { stderr: said } = await execa(process.execPath, [bundle, 'values', '--context', '$(id); a'], {
    input: example,
    reject: false,
    env: { PATH: join(program, '..') },
  })
  assert.match(said, /kubectl --context \$\(id\); a --request-timeout=10s get endpointslices/)
  assert.match(stderr, /cluster\.mjs/)
})

doing('the guard stops each of them: else nothing above is shown', async () => {
  const attempts = {
    "require('net').connect(1)": 'guard: net.connect',
    "new (require('net').Socket)().connect(1)": 'guard: net.Socket',
    "require('dns').lookup('x', () => {})": 'guard: dns.lookup',
    "fetch('http://127.0.0.1:1')": 'guard: fetch',
    "require('http').get('http://127.0.0.1:1')": 'guard: http.get',
    "require('child_process').spawnSync('true')": 'guard: child_process.spawnSync',
    "require('worker_threads').Worker('1')": 'guard: worker_threads.Worker',
    "require('vm').runInThisContext('1')": 'guard: vm.runInThisContext',
    "process.binding('fs')": 'guard: process.binding',
    "eval('1')": 'EvalError',
    "new Function('1')": 'EvalError',
  }
  const tried = Object.keys(attempts).map(code => `try { ${code}; console.log('done') } catch (problem) { console.log(String(problem)) }\n`)
  const place = folderWith({ 'attempt.cjs': tried.join('') })
  const { stdout } = await guarded([], '', place, join(place, 'attempt.cjs'))
  const told = stdout.trimEnd().split('\n')
  Object.entries(attempts).forEach(([code, said], index) => assert.match(told[index] ?? '', said, code))
  const folder = folderWith({ 'attempt.mjs': "import { readFileSync } from 'node:fs'\nreadFileSync('/dev/null')\n" })
  assert.equal((await guarded([], '', folder, join(folder, 'attempt.mjs'))).opened, ['readFileSync /dev/null'])
})

doing.run()
