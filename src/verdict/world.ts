import type { Labels } from '../discover/selector.ts'
import type { Protocol } from '../discover/workload.ts'

/** Who is there to talk: what a policy engine knows of a cluster. */
export interface World {
  readonly namespaces: readonly Namespace[]
  readonly pods: readonly Pod[]
  readonly nodes: readonly ClusterNode[]
  readonly services: readonly WorldService[]
  readonly serviceAccounts: readonly ServiceAccount[]
  /** The endpoint addresses of the kube-apiserver, not the Service's: engines see traffic after kube-proxy. */
  readonly apiserver: ApiserverEnd | undefined
  /** What names resolve to. */
  readonly names: readonly ResolvedName[]
}

export interface Namespace {
  readonly name: string
  /** `kubernetes.io/metadata.name` among them, as the API server puts it there. */
  readonly labels: Labels
}

export interface Pod {
  readonly kind: 'pod'
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  /** `default` where the pod names none. */
  readonly serviceAccount: string
  /** At most one of each family. */
  readonly addresses: readonly string[]
  readonly ports: readonly NamedPort[]
}

/** A port that a container declares. */
export interface NamedPort {
  readonly name: string | undefined
  readonly port: number
  readonly protocol: Protocol
}

export interface ClusterNode {
  readonly kind: 'node'
  readonly name: string
  readonly labels: Labels
  readonly addresses: readonly string[]
  /** The pods of the world run on it; at least one node is. */
  readonly local: boolean
}

export interface WorldService {
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  readonly clusterAddresses: readonly string[]
  readonly backends: Backends
  readonly ports: readonly WorldServicePort[]
}

/** The pods behind a Service, by their labels; where someone else manages them their addresses, if they are known. */
export type Backends = { readonly selector: Labels } | { readonly addresses: readonly string[] } | { readonly unknown: true }

export interface WorldServicePort {
  readonly name: string | undefined
  readonly port: number
  readonly target: number | string
  readonly protocol: Protocol
}

export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
}

export interface ApiserverEnd {
  readonly kind: 'apiserver'
  readonly addresses: readonly string[]
  readonly port: number
}

export interface ResolvedName {
  readonly name: string
  readonly addresses: readonly string[]
}

/** An address of nobody in the cluster. */
export interface Outside {
  readonly kind: 'outside'
  readonly address: string
}

export type End = Pod | ClusterNode | ApiserverEnd | Outside

/** One connection, as the policies see it: after Services were turned into the pods behind them. */
export interface Flow {
  readonly from: End
  readonly to: End
  readonly port: number
  readonly protocol: Protocol
}

export function addressesOf(end: End): readonly string[] {
  return end.kind === 'outside' ? [end.address] : end.addresses
}
