import type { Resource } from '../../resources/resource.ts'
import { isPortName } from '../../values/peers.ts'
import { entriesAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

/** What policies call ports by. */
export interface Ports {
  /** Every number, the last of a range among them. */
  readonly ports: readonly number[]
  readonly portNames: readonly string[]
  /** A number that stands for all that no policy names. */
  readonly otherPort: number
}

export function portsIn(policies: readonly Resource[]): Ports {
  const words = new Set(policies.flatMap(({ tree }) => wordsIn(tree)))
  const ports = [...words].flatMap(word => (/^\d{1,5}(:\d{1,5})?$/.test(word) ? word.split(':').map(Number) : []))
  return { ports: [...new Set(ports)], portNames: [...words].filter(isPortName), otherPort: otherThan(ports) }
}

export function otherThan(ports: readonly number[]): number {
  let other = 7777
  while (ports.includes(other)) other++
  return other
}

/** A number, a name, `8080:8090`, or lists of them, wherever a policy has a port. */
function wordsIn(tree: Tree): string[] {
  if (tree.kind === 'sequence') return tree.items.flatMap(wordsIn)
  return entriesAt(tree).flatMap(({ key, value }) => [...(portKeys.test(key) ? scalarsIn(value) : []), ...wordsIn(value)])
}

const portKeys = /^(port|ports|notPorts|endPort|number|start|end|destinationNamedPort)$/

function scalarsIn(tree: Tree): string[] {
  if (tree.kind === 'sequence') return tree.items.flatMap(scalarsIn)
  return tree.kind === 'scalar' ? [tree.written] : []
}
