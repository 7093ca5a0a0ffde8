import type { Policy } from '../engines/contract.ts'
import { titleOf } from '../resources/resource.ts'
import type { Facts } from '../run.ts'
import type { Flow } from '../traffic/flow.ts'
import type { Allowlist } from '../traffic/plan.ts'
import { itemsOf, objectAt } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import type { Carrier } from './matrix.ts'

/** Which rules of our policies carry what: they are looked through once, and not for every flow. */
export class Carriers {
  private readonly flows = new Map<Flow, Carrier[]>()
  private readonly rules = new Map<Allowlist, ReadonlyMap<Json, readonly Carrier[]>>()

  constructor({ plan, policies }: Pick<Facts, 'plan' | 'policies'>) {
    policies.forEach((policy, index) => {
      const rules = this.read(policy)
      // The policies of the allowlists come first, in their order.
      const allowlist = plan.allowlists[index]
      if (allowlist !== undefined) this.rules.set(allowlist, rules)
    })
  }

  ofFlow(flow: Flow): readonly Carrier[] {
    return this.flows.get(flow) ?? []
  }

  /** Of a rule of the user's own, which stands in every policy: in that of the workload. */
  ofRule(rule: JsonObject, allowlist: Allowlist): readonly Carrier[] {
    return this.rules.get(allowlist)?.get(rule) ?? []
  }

  private read({ manifest, rules }: Policy): ReadonlyMap<Json, readonly Carrier[]> {
    const flowsOf = new Map<Json, Flow[]>()
    for (const { rule, flow } of rules) if (flow !== undefined) add(flowsOf, rule, flow)
    const found = new Map<Json, Carrier[]>()
    const document = titleOf(manifest)
    const spec = objectAt(manifest, 'spec')
    for (const direction of ['ingress', 'egress'] as const) {
      itemsOf(spec[direction]).forEach((rule, index) => {
        const carrier = { document, rule: `spec.${direction}[${index}]` }
        add(found, rule, carrier)
        for (const flow of new Set(flowsOf.get(rule))) add(this.flows, flow, carrier)
      })
    }
    return found
  }
}

function add<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
