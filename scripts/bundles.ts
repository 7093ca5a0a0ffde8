import { join, relative } from 'node:path'
import { build } from 'esbuild'
import type { BuildOptions, Metafile, PluginBuild } from 'esbuild'
import { bundling, root } from './bundling.ts'

/** Bundles that are loaded by a dynamic import, each for itself: the filter's own stays small. */
export const apart: Readonly<Record<string, string>> = {
  'src/commands/index.ts': 'commands.mjs',
  'src/commands/cluster.ts': 'cluster.mjs',
  'src/explain/picture.ts': 'picture.mjs',
  'src/passthrough/index.ts': 'passthrough.mjs',
  'src/yaml/apart.ts': 'yaml.mjs',
}

/** Makes one bundle of `dist/`, from a path under the root to a file. */
export async function makeBundle(entry: string, outfile: string, options: BuildOptions = {}): Promise<Metafile> {
  const made = await build({
    ...bundling,
    entryPoints: [entry],
    outfile,
    target: 'node20',
    plugins: [{ name: 'apart', setup: keepApart }],
    ...options,
    metafile: true,
  })
  return made.metafile
}

function keepApart(builder: PluginBuild): void {
  builder.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
    const outfile = apart[relative(root, join(resolveDir, path)).replaceAll('\\', '/')]
    return kind === 'dynamic-import' && outfile !== undefined ? { path: `./${outfile}`, external: true } : undefined
  })
}
