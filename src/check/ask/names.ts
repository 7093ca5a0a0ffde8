import type { Resource } from '../../resources/resource.ts'
import { entriesAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

/** Whether a rule may ask what a name resolves to: where none does, no world needs to be made in which it resolves. */
export function namesAsked(policies: readonly Resource[]): (name: string) => boolean {
  const asked = new Set(policies.flatMap(({ tree }) => namesIn(tree, false)).map(plain))
  const patterns = [...asked].some(name => name.includes('*'))
  return name => patterns || asked.has(plain(name))
}

/** Every text below Cilium's `toFQDNs` and the `domainNames` of a ClusterNetworkPolicy. */
function namesIn(tree: Tree, below: boolean): string[] {
  if (tree.kind === 'scalar') return below ? [tree.written] : []
  if (tree.kind === 'sequence') return tree.items.flatMap(item => namesIn(item, below))
  return entriesAt(tree).flatMap(({ key, value }) => namesIn(value, below || key === 'toFQDNs' || key === 'domainNames'))
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
