import type { World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import type { Value } from '../harness/manifest.ts'
import { randomExpression } from './calico-selectors.ts'
import type { PolicyObject } from './model.ts'
import { PORTS, PORT_NAMES, SERVICE_ACCOUNTS, blocksIn, familiesOf } from './world.ts'

type Direction = 'ingress' | 'egress'

/** In worlds of IPv4 alone, blocks of IPv6 make a rule one that is about nothing. */
const SIXES = ['fd00:1::/64', 'fd00:1::/125', 'fd00:1::2/128', 'fd00:10::/32', '::/0'] as const

/** A random rule with all that projectcalico.org/v3 has, of what the API takes together. */
export function randomCalicoRule(chance: Chance, world: World, direction: Direction, global: boolean): PolicyObject {
  const action = chance.pick(['Allow', 'Allow', 'Allow', 'Deny', 'Deny', 'Pass', 'Log'])
  const family = chance.chance(familiesOf(world).six ? 0.4 : 0.05) ? 6 : 4
  const icmp = family === 6 ? 'ICMPv6' : 'ICMP'
  const protocol = randomProtocol(chance, icmp)
  const ends: Ends = { chance, world, ports: portsOf(protocol), family, global }
  const http = direction === 'ingress' && action === 'Allow' && [undefined, 'TCP', 6].includes(protocol) && chance.chance(0.05)
  return {
    action,
    ...(protocol === undefined ? {} : { protocol }),
    ...(chance.chance(0.08) ? { notProtocol: chance.pick(['TCP', 'UDP', 'SCTP', 17, '132', 'UDPLite', icmp]) } : {}),
    ...(chance.chance(0.1) ? { ipVersion: family } : {}),
    ...(chance.chance(0.6) ? { source: randomEntity(ends, direction === 'ingress' ? 'peer' : 'own', 'source') } : {}),
    ...(chance.chance(0.6) ? { destination: randomEntity(ends, direction === 'egress' ? 'peer' : 'own', 'destination') } : {}),
    ...(protocol === icmp && chance.chance(0.5) ? { icmp: { type: 8, code: 0 } } : {}),
    ...(chance.chance(0.03) ? { notICMP: { type: 3 } } : {}),
    ...(http ? { http: { methods: ['GET'], paths: [{ prefix: '/' }] } } : {}),
    ...(chance.chance(0.03) ? { metadata: { annotations: { 'example.com/why': 'so' } } } : {}),
  }
}

function randomProtocol(chance: Chance, icmp: string): string | number | undefined {
  if (chance.chance(0.4)) return undefined
  return chance.pick(['TCP', 'TCP', 'TCP', 'UDP', 'SCTP', 6, 17, '6', '132', icmp, 'UDPLite', 50])
}

/** Which ports may stand beside a protocol: by number only where it has ports, by name also without one. */
function portsOf(protocol: string | number | undefined): 'any' | 'names' | 'none' {
  if (protocol === undefined) return 'names'
  return ['TCP', 'UDP', 'SCTP', '6', '17', '132'].includes(String(protocol)) ? 'any' : 'none'
}

interface Ends {
  chance: Chance
  world: World
  ports: 'any' | 'names' | 'none'
  family: 4 | 6
  global: boolean
}

/** `peer`: the end that the policy's pods talk to; `own`: theirs. */
function randomEntity(ends: Ends, end: 'peer' | 'own', side: 'source' | 'destination'): PolicyObject {
  const { chance } = ends
  if (end === 'peer' && chance.chance(0.2)) return { services: randomService(ends), ...(side === 'source' ? randomPorts(ends, side) : {}) }
  const some = (share: number, key: string, make: () => Value): PolicyObject => (chance.chance(end === 'peer' ? share : share / 3) ? { [key]: make() } : {})
  return {
    ...some(0.25, 'selector', () => randomExpression(chance, 'endpoint')),
    ...some(0.12, 'notSelector', () => (chance.chance(0.05) ? 'global()' : randomExpression(chance, 'endpoint'))),
    ...some(0.18, 'namespaceSelector', () => (chance.chance(0.1) ? 'global()' : randomExpression(chance, 'namespace'))),
    ...some(0.12, 'serviceAccounts', () => randomAccounts(chance)),
    ...some(0.18, 'nets', () => randomNets(ends)),
    ...some(0.1, 'notNets', () => randomNets(ends).filter(net => net !== '0.0.0.0/0' && net !== '::/0')),
    ...randomPorts(ends, side),
  }
}

function randomAccounts(chance: Chance): PolicyObject {
  return {
    ...(chance.chance(0.6) ? { names: [...new Set(chance.times(0, 2, () => chance.pick([...SERVICE_ACCOUNTS, "no'body"])))] } : {}),
    ...(chance.chance(0.5) ? { selector: randomExpression(chance, 'serviceAccount') } : {}),
  }
}

function randomNets({ chance, world, family }: Ends): string[] {
  const blocks = [...blocksIn(world), ...SIXES].filter(block => block.includes(':') === (family === 6))
  return [...new Set(chance.times(0, 2, () => chance.pick(blocks)))]
}

function randomService({ chance, world, global }: Ends): PolicyObject {
  const { namespace, name } = chance.pick([...world.services, { namespace: 'default', name: 'kubernetes' }, { namespace: 'red', name: 'nothing' }])
  return { name, ...(global || chance.chance(0.9) ? { namespace } : {}) }
}

function randomPorts({ chance, ports }: Ends, side: 'source' | 'destination'): PolicyObject {
  if (ports === 'none') return {}
  const one = (): Value => randomPort(chance, ports, side)
  const share = side === 'destination' ? 0.3 : 0.05
  return {
    ...(chance.chance(share) ? { ports: chance.times(0, 3, one) } : {}),
    ...(chance.chance(share / 3) ? { notPorts: chance.times(0, 2, one) } : {}),
  }
}

/** Callers use ports that no server has. */
function randomPort(chance: Chance, ports: 'any' | 'names', side: 'source' | 'destination'): Value {
  if (ports === 'names' || chance.chance(0.35)) return chance.pick(PORT_NAMES)
  if (side === 'source' && chance.chance(0.6)) return chance.pick(['1024:65535', '32768:60999', '1:1023'])
  const port = chance.pick(PORTS)
  return chance.pick([port, port, String(port), `${port}:${port + chance.pick([0, 1, 400, 9000])}`])
}
