import { Diagnostics } from '../../../src/diagnostics/collect.ts'
import { mergedValues } from '../../../src/values/load.ts'
import { toJson } from '../../../src/yaml/tree.ts'
import type { Case, Verdict } from './case.ts'

/** What the code under test makes of a case. */
export async function ours({ files, expressions }: Case): Promise<Verdict> {
  const diagnostics = new Diagnostics({ strict: false, root: 'networkPolicy' })
  const values = await mergedValues(
    undefined,
    {
      root: 'networkPolicy',
      files: files.map((text, index) => ({ path: `${index}.yaml`, text })),
      sets: expressions.map(({ kind, text }) => ({ kind, source: { name: `--${kind}`, text, firstLine: 0 } })),
    },
    diagnostics.diagnose,
  )
  return diagnostics.failed ? { refused: diagnostics.all.map(({ message }) => message).join('; ') } : { values: toJson(values) }
}
