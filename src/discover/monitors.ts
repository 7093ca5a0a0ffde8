import { placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { sameNamespace } from './namespace.ts'
import type { LabelIndex, Namespaced } from './namespaced.ts'
import { portReference } from './ports.ts'
import { toSelector } from './selector.ts'
import type { LabelSelector } from './selector.ts'
import type { Service } from './services.ts'

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
  /** Of its selector. */
  readonly place: Place
}

export interface MonitorEndpoint {
  /** A Service port's name; undefined for a PodMonitor. */
  readonly servicePort: string | undefined
  /** A container port by name or number; with neither, every port is scraped. */
  readonly containerPort: number | string | undefined
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
        endpoints: endpoints.map(endpoint => ({ ...portOf(kind, endpoint), place: placeOf(endpoint, title(resource)) })),
        place: placeIn(resource, at(tree, 'spec', 'selector')),
      },
    ]
  })
}

/** The first of the fields that is set counts (prometheus-operator, pkg/prometheus: promcfg.go). */
function portOf(kind: Monitor['kind'], endpoint: Tree): Pick<MonitorEndpoint, 'servicePort' | 'containerPort'> {
  const port = textAt(endpoint, 'port') || undefined
  const target = portReference(at(endpoint, 'targetPort')) || undefined
  if (kind === 'ServiceMonitor') return { servicePort: port, containerPort: port === undefined ? target : undefined }
  return { servicePort: undefined, containerPort: port ?? (portReference(at(endpoint, 'portNumber')) || target) }
}

function namespacesOf({ tree }: Resource): readonly string[] | 'any' | undefined {
  const any = at(tree, 'spec', 'namespaceSelector', 'any')
  if (any?.kind === 'scalar' && any.value === true) return 'any'
  const names = itemsAt(tree, 'spec', 'namespaceSelector', 'matchNames').flatMap(name => textAt(name) ?? [])
  return names.length === 0 ? undefined : names
}

/** The Services that a ServiceMonitor selects. */
export function monitoredServices(monitor: Monitor, services: LabelIndex<Service>): readonly Service[] {
  return monitor.kind === 'ServiceMonitor' ? selectedBy(monitor, services) : []
}

/** The pods that a PodMonitor selects. */
export function monitoredPods<Pods extends Namespaced>(monitor: Monitor, pods: LabelIndex<Pods>): readonly Pods[] {
  return monitor.kind === 'PodMonitor' ? selectedBy(monitor, pods) : []
}

function selectedBy<T extends Namespaced>(monitor: Monitor, items: LabelIndex<T>): readonly T[] {
  return items
    .selected(monitor.selector, monitor.namespaces === undefined ? monitor.namespace : undefined)
    .filter(({ namespace }) => looksInto(monitor, namespace))
}

/** Whether a monitor finds what stands in a namespace; what leaves its own to Helm may stand there. */
export function looksInto({ namespace: own, namespaces }: Monitor, namespace: string | undefined): boolean {
  if (namespaces === undefined) return sameNamespace({ namespace: own }, { namespace })
  return namespaces === 'any' || namespace === undefined || namespaces.includes(namespace)
}
