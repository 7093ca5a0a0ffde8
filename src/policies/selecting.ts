import { LabelIndex } from '../discover/namespaced.ts'
import type { LabelSelector } from '../discover/selector.ts'
import type { Allowlist } from '../traffic/plan.ts'

interface Selecting {
  readonly namespace: string | undefined
  readonly selector: LabelSelector
}

/** Finds the allowlists whose pods a policy selects; those of one selector are looked for once. `namespaceOf`: where the pods are, as far as it is known. */
export function selecting(
  allowlists: readonly Allowlist[],
  namespaceOf: (allowlist: Allowlist) => string | undefined,
): (policy: Selecting) => readonly Allowlist[] {
  let index: LabelIndex<{ readonly allowlist: Allowlist; readonly namespace: string | undefined }> | undefined
  const found = new Map<string, readonly Allowlist[]>()
  return ({ namespace, selector }) => {
    index ??= new LabelIndex(
      allowlists.map(allowlist => ({ allowlist, namespace: namespaceOf(allowlist) })),
      ({ allowlist }) => allowlist.workload.podLabels,
    )
    const key = JSON.stringify([namespace, selector])
    const known = found.get(key)
    const selected = known ?? index.selected(selector, namespace).map(({ allowlist }) => allowlist)
    if (known === undefined) found.set(key, selected)
    return selected
  }
}
