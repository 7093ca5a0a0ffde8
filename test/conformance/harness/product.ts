import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { repo } from './paths.ts'
import { scratch } from './scratch.ts'

let copy: string | undefined

/** plugin.yaml and dist as they are when the run starts: a build in between must not mix two of them. */
export function product(): string {
  if (copy === undefined) {
    const target = scratch('product')
    for (const part of ['plugin.yaml', 'dist']) {
      if (!existsSync(join(repo, part))) throw new Error(`${join(repo, part)} is not there: build the bundle first`)
      cpSync(join(repo, part), join(target, part), { recursive: true })
    }
    copy = target
  }
  return copy
}

/** The program under test: the committed bundle, or another build of it. */
export const bundle = (): string => process.env['HELM_NETPOL_BUNDLE'] || join(product(), 'dist', 'helm-netpol.mjs')
