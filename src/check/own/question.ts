import type { Pod, WorldService } from '../../verdict/world.ts'
import { podNamed } from '../ask/ends.ts'
import { allOf, eitherOf } from '../ask/question.ts'
import type { Asked, Change, Question } from '../ask/question.ts'
import type { Named } from '../checked.ts'
import { endsBehind } from '../required/services.ts'
import type { Scene } from '../scene.ts'
import { endOf } from './ends.ts'
import type { PossibleEnd, WrittenEnd } from './ends.ts'
import { parseFlow } from './parse.ts'
import type { WrittenFlow } from './parse.ts'

/** A user's flow as a question. What is wrong is said in words that follow the text. */
export function ownQuestion(text: string, scene: Scene, namespace: string): Named | { readonly problem: string } {
  const written = parseFlow(text)
  if ('problem' in written) return written
  const from = endOf(written.from, scene, namespace)
  if ('problem' in from) return { problem: `: ${written.from} ${from.problem}` }
  const to = destinations(written, scene, namespace)
  if ('problem' in to) return { problem: `: ${written.to} ${to.problem}` }
  const unknown = [from.unknown, to.unknown].filter(what => what !== undefined).join(' and ')
  return {
    id: text,
    from: written.from,
    to: written.to,
    port: `${written.port}/${written.protocol}`,
    need: undefined,
    question: allOf(from.ends.flatMap(sources => to.ends.map(targets => between(sources, targets, written, unknown)))),
  }
}

/** An end, and the port at which it is dialled. */
interface Target extends PossibleEnd {
  readonly port: number
}

function between(sources: readonly PossibleEnd[], targets: readonly Target[], { protocol }: WrittenFlow, unknown: string): Question {
  const asked = sources.flatMap(source =>
    targets.map((target): Asked => {
      const change = joined(source.change, target.change)
      const label = sources.length > 1 ? (targets.length > 1 ? `${source.label} and ${target.label}` : source.label) : target.label
      return { kind: 'flow', from: source.ref, to: target.ref, port: target.port, protocol, label, ...(change === undefined ? {} : { change }) }
    }),
  )
  return eitherOf(unknown, asked)
}

function joined(one: Change | undefined, other: Change | undefined): Change | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const selection = one.selection === 'kept' ? other.selection : 'anew'
  return { key: `${one.key} ${other.key}`, selection, apply: world => other.apply(one.apply(world)) }
}

interface Destinations extends Pick<WrittenEnd, 'unknown'> {
  readonly ends: readonly (readonly Target[])[]
}

function destinations(written: WrittenFlow, scene: Scene, namespace: string): Destinations | { readonly problem: string } {
  const service = serviceOf(written.to, scene)
  if (service !== undefined) return 'problem' in service ? service : behind(service, written, scene)
  const to = endOf(written.to, scene, namespace)
  if ('problem' in to) return to
  const ends = to.ends.map(possible => possible.flatMap(end => portsOf(end, written, scene).map(port => ({ ...end, port }))))
  return ends.some(possible => possible.length === 0)
    ? { problem: `declares no port ${written.port} for ${written.protocol}; give its number` }
    : { ends, unknown: to.unknown }
}

/** `name.namespace.svc`, with the cluster's domain or without; undefined for another word. */
function serviceOf(word: string, { cast }: Scene): WorldService | { readonly problem: string } | undefined {
  const [, name, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?$/.exec(word) ?? []
  if (name === undefined) return undefined
  const { services } = cast.world
  const found = services.find(service => service.name === name && service.namespace === namespace)
  const known = services.map(service => `${service.name}.${service.namespace}.svc`)
  return found ?? { problem: `is no Service that is known here; known are ${known.length === 0 ? 'none' : known.join(', ')}` }
}

/** The port of a Service is its own; policies see that of the pods. */
function behind(service: WorldService, { to, port, protocol }: WrittenFlow, { cast }: Scene): Destinations | { readonly problem: string } {
  const meant = service.ports.filter(candidate => candidate.protocol === protocol && (candidate.port === port || candidate.name === port))
  if (meant.length === 0)
    return { problem: `has no port ${port}/${protocol}; it has ${service.ports.map(known => `${known.port}/${known.protocol}`).join(', ')}` }
  const ends = meant
    .flatMap(candidate => endsBehind(service, candidate, cast.world.pods))
    .map(({ to: ref, port: number }) => [{ ref, port: number, label: to }])
  return ends.length === 0 ? { problem: 'has no pods that are known here' } : { ends, unknown: undefined }
}

/** A name is one of the pod's own. */
function portsOf({ ref }: PossibleEnd, { port, protocol }: WrittenFlow, { situation }: Scene): readonly number[] {
  if (typeof port === 'number') return [port]
  const pod: Pod | undefined = 'pod' in ref ? podNamed(situation.world, ref.pod) : undefined
  return pod?.ports.filter(declared => declared.name === port && declared.protocol === protocol).map(declared => declared.port) ?? []
}
