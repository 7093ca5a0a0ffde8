import type { Container } from '../discover/containers.ts'
import type { Host } from './need.ts'
import type { Setting } from './sources.ts'

/** How a setting's destination is dialled. */
export interface Dialled {
  readonly host: Host
  readonly scheme: string | undefined
  /** It may speak gRPC, which asks for the proxy of https whatever its scheme (google.golang.org/grpc, internal/transport/proxy.go). */
  readonly grpc: boolean
  readonly setting: Setting
}

/**
 * Tells whether requests to a destination end at a proxy, which is then who is dialled: over HTTP, from a container that has
 * one for the scheme (golang.org/x/net/http/httpproxy, which knows no ALL_PROXY). A file is taken for read by every container that stays.
 */
export function proxying(settings: readonly Setting[], containers: readonly Container[]): (dialled: Dialled) => boolean {
  const proxies = new Map(containers.map(({ name }) => [name, proxiesOf(settings.filter(({ kind, container }) => kind === 'variable' && container === name))]))
  const staying = containers.filter(({ role }) => role !== 'init').map(({ name }) => name)
  return ({ host, scheme, grpc, setting: { container } }) => {
    if (host.kind !== 'outside' || (scheme !== 'http' && scheme !== 'https') || (grpc && scheme === 'http')) return false
    const asking = container === undefined ? staying : [container]
    return asking.length > 0 && asking.every(name => proxies.get(name)?.[scheme] === true && !mayBeDirect(host.name, proxies.get(name)?.direct))
  }
}

interface Proxies {
  readonly http: boolean
  readonly https: boolean
  /** Words of NO_PROXY, without ports; undefined where only the cluster knows them all. */
  readonly direct: readonly string[] | undefined
}

function proxiesOf(variables: readonly Setting[]): Proxies {
  const isSet = (name: RegExp): boolean => variables.some(variable => name.test(variable.name) && variable.text)
  const texts = variables.flatMap(({ name, text }) => (/^no_proxy$/i.test(name) ? [text] : []))
  const words = texts.flatMap(text => (text ?? '').split(','))
  return {
    http: isSet(/^http_proxy$/i),
    https: isSet(/^https_proxy$/i),
    direct: texts.some(text => text === undefined || /\$\((?!KUBERNETES_SERVICE_HOST\))/.test(text))
      ? undefined
      : words.map(plainWord).filter(word => word !== ''),
  }
}

/** `*.Example.com:443` as `.example.com`. */
function plainWord(word: string): string {
  return word.trim().toLowerCase().replace(/:\d+$/, '').replace(/^\*\./, '.')
}

function mayBeDirect(host: string, words: readonly string[] | undefined): boolean {
  return words?.some(word => word === '*' || host === word.replace(/^\./, '') || host.endsWith(word.startsWith('.') ? word : `.${word}`)) ?? true
}
