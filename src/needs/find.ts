import { bindsByFlag, bindsByName } from '../discover/bound.ts'
import { toContainers } from '../discover/containers.ts'
import type { Container } from '../discover/containers.ts'
import { parseBindAddress } from '../net/bind-address.ts'
import { parseEndpoints } from '../net/endpoint.ts'
import type { Endpoint } from '../net/endpoint.ts'
import { onPort } from '../traffic/flow.ts'
import { at } from '../yaml/tree.ts'
import type { Background } from './background.ts'
import { toDestination } from './destination.ts'
import { ownNode, withFields } from './fields.ts'
import { fileSettings } from './files.ts'
import { byGroup } from './groups.ts'
import type { Home } from './home.ts'
import { findService, serviceCalled } from './host.ts'
import { names } from './names.ts'
import type { Host, Need, NeedFinding } from './need.ts'
import { proxying } from './proxy.ts'
import type { Dialled } from './proxy.ts'
import { settingsOf } from './sources.ts'
import type { Setting } from './sources.ts'
import { groupRows, guessed, needRows, signRows } from './table.ts'
import type { NeedRow, SignRow } from './table.ts'

/** What a workload dials, and settings that seem to say more but cannot be read. */
export interface Needs {
  readonly needs: readonly Need[]
  readonly unclear: readonly Unclear[]
}

export interface Unclear extends NeedFinding {
  readonly problem: string
  /** No row of the table knows the setting. */
  readonly guess: boolean
}

/** The destinations of a workload, from its arguments, its environment, the ConfigMaps it mounts and its API groups. */
export async function findNeeds(home: Home, background: Background): Promise<Needs> {
  const containers = containersOf(home, background)
  const settings = withFields([...containers.flatMap(settingsOf), ...(await fileSettings(home, background))], containers)
  const isProxied = proxying(settings, containers)
  const read = [...settings.flatMap(setting => readSetting(setting, settings, isProxied, home)), ...unreadFiles(settings)]
  const needs = [
    ...read.flatMap(found => ('need' in found ? [found.need] : [])),
    ...signRows.flatMap(row => bySign(row, settings)),
    ...groupRows.flatMap(row => byGroup(row, home, background)),
  ]
  return { needs: merged(needs), unclear: read.flatMap(found => ('need' in found ? [] : [found])) }
}

function containersOf({ workload, namespace }: Home, { configMap }: Background): Container[] {
  const data = (name: string) => at(configMap(name, namespace)?.tree, 'data')
  return toContainers(at(workload.resource.tree, 'spec', 'template'), { namespace: workload.namespace, configMap: data })
}

type Read = { readonly need: Need } | Unclear

function readSetting(setting: Setting, all: readonly Setting[], isProxied: (dialled: Dialled) => boolean, home: Home): Read[] {
  const row = needRows.find(candidate => names(candidate, setting))
  const unclear = (problem: string): Unclear => ({ where: `${setting.label}${setting.rest}`, place: setting.place, problem, guess: row === undefined })
  const { text } = setting
  if (text === undefined) return row === undefined ? [] : [unclear('comes from a Secret, or from a ConfigMap that the stream does not hold')]
  if (startsServer(setting, text, row)) return []
  if (row === undefined && !looksLikeUrl(setting, text) && !namesService(setting, text, home) && !isAddressWithPort(setting, text)) return []
  return endpointsOf(text, row).flatMap((endpoint): Read[] => {
    if (endpoint.is === 'unclear') return [unclear(endpoint.problem)]
    if (endpoint.is !== 'endpoint') return []
    const destination = toDestination(row, setting, endpoint, all, home)
    if (destination === undefined) return []
    if ('problem' in destination) return [unclear(destination.problem)]
    const need = endpoint.host === ownNode ? atOwnNode(destination.need) : destination.need
    if (need.guess && isOwn(need.host, home)) return []
    const dialled = { host: need.host, scheme: endpoint.scheme, grpc: row?.id === 'tracing', setting }
    return row?.id !== 'proxy' && isProxied(dialled) ? [] : [{ need }]
  })
}

/** A program that is told its own Service seldom dials itself. */
function isOwn(host: Host, home: Home): boolean {
  const service = host.kind === 'service' ? findService(host.name, host.namespace, home) : undefined
  return service !== undefined && home.release.servicesOf(home.workload).includes(service)
}

/** Of `namespace/name` too, where the row has Services; the release's own namespace is the empty one. */
function endpointsOf(text: string, row: NeedRow | undefined): Endpoint[] {
  const [written, namespace, name] = (row?.ofServices === true ? /^([a-z0-9-]*)\/([a-z0-9.-]+)$/.exec(text.trim()) : null) ?? []
  if (written === undefined) return parseEndpoints(text)
  const found = parseEndpoints(namespace ? `${name}.${namespace}.svc` : (name ?? ''))
  return found.map(endpoint => (endpoint.is === 'endpoint' ? { ...endpoint, written } : endpoint))
}

function atOwnNode(need: Need): Need {
  const found = need.found.map(({ where, place }) => ({ where: where.replace(ownNode, '$(status.hostIP)'), place }))
  return { ...need, host: { kind: 'nodes' }, text: need.text.replace(ownNode, 'its own node'), found }
}

/** Flags and variables that bind a port name no destination, unless one of the same name may be another program's and the value is a host to dial. */
function startsServer({ kind, name }: Setting, text: string, row: NeedRow | undefined): boolean {
  if (kind === 'key' || !(kind === 'flag' ? bindsByFlag(name) : bindsByName(name))) return false
  const address = parseBindAddress(text)
  return row === undefined || (address.is === 'port' && address.host !== 'address') || address.is === 'variable' || address.is === 'nothing'
}

/** Files that name a destination, and are in no ConfigMap of the stream. */
function unreadFiles(settings: readonly Setting[]): Unclear[] {
  return needRows.flatMap(({ files = [], keys }) => {
    const isShown = settings.some(setting => setting.kind === 'key' && names({ flags: [], variables: [], keys }, setting))
    const said = settings.filter(({ kind, name, text }) => kind !== 'key' && files.includes(name) && text !== undefined && text.includes('/'))
    return isShown ? [] : said.map(({ label, place }) => ({ where: label, place, problem: 'names a file that the stream does not hold', guess: false }))
  })
}

function looksLikeUrl({ kind, name }: Setting, text: string): boolean {
  if (guessed.own.test(name)) return false
  if (kind === 'key' && !guessed.keys.test(name)) return false
  return /^(?:jdbc:)?[a-z][a-z0-9+.-]*:\/\/[^\s<>"'`]+$/i.test(text.trim())
}

/** `name:port` of a Service that the stream holds or of a pod of it, or the full name of any. */
function namesService({ kind, name: setting }: Setting, text: string, home: Home): boolean {
  if (guessed.own.test(setting)) return false
  if (/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+){1,2}\.svc(?:\.[a-z0-9.-]+)?(?::\d{1,5})?$/.test(text.trim())) return true
  const host = /^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.?):\d{1,5}$/.exec(text.trim())?.[1]
  if (kind === 'key' || host === undefined) return false
  const called = serviceCalled(host.replace(/\.$/, ''), home)
  return called !== undefined && findService(called.name, called.namespace, home) !== undefined
}

function isAddressWithPort({ kind, name }: Setting, text: string): boolean {
  return kind !== 'key' && !guessed.own.test(name) && !/bind|listen/i.test(name) && addressWithPort.test(text.trim())
}

const addressWithPort = new RegExp(`^(?:(?:\\d{1,3}\\.){3}\\d{1,3}|${ownNode.replaceAll('.', '\\.')}):\\d{1,5}$`)

function bySign({ flags, port, ...row }: SignRow, settings: readonly Setting[]): Need[] {
  const said = settings.filter(({ kind, name }) => kind === 'flag' && flags.includes(name))
  if (said.length === 0) return []
  const given = said.find(({ name, text }) => name.endsWith('-port') && text !== undefined && /^\d{1,5}$/.test(text))
  const number = given === undefined ? port : Number(given.text)
  const { id, party, reason, host, text } = row
  return [
    {
      row: id,
      party,
      reason,
      host,
      ports: [onPort(number)],
      dialled: number,
      anyPort: false,
      guess: false,
      text: `${text}:${number}`,
      found: said.map(({ label, place }) => ({ where: label, place })),
    },
  ]
}

/** The same destination for the same reason is one need, wherever it was found; what is known needs no guess. */
function merged(needs: readonly Need[]): Need[] {
  const known = new Set(needs.flatMap(({ guess, text }) => (guess ? [] : [text])))
  const byKey = new Map<string, [Need, ...Need[]]>()
  for (const need of needs) {
    if (need.guess && known.has(need.text)) continue
    const key = JSON.stringify([need.row, need.text])
    const same = byKey.get(key)
    if (same === undefined) byKey.set(key, [need])
    else same.push(need)
  }
  return [...byKey.values()].map(same => ({ ...same[0], found: same.flatMap(({ found }) => found) }))
}
