import { cellsOf, countsText, directionsOf, egressText, oneLine } from '../cells.ts'
import type { Matrix, MatrixFlow } from '../matrix.ts'

/** The picture in words, for those who hear it. */
export function describe(matrix: Matrix): string {
  const workloads = matrix.workloads.map(workload => {
    const sentences = directionsOf(workload).map(({ title, flows, none }) => `${title}: ${flows.length === 0 ? none : flows.map(say).join('; ')}.`)
    return [`${oneLine(workload.workload)}: egress ${egressText(workload)}.`, ...sentences].join(' ')
  })
  return [`${countsText(matrix)}.`, ...workloads].join('\n')
}

function say(flow: MatrixFlow): string {
  const { who, ports, verdict } = cellsOf(flow)
  return `${who} at ${ports.join(', ')} is ${verdict}`
}
