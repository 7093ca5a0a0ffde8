import { itemsAt, textAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { bindings } from './arguments.ts'
import type { Argument } from './arguments.ts'
import { toVariables } from './environment.ts'
import type { Surroundings, Variable } from './environment.ts'

/** A container of a pod, with its command line and environment as the kubelet would hand them over. */
export interface Container {
  readonly name: string
  /** `init`: ends before the others start; `sidecar`: an init container that restarts, and so runs beside the others. */
  readonly role: 'main' | 'sidecar' | 'init'
  readonly arguments: readonly Argument[]
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
  const variables = toVariables(tree, surroundings)
  return { name: textAt(tree, 'name') ?? '?', role, arguments: bindings(tree, variables), variables, tree }
}
