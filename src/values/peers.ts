import { canonical, contains, hasHostBits, isMapped, parseCidr } from '../net/cidr.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import { dnsSubdomain } from '../resources/names.ts'
import { at, isNull, placeOf } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { checked, kindOf, list, located, object, oneOf, optional, text, wrongType } from './fields.ts'
import type { Field, Parsed } from './fields.ts'

/** The parts of networking.k8s.io/v1 that the values take verbatim, with the API server's own checks. */

const nameSegment = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
/** A prefix of at most 253 characters, a slash, and a name of at most 63. */
const labelKeyPattern = `^(${dnsSubdomain.source.slice(1, -1)}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`
const labelValuePattern = '^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$'

export function isLabelKey(key: string): boolean {
  const slash = key.lastIndexOf('/')
  if (slash < 0) return nameSegment.test(key)
  const prefix = key.slice(0, slash)
  return prefix.length <= 253 && dnsSubdomain.test(prefix) && nameSegment.test(key.slice(slash + 1))
}

export function isLabelValue(value: string): boolean {
  return value === '' || nameSegment.test(value)
}

/** Labels, as the API server takes them. */
export const labels: Field<Readonly<Record<string, string>>> = {
  describe: 'labels to match',
  type: 'map of strings',
  absent: {},
  schema: () => ({
    type: 'object',
    propertyNames: { pattern: labelKeyPattern, maxLength: 317 },
    additionalProperties: { type: 'string', pattern: labelValuePattern },
  }),
  parse(tree, path, diagnose) {
    if (isNull(tree)) return {}
    if (tree.kind !== 'mapping') {
      wrongType(tree, path, 'a mapping of label keys to strings', diagnose)
      return {}
    }
    return Object.fromEntries([...tree.entries.values()].flatMap(({ key, value }) => label(key, value, `${path}.${key}`, diagnose)))
  },
}

function label(key: string, value: Tree, path: string, diagnose: Diagnose): [string, string][] {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') {
    wrongType(value, path, 'a string (quote it)', diagnose)
    return []
  }
  if (!isLabelKey(key)) diagnose('NP205', { path, problem: `has ${JSON.stringify(key)} for a key, which is no label key` }, placeOf(value, path))
  if (!isLabelValue(value.value)) diagnose('NP205', { path, problem: `is ${JSON.stringify(value.value)}, which is no label value` }, placeOf(value, path))
  return [[key, value.value]]
}

const labelText = (describe: string, matches: (text: string) => boolean, pattern: string): Field<string> =>
  text(describe, '', { expected: describe, matches, schema: { pattern } })

const expression = checked(
  object(
    'one requirement on a label',
    {
      key: labelText('a label key', isLabelKey, labelKeyPattern),
      operator: oneOf('how values are compared', ['In', 'NotIn', 'Exists', 'DoesNotExist'], 'Exists'),
      values: list('label values', labelText('a label value (quote numbers)', isLabelValue, labelValuePattern)),
    },
    'LabelSelectorRequirement',
  ),
  ({ key, operator, values }, tree) => {
    if (key === '') return 'needs a key'
    const given = at(tree, 'operator')
    if (given === undefined || isNull(given)) return 'needs an operator'
    const needsValues = operator === 'In' || operator === 'NotIn'
    if (needsValues && values.length === 0) return `needs values for the operator ${operator}`
    return !needsValues && values.length > 0 ? `takes no values with the operator ${operator}` : undefined
  },
  { required: ['key', 'operator'] },
)

export const labelSelector = object(
  'a label selector; empty selects everything',
  {
    matchLabels: labels,
    matchExpressions: list('requirements, all of which must hold', expression),
  },
  'LabelSelector',
)

export type LabelSelector = Parsed<typeof labelSelector>

/** A CIDR as the API server takes it for NetworkPolicy (StrictIPCIDRValidation, Kubernetes 1.36): older ones leave open which block was meant. */
const cidr = checked(
  text('an address block', '', {
    expected: 'a CIDR such as 10.0.0.1/32 or fd00::/8',
    matches: value => parseCidr(value) !== undefined,
    schema: { pattern: '^[0-9A-Fa-f.:]+/[0-9]{1,3}$' },
  }),
  value => {
    const parsed = parseCidr(value)
    if (parsed === undefined) return undefined
    if (isMapped(parsed)) return `is ${value}, an IPv4 address written as an IPv6 one; write the IPv4 block`
    return hasHostBits(parsed) ? `is ${value}, which has bits past its prefix; write ${canonical(parsed)}, or ${hostOf(value)} for the one address` : undefined
  },
)

function hostOf(value: string): string {
  const [address = ''] = value.split('/')
  return `${address}/${address.includes(':') ? 128 : 32}`
}

/** A CIDR on its own, in the spelling that Calico wants. */
export const canonicalCidr: Field<string> = {
  ...cidr,
  parse(tree, path, diagnose) {
    const value = cidr.parse(tree, path, diagnose)
    const parsed = parseCidr(value)
    return parsed === undefined ? value : canonical(parsed)
  },
}

const ipBlock = checked(
  object('addresses outside the cluster', { cidr, except: list('blocks inside the CIDR to leave out', cidr) }, 'IPBlock'),
  block => {
    const outer = parseCidr(block.cidr)
    if (block.cidr === '') return 'needs a cidr'
    const stray = block.except.find(inner => {
      const parsed = parseCidr(inner)
      return outer !== undefined && parsed !== undefined && (!contains(outer, parsed) || outer.prefix === parsed.prefix)
    })
    return stray === undefined ? undefined : `excepts ${stray}, which is not strictly within ${block.cidr}`
  },
  { required: ['cidr'] },
)

/** A NetworkPolicyPeer: pods, namespaces, pods of namespaces, or an address block. */
export const peer = checked(
  object(
    'who may talk, or be talked to',
    {
      podSelector: optional(labelSelector),
      namespaceSelector: optional(labelSelector),
      ipBlock: optional(ipBlock),
    },
    'NetworkPolicyPeer',
  ),
  ({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined && (podSelector !== undefined || namespaceSelector !== undefined))
      return 'has an ipBlock beside a selector; the API server refuses that'
    return ipBlock === undefined && podSelector === undefined && namespaceSelector === undefined
      ? 'must have a podSelector, a namespaceSelector or an ipBlock'
      : undefined
  },
  { anyOf: [{ required: ['podSelector'] }, { required: ['namespaceSelector'] }, { required: ['ipBlock'] }] },
)

export type Peer = Parsed<typeof peer>

export function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && /[a-z]/.test(name) && !name.includes('--')
}

export function isPortNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535
}

/** A port by number (1 to 65535) or by the name a container gives it. */
const portNumberOrName: Field<number | string | undefined> = {
  describe: 'a port number or name',
  type: 'port number or name',
  absent: undefined,
  schema: () => ({
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 65535 },
      { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$' },
    ],
  }),
  parse(tree, path, diagnose) {
    if (isNull(tree)) return undefined
    const value = tree.kind === 'scalar' ? tree.value : undefined
    if (isPortNumber(value)) return value
    if (typeof value === 'string' && isPortName(value)) return value
    diagnose('NP204', { path, expected: 'a port from 1 to 65535 or a port name (at most 15 characters, lower case)', got: kindOf(tree) }, placeOf(tree, path))
    return undefined
  },
}

export const portNumber: Field<number | undefined> = {
  describe: 'a port number',
  type: 'port number',
  absent: undefined,
  schema: () => ({ type: 'integer', minimum: 1, maximum: 65535 }),
  parse(tree, path, diagnose) {
    if (isNull(tree)) return undefined
    if (tree.kind === 'scalar' && isPortNumber(tree.value)) return tree.value
    diagnose('NP204', { path, expected: 'a port from 1 to 65535', got: kindOf(tree) }, placeOf(tree, path))
    return undefined
  },
}

const policyPort = checked(
  object('a port', { protocol: oneOf('the protocol', ['TCP', 'UDP', 'SCTP'], 'TCP'), port: portNumberOrName, endPort: portNumber }, 'NetworkPolicyPort'),
  ({ port, endPort }) => {
    if (endPort === undefined) return undefined
    if (typeof port !== 'number') return 'has an endPort, which needs a port number to start from'
    return endPort < port ? `has the endPort ${endPort} below its port ${port}` : undefined
  },
)

export type PolicyPort = Parsed<typeof policyPort>

const ports = list('ports; empty means every port', policyPort)

/** A NetworkPolicyIngressRule. */
export const ingressRule = located(object('one ingress rule', { from: list('sources; empty means any', peer), ports }, 'NetworkPolicyIngressRule'))
/** A NetworkPolicyEgressRule. */
export const egressRule = located(object('one egress rule', { to: list('destinations; empty means any', peer), ports }, 'NetworkPolicyEgressRule'))
