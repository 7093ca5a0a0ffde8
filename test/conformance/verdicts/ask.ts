import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { End, Flow, World } from '../../../src/verdict/world.ts'
import type { JudgeName } from '../flows/model.ts'
import type { Judges } from '../harness/judges.ts'
import { at, list, parseJson, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { programOf } from '../harness/oracle.ts'
import { run } from '../harness/proc.ts'
import { scratch } from '../harness/scratch.ts'
import { askServer } from '../harness/serving.ts'
import type { PolicyObject } from './model.ts'
import { familiesOf, worldJson } from './world.ts'

/** What a judge says of each flow; undefined for a side where it enforces nothing. */
export interface Said {
  ingress: boolean | undefined
  egress: boolean | undefined
}

export type Answer = { refused: string } | { said: readonly Said[] }

let count = 0

/** `NAMESPACE`: of policies that name none. */
export const NAMESPACE = 'red'

export async function ask(
  judges: Judges,
  judge: JudgeName,
  policies: readonly PolicyObject[],
  world: World,
  flows: readonly Flow[],
  namespace: string = NAMESPACE,
): Promise<Answer> {
  const file = join(scratch('verdicts'), `${++count}.yaml`)
  writeFileSync(file, policies.map(policy => `---\n${JSON.stringify(policy)}\n`).join(''))
  return judge === 'cilium' ? askCilium(judges.path(programOf.cilium), file, world, flows, namespace) : askCalico(judges.path(programOf.calico), file, world, flows, namespace)
}

async function askCilium(program: string, policies: string, world: World, flows: readonly Flow[], namespace: string): Promise<Answer> {
  const question = { policies, world: parseJson(worldJson(world)), namespace, queries: flows.map(query) }
  const { four, six } = familiesOf(world)
  // Cilium asks for the option where a list has an entry (FromNodes and ToNodes in pkg/policy/api/rule_validation.go).
  const nodes = /"(fromNodes|toNodes)":\[[^\]]|"nodes":/.test(readFileSync(policies, 'utf8'))
  const flags = [`-ipv4=${four}`, `-ipv6=${six}`, ...(nodes ? ['-node-selector-labels'] : [])]
  const answer = await askServer(program, [...flags, '-serve'], JSON.stringify(question))
  const refused = text(at(answer, 'refused'))
  if (refused !== undefined) return { refused }
  const error = text(at(answer, 'error'))
  if (error !== undefined) throw new Error(`oracle-cilium: ${error}`)
  return { said: list(at(answer, 'verdicts')).map(said) }
}

async function askCalico(program: string, policies: string, world: World, flows: readonly Flow[], namespace: string): Promise<Answer> {
  const worldFile = policies.replace(/yaml$/, 'json')
  writeFileSync(worldFile, worldJson(world))
  const ran = await run(program, ['-namespace', namespace, policies, worldFile], { input: flows.map((flow, id) => JSON.stringify(query(flow, id))).join('\n') })
  if (ran.code === 2) return { refused: ran.stderr.trim() }
  if (ran.code !== 0) throw new Error(`oracle-calico: exit ${ran.code}\n${ran.stderr.trim().slice(0, 2000)}`)
  return {
    said: ran.stdout
      .split('\n')
      .filter(line => line !== '')
      .map((line, index) => said(parseJson(line), index)),
  }
}

const query = ({ from, to, port, protocol }: Flow, id: number): object => ({ id: String(id), from: reference(from), to: reference(to), port, protocol })

function reference(end: End): object {
  switch (end.kind) {
    case 'pod':
      return { pod: `${end.namespace}/${end.name}` }
    case 'node':
      return { node: end.name }
    case 'apiserver':
      return { apiserver: true }
    case 'outside':
      return { ip: end.address }
  }
}

function said(body: Value, index: number): Said {
  if (text(at(body, 'id')) !== String(index)) throw new Error(`not a verdict on flow ${index}: ${JSON.stringify(body)}`)
  return { ingress: side(at(body, 'ingress')), egress: side(at(body, 'egress')) }
}

/** `allow`, `deny`, or another word where nothing is enforced. */
function side(value: Value | undefined): boolean | undefined {
  return value === 'allow' ? true : value === 'deny' ? false : undefined
}
