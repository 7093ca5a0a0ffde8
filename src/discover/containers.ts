import { itemsAt, textAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { commandLine } from './arguments.ts'
import type { Argument, Word } from './arguments.ts'
import { toVariables } from './environment.ts'
import type { Surroundings, Variable } from './environment.ts'

/** A container of a pod, with its command line and environment as the kubelet would hand them over. */
export interface Container {
  readonly name: string
  /** `init`: ends before the others start; `sidecar`: an init container that restarts, and so runs beside the others. */
  readonly role: 'main' | 'sidecar' | 'init'
  readonly arguments: readonly Argument[]
  /** Words of its command line that are neither a flag nor behind one. */
  readonly operands: readonly Word[]
  /** Those that its script sets for a command among them. */
  readonly variables: readonly Variable[]
  readonly tree: Tree
}

/** The containers of a pod template, in the order of the roles that serve: main, sidecar, init. */
export function toContainers(template: Tree | undefined, surroundings: Surroundings): Container[] {
  const main = itemsAt(template, 'spec', 'containers').map(tree => toContainer(tree, 'main', surroundings))
  const init = itemsAt(template, 'spec', 'initContainers').map(tree =>
    toContainer(tree, textAt(tree, 'restartPolicy') === 'Always' ? 'sidecar' : 'init', surroundings),
  )
  return [...main, ...init.filter(({ role }) => role === 'sidecar'), ...init.filter(({ role }) => role === 'init')]
}

function toContainer(tree: Tree, role: Container['role'], surroundings: Surroundings): Container {
  const given = toVariables(tree, surroundings)
  const { arguments: flags, operands, variables: set } = commandLine(tree, given)
  const replaced = new Set(set.map(({ name }) => name))
  // Every branch of a script counts, and each value once.
  const distinct = new Map(set.map(variable => [`${variable.name}=${variable.value}`, variable])).values()
  const variables = [...given.filter(({ name }) => !replaced.has(name)), ...distinct]
  return { name: textAt(tree, 'name') ?? '?', role, arguments: flags, operands, variables, tree }
}
