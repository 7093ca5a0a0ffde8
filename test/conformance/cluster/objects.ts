import { render } from '../flows/render.ts'
import { chosen } from '../flows/scenarios.ts'
import { at, manifests, text } from '../harness/manifest.ts'
import type { Part } from '../harness/part.ts'
import { pool } from '../harness/pool.ts'
import { ourPolicies } from '../harness/stream.ts'
import { engineOf, pathOf } from './policies.ts'
import { apply, createNamespace, startCluster } from './server.ts'

interface Seen {
  source: string
  scenario: string
}

/** Every distinct policy of the flows part has to be an object that the API server takes, to the last field. */
export const objects: Part = {
  name: 'objects',
  about: 'every distinct policy server-side applied with strict field validation',
  async run(report, judges) {
    const helm = judges.path('helm4')
    judges.path('testcluster')
    const distinct = new Map<string, Seen>()
    await pool(chosen(report, helm), 2, async scenario => {
      const { output, code, said } = await render(scenario)
      if (code !== 0) return report.fail(`${scenario.id}: the post-renderer failed (exit ${code})`, said)
      for (const source of ourPolicies(output)) distinct.set(source, { source, scenario: scenario.id })
    })
    if (distinct.size === 0) return report.fail('there is no policy to apply')
    const cluster = await startCluster(judges)
    try {
      const namespaces = new Set<string>()
      for (const { source } of distinct.values()) for (const { namespace } of manifests(source)) if (namespace !== undefined) namespaces.add(namespace)
      for (const namespace of namespaces) await createNamespace(cluster.call, namespace)
      await pool([...distinct.values()], 8, async ({ source, scenario }) => {
        const [policy] = manifests(source)
        const engine = engineOf(policy?.apiVersion)
        const name = text(at(policy?.body, 'metadata', 'name'))
        await report.check(`${scenario}: ${policy?.kind ?? 'a document'} ${name ?? ''}`, async () => {
          if (policy === undefined || engine === undefined || name === undefined) throw new Error(`not a policy of an engine:\n${source}`)
          await apply(cluster.call, pathOf(engine, policy.namespace ?? 'default', name), source, true)
        })
      })
      report.say(`  ${distinct.size} distinct policies applied`)
    } finally {
      await cluster.stop()
    }
  },
}
