import { keys } from './identity.ts'
import { exists, labelSelector } from './select.ts'
import type { Selector } from './select.ts'

const reserved = (name: string): Selector => labelSelector([exists('reserved', name)])
export const everyone = labelSelector([])

/** Whatever is known to be of the cluster, wherever it runs; every pod of a world is of ours (pkg/policy/api/entity.go). */
const cluster = [
  ...['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver'].map(reserved),
  labelSelector([exists('k8s', keys.cluster)]),
]

export const entities: Readonly<Record<string, readonly Selector[]>> = {
  all: [everyone],
  world: ['world', 'world-ipv4', 'world-ipv6'].map(reserved),
  cluster,
  'cluster-mesh': cluster,
  host: [reserved('host')],
  'remote-node': [reserved('remote-node')],
  'kube-apiserver': [reserved('kube-apiserver')],
  init: [reserved('init')],
  ingress: [reserved('ingress')],
  health: [reserved('health')],
  unmanaged: [reserved('unmanaged')],
  none: [reserved('none')],
}
