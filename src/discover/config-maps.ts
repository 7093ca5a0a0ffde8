import type { Diagnose } from '../diagnostics/collect.ts'
import { workloadKinds } from '../resources/kinds.ts'
import { readKinds } from '../resources/read.ts'
import { isHook } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import type { Segment } from '../stream/split.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { bindsByName } from './bound.ts'
import { NamespacedIndex } from './namespaced.ts'

/** The data of a ConfigMap that can stand in the namespace, where the stream holds it. */
export type ConfigMaps = (name: string, namespace: string | undefined) => Tree | undefined

export const noConfigMaps: ConfigMaps = () => undefined

/** The ConfigMaps that the containers of workloads take variables from; the others stay unread, and where there are none, so do all. `given`: the release's namespace. */
export async function readConfigMaps(
  stream: Buffer,
  segments: readonly Segment[],
  resources: readonly Resource[],
  diagnose: Diagnose,
  given = '',
): Promise<ConfigMaps> {
  const words = [...new Set(resources.filter(isWorkload).flatMap(({ tree }) => variableMaps(at(tree, 'spec', 'template', 'spec'))))]
  if (words.length === 0) return noConfigMaps
  const index = new NamespacedIndex<Resource>()
  for (const map of await readKinds(stream, segments, [{ kinds: ['ConfigMap'], words }], diagnose)) index.add(map.name, map)
  return (name, namespace) => at(index.nearest(name, namespace ?? (given || undefined))?.tree, 'data')
}

function isWorkload(resource: Resource): boolean {
  return workloadKinds.some(kind => kind === resource.kind) && !isHook(resource)
}

/** The names of the ConfigMaps whose variables may bind a port: by their own names, or in a command line that refers to them. */
function variableMaps(pod: Tree | undefined): string[] {
  return [...itemsAt(pod, 'containers'), ...itemsAt(pod, 'initContainers')].flatMap(container => {
    const env = itemsAt(container, 'env')
    const taken = env.filter(entry => at(entry, 'valueFrom', 'configMapKeyRef') !== undefined)
    const words = [...itemsAt(container, 'command'), ...itemsAt(container, 'args'), ...env.flatMap(entry => at(entry, 'value') ?? [])]
    const references = words.map(word => textAt(word) ?? '').filter(text => text.includes('$'))
    const counts = (name: string): boolean => bindsByName(name) || references.some(text => text.includes(name))
    return [
      ...itemsAt(container, 'envFrom').flatMap(source => textAt(source, 'configMapRef', 'name') ?? []),
      ...taken.filter(entry => counts(textAt(entry, 'name') ?? '')).flatMap(entry => textAt(entry, 'valueFrom', 'configMapKeyRef', 'name') ?? []),
    ]
  })
}
