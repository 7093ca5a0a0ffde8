import type { Labels } from '../../discover/selector.ts'
import type { Pod, World } from '../../verdict/world.ts'
import { withApiserverService } from '../world/services.ts'
import type { Change } from './question.ts'

/** Worlds that differ in one thing that is not known. */

/** The kube-apiserver is at the address, and that of a node or not. */
export function withApiserver(address: string, port: number, onNode: boolean): Change {
  const apiserver = { kind: 'apiserver', addresses: [address], port } as const
  const node = { kind: 'node', name: 'control-plane', labels: controlPlane, addresses: [address], local: false } as const
  return {
    key: `apiserver ${address} ${port} ${onNode}`,
    selection: 'kept',
    apply: world => ({
      ...world,
      apiserver,
      services: withApiserverService(world.services, apiserver),
      nodes: onNode && !world.nodes.some(({ addresses }) => addresses.includes(address)) ? [...world.nodes, node] : world.nodes,
    }),
  }
}

const controlPlane: Labels = { 'kubernetes.io/hostname': 'control-plane', 'node-role.kubernetes.io/control-plane': '' }

/** The name resolves to the address. */
export function withName(name: string, address: string): Change {
  return {
    key: `name ${name} ${address}`,
    selection: 'kept',
    apply: world => ({ ...world, names: [...world.names.filter(known => known.name !== name), { name, addresses: [address] }] }),
  }
}

/** Nobody knows what they resolve to. */
export function withoutNames(names: readonly string[]): Change {
  const unknown = new Set(names)
  return {
    key: JSON.stringify(['without', ...names]),
    selection: 'kept',
    apply: world => ({ ...world, names: world.names.filter(({ name }) => !unknown.has(name)) }),
  }
}

/** The pod is there, and its namespace has the labels beside its own. */
export function withPod(pod: Pod, namespaceLabels: Labels): Change {
  const key = JSON.stringify(['pod', pod, namespaceLabels])
  return { key, selection: 'anew', apply: world => withLabels({ ...world, pods: [...world.pods, pod] }, pod.namespace, namespaceLabels) }
}

/** The namespace has the labels beside its own. */
export function withNamespaceLabels(name: string, labels: Labels): Change {
  return { key: JSON.stringify(['namespace', name, labels]), selection: 'anew', apply: world => withLabels(world, name, labels) }
}

/** One after the other. */
export function both(one: Change | undefined, other: Change): Change {
  if (one === undefined) return other
  const selection = one.selection === 'kept' ? other.selection : 'anew'
  return { key: JSON.stringify([one.key, other.key]), selection, apply: world => other.apply(one.apply(world)) }
}

function withLabels(world: World, name: string, labels: Labels): World {
  const own = world.namespaces.find(namespace => namespace.name === name)
  const others = world.namespaces.filter(namespace => namespace !== own)
  return { ...world, namespaces: [...others, { name, labels: { ...labels, ...own?.labels, 'kubernetes.io/metadata.name': name } }] }
}
