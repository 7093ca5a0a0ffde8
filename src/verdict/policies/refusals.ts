import { Diagnostics } from '../../diagnostics/collect.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { Part } from '../../passthrough/part.ts'
import { checkStructure } from '../../passthrough/structure.ts'
import type { Dialect } from '../../passthrough/check.ts'
import { placeIn } from '../../resources/resource.ts'
import type { Resource } from '../../resources/resource.ts'
import { itemsAt } from '../../yaml/tree.ts'
import type { Direction, Read, Refusal } from '../contract.ts'

/** What a check has against a policy: each mistake that it tells is one. */
export function refusalsOf(policy: Resource, check: (diagnose: Diagnose) => void): Refusal[] {
  return findingsOf(policy, check).refused
}

/** The same, with what it tells beside mistakes. */
export function findingsOf(policy: Resource, check: (diagnose: Diagnose) => void): { refused: Refusal[]; remarks: Refusal[] } {
  const told = new Diagnostics({ strict: false, root: 'networkPolicy' })
  check(told.diagnose)
  const those = (mistakes: boolean): Refusal[] =>
    told.all
      .filter(({ severity }) => (severity === 'error') === mistakes)
      .map(({ message, place }) => ({ policy, problem: message, place: place ?? placeIn(policy) }))
  return { refused: those(true), remarks: those(false) }
}

/** Holds the rules of a policy against the schema and the rules of its engine, as the user's own are. `path`: where its lists of rules stand. */
export function checkRules({ schemas, explain, check }: Dialect, policy: Resource, path: readonly string[], diagnose: Diagnose): void {
  for (const direction of ['ingress', 'egress'] satisfies Direction[]) {
    itemsAt(policy.tree, ...path, direction).forEach((tree, index) => {
      const part = new Part(tree, `${[...path, direction].join('.')}[${index}]`, { diagnose, told: new Set() }, policy.tree)
      checkStructure(part, schemas[direction], explain)
      check(part, direction)
    })
  }
}

/** Reads each policy once, however often it is asked for. `rest`: what else the reading hangs on, as words. */
export function readingOnce<T, Rest extends readonly unknown[]>(
  read: (policy: Resource, ...rest: Rest) => Read<T>,
  wordsOf: (...rest: Rest) => string,
): (policy: Resource, ...rest: Rest) => Read<T> {
  const known = new WeakMap<Resource, Map<string, Read<T>>>()
  return (policy, ...rest) => {
    const own = known.get(policy) ?? new Map<string, Read<T>>()
    known.set(policy, own)
    const words = wordsOf(...rest)
    const made = own.get(words) ?? read(policy, ...rest)
    own.set(words, made)
    return made
  }
}

export function readOf<T>(results: readonly Read<T>[]): T[] {
  return results.flatMap(result => ('read' in result ? [result.read] : []))
}

export function refusedOf(results: readonly Read<unknown>[]): Refusal[] {
  return results.flatMap(result => ('refused' in result ? result.refused : []))
}
