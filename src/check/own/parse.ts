import type { Protocol } from '../../discover/workload.ts'
import { parseAddress } from '../../net/cidr.ts'
import type { Problem } from './asking.ts'

/** A flow as a user writes it: `stage/app -> kube-system/kube-dns:53/UDP`. */
export interface WrittenFlow {
  readonly from: string
  readonly to: string
  /** A number, or the name that the pod gives it. */
  readonly port: number | string
  readonly protocol: Protocol
}

/** Reads `FROM -> TO:PORT[/PROTOCOL]`; an IPv6 address has brackets around it. What is wrong is said in words that follow the text. */
export function parseFlow(text: string): WrittenFlow | Problem {
  const [from, to, ...more] = text.split(/->|→/).map(part => part.trim())
  if (from === undefined || to === undefined || more.length > 0 || to === '') return { problem: 'is not of the form FROM -> TO:PORT' }
  if (from === '') return { problem: 'begins with its arrow: write the source before it, FROM -> TO:PORT' }
  if (isBareSix(to)) return manyColons(to)
  const [, end, written, protocol = 'TCP', another] = /^(.+?)\s*:\s*([^:/\]]+?)\s*(?:\/\s*([a-z]+)\s*(\/.*)?)?$/i.exec(to) ?? []
  if (end === undefined || written === undefined) return { problem: 'names no port: write TO:PORT, or TO:PORT/UDP' }
  if (another !== undefined) return { problem: 'names more than one protocol: ask for each by a --flow of its own' }
  const known = (['TCP', 'UDP', 'SCTP'] as const).find(word => word === protocol.toUpperCase())
  if (known === undefined) return { problem: `has the protocol ${protocol}; it can be TCP, UDP or SCTP` }
  const port = /^\d+$/.test(written) ? Number(written) : written
  if (typeof port === 'number' && (port < 1 || port > 65535)) return { problem: `has port ${written}; ports are from 1 to 65535` }
  return { from: withoutBrackets(from), to: withoutBrackets(end), port, protocol: known }
}

/** An end as it can be written again. */
export function asWritten(end: string): string {
  return end.includes(':') ? `[${end}]` : end
}

/** Which of its groups would be the port nobody can tell. */
function isBareSix(to: string): boolean {
  return !to.startsWith('[') && to.split(':').length > 2
}

function manyColons(to: string): Problem {
  const [, address = '', port = ''] = /^(.*):([^:]*)$/.exec(to) ?? []
  if (parseAddress(address) !== undefined) return { problem: `has an IPv6 address without brackets: write [${address}]:${port}` }
  if (parseAddress(to) !== undefined) return { problem: `has an IPv6 address without brackets, and names no port: write [${to}]:PORT` }
  return { problem: 'has more than one colon behind the arrow: write TO:PORT, and an IPv6 address in brackets' }
}

function withoutBrackets(end: string): string {
  return end.replace(/^\[(.*)\]$/, '$1')
}
