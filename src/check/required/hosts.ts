import type { Ref } from '../ask/ends.ts'
import type { Cast } from '../world/build.ts'

export const unknownHost = 'on which node it runs'

/** The nodes that a pod of the host network may be on, seen from pods: theirs, or another where there is one. */
export function hostsIn({ ownNode, world }: Pick<Cast, 'ownNode' | 'world'>): { readonly ref: Ref; readonly label: string }[] {
  const other = world.nodes.find(({ name }) => name !== ownNode)
  return [
    { ref: { node: ownNode }, label: 'the node of the other end' },
    ...(other === undefined ? [] : [{ ref: { node: other.name }, label: 'another node' }]),
  ]
}
