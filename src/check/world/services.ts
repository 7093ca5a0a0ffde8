import { toServices } from '../../discover/services.ts'
import { parseAddress } from '../../net/cidr.ts'
import type { Resource } from '../../resources/resource.ts'
import type { ApiserverEnd, WorldService } from '../../verdict/world.ts'
import { itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

/** The Services of documents; a headless one has no cluster address, and one that was not made yet has none so far. */
export function servicesOf(resources: readonly Resource[], namespace: string): WorldService[] {
  const endpoints = endpointsOf(resources, namespace)
  return toServices(resources)
    .filter(({ resource }) => textAt(resource.tree, 'spec', 'type') !== 'ExternalName')
    .map(({ name, namespace: own = namespace, labels, selector, ports, resource: { tree } }) => {
      const managed = Object.keys(selector).length === 0 ? endpoints(own, name) : undefined
      return {
        namespace: own,
        name,
        labels,
        clusterAddresses: [...itemsAt(tree, 'spec', 'clusterIPs').flatMap(item => textAt(item) ?? []), textAt(tree, 'spec', 'clusterIP') ?? '']
          .filter(text => parseAddress(text) !== undefined)
          .filter((text, index, all) => all.indexOf(text) === index),
        backends: Object.keys(selector).length > 0 ? { selector } : managed === undefined ? { unknown: true } : { addresses: managed.addresses },
        ports: ports.map(({ name: portName, port, target, protocol }) => ({
          name: portName,
          port,
          target: managed?.ports.find(known => known.name === (portName ?? ''))?.port ?? target,
          protocol,
        })),
      }
    })
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
    backends: apiserver === undefined ? { unknown: true } : { addresses: apiserver.addresses },
    ports: [{ name: 'https', port: 443, target: apiserver?.port ?? usualApiserverPort, protocol: 'TCP' }],
  }
  return [own, ...services.filter(service => !isApiservers(service))]
}

function isApiservers({ namespace, name }: WorldService): boolean {
  return namespace === 'default' && name === 'kubernetes'
}

/** kubeadm's, and most others'. */
export const usualApiserverPort = 6443

/** Where the kube-apiserver listens, where documents have the endpoints of its Service. */
export function apiserverIn(resources: readonly Resource[]): { readonly addresses: readonly string[]; readonly port: number | undefined } {
  const { addresses = [], ports = [] } = endpointsOf(resources, '')('default', 'kubernetes') ?? {}
  return { addresses, port: ports[0]?.port }
}

/** What is behind a Service, whoever says so. */
interface Endpoints {
  readonly addresses: readonly string[]
  /** By the names that they have in the Service; one alone may have none. */
  readonly ports: readonly { readonly name: string; readonly port: number }[]
}

/** Of documents: discovery.k8s.io/v1 EndpointSlices and v1 Endpoints; undefined where a Service has none. */
function endpointsOf(resources: readonly Resource[], release: string): (namespace: string, name: string) => Endpoints | undefined {
  const found = new Map<string, Endpoints>()
  for (const { kind, name, namespace = release, labels, tree } of resources) {
    const service = kind === 'Endpoints' ? name : kind === 'EndpointSlice' ? labels['kubernetes.io/service-name'] : undefined
    if (service === undefined) continue
    const { addresses, ports } = found.get(`${namespace}/${service}`) ?? { addresses: [], ports: [] }
    found.set(`${namespace}/${service}`, { addresses: [...new Set([...addresses, ...addressesIn(tree)])], ports: [...ports, ...portsIn(tree)] })
  }
  return (namespace, name) => found.get(`${namespace}/${name}`)
}

function addressesIn(tree: Tree): string[] {
  const texts = [
    ...itemsAt(tree, 'subsets').flatMap(subset => itemsAt(subset, 'addresses').flatMap(entry => textAt(entry, 'ip') ?? [])),
    ...itemsAt(tree, 'endpoints').flatMap(entry => itemsAt(entry, 'addresses').flatMap(item => textAt(item) ?? [])),
  ]
  return texts.filter(text => parseAddress(text) !== undefined)
}

function portsIn(tree: Tree): { readonly name: string; readonly port: number }[] {
  return [tree, ...itemsAt(tree, 'subsets')]
    .flatMap(part => itemsAt(part, 'ports'))
    .flatMap(port => {
      const number = textAt(port, 'port') ?? ''
      return /^\d+$/.test(number) ? [{ name: textAt(port, 'name') ?? '', port: Number(number) }] : []
    })
}
