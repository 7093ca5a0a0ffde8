import { Diagnostics } from '../diagnostics/collect.ts'
import type { Diagnostic } from '../diagnostics/collect.ts'
import type { Report } from '../report/report.ts'
import { valuesKind } from '../resources/kinds.ts'
import type { Resource } from '../resources/resource.ts'
import { run } from '../run.ts'
import type { Result } from '../run.ts'
import { version } from '../version.ts'
import { withConfig } from './config.ts'
import type { FunctionOptions } from './config.ts'
import type { Item } from './cut.ts'
import { isLocal, resourceOf, toDocuments } from './documents.ts'
import type { Documents, Finding } from './documents.ts'
import { policyDocuments } from './policies.ts'
import { readResourceList } from './read.ts'
import type { ResourceList } from './read.ts'
import { toResults } from './results.ts'
import { asItem, writeList } from './write.ts'

export interface FunctionAnswer {
  /** The ResourceList to write, with `results`: orchestrators read it after a failure as well. Undefined where stdin was none. */
  readonly output: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly report: Report
}

/** A KRM function's answer: the ResourceList with the policies of its items added; where something is wrong, with the items as they were. */
export async function answerResourceList(stream: Buffer, given: FunctionOptions): Promise<FunctionAnswer> {
  const told = new Diagnostics(given)
  const list = await readResourceList(stream, told.diagnose)
  if (list === undefined) return { output: undefined, diagnostics: told.all, report: { version, ok: false, enabled: false, diagnostics: told.all } }

  const options = withConfig(given, list.functionConfig, told.diagnose)
  const documents = await toDocuments(list)
  const result = await run(documents.stream, options)
  // Of a functionConfig that cannot be read it would only be said that it enables nothing.
  const untold = told.failed ? ['NP100', 'NP209'] : ['NP100']
  if (result.diagnostics.some(({ code }) => code === 'NP100')) told.diagnose('NP123', {})
  const further = result.diagnostics.filter(({ code }) => !untold.includes(code))
  const findings = await Promise.all([...told.all, ...further].map(diagnostic => find(diagnostic, documents)))
  const diagnostics = findings.map(({ diagnostic }) => diagnostic)
  const ok = !told.failed && result.output !== undefined
  const items = ok ? await newItems(list, documents, result) : list.items.map(({ text }) => text)
  return { output: writeList(list, items, toResults(findings, list.functionConfig)), diagnostics, report: { ...result.report, ok, diagnostics } }
}

async function find(diagnostic: Diagnostic, { locate }: Documents): Promise<Finding> {
  if (diagnostic.place === undefined) return { diagnostic, resource: undefined }
  const { place, resource } = await locate(diagnostic.place)
  return { diagnostic: { ...diagnostic, place }, resource }
}

/** The items' texts in order: those of an earlier run left out, the policies before their controller's. */
async function newItems({ items, column }: ResourceList, documents: Documents, result: Result): Promise<string[]> {
  const { weaving, facts } = result
  const leaving = new Map<Item, Resource>()
  for (const index of weaving.removed) {
    const item = documents.items[index]
    const resource = item === undefined ? undefined : await resourceOf(item)
    if (item !== undefined && resource !== undefined && !isKept(resource)) leaving.set(item, resource)
  }
  const staying = items.filter(item => !leaving.has(item))
  const policies = facts === undefined ? [] : await policyDocuments(facts, result.diagnostics, [...leaving.values()], staying)
  const inserted = policies.map(document => asItem(document, column))
  const before = weaving.before === undefined ? undefined : documents.items[weaving.before.index]
  return [
    ...items.flatMap(item => [...(item === before ? inserted : []), ...(leaving.has(item) ? [] : [item.text])]),
    ...(before === undefined ? inserted : []),
  ]
}

/** Values that a chart rendered must not reach the cluster; those in a file of the user's must not vanish from it. */
function isKept(resource: Resource): boolean {
  return resource.kind === valuesKind && isLocal(resource)
}
