import type { ClusterNode, World, WorldService } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import { LABELS, NAMES, NAMESPACES, outsides, randomWorld, shuffled, some } from './world.ts'

/** A world of one family or both, with Services of both sorts, and names that resolve to anything. */
export function ciliumWorld(chance: Chance): World {
  const four = randomWorld(chance)
  const families = chance.pick(['4', '4', '4', '4 and 6', '4 and 6', '6'])
  const world = families === '4' ? four : withSix(chance, four, families === '6')
  const addresses = [...world.pods, ...world.nodes, ...(world.apiserver === undefined ? [] : [world.apiserver])]
    .flatMap(end => end.addresses[0] ?? [])
    .concat(outsides(world).map(({ address }) => address))
  return {
    ...world,
    services: shuffled(
      chance,
      NAMESPACES.flatMap(namespace => ['service-0', 'service-1'].map(name => ({ namespace, name }))),
    )
      .slice(0, chance.below(4))
      .map(id => randomService(chance, id, addresses)),
    names: chance.chance(0.8) ? NAMES.map(name => ({ name, addresses: [...new Set(chance.times(1, 3, () => chance.pick(addresses)))] })) : [],
  }
}

function withSix(chance: Chance, world: World, alone: boolean): World {
  const both = (addresses: readonly string[], six: string): string[] => (alone ? [six] : [...addresses, six])
  return {
    ...world,
    pods: world.pods.map((pod, index) => ({ ...pod, addresses: both(pod.addresses, `fd00:1::${index + 1}`) })),
    nodes: world.nodes.map((node, index): ClusterNode => ({ ...node, addresses: both(node.addresses, `fd00:2::${index + 1}`) })),
    apiserver: { kind: 'apiserver', addresses: [chance.pick(['fd00:3::1', alone ? 'fd00:2::2' : '172.20.0.1'])], port: 6443 },
  }
}

function randomService(chance: Chance, id: Pick<WorldService, 'namespace' | 'name'>, addresses: readonly string[]): WorldService {
  return {
    ...id,
    labels: some(chance, LABELS),
    clusterAddresses: [],
    backends: chance.chance(0.6)
      ? { selector: { app: chance.pick(LABELS.app), ...(chance.chance(0.3) ? { 'pod-template-hash': '5f7' } : {}) } }
      : { addresses: [...new Set(chance.times(0, 3, () => chance.pick(addresses)))] },
    ports: [{ name: 'http', port: 80, target: 8080, protocol: 'TCP' }],
  }
}
