import { nearest } from '../../values/nearest.ts'
import type { Pod } from '../../verdict/world.ts'
import { withName } from '../ask/changes.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import type { Change } from '../ask/question.ts'
import { apiserverPlaces, unknownApiserver } from '../required/apiserver.ts'
import type { Scene } from '../scene.ts'
import { addressIn } from '../world/addresses.ts'

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
export function endOf(word: string, scene: Scene, namespace: string): WrittenEnd | { readonly problem: string } {
  const { cast, situation } = scene
  const address = addressIn(word)
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
  const node = cast.world.nodes.find(({ name }) => word === `node/${name}`)
  if (node !== undefined) return each([{ ref: { node: node.name }, label: `node ${node.name}` }])
  if (cast.onHost.some(({ name, namespace: its }) => word === `${its}/${name}` || word === name))
    return each([{ ref: { node: cast.ownNode }, label: `the node of ${word}` }])
  return isDnsName(word) ? named(word.toLowerCase(), scene) : { problem: `is no pod that is known here; ${listed(word, scene)}` }
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
function podsCalled(word: string, pods: readonly Pod[], release: string): { readonly found: readonly Pod[] } | { readonly problem: string } {
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

function isDnsName(word: string): boolean {
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(word)
}

function listed(word: string, { situation, standIns }: Scene): string {
  const names = situation.world.pods.map(({ namespace, name }) => `${namespace}/${name}`).filter(name => !standIns.names.has(name))
  const near = nearest(word, names)
  const others = names.length > most ? ` and ${names.length - most} others` : ''
  return `${near === undefined ? '' : `did you mean ${near}? `}known are ${names.length === 0 ? 'none' : `${names.slice(0, most).join(', ')}${others}`}`
}

const most = 30
