import type { Cidr } from '../../../net/cidr.ts'
import { blocksOf } from '../../match.ts'
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

const packets = new WeakMap<Flow, Packet>()

export function packetOf(flow: Flow): Packet {
  let packet = packets.get(flow)
  if (packet === undefined) {
    packet = { flow, version: versionOf(flow), protocol: protocolNumbers[flow.protocol], sourcePort: flow.port === ephemeral ? ephemeral + 1 : ephemeral }
    packets.set(flow, packet)
  }
  return packet
}

/** The first that both ends have; an end whose addresses are not known speaks as the other does. */
function versionOf({ from, to }: Flow): Version {
  const [sources, destinations] = [blocksOf(from), blocksOf(to)]
  const common = sources.find(source => destinations.some(({ version }) => version === source.version))
  return (common ?? sources[0] ?? destinations[0])?.version ?? 4
}

/** The address of an end in a family, as a block of one. */
export function addressOf(end: End, wanted: Version): Cidr | undefined {
  return blocksOf(end).find(({ version }) => version === wanted)
}
