import type { Flow, JudgeName, Verdict, World } from '../flows/model.ts'
import { judgesOf } from '../flows/model.ts'
import type { Judges } from '../harness/judges.ts'
import { ask } from '../harness/oracle.ts'
import type { Answer } from '../harness/oracle.ts'
import { natural } from './differences.ts'
import { dialects } from './model.ts'
import type { Pair, Placed } from './model.ts'
import type { Rendered } from './render.ts'
import { NAMESPACE, worldWith } from './world.ts'

/** A flow that a translation does not treat as the NetworkPolicy does. */
export interface Difference {
  flow: Flow
  wanted: Verdict
  got: Verdict
}

/** One case in one dialect before one judge. */
export interface Outcome {
  pair: Pair
  of: Rendered
  allowed: number
  differing: readonly Difference[]
  refused?: string
}

/** Every translation of the cases against their NetworkPolicies; one question for each dialect. */
export async function compare(judges: Judges, judge: JudgeName, cases: readonly Rendered[]): Promise<Outcome[]> {
  const world = worldWith(cases.map(({ controller }) => controller))
  const originals = await verdicts(
    judges,
    judge,
    world,
    cases.map(one => ({ ...one, policies: one.original })),
  )
  const outcomes: Outcome[] = []
  for (const engine of dialects) {
    if (!judgesOf[engine].includes(judge)) continue
    const translations = cases.flatMap((of, index) => {
      const rendering = of.translated.get(engine)
      return rendering === undefined || 'error' in rendering ? [] : [{ ...of, of, policies: rendering.policies, wanted: originals[index] }]
    })
    const answers = await verdicts(judges, judge, world, translations)
    outcomes.push(...translations.map(({ of, wanted }, index) => outcome({ engine, judge }, of, wanted, answers[index])))
  }
  return outcomes
}

export const isSame = ({ refused, differing }: Outcome): boolean => refused === undefined && differing.length === 0

/** Policies, and what is asked of them. */
export type Subject = Pick<Placed, 'flows'> & { policies: string }

/** An answer for each subject. Where a judge refuses some of them, halves are asked until it is known which. */
export async function verdicts(judges: Judges, judge: JudgeName, world: World, subjects: readonly Subject[]): Promise<Answer[]> {
  if (subjects.length === 0) return []
  const answer = await ask(judges, {
    judge,
    policies: subjects.map(({ policies }) => policies).join(''),
    world,
    flows: subjects.flatMap(({ flows }) => flows),
    namespace: NAMESPACE,
    // Else both engines let the local node in without looking at the rules.
    hostByPolicy: true,
  })
  if ('verdicts' in answer) return apart(answer.verdicts, subjects)
  if (subjects.length === 1) return [answer]
  const middle = Math.ceil(subjects.length / 2)
  return [...(await verdicts(judges, judge, world, subjects.slice(0, middle))), ...(await verdicts(judges, judge, world, subjects.slice(middle)))]
}

function apart(all: readonly Verdict[], subjects: readonly Subject[]): Answer[] {
  let start = 0
  return subjects.map(({ flows }) => ({ verdicts: all.slice(start, (start += flows.length)) }))
}

function outcome(pair: Pair, of: Rendered, wanted: Answer | undefined, got: Answer | undefined): Outcome {
  if (wanted === undefined || got === undefined) throw new Error(`${of.id}: no answer`)
  const none = { pair, of, allowed: 0, differing: [] }
  if ('refused' in wanted) return { ...none, refused: `even the NetworkPolicy: ${wanted.refused}` }
  if ('refused' in got) return { ...none, refused: got.refused }
  return { ...none, allowed: wanted.verdicts.filter(verdict => verdict === 'allow').length, differing: differences(pair, of.flows, wanted.verdicts, got.verdicts) }
}

/** Where an engine can but say one thing, that is wanted. */
export function differences(pair: Pair, flows: readonly Flow[], wanted: readonly Verdict[], got: readonly Verdict[]): Difference[] {
  return flows.flatMap((flow, index) => {
    const said = got[index]
    const should = natural(pair, flow) ?? wanted[index]
    return said === undefined || should === undefined || said === should ? [] : [{ flow, wanted: should, got: said }]
  })
}

export const describe = ({ flow: { from, to, port, protocol }, wanted, got }: Difference): string =>
  `from ${from.id} (${from.ip}) to ${to.id} (${to.ip}) port ${port}/${protocol}: wanted ${wanted}, got ${got}`
