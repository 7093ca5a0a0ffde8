import { placeIn } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import type { Decision, Direction, Idle } from '../verdict/contract.ts'
import type { End, Flow } from '../verdict/world.ts'
import { answer } from './ask/answer.ts'
import { connectionsOf } from './ask/question.ts'
import type { Question } from './ask/question.ts'
import type { Situation } from './ask/situation.ts'
import type { CheckedFlow, DecidingDocument, FlowNeed, Side } from './model.ts'
import { isMadeUp } from './world/made-up.ts'
import { originOfLock, originOfRule } from './origin.ts'
import type { Origin, Ours } from './origin.ts'
import { policyTitle } from './words.ts'

/** A question in words, with who asks. */
export interface Named {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly port: string
  readonly need: FlowNeed | undefined
  readonly question: Question
}

/** The answer to a question, in words. */
export function check({ question, ...named }: Named, situation: Situation, ours: Ours | undefined): CheckedFlow {
  const { verdict, evidence, unknown } = answer(question, situation)
  const { flow, egress, ingress } = evidence
  return {
    ...named,
    port: named.need?.direction === 'egress' ? portSeen(named.port, question) : named.port,
    verdict,
    asked: {
      from: endText(flow.from, situation.hasAddress(flow.from)),
      to: endText(flow.to, situation.hasAddress(flow.to)),
      port: flow.port,
      protocol: flow.protocol,
    },
    egress: egress === undefined ? undefined : toSide(egress, 'egress', flow, ours),
    ingress: ingress === undefined ? undefined : toSide(ingress, 'ingress', flow, ours),
    unknown,
  }
}

/** Behind a Service, the port that policies see is another than the one that is dialled. */
function portSeen(dialled: string, question: Question): string {
  const seen = new Set(connectionsOf(question).map(({ port, protocol }) => `${port}/${protocol}`))
  const isDialled = dialled.split(/, | or /).some(port => seen.has(port))
  // Several are tried where the port is not known.
  return isDialled || (dialled === '' && seen.size > 1) ? dialled : [...seen].join(', ')
}

/** An end as it is read; `addressed`: with its address, which what is made up is not worth telling. */
export function endText(end: End, addressed: boolean): string {
  if (end.kind === 'outside') return end.address
  const [address = ''] = addressed ? end.addresses : []
  return `${nameOf(end)}${address === '' ? '' : ` (${address})`}`
}

function nameOf(end: Exclude<End, { kind: 'outside' }>): string {
  switch (end.kind) {
    case 'pod':
      return isMadeUp(end) ? `a pod of namespace ${end.namespace}` : `pod ${end.namespace}/${end.name}`
    case 'node':
      return `node ${end.name}`
    case 'apiserver':
      return 'kube-apiserver'
  }
}

function toSide(decision: Decision, direction: Direction, flow: Flow, ours: Ours | undefined): Side {
  const { allowed, by } = decision
  switch (decision.by) {
    case 'rule': {
      const { policy, rule } = decision
      const origin = originOfRule(ours, policy, rule.path)
      const proviso = allowed ? rule.proviso?.(flow)?.text : undefined
      const documents = [{ ...named(policy), rule: rule.path, ...whereabouts(policy, origin, rule.tree) }]
      return { allowed, by, documents, ...(proviso === undefined ? {} : { proviso }) }
    }
    case 'lock':
      return { allowed, by, documents: decision.policies.map(policy => locking(policy, direction, ours)) }
    case 'nothing':
      return { allowed, by, documents: decision.idle.map(one => letting(one, ours)) }
    case 'engine':
      return { allowed, by, documents: [], reason: decision.reason }
  }
}

function locking(policy: Resource, direction: Direction, ours: Ours | undefined): DecidingDocument {
  return { ...named(policy), ...whereabouts(policy, originOfLock(ours, policy, direction)) }
}

function named(policy: Resource): Pick<DecidingDocument, 'document' | 'apiVersion'> {
  return { document: policyTitle(policy), apiVersion: policy.apiVersion }
}

/** Of ours only a rule has come from a line of the values. */
function letting({ policy, rule }: Idle, ours: Ours | undefined): DecidingDocument {
  if (rule !== undefined) return { ...named(policy), rule: rule.path, ...whereabouts(policy, originOfRule(ours, policy, rule.path), rule.tree) }
  return { ...named(policy), ...(isOurs(ours, policy) ? {} : whereabouts(policy, undefined)) }
}

function isOurs(ours: Ours | undefined, policy: Resource): boolean {
  return ours?.resources.includes(policy) === true
}

/** In the values, or in the stream. */
function whereabouts(policy: Resource, origin: Origin | undefined, tree = policy.tree): Pick<DecidingDocument, 'place' | 'values' | 'because' | 'locks'> {
  return origin ?? { place: placeIn(policy, tree) }
}
