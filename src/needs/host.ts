import type { Service } from '../discover/services.ts'
import { blockOf, parseAddress, parseCidr } from '../net/cidr.ts'
import { textAt } from '../yaml/tree.ts'
import type { Home } from './home.ts'
import { unreadService } from './need.ts'
import type { Host } from './need.ts'

/** What a host name means in the pods of a workload: names of the cluster, addresses and outside names told apart. */
export function toHost(name: string, home: Home): Host {
  const cidr = blockOf(name)
  if (cidr !== undefined) return { kind: 'address', cidr }
  if (parseCidr(name) !== undefined) return { kind: 'address', cidr: name }
  const labels = name.split('.')
  if (isApiserver(labels)) return { kind: 'apiserver' }
  const inCluster = serviceName(labels)
  if (inCluster !== undefined) return serviceHost(inCluster.name, inCluster.namespace, home)
  const [service, namespace, ...more] = labels
  if (name.includes('*') || service === undefined || namespace === undefined || more.length > 0) return { kind: 'outside', name }
  const isKnown = home.namespaces.has(namespace) || home.namespace === namespace || findService(service, namespace, home) !== undefined
  if (isKnown) return serviceHost(service, namespace, home)
  return topLevel.test(namespace) ? { kind: 'outside', name } : { kind: 'either', name, namespace }
}

/** Country codes and the first generic domains (IANA root zone); namespaces are called like some of the others (storage, tools). */
const topLevel = /^([a-z]{2}|com|net|org|edu|gov|mil|int|info|biz)$/

function isApiserver(labels: readonly string[]): boolean {
  const [service, namespace, svc] = labels
  return service === 'kubernetes' && (labels.length === 1 || (namespace === 'default' && (labels.length === 2 || svc === 'svc')))
}

/** `a`, `a.b.svc`, `pod.a.b.svc.cluster.local`; the empty namespace is the release's own. */
function serviceName(labels: readonly string[]): { name: string; namespace: string | undefined } | undefined {
  const [only = '', ...others] = labels
  if (others.length === 0) return only.includes('*') ? undefined : { name: only, namespace: undefined }
  const svc = labels.indexOf('svc', 2)
  const name = svc < 2 ? undefined : labels[svc - 2]
  return name === undefined ? undefined : { name, namespace: labels[svc - 1] || undefined }
}

function serviceHost(name: string, namespace: string | undefined, home: Home): Host {
  const service = findService(name, namespace, home)
  const own = namespace === home.namespace ? undefined : namespace
  if (service === undefined) return unreadService(name, own)
  const alias = textAt(service.resource.tree, 'spec', 'type') === 'ExternalName' ? textAt(service.resource.tree, 'spec', 'externalName') : undefined
  // Names of names are few: another alias is not followed.
  if (alias !== undefined) return aliased(alias.toLowerCase().replace(/\.$/, ''))
  // Someone else manages its endpoints, which may be anything.
  if (Object.keys(service.selector).length === 0) return { kind: 'unknown' }
  return { kind: 'service', name, namespace: own, pods: { matchLabels: service.selector, matchExpressions: [] }, backends: [] }
}

function aliased(name: string): Host {
  const address = parseAddress(name)
  if (address !== undefined) return { kind: 'unknown' }
  const inCluster = serviceName(name.split('.'))
  return inCluster === undefined ? { kind: 'outside', name } : unreadService(inCluster.name, inCluster.namespace)
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
