import type { Allowlist } from './expect.ts'
import type { ContainerPort, End, Flow, Pod, Protocol, World } from './model.ts'

const UNDECLARED = 7777
const DEFAULT_PORTS = [8080, 8081, 8082, 8084, 9443]

type Target = readonly [port: number, protocol: Protocol]

/** Every flow that is asked about in a world: all ends, all ports that a policy could mistake, and undeclared ones. */
export function flowsOf(world: World, lists: readonly Allowlist[]): Flow[] {
  const controllers = new Set(lists.map(({ pod }) => pod))
  const pods = world.ends.filter(end => end.kind === 'pod')
  const key = (pod: Pod): string => `${pod.namespace}/${pod.name}`
  const namespaces = new Set(lists.map(({ namespace }) => namespace))
  const flows: Flow[] = []
  for (const to of world.ends) {
    for (const [port, protocol] of targetsOf(to, controllers.has(to.kind === 'pod' ? key(to) : ''))) {
      for (const from of world.ends) {
        if (from === to || !related(from, to, namespaces) || !sameFamily(from, to)) continue
        flows.push({ from, to, port, protocol })
      }
    }
  }
  // A policy must not reach beyond its namespace.
  for (const [from, to] of [
    ['prometheus', 'tenant'],
    ['tenant', 'source-controller'],
    ['flagger', 'coredns'],
  ]) {
    const source = pods.find(({ id }) => id === from)
    const target = pods.find(({ id }) => id === to)
    if (source !== undefined && target !== undefined) flows.push({ from: source, to: target, port: 4317, protocol: 'TCP' })
  }
  return flows
}

/** At least one end has to be a pod of a namespace that has policies. */
const related = (from: End, to: End, namespaces: ReadonlySet<string>): boolean =>
  (from.kind === 'pod' && namespaces.has(from.namespace)) ||
  (to.kind === 'pod' && namespaces.has(to.namespace)) ||
  (to.kind === 'pod' && from.kind === 'pod' && to.namespace === 'elsewhere')

const isSix = (ip: string): boolean => ip.includes(':')
const has = (end: End, six: boolean): boolean => isSix(end.ip) === six || (end.kind === 'pod' && end.ip6 !== undefined && six)
const sameFamily = (from: End, to: End): boolean => [true, false].some(six => has(from, six) && has(to, six))

function targetsOf(to: End, isController: boolean): Target[] {
  switch (to.kind) {
    case 'pod':
      return unique([...to.ports.map(targetOf), ...(isController ? controllerTargets() : []), [UNDECLARED, 'TCP'], [53, 'UDP'], [443, 'TCP']])
    case 'apiserver':
      return [
        [to.port, 'TCP'],
        [443, 'TCP'],
        [to.port, 'UDP'],
        [UNDECLARED, 'TCP'],
      ]
    case 'node':
      return [
        [10250, 'TCP'],
        [6443, 'TCP'],
        [53, 'UDP'],
      ]
    case 'outside':
      return [
        [443, 'TCP'],
        [4317, 'TCP'],
        [53, 'UDP'],
        [53, 'TCP'],
        [6443, 'TCP'],
        [UNDECLARED, 'TCP'],
      ]
  }
}

const targetOf = ({ port, protocol }: ContainerPort): Target => [port, protocol]
const controllerTargets = (): Target[] => [...DEFAULT_PORTS.map((port): Target => [port, 'TCP']), [8080, 'UDP'], [9443, 'UDP'], [10250, 'TCP']]
const unique = (all: readonly Target[]): Target[] => [...new Map(all.map(target => [target.join('/'), target])).values()]
