import { canonical, parseCidr } from '../net/cidr.ts'
import type { Cidr } from '../net/cidr.ts'
import type { Resource } from '../resources/resource.ts'
import type { Direction, Implementation } from '../verdict/contract.ts'
import { blocksIn, distinctBlocks } from './ask/blocks.ts'
import { distinctCells } from './ask/cells.ts'
import type { Cell } from './ask/cells.ts'
import type { Ref } from './ask/ends.ts'
import { namesAsked } from './ask/names.ts'
import { portsIn } from './ask/ports.ts'
import type { Ports } from './ask/ports.ts'
import { Situation } from './ask/situation.ts'
import { rangesFor, withAddresses } from './world/addresses.ts'
import type { Cast } from './world/build.ts'
import { withStandIns } from './world/stand-ins.ts'
import type { StandIns } from './world/stand-ins.ts'
import { examplesIn } from './world/examples.ts'
import type { Example } from './world/examples.ts'

/** All that a question can be made of: who is there, who may be there, and the policies. */
export interface Scene extends Ports {
  readonly cast: Cast
  readonly situation: Situation
  readonly standIns: StandIns
  /** The pods that egress rules of the policies of an end speak of. */
  readonly dialledBy: (from: Ref) => readonly Example[]
  /** Where the kube-apiserver is: its endpoints' blocks; undefined: not known. */
  readonly apiserver: { readonly within: readonly Cidr[]; readonly port: number | undefined } | undefined
  /** Whether a rule may ask what the name resolves to. */
  readonly asksForName: (name: string) => boolean
  /** The addresses to try for someone who is not known, and calls an end or is dialled by it; `within`: where it is known to be. */
  readonly cellsAt: (end: Ref, direction: Direction, within?: Cidr) => readonly Cell[]
  /** The same for whomever any policy speaks of. */
  readonly cells: (within?: Cidr) => readonly Cell[]
}

export interface SceneOptions {
  readonly cast: Cast
  readonly policies: readonly Resource[]
  readonly implementation: Implementation
  /** Of policies that name none. */
  readonly namespace: string
  /** That of the cluster's DNS. */
  readonly dnsNamespace: string
  /** Blocks that the values say the kube-apiserver is in. */
  readonly apiserverBlocks: readonly string[]
}

export function sceneOf({ cast, policies, implementation, namespace, dnsNamespace, apiserverBlocks }: SceneOptions): Scene {
  const blocks = blocksIn(policies)
  const { world: draft, standIns } = withStandIns(cast, examplesIn(policies, namespace, 'ingress'), dnsNamespace)
  const ranges = rangesFor(draft, distinctBlocks(blocks))
  const unlabelled = new Set(cast.world.namespaces.map(({ name }) => name).filter(name => !cast.namespacesKnown.has(name)))
  const situation = new Situation({ policies, implementation, namespace, draft, ranges, several: cast.several, unlabelled })
  const given = cast.world.apiserver
  const within = given === undefined ? apiserverBlocks : given.addresses.map(address => `${address}/${address.includes(':') ? 128 : 32}`)
  const taken = new Set(ranges.flatMap(range => takenIn(withAddresses(draft, range))))
  const destinations = examplesIn(policies, namespace, 'egress')
  return {
    cast,
    situation,
    standIns,
    dialledBy: from => [...new Set([...situation.policiesOf(from, 'egress')].flatMap(policy => destinations.get(policy) ?? []))],
    ...portsIn(policies),
    asksForName: namesAsked(policies),
    apiserver: within.length === 0 ? undefined : { within: within.flatMap(text => parseCidr(text) ?? []), port: given?.port },
    cellsAt: cellsFor(policies, situation, taken),
    cells: within => distinctCells(blocks, taken, within),
  }
}

/** The blocks of an end's own policies count, and those of objects that they may refer to. */
function cellsFor(policies: readonly Resource[], situation: Situation, taken: ReadonlySet<string>): Scene['cellsAt'] {
  const { staged } = situation
  const shared = policies.filter(policy => !staged.has(policy))
  const numbers = new Map(policies.map((policy, index) => [policy, index]))
  const known = new Map<string, readonly Cell[]>()
  return (end, direction, within) => {
    const own = [...situation.policiesOf(end, direction)]
    const key = JSON.stringify([direction, within === undefined ? '' : canonical(within), ...own.map(policy => numbers.get(policy))])
    const cells = known.get(key) ?? distinctCells(blocksIn([...own, ...shared], direction), taken, within)
    known.set(key, cells)
    return cells
  }
}

function takenIn({ pods, nodes, services, apiserver }: Situation['world']): string[] {
  return [
    ...[...pods, ...nodes, ...(apiserver === undefined ? [] : [apiserver])].flatMap(({ addresses }) => addresses),
    ...services.flatMap(({ clusterAddresses }) => clusterAddresses),
  ]
}
