import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import type { Segment } from '../stream/split.ts'
import { readBackground } from './background.ts'
import { findNeeds } from './find.ts'
import type { Home } from './home.ts'
import type { Needs } from './find.ts'

/** What each workload dials. */
export type Survey = (workload: Workload) => Needs

const nothing: Needs = { needs: [], unclear: [] }

/** For streams whose egress nobody asks about: nothing more of them is read. */
export const unsurveyed: Survey = () => nothing

/** Reads from the stream what each of the workloads dials. `name`: of the stream, in places. */
export async function survey(
  stream: Buffer,
  segments: readonly Segment[],
  workloads: readonly Workload[],
  homeOf: (workload: Workload) => Home,
  release: Release,
  diagnose: Diagnose,
  name?: string,
): Promise<Survey> {
  const background = await readBackground(stream, segments, workloads, release, diagnose, name)
  const found = new Map<Workload, Needs>()
  for (const workload of workloads) found.set(workload, await findNeeds(homeOf(workload), background))
  return workload => found.get(workload) ?? nothing
}
