import * as assert from 'uvu/assert'
import { engineOf, pathOf, stored } from '../cluster/policies.ts'
import { ok } from '../cluster/releases.ts'
import { createNamespace } from '../cluster/server.ts'
import type { Cluster } from '../cluster/server.ts'
import { engines } from '../flows/model.ts'
import type { Engine } from '../flows/model.ts'
import { at } from '../harness/manifest.ts'
import type { Manifest, Value } from '../harness/manifest.ts'
import { chartFolder } from '../harness/paths.ts'
import type { Report } from '../harness/report.ts'
import { filtered, helmRelease, isPolicy, objects, strategies } from './controller.ts'
import type { Flux, Strategy } from './controller.ts'

/** One life of a release for each engine and strategy; the whole of it where hooks come along. */
export async function lives(report: Report, flux: Flux, cluster: Cluster): Promise<void> {
  for (const [index, engine] of engines.entries()) {
    const other = engines[(index + 1) % engines.length] ?? engine
    for (const strategy of strategies) {
      const namespace = `flux-${engine.toLowerCase()}-${strategy}`
      await report.check(`${engine}, ${strategy}: dry run, install, drift, upgrade, uninstall`, async () => {
        await createNamespace(cluster.call, namespace)
        try {
          await life(flux, cluster, { engine, other, strategy, namespace })
        } finally {
          await flux.uninstall('demo', namespace)
        }
        assert.equal(await counts(cluster), none, 'policies after uninstall')
      })
    }
  }
}

interface Life {
  engine: Engine
  other: Engine
  strategy: Strategy
  namespace: string
}

const valuesOf = (engine: Engine): object => ({ networkPolicy: { enabled: true, engine, defaultDeny: { enabled: true }, egress: { enabled: true } } })

async function life(flux: Flux, cluster: Cluster, { engine, other, strategy, namespace }: Life): Promise<void> {
  const chart = chartFolder()
  const stream = await flux.render('demo', namespace, chart)
  const bare = helmRelease({ namespace, strategy, values: valuesOf(engine) })
  const written = ok(await flux.netpol(bare, stream), 'helm-netpol flux').stdout

  const plain = objects(ok(await flux.controller('dryrun', bare, chart), 'dry run without the block').stdout)
  const dry = objects(ok(await flux.controller('dryrun', written, chart), 'dry run').stdout)
  const wanted = await filtered(stream, valuesOf(engine))
  assert.is(wanted.length, 2, 'allowlist and default deny')
  assert.equal(sorted(dry.filter(isPolicy)), sorted(wanted), 'the policies are those of the filter')
  assert.equal(sorted(dry.filter(object => !isPolicy(object))), sorted(plain), "the chart's own objects are as they were")

  ok(await flux.controller('install', written, chart), 'install')
  assert.equal(await counts(cluster), { ...none, [engine]: 2 }, 'policies after install')
  for (const policy of wanted) assert.is(await specOf(cluster, policy, namespace), canonical(at(policy.body, 'spec') ?? null), `${policy.name} is stored as the filter writes it`)
  const calm = ok(await flux.controller('diff', written, chart), 'drift').stdout
  assert.not.match(calm, /^(create|update|exclude)/m)
  for (const { name, kind } of wanted) assert.match(calm, new RegExp(`^inventory \\w*\\S*${name}_\\S*_${kind} `, 'm'), `${name} is in the inventory`)

  const [first] = wanted
  if (first === undefined) throw new Error('no policy')
  await cluster.call('DELETE', pathOf(engineIn(first), namespace, first.name))
  assert.match(ok(await flux.controller('diff', written, chart), 'drift').stdout, new RegExp(`^create \\S+ Kind=${first.kind} ${first.name} `, 'm'), 'a deleted policy is drift')

  const stale = written.replace(JSON.stringify(valuesOf(engine)), JSON.stringify(valuesOf(other)))
  assert.is((await flux.netpol(stale, stream, ['--check'])).code, 1, 'the block of the other engine is stale')
  const fresh = ok(await flux.netpol(stale, stream), 'helm-netpol flux').stdout
  assert.is((await flux.netpol(fresh, stream, ['--check'])).code, 0, 'the new block is current')
  ok(await flux.controller('upgrade', fresh, chart), 'upgrade')
  assert.equal(await counts(cluster), { ...none, [other]: 2 }, 'policies after the upgrade to another engine')

  const off = ok(await flux.netpol(fresh.replace('"enabled":true,"engine"', '"enabled":false,"engine"'), stream), 'helm-netpol flux').stdout
  ok(await flux.controller('upgrade', off, chart), 'upgrade without')
  assert.equal(await counts(cluster), none, 'policies after they are switched off')
  ok(await flux.controller('upgrade', fresh, chart), 'upgrade with them again')
  assert.equal(await counts(cluster), { ...none, [other]: 2 }, 'policies before uninstall')
}

const none: Record<Engine, number> = { kubernetes: 0, cilium: 0, calico: 0, clusterNetworkPolicy: 0 }

async function counts(cluster: Cluster): Promise<Record<Engine, number>> {
  const all = await stored(cluster.call)
  return { ...none, ...Object.fromEntries(engines.map(engine => [engine, all[engine].length])) }
}

const engineIn = ({ apiVersion }: Manifest): Engine => {
  const engine = engineOf(apiVersion)
  if (engine === undefined) throw new Error(`${apiVersion} is no engine's`)
  return engine
}

/** The spec of a stored policy, as far as the filter writes it: Calico's CRD fills in a tier. */
async function specOf(cluster: Cluster, policy: Manifest, namespace: string): Promise<string> {
  const { status, body } = await cluster.call('GET', pathOf(engineIn(policy), namespace, policy.name))
  assert.is(status, 200, `${policy.name} is not stored`)
  const wanted = at(policy.body, 'spec')
  if (wanted === null || typeof wanted !== 'object' || Array.isArray(wanted)) throw new Error(`${policy.name} has no spec`)
  return canonical(Object.fromEntries(Object.keys(wanted).map(key => [key, at(body, 'spec', key) ?? null])))
}

const sorted = (all: readonly Manifest[]): string[] => all.map(({ body }) => canonical(body)).sort()

function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`
}
