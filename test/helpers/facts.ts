import { Diagnostics } from '../../src/diagnostics/collect.ts'
import type { Diagnose } from '../../src/diagnostics/collect.ts'
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
  readonly diagnose: Diagnose
  readonly codes: () => string[]
}

export function ears(): Ears {
  const diagnostics = new Diagnostics({ strict: false, root: 'networkPolicy' })
  return { diagnose: diagnostics.diagnose, codes: () => diagnostics.all.map(({ code }) => code) }
}

/** The facts of a stream. */
export async function releaseOf(stream: string, diagnose: Diagnose = ears().diagnose): Promise<Release> {
  const bytes = Buffer.from(stream)
  return toRelease(await readResources(bytes, split(bytes), diagnose), diagnose)
}

/** The first workload of a stream, with the facts around it. */
export async function workloadOf(stream: string): Promise<{ workload: Workload; release: Release }> {
  const release = await releaseOf(stream)
  const [workload] = release.workloads
  if (workload === undefined) throw new Error('the stream holds no workload')
  return { workload, release }
}

const nothing: ValuesOptions = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined }

/** The settings that values make, or the word for there being none. */
export function load(files: readonly string[], options: Partial<ValuesOptions> = {}, diagnose: Diagnose = ears().diagnose): ReturnType<typeof loadSettings> {
  return loadSettings(undefined, { ...nothing, files: files.map((text, index) => ({ path: `${index}.yaml`, text })), ...options }, diagnose)
}

/** The same where they must not be off. */
export async function loadOn(files: readonly string[], options: Partial<ValuesOptions> = {}): Promise<Settings> {
  const settings = await load(files, options)
  if (typeof settings === 'string') throw new Error(`the settings are ${settings}`)
  return settings
}

/** The settings of an enabled block, given as its lines. */
export function settingsOf(block = ''): Promise<Settings> {
  return loadOn([`networkPolicy:\n  enabled: true\n${block}`])
}
