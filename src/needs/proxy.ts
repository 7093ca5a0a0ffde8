import type { Container } from '../discover/containers.ts'
import type { Host } from './need.ts'
import type { Setting } from './sources.ts'

/** How a setting's destination is dialled. */
export interface Dialled {
  readonly host: Host
  readonly scheme: string | undefined
  readonly setting: Setting
}

/**
 * Tells whether requests to a destination end at a proxy, which is then who is dialled: over HTTP, from a container that has
 * one for the scheme (golang.org/x/net/http/httpproxy, which knows no ALL_PROXY). A file is taken for read by every container that stays.
 */
export function proxying(settings: readonly Setting[], containers: readonly Container[]): (dialled: Dialled) => boolean {
  const proxies = new Map(containers.map(({ name }) => [name, proxiesOf(settings.filter(({ kind, container }) => kind === 'variable' && container === name))]))
  const staying = containers.filter(({ role }) => role !== 'init').map(({ name }) => name)
  return ({ host, scheme, setting: { container } }) => {
    if (host.kind !== 'outside' || (scheme !== 'http' && scheme !== 'https')) return false
    const asking = container === undefined ? staying : [container]
    return asking.length > 0 && asking.every(name => proxies.get(name)?.[scheme] === true && !isDirect(host.name, proxies.get(name)?.direct ?? []))
  }
}

interface Proxies {
  readonly http: boolean
  readonly https: boolean
  /** Words of NO_PROXY, without ports. */
  readonly direct: readonly string[]
}

function proxiesOf(variables: readonly Setting[]): Proxies {
  const values = (name: RegExp): string[] => variables.flatMap(variable => (name.test(variable.name) && variable.text ? [variable.text] : []))
  const words = values(/^no_proxy$/i).flatMap(text => text.split(','))
  return {
    http: values(/^http_proxy$/i).length > 0,
    https: values(/^https_proxy$/i).length > 0,
    direct: words.map(word => word.trim().replace(/:\d+$/, '')).filter(word => word !== ''),
  }
}

function isDirect(host: string, words: readonly string[]): boolean {
  return words.some(word => word === '*' || host === word.replace(/^\./, '') || host.endsWith(word.startsWith('.') ? word : `.${word}`))
}
