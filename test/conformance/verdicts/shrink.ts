import type { World } from '../../../src/verdict/world.ts'
import type { Judges } from '../harness/judges.ts'
import type { Value } from '../harness/manifest.ts'
import { compare } from './compare.ts'
import type { Case, Difference, Outcome } from './compare.ts'
import type { PolicyObject } from './model.ts'

/** The smallest case that is left when whatever can be left out is left out, and ours and the judge's still differ in the same way. */
export async function shrink(judges: Judges, one: Case, outcome: Outcome): Promise<{ one: Case; outcome: Outcome }> {
  for (const smaller of smallerCases(one, outcome)) {
    const found = await compare(judges, smaller).catch(() => undefined)
    if (found !== undefined && isSame(outcome, found)) return shrink(judges, smaller, found)
  }
  return { one, outcome }
}

/** Still the same thing that is wrong, so that what is told at the end is what was found at first. */
function isSame(before: Outcome, after: Outcome): boolean {
  if (before.kind === 'compared') return after.kind === 'compared' && after.differing.some(side => before.differing.some(other => isSameSide(side, other)))
  return after.kind === 'refused' && isSameProblem(before.judge, after.judge) && isSameProblem(before.ours, after.ours)
}

function isSameSide(one: Difference, other: Difference): boolean {
  return one.flow === other.flow && one.direction === other.direction && one.judge === other.judge
}

/** Whoever had nothing against the policies still has nothing, and who had something still has some of it. */
function isSameProblem(before: readonly string[], after: readonly string[]): boolean {
  const known = new Set(before.map(withoutDetails))
  return (before.length === 0) === (after.length === 0) && after.every(problem => known.has(withoutDetails(problem)))
}

/** Without indexes and printed rules, which are others where something is left out. */
function withoutDetails(problem: string): string {
  return problem.replace(/[[{].*[\]}]/s, '')
}

function smallerCases(one: Case, outcome: Outcome): Case[] {
  const fewerFlows = outcome.kind === 'compared' && one.flows.length > 1 ? [{ ...one, flows: outcome.differing.slice(0, 1).map(({ flow }) => flow) }] : []
  return [...fewerFlows, ...smallerPolicies(one.policies, outcome.kind === 'compared').map(policies => ({ ...one, policies })), ...smallerWorlds(one)]
}

/** `keys`: whether keys may be left out. What a policy needs would be missed with the words that it is wrong with. */
function smallerPolicies(policies: readonly PolicyObject[], keys: boolean): PolicyObject[][] {
  const without = policies.map((_, index) => policies.toSpliced(index, 1))
  const less = policies.flatMap((policy, index) => smallerValues(policy['spec'] ?? null, keys).flatMap(spec => (isObject(spec) ? [policies.with(index, { ...policy, spec })] : [])))
  return [...without, ...less]
}

/** A value without one of its items or keys, or with a smaller one. */
function smallerValues(value: Value, keys: boolean): Value[] {
  if (Array.isArray(value))
    return [...value.map((_, index) => value.toSpliced(index, 1)), ...value.flatMap((item, index) => smallerValues(item, keys).map(less => value.with(index, less)))]
  if (!isObject(value)) return []
  const entries = Object.entries(value)
  return [
    ...(keys ? entries.map((_, index) => entries.toSpliced(index, 1)) : []),
    ...entries.flatMap(([key, item], index) => smallerValues(item, keys).map(less => entries.with(index, [key, less]))),
  ].map(kept => Object.fromEntries(kept))
}

function isObject(value: Value): value is PolicyObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Pods that the flows are not about, one by one. */
function smallerWorlds(one: Case): Case[] {
  const { world, flows } = one
  const asked = new Set(flows.flatMap(({ from, to }) => [from, to]))
  const idle = world.pods.filter(pod => !asked.has(pod))
  const withPods = (pods: World['pods']): Case => ({ ...one, world: { ...world, pods } })
  return idle.length === 0 ? [] : [withPods(world.pods.filter(pod => asked.has(pod))), ...idle.map(pod => withPods(world.pods.filter(other => other !== pod)))]
}
