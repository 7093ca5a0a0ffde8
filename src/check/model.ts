import type { Diagnostic } from '../diagnostics/collect.ts'
import type { Direction } from '../verdict/contract.ts'
import type { ImplementationName } from '../verdict/registry.ts'
import type { Place } from '../yaml/tree.ts'
import type { AnswerVerdict } from './ask/answer.ts'

/** What `helm-netpol check` found, for people and for programs. docs/check.md describes it as JSON. */
export interface Account {
  /** Of helm-netpol. */
  readonly version: string
  readonly implementation: ImplementationName
  /** False, as the exit code is 1: a flow that is needed (or, of one's own questions, any) is denied, or a diagnostic is an error. */
  readonly ok: boolean
  readonly flows: readonly CheckedFlow[]
  readonly policies: PolicyCounts
  readonly diagnostics: readonly Diagnostic[]
}

export interface PolicyCounts {
  /** The policies that were asked. */
  readonly judged: readonly string[]
  /** Those that the engine refuses, which take no part. */
  readonly refused: readonly string[]
  /** Those that the implementation does not enforce. */
  readonly unread: readonly string[]
}

export interface CheckedFlow {
  /** Stays the same as long as the flow does. */
  readonly id: string
  readonly from: string
  readonly to: string
  /** `9443/TCP`, as the pod has it; several with commas; empty: not known. */
  readonly port: string
  readonly verdict: AnswerVerdict
  /** Why it is asked; undefined for a question of one's own. */
  readonly need: FlowNeed | undefined
  /** The connection that decided. */
  readonly asked: AskedText
  /** Undefined: the end is no pod, or its policies do not count. */
  readonly egress: Side | undefined
  readonly ingress: Side | undefined
  /** Of an unknown one: what it hangs on. */
  readonly unknown: UnknownText | undefined
}

export interface FlowNeed {
  /** `Deployment stage/app`. */
  readonly workload: string
  readonly direction: Direction
  /** Id of the row in the table of traffic or of needs: `webhook`, `apiserver`. */
  readonly row: string
  readonly party: string
  readonly reason: string
  /** False: it may be needed; being denied is no failure. */
  readonly required: boolean
  readonly found: readonly { readonly where: string; readonly place?: Place }[]
}

export interface AskedText {
  /** `pod stage/app (10.244.0.1)`, `203.0.113.1`. */
  readonly from: string
  readonly to: string
  readonly port: number
  readonly protocol: string
}

/** What the policies of one end say. */
export interface Side {
  readonly allowed: boolean
  /** `rule`: one said so. `lock`: these select the pod, and none of their rules lets it through. `nothing`: none selects it, or these let it be. `engine`: it does so by itself. */
  readonly by: 'rule' | 'lock' | 'nothing' | 'engine'
  readonly documents: readonly DecidingDocument[]
  /** Of the engine. */
  readonly reason?: string
  /** What must hold besides, which is not known here: `the request fits its HTTP rules`. */
  readonly proviso?: string
}

export interface DecidingDocument {
  /** `NetworkPolicy stage/app`, `Calico NetworkPolicy stage/app`. */
  readonly document: string
  readonly apiVersion: string
  /** `spec.ingress[0]`; undefined where none of them matches. */
  readonly rule?: string
  /** Undefined for a policy of ours, which stands nowhere yet. */
  readonly place?: Place
  /** What of the values brought it in. */
  readonly values?: Place
  /** Why a rule of ours is there. */
  readonly because?: string
  /** It is ours, and denies what nothing allows. */
  readonly locks?: true
}

export interface UnknownText {
  /** `the address of bucket.example.com is not known` */
  readonly what: string
  /** What it may be for the flow to get through, and for it not to. */
  readonly through: readonly string[]
  readonly cut: readonly string[]
}
