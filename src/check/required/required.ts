import { containerPort } from '../../discover/services.ts'
import type { Release } from '../../discover/release.ts'
import type { Workload } from '../../discover/workload.ts'
import { portWords } from '../../explain/words.ts'
import type { Need } from '../../needs/need.ts'
import type { Flow, FlowPort } from '../../traffic/flow.ts'
import { ingressRows } from '../../traffic/table.ts'
import { textAt, itemsAt } from '../../yaml/tree.ts'
import type { Ref } from '../ask/ends.ts'
import type { Named } from '../checked.ts'
import type { Scene } from '../scene.ts'
import { called, eitherOf } from '../ask/question.ts'
import type { Question } from '../ask/question.ts'
import { hostsIn, unknownHost } from './hosts.ts'
import { callersOf } from './inbound.ts'
import { ofNeed } from './outbound.ts'
import { portsOf } from './ports.ts'

/** A workload, and what has to get through to it and from it. */
export interface Subject {
  readonly workload: Workload
  readonly end: Ref
  readonly namespace: string
  /** The rows of the traffic table that are its own. */
  readonly inbound: readonly Inbound[]
  readonly outbound: readonly { readonly need: Need; readonly required: boolean }[]
  /** Blocks of resolvers that the values name. */
  readonly resolvers: readonly string[]
}

export interface Inbound {
  readonly flow: Flow
  readonly required: boolean
}

/** Every flow that a workload needs, or may need, as questions. */
export function requiredFlows(subject: Subject, release: Release, scene: Scene): Named[] {
  return [
    ...subject.inbound.flatMap(inbound => inboundFlows(inbound, subject, release, scene)),
    ...subject.outbound.map(({ need, required }) => outboundFlow(need, required, subject, scene)),
  ]
}

function inboundFlows({ flow, required }: Inbound, { workload, end, namespace }: Subject, release: Release, scene: Scene): Named[] {
  const row = ingressRows.find(({ id }) => id === flow.row)
  if (row === undefined) return []
  return flow.ports.flatMap(port => {
    if (port.number === undefined) return []
    const called = { to: end, namespace, port: port.number, protocol: port.protocol, exposed: isExposed(workload, port, release) }
    return callersOf(flow, called, scene).map(({ from, question }) => ({
      id: `${workload.title} ingress ${flow.row} ${port.number}/${port.protocol} from ${from}`,
      from,
      to: workload.title,
      port: portWords(port),
      need: {
        workload: workload.title,
        direction: 'ingress' as const,
        row: flow.row,
        party: row.party,
        reason: flow.reason,
        required: required && !isAssumed(flow),
        found: flow.where.map(where => ({ where })),
      },
      question,
    }))
  })
}

/** Nothing but the default says so. */
function isAssumed({ where }: Flow): boolean {
  return where.every(place => place === 'the default')
}

/** A Service brings what comes from outside of the cluster to the port. */
function isExposed(workload: Workload, { number, protocol }: FlowPort, { servicesOf }: Release): boolean {
  return servicesOf(workload)
    .filter(
      ({ resource: { tree } }) => ['NodePort', 'LoadBalancer'].includes(textAt(tree, 'spec', 'type') ?? '') || itemsAt(tree, 'spec', 'externalIPs').length > 0,
    )
    .flatMap(service => service.ports.flatMap(port => containerPort(port, workload) ?? []))
    .some(port => port.number === number && port.protocol === protocol)
}

function outboundFlow(need: Need, required: boolean, { workload, end, namespace, resolvers }: Subject, scene: Scene): Named {
  return {
    id: `${workload.title} egress ${need.row} ${need.text}`,
    from: workload.title,
    to: need.text,
    port: portsOf(need)
      .map(({ number, protocol }) => `${number}/${protocol}`)
      .join(need.anyPort ? ' or ' : ', '),
    need: {
      workload: workload.title,
      direction: 'egress',
      row: need.row,
      party: need.party,
      reason: need.reason,
      required: required && !need.guess,
      found: need.found,
    },
    question: fromEach(end, scene, from => ofNeed(need, { from, namespace, resolvers }, scene)),
  }
}

/** A pod of the host network calls from its node, which may be that of whom it calls. */
function fromEach(end: Ref, { cast }: Scene, ask: (from: Ref) => Question): Question {
  if (!('node' in end)) return ask(end)
  return eitherOf(
    unknownHost,
    hostsIn(cast).map(({ ref, label }) => called(label, ask(ref))),
  )
}
