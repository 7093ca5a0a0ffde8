import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../bundling.ts'

/** JavaScript of some files and of our own modules that they import, made once for all processes, since tsx would do it again in each. */
export interface Bundle {
  /** The script of a file, which is named relative to the repository. */
  script(file: string): string
  remove(): void
}

export async function bundle(files: readonly string[]): Promise<Bundle> {
  // Below the repository, where packages are found.
  mkdirSync(join(root, 'build'), { recursive: true })
  const folder = mkdtempSync(join(root, 'build/tests-'))
  await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: folder,
    outbase: root,
    bundle: true,
    // So that a module that several files import is one in a process, as without bundles.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [{ name: 'folders', setup: builder => builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: withFolder(path), loader: 'ts' })) }],
  })
  return {
    script: file => join(folder, file.replace(/\.ts$/, '.js')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Modules read files beside them. */
function withFolder(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
}
