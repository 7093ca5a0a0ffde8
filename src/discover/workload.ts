import type { Diagnose } from '../diagnostics/collect.ts'
import { workloadKinds } from '../resources/kinds.ts'
import { isHook, placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, placeOf, textAt, textsAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { toContainers } from './containers.ts'
import type { Container } from './containers.ts'
import { workloadSelector } from './selector.ts'
import type { Labels, LabelSelector } from './selector.ts'

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** A port that a container declares. */
export interface ContainerPort {
  readonly name: string | undefined
  /** A policy may use the name: Cilium knows only those of plain containers, not of sidecars (v1.20.2, pkg/k8s/labels.go). */
  readonly namedForPolicies: boolean
  readonly number: number
  readonly protocol: Protocol
}

/** A port that the kubelet dials, by number or by the container's name for it. */
export interface Probe {
  readonly port: number | string
  readonly what: string
  readonly place: Place
}

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
  readonly ports: readonly ContainerPort[]
  readonly probes: readonly Probe[]
  /** Those of the pod template, init containers last; what only ConfigMaps tell is left open here. */
  readonly containers: readonly Container[]
  readonly resource: Resource
  readonly place: Place
}

/** The workloads that a policy can protect: those of the release itself, hooks left out. */
export function toWorkloads(resources: readonly Resource[], diagnose: Diagnose): Workload[] {
  return resources.filter(isWorkload).map(resource => toWorkload(resource, diagnose))
}

function isWorkload(resource: Resource): boolean {
  return resource.apiVersion.startsWith('apps/') && workloadKinds.some(kind => kind === resource.kind) && !isHook(resource)
}

function toWorkload(resource: Resource, diagnose: Diagnose): Workload {
  const template = at(resource.tree, 'spec', 'template')
  const containers = toContainers(template, { namespace: resource.namespace, configMap: () => undefined })
  const serving = containers.filter(({ role }) => role !== 'init')
  return {
    kind: resource.kind,
    name: resource.name,
    namespace: resource.namespace,
    title: title(resource),
    labels: resource.labels,
    annotations: resource.annotations,
    selector: workloadSelector(resource.tree, title(resource), diagnose),
    podLabels: textsAt(template, 'metadata', 'labels'),
    podAnnotations: textsAt(template, 'metadata', 'annotations'),
    hostNetwork: isTrue(at(template, 'spec', 'hostNetwork')),
    ports: serving.flatMap(({ tree, role }) => toPorts(tree, role === 'main')),
    probes: serving.flatMap(({ tree }) => toProbes(tree)),
    containers,
    resource,
    place: placeIn(resource),
  }
}

function toPorts(container: Tree, namedForPolicies: boolean): ContainerPort[] {
  return itemsAt(container, 'ports').flatMap(port => {
    const number = numberAt(port, 'containerPort')
    return number === undefined ? [] : [{ name: textAt(port, 'name') || undefined, namedForPolicies, number, protocol: toProtocol(textAt(port, 'protocol')) }]
  })
}

function toProbes(container: Tree): Probe[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(probe =>
    ['httpGet', 'tcpSocket', 'grpc'].flatMap(action => {
      const node = at(container, probe, action, 'port')
      const port = node === undefined ? undefined : portReference(node)
      return node === undefined || port === undefined ? [] : [{ port, what: `${probe} of container ${textAt(container, 'name') ?? '?'}`, place: placeOf(node) }]
    }),
  )
}

/** A number, a number in a string, or a name. */
export function portReference(node: Tree | undefined): number | string | undefined {
  if (node?.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') return undefined
  return typeof node.value === 'number' ? node.value : /^\d+$/.test(node.value) ? Number(node.value) : node.value
}

export function toProtocol(text: string | undefined): Protocol {
  return text === 'UDP' || text === 'SCTP' ? text : 'TCP'
}

function numberAt(tree: Tree, key: string): number | undefined {
  const port = portReference(at(tree, key))
  return typeof port === 'number' ? port : undefined
}

export function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === true
}

/** The port of a workload that a reference means; undefined for a name that no container has. */
export function resolvePort(workload: Workload, reference: number | string, protocol: Protocol = 'TCP'): ContainerPort | undefined {
  return typeof reference === 'string' ? workload.ports.find(port => port.name === reference) : portNumbered(workload, reference, protocol)
}

/** A number that no container declares stands for itself. */
export function portNumbered({ ports }: Workload, number: number, protocol: Protocol = 'TCP'): ContainerPort {
  return ports.find(port => port.number === number && port.protocol === protocol) ?? { name: undefined, namedForPolicies: false, number, protocol }
}
