import { contains, parseAddress, parseCidr } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import { textOf } from '../world/addresses.ts'
import { distinctBlocks } from './blocks.ts'
import type { ListedBlock } from './blocks.ts'

/** An address that stands for all that the policies treat alike. */
export interface Cell {
  readonly address: string
  /** `an address in 10.0.0.0/8`, for people. */
  readonly label: string
}

/** The addresses to try for someone whose address is not known; of blocks of one list one stands for all. `taken`, `within`: as of `cellsOf`. */
export function distinctCells(listed: readonly ListedBlock[], taken: ReadonlySet<string>, within?: Cidr): Cell[] {
  const numbers = new Map<object, number>()
  for (const { list } of listed) if (!numbers.has(list)) numbers.set(list, numbers.size)
  const listsOf = (address: string): string => {
    const one = parseAddress(address)
    if (one === undefined) return address
    const around = listed.filter(({ block }) => contains(block, { ...one, prefix: one.version === 4 ? 32 : 128 }))
    return [...new Set(around.map(({ list }) => numbers.get(list)))].sort().join(' ')
  }
  const alike = new Map<string, Cell[]>()
  for (const cell of cellsOf(distinctBlocks(listed), taken, within)) {
    const lists = listsOf(cell.address)
    alike.set(lists, [...(alike.get(lists) ?? []), cell])
  }
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const more = others.length === 1 ? 'the other block' : `one of ${others.length} other blocks`
    return others.length === 0 ? [first] : [{ ...first, label: `${first.label}, or in ${more} of its list` }]
  })
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

/** An address of a block of either family that is in none of its exceptions; undefined where they leave none. */
export function addressBeside(block: Cidr, except: readonly Cidr[]): string | undefined {
  const bits = block.version === 4 ? 32 : 128
  const behind = except.map(({ address, prefix }) => address + (1n << BigInt(bits - prefix)))
  const left = [block.address, ...behind].find(address => {
    const one: Cidr = { version: block.version, address, prefix: bits }
    return contains(block, one) && !except.some(out => contains(out, one))
  })
  return left === undefined ? undefined : textOf(block.version, left)
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
  const closed = [...smaller, ...unusable]
  const isFree = (address: bigint): boolean => {
    const cidr: Cidr = { version: 4, address, prefix: 32 }
    return contains(block, cidr) && !closed.some(one => contains(one, cidr)) && !taken.has(textOf(4, address))
  }
  const edges = [block.address + 1n, block.address, block.address + size - 2n, block.address + size - 1n]
  const beside = (): bigint[] => closed.flatMap(one => [one.address - 1n, one.address + (1n << BigInt(32 - one.prefix))])
  const beyond = (): bigint[] =>
    [...taken].flatMap(text => {
      const parsed = parseAddress(text)
      return parsed?.version === 4 ? [parsed.address + 1n, parsed.address - 1n] : []
    })
  const free = [...examples, ...edges].find(isFree) ?? beside().find(isFree) ?? beyond().find(isFree)
  return free === undefined ? undefined : textOf(4, free)
}

/** RFC 5737. */
const examples = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].flatMap(text => parseAddress(text)?.address ?? [])

function blockText({ version, address, prefix }: Cidr): string {
  const text = textOf(version, address)
  return prefix === (version === 4 ? 32 : 128) ? text : `${text}/${prefix}`
}
