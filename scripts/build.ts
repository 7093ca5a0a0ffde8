import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import type { Metafile, PluginBuild } from 'esbuild'
import { bundling, installedVersion, licence, nameOf, packagesIn, required, root } from './bundling.ts'

/**
 * Makes `dist/`: the bundles, the loader that Helm's plugin runs, the JSON Schema of the values, and the
 * licences of what is bundled. `build.ts FOLDER` makes it elsewhere, with esbuild's record of each bundle
 * beside it after `--metafiles`. The same sources give the same bytes.
 */
const target = process.argv[2] ?? join(root, 'dist')

mkdirSync(target, { recursive: true })
/** Bundles that are loaded by a dynamic import, each for itself: the filter's own stays small. */
const apart: Readonly<Record<string, string>> = {
  'src/commands/index.ts': 'commands.mjs',
  'src/commands/cluster.ts': 'cluster.mjs',
  'src/explain/picture.ts': 'picture.mjs',
}
const shebang = '#!/usr/bin/env node\n'
const metafiles = [await bundle('src/main.ts', 'helm-netpol.mjs', shebang, '')]
for (const [entry, outfile] of Object.entries(apart)) metafiles.push(await bundle(entry, outfile, '', outfile === 'cluster.mjs' ? `\n${required}` : ''))

async function bundle(entry: string, outfile: string, before: string, after: string): Promise<Metafile> {
  const { metafile } = await build({
    ...bundling,
    entryPoints: [entry],
    outfile: join(target, outfile),
    target: 'node20',
    banner: {
      js: `${before}// Built from src by scripts/build.ts; licences of bundled packages: THIRD-PARTY-LICENSES.txt${after}`,
    },
    plugins: [{ name: 'apart', setup: keepApart }],
  })
  if (process.argv[3] === '--metafiles') writeFileSync(join(target, `${outfile}.json`), JSON.stringify(metafile))
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
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), licences(packagesIn(metafiles)))

function licences(packages: readonly string[]): string {
  const titled = packages.map(folder => ({ folder, title: `${nameOf(folder)} ${installedVersion(folder)}` }))
  return titled.map(({ folder, title }) => `${title}\n${'='.repeat(title.length)}\n\n${licence(folder)}\n`).join('\n')
}
