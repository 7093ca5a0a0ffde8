import type { Protocol } from '../flows/model.ts'
import type { Manifest } from '../harness/manifest.ts'
import type { Workload } from '../harness/workloads.ts'
import type { Service } from './services.ts'

/** Who dials: the API server, the kubelet, pods by a Service, Prometheus, or whoever comes to a port of the nodes. */
export const wireKinds = ['webhook', 'probe', 'service', 'metrics', 'outside'] as const
export type WireKind = (typeof wireKinds)[number]

/** A port of a workload, and why it has to be reachable. */
export interface Wire {
  kind: WireKind
  workload: Workload
  port: number
  protocol: Protocol
  why: string
  /** What is asked for there, where the chart tells. */
  path?: string
}

/** A chart's objects, as the parts of this model read them. */
export interface Facts {
  objects: readonly Manifest[]
  /** Those with a network of their own that a policy can hold for. */
  workloads: readonly Workload[]
  services: readonly Service[]
  /** Where the release lives. */
  namespace: string
  /** Says what is not judged, so that nothing is left out in silence. */
  leave: (reason: string, what: string) => void
}
