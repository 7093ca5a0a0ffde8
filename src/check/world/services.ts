import { toServices } from '../../discover/services.ts'
import { parseAddress } from '../../net/cidr.ts'
import type { Resource } from '../../resources/resource.ts'
import type { ApiserverEnd, WorldService } from '../../verdict/world.ts'
import { itemsAt, textAt } from '../../yaml/tree.ts'

/** The Services of documents; a headless one has no cluster address, and one that was not made yet has none so far. */
export function servicesOf(resources: readonly Resource[], namespace: string): WorldService[] {
  return toServices(resources)
    .filter(({ resource }) => textAt(resource.tree, 'spec', 'type') !== 'ExternalName')
    .map(({ name, namespace: own, labels, selector, ports, resource: { tree } }) => ({
      namespace: own ?? namespace,
      name,
      labels,
      clusterAddresses: [...itemsAt(tree, 'spec', 'clusterIPs').flatMap(item => textAt(item) ?? []), textAt(tree, 'spec', 'clusterIP') ?? '']
        .filter(text => parseAddress(text) !== undefined)
        .filter((text, index, all) => all.indexOf(text) === index),
      backends: Object.keys(selector).length === 0 ? { addresses: [] } : { selector },
      ports: ports.map(({ name: portName, port, target, protocol }) => ({ name: portName, port, target, protocol })),
    }))
}

/**
 * With the Service that every cluster has for its kube-apiserver, whose endpoints the kube-apiserver itself writes
 * (k8s.io/kubernetes, pkg/controlplane/reconcilers); what a document tells of it is kept.
 */
export function withApiserverService(services: readonly WorldService[], apiserver: ApiserverEnd | undefined): WorldService[] {
  const known = services.find(isApiservers)
  const own: WorldService = {
    namespace: 'default',
    name: 'kubernetes',
    labels: known?.labels ?? { component: 'apiserver', provider: 'kubernetes' },
    clusterAddresses: known?.clusterAddresses ?? [],
    backends: { addresses: apiserver?.addresses ?? [] },
    ports: [{ name: 'https', port: 443, target: apiserver?.port ?? usualApiserverPort, protocol: 'TCP' }],
  }
  return [own, ...services.filter(service => !isApiservers(service))]
}

function isApiservers({ namespace, name }: WorldService): boolean {
  return namespace === 'default' && name === 'kubernetes'
}

/** kubeadm's, and most others'. */
export const usualApiserverPort = 6443

/** Where the kube-apiserver listens, where documents have the endpoints of its Service: discovery.k8s.io/v1 EndpointSlices or v1 Endpoints. */
export function apiserverIn(resources: readonly Resource[]): { readonly addresses: readonly string[]; readonly port: number | undefined } {
  const endpoints = resources.filter(
    ({ kind, name, namespace, labels }) =>
      namespace === 'default' &&
      ((kind === 'Endpoints' && name === 'kubernetes') || (kind === 'EndpointSlice' && labels['kubernetes.io/service-name'] === 'kubernetes')),
  )
  const addresses = endpoints.flatMap(({ tree }) => [
    ...itemsAt(tree, 'subsets').flatMap(subset => itemsAt(subset, 'addresses').flatMap(entry => textAt(entry, 'ip') ?? [])),
    ...itemsAt(tree, 'endpoints').flatMap(entry => itemsAt(entry, 'addresses').flatMap(item => textAt(item) ?? [])),
  ])
  const ports = endpoints.flatMap(({ tree }) =>
    [tree, ...itemsAt(tree, 'subsets')].flatMap(part => itemsAt(part, 'ports').flatMap(port => textAt(port, 'port') ?? [])),
  )
  const [port] = ports.filter(text => /^\d+$/.test(text)).map(Number)
  return { addresses: [...new Set(addresses.filter(text => parseAddress(text) !== undefined))], port }
}
