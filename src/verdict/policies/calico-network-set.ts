import type { Labels } from '../../discover/selector.ts'
import { blockOf } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import { Part } from '../../passthrough/part.ts'
import type { Schema } from '../../passthrough/schema.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import { dnsSubdomain } from '../../resources/names.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { at } from '../../yaml/tree.ts'
import type { Read } from '../contract.ts'
import { checkMetadata, identityOf, withoutNulls } from './calico-object.ts'
import { toNet } from './calico-rule.ts'
import { refusalsOf } from './refusals.ts'
import { textsIn } from './texts.ts'

/** Addresses with labels, for selectors of rules: a NetworkSet or GlobalNetworkSet of Calico. */
export interface NetworkSet {
  /** Undefined: a GlobalNetworkSet. */
  readonly namespace: string | undefined
  readonly labels: Labels
  readonly nets: readonly Cidr[]
}

export function readNetworkSet(set: Resource, namespace: string): Read<NetworkSet> {
  const refused = refusalsOf(set, diagnose => check(set, diagnose))
  if (refused.length > 0) return { refused }
  const read = {
    namespace: set.kind === 'GlobalNetworkSet' ? undefined : (set.namespace ?? namespace),
    labels: identityOf(set).labels,
    nets: textsIn(set.tree, 'spec', 'nets')
      .map(toBlock)
      .filter(net => net !== undefined),
  }
  return { read }
}

const spec: Schema = { type: 'object', properties: { nets: { type: 'array', set: true, items: { type: 'string' } } } }

/** libcalico-go/lib/validator/v3/validator.go: validateObjectMeta, validateNetworkSet and the tag `cidr` of nets. */
function check(set: Resource, diagnose: Diagnose): void {
  checkMetadata(set, identityOf(set).name, dnsSubdomain, 'names are of small letters, digits, - and dots', diagnose)
  const metadata = new Part(at(set.tree, 'metadata'), 'metadata', { diagnose, told: new Set() }, set.tree)
  const taken = metadata.at('labels', 'projectcalico.org/namespace')
  if (taken.tree !== undefined) taken.problem('is a label that Calico itself gives')
  const part = new Part(withoutNulls(at(set.tree, 'spec')), 'spec', { diagnose, told: new Set() }, set.tree)
  checkStructure(part, spec, () => undefined)
  for (const net of part.at('nets').items)
    if (net.text !== undefined && toBlock(net.text) === undefined)
      net.problem(`is ${JSON.stringify(net.text)}, which is no CIDR such as 10.0.0.1/32 or fd00::/8`)
}

/** An address alone is a block of one. */
function toBlock(text: string): Cidr | undefined {
  return toNet(blockOf(text) ?? text)
}
