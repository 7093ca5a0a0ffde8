import { toResource } from '../../src/resources/resource.ts'
import { Judge } from '../../src/verdict/decide.ts'
import { implementations } from '../../src/verdict/registry.ts'
import { readYaml } from '../../src/yaml/read.ts'
import { madeFlows, madePolicies, madeWorld } from './verdicts-inputs.ts'

/** Decides once, in a process that has done nothing before, and prints what it took as JSON: milliseconds of processor time. */
export interface Once {
  readonly policies: number
  readonly flows: number
  readonly allowed: number
  /** Decisions that what the stream does not tell could turn. */
  readonly unsure: number
  readonly compile: number
  readonly decide: number
}

const name = process.argv[2] ?? ''
const implementation = Object.entries(implementations).find(([known]) => known === name)?.[1]
if (implementation === undefined) throw new Error(`no implementation ${name}`)

const world = madeWorld()
const flows = madeFlows(world)
const trees = await readYaml({ name: 'policies', text: madePolicies(name), firstLine: 0 }, { uniqueKeys: true })
const policies = trees.flatMap(tree => toResource(tree, { index: 0, start: 0, end: 0 }, false) ?? []).filter(implementation.enforces)

const started = process.cpuUsage()
const { refused, ...read } = implementation.read(policies, 'team-0')
const compiled = read.compile(world)
const compile = milliseconds(started)
if (refused.length > 0) throw new Error(`refused: ${refused.map(({ problem }) => problem).join('; ')}`)

const begun = process.cpuUsage()
const judge = new Judge(compiled)
const verdicts = flows.map(flow => judge.decide(flow))
const decide = milliseconds(begun)

const once: Once = {
  policies: policies.length,
  flows: flows.length,
  allowed: verdicts.filter(({ allowed }) => allowed).length,
  unsure: verdicts.filter(({ ingress, egress }) => ingress?.doubt !== undefined || egress?.doubt !== undefined).length,
  compile,
  decide,
}
process.stdout.write(JSON.stringify(once))

function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
