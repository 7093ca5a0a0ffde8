import { Diagnostics } from './diagnostics/collect.ts'
import type { Diagnostic } from './diagnostics/collect.ts'
import { everyWorkload, findControllers } from './discover/controller.ts'
import { tellDangling } from './discover/dangling.ts'
import { releaseNamespace } from './discover/namespace.ts'
import { toRelease } from './discover/release.ts'
import { settlePrecedence } from './engines/precedence.ts'
import { engines } from './engines/registry.ts'
import { sortPresent } from './policies/present.ts'
import { renderPolicies, writePolicies } from './policies/render.ts'
import { headComment } from './report/head-comment.ts'
import { policyReports, workloadReports } from './report/report.ts'
import type { Report } from './report/report.ts'
import { holdsOnlyHooks } from './resources/hooks-only.ts'
import { readResources } from './resources/read.ts'
import { findValuesDocument } from './resources/values-document.ts'
import { holdsDocuments, split } from './stream/split.ts'
import { weave } from './stream/weave.ts'
import { tellCuts } from './traffic/cut.ts'
import { planTraffic } from './traffic/plan.ts'
import { tellIgnored } from './values/ignored.ts'
import { loadSettings } from './values/load.ts'
import type { ValuesOptions } from './values/load.ts'
import { engineSettings } from './values/schema.ts'
import { version } from './version.ts'

export interface RunOptions extends ValuesOptions {
  /** Warnings are errors. */
  readonly strict: boolean
}

export interface Result {
  /** The stream to write; undefined where something is wrong, and then nothing is written. */
  readonly output: Buffer | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly report: Report
}

/**
 * The whole of it, in memory: values → split → read → discover → plan → render (with merge and check) →
 * weave. What a user can do wrong does not throw; it is in the diagnostics, all at once.
 */
export async function run(stream: Buffer, options: RunOptions): Promise<Result> {
  const diagnostics = new Diagnostics(options)
  const { diagnose } = diagnostics
  const finish = (output: Buffer, report: Partial<Report> = {}): Result => ({
    output: diagnostics.failed ? undefined : output,
    diagnostics: diagnostics.all,
    report: { version, enabled: false, ...report, diagnostics: diagnostics.all },
  })

  const document = await findValuesDocument(stream, diagnose)
  const settings = await loadSettings(document?.values, options, diagnose)
  const segments = settings === 'off' && document === undefined ? [] : split(stream)
  const rest = segments.filter(({ index }) => index !== document?.segment)
  const unchanged = document === undefined ? stream : weave(stream, segments, { removed: new Set([document.segment]), inserted: '', before: undefined })
  if (document !== undefined && !holdsDocuments(stream, rest)) diagnose('NP104', {})
  if (settings === 'off') return finish(unchanged)
  if (!holdsDocuments(stream, segments)) diagnose('NP100', {})

  const release = toRelease(await readResources(stream, rest, diagnose), diagnose)
  // Without a document, or with one unread, what follows would only be said of the gap.
  if (diagnostics.has('NP100', 'NP101', 'NP104')) return finish(unchanged)
  if (release.workloads.length === 0 && (await holdsOnlyHooks(stream, rest))) return finish(unchanged)

  const engine = engines[settings.engine]
  const own = engineSettings(settings, settings.engine)
  const usePeers = engine.takesPeers || settings.translatePeers
  const controllers = findControllers(settings.controller, release, diagnose)
  const needsNamespace = engine.clusterScoped && controllers.some(({ namespace }) => namespace === undefined)
  const plan = planTraffic(controllers, release, {
    settings,
    usePeers,
    several: settings.controller.includes(everyWorkload),
    clusterScoped: engine.clusterScoped,
    releaseNamespace: needsNamespace ? releaseNamespace(settings.namespace, release, diagnose) : undefined,
    diagnose,
  })
  tellDangling(controllers, release, diagnose)
  tellIgnored({ settings, engineName: settings.engine, engine, own, diagnose })
  tellCuts(plan, release, { settings, engine, own, usePeers, diagnose })

  const precedence = settlePrecedence(settings.engine, engine, settings, own, diagnose)
  const openEgressRules = !settings.egress.enabled && (own?.egress.length ?? 0) > 0
  const policies = await renderPolicies(plan, engine, own, { precedence, openEgressRules, diagnose })
  const { outdated, replaced } = sortPresent(release.resources, plan, engine, { replace: settings.replace, diagnose })

  const title = `helm-netpol ${version}, engine ${settings.engine}`
  const output = weave(stream, segments, {
    removed: new Set([...outdated, ...replaced].map(({ segment }) => segment.index).concat(document?.segment ?? [])),
    inserted: writePolicies(policies, headComment(title, diagnostics.all)),
    before: controllers[0]?.resource.segment,
  })
  return finish(output, { enabled: true, engine: settings.engine, workloads: workloadReports(plan), policies: policyReports(policies) })
}
