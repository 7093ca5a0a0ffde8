import type { Protocol } from '../../discover/workload.ts'

/** A flow as a user writes it: `stage/app -> kube-system/kube-dns:53/UDP`. */
export interface WrittenFlow {
  readonly from: string
  readonly to: string
  /** A number, or the name that the pod gives it. */
  readonly port: number | string
  readonly protocol: Protocol
}

/** Reads `FROM -> TO:PORT[/PROTOCOL]`; an IPv6 address has brackets around it. What is wrong is said in words that follow the text. */
export function parseFlow(text: string): WrittenFlow | { readonly problem: string } {
  const [from, to, ...more] = text.split(/->|→/).map(part => part.trim())
  if (from === undefined || to === undefined || more.length > 0 || from === '' || to === '') return { problem: 'is not of the form FROM -> TO:PORT' }
  const [, end, written, protocol = 'TCP'] = /^(.+):([^:/\]]+)(?:\/([a-z]+))?$/i.exec(to) ?? []
  if (end === undefined || written === undefined || isBareSix(to)) return { problem: 'names no port: write TO:PORT, or TO:PORT/UDP' }
  const known = (['TCP', 'UDP', 'SCTP'] as const).find(word => word === protocol.toUpperCase())
  if (known === undefined) return { problem: `has the protocol ${protocol}; it can be TCP, UDP or SCTP` }
  const port = /^\d+$/.test(written) ? Number(written) : written
  if (typeof port === 'number' && (port < 1 || port > 65535)) return { problem: `has port ${written}; ports are from 1 to 65535` }
  return { from: withoutBrackets(from), to: withoutBrackets(end.trim()), port, protocol: known }
}

/** Which of its groups would be the port nobody can tell. */
function isBareSix(to: string): boolean {
  return !to.startsWith('[') && to.split(':').length > 2
}

function withoutBrackets(end: string): string {
  return end.replace(/^\[(.*)\]$/, '$1')
}
