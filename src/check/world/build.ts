import type { Labels } from '../../discover/selector.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import type { Resource } from '../../resources/resource.ts'
import type { ApiserverEnd, ClusterNode, Namespace, Pod, World, WorldService } from '../../verdict/world.ts'
import { itemsAt, textAt } from '../../yaml/tree.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import type { WorldFile } from './file.ts'
import { fromFile, toPod } from './from-file.ts'
import { podsOf } from './pods.ts'
import type { PodOf, PodOptions } from './pods.ts'
import { apiserverIn, servicesOf, usualApiserverPort, withApiserverService } from './services.ts'

/** Who is there, as far as documents and the user tell; pods and nodes may have no address yet. */
export interface Cast {
  readonly world: World
  /** The end that the pods of a document are; undefined for a document that makes none. */
  readonly endOf: (resource: Resource) => Ref | undefined
  /** Pods that have the addresses of their nodes. */
  readonly onHost: readonly Pick<Pod, 'namespace' | 'name'>[]
  /** `namespace/name` of pods that have others like them. */
  readonly several: ReadonlySet<string>
  /** The node that the pods of the stream run on. */
  readonly ownNode: string
  /** The nodes are those of the cluster, and not made up. */
  readonly nodesKnown: boolean
  /** Namespaces whose labels are known. */
  readonly namespacesKnown: ReadonlySet<string>
}

export interface CastOptions extends PodOptions {
  readonly file: WorldFile | undefined
  /** Those of the cluster that others take the place of. */
  readonly replaced?: readonly Resource[]
}

/** Objects of documents, and beside or in the place of them what the file says. */
export function castOf(resources: readonly Resource[], { file, replaced = [], ...options }: CastOptions): Cast {
  const made = podsOf(resources, options)
  const given = fromFile(file)
  const own = made.filter(({ hostNetwork }) => !hostNetwork).map(({ pod }) => pod)
  const named = new Map(own.map(pod => [keyOf(pod), pod]))
  const pods = merged<Pod>(
    own,
    given.pods.map(pod => toPod(pod, named.get(keyOf(pod)))),
    keyOf,
  )
  const nodes = nodesOf(resources, given.nodes)
  const apiserver = given.apiserver ?? apiserverOf(resources)
  const services = merged<WorldService>(
    withApiserverService(withKeptAddresses(servicesOf(resources, options.namespace), servicesOf(replaced, options.namespace)), apiserver),
    given.services,
    keyOf,
  )
  // An upgrade leaves the labels that others gave to a Namespace.
  const known = [...namespacesIn(replaced), ...namespacesIn(resources), ...given.namespaces]
  const accounts = merged(serviceAccountsOf(resources, options.namespace), given.serviceAccounts, keyOf)
  const mentioned = [options.namespace, ...pods.map(({ namespace }) => namespace), ...services.map(({ namespace }) => namespace)]
  const world: World = {
    namespaces: namespacesOf(known, mentioned),
    pods,
    nodes,
    services,
    serviceAccounts: accounts,
    apiserver,
    names: given.names,
  }
  const ownNode = nodes.find(({ local }) => local)?.name ?? ''
  return {
    world,
    ownNode,
    nodesKnown: nodes.some(({ name }) => !madeUpNodes.some(node => node.name === name)),
    namespacesKnown: new Set(known.map(({ name }) => name)),
    several: new Set(made.filter(({ several }) => several).map(({ pod }) => `${pod.namespace}/${pod.name}`)),
    onHost: made.filter(({ hostNetwork }) => hostNetwork).map(({ pod }) => pod),
    endOf: endsOf(made, ownNode),
  }
}

function endsOf(made: readonly PodOf[], ownNode: string): (resource: Resource) => Ref | undefined {
  const ends = new Map(made.map(({ resource, pod, hostNetwork }) => [resource, hostNetwork ? { node: ownNode } : podRef(pod)]))
  return resource => ends.get(resource)
}

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`
}

/** Those given win over those of the same key. */
function merged<T>(own: readonly T[], given: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map([...own, ...given].map(item => [keyOf(item), item])).values()]
}

/** A Service keeps the addresses that the cluster gave it. */
function withKeptAddresses(services: readonly WorldService[], replaced: readonly WorldService[]): WorldService[] {
  const kept = new Map(replaced.map(service => [keyOf(service), service.clusterAddresses]))
  return services.map(service => (service.clusterAddresses.length > 0 ? service : { ...service, clusterAddresses: kept.get(keyOf(service)) ?? [] }))
}

function namespacesIn(resources: readonly Resource[]): Namespace[] {
  return resources.filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1').map(({ name, labels }) => ({ name, labels }))
}

/** The API server labels each with its name; labels of one that is named twice add up. */
export function namespacesOf(known: readonly Namespace[], mentioned: readonly string[]): Namespace[] {
  const byName = new Map<string, Labels>()
  for (const { name, labels } of [...known, ...mentioned.map(name => ({ name, labels: {} }))]) byName.set(name, { ...byName.get(name), ...labels })
  return [...byName].map(([name, labels]) => ({ name, labels: { ...labels, [namespaceNameLabel]: name } }))
}

const linux = { 'kubernetes.io/os': 'linux' }
const madeUpNodes: readonly ClusterNode[] = [
  { kind: 'node', name: 'node', labels: { ...linux, 'kubernetes.io/hostname': 'node' }, addresses: [], local: true },
  { kind: 'node', name: 'other-node', labels: { ...linux, 'kubernetes.io/hostname': 'other-node' }, addresses: [], local: false },
]

/** Nodes of documents are others than the one that the pods run on; without any, one other is made up. */
function nodesOf(resources: readonly Resource[], given: readonly ClusterNode[]): ClusterNode[] {
  const [own, other] = madeUpNodes
  const others = merged(resources.filter(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1').map(toNode), given, ({ name }) => name)
  const all = others.length > 0 || other === undefined ? others : [other]
  return all.some(({ local }) => local) || own === undefined ? all : [own, ...all]
}

function toNode({ name, labels, tree }: Resource): ClusterNode {
  const addresses = itemsAt(tree, 'status', 'addresses').flatMap(entry => (textAt(entry, 'type') === 'InternalIP' ? (textAt(entry, 'address') ?? []) : []))
  return { kind: 'node', name, labels, addresses, local: false }
}

function serviceAccountsOf(resources: readonly Resource[], namespace: string): World['serviceAccounts'] {
  return resources
    .filter(({ kind, apiVersion }) => kind === 'ServiceAccount' && apiVersion === 'v1')
    .map(({ name, namespace: own, labels }) => ({ namespace: own ?? namespace, name, labels }))
}

function apiserverOf(resources: readonly Resource[]): ApiserverEnd | undefined {
  const { addresses, port } = apiserverIn(resources)
  return addresses.length === 0 ? undefined : { kind: 'apiserver', addresses, port: port ?? usualApiserverPort }
}
