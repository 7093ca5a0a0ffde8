import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

const packages = join(import.meta.dirname, 'packages')
const wanted = ['package.json', 'package-lock.json', '.npmrc']

/** node_modules of packages/package.json, in the user's cache: only these commands need them. Throws what npm says. */
export async function tools(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'helm-netpol', 'mutation')
  const lock = readFileSync(join(packages, 'package-lock.json'))
  const kept = join(cache, createHash('sha256').update(lock).digest('hex').slice(0, 12))
  if (!existsSync(kept)) await install(cache, kept)
  return join(kept, 'node_modules')
}

/** Into a folder beside it, which is moved: it is there whole or not at all. */
async function install(cache: string, kept: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, '.installing-'))
  try {
    for (const name of wanted) cpSync(join(packages, name), join(folder, name))
    await execa('npm', ['ci', '--loglevel=error', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdout: 'ignore', stderr: 'inherit' })
    // Another run may have been first.
    if (!existsSync(kept)) renameSync(folder, kept)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
