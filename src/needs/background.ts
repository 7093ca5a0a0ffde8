import type { Diagnose } from '../diagnostics/collect.ts'
import { sameNamespace } from '../discover/namespace.ts'
import { NamespacedIndex } from '../discover/namespaced.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import { readKinds } from '../resources/read.ts'
import type { Resource } from '../resources/resource.ts'
import type { Segment } from '../stream/split.ts'
import { at, entriesAt, itemsAt, textAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { groupRows } from './table.ts'

/** Documents that only tell what a workload dials. */
export interface Background {
  /** A ConfigMap that can stand in the namespace, where the stream holds it. */
  readonly configMap: (name: string, namespace: string | undefined) => Resource | undefined
  readonly rolesNamed: (name: string) => readonly Resource[]
  /** By the name of a ServiceAccount that they bind. */
  readonly bindingsOf: (account: string) => readonly Resource[]
  /** The API groups that the release's roles and webhooks name. */
  readonly served: () => ReadonlySet<string>
}

/** Reads the ConfigMaps that the workloads mount or take variables from, and who may use which API groups; the others stay unread. */
export async function readBackground(
  stream: Buffer,
  segments: readonly Segment[],
  workloads: readonly Workload[],
  release: Release,
  diagnose: Diagnose,
  name?: string,
): Promise<Background> {
  const names = [...new Set(workloads.flatMap(({ resource }) => configMapNames(at(resource.tree, 'spec', 'template', 'spec'))))]
  const groups = groupRows.flatMap(({ own, used }) => [...own, ...used])
  const resources = await readKinds(
    stream,
    segments,
    [
      { kinds: ['ConfigMap'], words: names },
      { kinds: ['Role', 'ClusterRole'], words: groups },
      { kinds: ['ClusterRoleBinding', 'RoleBinding'], words: workloads.flatMap(({ resource }) => accountOf(resource)) },
    ],
    diagnose,
    name,
  )
  const configMaps = new NamespacedIndex<Resource>()
  for (const map of resources.filter(({ kind }) => kind === 'ConfigMap')) configMaps.add(map.name, map)
  const roles = resources.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
  const byName = new NamespacedIndex<Resource>()
  for (const role of roles) byName.add(role.name, role)
  const bindings = new NamespacedIndex<Resource>()
  for (const binding of resources.filter(({ kind }) => kind === 'ClusterRoleBinding' || kind === 'RoleBinding')) {
    for (const name of new Set(accountsIn(binding).map(({ name }) => name))) bindings.add(name, binding)
  }
  let served: ReadonlySet<string> | undefined
  return {
    configMap: (name, namespace) => configMaps.nearest(name, namespace),
    rolesNamed: name => byName.get(name, undefined),
    bindingsOf: account => bindings.get(account, undefined),
    served: () => (served ??= namedGroups([...roles, ...release.resources.filter(({ kind }) => kind.endsWith('WebhookConfiguration'))])),
  }
}

function accountsIn({ tree }: Resource): { name: string; namespace: string | undefined }[] {
  return itemsAt(tree, 'subjects')
    .filter(subject => textAt(subject, 'kind') === 'ServiceAccount')
    .map(subject => ({ name: textAt(subject, 'name') ?? '', namespace: textAt(subject, 'namespace') || undefined }))
}

/** A ConfigMap that a pod's spec mounts. */
export interface Mounted {
  readonly name: string
  /** The keys that become files; undefined: all. */
  readonly keys: ReadonlySet<string> | undefined
}

export function mountedConfigMaps(spec: Tree | undefined): Mounted[] {
  return itemsAt(spec, 'volumes')
    .flatMap(volume => [volume, ...itemsAt(volume, 'projected', 'sources')])
    .flatMap(source => {
      const name = textAt(source, 'configMap', 'name')
      const items = itemsAt(source, 'configMap', 'items')
      return name === undefined ? [] : [{ name, keys: items.length === 0 ? undefined : new Set(items.flatMap(item => textAt(item, 'key') ?? [])) }]
    })
}

function configMapNames(spec: Tree | undefined): string[] {
  const containers = [...itemsAt(spec, 'containers'), ...itemsAt(spec, 'initContainers')]
  const sources = containers.flatMap(container => [
    ...itemsAt(container, 'envFrom').map(source => textAt(source, 'configMapRef', 'name')),
    ...itemsAt(container, 'env').map(entry => textAt(entry, 'valueFrom', 'configMapKeyRef', 'name')),
  ])
  return [...mountedConfigMaps(spec).map(({ name }) => name), ...sources.flatMap(name => name ?? [])]
}

/** The API groups that a workload may use, by the roles bound to its service account. */
export function usedGroups({ resource, namespace }: Workload, { rolesNamed, bindingsOf }: Background): ReadonlySet<string> {
  const [account] = accountOf(resource)
  if (account === undefined) return new Set()
  const bound = bindingsOf(account).filter(binding => accountsIn(binding).some(subject => subject.name === account && sameNamespace(subject, { namespace })))
  const names = new Set(bound.flatMap(({ tree }) => textAt(tree, 'roleRef', 'name') ?? []))
  return namedGroups([...names].flatMap(rolesNamed))
}

/** The API groups that roles or webhooks name. */
export function namedGroups(resources: readonly Resource[]): ReadonlySet<string> {
  const rules = resources.flatMap(({ tree }) => [...itemsAt(tree, 'rules'), ...itemsAt(tree, 'webhooks').flatMap(webhook => itemsAt(webhook, 'rules'))])
  return new Set(rules.flatMap(rule => itemsAt(rule, 'apiGroups')).flatMap(group => textAt(group) ?? []))
}

function accountOf({ tree }: Resource): string[] {
  const name = textAt(tree, 'spec', 'template', 'spec', 'serviceAccountName') ?? textAt(tree, 'spec', 'template', 'spec', 'serviceAccount')
  return name === undefined ? [] : [name]
}

/** The files of a ConfigMap. */
export function filesOf({ tree }: Resource): { name: string; value: Tree }[] {
  return entriesAt(tree, 'data').map(({ key, value }) => ({ name: key, value }))
}
