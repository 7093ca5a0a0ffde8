import { hasLabels } from '../../../discover/selector.ts'
import { contains, parseBlockOf } from '../../../net/cidr.ts'
import type { ServiceName } from '../../policies/calico-rule.ts'
import type { ApiserverEnd, End, World, WorldService, WorldServicePort } from '../../world.ts'
import { addressesIn } from './packet.ts'
import type { Packet } from './packet.ts'

/** Whether an end of a packet stands behind a Service. */
export interface Backing {
  readonly matches: (end: End, packet: Packet) => boolean
  /** Why it may, though it is not known. */
  readonly unread?: string
}

/**
 * What a rule means by a Service, as its EndpointSlices say it (felix/serviceindex/serviceindex.go): a destination by its address
 * and port, a source by its address.
 */
export type Behind = (service: ServiceName, side: 'source' | 'destination') => Backing

export function servicesOf({ services, apiserver }: World): Behind {
  const all: readonly Endpoints[] = apiserver === undefined ? services : [...services, apiserverService(apiserver)]
  return (wanted, side) => {
    const service = all.find(({ namespace, name }) => namespace === wanted.namespace && name === wanted.name)
    if (service === undefined) return nothingBehind(wanted)
    const isBackend = backendsOf(service)
    if (side === 'source') return { matches: isBackend }
    return { matches: (end, packet) => isBackend(end, packet) && service.ports.some(port => leadsTo(port, end, packet)) }
  }
}

/** No Service is without a namespace. */
function nothingBehind({ namespace, name }: ServiceName): Backing {
  const matches = (): boolean => false
  return namespace === '' ? { matches } : { matches, unread: `the stream has no Service ${namespace}/${name}` }
}

/** What of a Service is in its EndpointSlices. */
interface Endpoints extends Pick<WorldService, 'namespace' | 'name' | 'backends'> {
  readonly ports: readonly Pick<WorldServicePort, 'target' | 'protocol'>[]
}

/** The API server looks after the endpoints of its own Service. */
function apiserverService({ addresses, port }: ApiserverEnd): Endpoints {
  return { namespace: 'default', name: 'kubernetes', backends: { addresses }, ports: [{ target: port, protocol: 'TCP' }] }
}

function backendsOf({ namespace, backends }: Endpoints): (end: End, packet: Packet) => boolean {
  if ('selector' in backends) {
    const { selector } = backends
    // Without a selector someone else manages the endpoints.
    const some = Object.keys(selector).length > 0
    return end => some && end.kind === 'pod' && end.namespace === namespace && hasLabels(end.labels, selector)
  }
  const blocks = backends.addresses.map(parseBlockOf).filter(block => block !== undefined)
  return (end, { version }) => addressesIn(end, version).some(own => blocks.some(block => contains(block, own)))
}

/** Whether a port of the Service leads to that of the packet; a target by name is one of the pod's. */
function leadsTo({ target, protocol }: Endpoints['ports'][number], end: End, { flow }: Packet): boolean {
  if (protocol !== flow.protocol) return false
  if (typeof target === 'number') return target === flow.port
  return end.kind === 'pod' && end.ports.some(own => own.name === target && own.protocol === protocol && own.port === flow.port)
}
