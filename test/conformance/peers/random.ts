import { Chance } from '../harness/chance.ts'
import { rows } from './model.ts'
import type { Case, Maybe, Peer, Port, Requirement, Rule, Selector } from './model.ts'
import { NAME } from './world.ts'

/** Cases from a seed: the same seed gives the same cases. */
export function randomCases(seed: number, count: number): Case[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, index) => ({ id: `random ${index}`, values: random.values() }))
}

/** Labels as they are in the world, and one value more that nobody has. */
type Vocabulary = Readonly<Record<string, readonly string[]>>
const LABELS_OF_PODS: Vocabulary = {
  app: ['web', 'batch', 'prometheus', 'db', 'nobody'],
  tier: ['front', 'back', '', 'nowhere'],
  track: ['canary', 'stable', '', 'nightly'],
  team: ['a', 'observability', 'nobody'],
  'app.kubernetes.io/name': ['batch', 'prometheus', 'nobody'],
}
const LABELS_OF_NAMESPACES: Vocabulary = {
  [NAME]: ['stage', 'monitoring', 'apps', 'blank', 'bare', 'nowhere'],
  team: ['platform', 'observability', 'a', '', 'nobody'],
  env: ['prod', 'dev', 'test'],
  'example.org/tier': ['infra', 'user', 'none'],
}
const BLOCKS: readonly (readonly [cidr: string, ...except: string[]])[] = [
  ['198.51.100.0/24', '198.51.100.128/25', '198.51.100.7/32', '198.51.100.0/26'],
  ['198.51.100.0/23', '198.51.101.0/24'],
  ['0.0.0.0/0', '10.0.0.0/8', '198.51.100.0/24', '192.168.0.0/16', '172.20.0.0/14'],
  ['10.1.0.0/16', '10.1.0.12/30'],
  ['192.168.1.0/24', '192.168.1.2/32'],
  ['172.20.0.0/28', '172.20.0.1/32'],
  ['::/0', '2001:db8::/32', 'fd00::/8'],
  ['2001:db8:5::/48', '2001:db8:5:1::/64'],
  ['fd00:10::/64', 'fd00:10::8/125'],
]
const NUMBERS = [53, 80, 443, 1053, 5060, 5061, 5353, 5432, 8080, 9090, 9443]
const RANGES: readonly (readonly [number, number])[] = [
  [50, 60],
  [80, 80],
  [1, 1024],
  [5000, 6000],
  [8080, 65535],
]
const NAMES = ['web', 'dns', 'db', 'sig', 'metrics', 'nobody']

/** How much of what one of the engines has no words for. */
interface Flavour {
  callingBlocks: boolean
  calledBlocks: boolean
  exceptions: boolean
  names: boolean
}

class Random extends Chance {
  values(): Case['values'] {
    const all = this.chance(0.3)
    const flavour = { callingBlocks: all, calledBlocks: all || this.chance(0.5), exceptions: all, names: all }
    const calling = { ...flavour, calledBlocks: flavour.callingBlocks }
    return {
      from: Object.fromEntries(rows.filter(() => this.chance(0.3)).map(row => [row, this.#list(0.15, () => this.#peer(calling))] as const)),
      ingress: this.times(0, 3, () => this.#rule({ ...calling, names: all })),
      ...(this.chance(0.15) ? {} : { egress: this.times(0, 4, () => this.#rule(flavour)) }),
    }
  }

  #rule(flavour: Flavour): Rule {
    return { ...this.#part('peers', () => this.#list(0.05, () => this.#peer(flavour))), ...this.#part('ports', () => this.#list(0.1, () => this.#port(flavour))) }
  }

  /** Now and then left out. */
  #part<K extends string, T>(key: K, make: () => T): { [P in K]?: T } {
    const made: { [P in K]?: T } = {}
    if (this.chance(0.95)) made[key] = make()
    return made
  }

  #list<T>(none: number, make: () => T): Maybe<T[]> {
    return this.chance(none) ? this.pick([null, []]) : this.times(1, 3, make)
  }

  #peer(flavour: Flavour): Peer {
    if (flavour.calledBlocks && this.chance(0.4)) return { ipBlock: this.#block(flavour) }
    const pods = { podSelector: this.#selector(LABELS_OF_PODS) }
    const namespaces = { namespaceSelector: this.#selector(LABELS_OF_NAMESPACES) }
    return this.pick([pods, namespaces, { ...pods, ...namespaces }, { ...pods, ...namespaces }])
  }

  #block({ exceptions }: Flavour): NonNullable<Peer['ipBlock']> {
    const [cidr, ...except] = this.pick(BLOCKS)
    return exceptions && this.chance(0.7) ? { cidr, except: except.filter(() => this.chance(0.6)) } : { cidr }
  }

  #selector(vocabulary: Vocabulary): Selector {
    const keys = Object.keys(vocabulary)
    const value = (key: string): string => this.pick(vocabulary[key] ?? [''])
    const chosen = this.times(0, 1, () => this.pick(keys)).map(key => [key, value(key)] as const)
    return { ...(chosen.length > 0 ? { matchLabels: Object.fromEntries(chosen) } : {}), matchExpressions: this.times(0, 2, () => this.#requirement(this.pick(keys), value)) }
  }

  #requirement(key: string, value: (key: string) => string): Requirement {
    const operator = this.pick(['In', 'NotIn', 'NotIn', 'Exists', 'DoesNotExist'] as const)
    return operator === 'In' || operator === 'NotIn' ? { key, operator, values: this.times(1, 3, () => value(key)) } : { key, operator }
  }

  #port({ names }: Flavour): Port {
    const protocol = this.pick([{}, {}, {}, { protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'UDP' }, { protocol: 'SCTP' }] as const)
    if (this.chance(0.05)) return protocol
    if (names && this.chance(0.4)) return { ...protocol, port: this.pick(NAMES) }
    const [port, endPort] = this.pick(RANGES)
    return this.chance(0.25) ? { ...protocol, port, endPort } : { ...protocol, port: this.pick(NUMBERS) }
  }
}
