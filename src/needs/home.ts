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

/** `own`: the release's namespace, as far as it is known. The stream is looked through when the first workload is asked about. */
export function homesIn(release: Release, own: string | undefined): (workload: Workload) => Home {
  let namespaces: ReadonlySet<string> | undefined
  return workload => {
    namespaces ??= new Set(release.resources.flatMap(({ namespace }) => namespace ?? []))
    return { workload, release, namespace: workload.namespace ?? own, namespaces }
  }
}
