import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const suite = resolve(dirname(fileURLToPath(import.meta.url)), '..')
export const repo = resolve(suite, '../..')

/** A folder named by an environment variable; none without it. */
function named(variable: string): string | undefined {
  const folder = process.env[variable]
  if (folder === undefined || folder === '') return undefined
  if (!existsSync(folder)) throw new Error(`${variable}=${folder}: no such folder`)
  return resolve(folder)
}

export const judgeSources = (): string | undefined => named('HELM_NETPOL_JUDGES')
export const streamsFolder = (): string | undefined => named('HELM_NETPOL_STREAMS')
export const chartFolder = (): string => named('HELM_NETPOL_CHART') ?? join(suite, 'chart')
export const crdsFolder = (): string | undefined => named('HELM_NETPOL_CRDS')
export const ownStreams = join(suite, 'streams')
/** Streams that are written by hand. */
export const madeUp = join(suite, 'charts', 'fixtures')

/** The streams of the folders that are there, each folder's by name. */
export function streamFiles(folders: readonly (string | undefined)[]): string[] {
  return folders.flatMap(folder =>
    folder === undefined || !existsSync(folder)
      ? []
      : readdirSync(folder)
          .filter(name => /\.ya?ml$/.test(name))
          .sort()
          .map(name => join(folder, name)),
  )
}
