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
    if (!isName(workload.name)) diagnose('NP309', { kind: workload.kind, name: workload.name }, workload.place)
    if (workload.selector === undefined) diagnose('NP302', { workload: workload.title }, workload.place)
    else if (isEmptySelector(workload.selector))
      diagnose('NP305', { workload: workload.title, problem: 'is empty: it would select every pod of the namespace' }, workload.place)
  }
  return chosen
}

/** What can stand in a path of the API (apimachinery, `IsValidPathSegmentName`); what else a name must be is the API server's to say. */
function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)
}

function choose(names: readonly string[], release: Release, diagnose: Diagnose): readonly Workload[] {
  const { workloads } = release
  if (workloads.length === 0) {
    diagnose('NP300', { candidates: [] })
    return []
  }
  if (names.includes(everyWorkload)) return everyOnPods(workloads, diagnose)
  if (names.length > 0) {
    const chosen = new Set(names.flatMap(name => byName(name, workloads, diagnose)))
    return workloads.filter(workload => chosen.has(workload))
  }
  for (const { why, fits } of signs) {
    const [chosen, another] = workloads.filter(workload => fits(workload, release))
    if (chosen === undefined || another !== undefined) continue
    const others = workloads.filter(workload => workload !== chosen).map(({ title }) => title)
    if (others.length > 0) diagnose('NP307', { chosen: chosen.title, why, others }, chosen.place)
    return [chosen]
  }
  diagnose('NP300', { candidates: workloads.map(({ title }) => title) })
  return []
}

/** Those of the host network are left out, unless there are no others: no policy of pods reaches them. */
function everyOnPods(workloads: readonly Workload[], diagnose: Diagnose): readonly Workload[] {
  const onPods = workloads.filter(({ hostNetwork }) => !hostNetwork)
  if (onPods.length === 0) return workloads
  for (const { title, place } of workloads.filter(({ hostNetwork }) => hostNetwork)) diagnose('NP308', { workload: title }, place)
  return onPods
}

const gate = named(['gate'])

/** What tells the controller, if it is true of one workload only; in this order. */
const signs: readonly { readonly why: string; readonly fits: (workload: Workload, release: Release) => boolean }[] = [
  { why: 'the only one labelled app.kubernetes.io/component: controller', fits: ({ labels }) => labels['app.kubernetes.io/component'] === 'controller' },
  {
    why: 'the only one behind a webhook or with a gate',
    fits: (workload, release) => calledByApiserver(workload, release).length > 0 || gate(workload, release).length > 0,
  },
  { why: 'the only Deployment', fits: ({ kind }) => kind === 'Deployment' },
  { why: 'the only workload', fits: () => true },
]

/** `app`, `deployment/app`, `namespace/app` or the title that our messages give it. One name can mean several workloads. */
function byName(name: string, workloads: readonly Workload[], diagnose: Diagnose): readonly Workload[] {
  const [plain = '', scope, kind] = name.split(/[ /]/).reverse()
  const isIn = (workload: Workload, word: string | undefined): boolean =>
    word === undefined || workload.namespace === word || workload.kind.toLowerCase() === word.toLowerCase()
  const found = workloads.filter(workload => workload.name === plain && isIn(workload, scope) && isIn(workload, kind))
  if (found.length === 0) diagnose('NP301', { name, candidates: workloads.map(({ title }) => title) })
  return found
}
