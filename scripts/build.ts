import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { installedVersion, licence, nameOf, packagesIn, required, root } from './bundling.ts'
import { apart, makeBundle } from './bundles.ts'

/**
 * Makes `dist/`: the bundles, the loader that Helm's plugin runs, the JSON Schema of the values, and the
 * licences of what is bundled. `build.ts FOLDER` makes it elsewhere, with esbuild's record of each bundle
 * beside it after `--metafiles`. The same sources give the same bytes.
 */
const target = process.argv[2] ?? join(root, 'dist')

mkdirSync(target, { recursive: true })
const shebang = '#!/usr/bin/env node\n'
const metafiles = [await bundle('src/main.ts', 'helm-netpol.mjs', shebang, '')]
for (const [entry, name] of Object.entries(apart)) metafiles.push(await bundle(entry, name, '', name === 'cluster.mjs' ? `\n${required}` : ''))

async function bundle(entry: string, name: string, before: string, after: string): Promise<Metafile> {
  const js = `${before}// Built from src by scripts/build.ts; licences of bundled packages: THIRD-PARTY-LICENSES.txt${after}`
  const metafile = await makeBundle(entry, join(target, name), { banner: { js } })
  if (process.argv[3] === '--metafiles') writeFileSync(join(target, `${name}.json`), JSON.stringify(metafile))
  return metafile
}

copyFileSync(join(root, 'src/loader.cjs'), join(target, 'loader.cjs'))
// Helm 3 runs the bundle by its path.
for (const name of ['helm-netpol.mjs', 'loader.cjs']) chmodSync(join(target, name), 0o755)
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), licences(packagesIn(metafiles)))

function licences(packages: readonly string[]): string {
  const titled = packages.map(folder => ({ folder, title: `${nameOf(folder)} ${installedVersion(folder)}` }))
  return titled.map(({ folder, title }) => `${title}\n${'='.repeat(title.length)}\n\n${licence(folder)}\n`).join('\n')
}
