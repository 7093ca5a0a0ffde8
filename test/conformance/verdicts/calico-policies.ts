import type { World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import { randomCalicoRule } from './calico-rules.ts'
import { randomExpression } from './calico-selectors.ts'
import { clusterNetworkPolicies } from './cluster-network-policy.ts'
import type { PolicyObject } from './model.ts'
import { networkPolicies } from './network-policy.ts'
import { NAMESPACES } from './world.ts'

/** Random Tiers, and NetworkPolicies and GlobalNetworkPolicies of Calico in them, with all that projectcalico.org/v3 has for pods. */
export function calicoPolicies(chance: Chance, world: World): PolicyObject[] {
  const tiers = ['alpha', 'tier-2', 'zeta'].filter(() => chance.chance(0.5)).map(name => randomTier(chance, name))
  const names = ['default', 'default', '', 'kube-admin', 'kube-baseline', ...tiers.map(nameOf), ...tiers.map(nameOf)]
  // Few tiers, so that what parts policies of one tier is asked often.
  const used = chance.times(1, 3, () => chance.pick(names))
  const policies = chance.times(1, 7, () => randomPolicy(chance, world, chance.pick(used)))
  return [...unique(policies), ...tiers]
}

/** The same among NetworkPolicies and ClusterNetworkPolicies, which Calico puts into tiers of its own. */
export function calicoAndOthers(chance: Chance, world: World): PolicyObject[] {
  return [
    ...calicoPolicies(chance, world),
    ...networkPolicies(chance, world).filter(() => chance.chance(0.6)),
    ...clusterNetworkPolicies(chance, world, chance.chance(0.5) ? ['labels', 'ties'] : ['labels']).filter(() => chance.chance(0.6)),
  ]
}

function nameOf(tier: PolicyObject): string {
  const metadata = tier['metadata']
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? String(metadata['name']) : ''
}

/** A cluster has one object of a kind and a name. */
function unique(policies: readonly PolicyObject[]): PolicyObject[] {
  return [...new Map(policies.map(policy => [JSON.stringify([policy['kind'], policy['metadata']]), policy])).values()]
}

function randomTier(chance: Chance, name: string): PolicyObject {
  const spec = {
    ...(chance.chance(0.7) ? { order: chance.pick([0, -5, 10, 999.5, 1000, 1_000_000, 20_000_000]) } : {}),
    ...(chance.chance(0.6) ? { defaultAction: chance.pick(['Pass', 'Pass', 'Deny']) } : {}),
  }
  return { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec }
}

function randomPolicy(chance: Chance, world: World, tier: string): PolicyObject {
  const global = chance.chance(0.5)
  const name = chance.pick(['network-0', 'network-1', 'policy', 'alpha.policy', 'cluster-0', 'z'])
  const early = global && chance.chance(0.04)
  const rules = (direction: 'ingress' | 'egress'): PolicyObject[] => chance.times(0, 4, () => randomCalicoRule(chance, world, direction, global))
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: global ? 'GlobalNetworkPolicy' : 'NetworkPolicy',
    metadata: global ? { name } : chance.chance(0.1) ? { name: 'released' } : { name, namespace: chance.pick(NAMESPACES) },
    spec: {
      ...(tier === 'default' && chance.chance(0.5) ? {} : { tier }),
      ...(chance.chance(0.7) ? { order: chance.pick([1, 1, 1, 0.5, -3, 1000, 1000]) } : {}),
      ...(chance.chance(0.4) ? { selector: randomExpression(chance, 'endpoint') } : {}),
      ...(chance.chance(0.12) ? { serviceAccountSelector: randomExpression(chance, 'serviceAccount') } : {}),
      ...(global && chance.chance(0.2) ? { namespaceSelector: randomExpression(chance, 'namespace') } : {}),
      ...(chance.chance(0.6) ? { types: chance.pick([[], ['Ingress'], ['Egress'], ['Ingress', 'Egress']]) } : {}),
      ...(chance.chance(0.8) ? { ingress: rules('ingress') } : {}),
      ...(chance.chance(0.7) ? { egress: rules('egress') } : {}),
      ...(early ? { doNotTrack: true } : {}),
      ...(early || (global && chance.chance(0.1)) ? { applyOnForward: true } : {}),
      ...(chance.chance(0.05) ? { performanceHints: ['AssumeNeededOnEveryNode'] } : {}),
    },
  }
}
