import type { Cidr } from '../../net/cidr.ts'
import type { Direction } from '../../verdict/contract.ts'
import type { Cell } from '../ask/cells.ts'
import { withApiserver } from '../ask/changes.ts'
import { allOf, eitherOf } from '../ask/question.ts'
import type { Asked, Change, Question } from '../ask/question.ts'
import type { Ref } from '../ask/ends.ts'
import type { Scene } from '../scene.ts'
import { usualApiserverPort } from '../world/services.ts'

/** Where the kube-apiserver may be. */
export interface ApiserverPlace {
  readonly change: Change
  readonly label: string
  /** `an address in 10.0.0.0/8`, whether of a node or not. */
  readonly cell: string
}

export const unknownApiserver = 'the address of the kube-apiserver, or whether a node has it,'

/**
 * Its endpoints where they are known, and for each where it may be: of a block some address, a node's or not. Where none is known, at any address.
 * `within`: blocks that it is in, of one's own; else those that are known. `port`: where it listens, if that is not known.
 */
export function apiserverPlaces(
  { cast, apiserver, cells, cellsAt }: Scene,
  { within, port = usualApiserverPort, at }: PlaceOptions = {},
): readonly (readonly ApiserverPlace[])[] {
  const known = within ?? apiserver?.within ?? [undefined]
  const sites = cast.nodesKnown ? [false] : [false, true]
  const cellsIn = (block: Cidr | undefined): readonly Cell[] => (at === undefined ? cells(block) : cellsAt(at.end, at.direction, block))
  const listens = apiserver?.port ?? port
  return known.map(block =>
    cellsIn(block).flatMap(({ address, label }) =>
      sites.map(onNode => ({ change: withApiserver(address, listens, onNode), label: onNode ? `${label}, on a node` : label, cell: label })),
    ),
  )
}

export interface PlaceOptions {
  readonly within?: readonly Cidr[] | undefined
  readonly port?: number
  /** Whose policies are asked; undefined: anybody's. */
  readonly at?: { readonly end: Ref; readonly direction: Direction }
}

/** A call from the kube-apiserver, from each of its endpoints. */
export function fromApiserver(scene: Scene, called: Pick<Asked, 'to' | 'port' | 'protocol'>, within?: readonly Cidr[]): Question {
  return allOf(
    apiserverPlaces(scene, { within, at: { end: called.to, direction: 'ingress' } }).map(places =>
      eitherCell(
        unknownApiserver,
        places.map(({ cell, ...place }) => ({ cell, asked: { kind: 'flow', from: { apiserver: true }, ...called, ...place } })),
      ),
    ),
  )
}

/** A call to it, to each of its endpoints; where its port is not known, to whichever of them it is. */
export function toApiserver(scene: Scene, from: Ref, ports: readonly number[]): Question {
  const known = scene.apiserver?.port
  if (known !== undefined) return toPort(scene, from, known)
  const [only, another] = ports
  if (only !== undefined && another === undefined) return toPort(scene, from, only)
  const [first = [], ...others] = ports.map(port =>
    apiserverPlaces(scene, { port, at: { end: from, direction: 'egress' } }).map(places => places.map(place => asked(from, port, place, `, port ${port}`))),
  )
  return allOf(first.map((places, index) => eitherCell('where the kube-apiserver listens', [...places, ...others.flatMap(each => each[index] ?? [])])))
}

function toPort(scene: Scene, from: Ref, port: number): Question {
  return allOf(
    apiserverPlaces(scene, { port, at: { end: from, direction: 'egress' } }).map(places =>
      eitherCell(
        unknownApiserver,
        places.map(place => asked(from, port, place)),
      ),
    ),
  )
}

interface InCell {
  readonly cell: string
  readonly asked: Asked
}

/** Where all that may be in a cell comes to the same, the cell says it. */
function eitherCell(what: string, places: readonly InCell[]): Question {
  const cells = [...new Set(places.map(({ cell }) => cell))]
  const within = (wanted: string): Asked[] => places.filter(({ cell }) => cell === wanted).map(({ asked }) => asked)
  return eitherOf(
    what,
    cells.map(cell => eitherOf(what, within(cell), cell)),
  )
}

function asked(from: Ref, port: number, { change, label, cell }: ApiserverPlace, words = ''): InCell {
  return { cell, asked: { kind: 'flow', from, to: { apiserver: true }, port, protocol: 'TCP', change, label: `${label}${words}` } }
}
