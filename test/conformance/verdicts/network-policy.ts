import { BlockList, isIPv4 } from 'node:net'
import type { World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import type { PolicyObject } from './model.ts'
import { byAnyLabels, randomSelector } from './selectors.ts'
import type { PodSelector } from './selectors.ts'
import { NAMESPACES, NAMESPACE_LABELS, PORTS, PORT_NAMES, PROTOCOLS, blocksIn } from './world.ts'

/** Random NetworkPolicies with all that networking.k8s.io/v1 has. */
export function networkPolicies(chance: Chance, world: World, pods: PodSelector = byAnyLabels): PolicyObject[] {
  return chance.times(1, 4, () => 0).map((_, index) => randomPolicy(chance, `network-${index}`, blocksIn(world), pods))
}

function randomPolicy(chance: Chance, name: string, blocks: readonly string[], pods: PodSelector): PolicyObject {
  const types = chance.pick([[], ['Ingress'], ['Egress'], ['Ingress', 'Egress']])
  const rules = (key: 'from' | 'to'): PolicyObject[] => chance.times(0, 3, () => randomRule(chance, key, blocks, pods))
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(chance.chance(0.1) ? {} : { namespace: chance.pick(NAMESPACES) }) },
    spec: {
      podSelector: pods(chance),
      ...(types.length === 0 ? {} : { policyTypes: types }),
      ...(chance.chance(0.8) ? { ingress: rules('from') } : {}),
      ...(chance.chance(0.7) ? { egress: rules('to') } : {}),
    },
  }
}

function randomRule(chance: Chance, key: 'from' | 'to', blocks: readonly string[], pods: PodSelector): PolicyObject {
  return {
    ...(chance.chance(0.8) ? { [key]: chance.times(0, 3, () => randomPeer(chance, blocks, pods)) } : {}),
    ...(chance.chance(0.6) ? { ports: chance.times(0, 3, () => randomPort(chance)) } : {}),
  }
}

function randomPeer(chance: Chance, blocks: readonly string[], pods: PodSelector): PolicyObject {
  if (chance.chance(0.35)) return { ipBlock: randomBlock(chance, blocks) }
  const podSelector = pods(chance)
  const namespaceSelector = randomSelector(chance, { ...NAMESPACE_LABELS, 'kubernetes.io/metadata.name': NAMESPACES })
  return chance.pick([{ podSelector }, { namespaceSelector }, { podSelector, namespaceSelector }])
}

export function randomBlock(chance: Chance, blocks: readonly string[]): PolicyObject {
  const cidr = chance.pick(blocks)
  const within = blocks.filter(other => other !== cidr && holds(cidr, other))
  return { cidr, ...(within.length > 0 && chance.chance(0.4) ? { except: [...new Set(chance.times(1, 2, () => chance.pick(within)))] } : {}) }
}

function holds(outer: string, inner: string): boolean {
  const [network = '', length = ''] = outer.split('/')
  const [address = '', innerLength = ''] = inner.split('/')
  if (Number(length) >= Number(innerLength) || isIPv4(network) !== isIPv4(address)) return false
  const list = new BlockList()
  list.addSubnet(network, Number(length), isIPv4(network) ? 'ipv4' : 'ipv6')
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

export function randomPort(chance: Chance): PolicyObject {
  const protocol = chance.chance(0.3) ? {} : { protocol: chance.pick(PROTOCOLS) }
  if (chance.chance(0.2)) return protocol
  if (chance.chance(0.35)) return { ...protocol, port: chance.pick(PORT_NAMES) }
  const port = chance.pick(PORTS)
  return { ...protocol, port, ...(chance.chance(0.25) ? { endPort: port + chance.pick([0, 5, 400, 9000]) } : {}) }
}
