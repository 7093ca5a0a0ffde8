import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { End, Flow, JudgeName, Verdict, World } from '../flows/model.ts'
import type { Judges } from './judges.ts'
import { at, list, parseJson, text } from './manifest.ts'
import type { Value } from './manifest.ts'
import { run } from './proc.ts'
import type { ProgramName } from './programs.ts'
import { scratch } from './scratch.ts'
import { askServer } from './serving.ts'

export const programOf: Record<JudgeName, ProgramName> = { cilium: 'oracle-cilium', calico: 'oracle-calico' }

export type Answer = { refused: string } | { verdicts: readonly Verdict[] }

export interface Question {
  judge: JudgeName
  policies: string
  world: World
  flows: readonly Flow[]
  /** Namespace of policies that name none. */
  namespace: string
  /** Without the engines' own pass for the local node, so that a rule has to admit it. */
  hostByPolicy?: boolean
}

let count = 0

const answered = new Map<string, Promise<Answer>>()

/** Puts all flows of one world to one judge. Policies that differ in their comments alone are one question. */
export function ask(judges: Judges, question: Question): Promise<Answer> {
  const said = JSON.stringify({ ...question, policies: question.policies.replace(/^\s*#.*\n/gm, '') })
  const key = createHash('sha1').update(said).digest('hex')
  let answer = answered.get(key)
  if (answer === undefined) answered.set(key, (answer = askAnew(judges, question)))
  return answer
}

async function askAnew(judges: Judges, question: Question): Promise<Answer> {
  const policies = join(scratch('policies'), `${++count}.yaml`)
  writeFileSync(policies, question.policies)
  const answer = await (question.judge === 'cilium' ? askCilium : askCalico)(judges.path(programOf[question.judge]), policies, question)
  if ('verdicts' in answer && answer.verdicts.length !== question.flows.length)
    throw new Error(`${question.judge} gave ${answer.verdicts.length} verdicts for ${question.flows.length} flows`)
  return answer
}

/** One process answers many questions. */
async function askCilium(program: string, policies: string, { world, namespace, flows, hostByPolicy }: Question): Promise<Answer> {
  const flags = [`-ipv4=${String(world.families.v4)}`, `-ipv6=${String(world.families.v6)}`, ...(hostByPolicy === true ? ['-allow-localhost', 'policy'] : [])]
  const answer = await askServer(program, [...flags, '-serve'], JSON.stringify({ policies, world: judgeWorld(world), namespace, queries: flows.map(query) }))
  const refused = text(at(answer, 'refused'))
  if (refused !== undefined) return { refused }
  const error = text(at(answer, 'error'))
  if (error !== undefined) throw new Error(`oracle-cilium: ${error}`)
  return { verdicts: list(at(answer, 'verdicts')).map(verdict) }
}

/** One process for each question. */
async function askCalico(program: string, policies: string, { world, namespace, flows, hostByPolicy }: Question): Promise<Answer> {
  const flags = ['-namespace', namespace, ...(hostByPolicy === true ? ['-host-bypass=false'] : [])]
  const input = flows.map((flow, id) => JSON.stringify(query(flow, id))).join('\n')
  const ran = await run(program, [...flags, policies, worldFile(world)], { input })
  if (ran.code === 2) return { refused: ran.stderr.trim() }
  if (ran.code !== 0) throw new Error(`oracle-calico: exit ${ran.code}\n${ran.stderr.trim().slice(0, 2000)}`)
  return {
    verdicts: ran.stdout
      .split('\n')
      .filter(line => line !== '')
      .map((line, index) => verdict(parseJson(line), index)),
  }
}

const query = ({ from, to, port, protocol }: Flow, id: number): object => ({ id: String(id), from: reference(from), to: reference(to), port, protocol })

function verdict(body: Value, index: number): Verdict {
  const word = text(at(body, 'verdict'))
  if (text(at(body, 'id')) !== String(index) || (word !== 'allow' && word !== 'deny')) throw new Error(`not a verdict on flow ${index}: ${JSON.stringify(body)}`)
  return word
}

/** Pods by name: of two addresses the judges take the one that the other end can talk to. */
function reference(end: End): object {
  switch (end.kind) {
    case 'pod':
      return { pod: `${end.namespace}/${end.name}` }
    case 'node':
      return { node: end.id }
    case 'apiserver':
      return { apiserver: true }
    case 'outside':
      return { ip: end.ip }
  }
}

function worldFile(world: World): string {
  const source = JSON.stringify(judgeWorld(world))
  const file = join(scratch('worlds'), `${createHash('sha1').update(source).digest('hex')}.json`)
  if (!existsSync(file)) writeFileSync(file, source)
  return file
}

function judgeWorld(world: World): object {
  const api = world.ends.find(end => end.kind === 'apiserver')
  const dns: Record<string, string[]> = {}
  for (const end of world.ends) if (end.kind === 'outside') for (const name of end.names ?? []) dns[name] = [...(dns[name] ?? []), end.ip]
  return {
    namespaces: Object.entries(world.namespaceLabels).map(([name, labels]) => ({ name, labels })),
    pods: world.ends.flatMap(end =>
      end.kind === 'pod'
        ? [
            {
              namespace: end.namespace,
              name: end.name,
              labels: end.labels,
              ip: end.ip,
              ...(end.ip6 === undefined ? {} : { ips: [end.ip, end.ip6] }),
              ports: end.ports.map(({ name, port, protocol }) => ({ name: name ?? '', port, protocol })),
            },
          ]
        : [],
    ),
    nodes: world.ends.flatMap(end => (end.kind === 'node' ? [{ name: end.id, ip: end.ip, local: end.local }] : [])),
    ...(api?.kind === 'apiserver' ? { apiserver: { ip: api.ip, port: api.port } } : {}),
    dns,
  }
}
