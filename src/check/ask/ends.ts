import { once } from '../../verdict/once.ts'
import type { End, Pod, World } from '../../verdict/world.ts'

/** An end of a flow, whatever its address: worlds differ in addresses. */
export type Ref =
  | { readonly pod: string }
  | { readonly node: string }
  | { readonly apiserver: true }
  /** Of whoever has it. */
  | { readonly address: string }

export function podRef({ namespace, name }: { readonly namespace: string; readonly name: string }): Ref {
  return { pod: `${namespace}/${name}` }
}

/** Throws where the world has no such end: references are made from the world. */
export function resolve(ref: Ref, world: World): End {
  const end = find(ref, world)
  if (end === undefined) throw new Error(`the world has no ${JSON.stringify(ref)}`)
  return end
}

/** Undefined: the world has none such. */
export function find(ref: Ref, world: World): End | undefined {
  if ('pod' in ref) return podNamed(world, ref.pod)
  if ('node' in ref) return world.nodes.find(({ name }) => name === ref.node)
  return 'apiserver' in ref ? world.apiserver : endAt(ref.address, world)
}

const byName = once((pods: World['pods']) => new Map(pods.map(pod => [`${pod.namespace}/${pod.name}`, pod])))

export function podNamed({ pods }: World, name: string): Pod | undefined {
  return byName(pods).get(name)
}

/** Of pods that share one, the first. */
const byAddress = once((pods: World['pods']) => new Map(pods.toReversed().flatMap(pod => pod.addresses.map(address => [address, pod]))))

/** Who has an address; nobody of the cluster: someone outside. */
function endAt(address: string, { pods, nodes, apiserver }: World): End {
  const others = [...(apiserver === undefined ? [] : [apiserver]), ...nodes]
  return byAddress(pods).get(address) ?? others.find(({ addresses }) => addresses.includes(address)) ?? { kind: 'outside', address }
}
