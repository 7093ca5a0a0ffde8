import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guard } from './guard.ts'
import { alive } from './proc.ts'

const PREFIX = 'helm-netpol-conformance-'
let root: string | undefined

/** A new folder of this run, gone when the run ends however it ends. */
export function scratch(name: string): string {
  root ??= start()
  const dir = join(root, name)
  mkdirSync(dir, { recursive: true })
  return dir
}

function start(): string {
  sweep()
  const dir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  guard(dir)
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A run that was killed outright could not tidy up: the next one does it. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !alive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
