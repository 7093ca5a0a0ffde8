import type { Diagnose } from '../diagnostics/collect.ts'
import { LabelIndex } from '../discover/namespaced.ts'
import { otherPods } from '../discover/other-pods.ts'
import type { OtherPods } from '../discover/other-pods.ts'
import { podsBehind } from '../discover/release.ts'
import type { Release } from '../discover/release.ts'
import type { Service } from '../discover/services.ts'
import type { Workload } from '../discover/workload.ts'
import type { Engine } from '../engines/contract.ts'
import { lockedJob, lockedWorkload, tellLocked } from './locked.ts'
import type { LockedOptions } from './locked.ts'
import type { Allowlist, Plan } from './plan.ts'
import { bySelector, otherTitles } from './selected.ts'

interface Options extends LockedOptions {
  readonly engine: Engine
}

/** Tells of policies whose selector takes in the pods of another workload, of a Job or of a hook, which they lock as well. */
export function tellOverlaps(plan: Plan, release: Release, options: Options): void {
  const { settings, engine, diagnose } = options
  const covered = new Set(plan.allowlists.map(({ workload }) => workload))
  const jobs = otherPods(release.resources).filter(({ hostNetwork }) => !hostNetwork)
  const jobIndex = new LabelIndex(jobs, ({ labels }) => labels)
  const lockedWorkloads = new Map<Workload, Allowlist[]>()
  const lockedJobs = new Map<OtherPods, Allowlist[]>()
  for (const group of bySelector(plan.allowlists)) {
    const [{ selector, namespace }] = group
    const within = namespace ?? (settings.namespace || undefined)
    const selected = release.pods.selected(selector, within).filter(({ hostNetwork }) => !hostNetwork)
    const shared = selected.filter(workload => covered.has(workload))
    // Where policies do not add up, another warning says so.
    if (engine.addsUp) for (const { workload } of group) tellShared(workload, shared, diagnose)
    for (const other of selected.filter(workload => !covered.has(workload))) add(lockedWorkloads, other, group)
    for (const other of jobIndex.selected(selector, within)) add(lockedJobs, other, group)
  }
  for (const [other, allowlists] of lockedWorkloads) tellLocked(lockedWorkload(other, release), allowlists, options)
  const callers = lockedJobs.size === 0 ? undefined : callersOfJobs(jobIndex, release)
  for (const [other, allowlists] of lockedJobs) tellLocked(lockedJob(other, callers?.get(other) ?? []), allowlists, options)
}

function add<Key>(lists: Map<Key, Allowlist[]>, key: Key, more: readonly Allowlist[]): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [...more])
  else for (const allowlist of more) list.push(allowlist)
}

function tellShared(workload: Workload, shared: readonly Workload[], diagnose: Diagnose): void {
  const others = otherTitles(workload, shared)
  if (others.length > 0) diagnose('NP419', { workload: workload.title, others, effect: 'what either policy allows is open to them' }, workload.place)
}

/** The Services that send to pods of no workload. */
function callersOfJobs(jobs: LabelIndex<OtherPods>, { services }: Release): ReadonlyMap<OtherPods, readonly Service[]> {
  const callers = new Map<OtherPods, Service[]>()
  for (const service of services) {
    for (const pods of podsBehind(service, jobs)) {
      const list = callers.get(pods)
      if (list === undefined) callers.set(pods, [service])
      else list.push(service)
    }
  }
  return callers
}
