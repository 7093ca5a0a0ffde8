import { knownNamespace } from '../discover/namespace.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'

/** A workload, and what names mean in its pods. */
export interface Home {
  readonly workload: Workload
  readonly release: Release
  /** The workload's own, by its document, the values or the stream; undefined where none tells. */
  readonly namespace: string | undefined
  /** Namespaces that the stream mentions. */
  readonly namespaces: ReadonlySet<string>
}

/** `given`: the release's namespace, where the values tell it. */
export function homesIn(release: Release, given: string): (workload: Workload) => Home {
  const own = knownNamespace(given, release)
  const namespaces = new Set(release.resources.flatMap(({ namespace }) => namespace ?? []))
  return workload => ({ workload, release, namespace: workload.namespace ?? own, namespaces })
}
