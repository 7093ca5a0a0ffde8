import { accountFor } from './coverage/account.ts'
import type { Account } from './coverage/account.ts'
import { tellCoverage } from './coverage/tell.ts'
import { entryOf } from './diagnostics/catalogue.ts'
import { Diagnostics } from './diagnostics/collect.ts'
import type { Diagnostic } from './diagnostics/collect.ts'
import { noConfigMaps, readConfigMaps } from './discover/config-maps.ts'
import { everyWorkload, findControllers } from './discover/controller.ts'
import { knownNamespace, releaseNamespace } from './discover/namespace.ts'
import { toRelease } from './discover/release.ts'
import { tellWiring } from './discover/wiring.ts'
import { settlePrecedence } from './engines/precedence.ts'
import type { Engine, Policy } from './engines/contract.ts'
import { engines } from './engines/registry.ts'
import { derivedFlows } from './needs/derive.ts'
import { homesIn } from './needs/home.ts'
import { survey, unsurveyed } from './needs/survey.ts'
import { checkPassthrough } from './passthrough/own.ts'
import { withNamespace } from './policies/alone.ts'
import { sortPresent } from './policies/present.ts'
import { renderPolicies, writePolicies } from './policies/render.ts'
import { headComment } from './report/head-comment.ts'
import { policyReports, workloadReports } from './report/report.ts'
import type { Report } from './report/report.ts'
import { holdsOnlyHooks } from './resources/hooks-only.ts'
import { readResources } from './resources/read.ts'
import type { Resource } from './resources/resource.ts'
import { findValuesDocument } from './resources/values-document.ts'
import { isUtf16 } from './stream/encoding.ts'
import { holdsDocuments, split } from './stream/split.ts'
import type { Segment } from './stream/split.ts'
import { weave } from './stream/weave.ts'
import type { Weaving } from './stream/weave.ts'
import { tellCuts } from './traffic/cut.ts'
import { tellOverlaps } from './traffic/overlap.ts'
import { planTraffic } from './traffic/plan.ts'
import type { Plan } from './traffic/plan.ts'
import { tellIgnored } from './values/ignored.ts'
import { loadSettings } from './values/load.ts'
import type { ValuesOptions } from './values/load.ts'
import { engineSettings } from './values/schema.ts'
import type { Settings } from './values/schema.ts'
import { version } from './version.ts'

export interface RunOptions extends ValuesOptions {
  /** Warnings are errors. */
  readonly strict: boolean
  /** What the policies cut is worked out as the engine would, and an error; undefined: where warnings are. */
  readonly verify?: boolean | undefined
  /** What the workloads dial is read even where egress is not locked. */
  readonly survey?: boolean
}

export interface Result {
  /** The stream to write; undefined where something is wrong, and then nothing is written. */
  readonly output: Buffer | undefined
  /** What was changed in the stream, for those who keep its documents in another form. */
  readonly weaving: Weaving
  readonly diagnostics: readonly Diagnostic[]
  readonly report: Report
  /** What the policies were made of; undefined where there are none. */
  readonly facts?: Facts
}

/** What a run found and made, for those who explain it. */
export interface Facts {
  readonly settings: Settings
  readonly plan: Plan
  readonly policies: readonly Policy[]
  /** None where nobody asks about egress. */
  readonly accounts: readonly Account[]
  readonly usePeers: boolean
  /** Objects of the stream that the policies take the place of. */
  readonly removed: readonly Resource[]
}

/**
 * The whole of it, in memory: values → split → read → discover → plan → render (with merge and check) →
 * weave. What a user can do wrong does not throw; it is in the diagnostics, all at once.
 */
export async function run(stream: Buffer, options: RunOptions): Promise<Result> {
  const diagnostics = new Diagnostics(options)
  const document = await findValuesDocument(stream, diagnostics.diagnose)
  const settings = await loadSettings(document?.values, options, diagnostics)
  // A stream that passes through as it is need not be cut.
  const segments = settings === undefined && document === undefined ? [] : split(stream)
  const without = document === undefined ? [] : [document.segment]
  const rest = document === undefined ? segments : segments.filter(({ index }) => index !== document.segment)

  if (document !== undefined && !holdsDocuments(stream, rest)) diagnostics.diagnose('NP104', {})
  const woven = settings === undefined || diagnostics.has('NP104') ? undefined : await protect(stream, rest, settings, diagnostics, options)
  if (settings === undefined && (options.verify ?? options.strict))
    await verifyAlone(stream, document === undefined ? split(stream) : rest, diagnostics, options)
  const weaving: Weaving = { removed: new Set([...without, ...(woven?.removed ?? [])]), inserted: woven?.inserted ?? '', before: woven?.before }
  const output = options.onlyPolicies === true ? Buffer.from(weaving.inserted) : weave(stream, segments, weaving)
  const report: Report = { version, ok: !diagnostics.failed, enabled: woven !== undefined, ...woven?.report, diagnostics: diagnostics.all }
  const outcome: Result = { output: diagnostics.failed ? undefined : output, weaving, diagnostics: diagnostics.all, report }
  return woven === undefined ? outcome : { ...outcome, facts: woven.facts }
}

/** What to change in the stream so that its controllers are protected; undefined where nothing is to be. */
async function protect(
  stream: Buffer,
  segments: readonly Segment[],
  settings: Settings,
  diagnostics: Diagnostics,
  { root, strict, verify = strict, survey: always = false, onlyPolicies = false }: RunOptions,
): Promise<Protection | undefined> {
  const { diagnose } = diagnostics
  if (isUtf16(stream)) {
    diagnose('NP106', {})
    return undefined
  }
  if (!holdsDocuments(stream, segments)) diagnose('NP100', {})
  const resources = await readResources(stream, segments, diagnose)
  const configMaps = diagnostics.has('NP101') ? noConfigMaps : await readConfigMaps(stream, segments, resources, diagnose, settings.namespace)
  const release = toRelease(resources, configMaps, diagnose)
  // Without a document, or with one unread, what follows would only be said of the gap.
  if (diagnostics.has('NP100', 'NP101')) return undefined
  if (release.workloads.length === 0 && !onlyPolicies && (await holdsOnlyHooks(stream, segments))) return undefined

  const engine: Engine = engines[settings.engine]
  const own = engineSettings(settings, settings.engine)
  const usePeers = engine.takesPeers || settings.translatePeers
  const controllers = findControllers(settings.controller, release, diagnose, settings.controllerPlace)
  const namespace = knownNamespace(settings.namespace, release)
  const isAsked = settings.egress.enabled || always
  const homeOf = homesIn(release, namespace)
  const surveyed = isAsked ? await survey(stream, segments, controllers, homeOf, release, diagnose) : unsurveyed
  const needsNamespace = engine.clusterScoped && controllers.some(({ namespace }) => namespace === undefined)
  const plan = planTraffic(controllers, release, {
    settings,
    usePeers,
    several: controllers.length > 1 || settings.controller.includes(everyWorkload),
    clusterScoped: engine.clusterScoped,
    releaseNamespace: needsNamespace ? releaseNamespace(settings.namespace, release, diagnose) : undefined,
    derived: workload => (settings.egress.derive ? derivedFlows(surveyed(workload).needs, engine) : []),
    diagnose,
  })
  const present = sortPresent(release, plan, engine, { replace: settings.replace, namespace, judged: verify, diagnose })
  tellWiring(controllers, release, diagnose)
  tellOverlaps(plan, release, { settings, engine, others: present.staying, diagnose })
  tellIgnored({ settings, engineName: settings.engine, engine, own, diagnose })
  tellCuts(plan, present.staying, release, { settings, engine, usePeers, diagnose })
  const accounts = isAsked ? await accountFor(plan, surveyed, present, homeOf, { settings, engineName: settings.engine, engine, own }) : []
  if (settings.egress.enabled) tellCoverage(accounts, { settings, engineName: settings.engine, engine, usePeers, diagnose })

  const precedence = settlePrecedence(settings.engine, engine, settings, own, diagnose)
  const openEgressRules = !settings.egress.enabled && (own?.egress.length ?? 0) > 0
  const wrong = await checkPassthrough(settings.engine, own, diagnose)
  const rendered = await renderPolicies(plan, engine, own, { precedence, openEgressRules, diagnose }, wrong)
  const policies = onlyPolicies && !engine.clusterScoped ? withNamespace(rendered, namespace, diagnose) : rendered
  const facts: Facts = { settings, plan, policies, accounts, usePeers, removed: present.removed }
  const removed = present.removed.map(({ segment }) => segment.index)
  if (verify && !hasMistake(diagnostics)) {
    // The evaluators are a bundle of their own, loaded only where they are asked.
    const { verify: tellVerdicts } = await import('./check/index.ts')
    const rendered = { text: writePolicies(policies, ''), facts }
    const leaving = new Set(removed)
    const left = segments.filter(({ index }) => !leaving.has(index))
    await tellVerdicts(stream, left, { rendered, accounts, namespace, root, diagnose, strict })
  }
  return {
    removed,
    inserted: writePolicies(policies, headComment(settings.engine, diagnostics.all)),
    before: controllers[0]?.resource.segment,
    facts,
    report: { engine: settings.engine, workloads: workloadReports(plan), policies: policyReports(policies) },
  }
}

/** Where the values enable no policies of ours, what those of the stream cut is told all the same. */
async function verifyAlone(stream: Buffer, segments: readonly Segment[], diagnostics: Diagnostics, { namespace, root, strict }: RunOptions): Promise<void> {
  const { diagnose } = diagnostics
  if (hasMistake(diagnostics)) return
  if (isUtf16(stream)) return diagnose('NP106', {})
  const { verify } = await import('./check/index.ts')
  await verify(stream, segments, { rendered: undefined, accounts: [], namespace, root, diagnose, strict })
}

/** A warning that --strict makes an error is none. */
function hasMistake(diagnostics: Diagnostics): boolean {
  return diagnostics.all.some(({ code }) => entryOf(code).severity === 'error')
}

interface Protection {
  /** Indices of segments that leave the stream. */
  readonly removed: readonly number[]
  /** The policies as text. */
  readonly inserted: string
  readonly before: Segment | undefined
  readonly facts: Facts
  readonly report: Pick<Report, 'engine' | 'workloads' | 'policies'>
}
