import { placeIn } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, textAt } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import type { Container } from './containers.ts'
import { isPortNumber, portNumbered, portReference } from './ports.ts'
import type { ContainerPort, DeclaredPort } from './ports.ts'

/** A port that the kubelet dials. */
export interface Probe {
  /** Undefined: a name that the container does not have. */
  readonly port: ContainerPort | undefined
  /** As it is written. */
  readonly reference: number | string
  /** `livenessProbe of container manager`. */
  readonly what: string
  readonly place: Place
}

/**
 * What the kubelet dials at a container: probes, and hooks over HTTP; the API knows hooks over TCP, and no kubelet runs them. A name is
 * looked up among the container's own ports (k8s.io/kubernetes, pkg/probe: ResolveContainerPort). With a `host` another host is dialled.
 */
export function toProbes(container: Container, ports: readonly DeclaredPort[], resource: Resource): Probe[] {
  const { name, tree } = container
  const own = ports.filter(port => port.container === name)
  return dialled.flatMap(({ path, actions }) =>
    actions.flatMap(action => {
      const node = at(tree, ...path, action)
      const written = at(node, 'port')
      const reference = portReference(written)
      if (written === undefined || reference === undefined || textAt(node, 'host')) return []
      return [{ port: toPort(reference, action, own, ports), reference, what: `${path.at(-1)} of container ${name}`, place: placeIn(resource, written) }]
    }),
  )
}

const dialled: readonly { readonly path: readonly string[]; readonly actions: readonly string[] }[] = [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].map(probe => ({ path: [probe], actions: ['httpGet', 'tcpSocket', 'grpc'] })),
  ...['postStart', 'preStop'].map(hook => ({ path: ['lifecycle', hook], actions: ['httpGet'] })),
]

function toPort(reference: number | string, action: string, own: readonly DeclaredPort[], all: readonly DeclaredPort[]): ContainerPort | undefined {
  if (typeof reference === 'number') return isPortNumber(reference) ? portNumbered({ ports: [...own, ...all] }, reference) : undefined
  // A gRPC probe takes a number alone.
  const named = action === 'grpc' ? undefined : own.find(({ name }) => name === reference)
  // The kubelet takes the number of a name, whatever its protocol, and dials it by TCP.
  return named === undefined || named.protocol === 'TCP' ? named : portNumbered({ ports: [...own, ...all] }, named.number)
}
