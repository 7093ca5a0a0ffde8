import type { Diagnose } from '../diagnostics/collect.ts'
import type { Context, Engine, Policy } from '../engines/contract.ts'
import type { Passthrough } from '../passthrough/merge.ts'
import { merge } from '../passthrough/own.ts'
import type { Plan } from '../traffic/plan.ts'
import { writeYaml } from '../yaml/write.ts'
import { visible } from '../visible.ts'
import { objectAt, textOf } from '../yaml/json.ts'
import type { JsonObject } from '../yaml/tree.ts'
import { Sizes } from './size.ts'

/** The plan in the engine's dialect, the user's own rules added, held against the engine's limits; `wrong` are rules of theirs that have mistakes already told. */
export async function renderPolicies(
  plan: Plan,
  engine: Engine,
  own: Passthrough | undefined,
  context: Context,
  wrong: ReadonlySet<JsonObject> = new Set(),
): Promise<Policy[]> {
  const policies: Policy[] = []
  const sizes = new Sizes()
  for (const allowlist of plan.allowlists) {
    const policy = await merge(engine.allowlist(allowlist, context), own)
    if (!sizes.fits(policy, context.diagnose)) return policies
    policies.push(policy)
  }
  policies.push(...plan.defaultDenies.map(deny => engine.defaultDeny(deny, context)))
  for (const { manifest } of policies) tellProblems(manifest, engine, own, wrong, context.diagnose)
  return policies
}

function tellProblems(manifest: Policy['manifest'], engine: Engine, own: Passthrough | undefined, wrong: ReadonlySet<JsonObject>, diagnose: Diagnose): void {
  const policy = `${engine.kind} ${textOf(objectAt(manifest, 'metadata')['name'])}`
  const given = [...(own?.ingress ?? []), ...(own?.egress ?? [])]
  for (const { text, rule } of engine.problems(manifest)) {
    const origin = given.find(({ json }) => json === rule)
    // The rule's own mistakes are told at their places; its limits would be told a second time.
    if (origin !== undefined && wrong.has(origin.json)) continue
    diagnose('NP503', { policy, problem: text }, origin?.place)
  }
}

/** The policies as documents of a stream, with the reason above each rule. */
export function writePolicies(policies: readonly Policy[], headComment: string): string {
  return policies
    .map(({ manifest, comment, rules }, index) => {
      const comments = new Map(rules.map(({ rule, reason }) => [rule, reason]))
      return `---\n${index === 0 ? headComment : ''}${comment === undefined ? '' : `# ${visible(comment)}\n`}${writeYaml(manifest, comments)}`
    })
    .join('')
}
