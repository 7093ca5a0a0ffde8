import type { Cidr } from '../../net/cidr.ts'
import { withApiserver } from '../ask/changes.ts'
import { allOf, eitherOf } from '../ask/question.ts'
import type { Asked, Change, Question } from '../ask/question.ts'
import type { Scene } from '../scene.ts'
import { usualApiserverPort } from '../world/services.ts'

/** Where the kube-apiserver may be. */
export interface ApiserverPlace {
  readonly change: Change
  readonly label: string
}

export const unknownApiserver = 'the address of the kube-apiserver, or whether a node has it,'

/**
 * Its endpoints where they are known, and for each where it may be: of a block some address, a node's or not. Where none is known, at any address.
 * `within`: blocks that it is in, of one's own; else those that are known.
 */
export function apiserverPlaces({ cast, apiserver, cells }: Scene, within?: readonly Cidr[]): readonly (readonly ApiserverPlace[])[] {
  const known = within ?? apiserver?.within ?? [undefined]
  const sites = cast.nodesKnown ? [false] : [false, true]
  const port = apiserver?.port ?? usualApiserverPort
  return known.map(block =>
    cells(block).flatMap(({ address, label }) =>
      sites.map(onNode => ({ change: withApiserver(address, port, onNode), label: onNode ? `${label}, on a node` : label })),
    ),
  )
}

/** A connection with the kube-apiserver, through each of its endpoints. */
export function ofApiserver(scene: Scene, ask: Pick<Asked, 'from' | 'to' | 'port' | 'protocol'>, within?: readonly Cidr[]): Question {
  return allOf(
    apiserverPlaces(scene, within).map(places =>
      eitherOf(
        unknownApiserver,
        places.map(place => ({ kind: 'flow', ...ask, ...place })),
      ),
    ),
  )
}
