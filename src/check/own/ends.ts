import { parseCidr } from '../../net/cidr.ts'
import type { Pod } from '../../verdict/world.ts'
import { withName } from '../ask/changes.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import type { Change } from '../ask/question.ts'
import { apiserverPlaces, unknownApiserver } from '../required/apiserver.ts'
import { hostsIn, unknownHost } from '../required/hosts.ts'
import type { Scene } from '../scene.ts'
import { addressIn } from '../world/addresses.ts'
import type { Problem } from './asking.ts'
import { knownAre } from './known.ts'

/** What a word of a user's flow means. */
export interface WrittenEnd {
  /** Each is meant: the pods of a workload, the addresses of a name; and of each one of several, where it is not known which. */
  readonly ends: readonly (readonly PossibleEnd[])[]
  /** What is not known; undefined where there is but one of each. */
  readonly unknown: string | undefined
}

export interface PossibleEnd {
  readonly ref: Ref
  readonly label: string
  readonly change?: Change
}

/** Reads a pod, a workload, an address, a node, `apiserver`, `world` or a DNS name. What is wrong is said in words that follow the text. */
export function endOf(word: string, scene: Scene, namespace: string): WrittenEnd | Problem {
  const { cast, situation } = scene
  const address = addressIn(podAddress(word) ?? word)
  if (address !== undefined) return each([{ ref: { address }, label: address }])
  if (word === 'apiserver' || word === 'kube-apiserver')
    return {
      ends: apiserverPlaces(scene).map(places => places.map(({ cell: _, ...place }) => ({ ref: { apiserver: true }, ...place }))),
      unknown: unknownApiserver,
    }
  if (word === 'node') return each([{ ref: { node: cast.ownNode }, label: `node ${cast.ownNode}` }])
  if (word === 'world') return oneOf('which address outside of the cluster it is', outside(scene))
  const pods = podsCalled(word, situation.world.pods, namespace)
  if ('problem' in pods) return pods
  if (pods.found.length > 0) return each(pods.found.map(pod => ({ ref: podRef(pod), label: `pod ${pod.namespace}/${pod.name}` })))
  if (word.startsWith('node/')) return nodeCalled(word, scene)
  if (cast.onHost.some(({ name, namespace: its }) => word === `${its}/${name}` || word === name)) return oneOf(unknownHost, hostsIn(cast))
  const name = word.toLowerCase().replace(/\.$/, '')
  if (name.endsWith('.cluster.local')) return { problem: 'is a name of the cluster, but none that is known here' }
  if (isDnsName(name)) return named(name, scene)
  return { problem: notAnAddress(word) ?? `is no pod that is known here; ${knownAre(word, podNames(scene))}` }
}

/** What another name for a host comes to. */
export function asAlias<T extends object>(name: string, found: T | Problem): T | Problem {
  return 'problem' in found ? { problem: `is another name for ${name}, which ${found.problem}` } : found
}

function each(ends: readonly PossibleEnd[]): WrittenEnd {
  return { ends: ends.map(end => [end]), unknown: undefined }
}

function oneOf(unknown: string, ends: readonly PossibleEnd[]): WrittenEnd {
  return { ends: [ends], unknown }
}

function outside({ cells }: Scene): PossibleEnd[] {
  return cells().map(({ address, label }) => ({ ref: { address }, label }))
}

function named(name: string, scene: Scene): WrittenEnd {
  const known = scene.cast.world.names.find(resolved => resolved.name === name)
  if (known !== undefined && known.addresses.length > 0) return each(known.addresses.map(address => ({ ref: { address }, label: address })))
  return oneOf(
    `the address of ${name}`,
    scene.cells().map(({ address, label }) => ({ ref: { address }, label, change: withName(name, address) })),
  )
}

/** `namespace/name`, or a name alone; of a workload whose pods run, those. */
function podsCalled(word: string, pods: readonly Pod[], release: string): { readonly found: readonly Pod[] } | Problem {
  const [first = '', second] = word.split('/')
  const [namespace, name] = second === undefined ? [undefined, first] : [first, second]
  const there = pods.filter(pod => namespace === undefined || pod.namespace === namespace)
  const exact = there.filter(pod => pod.name === name)
  const found = exact.length > 0 ? exact : there.filter(pod => isOf(pod, name))
  const namespaces = [...new Set(found.map(pod => pod.namespace))]
  if (namespaces.length < 2) return { found }
  // The release's own is meant, where it has one.
  const own = found.filter(pod => pod.namespace === release)
  return own.length > 0 ? { found: own } : { problem: `is there in several namespaces: write ${namespaces.map(where => `${where}/${name}`).join(' or ')}` }
}

/** Names that controllers give to pods (k8s.io/kubernetes, pkg/controller: ReplicaSets, StatefulSets, DaemonSets). */
function isOf({ name }: Pod, workload: string): boolean {
  return name.startsWith(`${workload}-`) && /^(?:[0-9]+|[a-z0-9]{5}|[a-z0-9]{1,10}-[a-z0-9]{5})$/.test(name.slice(workload.length + 1))
}

function nodeCalled(word: string, { cast }: Scene): WrittenEnd | Problem {
  const node = word.slice('node/'.length)
  const names = cast.world.nodes.map(({ name }) => name)
  if (names.includes(node)) return each([{ ref: { node }, label: `node ${node}` }])
  return { problem: `is no node that is known here; ${knownAre(node, names, name => `node/${name}`)}` }
}

/** What is wrong with something that can be nothing else than an address. */
function notAnAddress(word: string): string | undefined {
  if (/^[\d.]+$/.test(word) && word.includes('.')) return 'is no address: one of IPv4 is four numbers from 0 to 255, without zeros before them'
  if (word.includes(':')) return 'is no address of IPv6'
  return parseCidr(word) === undefined ? undefined : 'is a block: ask about one of its addresses'
}

/** Of `10-1-2-3.namespace.pod`, as DNS has it of every pod. */
function podAddress(word: string): string | undefined {
  return /^(\d+-\d+-\d+-\d+)\.[a-z0-9-]+\.pod(\.cluster\.local\.?)?$/i.exec(word)?.[1]?.replaceAll('-', '.')
}

/** A name of numbers alone is an address with a mistake in it. */
function isDnsName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(name) && !/^[\d.]+$/.test(name)
}

/** Those that documents or the user tell of, and the DNS of the cluster. */
function podNames({ cast, situation, standIns }: Scene): string[] {
  const dns = new Set(standIns.dns.flatMap(({ ref }) => ('pod' in ref ? [ref.pod] : [])))
  const names = [...situation.world.pods, ...cast.onHost].map(({ namespace, name }) => `${namespace}/${name}`)
  return names.filter(name => dns.has(name) || !standIns.names.has(name))
}
