import type { Labels } from '../../../discover/selector.ts'
import { contains } from '../../../net/cidr.ts'
import type { Cidr } from '../../../net/cidr.ts'
import type { NetworkSet } from '../../policies/calico-network-set.ts'
import { namespaceLabels } from '../../match.ts'
import { once } from '../../once.ts'
import type { End, Pod, World } from '../../world.ts'
import { addressesIn } from './packet.ts'
import type { Version } from './packet.ts'
import { own, prefixes } from './selector.ts'
import type { Matches } from './selector.ts'

/** What a selector selects. */
export interface Selection {
  /** Whether the labels of a pod are selected. */
  readonly pod: (pod: Pod) => boolean
  /** Whether it is such a pod, or has an address of a network set whose labels are selected. */
  readonly end: (end: End, version: Version) => boolean
}

/** All that has labels, with the labels that Calico gives it: pods, and network sets. */
export class Inventory {
  private readonly namespaces: (name: string) => Labels
  private readonly accounts: ReadonlyMap<string, Labels>
  private readonly sets: readonly { readonly labels: Labels; readonly nets: readonly Cidr[] }[]

  constructor(world: World, sets: readonly NetworkSet[]) {
    this.namespaces = namespaceLabels(world)
    this.accounts = new Map(world.serviceAccounts.map(({ namespace, name, labels }) => [`${namespace}/${name}`, labels]))
    this.sets = sets.map(set => ({ labels: this.labelsOfSet(set), nets: set.nets }))
  }

  select(matches: Matches): Selection {
    const nets = this.sets.filter(({ labels }) => matches(labels)).flatMap(({ nets }) => nets)
    const pod = once((asked: Pod): boolean => matches(this.labelsOf(asked)))
    return {
      pod,
      end(end, version) {
        return (end.kind === 'pod' && pod(end)) || addressesIn(end, version).some(address => nets.some(net => contains(net, address)))
      },
    }
  }

  /** The pod's own labels (conversion/workload_endpoint_default.go, updateprocessors/workloadendpointprocessor.go) and those of its profiles. */
  readonly labelsOf = once(({ namespace, serviceAccount, labels }: Pod): Labels => ({
    ...this.labelsOfNamespace(namespace),
    ...prefixed(prefixes.serviceAccount, { ...this.accounts.get(`${namespace}/${serviceAccount}`), [own.name]: serviceAccount }),
    ...Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith(prefixes.namespace) && !key.startsWith(prefixes.serviceAccount))),
    [own.namespace]: namespace,
    [own.orchestrator]: 'k8s',
    [own.serviceAccount]: serviceAccount,
  }))

  private labelsOfNamespace(name: string): Labels {
    return prefixed(prefixes.namespace, { 'kubernetes.io/metadata.name': name, ...this.namespaces(name), [own.name]: name })
  }

  /** Nothing keeps a set from labels that look like a namespace's (updateprocessors/networksetprocessor.go). */
  private labelsOfSet({ namespace, labels }: NetworkSet): Labels {
    return namespace === undefined ? labels : { ...this.labelsOfNamespace(namespace), ...labels, [own.namespace]: namespace }
  }
}

function prefixed(prefix: string, labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]))
}
