import { contains, parseCidr } from '../net/cidr.ts'
import { isLabelKey } from '../values/peers.ts'
import type { Dialect } from './check.ts'
import { goRegexpProblem } from './go-regexp.ts'
import { checkLabelSelector } from './labels.ts'
import { filledOf } from './part.ts'
import type { Part } from './part.ts'
import type { Direction, Schemas } from './schema.ts'
import { readCiliumRule } from './reach-cilium.ts'
import schema from './schemas/cilium.json' with { type: 'json' }

const schemas: Schemas = schema

/** What Cilium's agent refuses beyond its CRD: Sanitize of cilium v1.20, pkg/policy/api/rule_validation.go unless said otherwise. */
export const cilium: Dialect = {
  schemas,
  explain: () => undefined,
  check(rule, direction) {
    const side = direction === 'ingress' ? 'from' : 'to'
    checkPeers(rule, direction, side)
    if (rule.at('icmps').filled && rule.at('toPorts').filled) rule.at('icmps').problem('stands beside toPorts, which Cilium refuses; make it two rules')
    for (const ports of rule.at('toPorts').items) checkPorts(ports, direction)
    for (const field of rule.at('icmps').items.flatMap(icmp => icmp.at('fields').items)) checkIcmp(field)
  },
  readEgress: readCiliumRule,
}

/** One sort of peer a rule (IngressCommonRule.sanitize, EgressRule.l3Members). */
const peers: Readonly<Record<Direction, readonly string[]>> = {
  ingress: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'],
  egress: ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toServices', 'toGroups', 'toNodes', 'toFQDNs'],
}

function checkPeers(rule: Part, direction: Direction, side: string): void {
  const [first, ...others] = filledOf(rule, peers[direction])
  for (const other of others) rule.at(other).problem(`stands beside ${first}, and Cilium takes one sort of peer a rule; make it two rules`)
  for (const selector of [...rule.at(`${side}Endpoints`).items, ...rule.at(`${side}Nodes`).items]) checkLabelSelector(selector, isSourcedKey)
  for (const cidr of rule.at(`${side}CIDR`).items) checkCidr(cidr)
  for (const block of rule.at(`${side}CIDRSet`).items) checkBlock(block)
  // Without the option the agent refuses the whole policy (ErrFromToNodesRequiresNodeSelectorOption); it is off by default.
  const nodes = rule.at(`${side}Nodes`)
  if (nodes.filled) nodes.warn('NP506', { path: nodes.path, engine: 'Cilium', option: '--enable-node-selector-labels' })
}

/** A label key, with the source it comes from before a colon, or without one (pkg/labels/validation.go). */
export function isSourcedKey(key: string): boolean {
  const [source = '', name, ...rest] = key.split(':')
  if (name === undefined) return isLabelKey(key)
  return rest.length === 0 && /^[A-Za-z0-9]+$/.test(source) && isLabelKey(name)
}

function checkCidr(cidr: Part): void {
  // The agent would take a bare address in fromCIDR and toCIDR; the API server does not (`format: cidr`).
  if (cidr.text !== undefined && parseCidr(cidr.text) === undefined)
    cidr.problem(`is ${JSON.stringify(cidr.text)}, which is no CIDR such as 10.0.0.1/32 or fd00::/8`)
}

function checkBlock(block: Part): void {
  const cidr = block.at('cidr')
  checkCidr(cidr)
  checkLabelSelector(block.at('cidrGroupSelector'), isSourcedKey)
  const outer = cidr.text === undefined ? undefined : parseCidr(cidr.text)
  for (const except of block.at('except').items) {
    checkCidr(except)
    const inner = except.text === undefined ? undefined : parseCidr(except.text)
    if (outer !== undefined && inner !== undefined && !contains(outer, inner)) except.problem(`is ${except.text}, which is not within ${cidr.text}`)
  }
}

const sorts = ['http', 'dns']

function checkPorts(part: Part, direction: Direction): void {
  const rules = part.at('rules')
  const sort = filledOf(rules, sorts)
  const dns = rules.at('dns').filled
  if (dns && direction === 'ingress') rules.at('dns').problem('is for egress; Cilium refuses DNS rules on ingress')
  if (sort.length > 0 && part.at('serverNames').filled && !part.has('terminatingTLS'))
    part.at('serverNames').problem(`stands beside rules.${sort[0]}, which needs terminatingTLS`)
  for (const port of part.at('ports').items) checkPort(port, sort, dns)
  if (dns && !part.at('ports').filled) part.problem('needs ports for its DNS rules, which the proxy must listen on (port: "53")')
  const listener = part.at('listener')
  if (listener.present && direction === 'ingress') listener.problem('is for egress; Cilium refuses listeners on ingress')
  if (listener.present && sort.length > 0) listener.problem(`stands beside rules.${sort[0]}, which Cilium refuses`)
  for (const http of rules.at('http').items) for (const key of ['path', 'method']) checkRegexp(http.at(key))
}

/** Protocols without ports, which need an option to take effect (pkg/policy/api/l4.go). */
const portless = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH']

function checkPort(part: Part, sort: readonly string[], dns: boolean): void {
  const port = part.at('port')
  const protocol = part.at('protocol')
  const extended = portless.includes(protocol.text ?? '')
  // L7 rules are for TCP, and a protocol left out means any (L7Rules, ParseL4Proto).
  if (sort.length > 0 && !dns && protocol.text !== 'TCP') protocol.problem(`must be TCP beside rules.${sort[0]}`)
  if (port.tree === undefined && !extended) part.problem('needs a port; "0" means every port')
  if (port.tree === undefined && extended) part.warn('NP506', { path: part.path, engine: 'Cilium', option: '--enable-extended-ip-protocols' })
  if (port.text === undefined || isServiceName(port.text)) return
  const number = parseGoInteger(port.text)
  if (number === undefined || number > 65535)
    port.problem(`is ${JSON.stringify(port.text)}; it can be a port from 0 to 65535, or a port's name (at most 15 characters)`)
  else if (extended && port.text !== '0') port.problem(`must be "0" or left out: ${protocol.text} has no ports`)
  else if (sort.length > 0 && number === 0) port.problem(`cannot be 0 beside rules.${sort[0]}`)
  else if (dns && (part.at('endPort').number ?? 0) > number) part.at('endPort').problem('stands beside DNS rules, which take no port ranges')
}

/** RFC 6335 as pkg/iana reads it: letters, digits and single dashes inside, with a letter among them. */
export function isServiceName(name: string): boolean {
  return name.length <= 15 && /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/.test(name) && /[a-zA-Z]/.test(name)
}

/** strconv.ParseUint with base 0; other bases than 8 and 10 have a letter, and so are names before they are numbers. */
export function parseGoInteger(text: string): number | undefined {
  if (text.length > 64) return undefined
  if (/^[1-9]\d*(_\d+)*$/.test(text)) return Number(text.replaceAll('_', ''))
  return /^0(_?[0-7]+)*$/.test(text) ? Number.parseInt(text.replaceAll('_', ''), 8) : undefined
}

function checkRegexp(part: Part): void {
  const problem = part.text === undefined ? undefined : goRegexpProblem(part.text)
  if (problem !== undefined) part.problem(`is no regular expression of Go: ${problem}`)
}

/** pkg/policy/api/icmp.go: the names of each family. */
const icmpNames: Readonly<Record<string, readonly string[]>> = {
  IPv4: [
    'EchoReply',
    'DestinationUnreachable',
    'Redirect',
    'Echo',
    'EchoRequest',
    'RouterAdvertisement',
    'RouterSelection',
    'TimeExceeded',
    'ParameterProblem',
    'Timestamp',
    'TimestampReply',
    'Photuris',
    'ExtendedEchoRequest',
    'ExtendedEchoReply',
  ],
  IPv6: [
    'DestinationUnreachable',
    'PacketTooBig',
    'TimeExceeded',
    'ParameterProblem',
    'EchoRequest',
    'EchoReply',
    'MulticastListenerQuery',
    'MulticastListenerReport',
    'MulticastListenerDone',
    'RouterSolicitation',
    'RouterAdvertisement',
    'NeighborSolicitation',
    'NeighborAdvertisement',
    'RedirectMessage',
    'RouterRenumbering',
    'ICMPNodeInformationQuery',
    'ICMPNodeInformationResponse',
    'InverseNeighborDiscoverySolicitation',
    'InverseNeighborDiscoveryAdvertisement',
    'HomeAgentAddressDiscoveryRequest',
    'HomeAgentAddressDiscoveryReply',
    'MobilePrefixSolicitation',
    'MobilePrefixAdvertisement',
    'DuplicateAddressRequestCodeSuffix',
    'DuplicateAddressConfirmationCodeSuffix',
    'ExtendedEchoRequest',
    'ExtendedEchoReply',
  ],
}

function checkIcmp(field: Part): void {
  const type = field.at('type')
  const family = field.at('family').text ?? 'IPv4'
  const known = icmpNames[family]
  if (type.text !== undefined && !/^\d+$/.test(type.text) && known !== undefined && !known.includes(type.text))
    type.problem(`is ${JSON.stringify(type.text)}, which is no ICMP type of ${family}`)
  // intstr.IntOrString holds 32 bits.
  if (type.number !== undefined && type.number !== (type.number | 0)) type.problem(`is ${type.number}; it can be 0 to 255`)
}
