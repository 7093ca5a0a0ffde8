import type { LabelSelector } from '../discover/selector.ts'
import type { Workload } from '../discover/workload.ts'

interface Selecting {
  readonly namespace: string | undefined
  readonly selector: LabelSelector
}

/** Those that select the same pods, together. */
export function bySelector<T extends Selecting>(policies: readonly T[]): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const policy of policies) {
    const key = JSON.stringify([policy.namespace, policy.selector])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [policy])
    else group.push(policy)
  }
  return [...groups.values()]
}

/** The others that a workload shares its pods' policies with: a few by name, for a selector of all pods would make a message of all workloads. */
export function otherTitles(workload: Workload, shared: readonly Workload[]): string[] {
  const count = shared.length - (shared.includes(workload) ? 1 : 0)
  const named = shared
    .slice(0, most + 1)
    .filter(other => other !== workload)
    .slice(0, most)
  return [...named.map(({ title }) => title), ...(count > named.length ? [`${count - named.length} more`] : [])]
}

const most = 5
