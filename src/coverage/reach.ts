import type { LabelSelector } from '../discover/selector.ts'
import type { Protocol } from '../discover/workload.ts'
import type { Flow } from '../traffic/flow.ts'
import type { JsonObject } from '../yaml/tree.ts'

/** What an egress rule lets through, in nobody's dialect. */
export interface Reach {
  readonly target: Target
  /** Empty: every port. */
  readonly ports: readonly ReachPort[]
  readonly allows: boolean
  /** False: it has conditions that are not read here, so that it may match less. */
  readonly sure: boolean
  readonly rule: RuleSource
  /** Answers of DNS are read on the way (Cilium's `rules.dns`). */
  readonly readsDns?: boolean
}

export type Target =
  | { readonly kind: 'anything' }
  /** All that is no pod and no node of the cluster. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'apiserver' }
  | { readonly kind: 'nodes' }
  | { readonly kind: 'pods'; readonly namespaces: LabelSelector | 'own'; readonly pods: LabelSelector }
  | {
      readonly kind: 'block'
      readonly cidr: string
      readonly except: readonly string[]
      /** Known to be the apiserver's, and so no other host's. */ readonly apiserver?: true
    }
  /** A DNS name; `*` stands for any characters. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'service'; readonly name: string; readonly namespace: string | undefined }
  /** What only the cluster can tell. */
  | { readonly kind: 'unread' }

export interface ReachPort {
  /** Undefined: any protocol. */
  readonly protocol: Protocol | undefined
  /** Undefined for a port that is known by a name. */
  readonly first: number | undefined
  readonly last: number | undefined
}

/** Where a rule comes from. */
export interface RuleSource {
  /** `networkPolicy.egress.to[2]`, or `NetworkPolicy stage/x, spec.egress[0]` of another policy. */
  readonly path: string
  /** The flow that the engine renders as the rule. */
  readonly flow?: Flow
  /** The user's own rule, as it stands in the policy. */
  readonly json?: JsonObject
  /** The ports at which it lets a need through; empty: every port. */
  readonly ports?: readonly ReachPort[]
}

/** A part of a rule: peers of one sort. */
export type ReachPart = Pick<Reach, 'target' | 'sure'>
