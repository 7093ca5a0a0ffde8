import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildOptions, Metafile } from 'esbuild'

export const root = join(import.meta.dirname, '..')

/** How everything is bundled; what is made of it and for which Node, the caller says. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  // The ESM builds: `yaml` has one for browsers, which needs nothing of Node.
  mainFields: ['module', 'main'],
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  // Small and in ASCII, which V8 scans as single bytes: compiling the bundle is the largest part of our start-up time.
  minify: true,
  legalComments: 'none',
  charset: 'ascii',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions

/** execa is built on CommonJS packages, which ask for Node's modules by `require`. */
export const required = "import { createRequire } from 'node:module';const require=createRequire(import.meta.url);"

/** Names of the packages that bundled files come from, sorted. */
export function packagesIn(metafiles: readonly Metafile[]): string[] {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs))
  const names = inputs.flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set(names)].sort()
}

/** The licence that a package ships. Throws where there is none: such a package cannot be bundled. */
export function licence(name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'license'].map(candidate => join(folder, candidate)).find(candidate => existsSync(candidate))
  if (file === undefined) throw new Error(`${name} ships no licence text; it cannot be bundled`)
  return readFileSync(file, 'utf8').trim()
}
