import type { Diagnostic } from '../diagnostics/collect.ts'
import type { EngineName } from '../engines/registry.ts'
import type { Place } from '../yaml/tree.ts'

/** Who may talk to whom under the policies of a stream, for people and for programs. */
export interface Matrix {
  /** Of helm-netpol. */
  readonly version: string
  readonly engine: EngineName
  /** False: the values do not enable the policies, and the matrix shows what they would be. */
  readonly enabled: boolean
  /** False: something is wrong (see the diagnostics), and the filter would write nothing. */
  readonly ok: boolean
  readonly workloads: readonly WorkloadMatrix[]
  /** Policies that cover every pod of a namespace. */
  readonly defaultDenies: readonly DefaultDenyMatrix[]
  readonly diagnostics: readonly Diagnostic[]
  /** The values block that opens all that is cut, as YAML. */
  readonly paste?: string
}

export interface WorkloadMatrix {
  /** `Deployment stage/controller`. */
  readonly workload: string
  /** The policy that locks it: `NetworkPolicy stage/controller`. */
  readonly policy: string
  /** False: it may go anywhere. */
  readonly egressLocked: boolean
  /** Inbound first, each direction in the order of the traffic table. */
  readonly flows: readonly MatrixFlow[]
}

export interface MatrixFlow {
  readonly direction: 'ingress' | 'egress'
  /** Id of the row in the traffic table (`webhook`), or of the user's rule (`to`, `additionalIngress`, `cilium.egress`). */
  readonly row: string
  /** Who it is for, in a word or two: `kube-apiserver`, `Prometheus`, `OTLP collector`. */
  readonly party: string
  /** Who the policy lets through: `any`, `namespace monitoring`, `10.0.0.1/32`, `bucket.example.com`; empty where the flow is cut. */
  readonly peers: readonly string[]
  /** `9443/TCP (webhook)`; empty: every port. */
  readonly ports: readonly string[]
  readonly reason: string
  /** Where the stream or the values show it. */
  readonly found: readonly Finding[]
  /**
   * `allowed`: by the rules named; `possibly`: an address range that may hold the destination's address; `cut`: needed, and no
   * rule allows it; `open`: nothing is locked in this direction.
   */
  readonly verdict: Verdict
  readonly carriedBy: readonly Carrier[]
  /** For a flow that is cut: the values block that opens it, as YAML. */
  readonly paste?: string
}

export type Verdict = 'allowed' | 'possibly' | 'cut' | 'open'

export interface Finding {
  /** `container port metrics`, `--tracing-endpoint=otel.example.com:4317`. */
  readonly where: string
  readonly place?: Place
}

/** A rule of a document. */
export interface Carrier {
  /** `NetworkPolicy stage/controller`. */
  readonly document: string
  /** `spec.ingress[0]`. */
  readonly rule: string
}

export interface DefaultDenyMatrix {
  readonly policy: string
  /** Undefined: the release namespace, which Helm fills in. */
  readonly namespace: string | undefined
  readonly egress: boolean
}
