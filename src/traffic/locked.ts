import type { Diagnose } from '../diagnostics/collect.ts'
import { sameNamespace } from '../discover/namespace.ts'
import { dialApiserverAlone, portsOf } from '../discover/other-pods.ts'
import type { OtherPods } from '../discover/other-pods.ts'
import { targetedPort } from '../discover/ports.ts'
import type { ContainerPort } from '../discover/ports.ts'
import type { Release } from '../discover/release.ts'
import { selects } from '../discover/selector.ts'
import type { Labels } from '../discover/selector.ts'
import type { Service } from '../discover/services.ts'
import type { Workload } from '../discover/workload.ts'
import type { Settings } from '../values/schema.ts'
import type { Covering } from './cut.ts'
import type { Flow } from './flow.ts'
import { foundPorts } from './ingress.ts'
import type { FoundPort } from './ingress.ts'
import type { Allowlist } from './plan.ts'
import { ingressRows } from './table.ts'

/** Pods that are locked by a policy which is not theirs. */
export interface Locked {
  readonly title: string
  readonly namespace: string | undefined
  readonly labels: Labels
  readonly ports: readonly ContainerPort[]
  /** The ports at which others call them. */
  readonly called: readonly FoundPort[]
  /** They may dial more than the kube-apiserver, whose rule is told of by itself. */
  readonly dials: boolean
  /** Of pods that no allowlist can be for. */
  readonly job: { readonly hook: boolean } | undefined
}

export interface LockedOptions {
  readonly settings: Settings
  /** Policies that stay in the stream beside ours. */
  readonly others: readonly Covering[]
  readonly diagnose: Diagnose
}

/** Tells what the policies of others cut of the pods they lock. */
export function tellLocked(other: Locked, allowlists: readonly Allowlist[], { settings, others, diagnose }: LockedOptions): void {
  const [allowlist] = allowlists
  if (allowlist === undefined) return
  const { title, place } = allowlist.workload
  // A Job that nobody calls, and that may dial all it likes, loses nothing.
  if (other.job !== undefined && other.called.length === 0 && !settings.egress.enabled) return
  // What it allows is not read here: it may be all that the pods need.
  const hasOwn = others.some(policy => sameNamespace(policy, other) && selects(policy.selector, other.labels))
  const flows = hasOwn ? [] : cutFlows(other, allowlists, settings)
  if (flows.length === 0) {
    const effect = hasOwn
      ? 'they are locked too, but for what a policy of their own allows'
      : 'they are locked too, though nothing is cut that the stream shows'
    diagnose('NP419', { workload: title, others: [other.title], effect }, place)
  } else if (other.job === undefined) diagnose('NP418', { workload: title, other: other.title, flows }, place)
  else diagnose('NP430', { workload: title, pods: other.title, flows, hook: other.job.hook }, place)
}

function cutFlows({ called, ports, dials }: Locked, allowlists: readonly Allowlist[], settings: Settings): string[] {
  const ingress = allowlists.flatMap(allowlist => allowlist.ingress)
  const cut = called.filter(({ port }) => !ingress.some(flow => opens(flow, port, ports)))
  return [
    ...cut.map(({ port, where }) => `its callers at port ${port.number} (${where[0]})`),
    ...(settings.egress.enabled && dials ? ['all that it dials itself and the egress rules do not list'] : []),
  ]
}

export function lockedWorkload(workload: Workload, release: Release): Locked {
  const { title, namespace, podLabels, ports } = workload
  return { title, namespace, labels: podLabels, ports, called: callersOf(workload, release), dials: true, job: undefined }
}

export function lockedJob(pods: OtherPods, services: readonly Service[]): Locked {
  const { title, namespace, labels, hook } = pods
  const ports = portsOf(pods)
  const called = services.flatMap(service =>
    service.ports.flatMap(({ target, protocol, port, place }): FoundPort[] => {
      const reached = targetedPort({ ports }, target, protocol)
      return reached === undefined ? [] : [{ port: reached, where: [`${service.title}:${port}`], place }]
    }),
  )
  return { title, namespace, labels, ports, called, dials: !dialApiserverAlone(pods), job: { hook } }
}

/** Who calls a workload, the kubelet apart, which its own node lets in. */
function callersOf(workload: Workload, release: Release): FoundPort[] {
  const found = ingressRows.filter(({ callers }) => callers === 'any').flatMap(row => foundPorts(row, workload, release))
  return [...new Map(found.toReversed().map(one => [`${one.port.number}/${one.port.protocol}`, one])).values()].toReversed()
}

/** Whether a flow opens a port of a pod that may call its ports otherwise than the flow's own workload does. */
function opens({ ports }: Flow, port: ContainerPort, declared: readonly ContainerPort[]): boolean {
  if (ports.length === 0) return true
  return ports.some(({ name, number, endPort, protocol }) => {
    if (protocol !== port.protocol) return false
    if (name !== undefined) return declared.some(known => known.name === name && known.number === port.number)
    return number !== undefined && number <= port.number && port.number <= (endPort ?? number)
  })
}
