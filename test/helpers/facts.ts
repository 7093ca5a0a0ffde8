import { Diagnostics } from '../../src/diagnostics/collect.ts'
import type { Diagnose } from '../../src/diagnostics/collect.ts'
import { readConfigMaps } from '../../src/discover/config-maps.ts'
import { toRelease } from '../../src/discover/release.ts'
import type { Release } from '../../src/discover/release.ts'
import type { Workload } from '../../src/discover/workload.ts'
import { readResources } from '../../src/resources/read.ts'
import { split } from '../../src/stream/split.ts'
import { loadSettings } from '../../src/values/load.ts'
import type { ValuesOptions } from '../../src/values/load.ts'
import type { Settings } from '../../src/values/schema.ts'

/** What was told so far, as codes. */
export interface Ears {
  readonly diagnostics: Diagnostics
  readonly diagnose: Diagnose
  readonly codes: () => string[]
}

export function ears(): Ears {
  const diagnostics = new Diagnostics({ strict: false, root: 'networkPolicy' })
  return { diagnostics, diagnose: diagnostics.diagnose, codes: () => diagnostics.all.map(({ code }) => code) }
}

/** The facts of a stream. */
export async function releaseOf(stream: string, diagnose: Diagnose = ears().diagnose): Promise<Release> {
  const bytes = Buffer.from(stream)
  const resources = await readResources(bytes, split(bytes), diagnose)
  return toRelease(resources, await readConfigMaps(bytes, split(bytes), resources, diagnose), diagnose)
}

/** The first workload of a stream, with the facts around it. */
export async function workloadOf(stream: string): Promise<{ workload: Workload; release: Release }> {
  const release = await releaseOf(stream)
  const [workload] = release.workloads
  if (workload === undefined) throw new Error('the stream holds no workload')
  return { workload, release }
}

const nothing: ValuesOptions = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined }

/** The settings that values make; undefined where they enable nothing. */
export function load(files: readonly string[], options: Partial<ValuesOptions> = {}, { diagnostics }: Ears = ears()): Promise<Settings | undefined> {
  return loadSettings(undefined, { ...nothing, files: files.map((text, index) => ({ path: `${index}.yaml`, text })), ...options }, diagnostics)
}

/** The same where they enable the policies. */
export async function loadOn(files: readonly string[], options: Partial<ValuesOptions> = {}): Promise<Settings> {
  const settings = await load(files, options)
  if (settings === undefined) throw new Error('the values enable nothing')
  return settings
}

/** The settings of an enabled block, given as its lines. */
export function settingsOf(block = ''): Promise<Settings> {
  return loadOn([`networkPolicy:\n  enabled: true\n${block}`])
}
