import { parseCidr } from '../../net/cidr.ts'
import { Part } from '../../passthrough/part.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import type { Schema } from '../../passthrough/schema.ts'
import type { Resource } from '../../resources/resource.ts'
import { at } from '../../yaml/tree.ts'
import type { Read } from '../contract.ts'
import { refusalsOf } from './refusals.ts'
import { textsIn } from './texts.ts'

/** A CiliumCIDRGroup of cilium.io/v2, which rules refer to by its name or its labels. */
export interface CiliumCidrGroup {
  readonly name: string
  /** But for Cilium's own. */
  readonly labels: Readonly<Record<string, string>>
  readonly cidrs: readonly string[]
}

const spec: Schema = { type: 'object', required: ['externalCIDRs'], properties: { externalCIDRs: { type: 'array', items: { type: 'string' } } } }

export function readCidrGroup(policy: Resource): Read<CiliumCidrGroup> {
  const refused = refusalsOf(policy, diagnose => {
    const part = new Part(at(policy.tree, 'spec'), 'spec', { diagnose, told: new Set() }, policy.tree)
    if (!part.present) part.problem('is missing')
    checkStructure(part, spec, () => undefined)
    for (const cidr of part.at('externalCIDRs').items)
      if (cidr.text !== undefined && parseCidr(cidr.text) === undefined) cidr.problem(`is ${JSON.stringify(cidr.text)}, which is no CIDR`)
  })
  if (refused.length > 0) return { refused }
  const labels = Object.fromEntries(Object.entries(policy.labels).filter(([key]) => !key.startsWith('io.cilium.k8s')))
  return { read: { name: policy.name, labels, cidrs: textsIn(policy.tree, 'spec', 'externalCIDRs') } }
}
