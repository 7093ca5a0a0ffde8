import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { version } from '../../src/version.ts'
import { root } from '../bundling.ts'
import { copy, pack, place } from './folder.ts'
import { platforms } from './platforms.ts'
import type { PlatformName } from './platforms.ts'
import type { Workshop } from './workshop.ts'

/**
 * Helm plugins as archives. Helm 4 takes the archive's name without its version for the name of the folder inside
 * (internal/plugin/installer: stripPluginName), and wants it to be so.
 */

/** The post-renderer, which runs on the user's Node. */
export async function makeNetpol(workshop: Workshop): Promise<string[]> {
  return makePlugin(workshop, 'netpol', folder => {
    copy(join(root, 'plugin.yaml'), join(folder, 'plugin.yaml'))
    copy(workshop.dist, join(folder, 'dist'))
  })
}

/** The commands beside it, as a command of Helm's. */
export async function makeNetpolTools(workshop: Workshop): Promise<string[]> {
  return makePlugin(workshop, 'netpol-tools', folder => {
    copy(join(root, 'scripts/plugins/netpol-tools'), folder)
    copy(workshop.dist, join(folder, 'dist'))
  })
}

/** The post-renderer as an executable, for one platform. */
export async function makeExecutablePlugin(workshop: Workshop, platform: PlatformName, executable: string, licences: string): Promise<string[]> {
  const name = platform === 'windows-x64' ? 'helm-netpol.exe' : 'helm-netpol'
  return makePlugin(workshop, `netpol-${platform}`, folder => {
    place(join(folder, 'plugin.yaml'), executablePlugin(platform, `bin/${name}`))
    place(join(folder, 'bin', name), readFileSync(executable), true)
    place(join(folder, 'THIRD-PARTY-LICENSES.txt'), licences)
  })
}

/** The repository's plugin.yaml with another command: one for this platform alone, so that Helm refuses it elsewhere. */
function executablePlugin(platform: PlatformName, path: string): string {
  const plugin: unknown = parse(readFileSync(join(root, 'plugin.yaml'), 'utf8'))
  if (typeof plugin !== 'object' || plugin === null) throw new Error('plugin.yaml is no mapping')
  const { os, arch } = platforms[platform]
  return stringify({ ...plugin, runtimeConfig: { platformCommand: [{ os, arch, command: `\${HELM_PLUGIN_DIR}/${path}` }] } })
}

async function makePlugin({ folder, out }: Workshop, name: string, fill: (folder: string) => void): Promise<string[]> {
  const source = join(folder(`plugin-${name}`), name)
  fill(source)
  copy(join(root, 'LICENSE'), join(source, 'LICENSE'))
  const file = `${name}-${version}.tgz`
  await pack(source, join(out, file))
  return [file]
}
