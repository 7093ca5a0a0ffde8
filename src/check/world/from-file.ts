import type { Labels } from '../../discover/selector.ts'
import type { NamedPort, Pod, World } from '../../verdict/world.ts'
import { addressIn } from './addresses.ts'
import type { WorldFile } from './file.ts'
import { usualApiserverPort } from './services.ts'

/** What the user's file says: a world, but that traits of pods may be left to the stream. */
export interface Given extends Omit<World, 'pods'> {
  readonly pods: readonly GivenPod[]
}

export interface GivenPod extends Pick<Pod, 'namespace' | 'name' | 'addresses'> {
  readonly labels: Labels | undefined
  readonly serviceAccount: string | undefined
  readonly ports: readonly NamedPort[] | undefined
}

const nothing: Given = { namespaces: [], pods: [], nodes: [], services: [], serviceAccounts: [], apiserver: undefined, names: [] }

export function fromFile(file: WorldFile | undefined): Given {
  if (file === undefined) return nothing
  const { namespaces, pods, nodes, services, serviceAccounts, apiserver, names } = file
  return {
    namespaces,
    pods: pods.map(({ ports, addresses, ...pod }) => ({
      ...pod,
      addresses: spelled(addresses),
      ports: ports?.flatMap(({ name, port, protocol }) => (port === undefined ? [] : [{ name, port, protocol }])),
    })),
    nodes: nodes.map(({ addresses, ...node }) => ({ kind: 'node', ...node, addresses: spelled(addresses) })),
    services: services.map(({ namespace, name, labels, clusterAddresses, selector, addresses, ports }) => ({
      namespace,
      name,
      labels,
      clusterAddresses: spelled(clusterAddresses),
      backends: selector === undefined ? { addresses: spelled(addresses) } : { selector },
      ports: ports.flatMap(({ name: portName, port, targetPort, protocol }) =>
        port === undefined ? [] : [{ name: portName, port, target: targetPort ?? port, protocol }],
      ),
    })),
    serviceAccounts,
    apiserver: apiserver === undefined ? undefined : { kind: 'apiserver', addresses: spelled(apiserver.addresses), port: apiserver.port ?? usualApiserverPort },
    names: names.map(({ name, addresses }) => ({ name, addresses: spelled(addresses) })),
  }
}

/** The pod of the stream with what the file says otherwise of it; without one in the stream, the usual. */
export function toPod({ namespace, name, labels, serviceAccount, addresses, ports }: GivenPod, own: Pod | undefined): Pod {
  return {
    kind: 'pod',
    namespace,
    name,
    labels: labels ?? own?.labels ?? {},
    serviceAccount: serviceAccount ?? own?.serviceAccount ?? 'default',
    addresses: addresses.length > 0 ? addresses : (own?.addresses ?? []),
    ports: ports ?? own?.ports ?? [],
  }
}

/** In the usual spelling, in which ends are compared. */
function spelled(addresses: readonly string[]): string[] {
  return addresses.flatMap(address => addressIn(address) ?? [])
}
