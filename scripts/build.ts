import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import type { Metafile, PluginBuild } from 'esbuild'

/**
 * Makes `dist/`: the bundles, the loader that Helm's plugin runs, the JSON Schema of the values, and the
 * licences of what is bundled. `build.ts FOLDER` makes it elsewhere. The same sources give the same bytes.
 */
const root = join(import.meta.dirname, '..')
const target = process.argv[2] ?? join(root, 'dist')

mkdirSync(target, { recursive: true })
/** Bundles that are loaded by a dynamic import, each for itself: the filter's own stays small. */
const apart: Readonly<Record<string, string>> = {
  'src/commands/index.ts': 'commands.mjs',
  'src/commands/cluster.ts': 'cluster.mjs',
  'src/explain/picture.ts': 'picture.mjs',
}
const shebang = '#!/usr/bin/env node\n'
// execa is built on CommonJS packages, which ask for Node's modules by `require`.
const required = "import { createRequire } from 'node:module';const require=createRequire(import.meta.url);"
const metafiles = [await bundle('src/main.ts', 'helm-netpol.mjs', shebang, '')]
for (const [entry, outfile] of Object.entries(apart)) metafiles.push(await bundle(entry, outfile, '', outfile === 'cluster.mjs' ? `\n${required}` : ''))

async function bundle(entry: string, outfile: string, before: string, after: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(target, outfile),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: {
      js: `${before}// Built from src by scripts/build.ts; licences of bundled packages: THIRD-PARTY-LICENSES.txt${after}`,
    },
    // The ESM builds: `yaml` has one for browsers, which needs nothing of Node.
    mainFields: ['module', 'main'],
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    // Small and in ASCII, which V8 scans as single bytes: compiling the bundle is the largest part of our start-up time.
    minify: true,
    legalComments: 'none',
    charset: 'ascii',
    metafile: true,
    logLevel: 'warning',
    plugins: [{ name: 'apart', setup: keepApart }],
  })
  return metafile
}

function keepApart(builder: PluginBuild): void {
  builder.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
    const outfile = apart[relative(root, join(resolveDir, path)).replaceAll('\\', '/')]
    return kind === 'dynamic-import' && outfile !== undefined ? { path: `./${outfile}`, external: true } : undefined
  })
}

copyFileSync(join(root, 'src/loader.cjs'), join(target, 'loader.cjs'))
// Helm 3 runs the bundle by its path.
for (const name of ['helm-netpol.mjs', 'loader.cjs']) chmodSync(join(target, name), 0o755)
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), licences(packagesIn(metafiles.flatMap(({ inputs }) => Object.keys(inputs)))))

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
