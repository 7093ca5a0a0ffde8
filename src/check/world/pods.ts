import { toContainers } from '../../discover/containers.ts'
import { declaredPorts } from '../../discover/ports.ts'
import { otherPodKinds, workloadKinds } from '../../resources/kinds.ts'
import type { Resource } from '../../resources/resource.ts'
import type { NamedPort, Pod } from '../../verdict/world.ts'
import { at, isTrue, itemsAt, textAt, textsAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import { addressIn } from './addresses.ts'

/** A pod of a document: that of a workload has its name, and a running one its addresses. */
export interface PodOf {
  readonly resource: Resource
  readonly pod: Pod
  /** It has the addresses of its node, and no policy of pods holds for it. */
  readonly hostNetwork: boolean
  /** There may be others like it. */
  readonly several: boolean
}

export interface PodOptions {
  /** Of documents that name none. */
  readonly namespace: string
  /** Policies may call the ports of sidecars by their names: Calico's alone do. */
  readonly sidecarNames: boolean
}

/** The pods that documents make, one each; what a workload owns is there by its owner. */
export function podsOf(resources: readonly Resource[], options: PodOptions): PodOf[] {
  const taken = new Set<string>()
  const makers = resources.filter(makesPods)
  // A running pod keeps its own name.
  const ordered = [...makers.filter(({ kind }) => kind === 'Pod'), ...makers.filter(({ kind }) => kind !== 'Pod')]
  return ordered.map(resource => {
    const where = resource.namespace ?? options.namespace
    const plain = taken.has(`${where}/${resource.name}`) ? `${resource.name}-${resource.kind.toLowerCase()}` : resource.name
    taken.add(`${where}/${plain}`)
    return toPod(resource, { ...options, namespace: where }, plain)
  })
}

function makesPods({ kind, tree }: Resource): boolean {
  if (!workloadKinds.some(known => known === kind) && !otherPodKinds.some(known => known === kind)) return false
  return kind === 'Pod' || itemsAt(tree, 'metadata', 'ownerReferences').length === 0
}

function toPod(resource: Resource, { namespace, sidecarNames }: PodOptions, name: string): PodOf {
  const { kind, tree } = resource
  const template = templateOf(kind, tree)
  const spec = at(template, 'spec')
  const pod: Pod = {
    kind: 'pod',
    namespace,
    name,
    labels: textsAt(template, 'metadata', 'labels'),
    serviceAccount: textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount') || 'default',
    addresses: kind === 'Pod' ? addressesOf(tree) : [],
    ports: portsOf(template, resource, sidecarNames),
  }
  const several = kind === 'DaemonSet' || Number(textAt(tree, 'spec', 'replicas') ?? 1) > 1
  return { resource, pod, hostNetwork: isTrue(at(spec, 'hostNetwork')), several }
}

function templateOf(kind: string, tree: Tree): Tree | undefined {
  if (kind === 'Pod') return tree
  return kind === 'CronJob' ? at(tree, 'spec', 'jobTemplate', 'spec', 'template') : at(tree, 'spec', 'template')
}

/** core/v1 PodStatus: `podIPs`, and `podIP` where a server leaves the list out. */
function addressesOf(tree: Tree): string[] {
  const listed = itemsAt(tree, 'status', 'podIPs').flatMap(entry => textAt(entry, 'ip') ?? [])
  const single = textAt(tree, 'status', 'podIP')
  return [...new Set((listed.length > 0 || single === undefined ? listed : [single]).flatMap(text => addressIn(text) ?? []))]
}

/** Of the containers that run beside each other. A name that a policy cannot use is left out. */
function portsOf(template: Tree | undefined, resource: Resource, sidecarNames: boolean): NamedPort[] {
  const containers = toContainers(template, { namespace: resource.namespace, configMap: () => undefined })
  const serving = containers.filter(({ role }) => role !== 'init')
  const ports = declaredPorts(serving, resource).map(({ name, namedForPolicies, number, protocol }) => ({
    name: namedForPolicies || sidecarNames ? name : undefined,
    port: number,
    protocol,
  }))
  return [...new Map(ports.map(port => [`${port.name ?? ''} ${port.port}/${port.protocol}`, port])).values()]
}
