import { contains } from '../../../net/cidr.ts'
import type { Cidr } from '../../../net/cidr.ts'
import type { Unread } from '../../contract.ts'
import { hasNamedPort } from '../../match.ts'
import { once } from '../../once.ts'
import type { CalicoPort } from '../../policies/calico-rule.ts'
import type { End, Flow } from '../../world.ts'
import type { Selection } from './inventory.ts'
import { addressesIn, packetOf } from './packet.ts'
import type { Packet, Version } from './packet.ts'
import type { Backing } from './services.ts'

/** A rule as felix has it, whatever kind of policy it comes from. */
export interface Rule {
  readonly ipVersion?: Version | undefined
  /** By its number in IP. */
  readonly protocol?: number | undefined
  readonly notProtocol?: number | undefined
  readonly source: Entity
  readonly destination: Entity
}

/** One end of the traffic; what is undefined or empty says nothing of it. */
export interface Entity {
  readonly selected?: Selection | undefined
  readonly notSelected?: Selection | undefined
  readonly service?: Backing | undefined
  readonly nets?: readonly Cidr[]
  readonly notNets?: readonly Cidr[]
  readonly ports?: readonly CalicoPort[]
  readonly notPorts?: readonly CalicoPort[]
}

/** Whether a rule is about a flow: app-policy/checker/match.go and felix/rules/policy.go, v3.34. */
export function compileRule(rule: Rule): (flow: Flow) => boolean {
  const { protocol, notProtocol } = rule
  const versions = { 4: compileFor(4, rule), 6: compileFor(6, rule) }
  return flow => {
    const packet = packetOf(flow)
    return (protocol === undefined || protocol === packet.protocol) && notProtocol !== packet.protocol && versions[packet.version](packet)
  }
}

/** What the rule may match besides; undefined: nothing. */
export function unreadOf(rule: Rule): Unread | undefined {
  const why = rule.source.service?.unread ?? rule.destination.service?.unread
  if (why === undefined) return undefined
  const withoutService = (entity: Entity): Entity => ({ ...entity, service: undefined })
  return { why, matches: compileRule({ ...rule, source: withoutService(rule.source), destination: withoutService(rule.destination) }) }
}

function compileFor(version: Version, { ipVersion = version, source, destination }: Rule): (packet: Packet) => boolean {
  if (ipVersion !== version || !isOf(version, source) || !isOf(version, destination)) return () => false
  const [from, to] = [compileEnd(source, version), compileEnd(destination, version)]
  const [fromPort, toPort] = [compilePorts(source), compilePorts(destination)]
  return packet => {
    const { flow, sourcePort } = packet
    return toPort(flow.to, flow.port, packet) && fromPort(flow.from, sourcePort, packet) && from(flow.from, packet) && to(flow.to, packet)
  }
}

/** Blocks of the other family alone make it a rule of that family, be they those to match or those not to (FilterRuleToIPVersion). */
function isOf(version: Version, { nets = [], notNets = [] }: Entity): boolean {
  return [nets, notNets].every(blocks => blocks.length === 0 || blocks.some(block => block.version === version))
}

function compileEnd({ selected, notSelected, service, nets, notNets }: Entity, version: Version): (end: End, packet: Packet) => boolean {
  const matches = once((end: End): boolean => {
    const addresses = addressesIn(end, version)
    const within = (blocks: readonly Cidr[]): boolean => addresses.some(address => blocks.some(block => contains(block, address)))
    return (
      (selected === undefined || selected.end(end, version)) &&
      (notSelected === undefined || !notSelected.end(end, version)) &&
      (nets === undefined || nets.length === 0 || within(nets)) &&
      (notNets === undefined || !within(notNets))
    )
  })
  return (end, packet) => matches(end) && (service === undefined || service.matches(end, packet))
}

/** A name stands for ports of the pods that the rule selects at that end (ruleToParsedRule in felix/calc/rule_scanner.go). */
function compilePorts({ selected, ports, notPorts }: Entity): (end: End, port: number, packet: Packet) => boolean {
  return (end, port, { flow: { protocol } }) => {
    const isAmong = (candidate: CalicoPort): boolean => {
      if (candidate.kind === 'range') return candidate.first <= port && port <= candidate.last
      return end.kind === 'pod' && selected?.pod(end) !== false && hasNamedPort(end, candidate.name, { port, protocol })
    }
    return (ports === undefined || ports.length === 0 || ports.some(isAmong)) && (notPorts === undefined || !notPorts.some(isAmong))
  }
}
