import type { Diagnose } from '../diagnostics/collect.ts'
import type { Flow } from '../traffic/flow.ts'
import type { Allowlist, DefaultDeny } from '../traffic/plan.ts'
import type { Resource } from '../resources/resource.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'

/** A policy dialect. Engines know nothing of each other, of streams, or of where values came from. */
export interface Engine {
  readonly apiVersion: string
  readonly kind: string
  /** One line for the help text. */
  readonly describe: string
  /** Its objects have no namespace, so their subject must name one. */
  readonly clusterScoped: boolean
  /** It takes NetworkPolicyPeers and rules as they are; the others need `translatePeers`. */
  readonly takesPeers: boolean
  /** It has a word for the kube-apiserver, so that no address is needed. */
  readonly knowsApiserver: boolean
  /** It has a word for the nodes of the cluster. */
  readonly knowsNodes: boolean
  /** It allows destinations by their DNS names. */
  readonly knowsNames: boolean
  /** Whether an address block may select pods: what it does then is the network's own affair. */
  readonly blocksReachPods: boolean
  /** Policies add up, so that overlapping ones allow more; otherwise the first that matches decides. */
  readonly addsUp: boolean
  /** It has lists of its own under `networkPolicy.<engine>`. */
  readonly passthrough: boolean
  /** Its precedence knob, where it has one: the lower number is evaluated first. */
  readonly precedence: Precedence | null
  readonly allowlist: (plan: Allowlist, context: Context) => Policy
  readonly defaultDeny: (plan: DefaultDeny, context: Context) => Policy
  /** What the engine or its API would refuse in a finished policy. */
  readonly problems: (manifest: JsonObject) => readonly Problem[]
  /** The namespace that a policy of this kind is for; where it has none of its own, the one its subject names. */
  readonly namespaceOf: (policy: Resource) => string | undefined
}

export interface Problem {
  readonly text: string
  /** The rule that is at fault, where it is one. */
  readonly rule?: Json
}

export interface Precedence {
  /** The key under `networkPolicy.<engine>`. */
  readonly key: 'order' | 'priority'
  readonly absent: number
  readonly min: number
  readonly max: number
  readonly integer: boolean
  readonly describe: string
}

export interface Context {
  /** Undefined where the engine has no such knob. */
  readonly precedence: { readonly allowlist: number; readonly defaultDeny: number } | undefined
  /** The user adds egress rules of the engine's own, though egress is not to be locked. */
  readonly openEgressRules: boolean
  readonly diagnose: Diagnose
}

/** A rule, and why it is there. */
export interface Rule {
  readonly rule: JsonObject
  readonly reason: string
  /** The flow that it carries; undefined for a rule that denies, or that came by passthrough. */
  readonly flow?: Flow
}

/** One rendered object, before it is text. */
export interface Policy {
  readonly role: 'allowlist' | 'default-deny'
  readonly manifest: JsonObject
  /** What the policy as a whole does, where its rules do not say it. */
  readonly comment: string | undefined
  /** Why each rule is there; `rule` is the very object in the manifest. */
  readonly rules: readonly Rule[]
  /** Where the user's own rules go, as JSON Pointers: before what stands there, or `-` for the end. */
  readonly insertAt: { readonly ingress: string; readonly egress: string }
}
