import { ask } from '../harness/oracle.ts'
import type { Judges } from '../harness/judges.ts'
import { allowlists, worldOf } from './world.ts'
import { expected } from './expect.ts'
import type { Allowlist } from './expect.ts'
import { flowsOf } from './queries.ts'
import type { Flow, JudgeName, Scenario, Verdict, World } from './model.ts'

export interface Wrong {
  flow: Flow
  wanted: Verdict
  got: Verdict
}

/** What one judge says of one scenario in one world. */
export interface Outcome {
  judge: JudgeName
  world: string
  asked: number
  wrong: Wrong[]
  refused?: string
}

interface Place {
  world: World
  flows: Flow[]
  lists: Allowlist[]
}

const places = new Map<string, Place>()

/** Worlds and flows of a subject are the same for all its scenarios. */
function placeOf(scenario: Scenario, stream: string, name: string): Place {
  const key = JSON.stringify([scenario.subject.id, scenario.chart, name])
  let place = places.get(key)
  if (place === undefined) {
    const world = worldOf(scenario.subject, stream, name)
    const lists = allowlists(scenario.subject, stream)
    place = { world, lists, flows: flowsOf(world, lists) }
    places.set(key, place)
  }
  return place
}

/** Asks a judge about every flow of a scenario and compares with what is expected. */
export async function judge(judges: Judges, scenario: Scenario, original: string, rendered: string, name: JudgeName, worldName: string): Promise<Outcome> {
  const { world, flows, lists } = placeOf(scenario, original, worldName)
  const wanted = flows.map(flow => expected(scenario, lists, world, name, flow))
  const asked = flows.flatMap((flow, index) => {
    const verdict = wanted[index]
    return verdict === undefined ? [] : [{ flow, wanted: verdict }]
  })
  const answer = await ask(judges, { judge: name, policies: rendered, world, flows: asked.map(({ flow }) => flow), namespace: scenario.subject.namespace })
  if ('refused' in answer) return { judge: name, world: worldName, asked: asked.length, wrong: [], refused: answer.refused }
  const wrong = asked.flatMap(({ flow, wanted: want }, index) => {
    const got = answer.verdicts[index]
    return got === undefined || got === want ? [] : [{ flow, wanted: want, got }]
  })
  return { judge: name, world: worldName, asked: asked.length, wrong }
}

export const describe = ({ flow, wanted, got }: Wrong): string =>
  `from ${flow.from.id} (${flow.from.ip}) to ${flow.to.id} (${flow.to.ip}) port ${flow.port}/${flow.protocol}: wanted ${wanted}, got ${got}`
