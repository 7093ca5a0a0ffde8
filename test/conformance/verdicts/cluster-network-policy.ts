import type { World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import type { PolicyObject } from './model.ts'
import { byAnyLabels, byOwnLabels, randomSelector } from './selectors.ts'
import { NAMES, NAMESPACES, NAMESPACE_LABELS, NODE_LABELS, PORTS, PORT_NAMES, blocksIn, shuffled } from './world.ts'

/** Peers of egress that not every engine takes, labels that engines give, and equal priorities, of which the API leaves the order open. */
export type Extra = 'nodes' | 'names' | 'labels' | 'ties'

/** Random ClusterNetworkPolicies of both tiers. */
export function clusterNetworkPolicies(chance: Chance, world: World, extras: readonly Extra[]): PolicyObject[] {
  const priorities = shuffled(chance, [0, 1, 10, 500, 1000])
  return chance
    .times(1, 4, () => 0)
    .map((_, index) => randomPolicy(chance, `cluster-${index}`, extras.includes('ties') ? chance.pick([0, 1, 1000]) : (priorities[index] ?? 0), extras, blocksIn(world)))
}

function randomPolicy(chance: Chance, name: string, priority: number, extras: readonly Extra[], blocks: readonly string[]): PolicyObject {
  const rules = (direction: 'from' | 'to'): PolicyObject[] => chance.times(0, 4, () => randomRule(chance, direction, extras, blocks))
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: chance.pick(['Admin', 'Admin', 'Baseline']), priority, subject: randomPods(chance, extras), ingress: rules('from'), egress: rules('to') },
  }
}

function randomPods(chance: Chance, extras: readonly Extra[]): PolicyObject {
  const namespaceSelector = randomSelector(chance, { ...NAMESPACE_LABELS, 'kubernetes.io/metadata.name': NAMESPACES })
  if (chance.chance(0.5)) return { namespaces: namespaceSelector }
  return { pods: { podSelector: (extras.includes('labels') ? byAnyLabels : byOwnLabels)(chance), ...(chance.chance(0.7) ? { namespaceSelector } : {}) } }
}

function randomRule(chance: Chance, direction: 'from' | 'to', extras: readonly Extra[], blocks: readonly string[]): PolicyObject {
  const action = chance.pick(['Accept', 'Accept', 'Deny', 'Deny', 'Pass'])
  const peers = chance.times(1, 2, () => (direction === 'from' ? randomPods(chance, extras) : randomDestination(chance, action, extras, blocks)))
  const named = peers.every(peer => 'pods' in peer || 'namespaces' in peer)
  return { action, [direction]: peers, ...(chance.chance(0.6) ? { protocols: chance.times(1, 3, () => randomProtocol(chance, named)) } : {}) }
}

function randomDestination(chance: Chance, action: string, extras: readonly Extra[], blocks: readonly string[]): PolicyObject {
  const kind = chance.pick(['pods', 'pods', 'networks', ...extras.filter(extra => extra === 'nodes' || (extra === 'names' && action === 'Accept'))])
  if (kind === 'networks') return { networks: [...new Set(chance.times(1, 2, () => chance.pick(blocks)))] }
  if (kind === 'nodes') return { nodes: randomSelector(chance, NODE_LABELS) }
  if (kind === 'names') return { domainNames: [chance.pick([...NAMES, '*.example.com'])] }
  return randomPods(chance, extras)
}

function randomProtocol(chance: Chance, named: boolean): PolicyObject {
  if (named && chance.chance(0.3)) return { destinationNamedPort: chance.pick(PORT_NAMES) }
  const protocol = chance.pick(['tcp', 'tcp', 'udp', 'sctp'])
  if (chance.chance(0.2)) return { [protocol]: { destinationPort: { range: { start: 1, end: 65535 } } } }
  const start = chance.pick(PORTS)
  return { [protocol]: { destinationPort: chance.chance(0.6) ? { number: start } : { range: { start, end: start + chance.pick([1, 5, 400, 9000]) } } } }
}
