import { canonical, contains, parseAddress, parseCidr } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import type { World } from '../../verdict/world.ts'

/**
 * Where pods without an address get one. Networks take theirs from any of these; where the blocks of the policies hold some and not others,
 * a verdict may hang on it, and each is tried.
 */
export const podRanges = ['10.244.0.0/16', '172.24.0.0/16', '192.168.0.0/16', '100.96.0.0/16'] as const
const nodeRange = '10.20.0.0/16'

/** The same world, with addresses for pods and nodes that have none; each once. */
export function withAddresses(world: World, podRange: string): World {
  const taken = new Set([...world.pods, ...world.nodes, ...(world.apiserver === undefined ? [] : [world.apiserver])].flatMap(({ addresses }) => addresses))
  const [pods, nodes] = [new Range(podRange, taken), new Range(nodeRange, taken)]
  return { ...world, pods: world.pods.map(pod => given(pod, pods)), nodes: world.nodes.map(node => given(node, nodes)) }
}

function given<End extends { readonly addresses: readonly string[] }>(end: End, range: Range): End {
  return end.addresses.length > 0 ? end : { ...end, addresses: [range.next()] }
}

/** The ranges to try: of those that the blocks treat alike the first. */
export function rangesFor(world: World, blocks: readonly Cidr[]): readonly [string, ...string[]] {
  const [usual, ...others] = rangesNear(world)
  const isMadeUp = world.pods.map(({ addresses }) => addresses.length === 0)
  const treatment = (range: string): string => {
    const pods = withAddresses(world, range).pods.filter((_, index) => isMadeUp[index])
    const addresses = pods.flatMap(pod => pod.addresses.flatMap(text => parseCidr(`${text}/32`) ?? []))
    return addresses.map(address => blocks.map(block => (contains(block, address) ? '1' : '0')).join('')).join(' ')
  }
  const seen = new Set([treatment(usual)])
  const differing = others.filter(range => {
    const found = treatment(range)
    const known = seen.has(found)
    seen.add(found)
    return !known
  })
  return [usual, ...differing]
}

/** Where pods have addresses, others have theirs there too. */
function rangesNear({ pods }: World): readonly [string, ...string[]] {
  const [known] = pods.flatMap(({ addresses }) => addresses.flatMap(text => parseAddress(text) ?? [])).filter(({ version }) => version === 4)
  if (known === undefined) return podRanges
  return [`${textOf(4, (known.address >> 16n) << 16n)}/16`]
}

/** Addresses of a block in order, those that are taken left out. */
class Range {
  private readonly block: Cidr
  private readonly taken: ReadonlySet<string>
  private used = 0n

  constructor(range: string, taken: ReadonlySet<string>) {
    const block = parseCidr(range)
    if (block === undefined) throw new Error(`${range} is no block`)
    this.block = block
    this.taken = taken
  }

  next(): string {
    for (;;) {
      const address = textOf(this.block.version, this.block.address + ++this.used)
      if (!this.taken.has(address)) return address
    }
  }
}

/** An address in the usual spelling. */
export function textOf(version: 4 | 6, address: bigint): string {
  return canonical({ version, address, prefix: version === 4 ? 32 : 128 }).replace(/\/\d+$/, '')
}

/** An address in the usual spelling, whatever it was written as; undefined where it is none. */
export function addressIn(text: string): string | undefined {
  const parsed = parseAddress(text)
  return parsed === undefined ? undefined : textOf(parsed.version, parsed.address)
}
