import type { Labels } from '../../../discover/selector.ts'
import { blocksOf, namespaceLabels } from '../../match.ts'
import { once } from '../../once.ts'
import type { Cidr } from '../../../net/cidr.ts'
import { addressesOf } from '../../world.ts'
import type { End, Pod, World } from '../../world.ts'
import { isIdentityLabel } from './identity-labels.ts'

/** What Cilium knows an end by: policies select identities, not addresses. */
export interface Identity {
  /** By their keys: of two sources with the same key the later one counts. */
  readonly labels: ReadonlyMap<string, IdentityLabel>
  /** Its addresses, where CIDRs and names select it: outside the cluster. None for pods and nodes. */
  readonly blocks: readonly Cidr[]
  /** The names that resolve to one of them. */
  readonly names: readonly string[]
  /** What stands for all of its kind in the policy map: who selects that selects the end as well (pkg/policy/aggregate.go). */
  readonly aggregate: Identity | undefined
}

export interface IdentityLabel {
  /** `k8s`, `reserved`, `node` */
  readonly source: string
  readonly value: string
}

/** Keys of labels that Cilium makes (pkg/k8s/apis/cilium.io/const.go). */
export const keys = {
  namespace: 'io.kubernetes.pod.namespace',
  namespaceLabels: 'io.cilium.k8s.namespace.labels',
  serviceAccount: 'io.cilium.k8s.policy.serviceaccount',
  cluster: 'io.cilium.k8s.policy.cluster',
} as const

/** The name of a cluster that was given none. */
const clusterName = 'default'

export interface Options {
  /** The agent's --enable-node-selector-labels. */
  readonly nodeLabels: boolean
  /** Whether a policy has a block that holds the address, or a name that resolves to it. */
  readonly isKnown: (block: Cidr, names: readonly string[]) => boolean
}

/** The identities of a world's ends; each is worked out once. */
export function identitiesOf(world: World, options: Options): (end: End) => Identity {
  const labelsOf = namespaceLabels(world)
  const stranger = strangerIdentity(world, options)
  return once(end => (end.kind === 'pod' ? podIdentity(end, labelsOf(end.namespace)) : stranger(end)))
}

/** SanitizePodLabels in pkg/k8s/utils/utils.go, then the filter. */
function podIdentity(pod: Pod, namespace: Labels): Identity {
  const labels = {
    ...Object.fromEntries(Object.entries(pod.labels).filter(([key]) => !key.startsWith('io.cilium.k8s'))),
    ...Object.fromEntries(
      Object.entries({ 'kubernetes.io/metadata.name': pod.namespace, ...namespace }).map(([key, value]) => [`${keys.namespaceLabels}.${key}`, value]),
    ),
    [keys.namespace]: pod.namespace,
    [keys.serviceAccount]: pod.serviceAccount,
    [keys.cluster]: clusterName,
  }
  const kept = Object.entries(labels).filter(([key]) => isIdentityLabel(key))
  return { labels: fromSource('k8s', kept), blocks: [], names: [], aggregate: aggregates.cluster }
}

/** Of addresses that no pod has (resolveLabels in pkg/ipcache/metadata.go): nodes are neither outside nor in a block. */
function strangerIdentity(world: World, { nodeLabels, isKnown }: Options): (end: End) => Identity {
  const nodes = new Map(world.nodes.flatMap(node => node.addresses.map(address => [address, node])))
  const apiserver = new Set(world.apiserver?.addresses)
  const families = new Set([...familiesOf(world.pods), ...world.nodes.flatMap(versionsOf)])
  return end => {
    const addresses = addressesOf(end)
    const node = addresses.flatMap(address => nodes.get(address) ?? [])[0]
    const reserved = addresses.some(address => apiserver.has(address)) ? ['kube-apiserver'] : []
    if (node !== undefined) {
      const labels = nodeLabels ? [...fromSource('node', Object.entries(node.labels)), ...fromSource('k8s', [[keys.cluster, clusterName]])] : []
      const own = reservedLabels([...reserved, node.local ? 'host' : 'remote-node'])
      return { labels: new Map([...labels, ...own]), blocks: [], names: [], aggregate: nodeLabels && !node.local ? aggregates.remoteNode : undefined }
    }
    const blocks = blocksOf(end)
    const names = world.names.filter(name => name.addresses.some(address => addresses.includes(address))).map(({ name }) => name)
    // With both families on, each has a world of its own (pkg/labels/cidr.go).
    const worlds = blocks.map(({ version }) => (families.size > 1 ? `world-ipv${version}` : 'world'))
    const isOwn = reserved.length > 0 || blocks.some(block => isKnown(block, names))
    return { labels: reservedLabels([...reserved, ...worlds]), blocks, names, aggregate: isOwn ? aggregates.world : undefined }
  }
}

const familiesOf = once((pods: World['pods']): ReadonlySet<Cidr['version']> => new Set(pods.flatMap(versionsOf)))

function versionsOf(end: End): Cidr['version'][] {
  return blocksOf(end).map(({ version }) => version)
}

function reservedLabels(names: readonly string[]): Map<string, IdentityLabel> {
  return fromSource(
    'reserved',
    names.map(name => [name, '']),
  )
}

function fromSource(source: string, labels: readonly (readonly [string, string])[]): Map<string, IdentityLabel> {
  return new Map(labels.map(([key, value]) => [key, { source, value }]))
}

function aggregateOf(name: string): Identity {
  return { labels: reservedLabels([name]), blocks: [], names: [], aggregate: undefined }
}

const aggregates = {
  cluster: aggregateOf('aggregate-cluster'),
  remoteNode: aggregateOf('aggregate-remote-node'),
  world: aggregateOf('aggregate-world'),
} as const
