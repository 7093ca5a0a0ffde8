import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { chartFolder } from '../harness/paths.ts'
import type { Judges } from '../harness/judges.ts'
import { manifests } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { pool } from '../harness/pool.ts'
import { valuesFile } from '../harness/postrender.ts'
import { must, run } from '../harness/proc.ts'
import type { Ran } from '../harness/proc.ts'
import { helmEnvironment, helm3PostRenderer } from '../harness/helm.ts'
import { product } from '../harness/product.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'
import type { Scenario } from './model.ts'
import { render, valuesOf } from './render.ts'
import { NAMESPACE, RELEASE } from './subjects.ts'

const EVERY = 19

/** A part of the scenarios goes the whole way through both Helms; the policies have to be those of the fast way. */
export async function throughHelm(report: Report, judges: Judges, all: readonly Scenario[]): Promise<void> {
  const chart = chartFolder()
  const some = all.filter(({ subject }, index) => subject.id === 'chart' && index % EVERY === 0)
  const env = helmEnvironment(scratch('helm4-template'))
  await must(judges.path('helm4'), ['plugin', 'install', product()], { env })

  const helm4 = (values: string): Promise<Ran> =>
    run(
      judges.path('helm4'),
      ['template', RELEASE, chart, '-n', NAMESPACE, '-f', values, '--post-renderer', 'netpol', '--post-renderer-args', '-f', '--post-renderer-args', values],
      { env },
    )
  const withHelm3 = judges.has('helm3')
  if (!withHelm3) report.skip(some.length, 'rendering with Helm 3: helm3 is missing')
  const wrapper = helm3PostRenderer(scratch('helm3-template'))
  const helm3 = (values: string): Promise<Ran> =>
    run(
      judges.path('helm3'),
      ['template', RELEASE, chart, '-n', NAMESPACE, '-f', values, '--post-renderer', wrapper, '--post-renderer-args', '-f', '--post-renderer-args', values],
      {
        env: helmEnvironment(join(scratch('helm3-template'), 'home')),
      },
    )

  await pool(some, 2, async scenario => {
    const values = valuesFile(valuesOf(scenario))
    const direct = policiesOf((await render(scenario)).output)
    for (const [name, helm] of [['Helm 4', helm4], ...(withHelm3 ? [['Helm 3', helm3] as const] : [])] as const) {
      await report.check(`${scenario.id} through ${name}`, async () => {
        const ran = await helm(values)
        if (ran.code !== 0) throw new Error(ran.stderr)
        assert.equal(policiesOf(ran.stdout), direct, `the policies through ${name} differ from those of the filter alone`)
      })
    }
  })
  report.say(`  ${some.length} scenarios compared through real Helm 4${withHelm3 ? ' and Helm 3' : ''}`)
}

/** Policies by content: Helm adds its own annotation and may order documents anew. */
function policiesOf(stream: string): Value[] {
  return ourPolicies(stream)
    .flatMap(piece => manifests(piece))
    .map(({ body }) => withoutHelms(body))
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
}

function withoutHelms(body: Value): Value {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return body
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]): [string, Value][] =>
      key === 'postrenderer.helm.sh/postrender-filename' ? [] : [[key, key === 'metadata' || key === 'annotations' ? withoutHelms(value) : value]],
    ),
  )
}
