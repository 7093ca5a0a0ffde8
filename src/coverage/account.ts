import type { Workload } from '../discover/workload.ts'
import type { Engine } from '../engines/contract.ts'
import type { EngineName } from '../engines/registry.ts'
import { alwaysNeeded } from '../needs/always.ts'
import type { Unclear } from '../needs/find.ts'
import type { Home } from '../needs/home.ts'
import type { Survey } from '../needs/survey.ts'
import { readEgress } from '../passthrough/own.ts'
import { policyTypes, selectsPodsOf } from '../policies/present.ts'
import type { Present, StayingPolicy } from '../policies/present.ts'
import { title } from '../resources/resource.ts'
import type { Allowlist, Plan } from '../traffic/plan.ts'
import { egressRuleFlow } from '../traffic/rule.ts'
import { list } from '../values/fields.ts'
import { egressRule } from '../values/peers.ts'
import type { EngineSettings, Settings } from '../values/schema.ts'
import { at } from '../yaml/tree.ts'
import { cover } from './cover.ts'
import type { Coverage } from './cover.ts'
import { reachesOf } from './flows.ts'
import type { Reach } from './reach.ts'

/** What becomes of a workload's needs. */
export interface Account {
  readonly allowlist: Allowlist
  /** What every controller needs first, then what the stream shows. */
  readonly coverage: readonly Coverage[]
  readonly unclear: readonly Unclear[]
  /** Policies of the chart's own that decide in the place of ours who may call, by their titles. */
  readonly callersDecidedBy: readonly string[]
  /** By our policy, or by one of the chart's own. */
  readonly egressLocked: boolean
}

export interface AccountOptions {
  readonly settings: Settings
  readonly engineName: EngineName
  readonly engine: Engine
  readonly own: EngineSettings | undefined
}

/** Holds the needs of every covered workload against its own policy, passthrough included, and those that stay beside it. */
export async function accountFor(
  plan: Plan,
  survey: Survey,
  { staying, locking }: Present,
  homeOf: (workload: Workload) => Home,
  options: AccountOptions,
): Promise<Account[]> {
  const { settings, engine, engineName, own } = options
  const passed = await readEgress(engineName, own)
  return plan.allowlists.map(allowlist => {
    const { needs, unclear } = survey(allowlist.workload)
    const planned = (allowlist.egress ?? []).flatMap(flow => reachesOf(flow, engine))
    const home = homeOf(allowlist.workload)
    const isBeside = (policy: StayingPolicy): boolean => selectsPodsOf(policy, allowlist, home.namespace)
    const [beside, lockers] = [staying.filter(isBeside), locking.filter(isBeside)]
    const reachesOfChart = (policy: StayingPolicy): Reach[] => reachesBeside(policy, engineName)
    const before = lockers.filter(({ locks }) => locks.includes('egress'))
    const decided = !engine.addsUp && before.length > 0
    const reaches = decided ? before.flatMap(reachesOfChart) : [...planned, ...passed, ...beside.flatMap(reachesOfChart)]
    const callersDecidedBy = engine.addsUp ? [] : lockers.filter(({ locks }) => locks.includes('ingress')).map(({ policy }) => title(policy))
    const scope = {
      home,
      blocksReachPods: engine.blocksReachPods,
      namesUnresolved: engine.knowsNames && !reaches.some(resolvesNames),
    }
    return {
      allowlist,
      coverage: cover([...alwaysNeeded(settings.egress, allowlist.workload), ...needs], reaches, scope),
      unclear,
      callersDecidedBy,
      egressLocked: allowlist.egress !== undefined || before.length > 0,
    }
  })
}

/** Its DNS is read on the way, so that rules by name learn addresses. */
function resolvesNames({ rule, readsDns }: Reach): boolean {
  return readsDns === true || rule.flow?.resolvesNames === true
}

/** A NetworkPolicy of the chart's own adds what it lets out. */
function reachesBeside({ policy, ours }: StayingPolicy, engineName: EngineName): Reach[] {
  const rules = at(policy.tree, 'spec', 'egress')
  // Without the type the rules say nothing; Cilium alone enforces them all the same.
  if (ours || rules === undefined || (engineName !== 'cilium' && !policyTypes(policy).includes('egress'))) return []
  const path = `${title(policy)}, spec.egress`
  return list('', egressRule)
    .parse(rules, path, () => {})
    .flatMap(rule => reachesOf(egressRuleFlow(rule), { knowsApiserver: false }))
}
