import { parseAddress, parseCidr } from './cidr.ts'

/** What a flag, a variable or a configuration file says is dialled. */
export type Endpoint =
  | {
      readonly is: 'endpoint'
      readonly scheme: string | undefined
      /** Lower case, without brackets or a final dot. */ readonly host: string
      readonly port: number | undefined
      /** `https://host:8443`: what of the text can be shown. */ readonly written: string
    }
  /** This very pod: a socket, a loopback address, or one that only listens, such as `:8080`. */
  | { readonly is: 'local' }
  /** It names no host. */
  | { readonly is: 'nothing' }
  | { readonly is: 'unclear'; /** In words that follow the text. */ readonly problem: string }

/**
 * Reads `host`, `host:port`, `[v6]:port`, URLs of any scheme, gRPC targets (`dns:///host:port`), lists of them with commas, and
 * the connection strings of databases (`host=db port=5432`, `Server=db;…`, `user@tcp(db:3306)/app`). No problem quotes more
 * than a name: the text may hold a password.
 */
export function parseEndpoints(text: string): Endpoint[] {
  const trimmed = text.trim().replace(/^jdbc:/i, '')
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/)?:(?:\d{1,5}|\$\([^()]*\)|\$\{[^{}]*\})\/?$/i.test(trimmed)) return [{ is: 'local' }]
  if (embedded.test(trimmed)) return [{ is: 'nothing' }]
  const [left] = leftover.exec(trimmed) ?? []
  if (left === undefined) return parseText(trimmed)
  // One in a user, a password or a path hides no host.
  const unresolved: Endpoint = { is: 'unclear', problem: `holds ${nameOf(left)}, which nothing in the stream resolves` }
  return parseText(trimmed.replace(new RegExp(leftover, 'g'), hole)).map(found => (found.is === 'unclear' ? unresolved : found))
}

/** Stands for what is not known, and in no host's name. */
const hole = '\0'

function parseText(text: string): Endpoint[] {
  const connected = connectionString(text)
  if (connected !== undefined) return [parseAuthority(connected, undefined)]
  return urls(text)
    .flatMap(authorities)
    .map(item => item.trim())
    .filter(item => item !== '')
    .map(parseOne)
}

/** At the commas before URLs: of the first one's scheme or a known one, since a password may hold what looks like another. */
function urls(text: string): string[] {
  const first = schemeOf(text)
  const found: string[] = []
  for (const piece of text.split(/,(?=\s*[a-z][a-z0-9+.-]{0,20}:\/\/)/i)) {
    const scheme = schemeOf(piece)
    if (found.length === 0 || scheme === first || isDialled(scheme)) found.push(piece)
    else found.push(`${found.pop() ?? ''},${piece}`)
  }
  return found
}

function isDialled(scheme: string | undefined): boolean {
  return portOfScheme(scheme) !== undefined || [transports, sockets, resolvers, buckets].some(schemes => schemes.has(scheme ?? ''))
}

/** Schemes without a port of their own. */
const transports: ReadonlySet<string> = new Set(['tcp', 'udp', 'tls', 'ssl', 'quic', 'grpc', 'grpcs', 'h2c'])

/** Databases in a file or in memory: SQLite (`file:` URIs too), H2, HSQLDB, Derby. */
const embedded = /^(?::memory:|file:|sqlite3?:|h2:(?!tcp:|ssl:)|hsqldb:(?!hsqls?:|https?:)|derby:(?!\/\/))/i

/** A reference without what follows the name, such as `${PASSWORD:-hunter2}` has. */
function nameOf(reference: string): string {
  const [, opener = '', name = '', closer = ''] = /^(\$[({])\s*((?:env:)?[\w.]*(?:-[\w.]+(?=\)))?).*([)}])$/s.exec(reference) ?? []
  return (opener === '' ? reference.replace(/["'`].*/s, '…}}') : opener + name + closer).slice(0, 60)
}

/** libpq, ADO.NET and go-sql-driver/mysql. */
function connectionString(text: string): string | undefined {
  // Where keys name the values, one of them may hold what looks like the other form.
  const inside = /^[\w ]+=/.test(text) ? undefined : /@(?:tcp|udp)6?\(([^()]*)\)/.exec(text)?.[1]
  if (inside !== undefined) return inside
  const host = /(?:^|[\s;])(?:host|hostaddr|server|data source|address)\s*=\s*(?:tcp:)?([^\s;,]+)/i.exec(text)?.[1]
  if (host === undefined || text.includes('://')) return undefined
  const port = /(?:^|[\s;])port\s*=\s*(\d{1,5})(?=[\s;]|$)/i.exec(text)?.[1]
  return port === undefined ? host : `${host}:${port}`
}

/** `mongodb://a,b/path` is two, and `https://a/path,b:53` as well. */
function authorities(url: string): string[] {
  const head = /^\s*[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0]
  if (head === undefined) return items(url)
  const tail = url.slice(head.length)
  if (tail.startsWith('/') || hidesUser(tail)) return [url]
  const end = tail.search(authorityEnd)
  // A password may hold commas.
  const hosts = afterUser(end < 0 ? tail : tail.slice(0, end))
  const [path = '', ...more] = end < 0 ? [] : tail.slice(end).split(',')
  const others = /^\/[\w./-]*$/.test(path) ? more.filter(item => /^\s*[\w.-]+:\d{1,5}\s*$/.test(item)) : []
  return [...hosts.split(',').map(host => head.trim() + host), ...others]
}

const authorityEnd = /[/?#;\s]/

/** Of a list without schemes. Behind parameters, and where one of them cannot be a host's, the commas may be a password's. */
function items(list: string): string[] {
  const found = withoutUser(list).split(',')
  if (found.length > 1 && /[?#;]/.test(list)) return [list]
  return found.every(item => hostLike.test(item.trim().replace(/[/?#;].*$/s, ''))) ? found : [hole]
}

/** With a port, an IPv6 address in brackets or without, a voter's number before it. */
const hostLike = /^(?:\d+@)?(?:\[[^[\]]*\](?::[\w\0]*)?|[\w.*\0-]*(?::[\w\0-]*)?|[\da-f:.]+(?:%\w+)?)$/i

/** Kafka's voters are `1@a:9093,2@b:9093`; else a password may hold commas. */
function withoutUser(list: string): string {
  const end = list.lastIndexOf('@')
  if (end < 0 || list.split(',').every(item => /^\s*\d+@/.test(item))) return list
  return /[\s"'`{}=]/.test(list.slice(0, end).replace(/,\s+/g, ',').trim()) ? hole : afterUser(list)
}

function afterUser(authority: string): string {
  return authority.slice(authority.lastIndexOf('@') + 1)
}

/** An `@` behind the first slash: what comes before it may be a password that was not encoded. Behind a host alone, parameters and names of people are none. */
function hidesUser(rest: string): boolean {
  const end = rest.search(authorityEnd)
  if (end < 0) return false
  const tail = rest.slice(end).replace(/@sha\d+:[0-9a-f]+$/, '')
  const authority = rest.slice(0, end)
  const isHost = authority.includes('.') && /^[\w.*-]+$/.test(authority)
  return (isHost ? tail.replace(/\/@|[?&;][\w.-]+=[^&;]*/g, '') : tail).includes('@')
}

/** Variables, templates and shells that were not filled in. */
const leftover = /\$\([^()$]*\)|\$\{[^{}$]*\}|\{\{[^{}]*\}\}|<no value>|%!\w?\(/

function schemeOf(item: string): string | undefined {
  return /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(item)?.[1]?.toLowerCase()
}

function parseOne(item: string): Endpoint {
  if (parseCidr(item) !== undefined) return { is: 'endpoint', scheme: undefined, host: item, port: undefined, written: item }
  const scheme = schemeOf(item)
  if (scheme !== undefined && scheme.endsWith('+srv')) return { is: 'unclear', problem: 'names its hosts by SRV records, which only DNS tells' }
  if (scheme !== undefined && sockets.has(scheme)) return { is: 'local' }
  if ((scheme !== undefined && buckets.has(scheme)) || item.startsWith('/') || /^unix(-abstract)?:/i.test(item))
    return item.startsWith('unix') ? { is: 'local' } : { is: 'nothing' }
  const rest = item.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
  // Nothing before the first slash is a gRPC target, or a database on a socket or of the host that a parameter names.
  if (rest.startsWith('/') && !(scheme !== undefined && resolvers.has(scheme))) {
    const host = /[?&]host=([^&#]+)/.exec(rest)?.[1]
    return host === undefined || host.startsWith('/') ? { is: 'nothing' } : parseAuthority(host, scheme)
  }
  const named = rest.replace(/^\/+/, '')
  if (hidesUser(named)) return { is: 'unclear', problem: 'has an @ behind a /: in a user or a password, write / as %2F' }
  return parseAuthority(afterUser(named.split(/[/?#;]/)[0] ?? ''), scheme)
}

const sockets: ReadonlySet<string> = new Set(['unix', 'unix-abstract', 'vsock', 'npipe', 'file', 'fd'])
/** google.golang.org/grpc, resolver schemes: `dns:///host:port`. */
const resolvers: ReadonlySet<string> = new Set(['dns', 'passthrough', 'ipv4', 'ipv6', 'static'])
/** Their first word is a bucket or a key, and no host. */
const buckets: ReadonlySet<string> = new Set([
  's3',
  'gs',
  'azblob',
  'awskms',
  'gcpkms',
  'azurekms',
  'hashivault',
  'k8s',
  'secret',
  'spiffe',
  'arn',
  'data',
  'urn',
  'env',
])

function parseAuthority(authority: string, scheme: string | undefined): Endpoint {
  if (authority === '') return { is: 'nothing' }
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(authority)
  if (bracketed?.[1] !== undefined) {
    return parseAddress(bracketed[1]) === undefined
      ? { is: 'unclear', problem: 'holds brackets around what is no IPv6 address' }
      : endpoint(bracketed[1], bracketed[2], scheme)
  }
  const colons = authority.split(':').length - 1
  if (colons > 1) return parseBareSix(authority, scheme)
  const [host = '', port] = authority.split(':')
  return endpoint(host, port, scheme)
}

/** Without brackets the last group may be a port. */
function parseBareSix(text: string, scheme: string | undefined): Endpoint {
  const last = text.slice(text.lastIndexOf(':') + 1)
  const isAddress = parseAddress(text) !== undefined
  const mayBePort = /^\d{2,5}$/.test(last) && parseAddress(text.slice(0, text.lastIndexOf(':')).replace(/:$/, '::')) !== undefined
  if (isAddress && !mayBePort) return endpoint(text, undefined, scheme)
  return {
    is: 'unclear',
    problem: isAddress ? 'may be an IPv6 address or one with a port: write [address]:port' : 'has more than one colon and is no IPv6 address',
  }
}

function endpoint(host: string, port: string | undefined, scheme: string | undefined): Endpoint {
  const name = host.toLowerCase().replace(/\.$/, '')
  const number = port === undefined || port === '' ? portOfScheme(scheme) : portNumbered(port)
  if (number === null) return { is: 'unclear', problem: 'has a port that is none' }
  if (isLocal(name)) return { is: 'local' }
  if (parseAddress(name) === undefined && !/^[a-z0-9*_?]([a-z0-9*_?.-]*[a-z0-9*_?])?$/.test(name)) return { is: 'unclear', problem: 'names no host' }
  if (/^[\d.]+\.[\d.]+$/.test(name) && parseAddress(name) === undefined) return { is: 'unclear', problem: 'looks like an address and is none' }
  // A bare number is a duration, a size or a port.
  if (/^\d+$/.test(name) || !/[a-z0-9*]/.test(name) || words.has(name)) return { is: 'nothing' }
  const authority = `${name.includes(':') ? `[${name}]` : name}${port === undefined || port === '' ? '' : `:${port}`}`
  return { is: 'endpoint', scheme, host: name, port: number, written: scheme === undefined ? authority : `${scheme}://${authority}` }
}

/** Switches, and ways to say that there is none. */
const words: ReadonlySet<string> = new Set([
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'none',
  'null',
  'nil',
  'auto',
  'default',
  'disabled',
  'enabled',
  'inherit',
  'undefined',
])

function isLocal(host: string): boolean {
  const address = parseAddress(host)
  if (address === undefined) return host === 'localhost' || host.endsWith('.localhost')
  if (address.version === 4) return address.address >> 24n === 127n || address.address === 0n
  return address.address === 0n || address.address === 1n
}

/** Null: a port that is none. */
function portNumbered(text: string): number | null {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : (portOfScheme(text.toLowerCase()) ?? 0)
  return number >= 1 && number <= 65535 ? number : null
}

/** Registered ports of the schemes that controllers are configured with (IANA; the projects' own documentation). */
function portOfScheme(scheme: string | undefined): number | undefined {
  return scheme === undefined ? undefined : ports.get(scheme.replace(/^postgresql$/, 'postgres').replace(/\+.*$/, ''))
}

const ports: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
  ['oci', 443],
  ['ssh', 22],
  ['git', 9418],
  ['redis', 6379],
  ['rediss', 6379],
  ['postgres', 5432],
  ['mysql', 3306],
  ['mongodb', 27017],
  ['amqp', 5672],
  ['amqps', 5671],
  ['nats', 4222],
  ['ldap', 389],
  ['ldaps', 636],
  ['kafka', 9092],
  ['socks5', 1080],
  ['socks5h', 1080],
  ['smtp', 25],
  ['smtps', 465],
])
