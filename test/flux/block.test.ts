import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { engines } from '../../src/engines/registry.ts'
import { service, workload } from '../helpers/streams.ts'
import { runWith } from '../helpers/run.ts'
import { helmRelease, run, told, written } from './releases.ts'
import type { Given } from './releases.ts'

/** The post-renderers of a HelmRelease, the texts of their patches read. */
async function postRenderers(text: string, given: Given = {}): Promise<{ patch: unknown; target: unknown }[][]> {
  const { spec } = parse(await written(text, given))
  return spec.postRenderers.map(({ kustomize }: { kustomize: { patches?: { patch: string; target: unknown }[] } }) =>
    (kustomize.patches ?? []).map(({ patch, target }) => ({ patch: parse(patch, { version: '1.1' }), target })),
  )
}

for (const engine of Object.keys(engines)) {
  test(`${engine}: the policies of the patch are those of the filter`, async () => {
    const values = 'networkPolicy: {enabled: true, defaultDeny: {enabled: true}, egress: {enabled: true}}\n'
    const { output, report } = await runWith(workload(), { values, engine, onlyPolicies: true })
    const wanted = (output ?? Buffer.alloc(0))
      .toString()
      .split(/^---\n/m)
      .filter(text => text !== '')
      .map(text => parse(text, { version: '1.1' }))
    assert.is(wanted.length, report.policies?.length)
    const more = '      defaultDeny: {enabled: true}\n      egress: {enabled: true}\n'
    const [block, pass] = await postRenderers(helmRelease({ more }), { engine })
    assert.equal(pass, [])
    assert.equal(block?.[1], {
      patch: [
        { op: 'add', path: '/items', value: [{ apiVersion: 'apps/v1', kind: 'Deployment' }, ...wanted] },
        { op: 'move', from: '/metadata', path: '/items/0/metadata' },
        { op: 'move', from: '/spec', path: '/items/0/spec' },
        { op: 'replace', path: '/apiVersion', value: 'v1' },
        { op: 'replace', path: '/kind', value: 'List' },
      ],
      target: { group: 'apps', version: 'v1', kind: 'Deployment', name: 'app', namespace: 'stage' },
    })
  })
}

test('a release that lacks the carrier fails by a patch without a target', async () => {
  const [block] = await postRenderers(helmRelease())
  assert.equal(block?.[0], { patch: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'stage' } }, target: undefined })
})

test('where hooks are sent apart nothing fails, and the command that looks after the policies is told', async () => {
  const text = helmRelease({ more: '  postRenderStrategy: separate\n' })
  const [block] = await postRenderers(text)
  assert.is(block?.length, 1)
  assert.match(await told(text), 'NP708')
  assert.match(await told(text), 'kubectl get -n stage networkpolicy.v1.networking.k8s.io/app')
})

test('a carrier without a namespace is aimed at without one', async () => {
  const [block] = await postRenderers(helmRelease(), { stream: workload({ namespace: '' }) })
  assert.equal(
    block?.map(({ target }) => target),
    [undefined, { group: 'apps', version: 'v1', kind: 'Deployment', name: 'app' }],
  )
})

test('the namespace of a cluster-scoped policy is that of the release', async () => {
  const stream = workload({ namespace: '' })
  for (const [more, namespace] of [
    ['', 'stage'],
    ['  targetNamespace: other\n', 'other'],
  ] as const) {
    const text = await written(helmRelease({ more }), { stream, engine: 'clusterNetworkPolicy' })
    assert.match(text, `kubernetes.io/metadata.name: ${namespace}`)
  }
  const nowhere = helmRelease().replace('  namespace: stage\n', '')
  assert.match(await told(nowhere, { stream, engine: 'clusterNetworkPolicy' }), 'NP304')
  assert.match(await written(nowhere, { stream, engine: 'clusterNetworkPolicy', namespace: 'given' }), 'app-given')
})

test('a controller with more than a spec leaves the carrying to another object', async () => {
  const stream = `${workload()}status: {}\n${service()}`
  const [block] = await postRenderers(helmRelease(), { stream })
  assert.equal(block?.[1]?.target, { version: 'v1', kind: 'Service', name: 'app', namespace: 'stage' })
})

test('an object that a patch would match together with another is no carrier', async () => {
  const twin = workload({ name: 'a.b', podLabels: '{app: a}', selector: '{matchLabels: {app: a}}' })
  const stream = `${twin}${workload({ name: 'a-b' })}`
  const [block] = await postRenderers(helmRelease(), { stream, controller: 'a.b' })
  assert.equal(block?.[1]?.target, { group: 'apps', version: 'v1', kind: 'Deployment', name: 'a-b', namespace: 'stage' })
})

test('hooks, Secrets, definitions, policies and what kustomize leaves out carry nothing', async () => {
  const documents = [
    '{apiVersion: batch/v1, kind: Job, metadata: {name: a, annotations: {helm.sh/hook: pre-install}}, spec: {}}',
    '{apiVersion: v1, kind: Secret, metadata: {name: a}, spec: {}}',
    '{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a.b}, spec: {}}',
    '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: other}, spec: {podSelector: {}}}',
    '{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {config.kubernetes.io/local-config: "true"}}, spec: {}}',
    '{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}',
    '{apiVersion: v1, kind: Pod, metadata: {generateName: a-}, spec: {}}',
  ]
  const stream = `${workload()}status: {}\n${documents.map(document => `---\n${document}\n`).join('')}`
  const answer = await run(helmRelease(), { stream })
  assert.is(answer.text, undefined)
  assert.match(await told(helmRelease(), { stream }), 'Deployment stage/app has status beside its spec')
})

test('a policy of the chart that ours replaces is taken out first', async () => {
  const own = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: app, namespace: stage}\nspec: {podSelector: {}}\n'
  const text = helmRelease({ more: '      replace: true\n' })
  const [block] = await postRenderers(text, { stream: `${workload()}${own}` })
  assert.is(block?.length, 3)
  assert.equal(block?.[1], {
    patch: { $patch: 'delete', apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'app', namespace: 'stage' } },
    target: undefined,
  })
  assert.match(await told(helmRelease(), { stream: `${workload()}${own}` }), 'NP600')
})

const marked =
  '---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: app, namespace: stage, annotations: {helm-netpol/policy: allowlist/app}}\nspec: {endpointSelector: {}, ingress: [{}]}\n'

for (const [strategy, target] of [
  ['combined', undefined],
  ['separate', { group: 'cilium.io', version: 'v2', kind: 'CiliumNetworkPolicy', name: 'app', namespace: 'stage' }],
] as const) {
  test(`a policy that the chart renders with our annotation is taken out, and told: hooks ${strategy}`, async () => {
    const text = helmRelease({ more: `  postRenderStrategy: ${strategy}\n` })
    const stream = `${workload()}${marked}`
    const [block] = await postRenderers(text, { stream })
    assert.equal(block?.at(-2), {
      patch: { $patch: 'delete', apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'app', namespace: 'stage' } },
      target,
    })
    assert.match(await told(text, { stream }), 'warning NP711: CiliumNetworkPolicy stage/app of the chart has the annotation helm-netpol/policy')
    assert.match(await written(text, { stream }), 'out (its annotation helm-netpol/policy)')
  })
}

test('a stream that was filtered already is refused: a release without our policies has none to take out', async () => {
  const { output } = await runWith(workload(), { values: 'networkPolicy: {enabled: true}\n' })
  const stream = output?.toString() ?? ''
  assert.is((await run(helmRelease(), { stream })).text, undefined)
  assert.match(await told(helmRelease(), { stream }), 'error NP710: NetworkPolicy stage/app of the stream is what helm-netpol writes')
})

test('the file that Helm sorted a document into is left out', async () => {
  const stream = workload().replace('  labels: {}\n', '  annotations: {postrenderer.helm.sh/postrender-filename: app/templates/a.yaml}\n')
  assert.not.match(await written(helmRelease(), { stream }), 'postrender-filename')
})

test.run()
