import type { Resource } from '../resources/resource.ts'
import { placeIn } from '../resources/resource.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import type { Container } from './containers.ts'

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** A port of a pod. */
export interface ContainerPort {
  readonly name: string | undefined
  /** A policy may use the name: it is one port's alone, and Cilium knows only those of plain containers, not of sidecars (v1.20.2, pkg/k8s/labels.go). */
  readonly namedForPolicies: boolean
  readonly number: number
  readonly protocol: Protocol
}

/** A port that a container declares. */
export interface DeclaredPort extends ContainerPort {
  /** The container's name. */
  readonly container: string
  /** The node's port that leads here, from outside the node. */
  readonly hostPort: number | undefined
  readonly place: Place
}

/** The ports that the containers declare, in their order. */
export function declaredPorts(containers: readonly Container[], resource: Resource): DeclaredPort[] {
  const ports = containers.flatMap(container => itemsAt(container.tree, 'ports').flatMap(port => toPort(port, container, resource)))
  const numbers = new Map<string, Set<string>>()
  for (const { name, number, protocol } of ports) {
    if (name !== undefined) numbers.set(name, (numbers.get(name) ?? new Set()).add(`${number}/${protocol}`))
  }
  return ports.map(port => (port.name !== undefined && (numbers.get(port.name)?.size ?? 0) > 1 ? { ...port, namedForPolicies: false } : port))
}

function toPort(port: Tree, { name, role }: Container, resource: Resource): DeclaredPort[] {
  const number = portReference(at(port, 'containerPort'))
  if (number === undefined || !isPortNumber(number)) return []
  const portName = textAt(port, 'name') || undefined
  return [
    {
      name: portName,
      namedForPolicies: role === 'main' && portName !== undefined && isPortName(portName),
      number,
      protocol: toProtocol(textAt(port, 'protocol')),
      container: name,
      hostPort: hostPort(port),
      place: placeIn(resource, port),
    },
  ]
}

/** A host port on the node's loopback is dialled by the node alone, which every engine lets in. */
function hostPort(port: Tree): number | undefined {
  const number = portReference(at(port, 'hostPort'))
  return number === undefined || !isPortNumber(number) || /^(127\.|::1$)/.test(textAt(port, 'hostIP') ?? '') ? undefined : number
}

/** What the API server takes for a number of a port. */
export function isPortNumber(reference: number | string): reference is number {
  return typeof reference === 'number' && Number.isInteger(reference) && reference >= 1 && reference <= 65535
}

/** What the API server takes for a name of one (k8s.io/apimachinery, pkg/util/validation: IsValidPortName). */
export function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && /[a-z]/.test(name) && !name.includes('--')
}

/** A number, a number in a string, or a name. */
export function portReference(node: Tree | undefined): number | string | undefined {
  if (node?.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') return undefined
  return typeof node.value === 'number' ? node.value : /^\d+$/.test(node.value) ? Number(node.value) : node.value
}

export function toProtocol(text: string | undefined): Protocol {
  return text === 'UDP' || text === 'SCTP' ? text : 'TCP'
}

interface Pod {
  readonly ports: readonly ContainerPort[]
}

/** A number that no container declares stands for itself. */
export function portNumbered({ ports }: Pod, number: number, protocol: Protocol = 'TCP'): ContainerPort {
  return ports.find(port => port.number === number && port.protocol === protocol) ?? { name: undefined, namedForPolicies: false, number, protocol }
}

/** What a Service's targetPort means: a name is the first container's that has it for the protocol (k8s.io/kubernetes, pkg/api/v1/pod: FindPort). */
export function targetedPort(pod: Pod, target: number | string, protocol: Protocol): ContainerPort | undefined {
  if (typeof target === 'number') return isPortNumber(target) ? portNumbered(pod, target, protocol) : undefined
  return pod.ports.find(port => port.name === target && port.protocol === protocol)
}

/** What a scrape configuration means: a name is that of every container that has it. */
export function scrapedPorts(pod: Pod, reference: number | string): readonly ContainerPort[] {
  if (typeof reference === 'number') return isPortNumber(reference) ? [portNumbered(pod, reference)] : []
  // Prometheus takes the number of a name, whatever its protocol, and dials it by TCP.
  return pod.ports.filter(({ name }) => name === reference).map(port => (port.protocol === 'TCP' ? port : portNumbered(pod, port.number)))
}
