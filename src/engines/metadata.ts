import type { Subject } from '../traffic/plan.ts'
import type { JsonObject } from '../yaml/tree.ts'

/** Marks a policy as ours: `allowlist/<workload>` or `default-deny/<workload>`. */
export const policyAnnotation = 'helm-netpol/policy'

export function metadata(role: 'allowlist' | 'default-deny', { name, owner, namespace, labels, annotations }: Subject, clusterScoped: boolean): JsonObject {
  return {
    name,
    ...(namespace === undefined || clusterScoped ? {} : { namespace }),
    ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
    annotations: { [policyAnnotation]: `${role}/${owner}`, ...annotations },
  }
}
