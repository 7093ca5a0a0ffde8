import { toContainers } from '../discover/containers.ts'
import type { Release } from '../discover/release.ts'
import { containerPort } from '../discover/services.ts'
import type { Workload } from '../discover/workload.ts'
import { parseEndpoints } from '../net/endpoint.ts'
import type { Endpoint } from '../net/endpoint.ts'
import type { FlowPort } from '../traffic/flow.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { readYaml } from '../yaml/read.ts'
import { at, placeOf, textAt } from '../yaml/tree.ts'
import { filesOf, mountedConfigMaps, namedGroups, usedGroups } from './background.ts'
import type { Background } from './background.ts'
import { findService, toHost } from './host.ts'
import type { Host, Need, NeedFinding } from './need.ts'
import { settingsIn, settingsOf } from './sources.ts'
import type { Setting } from './sources.ts'
import { groupRows, guessed, needRows, signRows } from './table.ts'
import type { GroupRow, NeedRow, SignRow } from './table.ts'

/** What a workload dials, and settings that seem to say more but cannot be read. */
export interface Needs {
  readonly needs: readonly Need[]
  readonly unclear: readonly Unclear[]
}

export interface Unclear extends NeedFinding {
  readonly problem: string
}

/** The destinations of a workload, from its arguments, its environment, the ConfigMaps it mounts and its API groups. */
export async function findNeeds(workload: Workload, release: Release, background: Background): Promise<Needs> {
  const settings = [...containerSettings(workload, background), ...(await fileSettings(workload, background))]
  const dialled = settings.flatMap(setting => readSetting(setting, settings, workload, release))
  const unclear = dialled.flatMap(found => ('problem' in found ? [found] : []))
  const needs = [
    ...dialled.flatMap(found => ('problem' in found ? [] : [found])),
    ...signRows.flatMap(row => bySign(row, settings)),
    ...groupRows.flatMap(row => byGroup(row, workload, release, background)),
  ]
  return { needs: merged(throughProxy(needs, settings)), unclear }
}

function containerSettings(workload: Workload, { configMap }: Background): Setting[] {
  const data = (name: string) => at(configMap(name, workload)?.tree, 'data')
  return toContainers(templateOf(workload), { namespace: workload.namespace, configMap: data }).flatMap(settingsOf)
}

async function fileSettings(workload: Workload, { configMap }: Background): Promise<Setting[]> {
  const maps = mountedConfigMaps(at(templateOf(workload), 'spec')).flatMap(name => configMap(name, workload) ?? [])
  const files = maps.flatMap(map => filesOf(map).map(file => ({ ...file, map: map.name })))
  const settings = files.map(async ({ name, value, map }) => {
    const text = textAt(value) ?? ''
    const file = `${name} of ConfigMap ${map}`
    return (await readFile(text, file)).flatMap(tree => settingsIn(tree, file, placeOf(value)))
  })
  return (await Promise.all(settings)).flat()
}

/** YAML and JSON; what is neither names nothing. */
async function readFile(text: string, name: string): ReturnType<typeof readYaml> {
  if (text.length > largestFile || !/^\s*[\w"'{-][^\n]*[:{]/m.test(text)) return []
  try {
    return await readYaml({ name, text, firstLine: 0 }, { uniqueKeys: false })
  } catch (problem) {
    if (problem instanceof YamlProblem) return []
    throw problem
  }
}

/** A larger file is no configuration. */
const largestFile = 1 << 18

function templateOf({ resource }: Workload) {
  return at(resource.tree, 'spec', 'template')
}

function readSetting(setting: Setting, all: readonly Setting[], workload: Workload, release: Release): (Need | Unclear)[] {
  const row = needRows.find(candidate => names(candidate, setting))
  if (row === undefined && !looksLikeUrl(setting) && !namesService(setting, workload, release)) return []
  return parseEndpoints(setting.text).flatMap((endpoint): (Need | Unclear)[] => {
    const finding = { where: shown(setting), place: setting.place }
    if (endpoint.is === 'unclear') return row === undefined ? [] : [{ ...finding, problem: endpoint.problem }]
    return endpoint.is === 'endpoint' ? toNeed(row, endpoint, finding, all, workload, release) : []
  })
}

function names({ flags, variables, keys }: NeedRow, { kind, name }: Setting): boolean {
  const known = kind === 'flag' ? flags : kind === 'variable' ? variables : keys
  return known.some(word => (word.includes('*') ? pattern(word).test(name) : word === name))
}

function pattern(word: string): RegExp {
  return new RegExp(`^${word.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
}

function looksLikeUrl({ kind, name, text }: Setting): boolean {
  if (guessed.own.test(name)) return false
  if (kind === 'key' && !guessed.keys.test(name)) return false
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s<>"'`]+$/i.test(text.trim())
}

/** `name:port` of a Service that the stream holds. */
function namesService({ kind, text }: Setting, workload: Workload, release: Release): boolean {
  const host = /^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.?):\d{1,5}$/.exec(text.trim())?.[1]
  if (kind === 'key' || host === undefined) return false
  const { name, namespace } = { name: host.split('.')[0] ?? '', namespace: host.split('.')[1] }
  return findService(name, namespace || undefined, workload, release) !== undefined
}

function toNeed(
  row: NeedRow | undefined,
  endpoint: Endpoint & { is: 'endpoint' },
  found: NeedFinding,
  all: readonly Setting[],
  workload: Workload,
  release: Release,
): Need[] {
  const host = toHost(endpoint.host, workload, release)
  // The table has the cluster's own apiserver in any case.
  if (host.kind === 'apiserver') return []
  const defaults = row === undefined ? [] : defaultPorts(row, all)
  const numbers = endpoint.port === undefined ? defaults : [endpoint.port]
  const protocol = endpoint.scheme === 'udp' ? 'UDP' : (row?.protocol ?? 'TCP')
  const ports = numbers.map((number): FlowPort => ({ name: undefined, number, endPort: undefined, protocol }))
  const { id, party, reason } = row ?? guessed
  const single = numbers.length === 1 ? numbers[0] : undefined
  return [
    {
      row: id,
      party,
      reason,
      host,
      ports: host.kind === 'service' ? podPorts(host, single, workload, release) : ports,
      dialled: single,
      anyPort: numbers.length > 1,
      guess: row === undefined,
      text: `${endpoint.host.replace('..', '.')}${single === undefined ? '' : `:${single}`}`,
      found: [found],
    },
  ]
}

function defaultPorts({ defaultPorts, unless }: NeedRow, all: readonly Setting[]): readonly number[] {
  if (unless === undefined) return defaultPorts
  return all.some(({ kind, name, text }) => kind === 'flag' && name === unless.flag && text === unless.is) ? unless.ports : defaultPorts
}

/** What the pods of a Service of the stream listen on: policies see that, and never the Service's own port. */
function podPorts(host: Host & { kind: 'service' }, dialled: number | undefined, workload: Workload, release: Release): FlowPort[] {
  const service = findService(host.name, host.namespace, workload, release)
  const through = service?.ports.filter(({ port }) => port === dialled) ?? []
  const targets = service === undefined ? [] : release.workloads.filter(candidate => release.servicesOf(candidate).includes(service))
  const ports = through.flatMap(port => targets.flatMap(target => containerPort(port, target) ?? []))
  return [...new Map(ports.map(({ number, protocol }) => [`${number}/${protocol}`, { name: undefined, number, endPort: undefined, protocol }])).values()]
}

function bySign({ flags, port, ...row }: SignRow, settings: readonly Setting[]): Need[] {
  const found = settings.filter(({ kind, name }) => kind === 'flag' && flags.includes(name)).map(setting => ({ where: shown(setting), place: setting.place }))
  if (found.length === 0) return []
  const given = settings.find(({ kind, name, text }) => kind === 'flag' && flags.includes(name) && name.endsWith('-port') && /^\d+$/.test(text))
  const number = given === undefined ? port : Number(given.text)
  const { id, party, reason, host, text } = row
  const ports: FlowPort[] = [{ name: undefined, number, endPort: undefined, protocol: 'TCP' }]
  return [{ row: id, party, reason, host, ports, dialled: number, anyPort: false, guess: false, text: `${text}, port ${number}`, found }]
}

function byGroup(row: GroupRow, workload: Workload, release: Release, background: Background): Need[] {
  const served = namedGroups([...background.roles, ...release.resources.filter(({ kind }) => kind.endsWith('WebhookConfiguration'))])
  const used = usedGroups(workload, background)
  const own = row.own.find(group => served.has(group))
  const group = own ?? row.used.find(name => used.has(name))
  if (group === undefined || workload.name === row.service) return []
  const service = release.services.find(({ name }) => name === row.service)
  const namespace = service === undefined ? row.namespace : service.namespace
  const host = toHost(`${row.service}.${namespace ?? ''}.svc`, workload, release)
  const ports = row.ports.map((number): FlowPort => ({ name: undefined, number, endPort: undefined, protocol: 'TCP' }))
  const { id, party, reason, dialled } = row
  const text = `${row.service}${namespace === undefined ? '' : `.${namespace}`}:${dialled}`
  const where = own === undefined ? `its service account may use ${group}` : `the release names ${group}`
  return [{ row: id, party, reason, host, ports, dialled, anyPort: false, guess: own === undefined, text, found: [{ where, place: workload.place }] }]
}

/** Behind a proxy, requests over HTTP to the outside end there. */
function throughProxy(needs: readonly Need[], settings: readonly Setting[]): Need[] {
  const proxied = needs.some(({ row }) => row === 'proxy')
  const direct = settings
    .filter(({ kind, name }) => kind === 'variable' && /^no_proxy$/i.test(name))
    .flatMap(({ text }) => text.split(',').map(word => word.trim()))
  const isDirect = ({ host, row }: Need): boolean => {
    if (row === 'proxy' || host.kind !== 'outside') return true
    return direct.some(word => word === '*' || host.name === word.replace(/^\./, '') || host.name.endsWith(word.startsWith('.') ? word : `.${word}`))
  }
  const overHttp = ({ found }: Need): boolean => found.some(({ where }) => /[=:] ?https?:\/\//.test(where))
  return proxied ? needs.filter(need => isDirect(need) || !overHttp(need)) : [...needs]
}

/** The same destination for the same reason is one need, wherever it was found; what is known needs no guess. */
function merged(needs: readonly Need[]): Need[] {
  const known = new Set(needs.flatMap(({ guess, text }) => (guess ? [] : [text])))
  const byKey = new Map<string, Need>()
  for (const need of needs) {
    if (need.guess && known.has(need.text)) continue
    const key = JSON.stringify([need.row, need.text])
    const before = byKey.get(key)
    byKey.set(key, before === undefined ? need : { ...before, found: [...before.found, ...need.found] })
  }
  return [...byKey.values()]
}

/** A URL may carry a password, or be a secret by its path: what is shown ends at the port. */
function shown({ kind, name, text, where }: Setting): string {
  const url = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^@/\s]*@)?([^/?#\s]*)(.*)$/is.exec(text.trim())
  const short = url === null ? text.slice(text.lastIndexOf('@') + 1) : `${url[1]}${url[2]}${(url[3] ?? '').length > 1 ? '/…' : ''}`
  return kind === 'flag' ? `--${name}=${short}` : where.replace(text, short)
}
