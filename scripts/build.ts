import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Makes `dist/`: the bundle, the loader that Helm's plugin runs, the JSON Schema of the values, and the
 * licences of what is bundled. `build.ts FOLDER` makes it elsewhere. The same sources give the same bytes.
 */
const root = join(import.meta.dirname, '..')
const target = process.argv[2] ?? join(root, 'dist')

mkdirSync(target, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outfile: join(target, 'helm-netpol.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: '#!/usr/bin/env node\n// Built from src by scripts/build.ts; licences of bundled packages: THIRD-PARTY-LICENSES.txt' },
  // The ESM builds: `yaml` has one for browsers, which needs nothing of Node.
  mainFields: ['module', 'main'],
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  // Small and in ASCII, which V8 scans as single bytes: compiling the bundle is the largest part of our start-up time.
  minify: true,
  legalComments: 'none',
  charset: 'ascii',
  metafile: true,
  logLevel: 'warning',
})
copyFileSync(join(root, 'src/loader.cjs'), join(target, 'loader.cjs'))
// Helm 3 runs the bundle by its path.
for (const name of ['helm-netpol.mjs', 'loader.cjs']) chmodSync(join(target, name), 0o755)
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), licences(packagesIn(Object.keys(metafile.inputs))))

/** Names of the packages that bundled files come from. */
function packagesIn(inputs: readonly string[]): string[] {
  const names = inputs.flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set(names)].sort()
}

function licences(packages: readonly string[]): string {
  return packages.map(name => `${name}\n${'='.repeat(name.length)}\n\n${licence(name)}\n`).join('\n')
}

function licence(name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'license'].map(candidate => join(folder, candidate)).find(candidate => existsSync(candidate))
  if (file === undefined) throw new Error(`${name} ships no licence text; it cannot be bundled`)
  return readFileSync(file, 'utf8').trim()
}
