import type { World, WorldService } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import { LABELS, NAMESPACES, PORTS, PORT_NAMES, outsides, randomWorld } from './world.ts'

/** A world of IPv4, or whose pods speak both families and begin with either; with Services of both sorts. */
export function calicoWorld(chance: Chance): World {
  const four = randomWorld(chance)
  // A control plane of one node calls pods from theirs.
  const apiserver = chance.chance(0.1) ? ({ kind: 'apiserver', addresses: ['192.168.1.1'], port: 6443 } as const) : four.apiserver
  const world = chance.chance(0.6) ? four : withSix(chance, four)
  return { ...world, apiserver, services: ['service-0', 'service-1', 'service-2', 'service-3'].map(name => randomService(chance, world, name)) }
}

/** Nodes have one address to the judge. */
function withSix(chance: Chance, world: World): World {
  const pods = world.pods.map((pod, index) => {
    const six = `fd00:1::${index + 1}`
    return { ...pod, addresses: chance.chance(0.5) ? [...pod.addresses, six] : [six, ...pod.addresses] }
  })
  return { ...world, pods }
}

function randomService(chance: Chance, world: World, name: string): WorldService {
  const addresses = [...world.pods, ...world.nodes].flatMap(end => end.addresses).concat(outsides(world).map(({ address }) => address))
  return {
    namespace: chance.pick(NAMESPACES),
    name,
    labels: {},
    clusterAddresses: [],
    backends: chance.chance(0.7) ? { selector: { app: chance.pick(LABELS.app) } } : { addresses: [...new Set(chance.times(0, 4, () => chance.pick(addresses)))] },
    ports: chance.times(1, 2, () => ({
      name: `port-${chance.below(1000)}`,
      port: 80,
      target: chance.chance(0.3) ? chance.pick(PORT_NAMES) : chance.pick(PORTS),
      protocol: chance.pick(['TCP', 'TCP', 'UDP'] as const),
    })),
  }
}
