import { Judge } from '../../../src/verdict/decide.ts'
import type { Direction, Refusal } from '../../../src/verdict/contract.ts'
import { toResource } from '../../../src/resources/resource.ts'
import type { Resource } from '../../../src/resources/resource.ts'
import { readYaml } from '../../../src/yaml/read.ts'
import type { Flow, World } from '../../../src/verdict/world.ts'
import type { Judges } from '../harness/judges.ts'
import { ask, NAMESPACE } from './ask.ts'
import type { Answer } from './ask.ts'
import type { Dialect, PolicyObject } from './model.ts'

/** Policies in a world, with what is asked of them. */
export interface Case {
  dialect: Dialect
  world: World
  policies: readonly PolicyObject[]
  flows: readonly Flow[]
}

export interface Difference {
  flow: Flow
  direction: Direction
  judge: boolean
  ours: boolean
}

export type Outcome =
  /** `unsure`: sides of which ours says that it cannot tell; they are not compared. */
  | { kind: 'compared'; sides: number; allowed: number; denied: number; unsure: number; differing: readonly Difference[] }
  /** By one of them, or by both: what each has against the policies. */
  | { kind: 'refused'; judge: readonly string[]; ours: readonly string[] }

export async function compare(judges: Judges, one: Case): Promise<Outcome> {
  const { dialect, policies, world, flows } = one
  const answer = await ask(judges, dialect.judge, policies, world, flows)
  const { implementation } = dialect
  const resources = (await toResources(policies)).filter(implementation.enforces)
  const { compile, refused } = implementation.read(resources, NAMESPACE)
  const ours = refused.map(({ problem, place }: Refusal) => `${place.path ?? ''}: ${problem}`)
  if ('refused' in answer) return { kind: 'refused', judge: [answer.refused], ours }
  return ours.length > 0 ? { kind: 'refused', judge: [], ours } : compareFlows(flows, answer, new Judge(compile(world)))
}

function compareFlows(flows: readonly Flow[], { said }: Extract<Answer, { said: unknown }>, judge: Judge): Outcome {
  const sides = flows.flatMap((flow, index) => {
    const verdict = judge.decide(flow)
    return (['egress', 'ingress'] as const).flatMap(direction => {
      const ours = verdict[direction]
      const theirs = said[index]?.[direction]
      return ours === undefined || theirs === undefined ? [] : [{ flow, direction, judge: theirs, ours: ours.allowed, unsure: ours.doubt !== undefined }]
    })
  })
  const sure = sides.filter(({ unsure }) => !unsure)
  const denied = sure.filter(({ judge: allowed }) => !allowed).length
  return {
    kind: 'compared',
    sides: sure.length,
    allowed: sure.length - denied,
    denied,
    unsure: sides.length - sure.length,
    differing: sure.flatMap(({ unsure: _, ...side }) => (side.judge === side.ours ? [] : [side])),
  }
}

export async function toResources(policies: readonly PolicyObject[]): Promise<Resource[]> {
  const read = await Promise.all(policies.map(async policy => readYaml({ name: 'policy', text: JSON.stringify(policy), firstLine: 0 }, { uniqueKeys: true })))
  return read.flatMap(trees => trees.flatMap(tree => toResource(tree, { index: 0, start: 0, end: 0 }, false) ?? []))
}

/** Policies are valid by construction: one that is refused, by whomever, is wrong as well. */
export const agrees = (outcome: Outcome): boolean => outcome.kind === 'compared' && outcome.differing.length === 0
