import { selects } from '../discover/selector.ts'
import type { Labels, LabelSelector } from '../discover/selector.ts'
import type { Protocol } from '../discover/workload.ts'
import { contains, parseBlockOf, parseCidr, parseCidrs } from '../net/cidr.ts'
import type { Cidr } from '../net/cidr.ts'
import type { Resource } from '../resources/resource.ts'
import type { Direction } from './contract.ts'
import { once } from './once.ts'
import { addressesOf } from './world.ts'
import type { End, Flow, Pod, World } from './world.ts'

/** Whether a policy is to be made ready. */
export function isAmong({ policy }: { readonly policy: Resource }, among: ReadonlySet<Resource> | undefined): boolean {
  return among === undefined || among.has(policy)
}

/** The other end of a flow, seen from the pod whose policies are asked. */
export function peerOf(flow: Flow, direction: Direction): End {
  return direction === 'ingress' ? flow.from : flow.to
}

/** Labels of namespaces by their names; none for a namespace that the world does not have. */
export function namespaceLabels(world: World): (name: string) => Labels {
  const byName = new Map(world.namespaces.map(({ name, labels }) => [name, labels]))
  return name => byName.get(name) ?? {}
}

/** Whether a pod is selected by labels of its namespace and its own; `undefined` selects all. */
export function selectsPod(
  { namespaces, pods }: { readonly namespaces: LabelSelector | undefined; readonly pods: LabelSelector | undefined },
  labelsOf: (namespace: string) => Labels,
): (pod: Pod) => boolean {
  return pod => (namespaces === undefined || selects(namespaces, labelsOf(pod.namespace))) && (pods === undefined || selects(pods, pod.labels))
}

/** Whether an address of an end lies in a block, and in none of its exceptions. */
export function inBlock(cidr: string, except: readonly string[]): (end: End) => boolean {
  const block = parseCidr(cidr)
  const left = parseCidrs(except)
  return end => block !== undefined && blocksOf(end).some(address => contains(block, address) && !left.some(out => contains(out, address)))
}

/** The addresses of an end as blocks of one address. */
export const blocksOf = once((end: End): readonly Cidr[] =>
  addressesOf(end)
    .map(parseBlockOf)
    .filter(block => block !== undefined),
)

/** Whether a pod calls one of its ports by the name, at the number and protocol of the flow. */
export function hasNamedPort(end: End, name: string, { port, protocol }: { readonly port: number; readonly protocol: Protocol }): boolean {
  return end.kind === 'pod' && end.ports.some(own => own.name === name && own.port === port && own.protocol === protocol)
}
