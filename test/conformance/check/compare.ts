import type { Evidence } from '../../../src/check/ask/situation.ts'
import { endText } from '../../../src/check/checked.ts'
import type { Decision } from '../../../src/verdict/contract.ts'
import type { World } from '../../../src/verdict/world.ts'
import type { JudgeName } from '../flows/model.ts'
import type { Judges } from '../harness/judges.ts'
import { ask } from '../verdicts/ask.ts'
import type { Questions } from './questions.ts'

/** What was compared, added up. */
export interface Sums {
  flows: number
  sides: number
  allowed: number
  denied: number
  /** Sides of which ours says that it cannot tell; they are not compared. */
  unsure: number
  differing: number
}

export const emptySums = (): Sums => ({ flows: 0, sides: 0, allowed: 0, denied: 0, unsure: 0, differing: 0 })

/** Asks a judge about every connection, in its own world, and compares side by side. */
export async function compareFlows(judges: Judges, judge: JudgeName, questions: Questions, sums: Sums): Promise<{ refused: string | undefined; differing: string[] }> {
  const byWorld = new Map<World, Evidence[]>()
  for (const evidence of questions.evidence) byWorld.set(evidence.world, [...(byWorld.get(evidence.world) ?? []), evidence])
  const differing: string[] = []
  sums.flows += questions.flows
  for (const [world, all] of byWorld) {
    // The judges know flows with a pod at one end at least.
    const asked = all.filter(({ flow: { from, to } }) => from.kind === 'pod' || to.kind === 'pod')
    if (asked.length === 0) continue
    const answer = await ask(
      judges,
      judge,
      questions.policies,
      world,
      asked.map(({ flow }) => flow),
      questions.namespace,
    )
    if ('refused' in answer) return { refused: answer.refused, differing }
    asked.forEach((evidence, index) => {
      for (const direction of ['egress', 'ingress'] as const) {
        const theirs = answer.said[index]?.[direction]
        const ours = evidence[direction]
        if (theirs !== undefined && ours !== undefined) differing.push(...compareSide(evidence, direction, ours, theirs, sums))
      }
    })
  }
  return { refused: undefined, differing }
}

function compareSide({ flow }: Evidence, direction: string, ours: Decision, theirs: boolean, sums: Sums): string[] {
  if (ours.doubt !== undefined) {
    sums.unsure++
    return []
  }
  sums.sides++
  if (theirs) sums.allowed++
  else sums.denied++
  if (ours.allowed === theirs) return []
  sums.differing++
  return [`${direction} of ${endText(flow.from, true)} to ${endText(flow.to, true)}, port ${flow.port}/${flow.protocol}: the judge ${theirs ? 'allows' : 'denies'} it`]
}
