import type { Labels, LabelSelector } from '../discover/selector.ts'
import type { Protocol } from '../discover/workload.ts'
import type { FlowPort } from '../traffic/flow.ts'
import type { Place } from '../yaml/tree.ts'

/** A destination that a workload has to reach, as the stream shows it. */
export interface Need {
  /** Id of the row in the table of needs. */
  readonly row: string
  /** Who is reached, in a word or two: `OTLP collector`. */
  readonly party: string
  readonly reason: string
  readonly host: Host
  /** As the other end listens; empty: not known. */
  readonly ports: readonly FlowPort[]
  /** The port that is dialled: a Service's own, where `ports` are those of its pods. */
  readonly dialled: number | undefined
  /** One of the ports will do: the stream does not say which. */
  readonly anyPort: boolean
  /** Ports of this protocol will do: the others are fallbacks. */
  readonly mainly?: Protocol
  /** Something that looks like a destination, in a place that the table does not know. */
  readonly guess: boolean
  /** `s3.example.com:443`. */
  readonly text: string
  readonly found: readonly NeedFinding[]
}

/** Tells a need from the others of a workload. */
export function needKey({ row, text }: Need): string {
  return `${row} ${text}`
}

export interface NeedFinding {
  /** `--tracing-endpoint=otel.example.com:4317`. */
  readonly where: string
  readonly place: Place
}

export type Host =
  /** Pods of a Service. */
  | ServiceHost
  /** An address block that is one address. */
  | { readonly kind: 'address'; readonly cidr: string }
  /** A name that DNS resolves to addresses outside the cluster; `*` stands for any characters. */
  | { readonly kind: 'outside'; readonly name: string }
  /** `a.b`: Service a of namespace b, or a host. */
  | { readonly kind: 'either'; readonly name: string; readonly namespace: string }
  /** The kube-apiserver of this cluster. */
  | { readonly kind: 'apiserver' }
  /** The nodes of the cluster, all of them. */
  | { readonly kind: 'nodes' }
  /** The cluster's DNS, in its namespace. */
  | { readonly kind: 'dns'; readonly namespace: string }
  /** Something whose address the stream does not tell: the node's resolvers, endpoints that someone else manages. */
  /** `service`: one of the stream whose endpoints someone else manages; an empty namespace is the release's. */
  | { readonly kind: 'unknown'; readonly service?: { readonly name: string; readonly namespace: string | undefined } }

export interface ServiceHost {
  readonly kind: 'service'
  readonly name: string
  /** Undefined: the workload's own. */
  readonly namespace: string | undefined
  /** One of its pods is dialled, by the pod's own name: `db-0`. Its port is that of the pod. */
  readonly pod?: string
  /** Of its pods, where the stream holds the Service. */
  readonly pods: LabelSelector | undefined
  /** Its workloads in the stream, with the ports that are dialled there. */
  readonly backends: readonly Backend[]
}

/** A Service that the stream does not hold. */
export function unreadService(name: string, namespace: string | undefined, pod?: string): ServiceHost {
  return { kind: 'service', name, namespace, ...(pod === undefined ? {} : { pod }), pods: undefined, backends: [] }
}

export interface Backend {
  /** Its pods have the addresses of their nodes, and no policy knows them by their labels. */
  readonly hostNetwork: boolean
  readonly labels: Labels
  readonly ports: readonly FlowPort[]
}
