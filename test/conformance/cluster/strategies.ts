import * as assert from 'uvu/assert'
import { at, list, manifests, parseJson, text } from '../harness/manifest.ts'
import type { Judges } from '../harness/judges.ts'
import { bundle } from '../harness/product.ts'
import { cleanEnvironment, valuesFile } from '../harness/postrender.ts'
import { must } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { smallFolder } from './small.ts'

const STRATEGIES = [
  { name: 'combined', streams: [['ConfigMap', 'ConfigMap', 'Deployment', 'Pod']] },
  {
    name: 'separate',
    streams: [
      ['ConfigMap', 'Pod'],
      ['ConfigMap', 'Deployment'],
    ],
  },
  { name: 'nohooks', streams: [['ConfigMap', 'Deployment']] },
] as const

/** Hooks together with the rest, apart from it, or not at all: whichever way Helm's library sends them, the release is the same. */
export async function strategies(report: Report, judges: Judges): Promise<void> {
  if (!judges.has('helm4-strategies')) return report.skip(STRATEGIES.length, "the post-render strategies of Helm 4's library")
  const program = judges.path('helm4-strategies')
  const values = join(scratch('strategies'), 'values.json')
  writeFileSync(values, '{}')
  const block = valuesFile({ networkPolicy: { enabled: true, defaultDeny: { enabled: true } } })
  for (const { name, streams } of STRATEGIES)
    await report.check(`Helm 4's library, strategy ${name}`, async () => {
      const found = parseJson(await must(program, [name, smallFolder, 'demo', 'small', values, process.execPath, bundle(), '-f', block], { env: cleanEnvironment }))
      const kinds = (stream: string): string[] =>
        manifests(stream)
          .map(({ kind }) => kind)
          .sort()
      assert.equal(
        list(at(found, 'streams')).map(stream => kinds(text(stream) ?? '')),
        streams,
        'what the post-renderer was handed',
      )
      assert.equal(kinds(text(at(found, 'manifest')) ?? ''), ['ConfigMap', 'Deployment', 'NetworkPolicy', 'NetworkPolicy'], 'the manifest')
      assert.equal(
        list(at(found, 'hooks'))
          .flatMap(hook => kinds(text(at(hook, 'manifest')) ?? ''))
          .sort(),
        ['ConfigMap', 'Pod'],
        'the hooks',
      )
    })
}
