import { title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import { toSelector } from './selector.ts'
import type { LabelSelector } from './selector.ts'
import { portReference } from './workload.ts'

/** A ServiceMonitor or PodMonitor (monitoring.coreos.com/v1): which ports Prometheus scrapes. */
export interface Monitor {
  readonly kind: 'ServiceMonitor' | 'PodMonitor'
  readonly title: string
  readonly namespace: string | undefined
  /** Over Services for a ServiceMonitor, over pods for a PodMonitor. */
  readonly selector: LabelSelector
  /** Namespaces it looks into; undefined: its own; `any`: every one. */
  readonly namespaces: readonly string[] | 'any' | undefined
  readonly endpoints: readonly MonitorEndpoint[]
}

export interface MonitorEndpoint {
  /** A Service port's name, or a container port's name for a PodMonitor. */
  readonly port: string | undefined
  /** A container port by name or number. */
  readonly target: number | string | undefined
  readonly place: Place
}

export function toMonitors(resources: readonly Resource[]): Monitor[] {
  return resources.flatMap(resource => {
    const { kind, tree } = resource
    if (kind !== 'ServiceMonitor' && kind !== 'PodMonitor') return []
    const selector = toSelector(at(tree, 'spec', 'selector'), () => {}) ?? { matchLabels: {}, matchExpressions: [] }
    const endpoints = itemsAt(tree, 'spec', kind === 'ServiceMonitor' ? 'endpoints' : 'podMetricsEndpoints')
    return [
      {
        kind,
        title: title(resource),
        namespace: resource.namespace,
        selector,
        namespaces: namespacesOf(resource),
        endpoints: endpoints.map(endpoint => ({
          port: textAt(endpoint, 'port'),
          target: portReference(at(endpoint, 'targetPort')) ?? portReference(at(endpoint, 'portNumber')),
          place: placeOf(endpoint, title(resource)),
        })),
      },
    ]
  })
}

function namespacesOf({ tree }: Resource): readonly string[] | 'any' | undefined {
  const any = at(tree, 'spec', 'namespaceSelector', 'any')
  if (any?.kind === 'scalar' && any.value === true) return 'any'
  const names = itemsAt(tree, 'spec', 'namespaceSelector', 'matchNames').flatMap(name => textAt(name) ?? [])
  return names.length === 0 ? undefined : names
}
