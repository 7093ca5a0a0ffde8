import { appendFileSync, cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { pathOf } from '../cluster/policies.ts'
import { ok } from '../cluster/releases.ts'
import { apply, createNamespace } from '../cluster/server.ts'
import type { Cluster } from '../cluster/server.ts'
import { smallFolder } from '../cluster/small.ts'
import { at, manifests } from '../harness/manifest.ts'
import { must } from '../harness/proc.ts'
import { bundle } from '../harness/product.ts'
import { cleanEnvironment, valuesFile } from '../harness/postrender.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { helmRelease, isPolicy, objects } from './controller.ts'
import type { Flux, Strategy } from './controller.ts'

const values = { networkPolicy: { enabled: true } }
const namespace = 'flux-corners'

export async function corners(report: Report, flux: Flux, cluster: Cluster): Promise<void> {
  await createNamespace(cluster.call, namespace)
  await report.check('post-renderers of others, before and behind, work as before', () => others(flux))
  for (const strategy of ['combined', 'nohooks'] as const)
    await report.check(`a chart that no longer renders the carrier fails, ${strategy}`, async () => {
      const { code, stderr } = await renamed(flux, strategy)
      assert.is(code, 1)
      assert.match(stderr, 'no resource matches strategic merge patch "Deployment.v1.apps/demo-controller')
    })
  await report.check('with separate hooks it loses the policies in silence, as the warning says', async () => {
    const { code, stdout } = await renamed(flux, 'separate')
    assert.is(code, 0)
    assert.is(objects(stdout).filter(isPolicy).length, 0)
  })
  await report.check('a controller with a status leaves the carrying to a Service', () => carriedByService(flux))
  await report.check("a policy of the chart's own is replaced", () => replaced(flux))
  await report.check('a file with the line ends of another system', () => lineEnds(flux))
  await report.check('the policies alone, beside the release', () => beside(flux, cluster))
}

async function others(flux: Flux): Promise<void> {
  const stream = await flux.render('demo', namespace, smallFolder)
  const before = '    - kustomize: # the mirror\n        images:\n          - name: example.org/controller\n            newName: mirror.example.org/controller\n'
  const text = helmRelease({ namespace, values, more: `  postRenderers:\n${before}` })
  const behind = `    - kustomize:
        patches:
          - target: {kind: NetworkPolicy}
            patch: |
              - {op: add, path: /metadata/labels/team, value: stages}
`
  const written = ok(await flux.netpol(text, stream), 'helm-netpol flux').stdout
  assert.ok(written.includes(before), 'it is kept with its comment')
  const both = written.replace(/^    - kustomize: \{\}\n/m, pass => `${pass}${behind}`)
  const again = ok(await flux.netpol(both.replace('port: metrics', 'port: 1'), stream), 'helm-netpol flux').stdout
  assert.is(again, both, 'a stale block is replaced between the two')
  const found = objects(ok(await flux.controller('dryrun', again, smallFolder), 'dry run').stdout)
  const [policy] = found.filter(isPolicy)
  assert.is(at(policy?.body, 'metadata', 'labels', 'team'), 'stages', 'the patch behind ours sees the policy')
  const [deployment] = found.filter(({ kind }) => kind === 'Deployment')
  assert.is(at(deployment?.body, 'spec', 'template', 'spec', 'containers', 0, 'image'), 'mirror.example.org/controller:1', 'the image')
}

/** The block of one release name in a HelmRelease with another, after which the chart calls its Deployment. */
async function renamed(flux: Flux, strategy: Strategy): ReturnType<Flux['controller']> {
  const stream = await flux.render('demo', namespace, smallFolder)
  const written = ok(await flux.netpol(helmRelease({ namespace, values, strategy }), stream), 'helm-netpol flux')
  assert.is(written.stderr.includes('NP708'), strategy === 'separate', 'the warning is of separate hooks alone')
  return flux.controller('dryrun', written.stdout.replace('spec:\n', 'spec:\n  releaseName: other\n'), smallFolder)
}

/** The small chart with one template more. */
function chartWith(name: string, template: string): string {
  const folder = join(scratch('flux-charts'), name)
  cpSync(smallFolder, folder, { recursive: true })
  writeFileSync(join(folder, 'templates/more.yaml'), template)
  return folder
}

async function carriedByService(flux: Flux): Promise<void> {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: demo}\nspec: {selector: {app: demo}, ports: [{port: 80, targetPort: metrics}]}\n'
  const chart = chartWith('status', service)
  appendFileSync(join(chart, 'templates/controller.yaml'), 'status: {}\n')
  const stream = await flux.render('demo', namespace, chart)
  const written = ok(await flux.netpol(helmRelease({ namespace, values }), stream), 'helm-netpol flux').stdout
  assert.match(written, /target:\n +version: v1\n +kind: Service\n +name: demo\n/)
  const found = objects(ok(await flux.controller('dryrun', written, chart), 'dry run').stdout)
  assert.is(found.filter(isPolicy).length, 1, 'one policy')
  assert.is(found.filter(({ kind }) => kind === 'Service').length, 1, 'the Service itself')
}

async function replaced(flux: Flux): Promise<void> {
  const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: demo-controller}\nspec: {podSelector: {}}\n'
  const chart = chartWith('policy', policy)
  const stream = await flux.render('demo', namespace, chart)
  const text = helmRelease({ namespace, values: { networkPolicy: { enabled: true, replace: true } } })
  const written = ok(await flux.netpol(text, stream), 'helm-netpol flux').stdout
  const found = objects(ok(await flux.controller('dryrun', written, chart), 'dry run').stdout).filter(({ kind }) => kind === 'NetworkPolicy')
  assert.equal(
    found.map(object => [object.name, isPolicy(object)]),
    [['demo-controller', true]],
  )
}

async function lineEnds(flux: Flux): Promise<void> {
  const stream = await flux.render('demo', namespace, smallFolder)
  const text = helmRelease({ namespace, values }).replaceAll('\n', '\r\n')
  const written = ok(await flux.netpol(text, stream), 'helm-netpol flux').stdout
  assert.is(objects(ok(await flux.controller('dryrun', written, smallFolder), 'dry run').stdout).filter(isPolicy).length, 1)
}

async function beside(flux: Flux, cluster: Cluster): Promise<void> {
  const stream = await flux.render('demo', namespace, smallFolder)
  const alone = await must(process.execPath, [bundle(), '--only-policies', '-n', namespace, '-f', valuesFile(values)], { input: stream, env: cleanEnvironment })
  const policies = manifests(alone)
  assert.is(policies.length, 1)
  for (const { body, name } of policies) await apply(cluster.call, pathOf('kubernetes', namespace, name), JSON.stringify(body))
  const { status } = await cluster.call('DELETE', pathOf('kubernetes', namespace, 'demo-controller'))
  assert.is(status, 200, 'it was stored in the namespace of the release')
}
