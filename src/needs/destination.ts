import { containerPort } from '../discover/services.ts'
import type { Service, ServicePort } from '../discover/services.ts'
import type { Protocol, Workload } from '../discover/workload.ts'
import type { Endpoint } from '../net/endpoint.ts'
import { onPort } from '../traffic/flow.ts'
import type { FlowPort } from '../traffic/flow.ts'
import type { Home } from './home.ts'
import { findService, isPodOf, toHost } from './host.ts'
import type { Backend, Host, Need, ServiceHost } from './need.ts'
import type { Setting } from './sources.ts'
import { guessed } from './table.ts'
import type { NeedRow } from './table.ts'

/** What a setting dials, as a need; or what is wrong with it. */
export type Destination = { readonly need: Need } | { readonly problem: string }

/** `row`: undefined for a setting that no row knows. */
export function toDestination(
  row: NeedRow | undefined,
  setting: Setting,
  endpoint: Endpoint & { is: 'endpoint' },
  all: readonly Setting[],
  home: Home,
): Destination | undefined {
  const host = toHost(endpoint.host, home)
  // The table has the cluster's own apiserver in any case.
  if (host.kind === 'apiserver') return undefined
  const numbers = endpoint.port === undefined ? (row === undefined ? [] : defaultPorts(row, setting, all)) : [endpoint.port]
  const single = numbers.length === 1 ? numbers[0] : undefined
  const protocols = protocolsOf(row, endpoint.scheme)
  const behind = host.kind === 'service' ? podPorts(host, single, protocols, home) : undefined
  if (behind !== undefined && 'problem' in behind) return row === undefined ? undefined : behind
  const { id, party, reason } = row ?? guessed
  return {
    need: {
      row: id,
      party,
      reason,
      host: behind === undefined ? host : behind.host,
      ports: behind === undefined ? numbers.flatMap(number => protocols.map(protocol => onPort(number, protocol))) : behind.ports,
      dialled: single,
      anyPort: numbers.length > 1,
      ...(protocols.length > 1 && protocols[0] !== undefined ? { mainly: protocols[0] } : {}),
      guess: row === undefined,
      text: `${endpoint.host.replace('..', '.')}${single === undefined ? '' : `:${single}`}`,
      found: [{ where: `${setting.label}${setting.joint}${endpoint.written}${setting.rest}`, place: setting.place }],
    },
  }
}

/** A URL over HTTP is dialled by TCP, whatever its row is about. */
function protocolsOf(row: NeedRow | undefined, scheme: string | undefined): readonly Protocol[] {
  if (scheme === 'udp') return ['UDP']
  return row === undefined || scheme === 'http' || scheme === 'https' || scheme === 'tcp' || scheme === 'tls' ? ['TCP'] : row.protocols
}

function defaultPorts({ defaultPorts: ports, unless, portVariable }: NeedRow, { container }: Setting, all: readonly Setting[]): readonly number[] {
  if (unless !== undefined && all.some(({ kind, name, text }) => kind === 'flag' && name === unless.flag && text === unless.is)) return unless.ports
  const given = all.find(({ kind, name, container: own }) => kind === 'variable' && name === portVariable && own === container)
  return given?.text !== undefined && /^\d{1,5}$/.test(given.text) ? [Number(given.text)] : ports
}

/** What the pods of a Service listen on: policies see that, and never the Service's own port. */
function podPorts(
  host: ServiceHost,
  dialled: number | undefined,
  protocols: readonly Protocol[],
  home: Home,
): { host: Host; ports: FlowPort[] } | { problem: string } {
  const service = findService(host.name, host.namespace, home)
  const asDialled = dialled === undefined ? [] : protocols.map(protocol => onPort(dialled, protocol))
  if (service === undefined || host.pods === undefined) return { host, ports: host.pod === undefined ? [] : asDialled }
  const workloads = dialledOnes(home.release.workloadsOf(service), host.pod)
  const behind = (portsOf: (workload: Workload) => FlowPort[]): Backend[] =>
    workloads.map(workload => ({ labels: workload.podLabels, hostNetwork: workload.hostNetwork, ports: portsOf(workload) }))
  // Its name is its pods' addresses, or one of them is dialled: nobody maps the port.
  if ((service.headless || host.pod !== undefined) && dialled !== undefined) {
    return placed(
      host,
      behind(() => asDialled),
      asDialled,
    )
  }
  const through = portsOf(service, dialled, protocols)
  if (through.length === 0 && dialled !== undefined) return { problem: `names port ${dialled}, which ${service.title} has not` }
  const backends = behind(workload => through.flatMap(port => containerPort(port, workload) ?? []).map(({ number, protocol }) => onPort(number, protocol)))
  const named = through.flatMap(({ target, protocol }) => (typeof target === 'number' ? [onPort(target, protocol)] : []))
  return placed(host, backends, backends.length === 0 ? named : backends.flatMap(({ ports }) => ports))
}

/** The one that a pod is of; all of them where it cannot be told. */
function dialledOnes(workloads: readonly Workload[], pod: string | undefined): readonly Workload[] {
  const own = pod === undefined ? [] : workloads.filter(workload => isPodOf(pod, workload))
  return own.length > 0 ? own : workloads
}

/** Those that the dialled port means; without one the only port there is. */
function portsOf({ ports }: Service, dialled: number | undefined, protocols: readonly Protocol[]): readonly ServicePort[] {
  if (dialled === undefined) return ports.length === 1 ? ports : []
  const numbered = ports.filter(({ port }) => port === dialled)
  const spoken = numbered.filter(({ protocol }) => protocols.includes(protocol))
  return spoken.length > 0 ? spoken : numbered
}

/** Pods of the host network are nodes to every engine. */
function placed(host: ServiceHost, backends: readonly Backend[], ports: readonly FlowPort[]): { host: Host; ports: FlowPort[] } {
  const onNodes = backends.length > 0 && backends.every(({ hostNetwork }) => hostNetwork)
  const distinct = [...new Map(ports.map(port => [`${port.number}/${port.protocol}`, port])).values()]
  return { host: onNodes ? { kind: 'nodes' } : { ...host, backends }, ports: distinct }
}
