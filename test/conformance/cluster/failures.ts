import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import type { Helm } from './helms.ts'
import { stored } from './policies.ts'
import { tidily } from './releases.ts'
import { createNamespace } from './server.ts'
import type { Cluster } from './server.ts'

/** A mistake in the values, and words without which the explanation would not be one. */
const MISTAKES: readonly { name: string; block: object; says: RegExp }[] = [
  { name: 'an unknown engine', block: { enabled: true, engine: 'weave' }, says: /weave[\s\S]*kubernetes[\s\S]*cilium[\s\S]*calico[\s\S]*clusterNetworkPolicy/ },
  { name: 'a misspelt key', block: { enabled: true, defaultDany: { enabled: true } }, says: /defaultDany[\s\S]*defaultDeny/ },
  { name: 'a bad CIDR', block: { enabled: true, egress: { enabled: true, apiserver: { cidrs: ['10.0.0.1/99'] } } }, says: /10\.0\.0\.1\/99/ },
]

/** What is wrong has to be read on the user's terminal, and nothing may be left behind. */
export async function failures(report: Report, helm: Helm, cluster: Cluster): Promise<void> {
  for (const [index, { name, block, says }] of MISTAKES.entries()) {
    const namespace = `failure-${helm.version}-${index}`
    await createNamespace(cluster.call, namespace)
    const values = { cleanupOnDelete: { enabled: false }, networkPolicy: block }
    for (const verb of ['template', 'install', 'upgrade'] as const)
      await report.check(`${helm.name}: ${name} is explained by ${verb}`, async () => {
        const ran = await helm.render(verb, 'demo', namespace, values, verb === 'upgrade' ? ['--install'] : [])
        assert.is.not(ran.code, 0, `exit 0 with a mistake in the values\n${ran.stdout.slice(0, 500)}`)
        if (!says.test(ran.stderr)) throw new Error(`no explanation that says ${String(says)}:\n${ran.stderr}`)
        assert.not.match(ran.stderr, /\n\s+at .*\.mjs:/, 'a stack trace is no explanation')
        await nothingLeft(helm, cluster, namespace)
      })
  }
  await report.check(`${helm.name}: a mistake in an upgrade leaves the release as it was`, () =>
    tidily(helm, ['demo'], `failed-upgrade-${helm.version}`, namespace => upgrade(helm, cluster, namespace)),
  )
  await report.check(`${helm.name}: a values file that is not YAML is named with its line`, () => notYaml(helm))
}

async function nothingLeft(helm: Helm, cluster: Cluster, namespace: string): Promise<void> {
  const history = await helm.run(['history', 'demo', '-n', namespace])
  assert.is.not(history.code, 0, `a revision was left:\n${history.stdout}`)
  assert.match(history.stderr, /not found/)
  const { status } = await cluster.call('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/stageset-controller`)
  assert.is(status, 404, 'nothing of the chart is in the cluster')
}

async function upgrade(helm: Helm, cluster: Cluster, namespace: string): Promise<void> {
  await createNamespace(cluster.call, namespace)
  const good = { cleanupOnDelete: { enabled: false }, networkPolicy: { enabled: true } }
  const first = await helm.render('install', 'demo', namespace, good)
  assert.is(first.code, 0, first.stderr)
  const bad = await helm.render('upgrade', 'demo', namespace, { ...good, networkPolicy: { enabled: true, engine: 'weave' } })
  assert.is.not(bad.code, 0, 'the upgrade has to fail')
  const history = await helm.run(['history', 'demo', '-n', namespace, '-o', 'json'])
  assert.is(history.stdout.match(/"revision":/g)?.length, 1, `one revision:\n${history.stdout}`)
  assert.is((await stored(cluster.call)).kubernetes.length, 1, 'the policy is still there')
  const gone = await helm.run(['uninstall', 'demo', '-n', namespace])
  assert.is(gone.code, 0, gone.stderr)
}

async function notYaml(helm: Helm): Promise<void> {
  const file = join(scratch('failures'), 'broken.yaml')
  writeFileSync(file, 'networkPolicy:\n  enabled: true\n  metrics: {from: [\n')
  const ran = await helm.render('template', 'demo', 'default', {}, ['--post-renderer-args', '-f', '--post-renderer-args', file])
  assert.is.not(ran.code, 0)
  if (!/broken\.yaml:\d+/.test(ran.stderr)) throw new Error(`no line of the file in:\n${ran.stderr}`)
}
