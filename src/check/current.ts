import { isHook } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { identityOf } from './identity.ts'

/** The objects that will be there once the stream is installed: each of them once. */
export interface Current {
  /** Of each input, in the same order. */
  readonly resources: readonly (readonly Resource[])[]
  /** What files have, and the stream or a later file has too. */
  readonly replaced: readonly Resource[]
  /** What stands in an input twice. */
  readonly repeated: readonly Repeated[]
}

export interface Repeated {
  readonly resource: Resource
  /** What takes its place. */
  readonly by: Resource
}

/**
 * Of objects that are one to the cluster the one that an upgrade leaves: `own`, which the filter renders, wins over the stream, that over the files, a later
 * file over an earlier one, and in one input the last. `namespace`: of objects that name none.
 */
export function currentOf([stream = [], ...files]: readonly (readonly Resource[])[], own: readonly Resource[], namespace: string): Current {
  const last = new Map<string, Resource>()
  const keys = new Map([...files, stream, own].flat().map(resource => [resource, identityOf(resource, namespace)]))
  for (const [resource, key] of keys) if (key !== undefined) last.set(key, resource)
  const left = (resource: Resource): Resource => last.get(keys.get(resource) ?? '') ?? resource
  const lost = (input: readonly Resource[]): Repeated[] =>
    input.flatMap(resource => {
      const by = left(resource)
      return by === resource ? [] : [{ resource, by }]
    })
  const inputs = [stream, ...files].map(input => ({ input, within: new Set(input), lost: lost(input) }))
  return {
    resources: inputs.map(({ input }) => input.filter(resource => left(resource) === resource)),
    replaced: inputs.slice(1).flatMap(({ within, lost }) => lost.flatMap(({ resource, by }) => (within.has(by) ? [] : [resource]))),
    // Hooks follow each other, and may share a name.
    repeated: inputs.flatMap(({ within, lost }) => lost.filter(({ resource, by }) => within.has(by) && !isHook(resource))),
  }
}
