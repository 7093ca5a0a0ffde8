import type { Release } from '../discover/release.ts'
import { sameNamespace } from '../discover/namespace.ts'
import type { Service } from '../discover/services.ts'
import type { Workload } from '../discover/workload.ts'
import { parseAddress } from '../net/cidr.ts'
import type { Host } from './need.ts'

/** What a host name means in the pods of a workload: names of the cluster, addresses and outside names told apart. */
export function toHost(name: string, workload: Workload, release: Release): Host {
  const address = parseAddress(name)
  if (address !== undefined) return { kind: 'address', cidr: `${name}/${address.version === 4 ? 32 : 128}` }
  const labels = name.split('.')
  if (isApiserver(labels)) return { kind: 'apiserver' }
  const inCluster = serviceName(labels)
  if (inCluster !== undefined) return serviceHost(inCluster.name, inCluster.namespace, workload, release)
  const [service, namespace, ...more] = labels
  if (name.includes('*') || service === undefined || namespace === undefined || more.length > 0) return { kind: 'outside', name }
  const known = findService(service, namespace, workload, release)
  return known !== undefined || namespacesOf(release).has(namespace) ? serviceHost(service, namespace, workload, release) : { kind: 'either', name, namespace }
}

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

function serviceHost(name: string, namespace: string | undefined, workload: Workload, release: Release): Host {
  const service = findService(name, namespace, workload, release)
  const selects = service !== undefined && Object.keys(service.selector).length > 0
  return {
    kind: 'service',
    name,
    namespace: namespace === workload.namespace ? undefined : namespace,
    pods: selects ? { matchLabels: service.selector, matchExpressions: [] } : undefined,
  }
}

/** The Service of a name, where the stream holds it. */
export function findService(name: string, namespace: string | undefined, workload: Workload, release: Release): Service | undefined {
  const named = release.services.filter(service => service.name === name)
  return named.find(service => sameNamespace(service, { namespace: namespace ?? workload.namespace }))
}

/** Namespaces that the stream mentions. */
function namespacesOf({ resources }: Release): ReadonlySet<string> {
  return new Set(resources.flatMap(({ namespace }) => namespace ?? []))
}
