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

function find(ref: Ref, world: World): End | undefined {
  if ('pod' in ref) return podNamed(world, ref.pod)
  if ('node' in ref) return world.nodes.find(({ name }) => name === ref.node)
  return 'apiserver' in ref ? world.apiserver : endAt(ref.address, world)
}

const byName = new WeakMap<World, ReadonlyMap<string, Pod>>()

export function podNamed(world: World, name: string): Pod | undefined {
  let pods = byName.get(world)
  if (pods === undefined) {
    pods = new Map(world.pods.map(pod => [`${pod.namespace}/${pod.name}`, pod]))
    byName.set(world, pods)
  }
  return pods.get(name)
}

/** Who has an address; nobody of the cluster: someone outside. */
function endAt(address: string, { pods, nodes, apiserver }: World): End {
  const known: readonly End[] = [...pods, ...(apiserver === undefined ? [] : [apiserver]), ...nodes]
  return known.find(end => end.kind !== 'outside' && end.addresses.includes(address)) ?? { kind: 'outside', address }
}
