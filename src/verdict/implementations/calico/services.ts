import { hasLabels } from '../../../discover/selector.ts'
import { contains, parseBlockOf } from '../../../net/cidr.ts'
import type { ServiceName } from '../../policies/calico-rule.ts'
import type { ApiserverEnd, Backends, End, World, WorldService, WorldServicePort } from '../../world.ts'
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
  const all: readonly Known[] = apiserver === undefined ? services : [...services, apiserverService(apiserver)]
  return (wanted, side) => {
    const service = all.find(({ namespace, name }) => namespace === wanted.namespace && name === wanted.name)
    if (service === undefined) return nothingBehind(wanted)
    const { namespace, name, backends, ports } = service
    if ('unknown' in backends) return { matches: () => false, unread: `the stream has no endpoints of Service ${namespace}/${name}` }
    const isBackend = backendsOf(namespace, backends)
    if (side === 'source') return { matches: isBackend }
    const matches: Backing['matches'] = (end, packet) => isBackend(end, packet) && ports.some(port => leadsTo(port, end, packet))
    const named = 'addresses' in backends ? ports.find(({ target }) => typeof target === 'string') : undefined
    return named === undefined
      ? { matches }
      : { matches, unread: `the stream does not tell the number of port ${named.target} of Service ${namespace}/${name}` }
  }
}

/** No Service is without a namespace. */
function nothingBehind({ namespace, name }: ServiceName): Backing {
  const matches = (): boolean => false
  return namespace === '' ? { matches } : { matches, unread: `the stream has no Service ${namespace}/${name}` }
}

type Known = Pick<WorldService, 'namespace' | 'name' | 'backends'> & { readonly ports: readonly Target[] }
type Target = Pick<WorldServicePort, 'target' | 'protocol'>

/** The API server looks after the endpoints of its own Service. */
function apiserverService({ addresses, port }: ApiserverEnd): Known {
  return { namespace: 'default', name: 'kubernetes', backends: { addresses }, ports: [{ target: port, protocol: 'TCP' }] }
}

type KnownBackends = Exclude<Backends, { readonly unknown: true }>

function backendsOf(namespace: string, backends: KnownBackends): (end: End, packet: Packet) => boolean {
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
function leadsTo({ target, protocol }: Target, end: End, { flow }: Packet): boolean {
  if (protocol !== flow.protocol) return false
  if (typeof target === 'number') return target === flow.port
  return end.kind === 'pod' && end.ports.some(own => own.name === target && own.protocol === protocol && own.port === flow.port)
}
