import type { Resource } from '../resources/resource.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import type { Flow, Pod, World } from './world.ts'

export type Direction = 'ingress' | 'egress'

/**
 * What enforces policies in a cluster: a reader of all policies it knows, which gives the stages that a connection passes.
 * Pure: the same policies, world and flow give the same verdict.
 */
export interface Implementation {
  /** One line for the help text. */
  readonly describe: string
  /** A rule by name is about addresses that it has read in answers of the DNS, where a rule lets it read them. */
  readonly learnsNames?: true
  /** Whether it enforces objects of the kind; others are passed by. */
  readonly enforces: (policy: Resource) => boolean
  /** `namespace`: of policies that name none. */
  readonly read: (policies: readonly Resource[], namespace: string) => Enforced
}

/** Policies that were read, for any world. */
export interface Enforced {
  /** `among`: those that may select an end of what is asked; the others need not be made ready. Undefined: all. */
  readonly compile: (world: World, among?: ReadonlySet<Resource>) => Compiled
  /** Policies that the engine or its API would refuse; they take no part. */
  readonly refused: readonly Refusal[]
  /** What the engine takes and does not enforce, or otherwise than it reads: policies, and parts of policies that take part. */
  readonly remarks?: readonly Refusal[]
}

/** Policies made ready to decide in a world. */
export interface Compiled {
  readonly stages: readonly Stage[]
  /** What the engine does whatever the policies say: reasons why it lets a flow through. Undefined: the policies decide. */
  readonly passes: Passes
}

/** The reason why a flow to or from a pod is let through. */
export type Passes = (flow: Flow) => string | undefined

export interface Refusal {
  readonly policy: Resource
  /** In the engine's own terms, with the field. */
  readonly problem: string
  readonly place: Place
}

/** A policy that was read, or why it is refused. */
export type Read<T> = { readonly read: T } | { readonly refused: readonly Refusal[] }

/** Policies that are looked at together; the next stage is asked only where this one leaves a flow undecided. */
export interface Stage {
  /**
   * `first`: the first rule that matches decides. `deny-wins`: of all rules that match, one of the lowest level does; of
   * these one that denies, then one that allows, then one that passes.
   */
  readonly order: 'first' | 'deny-wins'
  /** In the order in which they are asked. */
  readonly policies: readonly StagedPolicy[]
  /** What the engine lets through where no rule of the stage matches, though a policy locks the pod. */
  readonly passes?: Passes
}

export interface StagedPolicy {
  readonly policy: Resource
  /** That of every pod that it selects; undefined: any. */
  readonly namespace?: string | undefined
  readonly selects: (pod: Pod) => boolean
  /** Undefined: it says nothing of the direction. */
  readonly ingress: StagedRules | undefined
  readonly egress: StagedRules | undefined
}

export interface StagedRules {
  /** What no rule of the stage matches is denied for the pods that it selects. */
  readonly locks: boolean
  readonly rules: readonly StagedRule[]
}

export interface StagedRule {
  readonly action: 'allow' | 'deny' | 'pass'
  /** `spec.ingress[0]` */
  readonly path: string
  readonly tree: Tree
  readonly matches: (flow: Flow) => boolean
  /** Where no rule is before another, those of a lower level still are. Undefined: 0. */
  readonly level?: number | undefined
  /** What the stream does not tell, so that the rule may match more than `matches` says. */
  readonly unread?: Unread | undefined
  /** What must hold besides for it to let a flow through, which is not known here: `the request fits its HTTP rules`. */
  readonly proviso?: ((flow: Flow) => Proviso | undefined) | undefined
}

export interface Proviso {
  readonly text: string
  /** It must hold though another rule lets the flow through without it. */
  readonly binds: boolean
}

export interface Unread {
  /** `the Service db/main is not in the stream` */
  readonly why: string
  /** Whether the rule may match. */
  readonly matches: (flow: Flow) => boolean
}

/** What becomes of a flow. */
export interface Verdict {
  readonly allowed: boolean
  /** Undefined where the end is no pod: policies of pods do not hold there. */
  readonly egress: Decision | undefined
  readonly ingress: Decision | undefined
}

/** Why one side lets a flow through or not. */
export type Decision = Finding & {
  /** It would be the other way round if what the stream does not tell were so. */
  readonly doubt?: Doubt
}

export interface Doubt {
  readonly policy: Resource
  readonly rule: StagedRule
  readonly why: string
}

/** A policy of the pod that decides nothing of a flow, though it has rules for the direction. */
export interface Idle {
  readonly policy: Resource
  /** The rule that handed it on; undefined: none of them matches. */
  readonly rule?: StagedRule
}

export type Finding =
  /** A rule said so. */
  | { readonly allowed: boolean; readonly by: 'rule'; readonly policy: Resource; readonly rule: StagedRule }
  /** These lock the pod, and none of their rules matches. */
  | { readonly allowed: false; readonly by: 'lock'; readonly policies: readonly Resource[] }
  /** Nothing locks the pod, and these let it be. */
  | { readonly allowed: true; readonly by: 'nothing'; readonly idle: readonly Idle[] }
  /** The engine does so by itself. */
  | { readonly allowed: true; readonly by: 'engine'; readonly reason: string }
