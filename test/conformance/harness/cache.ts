import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { guard } from './guard.ts'
import { alive, run } from './proc.ts'
import type { Recipe } from './programs.ts'

export const cacheFolder = (): string => process.env['HELM_NETPOL_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'helm-netpol', 'judges')

/** The name of the built program: another version or a changed source has another one. */
export function keyed(name: string, recipe: Recipe): string {
  const hash = createHash('sha256')
  if (recipe.kind === 'install') hash.update(`${recipe.package}@${recipe.version}`)
  else for (const file of sources(recipe)) hash.update(`${file}\0`).update(readFileSync(join(recipe.folder, file)))
  return `${name}-${hash.digest('hex').slice(0, 12)}`
}

/** What a build reads: the program's own files and the archives. */
function sources({ folder, archives }: Recipe & { kind: 'module' }, under = ''): string[] {
  const found = readdirSync(join(folder, under), { withFileTypes: true }).flatMap(entry => {
    const path = join(under, entry.name)
    if (entry.isDirectory()) return /^(testdata|tests)$/.test(entry.name) ? [] : sources({ kind: 'module', folder, archives }, path)
    return /\.(go|mod|sum|yaml)$/.test(entry.name) || archives.includes(path) ? [path] : []
  })
  return found.sort()
}

const BUILDING = '.building-'

/** Builds into a folder of this process inside the cache; the finished program is moved, so that it is there whole or not at all. */
export async function build(recipe: Recipe, file: string): Promise<void> {
  const cache = cacheFolder()
  mkdirSync(cache, { recursive: true })
  sweep(cache)
  const folder = mkdtempSync(join(cache, `${BUILDING}${process.pid}-`))
  guard(folder)
  const tidy = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', tidy)
  try {
    renameSync(await make(recipe, folder), file)
  } finally {
    tidy()
    process.off('exit', tidy)
  }
}

async function make(recipe: Recipe, folder: string): Promise<string> {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  if (recipe.kind === 'install') {
    await go(['install', '-ldflags=-s -w', `${recipe.package}@${recipe.version}`], folder, { GOBIN: bin })
    return join(bin, recipe.named)
  }
  const target = join(bin, 'program')
  const source = recipe.archives.length === 0 ? recipe.folder : join(folder, 'source')
  if (source !== recipe.folder) cpSync(recipe.folder, source, { recursive: true })
  for (const archive of recipe.archives) {
    const ran = await run('tar', ['xJf', join(recipe.folder, archive), '-C', source])
    if (ran.code !== 0) throw new Error(`unpacking ${archive}: ${ran.stderr}`)
  }
  await go(['build', '-trimpath', '-ldflags=-s -w', '-o', target, recipe.main ?? '.'], source, {})
  return target
}

async function go(args: readonly string[], cwd: string, env: Record<string, string>): Promise<void> {
  const ran = await run('go', args, { cwd, env: { GOFLAGS: '-buildvcs=false', GOWORK: 'off', ...env }, timeoutMs: 60 * 60_000 })
  if (ran.code !== 0) throw new Error(`go ${args[0] ?? ''}: exit ${ran.code}\n${ran.stderr.split('\n').slice(-60).join('\n')}`)
}

/** A build that was killed outright could not tidy up: the next one does it. */
function sweep(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = new RegExp(`^\\${BUILDING}(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !alive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true })
  }
}

/** A module's folder in Go's own cache, fetched where it is not there. */
export async function moduleFolder(module: string, from: string): Promise<string> {
  const ran = await run('go', ['mod', 'download', '-json', module], { cwd: from, env: { GOWORK: 'off' }, timeoutMs: 20 * 60_000 })
  const dir = /"Dir": "([^"]+)"/.exec(ran.stdout)?.[1]
  if (dir === undefined || !existsSync(dir) || !statSync(dir).isDirectory()) throw new Error(`no folder of the Go module ${module}:\n${ran.stdout}${ran.stderr}`)
  return dir
}
