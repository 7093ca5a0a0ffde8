import type { World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import type { PolicyObject } from './model.ts'
import { randomSelector } from './selectors.ts'
import { BLOCKS, LABELS, NAMESPACES, NAMESPACE_LABELS, PORTS, PORT_NAMES, PROTOCOLS } from './world.ts'

/** Random NetworkPolicies with all that networking.k8s.io/v1 has. */
export function networkPolicies(chance: Chance, _world: World): PolicyObject[] {
  return chance.times(1, 4, () => 0).map((_, index) => randomPolicy(chance, `network-${index}`))
}

function randomPolicy(chance: Chance, name: string): PolicyObject {
  const types = chance.pick([[], ['Ingress'], ['Egress'], ['Ingress', 'Egress']])
  const rules = (key: 'from' | 'to'): PolicyObject[] => chance.times(0, 3, () => randomRule(chance, key))
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(chance.chance(0.1) ? {} : { namespace: chance.pick(NAMESPACES) }) },
    spec: {
      podSelector: randomSelector(chance, LABELS),
      ...(types.length === 0 ? {} : { policyTypes: types }),
      ...(chance.chance(0.8) ? { ingress: rules('from') } : {}),
      ...(chance.chance(0.7) ? { egress: rules('to') } : {}),
    },
  }
}

function randomRule(chance: Chance, key: 'from' | 'to'): PolicyObject {
  return {
    ...(chance.chance(0.8) ? { [key]: chance.times(0, 3, () => randomPeer(chance)) } : {}),
    ...(chance.chance(0.6) ? { ports: chance.times(0, 3, () => randomPort(chance)) } : {}),
  }
}

function randomPeer(chance: Chance): PolicyObject {
  if (chance.chance(0.35)) return { ipBlock: randomBlock(chance) }
  const podSelector = randomSelector(chance, LABELS)
  const namespaceSelector = randomSelector(chance, { ...NAMESPACE_LABELS, 'kubernetes.io/metadata.name': NAMESPACES })
  return chance.pick([{ podSelector }, { namespaceSelector }, { podSelector, namespaceSelector }])
}

export function randomBlock(chance: Chance): PolicyObject {
  const cidr = chance.pick(BLOCKS)
  const within = BLOCKS.filter(other => other !== cidr && holds(cidr, other))
  return { cidr, ...(within.length > 0 && chance.chance(0.4) ? { except: [...new Set(chance.times(1, 2, () => chance.pick(within)))] } : {}) }
}

function holds(outer: string, inner: string): boolean {
  const [address, bits] = [outer, inner].map(toNumber)
  const [length, innerLength] = [outer, inner].map(block => Number(block.split('/')[1]))
  if (address === undefined || bits === undefined || length === undefined || innerLength === undefined || length >= innerLength) return false
  return length === 0 || address >>> (32 - length) === bits >>> (32 - length)
}

function toNumber(block: string): number {
  return (block.split('/')[0] ?? '').split('.').reduce((sum, part) => (sum << 8) | Number(part), 0) >>> 0
}

export function randomPort(chance: Chance): PolicyObject {
  const protocol = chance.chance(0.3) ? {} : { protocol: chance.pick(PROTOCOLS) }
  if (chance.chance(0.2)) return protocol
  if (chance.chance(0.35)) return { ...protocol, port: chance.pick(PORT_NAMES) }
  const port = chance.pick(PORTS)
  return { ...protocol, port, ...(chance.chance(0.25) ? { endPort: port + chance.pick([0, 5, 400, 9000]) } : {}) }
}
