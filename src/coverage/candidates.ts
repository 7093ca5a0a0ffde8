import { isEmptySelector } from '../discover/selector.ts'
import type { Labels } from '../discover/selector.ts'
import { namespaceNameLabel } from '../engines/labels.ts'
import { canonical, parseCidr } from '../net/cidr.ts'
import type { Home } from '../needs/home.ts'
import { needKey } from '../needs/need.ts'
import type { Need } from '../needs/need.ts'
import type { Reach, Target } from './reach.ts'

/** The reaches that may match a need: what thousands of needs were opened by need not be held against each of them. */
export class Candidates {
  /** Those that any need may match. */
  private readonly others: number[] = []
  private readonly byTrait = new Map<string, number[]>()
  private readonly reaches: readonly Reach[]
  private readonly home: Home

  constructor(reaches: readonly Reach[], home: Home) {
    this.reaches = reaches
    this.home = home
    reaches.forEach((reach, index) => {
      const traits = traitsOf(reach)
      if (traits === undefined) this.others.push(index)
      else for (const trait of new Set(traits)) this.add(trait, index)
    })
  }

  /** In the order of all; of those that are left out none matches. */
  of(need: Need): readonly Reach[] {
    const traits = wantedTraits(need, this.home).flatMap(trait => this.byTrait.get(trait) ?? [])
    if (traits.length === 0 && this.others.length === this.reaches.length) return this.reaches
    const indices = [...new Set([...this.others, ...traits])].sort((one, other) => one - other)
    return indices.flatMap(index => this.reaches[index] ?? [])
  }

  private add(trait: string, index: number): void {
    const indices = this.byTrait.get(trait)
    if (indices === undefined) this.byTrait.set(trait, [index])
    else indices.push(index)
  }
}

/** What a need has one of at least, if the reach matches it; undefined where that is no short list. */
function traitsOf({ target, rule: { flow } }: Reach): string[] | undefined {
  if (target.kind === 'name') return target.name.includes('*') || isSpecial(flow?.row) ? undefined : [`name ${target.name}`]
  // What may match is none for other needs than its own, so that only what is sure to match counts.
  const own = flow?.derived
  const sure = own === undefined || isSpecial(flow?.row) ? undefined : sureTrait(target)
  return own === undefined || sure === undefined ? undefined : [`key ${own}`, sure]
}

/** Resolvers and the cluster's DNS match by their row, whatever their target. */
function isSpecial(row: string | undefined): boolean {
  return row === 'resolvers' || row === 'dns'
}

/** What a need that the target is sure to match has. */
function sureTrait(target: Target): string | undefined {
  if (target.kind === 'block') return addressTrait(target.cidr)
  if (target.kind !== 'pods' || target.pods.matchExpressions.length > 0) return undefined
  const [label] = labelTraits(target.pods.matchLabels)
  if (label !== undefined || target.namespaces === 'own' || !isEmptySelector({ ...target.namespaces, matchLabels: {} })) return label
  const [key, ...more] = Object.keys(target.namespaces.matchLabels)
  return key === namespaceNameLabel && more.length === 0 ? `namespace ${target.namespaces.matchLabels[key]}` : undefined
}

function wantedTraits(need: Need, { namespace: own }: Home): string[] {
  const { host } = need
  const key = `key ${needKey(need)}`
  switch (host.kind) {
    case 'service':
      return [key, namespaceTrait(host.namespace ?? own), ...labelTraits(host.pods?.matchLabels ?? {}), ...labelTraits(host.backends[0]?.labels ?? {})]
    case 'dns':
      return [key, namespaceTrait(host.namespace)]
    case 'either':
      return [key, namespaceTrait(host.namespace), `name ${host.name}`]
    case 'outside':
      return [key, `name ${host.name}`]
    case 'address':
      return [key, addressTrait(host.cidr) ?? '']
    default:
      return [key]
  }
}

function namespaceTrait(namespace: string | undefined): string {
  return `namespace ${namespace ?? ''}`
}

/** Of one address; a wider block may hold any. */
function addressTrait(text: string): string | undefined {
  const cidr = parseCidr(text)
  return cidr === undefined || cidr.prefix < (cidr.version === 4 ? 32 : 128) ? undefined : `address ${canonical(cidr)}`
}

function labelTraits(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `label ${key}=${value}`)
}
