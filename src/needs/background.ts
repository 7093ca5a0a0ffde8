import type { Diagnose } from '../diagnostics/collect.ts'
import { sameNamespace } from '../discover/namespace.ts'
import type { Workload } from '../discover/workload.ts'
import { readKinds } from '../resources/read.ts'
import type { Resource } from '../resources/resource.ts'
import type { Segment } from '../stream/split.ts'
import { at, entriesAt, itemsAt, textAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { groupRows } from './table.ts'

/** Documents that only tell what a workload dials. */
export interface Background {
  /** The data of a ConfigMap, where the stream holds it. */
  readonly configMap: (name: string, workload: Workload) => Resource | undefined
  readonly roles: readonly Resource[]
  readonly bindings: readonly Resource[]
}

/** Reads the ConfigMaps that the workloads mount or take variables from, and who may use which API groups; the others stay unread. */
export async function readBackground(stream: Buffer, segments: readonly Segment[], workloads: readonly Workload[], diagnose: Diagnose): Promise<Background> {
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
  )
  const configMaps = resources.filter(({ kind }) => kind === 'ConfigMap')
  return {
    configMap: (name, workload) => configMaps.find(map => map.name === name && sameNamespace(map, workload)),
    roles: resources.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole'),
    bindings: resources.filter(({ kind }) => kind === 'ClusterRoleBinding' || kind === 'RoleBinding'),
  }
}

/** The ConfigMaps that a pod's spec mounts. */
export function mountedConfigMaps(spec: Tree | undefined): string[] {
  return itemsAt(spec, 'volumes').flatMap(volume =>
    [textAt(volume, 'configMap', 'name'), ...itemsAt(volume, 'projected', 'sources').map(source => textAt(source, 'configMap', 'name'))].flatMap(
      name => name ?? [],
    ),
  )
}

function configMapNames(spec: Tree | undefined): string[] {
  const containers = [...itemsAt(spec, 'containers'), ...itemsAt(spec, 'initContainers')]
  const sources = containers.flatMap(container => [
    ...itemsAt(container, 'envFrom').map(source => textAt(source, 'configMapRef', 'name')),
    ...itemsAt(container, 'env').map(entry => textAt(entry, 'valueFrom', 'configMapKeyRef', 'name')),
  ])
  return [...mountedConfigMaps(spec), ...sources.flatMap(name => name ?? [])]
}

/** The API groups that a workload may use, by the roles bound to its service account. */
export function usedGroups({ resource, namespace }: Workload, { roles, bindings }: Background): ReadonlySet<string> {
  const [account] = accountOf(resource)
  const bound = bindings.filter(binding =>
    itemsAt(binding.tree, 'subjects').some(
      subject =>
        textAt(subject, 'kind') === 'ServiceAccount' &&
        textAt(subject, 'name') === account &&
        sameNamespace({ namespace: textAt(subject, 'namespace') }, { namespace }),
    ),
  )
  const names = new Set(bound.map(({ tree }) => textAt(tree, 'roleRef', 'name')))
  return namedGroups(roles.filter(({ name }) => names.has(name)))
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
