/** What instrumented sources ask, under the names that Stryker's instrumenter gives them: is this mutant on, and here it would have been. */

/** A mutant that is on from the start, so that what runs while modules load has it too: a parameter that the worker puts around the bundle. */
declare const mutantFromTheStart: string | undefined
let active = typeof mutantFromTheStart === 'undefined' ? undefined : mutantFromTheStart
let hits = 0
let limit = Infinity
let seen: Map<string, number> | undefined = new Map()

export function stryMutAct_9fa48(id: string): boolean {
  if (id !== active) return false
  hits += 1
  if (hits > limit) throw new Error(endless)
  return true
}

export function stryCov_9fa48(...ids: readonly string[]): void {
  if (seen === undefined) return
  for (const id of ids) seen.set(id, (seen.get(id) ?? 0) + 1)
}

/** Thrown by a mutant that is come across far more often than its original. */
export const endless = 'the mutant does not come to an end'

/** Turns one mutant on and every other off; `most`: how often it may be come across. */
export function turnOn(mutant: string | undefined, most: number): void {
  active = mutant
  hits = 0
  limit = most
}

export function ranAway(): boolean {
  return hits > limit
}

/** How often each mutant was come across since the last call; from then on, nothing is counted unless `on`. */
export function counted(on: boolean): Readonly<Record<string, number>> {
  const found = Object.fromEntries(seen ?? [])
  seen = on ? new Map() : undefined
  return found
}
