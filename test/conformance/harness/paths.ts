import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const suite = resolve(dirname(fileURLToPath(import.meta.url)), '..')
export const repo = resolve(suite, '../..')

/** A folder named by an environment variable. */
function named(variable: string): string | undefined {
  const folder = process.env[variable]
  if (folder === undefined || folder === '') return undefined
  if (!existsSync(folder)) throw new Error(`${variable}=${folder}: no such folder`)
  return resolve(folder)
}

/** The same, else beside the repository, else none. */
function beside(variable: string, ...path: string[]): string | undefined {
  const folder = named(variable)
  if (folder !== undefined) return folder
  const found = join(repo, '..', 'shared', ...path)
  return existsSync(found) ? found : undefined
}

export const judgeSources = (): string | undefined => beside('HELM_NETPOL_JUDGES', 'judges')
export const streamsFolder = (): string | undefined => beside('HELM_NETPOL_STREAMS', 'data', 'streams')
export const chartFolder = (): string => named('HELM_NETPOL_CHART') ?? join(suite, 'chart')
export const crdsFolder = (): string | undefined => beside('HELM_NETPOL_CRDS', 'data', 'crds')
export const ownStreams = join(suite, 'streams')
export const madeUp = join(suite, 'charts', 'fixtures')
