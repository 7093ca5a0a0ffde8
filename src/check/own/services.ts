import type { Service } from '../../discover/services.ts'
import type { Pod, WorldService } from '../../verdict/world.ts'
import { textAt } from '../../yaml/tree.ts'
import { podNamed, podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { podsAt, podsOf } from '../required/services.ts'
import type { Scene } from '../scene.ts'
import { addressIn } from '../world/addresses.ts'
import { isDnsPort } from '../world/stand-ins.ts'
import type { Asking, Problem } from './asking.ts'
import { knownAre } from './known.ts'

/** What a word says of a Service. */
export type Meant =
  | KnownService
  /** The kube-apiserver's own. */
  | { readonly kind: 'apiserver' }
  /** Another name for a host. */
  | { readonly kind: 'host'; readonly name: string }

export interface KnownService {
  readonly kind: 'service'
  readonly service: WorldService
  /** Those that can be behind it. */
  readonly pods: readonly Pod[]
  /** One of them, by its own name. */
  readonly pod: string | undefined
  /** Its name is the addresses of its pods, which nobody maps ports for. */
  readonly headless: boolean
}

/**
 * The Service of a name, as DNS completes it in pods of the namespace `from`, or of a cluster address; undefined for another word. What is wrong is said in
 * words that follow the word.
 */
export function serviceMeant(word: string, asking: Asking, from: string): Meant | Problem | undefined {
  const address = addressIn(word)
  const known = servicesIn(asking)
  if (address !== undefined) return known.find(({ addresses }) => addresses.includes(address))?.meant
  const meant = meantBy(word, known, asking, from)
  if (meant === undefined || 'problem' in meant || meant.kind !== 'host') return meant
  // DNS completes no such name.
  const aliased = meantBy(`${meant.name.replace(/\.$/, '')}.`, known, asking, from)
  if (aliased === undefined) return meant
  if ('problem' in aliased) return { problem: `is another name for ${meant.name}, which ${aliased.problem}` }
  return aliased.kind === 'host' ? { problem: `is another name for ${meant.name}, which is another name itself: ask for ${aliased.name}` } : aliased
}

function meantBy(word: string, known: readonly Candidate[], asking: Asking, from: string): Meant | Problem | undefined {
  const called = calledBy(word.toLowerCase(), known, asking, from)
  if (called === undefined) return undefined
  const meant = known.find(({ name, namespace }) => name === called.name && namespace === called.namespace)?.meant
  if (meant !== undefined) return meant.kind === 'service' ? { ...meant, pod: called.pod } : meant
  const names = known.map(({ name, namespace }) => `${name}.${namespace}`)
  return { problem: `is no Service that is known here; ${knownAre(`${called.name}.${called.namespace}`, names, name => `${name}.svc`)}` }
}

interface Called {
  readonly name: string
  readonly namespace: string
  readonly pod?: string
}

/** `name.namespace.svc` is a Service, and so is `pod.name.namespace.svc` by one of its pods; without `svc` where it is there, or its namespace is. */
function calledBy(word: string, known: readonly Candidate[], { scene: { situation } }: Asking, from: string): Called | undefined {
  const labels = word.replace(/\.$/, '').split('.')
  if (!labels.every(label => /^[a-z0-9-]+$/.test(label))) return undefined
  const [first = '', second = '', third = ''] = labels
  const svc = labels.indexOf('svc', 2)
  if (svc === 2) return { name: first, namespace: second }
  if (svc === 3) return { name: second, namespace: third, pod: first }
  // DNS completes no name that ends in a dot.
  if (word.endsWith('.') || situation.world.pods.some(({ name }) => name === word)) return undefined
  const isThere = (name: string, namespace: string): boolean => known.some(one => one.name === name && one.namespace === namespace)
  if (labels.length === 3) return isThere(second, third) ? { name: second, namespace: third, pod: first } : undefined
  if (labels.length !== 2) return undefined
  const called = { name: first, namespace: second }
  if (isThere(first, second)) return called
  if (isThere(second, from)) return { name: second, namespace: from, pod: first }
  return situation.world.namespaces.some(({ name }) => name === second) ? called : undefined
}

/** A Service that is there. */
interface Candidate {
  readonly name: string
  readonly namespace: string
  /** Of the cluster, that lead to it. */
  readonly addresses: readonly string[]
  readonly meant: Meant
}

function servicesIn(asking: Asking): readonly Candidate[] {
  const { scene, release, namespace: own } = asking
  const aliases = release.services.flatMap((service): Candidate[] => {
    const alias = aliasOf(service)
    return alias === undefined ? [] : [{ name: service.name, namespace: service.namespace ?? own, addresses: [], meant: { kind: 'host', name: alias } }]
  })
  return [...scene.cast.world.services.map(service => knownService(service, asking)), ...aliases, ...dnsService(scene)]
}

function knownService(service: WorldService, { scene, release, namespace: own }: Asking): Candidate {
  const { name, namespace, clusterAddresses } = service
  const isHeadless = clusterAddresses.length === 0 && release.services.some(one => one.headless && one.name === name && (one.namespace ?? own) === namespace)
  const { pods } = scene.cast.world
  const meant: Meant =
    namespace === 'default' && name === 'kubernetes' ? { kind: 'apiserver' } : { kind: 'service', service, pods, pod: undefined, headless: isHeadless }
  return { name, namespace, addresses: clusterAddresses.flatMap(text => addressIn(text) ?? []), meant }
}

/** Of an ExternalName. */
function aliasOf({ resource: { tree } }: Service): string | undefined {
  return textAt(tree, 'spec', 'type') === 'ExternalName' ? textAt(tree, 'spec', 'externalName') : undefined
}

/** The Service of the cluster's DNS, where no document has it: kubeadm's name, which most others keep, and OpenShift's. */
function dnsService({ cast, standIns, situation }: Scene): Candidate[] {
  const pods = standIns.dns.flatMap(({ ref }) => ('pod' in ref ? (podNamed(situation.world, ref.pod) ?? []) : []))
  const [first] = pods
  if (first === undefined) return []
  const { namespace } = first
  if (cast.world.services.some(service => service.namespace === namespace && service.ports.some(({ port }) => port === 53))) return []
  const name = namespace === 'openshift-dns' ? 'dns-default' : 'kube-dns'
  const target = first.ports.find(({ port }) => isDnsPort(port))?.port ?? 53
  const service: WorldService = {
    name,
    namespace,
    labels: {},
    clusterAddresses: [],
    // Each of these pods.
    backends: { selector: {} },
    ports: [
      { name: 'dns', port: 53, target, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, target, protocol: 'TCP' },
    ],
  }
  return [{ name, namespace, addresses: [], meant: { kind: 'service', service, pods, pod: undefined, headless: false } }]
}

/** The pods of a Service, or the one of them that is named. */
export function podsMeant({ service, pods, pod }: KnownService): readonly Ref[] | Problem {
  const all = podsOf(service, pods)
  const found = pod === undefined ? all : podsAt(pod, service, pods)
  if (found.length > 0) return found.map(podRef)
  if (pod === undefined && 'addresses' in service.backends && service.backends.addresses.length > 0)
    return service.backends.addresses.map(address => ({ address }))
  if (pod === undefined || all.length === 0) return { problem: noPods }
  const names = all.map(({ namespace, name }) => `${namespace}/${name}`)
  return { problem: `is no pod that is known here; behind ${service.name}.${service.namespace}.svc ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}` }
}

export const noPods = 'has no pods that are known here'

export function titleOf({ service: { namespace, name } }: KnownService): string {
  return `Service ${namespace}/${name}`
}
