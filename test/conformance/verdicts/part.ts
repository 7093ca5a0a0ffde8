import { calico } from '../../../src/verdict/implementations/calico.ts'
import { cilium } from '../../../src/verdict/implementations/cilium.ts'
import { generic } from '../../../src/verdict/implementations/generic.ts'
import type { World } from '../../../src/verdict/world.ts'
import { Chance, randomRun } from '../harness/chance.ts'
import type { Judges } from '../harness/judges.ts'
import { programOf } from '../harness/oracle.ts'
import type { Part } from '../harness/part.ts'
import { pool } from '../harness/pool.ts'
import { table } from '../harness/report.ts'
import type { Report } from '../harness/report.ts'
import { agrees, compare } from './compare.ts'
import type { Case, Outcome } from './compare.ts'
import type { Dialect, PolicyObject } from './model.ts'
import { calicoAndOthers, calicoPolicies } from './calico-policies.ts'
import { calicoWorld } from './calico-world.ts'
import { ciliumPolicies } from './cilium-policies.ts'
import { ciliumWorld } from './cilium-world.ts'
import { clusterNetworkPolicies } from './cluster-network-policy.ts'
import type { Extra } from './cluster-network-policy.ts'
import { networkPolicies } from './network-policy.ts'
import { byOwnLabels } from './selectors.ts'
import { shrink } from './shrink.ts'
import { randomFlows, randomWorld } from './world.ts'

/** HELM_NETPOL_CASES asks for more of each dialect; HELM_NETPOL_SEED repeats a run. */
const CASES = 60
/** Finding the smallest case takes many questions. */
const SHRUNK = 2

const dialects: readonly Dialect[] = [
  { name: 'NetworkPolicy, Cilium', judge: 'cilium', implementation: cilium, times: 2, world: ciliumWorld, policies: networkPolicies },
  {
    name: "Cilium's own policies",
    judge: 'cilium',
    implementation: cilium,
    world: ciliumWorld,
    policies: (chance, world) => ciliumPolicies(chance, world, { nodes: chance.chance(0.2) }),
  },
  { name: 'all policies, Cilium', judge: 'cilium', implementation: cilium, times: 2, world: ciliumWorld, policies: everyPolicy },
  { name: 'NetworkPolicy, generic', judge: 'calico', implementation: generic, policies: (chance, world) => networkPolicies(chance, world, byOwnLabels) },
  {
    name: 'ClusterNetworkPolicy and NetworkPolicy, generic',
    judge: 'calico',
    implementation: generic,
    // Calico refuses nodes and, but for its paid editions, names.
    policies: (chance, world) => [...clusterNetworkPolicies(chance, world, []), ...networkPolicies(chance, world, byOwnLabels)],
  },
  { name: "Calico's own policies", judge: 'calico', implementation: calico, world: calicoWorld, policies: calicoPolicies },
  { name: 'all policies, Calico', judge: 'calico', implementation: calico, world: calicoWorld, policies: calicoAndOthers },
]

function everyPolicy(chance: Chance, world: World): PolicyObject[] {
  const nodes = chance.chance(0.2)
  const extras: Extra[] = ['names', 'labels', ...(nodes ? (['nodes'] as const) : []), ...(chance.chance(0.5) ? (['ties'] as const) : [])]
  return [
    ...(chance.chance(0.8) ? clusterNetworkPolicies(chance, world, extras) : []),
    ...(chance.chance(0.5) ? networkPolicies(chance, world) : []),
    ...(chance.chance(0.5) ? ciliumPolicies(chance, world, { nodes }) : []),
  ]
}

export const verdicts: Part = {
  name: 'verdicts',
  about: "our evaluators say of random policies, worlds and flows what the engines' own code says",
  async run(report, judges) {
    const { seed, count } = randomRun(CASES)
    const only = process.env['HELM_NETPOL_DIALECT']
    report.say(`  ${count} random cases of each dialect, or more, HELM_NETPOL_SEED=${seed}`)
    const rows: (string | number)[][] = []
    for (const [index, dialect] of dialects.entries()) {
      if (only !== undefined && !dialect.name.includes(only)) continue
      if (!judges.has(programOf[dialect.judge])) report.skip(count, `${dialect.name}: ${programOf[dialect.judge]} is missing`)
      else rows.push(await compareAll(report, judges, dialect, seed + index * 1_000_003, count * (dialect.times ?? 1)))
    }
    report.say(table([['dialect', 'judge', 'cases', 'sides of flows', 'allowed', 'denied', 'unsure', 'differing'], ...rows]))
  },
}

async function compareAll(report: Report, judges: Judges, dialect: Dialect, seed: number, count: number): Promise<(string | number)[]> {
  const sums = { sides: 0, allowed: 0, denied: 0, unsure: 0, differing: 0 }
  const wrong: { one: Case; outcome: Outcome }[] = []
  await pool(
    Array.from({ length: count }, (_, index) => seed + index),
    2,
    async each => {
      const one = randomCase(dialect, each)
      const outcome = await compare(judges, one)
      if (outcome.kind === 'compared') {
        sums.sides += outcome.sides
        sums.allowed += outcome.allowed
        sums.denied += outcome.denied
        sums.unsure += outcome.unsure
        sums.differing += outcome.differing.length
      }
      if (agrees(outcome)) report.pass()
      else wrong.push({ one, outcome })
    },
  )
  for (const [index, { one, outcome }] of wrong.entries()) {
    if (index < SHRUNK) tell(report, dialect, await shrink(judges, one, outcome))
    else report.failAgain()
  }
  return [dialect.name, dialect.judge, count, sums.sides, sums.allowed, sums.denied, sums.unsure, sums.differing]
}

function randomCase(dialect: Dialect, seed: number): Case {
  const chance = new Chance(seed)
  const world = (dialect.world ?? randomWorld)(chance)
  return { dialect, world, policies: dialect.policies(chance, world), flows: randomFlows(chance, world) }
}

function tell(report: Report, dialect: Dialect, { one, outcome }: { one: Case; outcome: Outcome }): void {
  const lines = [
    ...one.policies.map(policy => JSON.stringify(policy)),
    ...(outcome.kind === 'compared' ? outcome.differing.map(difference => JSON.stringify(difference)) : [JSON.stringify(outcome)]),
    `namespaces: ${JSON.stringify(one.world.namespaces)}`,
    `apiserver: ${JSON.stringify(one.world.apiserver)}`,
    `services: ${JSON.stringify(one.world.services)}`,
    `names: ${JSON.stringify(one.world.names)}`,
  ]
  report.fail(`${dialect.name} by ${dialect.judge}`, lines.join('\n'))
}
