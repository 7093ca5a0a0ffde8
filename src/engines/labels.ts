import type { LabelSelector } from '../discover/selector.ts'
import type { JsonObject } from '../yaml/tree.ts'

/** A selector in the shape that Kubernetes, Cilium and ClusterNetworkPolicy share; `key` may respell each label key. */
export function labelSelector({ matchLabels, matchExpressions }: LabelSelector, key: (key: string) => string = same): JsonObject {
  const labels = Object.entries(matchLabels).map(([name, value]) => [key(name), value] as const)
  return {
    ...(labels.length === 0 ? {} : { matchLabels: Object.fromEntries(labels) }),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions: matchExpressions.map(expression => requirement(expression, key)) }),
  }
}

function requirement({ key: name, operator, values }: LabelSelector['matchExpressions'][number], key: (key: string) => string): JsonObject {
  return { key: key(name), operator, ...(values.length === 0 ? {} : { values: [...values] }) }
}

function same(key: string): string {
  return key
}

/** The API server puts this label on every namespace (since Kubernetes 1.22). */
export const namespaceNameLabel = 'kubernetes.io/metadata.name'

export function namespaceNamed(name: string): LabelSelector {
  return { matchLabels: { [namespaceNameLabel]: name }, matchExpressions: [] }
}
