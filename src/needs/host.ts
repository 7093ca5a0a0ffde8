import type { Service } from '../discover/services.ts'
import type { Workload } from '../discover/workload.ts'
import { blockOf, parseAddress, parseCidr } from '../net/cidr.ts'
import { textAt } from '../yaml/tree.ts'
import type { Home } from './home.ts'
import { unreadService } from './need.ts'
import type { Host, ServiceHost } from './need.ts'

/** What a host name means in the pods of a workload: names of the cluster, addresses and outside names told apart. */
export function toHost(name: string, home: Home): Host {
  const cidr = blockOf(name)
  if (cidr !== undefined) return { kind: 'address', cidr }
  if (parseCidr(name) !== undefined) return { kind: 'address', cidr: name }
  const labels = name.split('.')
  if (isApiserver(labels)) return { kind: 'apiserver' }
  const inCluster = serviceCalled(name, home)
  if (inCluster !== undefined) return serviceHost(inCluster, home)
  const [, namespace, ...more] = labels
  if (name.includes('*') || namespace === undefined || more.length > 0) return { kind: 'outside', name }
  return topLevel.test(namespace) ? { kind: 'outside', name } : { kind: 'either', name, namespace }
}

/** Country codes and the first generic domains (IANA root zone); namespaces are called like some of the others (storage, tools). */
const topLevel = /^([a-z]{2}|com|net|org|edu|gov|mil|int|info|biz)$/

function isApiserver(labels: readonly string[]): boolean {
  const [service, namespace, svc] = labels
  return service === 'kubernetes' && (labels.length === 1 || (namespace === 'default' && (labels.length === 2 || svc === 'svc')))
}

/** A Service as a name calls it. */
export interface CalledService extends Pick<ServiceHost, 'name' | 'pod'> {
  /** Undefined: the workload's own. */
  readonly namespace: string | undefined
}

/** The Service of a name, or of a pod's: with `svc` any, else where the stream has it or its namespace. Undefined for another name. */
export function serviceCalled(name: string, home: Home): CalledService | undefined {
  const labels = name.split('.')
  const full = serviceName(labels)
  if (full !== undefined || name.includes('*')) return full
  const [first = '', second = '', third, ...more] = labels
  if (more.length > 0) return undefined
  if (third !== undefined) return findService(second, third, home) === undefined ? undefined : { name: second, namespace: third, pod: first }
  const called = { name: first, namespace: second }
  if (findService(first, second, home) !== undefined) return called
  if (isPodBehind(first, findService(second, undefined, home), home)) return { name: second, namespace: undefined, pod: first }
  return home.namespaces.has(second) || home.namespace === second ? called : undefined
}

/** `a`, `a.b.svc`, `pod.a.b.svc.cluster.local`; the empty namespace is the release's own. */
function serviceName(labels: readonly string[]): CalledService | undefined {
  const [only = '', ...others] = labels
  if (others.length === 0) return only.includes('*') ? undefined : { name: only, namespace: undefined }
  const svc = labels.indexOf('svc', 2)
  const name = svc < 2 ? undefined : labels[svc - 2]
  const pod = svc === 3 ? labels[0] : undefined
  return name === undefined ? undefined : { name, namespace: labels[svc - 1] || undefined, ...(pod === undefined ? {} : { pod }) }
}

/** Those of a workload, and numbered ones where someone else makes the pods. */
function isPodBehind(pod: string, service: Service | undefined, { release }: Home): boolean {
  if (service === undefined) return false
  const workloads = release.workloadsOf(service)
  return workloads.some(workload => isPodOf(pod, workload)) || (workloads.length === 0 && service.headless && /-\d+$/.test(pod))
}

/** A StatefulSet numbers its pods, by which DNS knows them; those of others have a name there where their template gives one (core/v1 PodSpec, `hostname`). */
export function isPodOf(pod: string, { kind, name, resource: { tree } }: Workload): boolean {
  const numbered = kind === 'StatefulSet' && pod.startsWith(`${name}-`) && /^\d+$/.test(pod.slice(name.length + 1))
  return numbered || textAt(tree, 'spec', 'template', 'spec', 'hostname') === pod
}

function serviceHost({ name, namespace, pod }: CalledService, home: Home): Host {
  const service = findService(name, namespace, home)
  const own = namespace === home.namespace ? undefined : namespace
  if (service === undefined) return unreadService(name, own, pod)
  const alias = textAt(service.resource.tree, 'spec', 'type') === 'ExternalName' ? textAt(service.resource.tree, 'spec', 'externalName') : undefined
  // Names of names are few: another alias is not followed.
  if (alias !== undefined) return aliased(alias.toLowerCase().replace(/\.$/, ''))
  // Someone else manages its endpoints, which may be anything.
  if (Object.keys(service.selector).length === 0) return { kind: 'unknown', service: { name, namespace: own } }
  return { ...unreadService(name, own, pod), pods: { matchLabels: service.selector, matchExpressions: [] } }
}

function aliased(name: string): Host {
  const address = parseAddress(name)
  if (address !== undefined) return { kind: 'unknown' }
  const inCluster = serviceName(name.split('.'))
  return inCluster === undefined ? { kind: 'outside', name } : unreadService(inCluster.name, inCluster.namespace, inCluster.pod)
}

/** The Service of a name, where the stream holds it; one that leaves its namespace to Helm is in the release's. */
export function findService(name: string, namespace: string | undefined, { workload, release, namespace: own }: Home): Service | undefined {
  const wanted = namespace ?? own
  return release.servicesNamed(name, wanted).find(service => {
    if (service.namespace !== undefined || namespace === undefined) return true
    // Else a namesake in another namespace would be taken for the release's own.
    return namespace === own && (workload.namespace === undefined || workload.namespace === namespace)
  })
}
