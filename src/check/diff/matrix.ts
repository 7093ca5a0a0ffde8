import type { Protocol } from '../../discover/workload.ts'
import type { Pod } from '../../verdict/world.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { otherThan } from '../ask/ports.ts'
import { eitherOf } from '../ask/question.ts'
import type { Asked, Question } from '../ask/question.ts'
import type { Named } from '../checked.ts'
import { fromApiserver, toApiserver } from '../required/apiserver.ts'
import type { Scene } from '../scene.ts'

/** What two worlds have in common, so that the same flows can be asked in both. */
export interface Common {
  readonly pods: readonly CommonPod[]
  /** Ports at which ends that are no pods are dialled. */
  readonly ports: readonly Port[]
  /** One of them that stands for all others. */
  readonly otherPort: number
}

interface CommonPod extends Pick<Pod, 'namespace' | 'name'> {
  /** Those that either world declares. */
  readonly ports: readonly Port[]
}

interface Port {
  readonly port: number
  readonly protocol: Protocol
}

export function commonOf(one: Scene, other: Scene): Common {
  const others = new Map(podsOf(other).map(pod => [nameOf(pod), pod]))
  const pods = podsOf(one).flatMap(pod => {
    const same = others.get(nameOf(pod))
    return same === undefined ? [] : [{ namespace: pod.namespace, name: pod.name, ports: distinct([...pod.ports, ...same.ports]) }]
  })
  const numbers = [443, ...one.ports, ...other.ports]
  const otherPort = otherThan(numbers)
  const ports = [...numbers, otherPort].map((port): Port => ({ port, protocol: 'TCP' }))
  return { pods, ports: distinct([...ports, { port: 53, protocol: 'UDP' }]), otherPort }
}

/** Those of the stream and the world file. */
export function podsOf({ situation, standIns }: Scene): Pod[] {
  return situation.world.pods.filter(pod => !standIns.names.has(nameOf(pod)))
}

export function nameOf({ namespace, name }: Pick<Pod, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`
}

function distinct(ports: readonly Port[]): Port[] {
  return [...new Map(ports.map(({ port, protocol }) => [`${port}/${protocol}`, { port, protocol }])).values()]
}

/** A pod with every other that calls it and with every other end, both ways, at the ports that are known there. */
export function matrixOf(pod: CommonPod, { pods, ports, otherPort }: Common, scene: Scene): Named[] {
  const named = (from: string, to: string, { port, protocol }: Port, question: Question): Named => {
    const text = `${port === otherPort ? 'another port' : port}/${protocol}`
    return { id: `${from} -> ${to}:${text}`, from, to, port: text, need: undefined, question }
  }
  const ask = (from: Ref, to: Ref, { port, protocol }: Port, rest: Partial<Asked> = {}): Asked => ({ kind: 'flow', from, to, port, protocol, ...rest })
  const end = podRef(pod)
  const name = nameOf(pod)
  const callers = pods.filter(other => other !== pod)
  return [
    ...pod.ports.flatMap(port => [
      ...callers.map(caller => named(nameOf(caller), name, port, ask(podRef(caller), end, port))),
      ...scene.standIns.strangers(pod.namespace).map(({ ref, label }) => named(label, name, port, ask(ref, end, port, { side: 'ingress' }))),
      named('world', name, port, fromOutside(scene, end, port)),
      named('apiserver', name, port, fromApiserver(scene, { to: end, ...port })),
    ]),
    ...ports.flatMap(port => [
      named(name, 'world', port, toOutside(scene, end, port)),
      ...(port.protocol === 'TCP' ? [named(name, 'apiserver', port, toApiserver(scene, end, [port.port]))] : []),
      ...scene.standIns.dns.map(({ ref, label }) => named(name, label, port, ask(end, ref, port))),
    ]),
  ]
}

function fromOutside({ cellsAt }: Scene, to: Ref, port: Port): Question {
  return eitherOf(
    'which address outside of the cluster it is',
    cellsAt(to, 'ingress').map(({ address, label }): Asked => ({ kind: 'flow', from: { address }, to, ...port, label })),
  )
}

function toOutside({ cellsAt }: Scene, from: Ref, port: Port): Question {
  return eitherOf(
    'which address outside of the cluster it is',
    cellsAt(from, 'egress').map(({ address, label }): Asked => ({ kind: 'flow', from, to: { address }, ...port, label })),
  )
}
