import { hasLabels } from '../../discover/selector.ts'
import type { Labels } from '../../discover/selector.ts'
import type { Backend, Need, ServiceHost } from '../../needs/need.ts'
import type { Pod, WorldService, WorldServicePort } from '../../verdict/world.ts'
import { withPod } from '../ask/changes.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { allOf } from '../ask/question.ts'
import type { Asked, Question } from '../ask/question.ts'
import type { Scene } from '../scene.ts'
import type { Example } from '../world/examples.ts'
import { madeUpPod } from '../world/made-up.ts'
import { describe } from '../world/stand-ins.ts'
import type { Dialler } from './outbound.ts'
import { hostsIn } from './hosts.ts'
import { askPorts, portsOf } from './ports.ts'
import type { Possibility } from './ports.ts'

/** A Service that is dialled: policies see the pods behind it, at their own ports. */
export function ofService(need: Need, host: ServiceHost, dialler: Dialler, scene: Scene): Question {
  const namespace = host.namespace ?? dialler.namespace
  const known = host.backends.flatMap(backend => behindBackend(need, backend, namespace, dialler, scene))
  if (known.length > 0) return allOf(known)
  const service = scene.cast.world.services.find(({ name, namespace: its }) => name === host.name && its === namespace)
  const behind = service === undefined ? undefined : (atPod(need, host, service, dialler, scene) ?? behindService(service, need.dialled, dialler, scene))
  return (
    behind ?? askPorts(need, dialler.from, unknownPods(need, namespace, host.pods?.matchLabels ?? {}, dialler.from, scene), `the pods of ${need.text}`, scene)
  )
}

/** The pods of a Service by its cluster address; undefined where it is none's. */
export function behindAddress(address: string, need: Need, dialler: Dialler, scene: Scene): Question | undefined {
  const service = scene.cast.world.services.find(({ clusterAddresses }) => clusterAddresses.includes(address))
  return service === undefined ? undefined : behindService(service, need.dialled, dialler, scene)
}

/** One pod of a Service, each of them where it cannot be told, at the port that is dialled; undefined where no pod is meant, or none is known. */
function atPod(need: Need, { pod }: ServiceHost, service: WorldService, { from }: Dialler, { cast }: Scene): Question | undefined {
  if (pod === undefined) return undefined
  const named = podsAt(pod, service, cast.world.pods)
  const all = 'addresses' in service.backends ? service.backends.addresses.map(address => ({ address })) : podsOf(service, cast.world.pods).map(podRef)
  const ends: readonly Ref[] = named.length > 0 ? named.map(podRef) : all
  const asked = ends.flatMap(to => portsOf(need).map(({ number, protocol }): Asked => ({ kind: 'flow', from, to, port: number, protocol })))
  return asked.length === 0 ? undefined : allOf(asked)
}

/** A workload behind a Service of the stream; nodes have the pods of the host network. */
function behindBackend(need: Need, { labels, hostNetwork, ports }: Backend, namespace: string, { from }: Dialler, { cast }: Scene): Question[] {
  const pods = cast.world.pods.filter(pod => pod.namespace === namespace && sameLabels(pod.labels, labels))
  const ends: readonly Ref[] = hostNetwork ? hostsIn(cast).map(({ ref }) => ref) : pods.map(podRef)
  return ends.flatMap(to => portsOf({ ...need, ports }).map(({ number, protocol }): Asked => ({ kind: 'flow', from, to, port: number, protocol })))
}

function sameLabels(one: Labels, other: Labels): boolean {
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every(key => one[key] === other[key])
}

/** Each pod or address behind each of the ports that are meant; undefined where none is known. */
export function behindService(service: WorldService, dialled: number | undefined, { from }: Pick<Dialler, 'from'>, { cast }: Scene): Question | undefined {
  const meant = service.ports.filter(({ port }) => dialled === undefined || port === dialled)
  const ends = meant.flatMap(port => endsBehind(service, port, cast.world.pods).map(end => ({ ...end, protocol: port.protocol })))
  return ends.length === 0 ? undefined : allOf(ends.map(({ to, port, protocol }): Asked => ({ kind: 'flow', from, to, port, protocol })))
}

/** The pods or addresses behind a port of a Service, each with its own. */
export function endsBehind(service: WorldService, port: WorldServicePort, pods: readonly Pod[]): { readonly to: Ref; readonly port: number }[] {
  const { backends } = service
  const { target } = port
  if ('addresses' in backends) return typeof target === 'number' ? backends.addresses.map(address => ({ to: { address }, port: target })) : []
  return podsOf(service, pods).flatMap(pod => {
    const number = targetIn(pod, port)
    return number === undefined ? [] : [{ to: podRef(pod), port: number }]
  })
}

function targetIn({ ports }: Pod, { target, protocol }: WorldServicePort): number | undefined {
  return typeof target === 'number' ? target : ports.find(({ name, protocol: its }) => name === target && its === protocol)?.port
}

/** The pods that a Service selects; none where someone else manages its endpoints. */
export function podsOf({ namespace, backends }: WorldService, pods: readonly Pod[]): readonly Pod[] {
  return 'selector' in backends ? pods.filter(pod => pod.namespace === namespace && hasLabels(pod.labels, backends.selector)) : []
}

/** The pods that `pod.service.namespace` names: of that name, or by a workload's, which stands for its numbered pods; or by its address, with dashes. */
export function podsAt(word: string, service: WorldService, pods: readonly Pod[]): readonly Pod[] {
  const chosen = podsOf(service, pods)
  const exact = chosen.filter(({ name, addresses }) => name === word || addresses.some(address => address.replace(/[.:]/g, '-') === word))
  return exact.length > 0 ? exact : chosen.filter(({ name }) => word.startsWith(`${name}-`) && /^\d+$/.test(word.slice(name.length + 1)))
}

/** What pods of a namespace may be, of which no more is known than the labels that a Service selects them by: they may call the port as a rule does, too. */
function unknownPods(need: Need, namespace: string, labels: Labels, from: Ref, { cast, dialledBy, ports, otherPort, portNames }: Scene): Possibility[] {
  const fitting = dialledBy(from).filter(
    example =>
      (example.namespace ?? namespace) === namespace &&
      agree(example.labels, labels) &&
      (Object.keys(example.namespaceLabels).length === 0 || !cast.namespacesKnown.has(namespace)),
  )
  const numbers =
    need.ports.length > 0 ? portsOf(need).map(({ number }) => number) : [...(need.dialled === undefined ? [] : [need.dialled]), ...ports, otherPort]
  const declared = portNames.flatMap(name => numbers.map(port => ({ name, port, protocol: 'TCP' as const })))
  const kinds = declared.length === 0 ? [[]] : [[], declared]
  return [unlabelled, ...fitting].flatMap(({ labels: own, namespaceLabels, serviceAccount }, index) =>
    kinds.map(named => {
      const pod = madeUpPod(namespace, `destination-${index}`, { labels: { ...own, ...labels }, serviceAccount, ports: named })
      const words = describe(pod.labels, namespace, namespaceLabels, serviceAccount)
      const label = named.length === 0 ? words : `${words}, the port called ${portNames.join(' or ')}`
      return { to: podRef(pod), label, change: withPod(pod, namespaceLabels) }
    }),
  )
}

const unlabelled: Pick<Example, 'labels' | 'namespaceLabels' | 'serviceAccount'> = { labels: {}, namespaceLabels: {}, serviceAccount: undefined }

function agree(one: Labels, other: Labels): boolean {
  return Object.entries(one).every(([key, value]) => other[key] === undefined || other[key] === value)
}
