import type { Labels } from '../../discover/selector.ts'
import type { NamedPort, Pod } from '../../verdict/world.ts'

/** A pod that stands for any such as it; no chart names one so. */
export function madeUpPod(namespace: string, name: string, { labels = {}, serviceAccount = 'default', ports = [] }: Traits = {}): Pod {
  return { kind: 'pod', namespace, name: `${prefix}${name}`, labels, serviceAccount, addresses: [], ports }
}

interface Traits {
  readonly labels?: Labels
  readonly serviceAccount?: string | undefined
  readonly ports?: readonly NamedPort[]
}

const prefix = 'helm-netpol-any-'

export function isMadeUp({ name }: Pick<Pod, 'name'>): boolean {
  return name.startsWith(prefix)
}
