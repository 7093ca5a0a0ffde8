import type { Diagnose } from '../diagnostics/collect.ts'
import type { Resource } from '../resources/resource.ts'
import { itemsAt, textAt } from '../yaml/tree.ts'
import type { Release } from './release.ts'

interface Namespaced {
  readonly namespace: string | undefined
}

/** Whether two objects can stand in one namespace: the same, or one leaves it to Helm. */
export function sameNamespace(one: Namespaced, other: Namespaced): boolean {
  return one.namespace === undefined || other.namespace === undefined || one.namespace === other.namespace
}

/**
 * The namespace that a cluster-scoped policy names for a document that leaves it to Helm: the given one,
 * or the one that other documents of the stream name (ServiceAccount subjects of RoleBindings, Services
 * that webhooks call). A diagnostic where that is none or several.
 */
export function releaseNamespace(given: string, { resources, webhookClients }: Release, diagnose: Diagnose): string | undefined {
  if (given !== '') return given
  const named = namedNamespaces({ resources, webhookClients })
  if (named.length === 0) diagnose('NP304', {})
  if (named.length > 1) diagnose('NP306', { namespaces: named })
  return named[0]
}

/** The release's namespace as far as the values and the stream tell. */
export function knownNamespace(given: string, release: Pick<Release, 'resources' | 'webhookClients'>): string | undefined {
  if (given !== '') return given
  const [only, another] = namedNamespaces(release)
  return another === undefined ? only : undefined
}

function namedNamespaces({ resources, webhookClients }: Pick<Release, 'resources' | 'webhookClients'>): string[] {
  return [...new Set([...subjectNamespaces(resources), ...webhookClients.flatMap(({ namespace }) => namespace ?? [])])]
}

function subjectNamespaces(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind }) => kind === 'RoleBinding')
    .flatMap(({ tree }) => itemsAt(tree, 'subjects'))
    .filter(subject => textAt(subject, 'kind') === 'ServiceAccount')
    .flatMap(subject => textAt(subject, 'namespace') || [])
}
