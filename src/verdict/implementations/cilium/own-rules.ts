import type { CiliumRule } from '../../policies/cilium-rule.ts'
import { everyone } from './entities.ts'
import { selectorsOf } from './peers.ts'
import type { Scope } from './peers.ts'
import type { Part } from './stage.ts'

/** Of a rule without peers, ports decide whether it is about everybody or nobody (createL4Filter and mergeL4Filter in pkg/policy). */
export function ciliumParts({ action, peers, nobody, ports }: CiliumRule, scope: Scope): Part[] {
  if (nobody) return []
  const selectors = peers.flatMap(peer => selectorsOf(peer, action, scope))
  const open = selectors.length === 0 && ports !== undefined
  return [{ selectors: open ? [everyone] : selectors, ports }]
}
