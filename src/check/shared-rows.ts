import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import type { Flow } from '../traffic/flow.ts'
import { flowPort, foundPorts } from '../traffic/ingress.ts'
import { ingressRows } from '../traffic/table.ts'
import type { Inbound } from './required/required.ts'

/** A workload's rows, those among them that a policy opens together with another's: the port is the same, and the caller is not. */
export function withShared(planned: readonly Flow[], workload: Workload, release: Release): Inbound[] {
  const flows = [...planned.map(flow => ({ flow, required: true })), ...sharing.flatMap(row => sharedBy(row, planned, workload, release))]
  return flows.sort((one, other) => place(one.flow) - place(other.flow))
}

/** Those that leave a port to the row above that has it. */
const sharing = ingressRows.filter(({ id }) => id === 'service' || id === 'hostPort' || id === 'health')

function sharedBy(row: (typeof sharing)[number], planned: readonly Flow[], workload: Workload, release: Release): Inbound[] {
  return foundPorts(row, workload, release).flatMap(({ port, where }) => {
    const openers = planned.filter(flow => isOfTable(flow) && flow.ports.some(({ number, protocol }) => number === port.number && protocol === port.protocol))
    if (openers.length === 0 || openers.some(flow => flow.row === row.id)) return []
    const isNarrowed = openers.every(({ peers }) => peers.kind === 'listed')
    // Who calls the Service of a webhook is the webhook's own row.
    const isShown = row.callers === 'nodes' || (isNarrowed && openers.every(flow => flow.row !== 'webhook'))
    if (!isShown) return []
    const flow: Flow = {
      row: row.id,
      direction: 'ingress',
      peers: { kind: row.callers },
      ports: [flowPort(port)],
      reason: row.reason,
      resolvesNames: false,
      where,
      verbatim: undefined,
    }
    // Who narrows a port may well mean those callers.
    return [{ flow, required: !isNarrowed }]
  })
}

function isOfTable(flow: Flow): boolean {
  return place(flow) >= 0
}

/** -1 for a rule of the values. */
function place({ row }: Flow): number {
  return ingressRows.findIndex(({ id }) => id === row)
}
