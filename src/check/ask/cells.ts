import { contains, parseAddress, parseCidr } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Tree } from '../../yaml/tree.ts'
import { textOf } from '../world/addresses.ts'

/** An address that stands for all that the policies treat alike. */
export interface Cell {
  readonly address: string
  /** `an address in 10.0.0.0/8`, for people. */
  readonly label: string
}

/** Every IPv4 block or address that policies name anywhere, each once. */
export function blocksIn(policies: readonly Resource[]): Cidr[] {
  const found = new Map<string, Cidr>()
  const visit = (tree: Tree): void => {
    if (tree.kind === 'sequence') tree.items.forEach(visit)
    else if (tree.kind === 'mapping') for (const { value } of tree.entries.values()) visit(value)
    else if (typeof tree.value === 'string') {
      const block = toBlock(tree.value)
      if (block !== undefined) found.set(`${block.address}/${block.prefix}`, block)
    }
  }
  for (const { tree } of policies) visit(tree)
  return [...found.values()]
}

/** Bits past the prefix are cleared, as engines do. */
function toBlock(text: string): Cidr | undefined {
  const address = parseAddress(text)
  const block = address === undefined ? parseCidr(text) : { ...address, prefix: 32 }
  if (block === undefined || block.version !== 4) return undefined
  const host = BigInt(32 - block.prefix)
  return { ...block, address: (block.address >> host) << host }
}

/**
 * The addresses to try for someone whose address is not known: one for each block that is in no smaller one, and one of no block. `taken`: those
 * of others. `within`: where it is known to lie.
 */
export function cellsOf(blocks: readonly Cidr[], taken: ReadonlySet<string>, within: Cidr = everywhere): Cell[] {
  const cells = within.prefix < 32 ? freeCells(blocks, taken, within) : []
  // One address, one of IPv6, or a block of which others have every address: the first has to do.
  return cells.length > 0 ? cells : [{ address: textOf(within.version, within.address), label: blockText(within) }]
}

function freeCells(blocks: readonly Cidr[], taken: ReadonlySet<string>, within: Cidr): Cell[] {
  const inside = blocks.filter(block => contains(within, block) && block.prefix > within.prefix)
  const around = blocks.filter(block => contains(block, within)).sort((one, other) => other.prefix - one.prefix)[0]
  const rest = freeAddress(within, inside, taken)
  const label = around === undefined ? 'an address that no rule names' : `an address in ${blockText(around)} and in no smaller block of a rule`
  return [
    ...(rest === undefined ? [] : [{ address: rest, label: within === everywhere || around !== undefined ? label : `an address in ${blockText(within)}` }]),
    ...inside.flatMap(block => {
      const smaller = inside.filter(other => other.prefix > block.prefix && contains(block, other))
      const address = freeAddress(block, smaller, taken)
      return address === undefined ? [] : [{ address, label: `an address in ${blockText(block)}` }]
    }),
  ]
}

const everywhere: Cidr = { version: 4, address: 0n, prefix: 0 }

/** Nobody's that can be dialled from elsewhere: this host, loopback, link-local, multicast and what is reserved. */
const unusable = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].flatMap(text => parseCidr(text) ?? [])

/** An address of a block that is in none of the smaller ones; documentation addresses first, which people know for examples. */
function freeAddress(block: Cidr, smaller: readonly Cidr[], taken: ReadonlySet<string>): string | undefined {
  const size = 1n << BigInt(32 - block.prefix)
  const edges = [block.address + 1n, block.address, block.address + size - 2n, block.address + size - 1n]
  const beside = [...smaller, ...unusable].flatMap(one => [one.address - 1n, one.address + (1n << BigInt(32 - one.prefix))])
  const beyond = [...taken].flatMap(text => {
    const parsed = parseAddress(text)
    return parsed?.version === 4 ? [parsed.address + 1n, parsed.address - 1n] : []
  })
  const free = [...examples, ...edges, ...beside, ...beyond].find(address => {
    const cidr: Cidr = { version: 4, address, prefix: 32 }
    return contains(block, cidr) && ![...smaller, ...unusable].some(one => contains(one, cidr)) && !taken.has(textOf(4, address))
  })
  return free === undefined ? undefined : textOf(4, free)
}

/** RFC 5737. */
const examples = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].flatMap(text => parseAddress(text)?.address ?? [])

function blockText({ version, address, prefix }: Cidr): string {
  const text = textOf(version, address)
  return prefix === (version === 4 ? 32 : 128) ? text : `${text}/${prefix}`
}
