import type { Diagnostic } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import type { Flow } from '../traffic/flow.ts'
import type { Plan } from '../traffic/plan.ts'
import { objectAt, textOf } from '../yaml/json.ts'

/** What `--report FILE` holds, as JSON. */
export interface Report {
  readonly version: string
  /** False: there were errors, and nothing was written. */
  readonly ok: boolean
  /** False: the stream passed through unchanged. */
  readonly enabled: boolean
  readonly engine?: string
  readonly workloads?: readonly WorkloadReport[]
  readonly policies?: readonly PolicyReport[]
  readonly diagnostics: readonly Diagnostic[]
}

interface WorkloadReport {
  readonly workload: string
  readonly ingress: readonly FlowReport[]
  /** Null: egress is not locked. */
  readonly egress: readonly FlowReport[] | null
}

interface FlowReport {
  readonly row: string
  readonly peers: Flow['peers']
  readonly ports: Flow['ports']
  readonly reason: string
  readonly where: readonly string[]
}

interface PolicyReport {
  readonly role: Policy['role']
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export function workloadReports({ allowlists }: Plan): WorkloadReport[] {
  return allowlists.map(({ workload, ingress, egress }) => ({
    workload: workload.title,
    ingress: ingress.map(flowReport),
    egress: egress?.map(flowReport) ?? null,
  }))
}

function flowReport({ row, peers, ports, reason, where }: Flow): FlowReport {
  return { row, peers, ports, reason, where }
}

export function policyReports(policies: readonly Policy[]): PolicyReport[] {
  return policies.map(({ role, manifest }) => {
    const metadata = objectAt(manifest, 'metadata')
    const namespace = textOf(metadata['namespace'])
    return {
      role,
      apiVersion: textOf(manifest['apiVersion']),
      kind: textOf(manifest['kind']),
      name: textOf(metadata['name']),
      ...(namespace === '' ? {} : { namespace }),
    }
  })
}
