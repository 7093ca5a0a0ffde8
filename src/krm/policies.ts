import type { Diagnostic } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import { writePolicies } from '../policies/render.ts'
import { headComment } from '../report/head-comment.ts'
import type { Facts } from '../run.ts'
import type { Resource } from '../resources/resource.ts'
import { objectAt } from '../yaml/json.ts'
import type { Item } from './cut.ts'
import { fileAnnotations } from './files.ts'

/** The policies as documents, each with the annotations that name its file. `replaced` are those that leave, `staying` all other items. */
export async function policyDocuments(
  facts: Facts,
  diagnostics: readonly Diagnostic[],
  replaced: readonly Resource[],
  staying: readonly Item[],
): Promise<string[]> {
  const files = await fileAnnotations(facts, replaced, staying)
  const placed = facts.policies.map((policy, index) => withAnnotations(policy, files[index] ?? {}))
  return writePolicies(placed, headComment(facts.settings.engine, diagnostics))
    .split(/^---\n/m)
    .filter(text => text !== '')
}

function withAnnotations(policy: Policy, added: Record<string, string>): Policy {
  const metadata = objectAt(policy.manifest, 'metadata')
  return { ...policy, manifest: { ...policy.manifest, metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), ...added } } } }
}
