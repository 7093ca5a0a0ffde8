/** An address block: its family, the bits of its address and the length of its prefix. */
export interface Cidr {
  readonly version: 4 | 6
  readonly address: bigint
  readonly prefix: number
}

/** Parses `10.0.0.0/8` or `fd00::/8` as Go's net.ParseCIDR does: no leading zeros, no zone. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  if (prefix === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined
  const parsed = parseAddress(address)
  if (parsed === undefined || Number(prefix) > bits(parsed.version)) return undefined
  return { ...parsed, prefix: Number(prefix) }
}

/** Those of the texts that are blocks. */
export function parseCidrs(texts: readonly string[]): Cidr[] {
  return texts.map(parseCidr).filter(block => block !== undefined)
}

export function parseAddress(text: string): { version: 4 | 6; address: bigint } | undefined {
  const four = parseFour(text)
  if (four !== undefined) return { version: 4, address: four }
  const six = parseSix(text)
  return six === undefined ? undefined : { version: 6, address: six }
}

/** The block with the bits after its prefix cleared, as Calico and the API server want it. */
export function canonical(cidr: Cidr): string {
  const host = BigInt(bits(cidr.version) - cidr.prefix)
  return `${format(cidr.version, (cidr.address >> host) << host)}/${cidr.prefix}`
}

/** The block that is one address; undefined where the text is none. */
export function blockOf(address: string): string | undefined {
  const parsed = parseAddress(address)
  return parsed === undefined ? undefined : `${address}/${bits(parsed.version)}`
}

/** The same, parsed. */
export function parseBlockOf(address: string): Cidr | undefined {
  const parsed = parseAddress(address)
  return parsed === undefined ? undefined : { ...parsed, prefix: bits(parsed.version) }
}

/** Whether there are bits after the prefix, as in `10.0.0.1/8`. */
export function hasHostBits({ version, address, prefix }: Cidr): boolean {
  const host = BigInt(bits(version) - prefix)
  return (address >> host) << host !== address
}

/** Whether it is an IPv4 address written as an IPv6 one: `::ffff:10.0.0.1`. */
export function isMapped({ version, address }: Cidr): boolean {
  return version === 6 && address >> 32n === 0xffffn
}

/** Whether the first block holds the whole of the second. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  if (outer.version !== inner.version || outer.prefix > inner.prefix) return false
  const host = BigInt(bits(outer.version) - outer.prefix)
  return outer.address >> host === inner.address >> host
}

function bits(version: 4 | 6): 32 | 128 {
  return version === 4 ? 32 : 128
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((address, part) => (address << 8n) | BigInt(part), 0n)
}

function parseSix(text: string): bigint | undefined {
  const dotted = /^(.*:)([\d.]+)$/.exec(text)
  const tail = dotted?.[2]?.includes('.') === true ? parseFour(dotted[2]) : undefined
  if (dotted?.[2]?.includes('.') === true && tail === undefined) return undefined
  const groupsText = tail === undefined ? text : `${dotted?.[1] ?? ''}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  const halves = groupsText.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<string>(missing).fill('0'), ...rest]
  if (!groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n)
}

function format(version: 4 | 6, address: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map(shift => ((address >> shift) & 255n).toString()).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16))
  const zeros = longestZeros(groups)
  if (zeros.length < 2) return groups.join(':')
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`
}

/** The first longest run of zero groups, which `::` stands for (RFC 5952). */
function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  return best
}

/** Whether two blocks have an address in common. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one)
}

/** Whether the block lies in the ranges that are not routed on the Internet (RFC 1918, 6598, 3927, 4193). */
export function isPrivate(cidr: Cidr): boolean {
  return privateBlocks.some(block => contains(block, cidr))
}

const privateBlocks: readonly Cidr[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'].flatMap(
  block => parseCidr(block) ?? [],
)
