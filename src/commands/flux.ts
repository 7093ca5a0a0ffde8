import { blockLines, lookUp } from '../flux/block.ts'
import { chooseCarrier } from '../flux/carrier.ts'
import { canonical, differences } from '../flux/differences.ts'
import { findHelmRelease } from '../flux/helm-release.ts'
import type { HelmRelease } from '../flux/helm-release.ts'
import { findSite, SiteProblem } from '../flux/site.ts'
import type { Site } from '../flux/site.ts'
import { tellMarked } from '../flux/marked.ts'
import { tellStray } from '../flux/stray.ts'
import { lostComments } from '../flux/comments.ts'
import { Diagnostics } from '../diagnostics/collect.ts'
import type { Diagnose, Diagnostic } from '../diagnostics/collect.ts'
import type { Report } from '../report/report.ts'
import { findValuesDocument } from '../resources/values-document.ts'
import { run } from '../run.ts'
import type { Facts, RunOptions } from '../run.ts'
import { loadSettings } from '../values/load.ts'
import { version } from '../version.ts'
import { visible } from '../visible.ts'
import { readFully } from '../yaml/full.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { isObject, objectAt } from '../yaml/json.ts'
import { at, placeAt, toJson } from '../yaml/tree.ts'
import type { Json, Source } from '../yaml/tree.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

export async function fluxCommand({ stream, options, own, operands, readFile }: Call): Promise<Answer> {
  const [path, another] = operands
  if (path === undefined || another !== undefined)
    throw new CommandProblem('helm-netpol flux takes one file with a HelmRelease, and the rendered chart on stdin', 2)
  const inPlace = own['in-place'] === true
  const check = own.check === true
  if (inPlace && check) throw new CommandProblem('--check changes nothing, and --in-place does; give one of them', 2)
  const file = readFile(path)
  if ('problem' in file) throw new CommandProblem(`${visible(path)} cannot be read: ${file.problem}`, 1)
  const { text, diagnostics, report } = await flux(stream, file, { ...options, name: own.name, namespaceIsGiven: !!own.namespace, check })
  const changed = inPlace && text !== undefined && text !== file.text ? { file: { path, text } } : {}
  return { text: text === undefined || inPlace || check ? text && '' : text, diagnostics, report, ...changed }
}

export interface FluxOptions extends RunOptions {
  /** Of the HelmRelease, where the file holds several. */
  readonly name: string | undefined
  /** The namespace is a flag, and not that of the environment. */
  readonly namespaceIsGiven: boolean
  /** A block that is not what it should be is an error. */
  readonly check: boolean
}

/** The text of a HelmRelease with the post-renderers that add the policies of its rendered chart. */
export async function flux(
  stream: Buffer,
  file: { readonly path: string; readonly text: string },
  options: FluxOptions,
): Promise<Answer & { readonly report: Report }> {
  const diagnostics = new Diagnostics(options)
  const source: Source = { name: file.path, text: file.text, firstLine: 0 }
  const release = findHelmRelease(source, options, diagnostics.diagnose)
  if (release === undefined) return answer(undefined, diagnostics.all)
  tellValues(release, options, diagnostics)
  const site = siteOf(release, diagnostics)
  const { lines, told, report } = await blockFor(stream, release, options, diagnostics)
  const text = site === undefined || lines === undefined || diagnostics.failed ? undefined : edited(release, site, lines, options.check, diagnostics)
  return answer(diagnostics.failed ? undefined : text, [...diagnostics.all, ...told], report)
}

/** The report is that of the run, with what is told of the HelmRelease. */
function answer(text: string | undefined, diagnostics: readonly Diagnostic[], report: Report = { version, ok: false, enabled: false, diagnostics }) {
  return { text, diagnostics, report: { ...report, ok: text !== undefined, diagnostics } }
}

function tellValues({ valuesElsewhere, title }: HelmRelease, { files }: RunOptions, { diagnose }: Diagnostics): void {
  // The files that are handed over stand for what is elsewhere.
  if (valuesElsewhere.length > 0 && files.length === 0) diagnose('NP706', { release: title, paths: valuesElsewhere })
}

function siteOf(release: HelmRelease, { diagnose }: Diagnostics): Site | undefined {
  return attempt(release, () => findSite(release), diagnose)
}

/** What an edit makes; undefined, and a diagnostic, where it could touch more than the block. */
function attempt<T>(release: HelmRelease, edit: () => T, diagnose: Diagnose): T | undefined {
  try {
    return edit()
  } catch (problem) {
    if (!(problem instanceof SiteProblem)) throw problem
    diagnose('NP702', { release: release.title, problem: problem.message }, placeAt(release.source, problem.offset))
    return undefined
  }
}

/** The lines of the block, none where the values switch the policies off; undefined where something is wrong. */
async function blockFor(
  stream: Buffer,
  release: HelmRelease,
  options: FluxOptions,
  diagnostics: Diagnostics,
): Promise<{ lines: readonly string[] | undefined; told: readonly Diagnostic[]; report: Report }> {
  const { diagnose } = diagnostics
  const namespace = release.releaseNamespace ?? options.namespace
  const given: RunOptions = { ...options, namespace, last: release.values }
  const { facts, diagnostics: all, report } = await run(stream, given)
  const told = all.filter(({ code }) => code !== 'NP209')
  const wrong = told.some(({ severity }) => severity === 'error')
  if (all.length !== told.length) diagnose('NP704', { release: release.title, root: options.root })
  if (await findValuesDocument(stream, () => {})) diagnose('NP709', {})
  if (wrong || diagnostics.has('NP704', 'NP709')) return { lines: undefined, told, report }
  if (facts === undefined) {
    const enabled = (await loadSettings(undefined, given, new Diagnostics({ ...options, strict: false }))) !== undefined
    if (enabled) diagnose('NP300', { candidates: [] })
    return { lines: enabled ? undefined : [], told, report }
  }
  tellStray(facts.plan, { ...release, releaseNamespace: namespace }, diagnose)
  return { lines: await writtenBlock(stream, facts, release, namespace, diagnostics), told, report }
}

async function writtenBlock(
  stream: Buffer,
  { policies, plan, removed }: Facts,
  release: HelmRelease,
  namespace: string | undefined,
  { diagnose }: Diagnostics,
): Promise<readonly string[] | undefined> {
  const controllers = plan.allowlists.map(({ workload }) => workload)
  const carrier = await chooseCarrier(stream, controllers, diagnose)
  if (carrier === undefined) return undefined
  tellMarked(removed, policies, diagnose)
  const guarded = !release.separateHooks
  if (!guarded) diagnose('NP708', { release: release.title, carrier: `${carrier.kind} ${carrier.name}`, command: lookUp({ policies, namespace }) })
  return blockLines({ policies, carrier, replaced: removed, guarded, namespace })
}

/** The new text; the old one where it says the same already, and for a check. */
function edited(release: HelmRelease, site: Site, lines: readonly string[], check: boolean, { diagnose }: Diagnostics): string | undefined {
  const { text, name } = release.source
  const wanted = itemsOf(lines)
  const found = differences(site.own, wanted)
  if (found.length === 0) return text
  if (check) {
    diagnose('NP707', { release: release.title, differences: found, file: name })
    return text
  }
  const changed = attempt(release, () => (lines.length === 0 ? site.take() : site.put(lines)), diagnose)
  if (changed === undefined) return undefined
  const lost = lines.length === 0 ? [] : lostComments(site.own, wanted)
  if (lost.length > 0) diagnose('NP712', { release: release.title, lost })
  if (!saysOnly(changed, release, site, wanted)) {
    diagnose('NP702', { release: release.title, problem: 'is written in a way in which the block cannot be put in without changing something else' })
  }
  return changed
}

function itemsOf(lines: readonly string[]): Json[] {
  if (lines.length === 0) return []
  const [tree] = readFully({ name: 'block', text: lines.join('\n'), firstLine: 0 }, { uniqueKeys: true })
  return tree?.kind === 'sequence' ? tree.items.map(toJson) : []
}

/** Whether the changed text says what the old one said, but for the block. */
function saysOnly(text: string, { source, tree }: HelmRelease, { before, others }: Site, wanted: readonly Json[]): boolean {
  const expected = [...others.slice(0, before), ...wanted, ...others.slice(before)]
  try {
    const then = readFully(source, { uniqueKeys: true })
    const now = readFully({ ...source, text }, { uniqueKeys: true })
    return (
      now.length === then.length &&
      now.every((changed, index) => {
        const old = then[index]
        if (old === undefined || old.start !== tree.start) return old !== undefined && canonical(toJson(changed)) === canonical(toJson(old))
        const items = at(changed, 'spec', 'postRenderers')
        const same = canonical(items === undefined ? [] : toJson(items)) === canonical(expected)
        return same && canonical(withoutPostRenderers(toJson(changed))) === canonical(withoutPostRenderers(toJson(old)))
      })
    )
  } catch (problem) {
    if (problem instanceof YamlProblem) return false
    throw problem
  }
}

function withoutPostRenderers(json: Json): Json {
  if (!isObject(json)) return json
  const { postRenderers: _, ...spec } = objectAt(json, 'spec')
  return { ...json, spec }
}
