import type { Pod, World } from '../../../src/verdict/world.ts'
import type { Chance } from '../harness/chance.ts'
import type { Value } from '../harness/manifest.ts'
import { calicoAndOthers } from './calico-policies.ts'
import type { PolicyObject } from './model.ts'
import type { BLOCKS } from './world.ts'
import { randomWorld } from './world.ts'

/** A world whose pods speak both families, and begin with either. */
export function worldOfTwoFamilies(chance: Chance): World {
  const world = randomWorld(chance)
  return { ...world, pods: world.pods.map(pod => withTwo(chance, pod)) }
}

function withTwo(chance: Chance, pod: Pod): Pod {
  const [four = ''] = pod.addresses
  const six = four.replace(/^.*\./, 'fd00:10:1::')
  return { ...pod, addresses: chance.pick([[four, six], [six, four], [four]]) }
}

/** Policies of which some, and some networks of ClusterNetworkPolicies, are of IPv6. */
export function policiesOfTwoFamilies(chance: Chance, world: World): PolicyObject[] {
  return calicoAndOthers(chance, world).map(policy => {
    if (policy['kind'] === 'ClusterNetworkPolicy') return mapped(policy, text => (chance.chance(0.5) ? toSix(text) : text))
    return chance.chance(0.5) ? mapped(policy, toSix) : policy
  })
}

/** Each block as one of IPv6 that holds the same others, and ICMP as that of IPv6. */
const sixes: Readonly<Record<(typeof BLOCKS)[number] | 'ICMP', string>> = {
  '0.0.0.0/0': '::/0',
  '10.1.0.0/16': 'fd00:10:1::/48',
  '10.1.0.0/29': 'fd00:10:1::/125',
  '10.0.0.0/8': 'fd00:10::/32',
  '192.168.1.0/24': 'fd00:c0a8:1::/64',
  '192.168.1.1/32': 'fd00:c0a8:1::1/128',
  '198.51.100.0/24': '2001:db8:64::/64',
  '198.51.100.0/25': '2001:db8:64::/65',
  '198.51.100.7/32': '2001:db8:64::7/128',
  '203.0.113.0/24': '2001:db8:71::/64',
  '172.20.0.1/32': 'fd00:ac14::1/128',
  ICMP: 'ICMPv6',
}

function toSix(text: string): string {
  return isOld(text) ? sixes[text] : text
}

function isOld(text: string): text is keyof typeof sixes {
  return Object.hasOwn(sixes, text)
}

/** Every string of a policy mapped, and its rules those of the other family. */
function mapped(policy: PolicyObject, map: (text: string) => string): PolicyObject {
  return Object.fromEntries(Object.entries(policy).map(([key, value]) => [key, mappedValue(key, value, map)]))
}

function mappedValue(key: string, value: Value, map: (text: string) => string): Value {
  if (typeof value === 'string') return map(value)
  if (key === 'ipVersion') return 6
  if (Array.isArray(value)) return [...new Set(value.map(item => mappedValue('', item, map)))]
  return typeof value === 'object' && value !== null ? mapped(value, map) : value
}
