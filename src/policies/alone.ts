import type { Diagnose } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import { objectAt, textOf } from '../yaml/json.ts'

/** Policies for a place beside the release: Helm fills in no namespace there. `namespace` is the release's, undefined where it is not known. */
export function withNamespace(policies: readonly Policy[], namespace: string | undefined, diagnose: Diagnose): Policy[] {
  return policies.map(policy => {
    const { name = '', ...metadata } = objectAt(policy.manifest, 'metadata')
    if (textOf(metadata['namespace']) !== '') return policy
    if (namespace === undefined) diagnose('NP605', { policy: `${textOf(policy.manifest['kind'])} ${textOf(name)}` })
    return { ...policy, manifest: { ...policy.manifest, metadata: { name, namespace: namespace ?? '', ...metadata } } }
  })
}
