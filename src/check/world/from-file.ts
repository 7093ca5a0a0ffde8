import type { World } from '../../verdict/world.ts'
import { addressIn } from './addresses.ts'
import type { WorldFile } from './file.ts'
import { usualApiserverPort } from './services.ts'

const nothing: World = { namespaces: [], pods: [], nodes: [], services: [], serviceAccounts: [], apiserver: undefined, names: [] }

/** What the user's file says, as a world. */
export function fromFile(file: WorldFile | undefined): World {
  if (file === undefined) return nothing
  const { namespaces, pods, nodes, services, serviceAccounts, apiserver, names } = file
  return {
    namespaces,
    pods: pods.map(({ ports, addresses, ...pod }) => ({
      kind: 'pod',
      ...pod,
      addresses: spelled(addresses),
      ports: ports.flatMap(({ name, port, protocol }) => (port === undefined ? [] : [{ name, port, protocol }])),
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

/** In the usual spelling, in which ends are compared. */
function spelled(addresses: readonly string[]): string[] {
  return addresses.flatMap(address => addressIn(address) ?? [])
}
