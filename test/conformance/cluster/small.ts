import { cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { at, manifests, text } from '../harness/manifest.ts'
import type { Manifest } from '../harness/manifest.ts'
import { suite } from '../harness/paths.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'
import type { Helm } from './helms.ts'
import { stored } from './policies.ts'
import { ok, tidily } from './releases.ts'
import { createNamespace, until } from './server.ts'
import type { Cluster } from './server.ts'

/** A chart whose names derive from the release, with a hook, a test and a CRD. */
export const smallFolder = join(suite, 'cluster', 'small')

const values = { networkPolicy: { enabled: true, engine: 'cilium', defaultDeny: { enabled: true } } }

export async function smallChart(report: Report, any: Helm, cluster: Cluster): Promise<void> {
  const helm = any.of(smallFolder)
  const check = (title: string, work: (namespace: string) => Promise<void>, releases: readonly string[] = ['demo']): Promise<boolean> =>
    report.check(`${helm.name}: ${title}`, () =>
      tidily(helm, releases, `small-${helm.version}-${title.replaceAll(/[^a-z]+/g, '-')}`.slice(0, 60).replace(/-$/, ''), async namespace => {
        await createNamespace(cluster.call, namespace)
        await work(namespace)
      }),
    )
  await check('two releases in a namespace have a policy each', namespace => two(helm, cluster, namespace), ['one', 'two'])
  await check('test pods are created and are hooks', namespace => tests(helm, cluster, namespace))
  await check('crds are shown beside the policies', namespace => crds(helm, namespace))
  await check('one template is shown alone', namespace => showOnly(helm, namespace))
  await check('a chart with the line ends of another system', namespace => lineEnds(helm, namespace))
}

async function two(helm: Helm, cluster: Cluster, namespace: string): Promise<void> {
  const mine = { networkPolicy: { enabled: true } }
  for (const release of ['one', 'two']) ok(await helm.render('install', release, namespace, mine), `install ${release}`)
  const names = async (): Promise<(string | undefined)[]> => (await stored(cluster.call)).kubernetes.map(policy => text(at(policy, 'metadata', 'name')))
  assert.equal(await names(), ['one-controller', 'two-controller'])
  const changed = { ...mine, metrics: 9090 }
  ok(await helm.render('upgrade', 'two', namespace, changed), 'upgrade of the second')
  assert.equal(await names(), ['one-controller', 'two-controller'], 'after the upgrade of the second')
  ok(await helm.run(['uninstall', 'two', '-n', namespace]), 'uninstall of the second')
  assert.equal(await names(), ['one-controller'], 'the first one stays')
}

/** There is no kubelet: we say that the pod has succeeded. */
async function tests(helm: Helm, cluster: Cluster, namespace: string): Promise<void> {
  ok(await helm.render('install', 'demo', namespace, values), 'install')
  assert.is((await stored(cluster.call)).cilium.length, 2, 'allowlist and default deny')
  const hooks = ok(await helm.run(['get', 'hooks', 'demo', '-n', namespace]), 'get hooks').stdout
  assert.equal(
    manifests(hooks)
      .map(({ name }) => name)
      .sort(),
    ['demo-ping', 'demo-prepare'],
    'hooks',
  )
  const pod = `/api/v1/namespaces/${namespace}/pods/demo-ping`
  const testing = helm.run(['test', 'demo', '-n', namespace, '--timeout', '60s'])
  await until(
    'the test pod is there',
    30_000,
    async () => (await cluster.call('GET', pod)).status === 200,
    () => '',
  )
  const patched = await cluster.call('PATCH', `${pod}/status`, { type: 'application/merge-patch+json', text: '{"status":{"phase":"Succeeded"}}' })
  assert.is(patched.status, 200, JSON.stringify(patched.body))
  ok(await testing, 'helm test')
  assert.is((await stored(cluster.call)).cilium.length, 2, 'the policies are still there')
  ok(await helm.run(['uninstall', 'demo', '-n', namespace]), 'uninstall')
  assert.is((await stored(cluster.call)).cilium.length, 0, 'and gone with the release')
}

async function crds(helm: Helm, namespace: string): Promise<void> {
  const shown = ok(await helm.render('template', 'demo', namespace, values, ['--include-crds']), 'template --include-crds').stdout
  assert.is(manifests(shown).filter(({ kind }) => kind === 'CustomResourceDefinition').length, 1, 'the CRD')
  assert.is(ourPolicies(shown).length, 2, 'the policies')
}

/** Helm 4 gives every document a file: the policies have one of their own beside the controller's. Helm 3 knows templates only. */
async function showOnly(helm: Helm, namespace: string): Promise<void> {
  const show = (file: string): ReturnType<Helm['render']> => helm.render('template', 'demo', namespace, values, ['--show-only', file])
  const kinds = (stream: string): string[] => manifests(stream).map(({ kind }: Manifest) => kind)
  assert.equal(kinds(ok(await show('templates/controller.yaml'), '--show-only the controller').stdout), ['Deployment'])
  const policies = await show('templates/helm-netpol.yaml')
  if (helm.version === 4) assert.equal(kinds(ok(policies, '--show-only the policies').stdout), ['CiliumNetworkPolicy', 'CiliumNetworkPolicy'])
  else assert.match(policies.stderr, /could not find template/)
}

async function lineEnds(helm: Helm, namespace: string): Promise<void> {
  const folder = join(scratch('line ends'), `chart-${helm.version}`)
  cpSync(smallFolder, folder, { recursive: true })
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name)
    if (statSync(file).isFile()) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'))
  }
  const other = helm.of(folder)
  const plain = ok(await other.plain('template', 'demo', namespace, values), 'template without us').stdout
  const through = ok(await other.render('template', 'demo', namespace, values), 'template').stdout
  assert.is(ourPolicies(through).length, 2, 'the policies')
  const bodies = (stream: string): string[] =>
    manifests(stream)
      .filter(({ kind }) => kind !== 'CiliumNetworkPolicy')
      .map(({ body }) => JSON.stringify(body))
      .sort()
  assert.equal(bodies(through), bodies(plain), "the chart's own objects")
  ok(await other.render('install', 'demo', namespace, values), 'install')
}
