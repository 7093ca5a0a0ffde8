import { join } from 'node:path'
import { execa } from 'execa'
import { root } from '../bundling.ts'
import { copy } from './folder.ts'
import type { Workshop } from './workshop.ts'

/** The npm package. What goes in is `files` of package.json; npm itself packs the same files to the same bytes. */
export async function makeNpmPackage({ folder, dist, out }: Workshop): Promise<string[]> {
  const source = folder('npm')
  for (const name of ['package.json', 'README.md', 'LICENSE', 'plugin.yaml', 'scripts/plugins', 'docs']) copy(join(root, name), join(source, name))
  copy(dist, join(source, 'dist'))
  const { stdout } = await execa('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], { cwd: source })
  return [stdout.trim()]
}
