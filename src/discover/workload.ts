import type { Diagnose } from '../diagnostics/collect.ts'
import { workloadKinds } from '../resources/kinds.ts'
import { isHook, placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, isTrue, textsAt } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import { toListeners } from './bound.ts'
import type { Listener } from './bound.ts'
import type { ConfigMaps } from './config-maps.ts'
import { toContainers } from './containers.ts'
import type { Container } from './containers.ts'
import { declaredPorts } from './ports.ts'
import type { DeclaredPort } from './ports.ts'
import { toProbes } from './probes.ts'
import type { Probe } from './probes.ts'
import { workloadSelector } from './selector.ts'
import type { Labels, LabelSelector } from './selector.ts'

export type { Protocol } from './ports.ts'

/** A Deployment, StatefulSet or DaemonSet of the release. */
export interface Workload {
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
  /** `Deployment stage/controller`. */
  readonly title: string
  readonly labels: Labels
  readonly annotations: Labels
  readonly selector: LabelSelector | undefined
  readonly podLabels: Labels
  readonly podAnnotations: Labels
  readonly hostNetwork: boolean
  /** Those that the containers declare which run beside each other. */
  readonly ports: readonly DeclaredPort[]
  readonly probes: readonly Probe[]
  readonly listeners: readonly Listener[]
  /** Those of the pod template, init containers last. */
  readonly containers: readonly Container[]
  readonly resource: Resource
  readonly place: Place
}

/** The workloads that a policy can protect: those of the release itself, hooks left out. */
export function toWorkloads(resources: readonly Resource[], configMaps: ConfigMaps, diagnose: Diagnose): Workload[] {
  return resources.filter(isWorkload).map(resource => toWorkload(resource, configMaps, diagnose))
}

function isWorkload(resource: Resource): boolean {
  return resource.apiVersion.startsWith('apps/') && workloadKinds.some(kind => kind === resource.kind) && !isHook(resource)
}

function toWorkload(resource: Resource, configMaps: ConfigMaps, diagnose: Diagnose): Workload {
  const template = at(resource.tree, 'spec', 'template')
  const { namespace } = resource
  const containers = toContainers(template, { namespace, configMap: name => configMaps(name, namespace) })
  const serving = containers.filter(({ role }) => role !== 'init')
  const ports = declaredPorts(serving, resource)
  return {
    kind: resource.kind,
    name: resource.name,
    namespace,
    title: title(resource),
    labels: resource.labels,
    annotations: resource.annotations,
    selector: workloadSelector(resource.tree, title(resource), diagnose),
    podLabels: textsAt(template, 'metadata', 'labels'),
    podAnnotations: textsAt(template, 'metadata', 'annotations'),
    hostNetwork: isTrue(at(template, 'spec', 'hostNetwork')),
    ports,
    probes: serving.flatMap(container => toProbes(container, ports, resource)),
    listeners: serving.flatMap(toListeners),
    containers,
    resource,
    place: placeIn(resource),
  }
}
