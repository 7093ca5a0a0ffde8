import type { Diagnose } from '../diagnostics/collect.ts'
import { workloadKinds } from '../resources/kinds.ts'
import { isHook, placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, placeOf, textAt, textsAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { bindings } from './arguments.ts'
import type { Argument } from './arguments.ts'
import { workloadSelector } from './selector.ts'
import type { Labels, LabelSelector } from './selector.ts'

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** A port that a container declares. */
export interface ContainerPort {
  readonly name: string | undefined
  readonly number: number
  readonly protocol: Protocol
}

/** A port as someone refers to it: by number or by the container's name for it. */
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
  readonly arguments: readonly Argument[]
  readonly resource: Resource
  readonly place: Place
}

/** The workloads that a policy can protect: those of the release itself, hooks left out. */
export function toWorkloads(resources: readonly Resource[], diagnose: Diagnose): Workload[] {
  return resources.filter(resource => workloadKinds.some(kind => kind === resource.kind) && !isHook(resource)).map(resource => toWorkload(resource, diagnose))
}

function toWorkload(resource: Resource, diagnose: Diagnose): Workload {
  const template = at(resource.tree, 'spec', 'template')
  const containers = containersOf(template)
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
    ports: containers.flatMap(toPorts),
    probes: containers.flatMap(toProbes),
    arguments: containers.flatMap(bindings),
    resource,
    place: placeIn(resource),
  }
}

/** The containers that run beside each other: native sidecars (init containers that restart) included. */
function containersOf(template: Tree | undefined): Tree[] {
  const sidecars = itemsAt(template, 'spec', 'initContainers').filter(container => textAt(container, 'restartPolicy') === 'Always')
  return [...itemsAt(template, 'spec', 'containers'), ...sidecars]
}

function toPorts(container: Tree): ContainerPort[] {
  return itemsAt(container, 'ports').flatMap(port => {
    const number = numberAt(port, 'containerPort')
    return number === undefined ? [] : [{ name: textAt(port, 'name') || undefined, number, protocol: toProtocol(textAt(port, 'protocol')) }]
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

function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === true
}

/** The port of a workload that a reference means; a number that no container declares stands for itself. */
export function resolvePort({ ports }: Workload, reference: number | string, protocol: Protocol = 'TCP'): ContainerPort | undefined {
  if (typeof reference === 'string') return ports.find(port => port.name === reference)
  return ports.find(port => port.number === reference && port.protocol === protocol) ?? { name: undefined, number: reference, protocol }
}
