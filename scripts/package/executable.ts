import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { execa } from 'execa'
import { version } from '../../src/version.ts'
import { bundling, required } from '../bundling.ts'
import { place } from './folder.ts'
import { signAdHoc } from './mach-o.ts'
import { nodeBinary, nodeLicence, NoBinary } from './node-binary.ts'
import { unsign } from './pe.ts'
import { makeExecutablePlugin } from './plugins.ts'
import { hostPlatform, nodeVersion, platforms } from './platforms.ts'
import type { PlatformName } from './platforms.ts'
import type { Workshop } from './workshop.ts'

/**
 * One file that is Node and helm-netpol, for a platform, and a Helm plugin around it. Node's own `--build-sea` puts
 * them together, whatever the platform (nodejs.org, Single executable applications).
 */
export async function makeExecutable(workshop: Workshop, platform: PlatformName): Promise<string[]> {
  const host = hostPlatform()
  if (host === undefined)
    throw new NoBinary(`executables cannot be made on ${process.platform} ${process.arch}: there is no binary of Node ${nodeVersion} to run`)
  const { os } = platforms[platform]
  const folder = workshop.folder(`executable-${platform}`)
  const name = `helm-netpol-${version}-${platform}${os === 'windows' ? '.exe' : ''}`
  await writeBundle(join(folder, 'helm-netpol.mjs'))
  const node = join(folder, 'node')
  copyFileSync(await nodeBinary(platform), node)
  // Node's own signatures do not hold for what is made of it; those of Mach-O are taken off by `--build-sea`.
  if (os === 'windows') writeFileSync(node, unsign(readFileSync(node)))
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(settings(name, host === platform)))
  // The seed decides the hashes that stand in the code cache: with it, the same code gives the same bytes.
  await execa(await nodeBinary(host), ['--random-seed=1', '--build-sea', 'sea.json'], { cwd: folder })

  const made = readFileSync(join(folder, name))
  place(join(workshop.out, name), os === 'darwin' ? signAdHoc(made, 'helm-netpol') : made, true)
  const licences = `${readFileSync(join(workshop.dist, 'THIRD-PARTY-LICENSES.txt'), 'utf8')}\nNode.js ${nodeVersion}\n${'='.repeat(8 + nodeVersion.length)}\n\n${await nodeLicence(host)}\n`
  place(join(workshop.out, `helm-netpol-${version}-executables-LICENSES.txt`), licences)
  return [name, `helm-netpol-${version}-executables-LICENSES.txt`, ...(await makeExecutablePlugin(workshop, platform, join(workshop.out, name), licences))]
}

/** Paths are relative, since that of the main file stands in the executable. */
function settings(output: string, isHost: boolean): object {
  return {
    main: 'helm-netpol.mjs',
    mainFormat: 'module',
    executable: 'node',
    output,
    disableExperimentalSEAWarning: true,
    // A code cache can only be made by the Node that will read it.
    useCodeCache: isHost,
    // NODE_OPTIONS of the user are meant for other programs.
    execArgvExtension: 'none',
  }
}

/** Everything in one file: an executable has no files beside it to load. */
async function writeBundle(outfile: string): Promise<void> {
  await build({ ...bundling, entryPoints: ['src/main.ts'], outfile, target: `node${nodeVersion}`, banner: { js: required } })
}
