import { resolve } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { allOf, eitherOf } from '../ask/question.ts'
import type { Asked, Question } from '../ask/question.ts'
import type { Named } from '../checked.ts'
import type { Scene } from '../scene.ts'
import type { Asking, Problem } from './asking.ts'
import { destinations } from './destinations.ts'
import type { Target } from './destinations.ts'
import type { PossibleEnd } from './ends.ts'
import { asWritten, parseFlow } from './parse.ts'
import type { WrittenFlow } from './parse.ts'
import { namespaceOf, sources } from './sources.ts'

/** A user's flow as a question. What is wrong is said in words that follow the text. */
export function ownQuestion(text: string, asking: Asking): Named | Problem {
  const written = parseFlow(text)
  if ('problem' in written) return written
  const from = sources(written.from, asking)
  if ('problem' in from) return { problem: `: ${written.from} ${from.problem}` }
  const to = destinations(written, asking, namespaceOf(from) ?? asking.namespace)
  if ('problem' in to) return { problem: `: ${written.to} ${to.problem}` }
  if (![...from.ends, ...to.ends].flat().some(({ ref }) => isPod(ref, asking.scene)))
    return { problem: `: neither ${written.from} nor ${written.to} is a pod with an address of its own, and no policy of pods holds between others` }
  return {
    id: text,
    from: asWritten(written.from),
    to: asWritten(written.to),
    port: `${written.port}/${written.protocol}`,
    need: undefined,
    question: allOf(from.ends.flatMap(possible => to.ends.map(targets => between(possible, targets, written, from.unknown ?? to.unknown ?? '')))),
  }
}

function isPod(ref: Ref, { situation: { world } }: Scene): boolean {
  return 'pod' in ref || ('address' in ref && resolve(ref, world).kind === 'pod')
}

/** Of one side at most it is not known who it is: the other has a pod. */
function between(from: readonly PossibleEnd[], to: readonly Target[], { protocol }: WrittenFlow, unknown: string): Question {
  const asked = from.flatMap(source =>
    to.map((target): Asked => {
      const change = source.change ?? target.change
      const { label } = from.length > 1 ? source : target
      return { kind: 'flow', from: source.ref, to: target.ref, port: target.port, protocol, label, ...(change === undefined ? {} : { change }) }
    }),
  )
  return eitherOf(unknown, asked)
}
