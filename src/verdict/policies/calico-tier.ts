import { Part } from '../../passthrough/part.ts'
import type { Schema } from '../../passthrough/schema.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { at, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Read } from '../contract.ts'
import { checkMetadata, withoutNulls } from './calico-object.ts'
import { refusalsOf } from './refusals.ts'

/** Policies that are asked together; the tiers one after the other. */
export interface Tier {
  readonly name: string
  /** The lower first. */
  readonly order: number
  /** What becomes of traffic that its policies select and none of their rules matches. */
  readonly defaultAction: 'Deny' | 'Pass'
}

/** Those that Calico makes by itself (libcalico-go/lib/clientv3/client.go, EnsureInitialized). */
export const tiers: readonly Tier[] = [
  { name: 'kube-admin', order: 1000, defaultAction: 'Pass' },
  { name: 'default', order: 1_000_000, defaultAction: 'Deny' },
  { name: 'kube-baseline', order: 10_000_000, defaultAction: 'Pass' },
]

/** libcalico-go/lib/resources: DefaultTierFields. */
const orderOfNone = 1_000_000

export function readTier(tier: Resource): Read<Tier> {
  const refused = refusalsOf(tier, diagnose => check(tier, diagnose))
  return refused.length > 0 ? { refused } : { read: toTier(tier.name, at(tier.tree, 'spec')) }
}

function toTier(name: string, spec: Tree | undefined): Tier {
  return { name, order: Number(textAt(spec, 'order') ?? orderOfNone), defaultAction: textAt(spec, 'defaultAction') === 'Pass' ? 'Pass' : 'Deny' }
}

const schema: Schema = {
  type: 'object',
  properties: { order: { type: 'number' }, defaultAction: { type: 'string', enum: ['Deny', 'Pass'] } },
}

/** A tier's name is a label's value (validateTier), and Calico's own tiers cannot be changed (the CRD's CEL). */
function check(tier: Resource, diagnose: Diagnose): void {
  checkMetadata(tier, tier.name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'tiers have names of at most 63 small letters, digits and -', diagnose)
  const spec = new Part(withoutNulls(at(tier.tree, 'spec')), 'spec', { diagnose, told: new Set() }, tier.tree)
  checkStructure(spec, schema, () => undefined)
  const own = tiers.find(({ name }) => name === tier.name)
  const given = toTier(tier.name, spec.tree)
  if (own !== undefined && own.order !== given.order) spec.at('order').problem(`must be ${own.order}, as Calico has this tier`)
  if (own !== undefined && own.defaultAction !== given.defaultAction) spec.at('defaultAction').problem(`must be ${own.defaultAction}, as Calico has this tier`)
}
