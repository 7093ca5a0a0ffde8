import type { Protocol } from '../discover/workload.ts'
import type { Peer } from '../values/peers.ts'
import type { JsonObject, Place } from '../yaml/tree.ts'

/** One permitted conversation of the controller's pods, in nobody's dialect. */
export interface Flow {
  /** Id of the row in the traffic table. */
  readonly row: string
  readonly direction: 'ingress' | 'egress'
  /** Who is at the other end. */
  readonly peers: Peers
  /** Empty: every port. */
  readonly ports: readonly FlowPort[]
  /** Why it is permitted, in words; a comment on the rendered rule. */
  readonly reason: string
  /** Where its ports were found (`container port metrics`, `values`). */
  readonly where: readonly string[]
  /** It carries name resolution: an engine with a DNS proxy puts it in the path. */
  readonly resolvesNames: boolean
  /** The user's own NetworkPolicy rule, for the engine that takes it as it is. */
  readonly verbatim: JsonObject | undefined
  /** Of the user's own rule, for who cannot express it. */
  readonly place?: Place
  /** Made for one destination that the stream names: that need's key. */
  readonly derived?: string
}

export type Peers =
  | { readonly kind: 'any' }
  /** The kubelet, which dials probes from the pod's node. */
  | { readonly kind: 'nodes' }
  /** NetworkPolicyPeers of the values; never empty. */
  | { readonly kind: 'listed'; readonly peers: readonly ListedPeer[]; readonly verbatim: readonly JsonObject[] }
  /** All pods of a namespace. */
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'cidrs'; readonly cidrs: readonly string[] }
  /** Hosts outside the cluster by their DNS names, `*` standing for any characters; only for engines that know names. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** The kube-apiserver: no pod, and known by address only where the engine has no word for it. */
  | { readonly kind: 'apiserver'; readonly cidrs: readonly string[] }

/** A peer of the values, with its place for those who cannot express it. */
export interface ListedPeer {
  readonly peer: Peer
  readonly path: string
  readonly place: Place
}

/** A port by its number alone. */
export function onPort(number: number, protocol: Protocol = 'TCP'): FlowPort {
  return { name: undefined, number, endPort: undefined, protocol }
}

export interface FlowPort {
  /** The container's name for it. */
  readonly name: string | undefined
  /** Undefined where a user's rule names a port that only the other side's pods know. */
  readonly number: number | undefined
  /** Last of a range that starts at `number`. */
  readonly endPort: number | undefined
  readonly protocol: Protocol
}
