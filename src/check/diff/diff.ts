import type { Diagnostic } from '../../diagnostics/collect.ts'
import type { AnswerVerdict } from '../ask/answer.ts'
import { neededFlows } from '../account.ts'
import { check } from '../checked.ts'
import type { Named } from '../checked.ts'
import type { CheckedFlow } from '../model.ts'
import type { Prepared } from '../prepare.ts'
import { version } from '../../version.ts'
import type { ImplementationName } from '../../verdict/registry.ts'
import { commonOf, matrixOf, nameOf, podsOf } from './matrix.ts'

/** What became of the flows between two streams. docs/check.md describes it as JSON. */
export interface Difference {
  /** Of helm-netpol. */
  readonly version: string
  readonly implementation: ImplementationName
  /** False, as the exit code is 1: a flow that is needed is denied, and was not before, or a diagnostic is an error. */
  readonly ok: boolean
  /** How many flows were asked in both. */
  readonly compared: number
  /** Those that turned out otherwise, the newly cut first. */
  readonly changes: readonly Change[]
  /** Pods that only one of the streams has: their flows cannot be compared. */
  readonly pods: { readonly added: readonly string[]; readonly removed: readonly string[] }
  readonly diagnostics: readonly Diagnostic[]
}

export interface Change {
  /** `absent`: the flow is not needed there. */
  readonly before: AnswerVerdict | 'absent'
  readonly after: AnswerVerdict
  /** It is needed, and denied now. */
  readonly newlyCut: boolean
  /** As it is now. */
  readonly flow: CheckedFlow
}

export function diff(old: Prepared, now: Prepared, diagnostics: readonly Diagnostic[]): Difference {
  const common = commonOf(old.scene, now.scene)
  // One pod at a time: all flows of a cluster are too many to be kept.
  const parts = [undefined, ...common.pods].map(pod => {
    const before = new Map((pod === undefined ? neededFlows(old) : matrixOf(pod, common, old.scene)).map(named => [named.id, named]))
    const after = pod === undefined ? neededFlows(now) : matrixOf(pod, common, now.scene)
    return { compared: after.filter(({ id }) => before.has(id)).length, changes: after.flatMap(named => change(named, before.get(named.id), old, now)) }
  })
  const changes = parts.flatMap(part => part.changes)
  const [oldPods, newPods] = [old, now].map(({ scene }) => podsOf(scene).map(nameOf))
  return {
    version,
    implementation: now.implementation,
    ok: !changes.some(({ newlyCut }) => newlyCut) && !diagnostics.some(({ severity }) => severity === 'error'),
    compared: parts.reduce((sum, { compared }) => sum + compared, 0),
    changes: [...changes.filter(({ newlyCut }) => newlyCut), ...changes.filter(({ newlyCut }) => !newlyCut)],
    pods: { added: without(newPods, oldPods), removed: without(oldPods, newPods) },
    diagnostics,
  }
}

function change(named: Named, before: Named | undefined, old: Prepared, now: Prepared): Change[] {
  const flow = check(named, now.scene.situation, now.ours)
  const was = before === undefined ? 'absent' : check(before, old.scene.situation, old.ours).verdict
  const newlyCut = flow.verdict === 'denied' && was !== 'denied' && flow.need?.required === true
  const differs = was === 'absent' ? newlyCut : was !== flow.verdict
  return differs ? [{ before: was, after: flow.verdict, newlyCut, flow }] : []
}

function without(all: readonly string[] = [], others: readonly string[] = []): string[] {
  const known = new Set(others)
  return all.filter(name => !known.has(name))
}
