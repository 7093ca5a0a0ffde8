import type { Diagnose } from '../diagnostics/collect.ts'
import { placeIn } from '../resources/resource.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { isPortName, isPortNumber, portReference } from './ports.ts'
import type { Workload } from './workload.ts'

/** Tells of ports that containers declare and that the API server refuses, with their workload. */
export function tellImpossiblePorts({ title, containers, resource }: Workload, diagnose: Diagnose): void {
  for (const { name, tree } of containers) {
    for (const port of itemsAt(tree, 'ports')) {
      for (const problem of problemsOf(port)) diagnose('NP433', { container: name, workload: title, problem }, placeIn(resource, port))
    }
  }
}

function problemsOf(port: Tree): string[] {
  const number = at(port, 'containerPort')
  const name = textAt(port, 'name') || undefined
  return [
    ...(number === undefined || isPortNumber(portReference(number) ?? '')
      ? []
      : [`the containerPort ${JSON.stringify(textAt(port, 'containerPort') ?? '')}, which is no number from 1 to 65535: it is left out`]),
    ...(name === undefined || isPortName(name)
      ? []
      : [`a port named ${JSON.stringify(name)}, and a name is 15 of a-z, 0-9 and single - at most, with a letter: its rules say the number`]),
  ]
}
