import { parseBindAddress } from '../net/bind-address.ts'
import type { BindAddress, BoundHost } from '../net/bind-address.ts'
import { shown } from '../net/shown.ts'
import type { Place } from '../yaml/tree.ts'
import type { Container } from './containers.ts'

/** What a server is for. */
export type Purpose = 'webhook' | 'metrics' | 'gate' | 'mcp' | 'secure'

/** A server that a container's arguments or environment start. */
export interface Listener {
  readonly purpose: Purpose
  /** The container's name. */
  readonly container: string
  /** The flag or variable, as it is written: `--metrics-bind-address`. */
  readonly name: string
  /** `--metrics-bind-address=:8080`, `variable METRICS_PORT=8080`. */
  readonly what: string
  /** Never a host alone: then another argument has the port, or none is known. */
  readonly address: Exclude<BindAddress, { readonly is: 'host' }>
  /** Whether other pods can dial it: the port is known, and is not bound on loopback alone. */
  readonly reachable: boolean
  readonly place: Place
}

/** A listener whose port is known. */
export interface Bound extends Listener {
  readonly address: BindAddress & { readonly is: 'port' }
}

export function isBound(listener: Listener): listener is Bound {
  return listener.address.is === 'port'
}

/** The servers on loopback whose port no other argument binds where others can dial it. */
export function onLoopback(listeners: readonly Listener[]): Bound[] {
  const bound = listeners.filter(isBound)
  const dialled = new Set(bound.filter(({ reachable }) => reachable).map(({ address }) => address.number))
  return bound.filter(({ reachable, address }) => !reachable && !dialled.has(address.number))
}

/** The servers of a container that its flags and variables tell of; those of init containers are gone before anyone calls. */
export function toListeners({ name: container, role, arguments: flags, variables }: Container): Listener[] {
  if (role === 'init') return []
  const said = [
    ...flags.flatMap(({ flag, value, place }) => {
      const meaning = byFlag.get(plainFlag(flag))
      return meaning === undefined ? [] : [{ ...meaning, name: `--${flag}`, what: `--${flag}=${shown(value)}`, address: parseBindAddress(value), place }]
    }),
    ...variables.flatMap(({ name, value, what, place }): Said[] => {
      const purpose = byVariable.get(name)
      if (purpose === undefined) return []
      const address: BindAddress = value === undefined ? { is: 'variable', name } : parseBindAddress(value)
      return [{ purpose, hostOnly: false, name: `variable ${name}`, what: `${what}${value === undefined ? '' : `=${shown(value)}`}`, address, place }]
    }),
  ]
  const together = new Map<Purpose, Said[]>()
  for (const one of said) {
    const list = together.get(one.purpose)
    if (list === undefined) together.set(one.purpose, [one])
    else list.push(one)
  }
  return said.flatMap(one => toListener(one, container, together.get(one.purpose) ?? []))
}

interface Said extends Omit<Listener, 'container' | 'reachable' | 'address'> {
  readonly address: BindAddress
  /** The flag has an address, and another the port. */
  readonly hostOnly: boolean
}

function toListener({ hostOnly, ...said }: Said, container: string, together: readonly Said[]): Listener[] {
  if (hostOnly) return []
  const { address } = said
  if (address.is === 'port') return [{ ...said, address, container, reachable: (address.host ?? hostBeside(together)) !== 'loopback' }]
  if (address.is !== 'host') return [{ ...said, address, container, reachable: false }]
  const portBeside = together.some(other => other.address.is === 'port' || other.address.is === 'variable')
  return portBeside || address.host === 'loopback' ? [] : [{ ...said, container, reachable: false, address: { is: 'problem', problem: 'names no port' } }]
}

/** Where a port without a host is bound, if another flag tells: `--bind-address` for `--secure-port`. */
function hostBeside(together: readonly Said[]): BoundHost | undefined {
  const beside = together.find(({ address }) => address.is === 'host')?.address
  return beside?.is === 'host' ? beside.host : undefined
}

/** `webhookServerPort` and `web.listen-address` as the list below has them. */
export function plainFlag(flag: string): string {
  return flag
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[._]/g, '-')
    .toLowerCase()
}

interface Words {
  /** Flags that take an address with a port, or a port alone. */
  readonly flags: readonly string[]
  /** Flags that take an address alone, for a port that another flag has. */
  readonly hosts: readonly string[]
  readonly variables: readonly string[]
}

/** Only what controllers call their own servers: a flag such as `--metrics-service-address` dials another's. */
const words: { readonly [P in Purpose]: Words } = {
  webhook: {
    flags: [
      ...['webhook-port', 'webhook-bind-port', 'webhook-listen-port', 'webhook-secure-port', 'webhook-https-port', 'webhook-server-port'],
      ...['webhook-addr', 'webhook-address', 'webhook-bind-addr', 'webhook-bind-address', 'webhook-listen-addr', 'webhook-listen-address'],
      // Gardener's extensions, and ingress-nginx.
      ...['webhook-server-bind-address', 'webhook-config-server-port', 'admission-port', 'admission-webhook-port', 'validating-webhook'],
    ],
    hosts: ['webhook-host', 'webhook-bind-host', 'webhook-server-host', 'webhook-config-server-host'],
    // Knative and Tekton, Karpenter; the Vault injector.
    variables: ['WEBHOOK_PORT', 'WEBHOOK_BIND_ADDRESS', 'WEBHOOK_BIND_PORT', 'WEBHOOK_SERVER_PORT', 'AGENT_INJECT_LISTEN'],
  },
  metrics: {
    flags: [
      ...['metrics-port', 'metrics-bind-port', 'metrics-listen-port', 'metrics-server-port', 'metrics-secure-port', 'metricsport'],
      ...['metrics-addr', 'metrics-address', 'metrics-bind-addr', 'metrics-bind-address', 'metrics-listen-addr', 'metrics-listen-address'],
      ...['metrics-secure-bind-address', 'metrics-server-bind-address', 'listen-metrics-address', 'hook-metrics-listen-port'],
      ...['prometheus-port', 'prometheus-addr', 'prometheus-address', 'prometheus-bind-addr', 'prometheus-bind-address', 'prometheus-listen-address'],
      // Cilium, the exporters of the Prometheus project, Istio, and Cluster API.
      ...['prometheus-serve-addr', 'operator-prometheus-serve-addr', 'web-listen-address', 'monitoring-port', 'monitoring-addr', 'monitoring-address'],
      ...['monitoring-bind-address', 'diagnostics-address', 'telemetry-port', 'telemetry-bind-address', 'telemetry-listen-address'],
    ],
    hosts: ['metrics-host', 'metrics-bind-host', 'telemetry-host'],
    variables: [
      ...['METRICS_PORT', 'METRICS_ADDR', 'METRICS_BIND_ADDRESS', 'METRICS_LISTEN_ADDRESS', 'PROMETHEUS_PORT'],
      // Knative, and Trivy's operator.
      ...['METRICS_PROMETHEUS_PORT', 'OPERATOR_METRICS_BIND_ADDRESS'],
    ],
  },
  gate: { flags: ['gate-port', 'gate-addr', 'gate-address', 'gate-bind-address'], hosts: [], variables: [] },
  mcp: { flags: ['mcp-port', 'mcp-addr', 'mcp-address', 'mcp-bind-address'], hosts: [], variables: [] },
  // k8s.io/apiserver, and kube-rbac-proxy before a server on loopback.
  secure: { flags: ['secure-port', 'secure-listen-address'], hosts: ['bind-address'], variables: [] },
}

/** Whether a flag of this name binds a port. */
export function bindsByFlag(flag: string): boolean {
  return byFlag.has(plainFlag(flag))
}

/** Whether a variable of this name binds a port. */
export function bindsByName(variable: string): boolean {
  return byVariable.has(variable)
}

/** Flags that may be given more than once, each time for one server more. */
export const repeatable: ReadonlySet<string> = new Set(['--web.listen-address'])

const byFlag = new Map<string, { readonly purpose: Purpose; readonly hostOnly: boolean }>()
const byVariable = new Map<string, Purpose>()
for (const purpose of ['webhook', 'metrics', 'gate', 'mcp', 'secure'] as const) {
  for (const flag of words[purpose].flags) byFlag.set(flag, { purpose, hostOnly: false })
  for (const flag of words[purpose].hosts) byFlag.set(flag, { purpose, hostOnly: true })
  for (const name of words[purpose].variables) byVariable.set(name, purpose)
}
