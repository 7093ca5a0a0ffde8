import type { Flow, Verdict } from '../flows/model.ts'
import type { Pair } from './model.ts'

/** What an engine says of a flow whatever its rules are; undefined where it has to say what the NetworkPolicy says. */
export function natural({ engine, judge }: Pair, { from, to }: Flow): Verdict | undefined {
  if (engine !== 'clusterNetworkPolicy') return undefined
  // Its ingress peers are pods: nothing denies what comes from nodes and from outside.
  if (from.kind !== 'pod') return 'allow'
  // Its denial names pods and networks, and networks never select nodes on Cilium.
  if (judge === 'cilium' && to.kind === 'node') return 'allow'
  return undefined
}
