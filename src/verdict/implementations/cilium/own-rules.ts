import type { Resource } from '../../../resources/resource.ts'
import type { CiliumNetworkPolicy, CiliumRules } from '../../policies/cilium-network-policy.ts'
import type { CiliumRule } from '../../policies/cilium-rule.ts'
import { everyone } from './entities.ts'
import type { Identity } from './identity.ts'
import { selectorsOf } from './peers.ts'
import type { Scope } from './peers.ts'
import { mentionsInit, subjectOf } from './scope.ts'
import type { Part } from './stage.ts'

/** A spec of a CiliumNetworkPolicy with its selectors made. */
export interface OwnSpec {
  readonly policy: Resource
  /** Undefined: of a cluster-wide policy. */
  readonly namespace: string | undefined
  readonly isSubject: (identity: Identity) => boolean
  readonly ingress: OwnRules
  readonly egress: OwnRules
}

export interface OwnRules extends Pick<CiliumRules, 'locks'> {
  readonly rules: readonly OwnRule[]
}

export interface OwnRule {
  readonly rule: CiliumRule
  readonly parts: readonly Part[]
}

export function ownSpecs({ policy, namespace, specs }: CiliumNetworkPolicy, known: Pick<Scope, 'world' | 'groups'>): OwnSpec[] {
  return specs.map(({ subject, ingress, egress }) => {
    const scope: Scope = { ...known, namespace, init: mentionsInit(subject) }
    const read = ({ locks, rules }: CiliumRules): OwnRules => ({ locks, rules: rules.map(rule => ({ rule, parts: partsOf(rule, scope) })) })
    return { policy, namespace, isSubject: subjectOf(subject, namespace), ingress: read(ingress), egress: read(egress) }
  })
}

/** Of a rule without peers, ports decide whether it is about everybody or nobody (createL4Filter and mergeL4Filter in pkg/policy). */
function partsOf({ action, peers, nobody, ports }: CiliumRule, scope: Scope): Part[] {
  if (nobody) return []
  const selectors = peers.flatMap(peer => selectorsOf(peer, action, scope))
  const open = selectors.length === 0 && ports !== undefined
  return [{ selectors: open ? [everyone] : selectors, ports }]
}
