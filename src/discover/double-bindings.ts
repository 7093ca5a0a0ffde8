import type { Diagnose } from '../diagnostics/collect.ts'
import { isBound, repeatable } from './bound.ts'
import type { Bound, Listener } from './bound.ts'
import type { Workload } from './workload.ts'

/** Tells of arguments that cannot all hold: one flag with two ports, two servers of the pod on one port. */
export function tellDoubleBindings(workload: Workload, diagnose: Diagnose): void {
  const { listeners, title } = workload
  for (const [first, ...others] of grouped(listeners, ({ container, name }) => `${container} ${name}`)) {
    const other = others.find(({ address }) => portOf(address) !== portOf(first.address))
    if (other === undefined || repeatable.has(first.name)) continue
    diagnose('NP413', { workload: title, problem: `container ${first.container} has ${first.what} and ${other.what}` }, other.place)
  }
  const reachable = listeners.filter(isBound).filter(listener => listener.reachable)
  for (const [first, ...others] of grouped(reachable, ({ address }) => String(address.number))) {
    const other = others.find(candidate => clash(first, candidate))
    if (other === undefined) continue
    const problem = `${inContainer(first)} and ${inContainer(other)} bind one port, and the containers of a pod share them`
    diagnose('NP413', { workload: title, problem }, other.place)
  }
}

/** Two names for one server are no clash, nor are two addresses of the pod. */
function clash(one: Bound, other: Bound): boolean {
  const sameServer = one.container === other.container && one.purpose === other.purpose
  return !sameServer && (one.address.host !== 'address' || other.address.host !== 'address')
}

function inContainer({ what, container }: Listener): string {
  return `${what} of container ${container}`
}

function portOf(address: Listener['address']): number | string {
  return address.is === 'port' ? address.number : address.is
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}
