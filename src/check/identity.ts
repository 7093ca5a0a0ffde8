import { isHook } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { identityOf as identityInCalico, isStored } from '../verdict/policies/calico-object.ts'
import { groupOf } from './policies.ts'

/** What an object is one by to the cluster, whatever its version; undefined where the API server is to name it. `namespace`: of those that name none. */
export function identityOf(resource: Resource, namespace: string): string | undefined {
  if (resource.name === '') return undefined
  const home = isNamespaced(resource) ? (resource.namespace ?? namespace) : ''
  // A hook is not of the release: one may follow the other.
  return [...namedAs(resource), home, isHook(resource) ? 'hook' : ''].join('\0')
}

/** Group, kind and name; of what Calico's API server keeps as it shows it, and with the tier default before no name. */
function namedAs(resource: Resource): string[] {
  const group = groupOf(resource)
  const { kind } = resource
  if (group !== calico && !isStored(resource)) return [group, kind, resource.name]
  const { name } = identityInCalico(resource, 'default')
  return [calico, kind, kind.endsWith('Policy') ? name.replace(/^default\./, '') : name]
}

const calico = 'projectcalico.org'

/** Of the kinds that are read here. */
export function isNamespaced({ kind }: Resource): boolean {
  return !clusterWide.test(kind)
}

const clusterWide =
  /^((Cluster|CiliumClusterwide|Admin|BaselineAdmin|Global|StagedGlobal)[A-Z]\w*|(Validating|Mutating)WebhookConfiguration|Namespace|Node|Tier|Profile|CiliumCIDRGroup|APIService|CustomResourceDefinition)$/
