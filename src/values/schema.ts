import { engines } from '../engines/registry.ts'
import type { EngineName } from '../engines/registry.ts'
import type { Engine } from '../engines/contract.ts'
import { ingressRows } from '../traffic/table.ts'
import type { FromRowId, IngressRow } from '../traffic/table.ts'
import { anyObject, boolean, list, located, number, object, oneOf, optional, text } from './fields.ts'
import type { Field, Fields, Located, Parsed } from './fields.ts'
import { canonicalCidr, egressRule, ingressRule, peer, portNumber } from './peers.ts'
import type { MappingNode, Place } from '../yaml/tree.ts'
import type { Peer } from './peers.ts'

/**
 * The `networkPolicy` block: the one source of the types, the validation, the JSON Schema and the
 * reference in docs/values.md. Keys that belong to a row of the traffic table or to an engine are made
 * from those tables.
 */

export const engineNames = Object.keys(engines).filter((name): name is EngineName => Object.hasOwn(engines, name))

/** `networkPolicy.webhook`, `.metrics`, …: who may call a row's port. */
export interface RowSettings {
  readonly from: readonly Located<Peer>[]
  /** As given; undefined: what the stream shows. */
  readonly enabled: boolean | undefined
}

/** `networkPolicy.cilium`, …: rules in the engine's own words, and its precedence. */
export interface EngineSettings {
  readonly ingress: readonly Located<null>[]
  readonly egress: readonly Located<null>[]
  readonly precedence: number | undefined
}

export const namespacePattern = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?'

const namespaceName = text('the release namespace, where documents leave it to Helm (Helm does not tell a post-renderer)', '', {
  expected: 'a namespace name',
  matches: name => name === '' || isNamespaceName(name),
  schema: { pattern: `^(${namespacePattern})?$` },
})

export function isNamespaceName(name: string): boolean {
  return new RegExp(`^${namespacePattern}$`).test(name)
}

export const networkPolicy = object('network policies for the controller', {
  enabled: boolean('render policies; when off, the stream passes through byte for byte', false),
  engine: oneOf(
    'the dialect to render; never detected, so that the same values render the same everywhere',
    engineNames,
    'kubernetes',
    'The engine is never detected: name the one that your cluster enforces.',
  ),
  controller: names(
    "workload name(s) to protect, a string or a list; '*' for every workload of the release; empty: found by its label, its webhooks, or being the only one",
  ),
  namespace: namespaceName,
  defaultDeny: object('the namespace-wide layer; only when the controller owns its namespace', {
    enabled: boolean('deny all pods of the namespace what no policy allows', false),
    order: number('Calico order or ClusterNetworkPolicy priority that keeps the deny below the allowlists', 2000),
  }),
  ...rowFields(),
  ports: object('container ports, where the stream does not tell them', portFields()),
  translatePeers: boolean('translate .from, additionalIngress and egress.to for the other engines too', false),
  additionalIngress: list('NetworkPolicyIngressRules, merged verbatim (kubernetes engine)', ingressRule),
  egress: object('outbound traffic; once enabled, what is not listed is dropped', {
    enabled: boolean('lock egress', false),
    dns: boolean('allow DNS to the pods of dnsNamespace, UDP and TCP 53', true),
    dnsNamespace: text('namespace of the cluster DNS', 'kube-system', {
      expected: 'a namespace name',
      matches: isNamespaceName,
      schema: { pattern: `^${namespacePattern}$` },
    }),
    dnsCIDRs: list('resolvers that are no pods (NodeLocal DNSCache: 169.254.20.10/32)', canonicalCidr),
    apiserver: object('the kube-apiserver', {
      cidrs: list('addresses of its endpoints (not of its Service); needed where the engine has no word for it', canonicalCidr),
      ports: withDefault(list('its ports', required(portNumber)), [443, 6443]),
    }),
    to: list('NetworkPolicyEgressRules, merged verbatim (kubernetes engine)', egressRule),
    derive: boolean("rules for the destinations that the controller's own arguments, variables and ConfigMaps name, where the engine can say them", false),
  }),
  ...engineFields(),
  replace: boolean('take the place of a policy of the same kind and name that the chart itself renders', false),
})

export interface Settings extends Parsed<typeof networkPolicy> {
  /** The block as the values have it, without what flags and the chart's own keys add. */
  readonly given: MappingNode
  /** Where the controller is named, if it is. */
  readonly controllerPlace?: Place
}

/** The engine's own block, where it has one. */
export function engineSettings(settings: Settings, name: EngineName): EngineSettings | undefined {
  return hasLists(name) ? settings[name] : undefined
}

type Row = (typeof ingressRows)[number]

/** The block of a row that has callers to narrow. */
export function rowSettings(settings: Settings, row: Row): RowSettings | undefined {
  return row.from ? settings[row.id] : undefined
}

/** The row's port as the values give it. */
export function givenPort(settings: Settings, row: Row): number | undefined {
  return row.defaultPort === null ? undefined : settings.ports[row.id]
}

/** The engines that have lists of their own. */
type ListsEngine = { [K in EngineName]: (typeof engines)[K]['passthrough'] extends true ? K : never }[EngineName]
type PortRowId = Extract<Row, { defaultPort: number }>['id']

function hasLists(name: EngineName): name is ListsEngine {
  return engines[name].passthrough
}

/**
 * What counts of the chart's own keys, each only where its shape is ours. Ports that have to be found in the
 * stream are not among them: a chart lists them whether or not it opens them.
 */
export const foreignKeys: readonly (readonly string[])[] = [
  ...switchedRows().map(id => [id, 'enabled']),
  ...ingressRows.filter(({ when }) => when !== 'found').map(({ id }) => ['ports', id]),
]

function switchedRows(): string[] {
  const rows: readonly IngressRow[] = ingressRows
  return rows.filter(({ when }) => when === 'switched').map(({ id }) => id)
}

/** `networkPolicy.<row>` for the rows that have callers to narrow. */
function rowFields(): { [K in FromRowId]: Field<RowSettings> } {
  const rows: readonly IngressRow[] = ingressRows
  const fields = rows.filter(({ from }) => from).map(({ id, when, reason }) => [id, rowField(id, when === 'switched', reason)])
  // fromEntries forgets which keys it was given; they are the ids that FromRowId lists.
  return Object.fromEntries(fields) as { [K in FromRowId]: Field<RowSettings> }
}

function rowField(id: string, switched: boolean, reason: string): Field<RowSettings> {
  const from = list(`who may call the ${id} port; empty: any`, located(peer))
  const enabled = optional(boolean(`render the ${id} rule; wins over the chart's own ${id}.enabled`, false))
  return mapped(switched ? object(reason, { from, enabled }) : object(reason, { from }), value => ({ enabled: undefined, ...value }))
}

function portFields(): { [K in PortRowId]: Field<number | undefined> } {
  const rows: readonly IngressRow[] = ingressRows
  const fields = rows
    .filter(({ defaultPort }) => defaultPort !== null)
    .map(({ id, defaultPort }) => [id, { ...portNumber, describe: `the ${id} port; wins over the chart's own ports.${id}; else found, else ${defaultPort}` }])
  return Object.fromEntries(fields) as { [K in PortRowId]: Field<number | undefined> }
}

function engineFields(): { [K in ListsEngine]: Field<EngineSettings> } {
  return Object.fromEntries(engineNames.filter(hasLists).map(name => [name, engineField(engines[name])])) as { [K in ListsEngine]: Field<EngineSettings> }
}

function engineField({ kind, precedence }: Engine): Field<EngineSettings> {
  const rules = {
    ingress: list(`${kind} ingress rules, merged verbatim`, located(anyObject(`${kind} rule`))),
    egress: list(`${kind} egress rules, merged verbatim`, located(anyObject(`${kind} rule`))),
  }
  const describe = `rules in the words of ${kind}`
  if (precedence === null) return mapped(object(describe, rules), value => ({ ...value, precedence: undefined }))
  const knob: Fields = { [precedence.key]: number(precedence.describe, precedence.absent) }
  return mapped(object(describe, { ...rules, ...knob }), value => {
    const asked = Object.entries(value).find(([key]) => key === precedence.key)?.[1]
    return { ingress: value.ingress, egress: value.egress, precedence: typeof asked === 'number' ? asked : precedence.absent }
  })
}

/** `a`, `a,b` or `[a, b]`: names, trimmed. */
function names(describe: string): Field<readonly string[]> {
  const several = list('', text('', ''))
  const one = text('', '')
  const split = (words: readonly string[]): string[] =>
    words
      .flatMap(word => word.split(','))
      .map(word => word.trim())
      .filter(word => word !== '')
  return {
    describe,
    type: 'string | list of string',
    absent: [],
    schema: () => ({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }], default: '', description: describe }),
    parse: (tree, path, diagnose) => split(tree.kind === 'sequence' ? several.parse(tree, path, diagnose) : [one.parse(tree, path, diagnose)]),
  }
}

function mapped<T, U>(field: Field<T>, change: (value: T) => U): Field<U> {
  return {
    ...field,
    get absent() {
      return change(field.absent)
    },
    parse: (tree, path, diagnose) => change(field.parse(tree, path, diagnose)),
  }
}

function withDefault<T extends readonly (string | number)[]>(field: Field<T>, absent: T): Field<T> {
  return {
    ...field,
    absent,
    schema: () => ({ ...field.schema(), default: [...absent] }),
    parse: (tree, path, diagnose) => (tree.kind === 'scalar' && tree.value === null ? absent : field.parse(tree, path, diagnose)),
  }
}

/** For list items: an item that was refused (and told) is 0, which no port is. */
function required(field: Field<number | undefined>): Field<number> {
  return { ...field, absent: 0, parse: (tree, path, diagnose) => field.parse(tree, path, diagnose) ?? 0 }
}
