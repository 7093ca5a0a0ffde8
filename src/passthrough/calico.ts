import { canonical, hasHostBits, isMapped, parseCidr } from '../net/cidr.ts'
import type { Cidr } from '../net/cidr.ts'
import { dnsSubdomain } from '../resources/names.ts'
import { isLabelKey, isPortName } from '../values/peers.ts'
import { isBlank, isGlobalOnly, selectorProblem } from './calico-selector.ts'
import type { Dialect } from './check.ts'
import type { Part } from './part.ts'
import type { Direction, Schemas } from './schema.ts'
import { readCalicoRule } from './reach-calico.ts'
import schema from './schemas/calico.json' with { type: 'json' }

const schemas: Schemas = schema

/**
 * What Calico refuses beyond the types of its CRD: the CRD's CEL (api/pkg/apis/projectcalico/v3) and
 * libcalico-go/lib/validator/v3/validator.go, both of v3.34, here named by the function or the field.
 */
export const calico: Dialect = {
  schemas,
  explain: key =>
    key === 'domains' ? 'needs Calico Enterprise or Calico Cloud: open-source Calico has no rules for names, and its API drops the field' : undefined,
  check(rule, direction) {
    const protocol = rule.at('protocol')
    checkProtocol(protocol)
    checkProtocol(rule.at('notProtocol'))
    checkIcmp(rule)
    checkHttp(rule, direction)
    for (const side of sides) checkEntity(rule.at(side))
    checkPorts(rule)
    checkNets(rule)
    checkServices(rule, direction)
    checkAnnotations(rule.at('metadata', 'annotations'))
  },
  readEgress: readCalicoRule,
}

const sides = ['source', 'destination'] as const

const protocols = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite']

/** Uint8OrString: digits in a string are a number; validateProtocol: 0 is none, and names are spelt as listed. */
export function protocolNumber({ value }: Pick<Part, 'value'>): number | undefined {
  if (typeof value === 'string') return /^\d{1,64}$/.test(value) && Number(value) < 256 ? Number(value) : undefined
  return value
}

function checkProtocol(part: Part): void {
  const { value } = part
  const number = protocolNumber(part)
  if (typeof value === 'number' && (value < 1 || value > 255)) part.problem(`is ${value}; a protocol number can be 1 to 255`)
  if (typeof value !== 'string' || protocols.includes(value)) return
  const meant = protocols.find(name => name.toLowerCase() === value.toLowerCase())
  if (number === undefined || number === 0)
    part.problem(
      `is ${JSON.stringify(value)}; it can be ${protocols.join(', ')} or a number from 1 to 255${meant === undefined ? '' : `. Did you mean ${meant}?`}`,
    )
}

/** CEL compares with the number, so that digits in a string are neither. */
function isProtocol({ value }: Part, name: string, number: number): boolean {
  return value === name || value === number
}

/** Kernels match an ICMP code only with its type; and each family has its ICMP (CEL on Rule and ICMPFields). */
function checkIcmp(rule: Part): void {
  const protocol = rule.at('protocol')
  const isIcmp = isProtocol(protocol, 'ICMP', 1) || isProtocol(protocol, 'ICMPv6', 58)
  if (rule.has('icmp') && !isIcmp) rule.at('icmp').problem('needs the protocol ICMP or ICMPv6')
  for (const key of ['icmp', 'notICMP']) {
    const icmp = rule.at(key)
    if (icmp.has('code') && !icmp.has('type')) icmp.problem('has a code, which needs a type')
  }
  const version = rule.at('ipVersion').number
  for (const part of [protocol, rule.at('notProtocol')]) {
    if (version !== undefined && version !== 4 && isProtocol(part, 'ICMP', 1)) part.problem(`is ICMP, which is of ipVersion 4, not ${version}`)
    if (version !== undefined && version !== 6 && isProtocol(part, 'ICMPv6', 58)) part.problem(`is ICMPv6, which is of ipVersion 6, not ${version}`)
  }
}

/** validateNetworkPolicySpec (ruleUsesAppLayerPolicy), validateHTTPRule, and CEL on Rule. */
function checkHttp(rule: Part, direction: Direction): void {
  const http = rule.at('http')
  if (!http.present) return
  const protocol = rule.at('protocol')
  if (direction === 'egress') http.problem('is for ingress rules only')
  else if (rule.at('action').text !== 'Allow') http.problem('is for the action Allow only')
  else if (protocol.present && !isProtocol(protocol, 'TCP', 6)) http.problem('needs the protocol TCP, or none')
  const methods = http.at('methods').items
  methods.forEach((method, index) => {
    if (method.text !== undefined && methods.findIndex(({ text }) => text === method.text) < index)
      method.problem(`is ${JSON.stringify(method.text)} a second time`)
  })
  for (const path of http.at('paths').items) checkPath(path)
}

/** validateHTTPPaths: an empty word is as good as none. */
function checkPath(path: Part): void {
  const given = ['exact', 'prefix'].filter(key => (path.at(key).text ?? '') !== '')
  const [key] = given
  if (key === undefined || given.length > 1) {
    path.problem('needs exact or prefix, and not both')
    return
  }
  const text = path.at(key).text ?? ''
  if (!text.startsWith('/') || /[? #]/.test(text)) path.at(key).problem(`is ${JSON.stringify(text)}; it must start with / and hold no ?, # or space`)
}

const selectors = ['selector', 'notSelector', 'namespaceSelector'] as const

/** The `selector` tags of EntityRule, CEL on global(), and validateEntityRule. */
function checkEntity(entity: Part): void {
  for (const part of [...selectors.map(key => entity.at(key)), entity.at('serviceAccounts', 'selector')]) {
    const problem = part.text === undefined ? undefined : selectorProblem(part.text)
    if (problem !== undefined) part.problem(`does not parse as a Calico selector: ${problem}`)
  }
  // Felix joins them with the namespace's, between brackets that would be empty (updateprocessors/rules.go, calc/rule_scanner.go).
  for (const part of [entity.at('selector'), entity.at('notSelector')]) if (isBlank(part.text)) part.problem('is blank')
  if (entity.at('selector').text?.includes('global(') === true) entity.at('selector').problem('says global(), which only a namespaceSelector can')
  const namespaces = entity.at('namespaceSelector')
  if (namespaces.text?.includes('global(') === true && !isGlobalOnly(namespaces.text)) namespaces.problem('says global() beside other words')
}

const portLists = ['ports', 'notPorts'] as const

/** validateRule: numbers need a protocol that has ports; names bring theirs. */
function checkPorts(rule: Part): void {
  const protocol = rule.at('protocol')
  for (const list of sides.flatMap(side => portLists.map(key => rule.at(side, key)))) {
    list.items.forEach(checkPort)
    if (!list.filled) continue
    if (protocol.present && !hasPorts(protocol)) list.problem('needs the protocol TCP, UDP or SCTP')
    if (!protocol.present && list.items.some(port => !isNamed(port))) list.problem('has port numbers, which need the protocol TCP, UDP or SCTP')
  }
}

function hasPorts(protocol: Part): boolean {
  const number = protocolNumber(protocol)
  return number === undefined ? ['TCP', 'UDP', 'SCTP'].includes(protocol.text ?? '') : [6, 17, 132].includes(number)
}

function isNamed({ text }: Part): boolean {
  return text !== undefined && !/^\d+(:\d+)?$/.test(text)
}

/** numorstring.PortFromString, validatePort and validatePortName. */
function checkPort(port: Part): void {
  const { value } = port
  if (value === undefined) return
  const numbers = /^(\d{1,64})(?::(\d{1,64}))?$/.exec(String(value))
  if (numbers === null) {
    if (!isPortName(String(value))) port.problem(`is ${JSON.stringify(value)}; it can be a port from 1 to 65535, a range such as "8080:8090", or a port's name`)
    return
  }
  const [first = 0, last = first] = numbers.slice(1).flatMap(text => (text === undefined ? [] : [Number(text)]))
  if (first < 1 || last > 65535 || first > 65535) port.problem(`is ${JSON.stringify(value)}; ports are 1 to 65535`)
  else if (first > last) port.problem(`is ${JSON.stringify(value)}, a range from the higher port to the lower`)
}

/** validateRule, scanNets: blocks of one family, with no bits past the prefix, and never everything left out. */
function checkNets(rule: Part): void {
  let family: { version: 4 | 6; path: string } | undefined
  const version = rule.at('ipVersion').number
  for (const side of sides) {
    for (const key of ['nets', 'notNets'] as const) {
      for (const net of rule.at(side, key).items) {
        const cidr = checkNet(net, key === 'notNets')
        if (cidr === undefined) continue
        const own = familyOf(cidr)
        family ??= { version: own, path: net.path }
        if (family.version !== own) net.problem(`is of IPv${own} and ${family.path} of IPv${family.version}; make it two rules`)
        if (version !== undefined && version !== own) net.problem(`is of IPv${own}, and ipVersion is ${version}`)
      }
    }
  }
}

function checkNet(net: Part, negated: boolean): Cidr | undefined {
  if (net.text === undefined) return undefined
  const cidr = parseNet(net.text)
  if (cidr === undefined) net.problem(`is ${JSON.stringify(net.text)}, which is no CIDR such as 10.0.0.1/32 or fd00::/8`)
  else if (hasHostBits(cidr)) net.problem(`is ${net.text}, which has bits past its prefix; write ${canonical(cidr)}`)
  else if (negated && (cidr.version === 6 ? cidr.prefix === 0 : net.text === '0.0.0.0/0')) net.problem(`is ${net.text}, which leaves out everything`)
  return cidr
}

/** Go's net.ParseCIDR, which takes zeros before a prefix. */
export function parseNet(text: string): Cidr | undefined {
  return parseCidr(text.replace(/\/0+(?=\d)/, '/'))
}

/** net.IP.To4: an IPv4 address written as an IPv6 one is of IPv4. */
function familyOf(cidr: Cidr): 4 | 6 {
  return isMapped(cidr) ? 4 : cidr.version
}

const besideServices = ['selector', 'notSelector', 'namespaceSelector', 'nets', 'notNets', 'serviceAccounts'] as const

/** CEL on EntityRule and Rule; a Service is a source of ingress or a destination of egress (validateNetworkPolicySpec). */
function checkServices(rule: Part, direction: Direction): void {
  for (const side of sides) {
    const entity = rule.at(side)
    const services = entity.at('services')
    if (!services.present) continue
    if (side === (direction === 'ingress' ? 'destination' : 'source')) services.problem(`cannot be the ${side} of an ${direction} rule`)
    if ((services.at('name').text ?? '') === '') services.problem('needs the name of a Service')
    for (const key of ['name', 'namespace']) {
      const name = services.at(key)
      if (name.text !== undefined && name.text !== '' && name.text.length <= 253 && !dnsSubdomain.test(name.text))
        name.problem(`is ${JSON.stringify(name.text)}, which is no name`)
    }
    const rivals = besideServices.filter(key => isSaid(entity.at(key), key))
    const ports = portLists.filter(key => side === 'destination' && entity.at(key).filled)
    for (const key of [...rivals, ...ports]) entity.at(key).problem('stands beside services, which Calico refuses')
  }
}

/** Empty words and lists are none, but a mapping counts when it is there. */
function isSaid(part: Part, key: string): boolean {
  return key === 'serviceAccounts' ? part.present : part.filled || (part.text ?? '') !== ''
}

const mostAnnotations = 256 * 1024

/** validateObjectMetaAnnotations: keys are qualified names, whatever their case. */
export function checkAnnotations(annotations: Part): void {
  let size = 0
  for (const { key } of annotations.entries) {
    const annotation = annotations.at(key)
    if (!isLabelKey(key.toLowerCase())) annotation.problem(`has ${JSON.stringify(key)} for a key, which is no annotation key`)
    size += Buffer.byteLength(key) + Buffer.byteLength(annotation.text ?? '')
  }
  if (size > mostAnnotations) annotations.problem(`has ${size} bytes; it can have ${mostAnnotations}`)
}
