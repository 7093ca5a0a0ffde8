import type { Need } from '../../needs/need.ts'
import type { FlowPort } from '../../traffic/flow.ts'
import type { Ref } from '../ask/ends.ts'
import { allOf, anyOf, eitherOf } from '../ask/question.ts'
import type { Asked, Change, Question } from '../ask/question.ts'
import type { Scene } from '../scene.ts'

/** One of several that a destination may be. */
export interface Possibility {
  readonly to: Ref
  readonly label: string
  readonly change?: Change
}

/** Asks for a need's ports at what may be its destination: one will do, or each has to get through; where none is known, whichever it is. */
export function askPorts(need: Need, from: Ref, possibilities: readonly Possibility[], unknown: string, { ports, otherPort }: Scene): Question {
  const wanted = portsOf(need)
  const at = ({ to, label, change }: Possibility, { number, protocol }: Port, words = label): Asked => ({
    kind: 'flow',
    from,
    to,
    port: number,
    protocol,
    label: words,
    ...(change === undefined ? {} : { change }),
  })
  if (wanted.length === 0) {
    const tried = [...new Set([...(need.dialled === undefined ? [] : [need.dialled]), ...ports, otherPort])]
    const what = unknown === '' ? `the port of ${need.text}` : `${unknown}, and its port`
    return eitherOf(
      what,
      possibilities.flatMap(one =>
        tried.map(number => at(one, { number, protocol: 'TCP' }, `${one.label}, ${number === otherPort ? 'another port' : `port ${number}`}`)),
      ),
    )
  }
  const each = wanted.map(port =>
    eitherOf(
      unknown,
      possibilities.map(one => at(one, port)),
    ),
  )
  return need.anyPort ? anyOf(each) : allOf(each)
}

interface Port extends Pick<FlowPort, 'protocol'> {
  readonly number: number
}

/** Those that have to be open: where some are fallbacks, the others. */
export function portsOf({ ports, mainly }: Pick<Need, 'ports' | 'mainly'>): Port[] {
  return ports.flatMap(({ number, protocol }) => (number === undefined || (mainly !== undefined && protocol !== mainly) ? [] : [{ number, protocol }]))
}
