import { parseAddress } from './cidr.ts'
import { shown } from './shown.ts'

/** What the value of a bind flag says about where a server listens. */
export type BindAddress =
  | { readonly is: 'port'; readonly number: number; /** Undefined: the value is a port alone. */ readonly host: BoundHost | undefined }
  /** An address without a port, which another flag or the program itself has. */
  | { readonly is: 'host'; readonly host: BoundHost }
  /** No port that is known beforehand: switched off, any free one, or a socket file. */
  | { readonly is: 'nothing' }
  /** The port is a variable whose value the stream does not hold. */
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'problem'; /** In words that follow the value. */ readonly problem: string }

/** `any`: every address of the pod; `loopback`: none that another pod could dial; `address`: one of the pod's own. */
export type BoundHost = 'any' | 'loopback' | 'address'

/**
 * Reads a bind address as Go's net.Listen takes it (`:8080`, `0.0.0.0:8080`, `[::]:8080`), a port alone, and `tcp://` or `http://` before
 * either. References that the kubelet left (`$(POD_IP)`) may stand for the host. What can be read in two ways is a problem, never a guess.
 */
export function parseBindAddress(text: string): BindAddress {
  const trimmed = text.trim()
  const problem = leftover(trimmed, shown(trimmed) === trimmed)
  if (problem !== undefined) return { is: 'problem', problem }
  if (trimmed === '' || /^-\d+$/.test(trimmed) || /^(unix(-abstract)?:|[/@])/i.test(trimmed)) return { is: 'nothing' }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]
  if (scheme !== undefined && !/^(tcp[46]?|https?)$/i.test(scheme)) return { is: 'problem', problem: `is of ${shown(scheme)}, which is no TCP address` }
  return parseAuthority(scheme === undefined ? trimmed : trimmed.slice(scheme.length + '://'.length).replace(/\/$/, ''))
}

/** References that nothing replaces any more; quoted where the whole is but an address, since the rest may be a password. */
function leftover(text: string, isAddress: boolean): string | undefined {
  const template = /\{\{[^{}]*\}\}|\{\{|<no value>|<nil>|%!\w?\(/.exec(text)?.[0]
  if (template !== undefined) return `holds ${isAddress ? `${template}, which` : 'what'} the chart's template left behind`
  // What it takes excludes what opens it: else many openers without an end would each be read to the end.
  const shell = /\$\{[^{}]*\}|\$[A-Za-z_]\w*/.exec(text)?.[0]
  return shell === undefined ? undefined : `holds ${isAddress ? `${shell}, which` : 'what'} only a shell replaces: the kubelet knows $(NAME)`
}

function parseAuthority(text: string): BindAddress {
  if (/^\d+$/.test(text)) return withPort(text, undefined)
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed?.[1] !== undefined) return join(bracketed[1], bracketed[2], { inBrackets: true })
  const [first = '', second, ...more] = text.split(':')
  if (more.length > 0) return parseBareSix(text)
  const name = second === undefined ? variableAlone.exec(text)?.[1] : undefined
  if (name !== undefined) return { is: 'variable', name }
  return join(first, second, { inBrackets: false })
}

/** An IPv6 address without brackets, whose last group could be a port. */
function parseBareSix(text: string): BindAddress {
  if (parseAddress(text) === undefined) return { is: 'problem', problem: 'has more than one colon: an IPv6 address stands in brackets, as in [::]:8080' }
  const cut = text.lastIndexOf(':')
  const before = text.slice(0, cut)
  const mayBePort = /^\d{2,5}$/.test(text.slice(cut + 1)) && parseAddress(before.endsWith(':') ? `${before}:` : before) !== undefined
  if (!mayBePort) return join(text, undefined, { inBrackets: true })
  return { is: 'problem', problem: 'is an IPv6 address, or one with a port: brackets tell which, as in [::1]:8080' }
}

function join(host: string, port: string | undefined, { inBrackets }: { inBrackets: boolean }): BindAddress {
  const bound = hostOf(host, inBrackets)
  if (bound === undefined && port === undefined) return { is: 'problem', problem: 'is neither an address nor a port number' }
  if (bound === undefined) return { is: 'problem', problem: `names the host ${shown(host)}, and a server binds to an address` }
  return port === undefined ? { is: 'host', host: bound } : withPort(port, bound)
}

function withPort(text: string, host: BoundHost | undefined): BindAddress {
  const name = variableAlone.exec(text)?.[1]
  if (name !== undefined) return { is: 'variable', name }
  if (text === '') return { is: 'problem', problem: 'names no port' }
  if (!/^\d+$/.test(text)) return { is: 'problem', problem: `names the port ${shown(text)}, which is no number` }
  const number = Number(text)
  if (number > 65535) return { is: 'problem', problem: `names the port ${shown(text)}, and the last is 65535` }
  return number === 0 ? { is: 'nothing' } : { is: 'port', number, host }
}

/** A reference that the kubelet leaves as it is. */
const variable = /\$\([^()\s]+\)/
const variableAlone = /^\$\(([\w.-]{1,100})\)$/

function hostOf(host: string, inBrackets: boolean): BoundHost | undefined {
  if (host === '' || host === '*') return 'any'
  if (variable.test(host)) return 'address'
  if (/^(localhost|.+\.localhost|localhost\.localdomain|ip6-(localhost|loopback))\.?$/i.test(host)) return 'loopback'
  const parsed = parseAddress(host.split('%', 1)[0] ?? '')
  if (parsed === undefined || (parsed.version === 6) !== inBrackets) return undefined
  // An IPv4 address in IPv6 clothes (::ffff:127.0.0.1) is the IPv4 one.
  const isFour = parsed.version === 4 || parsed.address >> 32n === 0xffffn
  const address = isFour ? parsed.address & 0xffffffffn : parsed.address
  if (address === 0n) return 'any'
  return (isFour ? address >> 24n === 127n : address === 1n) ? 'loopback' : 'address'
}
