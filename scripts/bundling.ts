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

/** Folders below node_modules of the packages that bundled files come from, sorted: `which`, `npm-run-path/node_modules/path-key`. */
export function packagesIn(metafiles: readonly Metafile[]): string[] {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs))
  const folders = inputs.flatMap(path => packageOf(path) ?? [])
  return [...new Set([...folders, ...folders.flatMap(folder => embedded[folder] ?? [])])].sort()
}

/** The folder of the package that a file is of; undefined for our own. */
export function packageOf(path: string): string | undefined {
  return /node_modules\/((?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
}

/** The packages that a package's own build has inside. */
const embedded: Readonly<Record<string, readonly string[]>> = { '@dagrejs/dagre': ['@dagrejs/graphlib'] }

/** `npm-run-path/node_modules/path-key` → `path-key`. */
export function nameOf(folder: string): string {
  return folder.replace(/^.*node_modules\//, '')
}

/** Of two packages of one name, one is in the folder of whoever needs it. */
export function installedVersion(folder: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'node_modules', folder, 'package.json'), 'utf8'))
  return version
}

/** The licence that a package ships. Throws where there is none: such a package cannot be bundled. */
export function licence(name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'license'].map(candidate => join(folder, candidate)).find(candidate => existsSync(candidate))
  if (file === undefined) throw new Error(`${name} ships no licence text; it cannot be bundled`)
  return readFileSync(file, 'utf8').trim()
}
