import { posix } from 'node:path'
import type { Diagnostic } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import { policyAnnotation } from '../engines/metadata.ts'
import { writePolicies } from '../policies/render.ts'
import { headComment } from '../report/head-comment.ts'
import type { Facts } from '../run.ts'
import type { Resource } from '../resources/resource.ts'
import { objectAt, textOf } from '../yaml/json.ts'
import { fileOf, placedLike } from './annotations.ts'

/** The policies as documents, each with the annotations that name its file. `replaced` are those that leave. */
export function policyDocuments({ policies, plan, settings }: Facts, diagnostics: readonly Diagnostic[], replaced: readonly Resource[]): string[] {
  const placed = policies.map(policy => {
    const owner = ownerOf(policy)
    const { workload } = plan.allowlists.find(allowlist => allowlist.owner === owner) ?? {}
    return workload === undefined ? policy : withAnnotations(policy, fileAnnotations(policy, workload.resource, replaced))
  })
  return writePolicies(placed, headComment(settings.engine, diagnostics))
    .split(/^---\n/m)
    .filter(text => text !== '')
}

function ownerOf({ manifest }: Policy): string | undefined {
  return textOf(objectAt(objectAt(manifest, 'metadata'), 'annotations')[policyAnnotation]).split('/')[1]
}

/** The file of the policy whose place it takes; else one of its own beside the workload's, named as kyaml would. */
function fileAnnotations({ manifest }: Policy, workload: Resource, replaced: readonly Resource[]): Record<string, string> {
  const kind = textOf(manifest['kind'])
  const name = textOf(objectAt(manifest, 'metadata')['name'])
  const earlier = replaced.find(resource => resource.kind === kind && resource.name === name)
  const kept = earlier === undefined ? undefined : fileOf(earlier.annotations)
  if (earlier !== undefined && kept !== undefined) return placedLike(earlier.annotations, kept)
  const beside = fileOf(workload.annotations)
  if (beside === undefined) return {}
  return placedLike(workload.annotations, { path: posix.join(posix.dirname(beside.path), `${kind.toLowerCase()}_${name}.yaml`), index: 0 })
}

function withAnnotations(policy: Policy, added: Record<string, string>): Policy {
  const metadata = objectAt(policy.manifest, 'metadata')
  return { ...policy, manifest: { ...policy.manifest, metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), ...added } } } }
}
