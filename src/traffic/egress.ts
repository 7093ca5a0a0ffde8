import type { Settings } from '../values/schema.ts'
import type { Flow } from './flow.ts'
import { egressRuleFlow } from './rule.ts'
import { egressRows } from './table.ts'

/** The outbound flows: the rows of the table that apply, what was derived from the stream, then the user's own rules. Undefined: egress is not locked. */
export function planEgress({ egress }: Settings, derived: readonly Flow[], usePeers: boolean): Flow[] | undefined {
  if (!egress.enabled) return undefined
  const rows = egressRows.flatMap(row =>
    row.destinations(egress).map(({ peers, ports, where }): Flow => ({
      row: row.id,
      direction: 'egress',
      peers,
      ports,
      reason: row.reason,
      resolvesNames: row.resolvesNames,
      where: [`networkPolicy.${where}`],
      verbatim: undefined,
    })),
  )
  return [...rows, ...derived, ...(usePeers ? egress.to.map(egressRuleFlow) : [])]
}
