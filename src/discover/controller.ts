import type { Diagnose } from '../diagnostics/collect.ts'
import { calledByApiserver, named } from './find.ts'
import type { Release } from './release.ts'
import { isEmptySelector } from './selector.ts'
import type { Workload } from './workload.ts'

/** Covers every workload of the release. */
export const everyWorkload = '*'

/**
 * The workloads to protect: the named ones, or the controller, found by its label, by what calls it, or
 * by being the only one. Empty, with a diagnostic, where that is not clear.
 */
export function findControllers(names: readonly string[], release: Release, diagnose: Diagnose): readonly Workload[] {
  const chosen = choose(names, release, diagnose)
  for (const workload of chosen) {
    if (workload.hostNetwork) diagnose('NP303', { workload: workload.title }, workload.place)
    if (workload.selector === undefined) diagnose('NP302', { workload: workload.title }, workload.place)
    else if (isEmptySelector(workload.selector)) diagnose('NP305', { workload: workload.title, problem: 'is empty: it would select every pod of the namespace' }, workload.place)
  }
  return chosen
}

function choose(names: readonly string[], release: Release, diagnose: Diagnose): readonly Workload[] {
  const { workloads } = release
  if (workloads.length === 0) {
    diagnose('NP300', { candidates: [] })
    return []
  }
  if (names.includes(everyWorkload)) return workloads
  if (names.length > 0) {
    const chosen = new Set(names.flatMap(name => byName(name, workloads, diagnose)))
    return workloads.filter(workload => chosen.has(workload))
  }
  const controller = only(workloads.filter(isLabelled)) ?? only(workloads.filter(workload => isCalled(workload, release))) ?? only(workloads.filter(isDeployment)) ?? only(workloads)
  if (controller !== undefined) return [controller]
  diagnose('NP300', { candidates: workloads.map(({ title }) => title) })
  return []
}

/** `controller` or `deployment/controller`; one name can mean workloads of several kinds or namespaces. */
function byName(name: string, workloads: readonly Workload[], diagnose: Diagnose): readonly Workload[] {
  const slash = name.indexOf('/')
  const kind = name.slice(0, Math.max(slash, 0)).toLowerCase()
  const plain = name.slice(slash + 1)
  const found = workloads.filter(workload => workload.name === plain && (slash < 0 || workload.kind.toLowerCase() === kind))
  if (found.length === 0) diagnose('NP301', { name, candidates: workloads.map(workload => workload.name) })
  return found
}

function only(workloads: readonly Workload[]): Workload | undefined {
  return workloads.length === 1 ? workloads[0] : undefined
}

function isLabelled({ labels }: Workload): boolean {
  return labels['app.kubernetes.io/component'] === 'controller'
}

const gate = named(['gate'])

function isCalled(workload: Workload, release: Release): boolean {
  return calledByApiserver(workload, release).length > 0 || gate(workload, release).length > 0
}

function isDeployment({ kind }: Workload): boolean {
  return kind === 'Deployment'
}
