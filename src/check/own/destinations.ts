import { podNamed } from '../ask/ends.ts'
import { endsBehind, podsOf } from '../required/services.ts'
import type { Scene } from '../scene.ts'
import { addressIn } from '../world/addresses.ts'
import type { Asking, Problem } from './asking.ts'
import { asAlias, endOf } from './ends.ts'
import type { PossibleEnd, WrittenEnd } from './ends.ts'
import type { WrittenFlow } from './parse.ts'
import { noPods, podsMeant, serviceMeant, titleOf } from './services.ts'
import type { KnownService } from './services.ts'

/** An end, and the port at which it is dialled. */
export interface Target extends PossibleEnd {
  readonly port: number
}

export interface Destinations extends Pick<WrittenEnd, 'unknown'> {
  readonly ends: readonly (readonly Target[])[]
}

/** A word as who is called, at the port that policies see. `from`: the namespace of who calls. */
export function destinations(written: WrittenFlow, asking: Asking, from: string): Destinations | Problem {
  const { scene, namespace } = asking
  const meant = serviceMeant(written.to, asking, from)
  if (meant === undefined) return atPort(endOf(written.to, scene, namespace), written, scene)
  if ('problem' in meant) return meant
  if (meant.kind === 'host') return asAlias(meant.name, atPort(endOf(meant.name, scene, namespace), written, scene))
  if (meant.kind === 'apiserver') return apiserverAt(written, asking)
  const behind = meant.pod === undefined ? behindService(meant, written, scene) : atPort(ofPods(meant, written), written, scene)
  if (!('problem' in behind) || addressIn(written.to) === undefined) return behind
  return { problem: `is an address of ${titleOf(meant)}, which ${behind.problem}` }
}

/** Whoever it is, at the port itself. */
function atPort(to: WrittenEnd | Problem, written: WrittenFlow, scene: Scene): Destinations | Problem {
  if ('problem' in to) return to
  const ends = to.ends.map(possible => possible.flatMap(end => portsOf(end, written, scene).map(port => ({ ...end, port }))))
  return ends.some(possible => possible.length === 0)
    ? { problem: `declares no port ${written.port} for ${written.protocol}; give its number` }
    : { ends, unknown: to.unknown }
}

/** The Service kubernetes maps 443 to where the kube-apiserver listens. */
function apiserverAt(written: WrittenFlow, { scene, namespace }: Asking): Destinations | Problem {
  const { port, protocol } = written
  if ((port !== 443 && port !== 'https') || protocol !== 'TCP') return { problem: `has no port ${port}/${protocol}; it has 443/TCP` }
  const listens = scene.apiserver?.port
  if (listens === undefined) return { problem: 'is the kube-apiserver, and its own port is not known here: write apiserver:6443, or where else it listens' }
  return atPort(endOf('apiserver', scene, namespace), { ...written, port: listens }, scene)
}

/** The port of a Service is its own; policies see that of the pods. */
function behindService(meant: KnownService, written: WrittenFlow, scene: Scene): Destinations | Problem {
  const { service, pods, headless } = meant
  const { port, protocol } = written
  if (headless && typeof port === 'number') return atPort(ofPods(meant, written), written, scene)
  const ports = service.ports.filter(candidate => candidate.protocol === protocol && (candidate.port === port || candidate.name === port))
  if (ports.length === 0)
    return { problem: `has no port ${port}/${protocol}; it has ${service.ports.map(known => `${known.port}/${known.protocol}`).join(', ')}` }
  const ends = ports.flatMap(candidate => endsBehind(service, candidate, pods)).map(({ to: ref, port: number }) => [{ ref, port: number, label: written.to }])
  if (ends.length > 0) return { ends, unknown: undefined }
  const [target] = ports.map(({ target: its }) => its)
  return { problem: podsOf(service, pods).length === 0 ? noPods : `sends to the port called ${target}, which none of its pods declares` }
}

function ofPods(meant: KnownService, { to }: WrittenFlow): WrittenEnd | Problem {
  const found = podsMeant(meant)
  return 'problem' in found ? found : { ends: found.map(ref => [{ ref, label: to }]), unknown: undefined }
}

/** A name is one of the pod's own. */
function portsOf({ ref }: PossibleEnd, { port, protocol }: WrittenFlow, { situation }: Scene): readonly number[] {
  if (typeof port === 'number') return [port]
  const pod = 'pod' in ref ? podNamed(situation.world, ref.pod) : undefined
  return pod?.ports.filter(declared => declared.name === port && declared.protocol === protocol).map(declared => declared.port) ?? []
}
