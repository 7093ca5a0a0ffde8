import { parseAddress, parseCidr } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Direction } from '../../verdict/contract.ts'
import type { Tree } from '../../yaml/tree.ts'

/** An IPv4 block or address that a policy names. */
export interface ListedBlock {
  readonly block: Cidr
  /** The list that it stands in: whatever is in one of its blocks, and otherwise in the same lists, is treated alike. */
  readonly list: object
}

/** Every one that policies name anywhere, or in rules of a direction and outside of rules. */
export function blocksIn(policies: readonly Resource[], direction?: Direction): ListedBlock[] {
  const found: ListedBlock[] = []
  const visit = (tree: Tree, list: object): void => {
    if (tree.kind === 'sequence') for (const item of tree.items) visit(item, stands(item) ? item : tree)
    else if (tree.kind === 'mapping')
      for (const [key, { value }] of tree.entries) {
        if (direction !== undefined && ruleKeys[opposite[direction]].test(key)) continue
        // Each of them cuts something else out.
        if (key === 'except' && value.kind === 'sequence') for (const item of value.items) visit(item, item)
        else visit(value, list)
      }
    else if (typeof tree.value === 'string') {
      const block = toBlock(tree.value)
      if (block !== undefined) found.push({ block, list })
    }
  }
  for (const { tree } of policies) visit(tree, tree)
  return found
}

const ruleKeys: Readonly<Record<Direction, RegExp>> = { ingress: /^ingress(Deny)?$/, egress: /^egress(Deny)?$/ }
const opposite = { ingress: 'egress', egress: 'ingress' } as const

/** A peer from which something is cut out is like no other of its list. */
function stands(item: Tree): boolean {
  if (item.kind !== 'mapping') return false
  return [...item.entries].some(([key, { value }]) => key === 'except' || stands(value))
}

export function distinctBlocks(listed: readonly ListedBlock[]): Cidr[] {
  return [...new Map(listed.map(({ block }) => [`${block.address}/${block.prefix}`, block])).values()]
}

/** Bits past the prefix are cleared, as engines do. */
function toBlock(text: string): Cidr | undefined {
  const address = parseAddress(text)
  const block = address === undefined ? parseCidr(text) : { ...address, prefix: 32 }
  if (block === undefined || block.version !== 4) return undefined
  const host = BigInt(32 - block.prefix)
  return { ...block, address: (block.address >> host) << host }
}
