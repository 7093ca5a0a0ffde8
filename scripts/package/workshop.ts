import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { root } from '../bundling.ts'

/** Where packages are put together. */
export interface Workshop {
  /** The folder of what is finished. */
  readonly out: string
  /** A folder of its own for whatever is being made. */
  folder(name: string): string
  /** `dist/` as the sources build to, whatever the committed one is. */
  readonly dist: string
}

/** Opens a workshop whose folders are gone when the work is done. */
export async function inWorkshop<T>(out: string, work: (workshop: Workshop) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'helm-netpol-package-'))
  const folder = (name: string): string => {
    mkdirSync(join(scratch, name), { recursive: true })
    return join(scratch, name)
  }
  try {
    const dist = folder('dist')
    await execa(process.execPath, ['--import', 'tsx', 'scripts/build.ts', dist], { cwd: root })
    mkdirSync(out, { recursive: true })
    return await work({ out, folder, dist })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
