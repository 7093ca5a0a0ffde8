import * as assert from 'uvu/assert'
import { stringify } from 'yaml'
import { engines, judgesOf } from '../flows/model.ts'
import type { Engine, JudgeName } from '../flows/model.ts'
import type { Judges } from '../harness/judges.ts'
import { at, list, manifests } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { ask, programOf } from '../harness/oracle.ts'
import type { Report } from '../harness/report.ts'
import type { Chart, Claim, ClaimKind } from './claims.ts'
import { wireKinds } from './wires.ts'

/** A chart with the policies that it got. */
export interface Rendered {
  chart: Chart
  policies: ReadonlyMap<Engine, string>
}

/** Policies of real charts with a rule taken out, or one too many, are found by the claims of the right kind. */
export async function mutations(report: Report, judges: Judges, rendered: readonly Rendered[]): Promise<void> {
  for (const engine of engines)
    for (const judge of judgesOf[engine].filter(name => judges.has(programOf[name]))) {
      for (const kind of wireKinds) {
        if (engine === 'clusterNetworkPolicy' && kind === 'probe') report.say(`  nothing to take out: ${engine} cannot deny nodes, so no rule lets a ${kind} in (by ${judge})`)
        else await report.check(`${engine} without the rule of a ${kind}, by ${judge}`, () => found(judges, judge, engine, ruleless(rendered, engine, kind)))
      }
      await report.check(`${engine} with a rule for every port, by ${judge}`, () => found(judges, judge, engine, opened(rendered, engine)))
    }
}

const EVERYTHING: Record<Engine, Value> = {
  kubernetes: {},
  cilium: { fromEntities: ['all'] },
  calico: { action: 'Allow' },
  clusterNetworkPolicy: { name: 'everything', action: 'Accept', from: [{ namespaces: {} }] },
}

interface Broken {
  chart: Chart
  policies: string
  /** Claims that cannot hold any more. */
  lost: readonly Claim[]
  /** Nothing else that the chart wires up has the ports. */
  alone: boolean
}

function ruleless(rendered: readonly Rendered[], engine: Engine, kind: ClaimKind): Broken {
  const broken = rendered.flatMap(one => without(one, engine, kind))
  // Where nothing else has the port, no other claim would find it.
  const chosen = broken.find(({ alone }) => alone) ?? broken[0]
  if (chosen === undefined) throw new Error('no chart has a rule to take out')
  return chosen
}

function opened(rendered: readonly Rendered[], engine: Engine): Broken {
  const closed = ({ chart }: Rendered): Claim[] => chart.claims(engine, false).filter(({ kind, wanted }) => kind === 'closed' && wanted === 'deny')
  const chosen = rendered.find(one => closed(one).length > 0)
  if (chosen === undefined) throw new Error('no chart has a port to open')
  return { chart: chosen.chart, policies: rewrite(chosen.policies.get(engine) ?? '', rules => [EVERYTHING[engine], ...rules]), lost: closed(chosen), alone: true }
}

/** The policies without the rules that have some port of a kind, if they have any. */
function without({ chart, policies }: Rendered, engine: Engine, kind: ClaimKind): Broken[] {
  const claims = chart.claims(engine, false).filter(({ wanted, kind: its }) => wanted === 'allow' && its !== 'closed' && its !== 'others')
  return claims
    .filter(claim => claim.kind === kind)
    .flatMap(({ flow: { to, port, protocol } }) => {
      const there = claims.filter(({ flow }) => flow.to === to && flow.port === port && flow.protocol === protocol)
      const lost = there.filter(claim => claim.kind === kind && deniable(engine, claim))
      const names = to.kind === 'pod' ? to.ports.flatMap(entry => (entry.port === port ? (entry.name ?? []) : [])) : []
      let taken = 0
      const left = rewrite(policies.get(engine) ?? '', rules => {
        const kept = rules.filter(rule => !mentions(rule, [port, String(port), ...names]))
        taken += rules.length - kept.length
        // Cilium refuses an empty list; one empty rule allows nothing.
        return kept.length === 0 && engine === 'cilium' ? [{}] : kept
      })
      return taken === 0 || lost.length === 0 ? [] : [{ chart, policies: left, lost, alone: there.every(claim => claim.kind === kind) }]
    })
}

/** Ingress peers of a ClusterNetworkPolicy are pods: without a rule, nodes and the API server still come in. */
const deniable = (engine: Engine, { flow }: Claim): boolean => engine !== 'clusterNetworkPolicy' || flow.from.kind === 'pod'

function mentions(value: Value, wanted: readonly Value[]): boolean {
  if (value === null || typeof value !== 'object') return wanted.includes(value)
  return Object.values(value).some(item => mentions(item, wanted))
}

function rewrite(policies: string, change: (rules: Value[]) => Value[]): string {
  return manifests(policies)
    .map(({ body }) => {
      const spec = at(body, 'spec')
      return stringify(extended(body, { spec: extended(spec, { ingress: change(list(at(spec, 'ingress'))) }) }), { version: '1.1', defaultStringType: 'QUOTE_DOUBLE' })
    })
    .join('---\n')
}

function extended(value: Value | undefined, more: Record<string, Value>): Value {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('a policy without a spec')
  return { ...value, ...more }
}

/** Every claim that the policies cannot hold any more comes out wrong. */
async function found(judges: Judges, judge: JudgeName, engine: Engine, { chart: { world, namespace }, policies, lost }: Broken): Promise<void> {
  const answer = await ask(judges, { judge, world, namespace, policies, flows: lost.map(({ flow }) => flow), hostByPolicy: true })
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`)
  const missed = lost.filter(({ wanted }, index) => answer.verdicts[index] === wanted)
  assert.is(missed.length, 0, `${world.name}, ${engine}: not found: ${missed.map(({ why, flow }) => `${why} from ${flow.from.id} port ${flow.port}`).join(', ')}`)
}
