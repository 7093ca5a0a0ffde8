import { basename } from 'node:path'
import * as assert from 'uvu/assert'
import { apply, createNamespace, startCluster } from '../cluster/server.ts'
import { pathOf } from '../cluster/policies.ts'
import { engines } from '../flows/model.ts'
import type { Engine } from '../flows/model.ts'
import { CONTROLLER, NAMESPACE, renderChart } from '../flows/subjects.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { at, manifests, text } from '../harness/manifest.ts'
import type { Manifest, Value } from '../harness/manifest.ts'
import type { Part } from '../harness/part.ts'
import { postRender } from '../harness/postrender.ts'
import { run } from '../harness/proc.ts'
import type { Ran } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { folderOf, transformer, withChart, withStream } from './folder.ts'
import { throughKpt } from './kpt.ts'

/** kustomize runs executables only with both. */
export const FLAGS = ['--enable-alpha-plugins', '--enable-exec']

export const krm: Part = {
  name: 'krm',
  about: 'the KRM function under real kustomize, plain and after helmCharts, and under kpt',
  async run(report, judges) {
    const stream = await renderChart(judges.path('helm4'), {})
    const build = (folder: string, flags: readonly string[] = FLAGS): Promise<Ran> =>
      run(judges.path('kustomize'), ['build', ...flags, folder], { env: helmEnvironment(scratch('krm-helm')) })
    const built = new Map<Engine, string>()
    // kustomize sorts keys, and a Calico selector has its terms in the order of the labels: the filter gets what kustomize writes.
    const { stdout: sorted } = await succeeded(build(withStream(stream, transformer({ enabled: false }))))
    for (const engine of engines) {
      await report.check(`${engine}: the policies are those of the filter, and a second build changes nothing`, async () => {
        const { stdout } = await succeeded(build(withStream(stream, transformer(block(engine)))))
        assert.equal(policiesOf(stdout), policiesOf((await postRender(sorted, { networkPolicy: block(engine) })).stdout))
        assert.is(policiesOf(stdout).length, 2)
        const again = await succeeded(build(withStream(stdout, transformer(block(engine)))))
        assert.is(again.stdout, stdout)
        built.set(engine, stdout)
      })
    }
    await report.check('nothing but the policies is added', async () => {
      assert.equal(othersOf(built.get('cilium') ?? ''), othersOf(sorted))
      assert.is(policiesOf(sorted).length, 0)
    })
    await report.check('the policies are made for the names, namespace and labels that the kustomization gives', async () => {
      const more = { namePrefix: 'pre-', namespace: 'other', labels: [{ pairs: { team: 'a' }, includeSelectors: true }] }
      const { stdout } = await succeeded(build(withStream(stream, transformer({ enabled: true, engine: 'cilium' }), more)))
      const [policy] = policiesOf(stdout)
      assert.is(text(at(policy, 'metadata', 'name')), `pre-${CONTROLLER}`)
      assert.is(text(at(policy, 'metadata', 'namespace')), 'other')
      assert.is(text(at(policy, 'spec', 'endpointSelector', 'matchLabels', 'team')), 'a')
    })
    await report.check('an overlay above the function changes selectors of NetworkPolicy alone', async () => {
      for (const [engine, selector, label] of [
        ['kubernetes', 'podSelector', 'changed'],
        ['cilium', 'endpointSelector', CONTROLLER],
      ] as const) {
        const base = withStream(stream, transformer({ enabled: true, engine }))
        const labels = [{ pairs: { 'app.kubernetes.io/name': 'changed' }, includeSelectors: true }]
        const overlay = folderOf({ 'kustomization.yaml': { resources: [`../${basename(base)}`], labels } })
        const [policy] = policiesOf((await succeeded(build(overlay))).stdout)
        assert.is(text(at(policy, 'spec', selector, 'matchLabels', 'app.kubernetes.io/name')), label)
      }
    })
    await throughCharts(report, judges)
    await withoutFlags(report, stream, build)
    await failing(report, stream, build)
    await throughKpt(report, stream)
    await accepted(report, judges, built)
  },
}

const block = (engine: Engine): object => ({ enabled: true, engine, namespace: NAMESPACE, egress: { enabled: true }, defaultDeny: { enabled: true } })

const isOurs = ({ body }: Manifest): boolean => text(at(body, 'metadata', 'annotations', 'helm-netpol/policy')) !== undefined

/** Bodies by name, as kustomize sorts both the objects and their keys. */
const bodies = (found: readonly Manifest[]): Value[] =>
  [...found].sort((one, other) => `${one.kind}/${one.name}`.localeCompare(`${other.kind}/${other.name}`)).map(({ body }) => body)
export const policiesOf = (stream: string): Value[] => bodies(manifests(stream).filter(isOurs))
export const othersOf = (stream: string): Value[] => bodies(manifests(stream).filter(manifest => !isOurs(manifest)))

/** A build that has to succeed. */
async function succeeded(building: Promise<Ran>): Promise<Ran> {
  const ran = await building
  if (ran.code !== 0) throw new Error(`exit ${ran.code}\n${ran.stderr}`)
  return ran
}

/** kustomize renders the chart, and the values of the chart serve the function too. */
async function throughCharts(report: Report, judges: Judges): Promise<void> {
  for (const name of ['helm4', 'helm3'] as const) {
    if (!judges.has(name)) {
      report.skip(1, `helmCharts of ${name}: it is missing`)
      continue
    }
    const flags = ['build', ...FLAGS, '--enable-helm', '--helm-command', judges.path(name)]
    await report.check(`helmCharts of ${name}: the policies are those of the filter`, async () => {
      const folder = withChart(transformer(undefined, { args: ['--values=values.json'] }), { 'values.json': { networkPolicy: block('cilium') } })
      const { stdout } = await succeeded(run(judges.path('kustomize'), [...flags, folder], { env: helmEnvironment(scratch('krm-helm')) }))
      const filtered = await postRender(await renderChart(judges.path(name), {}), { networkPolicy: block('cilium') })
      assert.equal(policiesOf(stdout), policiesOf(filtered.stdout))
      assert.is(policiesOf(stdout).length, 2)
    })
  }
}

type Build = (folder: string, flags?: readonly string[]) => Promise<Ran>

/** As the documentation says it. */
async function withoutFlags(report: Report, stream: string, build: Build): Promise<void> {
  const folder = withStream(stream, transformer(block('kubernetes')))
  await report.check('without --enable-exec the function is skipped in silence', async () => {
    const { stdout, stderr } = await succeeded(build(folder, ['--enable-alpha-plugins']))
    assert.is(policiesOf(stdout).length, 0)
    assert.ok(othersOf(stdout).length > 10)
    assert.is(stderr, '')
  })
  await report.check('without --enable-alpha-plugins the build fails', async () => {
    for (const flags of [[], ['--enable-exec']]) {
      const { code, stdout, stderr } = await build(folder, flags)
      assert.is(code, 1)
      assert.is(stdout, '')
      assert.match(stderr, 'external plugins disabled')
    }
  })
}

async function failing(report: Report, stream: string, build: Build): Promise<void> {
  await report.check('a mistake fails the build and is shown', async () => {
    const { code, stdout, stderr } = await build(withStream(stream, transformer({ enabled: true, engine: 'cillium' })))
    assert.is(code, 1)
    assert.is(stdout, '')
    assert.match(stderr, /NP206.*did you mean cilium/is)
  })
  await report.check('warnings are shown, and strict makes them errors', async () => {
    const warned = await succeeded(build(withStream(stream, transformer(block('kubernetes')))))
    assert.match(warned.stderr, 'warning NP')
    for (const exec of [{ args: ['--strict'] }, { envs: ['HELM_NETPOL_STRICT=true'] }]) {
      const { code } = await build(withStream(stream, transformer(block('kubernetes'), exec)))
      assert.is(code, 1)
    }
  })
}

async function accepted(report: Report, judges: Judges, built: ReadonlyMap<Engine, string>): Promise<void> {
  judges.path('testcluster')
  const cluster = await startCluster(judges)
  try {
    await createNamespace(cluster.call, NAMESPACE)
    for (const [engine, stream] of built) {
      for (const { name, body } of manifests(stream).filter(isOurs)) {
        await report.check(`${engine}: the API server takes ${name}`, () => apply(cluster.call, pathOf(engine, NAMESPACE, name), JSON.stringify(body), true))
      }
    }
  } finally {
    await cluster.stop()
  }
}
