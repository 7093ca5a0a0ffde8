import type { Direction } from '../../verdict/contract.ts'
import type { Protocol } from '../../discover/workload.ts'
import type { World } from '../../verdict/world.ts'
import type { Ref } from './ends.ts'

/** What is asked of the policies: one connection, or several that belong together. */
export type Question =
  | Asked
  /** Each has to get through. */
  | { readonly kind: 'all'; readonly of: readonly Question[] }
  /** One that gets through will do. */
  | { readonly kind: 'any'; readonly of: readonly Question[] }
  | Either

/** One of them is meant, and nobody here knows which. */
interface Either {
  readonly kind: 'either'
  readonly of: readonly Question[]
  /** What is not known: `the address of bucket.example.com`. */
  readonly unknown: string
  /** What is taken for granted in all of it, where it is one of several. */
  readonly label?: string
}

/** One connection. */
export interface Asked {
  readonly kind: 'flow'
  readonly from: Ref
  readonly to: Ref
  readonly port: number
  readonly protocol: Protocol
  /** The end whose policies are asked; of the other nothing is known but what it is. Undefined: both. */
  readonly side?: Direction
  /** What is taken for granted in this one of several: `an address in 10.0.0.0/8`. */
  readonly label?: string
  /** The world as it would have to be for it. */
  readonly change?: Change
}

export interface Change {
  /** Of all changes that do the same. */
  readonly key: string
  /** Whether policies select in it as they did: `kept` where pods and namespaces stay as they are. */
  readonly selection: 'kept' | 'anew'
  readonly apply: (world: World) => World
}

export function allOf(of: readonly Question[]): Question {
  return only(of) ?? { kind: 'all', of }
}

export function anyOf(of: readonly Question[]): Question {
  return only(of) ?? { kind: 'any', of }
}

export function eitherOf(unknown: string, of: readonly Question[], label?: string): Question {
  return only(of) ?? { kind: 'either', of, unknown, ...(label === undefined ? {} : { label }) }
}

/** The question as one of several, by a name of its own. */
export function called(label: string, question: Question): Question {
  return { kind: 'either', of: [question], unknown: '', label }
}

function only(of: readonly Question[]): Question | undefined {
  return of.length === 1 ? of[0] : undefined
}

/** Every connection of a question. */
export function connectionsOf(question: Question): readonly Asked[] {
  return question.kind === 'flow' ? [question] : question.of.flatMap(connectionsOf)
}
