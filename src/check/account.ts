import type { Diagnostic } from '../diagnostics/collect.ts'
import { version } from '../version.ts'
import { check } from './checked.ts'
import type { Named } from './checked.ts'
import type { Account } from './model.ts'
import type { Prepared } from './prepare.ts'
import { requiredFlows } from './required/required.ts'

/** Every flow that the workloads need, each once. */
export function neededFlows({ subjects, release, scene }: Prepared): Named[] {
  const flows = subjects.flatMap(subject => requiredFlows(subject, release, scene))
  return [...new Map(flows.toReversed().map(flow => [flow.id, flow])).values()].toReversed()
}

/** What becomes of the questions. `strict`: each that is denied is a failure, and not only what is needed. */
export function accountOf(named: readonly Named[], prepared: Prepared, diagnostics: readonly Diagnostic[], { strict }: { readonly strict: boolean }): Account {
  const { implementation, scene, ours, judged, refused, unread } = prepared
  const flows = named.map(one => check(one, scene.situation, ours))
  const failed = flows.some(({ verdict, need }) => verdict === 'denied' && (strict || need?.required === true))
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  return { version, implementation, ok: !failed && !wrong, flows, policies: { judged, refused, unread }, diagnostics }
}
