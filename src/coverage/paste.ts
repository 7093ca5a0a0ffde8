import type { Engine } from '../engines/contract.ts'
import { engines } from '../engines/registry.ts'
import type { EngineName } from '../engines/registry.ts'
import { derive } from '../needs/derive.ts'
import type { Need } from '../needs/need.ts'
import type { Flow } from '../traffic/flow.ts'
import type { Allowlist } from '../traffic/plan.ts'
import { writeYaml } from '../yaml/write.ts'
import type { Comments } from '../yaml/write.ts'
import { isObject } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'

export interface PasteOptions {
  readonly engineName: EngineName
  readonly engine: Engine
  /** NetworkPolicyEgressRules count under this engine. */
  readonly usePeers: boolean
}

/** Stands for an address that the stream does not tell; no value of it is valid, so that it cannot be forgotten. */
export const unknownAddress = 'ADDRESS/32'

/** The values that open a need, as YAML; in the engine's own words where NetworkPolicy rules do not count. */
export function pasteBlock(need: Need, allowlist: Allowlist, options: PasteOptions): string {
  const { egress, comments } = pasteValues(need, allowlist, options)
  return writeYaml({ networkPolicy: egress }, comments)
}

/** One block for several needs; undefined for none. Lists are joined, each entry once. */
export function pasteAll(needs: readonly { readonly need: Need; readonly allowlist: Allowlist }[], options: PasteOptions): string | undefined {
  const values = needs.map(({ need, allowlist }) => pasteValues(need, allowlist, options))
  if (values.length === 0) return undefined
  const egress = joined(values.map(({ egress }) => egress))
  return writeYaml({ networkPolicy: egress }, new Map(values.flatMap(({ comments }) => [...comments])))
}

function joined(values: readonly JsonObject[]): JsonObject {
  const lists = new Map<string, [Json, ...Json[]]>()
  for (const [key, value] of values.flatMap(Object.entries<Json>)) {
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [value])
    else list.push(value)
  }
  return Object.fromEntries([...lists].map(([key, list]) => [key, together(list)]))
}

/** Of values that are neither all lists nor all mappings the last one counts. */
function together(values: readonly [Json, ...Json[]]): Json {
  const [first] = values
  if (values.every(Array.isArray)) return values.length === 1 ? first : distinct(values.flat())
  return values.every(isObject) ? joined(values) : (values.at(-1) ?? first)
}

function distinct(items: readonly Json[]): Json[] {
  const first = new Map<string, Json>()
  for (const item of items) {
    const text = JSON.stringify(item)
    if (!first.has(text)) first.set(text, item)
  }
  return [...first.values()]
}

/** The same as data. */
export function pasteValues(need: Need, allowlist: Allowlist, options: PasteOptions): { egress: JsonObject; comments: Comments } {
  const none: Comments = new Map()
  if (need.host.kind === 'dns') return { egress: { egress: { dns: true } }, comments: none }
  if (need.host.kind === 'apiserver') return { egress: { egress: { apiserver: { cidrs: [unknownAddress] } } }, comments: none }
  if (need.row === 'resolvers') return { egress: { egress: { dnsCIDRs: [need.host.kind === 'address' ? need.host.cidr : unknownAddress] } }, comments: none }
  const { rules, comments, native } = pasteRules(need, allowlist, options)
  return { egress: native ? { [options.engineName]: { egress: rules } } : { egress: { to: rules } }, comments }
}

/** The rules as the engine renders them; as NetworkPolicy rules where those count and can say it. */
export function pasteRules(need: Need, allowlist: Allowlist, { engine, usePeers }: PasteOptions): { rules: JsonObject[]; comments: Comments; native: boolean } {
  const flow = { ...openingFlow(need, engine), row: ruleName(need) }
  const native = !usePeers || flow.peers.kind === 'names' || flow.peers.kind === 'nodes'
  const dialect: Engine = native ? engine : engines.kubernetes
  const context = { precedence: undefined, openEgressRules: false, diagnose: () => {} }
  const rendered = dialect.allowlist({ ...allowlist, ingress: [], egress: [flow] }, context).rules.filter(rule => rule.flow === flow)
  const [first] = rendered
  const comments =
    first === undefined
      ? new Map<JsonObject, string>()
      : new Map([[first.rule, `${need.party}: ${need.text}${need.host.kind === 'either' ? ', if that is a Service' : ''}`]])
  return { rules: rendered.map(({ rule }) => rule), comments, native }
}

/** What the stream does not tell is left for the user to fill in. */
function openingFlow(need: Need, engine: Engine): Flow {
  const derived = derive(need, engine)
  if ('flow' in derived) return derived.flow
  const { host } = need
  return {
    row: need.row,
    direction: 'egress',
    // A Service far more often than a host; its pods may listen on another port.
    peers: host.kind === 'either' ? { kind: 'namespace', namespace: host.namespace } : { kind: 'cidrs', cidrs: [unknownAddress] },
    ports: host.kind === 'either' ? [] : need.ports,
    reason: need.reason,
    resolvesNames: false,
    where: [],
    verbatim: undefined,
  }
}

/** Unique among the rules of a ClusterNetworkPolicy, which wants a name for each. */
function ruleName({ row, text }: Need): string {
  return (text.startsWith(row) ? text : `${row}-${text}`)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/-$/, '')
}
