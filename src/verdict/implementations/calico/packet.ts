import type { Cidr } from '../../../net/cidr.ts'
import { blocksOf } from '../../match.ts'
import { once } from '../../once.ts'
import type { End, Flow } from '../../world.ts'

export type Version = 4 | 6

/** A flow as it is on the wire. */
export interface Packet {
  readonly flow: Flow
  readonly version: Version
  /** The number of the protocol in IP. */
  readonly protocol: number
  readonly sourcePort: number
}

export const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const

/** The first of the ports that no server has (RFC 6335) stands for whichever the caller happens to use. */
const ephemeral = 49152

export const packetOf = once((flow: Flow): Packet => ({
  flow,
  version: versionOf(flow),
  protocol: protocolNumbers[flow.protocol],
  sourcePort: flow.port === ephemeral ? ephemeral + 1 : ephemeral,
}))

/** The first that both ends have; an end whose addresses are not known speaks as the other does. */
function versionOf({ from, to }: Flow): Version {
  const [sources, destinations] = [blocksOf(from), blocksOf(to)]
  const versions = new Set(destinations.map(({ version }) => version))
  const common = sources.find(({ version }) => versions.has(version))
  return (common ?? sources[0] ?? destinations[0])?.version ?? 4
}

/** The addresses of an end in a family, as blocks of one; the API server may have several, and any will do. */
export function addressesIn(end: End, wanted: Version): readonly Cidr[] {
  return blocksOf(end).filter(({ version }) => version === wanted)
}
