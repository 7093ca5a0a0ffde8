import type { Account } from '../coverage/account.ts'
import { pasteRules, unknownAddress } from '../coverage/paste.ts'
import { Diagnostics } from '../diagnostics/collect.ts'
import type { Diagnostic } from '../diagnostics/collect.ts'
import { engines } from '../engines/registry.ts'
import type { EngineName } from '../engines/registry.ts'
import { oneLine } from '../explain/cells.ts'
import { portWords } from '../explain/words.ts'
import { run } from '../run.ts'
import type { Facts, RunOptions } from '../run.ts'
import type { Fields } from '../values/fields.ts'
import { engineNames, networkPolicy } from '../values/schema.ts'
import { version } from '../version.ts'
import { visible } from '../visible.ts'
import { writeYaml, yamlText } from '../yaml/write.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import type { Apiserver } from './cluster.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

/** What the stream and the cluster say of a key: a value, lines of comment, or lines that wait for the user. */
interface Entry {
  readonly value?: Json
  readonly notes?: readonly string[]
  /** Ready lines below the key, comments among them. */
  readonly lines?: readonly string[]
}

export async function valuesCommand({ stream, options, own: { kubeconfig, context } }: Call): Promise<Answer> {
  if (options.files.length > 0 || options.sets.length > 0)
    throw new CommandProblem('helm-netpol values writes a new block, and takes no --values and no --set; give --engine, --controller and --namespace', 2)
  if (kubeconfig === undefined && context === undefined) return values(stream, options, undefined)
  // kubectl's runner is loaded only where a cluster is asked.
  const { askApiserver, ClusterProblem } = await import('./cluster.ts')
  try {
    return await values(stream, options, await askApiserver({ kubeconfig, context }))
  } catch (problem) {
    if (problem instanceof ClusterProblem) throw new CommandProblem(problem.message, 1)
    throw problem
  }
}

/** A `networkPolicy` block for a stream: every key with its meaning, the destinations that the stream names filled in. */
export async function values(stream: Buffer, options: RunOptions, apiserver: Apiserver | undefined): Promise<Answer> {
  const locked = { kind: 'set' as const, source: { name: 'values', text: `${options.root.replaceAll('.', '\\.')}.egress.enabled=true`, firstLine: -1 } }
  const { facts, diagnostics } = await run(stream, { ...options, sets: [locked], survey: true, enable: true })
  const errors = diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'NP600')
  if (facts === undefined || errors.length > 0) return { text: undefined, diagnostics: errors }
  const entries = entriesOf(facts, options, apiserver)
  const lines = [
    `# Network policy of ${visible(facts.accounts.map(({ allowlist }) => allowlist.workload.title).join(', '))}, by helm-netpol ${version}.`,
    '# Hand this to the chart and to the post-renderer (--values); `helm-netpol explain` shows what it comes to.',
    `${yamlText(options.root)}:`,
    ...block(networkPolicy.keys ?? {}, '', '  ', entries, facts.settings.engine),
  ]
  const text = `${lines.join('\n')}\n`
  return { text, diagnostics: waitingIn(text, options) }
}

/** What only the user knows stands in comments, which are easily missed. */
function waitingIn(text: string, options: RunOptions): readonly Diagnostic[] {
  const diagnostics = new Diagnostics(options)
  const places = text.match(/# Fill in\b|cidr: ADDRESS|- ADDRESS/g)?.length ?? 0
  if (places > 0) diagnostics.diagnose('NP425', { places })
  return diagnostics.all
}

function entriesOf({ accounts, settings, plan }: Facts, options: RunOptions, apiserver: Apiserver | undefined): ReadonlyMap<string, Entry> {
  const { engine } = settings
  const entries = new Map<string, Entry>([
    ['enabled', { value: true }],
    ['engine', { value: engine }],
    ['controller', { value: options.controller ?? '' }],
    ['namespace', { value: options.namespace ?? '' }],
    ['egress.enabled', { value: true }],
    ['egress.apiserver.cidrs', apiserverEntry(apiserver, engine)],
    ['egress.dnsCIDRs', resolversEntry(accounts)],
  ])
  const ports = apiserver?.ports ?? []
  if (ports.length > 0) entries.set('egress.apiserver.ports', { value: [...ports] })
  for (const { workload, ingress } of plan.allowlists) {
    for (const { row, ports: open, where } of ingress) {
      const note = `${workload.title}: ${open.map(portWords).join(', ')}, by ${where.join(', ')}`
      entries.set(row, { notes: [...(entries.get(row)?.notes ?? []), note] })
    }
  }
  for (const [path, lines] of destinations(accounts, engine)) entries.set(path, { lines })
  return entries
}

function apiserverEntry(apiserver: Apiserver | undefined, engine: EngineName): Entry {
  if (apiserver !== undefined) return { value: [...apiserver.cidrs], notes: ['As the cluster told when this was written.'] }
  const ask = "kubectl get endpoints kubernetes -n default -o jsonpath='{range .subsets[*].addresses[*]}{.ip}/32 {end}'"
  return engines[engine].knowsApiserver ? {} : { value: [], notes: [`Fill in; without them the controller is cut off. ${ask}`] }
}

/** Resolvers that are not the cluster's: their addresses, where the pods name them. */
function resolversEntry(accounts: readonly Account[]): Entry {
  const needs = accounts.flatMap(({ coverage }) => coverage.flatMap(({ need }) => (need.row === 'resolvers' ? [need] : [])))
  if (needs.length === 0) return {}
  const known = [...new Set(needs.flatMap(({ host }) => (host.kind === 'address' ? [host.cidr] : [])))]
  const waiting = needs
    .filter(({ host }) => host.kind !== 'address')
    .flatMap(({ text, found }) => `Fill in ${text} (${found.map(({ where }) => where).join(', ')}).`)
  return { value: known, notes: [...new Set(waiting)] }
}

/** The rules that open what is cut, under the list they belong to; those without an address wait in a comment. */
function destinations(accounts: readonly Account[], engineName: EngineName): Map<string, string[]> {
  const engine = engines[engineName]
  const lists = new Map<string, string[]>()
  const written = new Set<string>()
  for (const { allowlist, coverage } of accounts) {
    for (const { need, verdict } of coverage) {
      if (verdict !== 'cut' || need.host.kind === 'dns' || need.host.kind === 'apiserver' || need.row === 'resolvers') continue
      const { rules, comments, native } = pasteRules(need, allowlist, { engineName, engine, usePeers: engine.takesPeers })
      const text = writeYaml({ rules }, comments).split('\n').slice(1, -1)
      const found = `  # found in ${oneLine(need.found.map(({ where }) => where).join(', '))}${need.guess ? '; drop it if it is not dialled' : ''}`
      const key = text.join('\n')
      if (written.has(key)) continue
      written.add(key)
      const path = native ? `${engineName}.egress` : 'egress.to'
      const waiting = key.includes(unknownAddress)
      const lines = [found, ...text].map(line => (waiting && !line.trimStart().startsWith('#') ? line.replace(/^ {2}/, '  # ') : line))
      lists.set(path, [...(lists.get(path) ?? []), ...lines])
    }
  }
  return lists
}

/** Every key of the schema, those of other engines left out. */
function block(fields: Fields, path: string, indent: string, entries: ReadonlyMap<string, Entry>, engine: EngineName): string[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const full = path === '' ? key : `${path}.${key}`
    if (path === '' && key !== engine && engineNames.some(name => name === key)) return []
    const entry = entries.get(full) ?? {}
    const comments = [field.describe, ...(entry.notes ?? [])].filter(text => text !== '').flatMap(text => wrapped(text, indent))
    if (field.keys !== undefined) return [...comments, `${indent}${key}:`, ...block(field.keys, full, `${indent}  `, entries, engine)]
    if (entry.lines !== undefined) {
      const live = entry.lines.some(line => !line.trimStart().startsWith('#'))
      return [...comments, `${indent}${key}:${live ? '' : ' []'}`, ...entry.lines.map(line => `${indent}${line}`)]
    }
    const value = entry.value ?? toJson(field.absent)
    return value === undefined ? [...comments, `${indent}# ${key}:`] : [...comments, ...lines({ [key]: value }, indent)]
  })
}

function lines(json: JsonObject, indent: string): string[] {
  return writeYaml(json)
    .trimEnd()
    .split('\n')
    .map(line => `${indent}${line}`)
}

function toJson(value: unknown): Json | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.flatMap(item => toJson(item) ?? []) : undefined
}

/** Comment lines of at most 110 characters. */
function wrapped(text: string, indent: string): string[] {
  const made: string[] = []
  for (const word of visible(text).split(/\s+/)) {
    const last = made.at(-1)
    if (last !== undefined && last.length + word.length < 110 - indent.length) made[made.length - 1] = `${last} ${word}`
    else made.push(word)
  }
  return made.map(line => `${indent}# ${line}`)
}
