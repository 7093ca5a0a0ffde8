import type { Diagnose } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import { policyAnnotation } from '../engines/metadata.ts'
import { placeIn, templateAnnotation, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { isObject, objectAt } from '../yaml/json.ts'
import { toJson } from '../yaml/tree.ts'
import type { Json } from '../yaml/tree.ts'
import { canonical } from './differences.ts'

/** Policies of the stream with our annotation: from a chart they are taken out, and what we write now shows a stream that was filtered already. */
export function tellMarked(removed: readonly Resource[], policies: readonly Policy[], diagnose: Diagnose): void {
  const written = policies.map(({ manifest }) => comparable(manifest))
  for (const policy of removed.filter(({ annotations }) => annotations[policyAnnotation] !== undefined)) {
    if (written.includes(comparable(toJson(policy.tree)))) diagnose('NP710', { policy: title(policy) }, placeIn(policy))
    else diagnose('NP711', { policy: title(policy) }, placeIn(policy))
  }
}

/** The file that Helm 4 sorts a document into says nothing of the policy. */
function comparable(json: Json): string {
  if (!isObject(json)) return canonical(json)
  const metadata = objectAt(json, 'metadata')
  const { [templateAnnotation]: _, ...annotations } = objectAt(metadata, 'annotations')
  return canonical({ ...json, metadata: { ...metadata, annotations } })
}
