import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { calledByApiserver, exposedByService, scrapedByMonitor } from '../../src/discover/find.ts'
import type { Finder } from '../../src/discover/find.ts'
import { NamespacedIndex } from '../../src/discover/namespaced.ts'
import { tellWiring } from '../../src/discover/wiring.ts'
import { planTraffic } from '../../src/traffic/plan.ts'
import { tellOverlaps } from '../../src/traffic/overlap.ts'
import { engines } from '../../src/engines/registry.ts'
import { ears, releaseOf, settingsOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const port = '[{name: https, containerPort: 9443}]'

function webhook(namespace: string, name = 'app'): string {
  return `---\nkind: ValidatingWebhookConfiguration\nmetadata: {name: hook}\nwebhooks: [{clientConfig: {service: {name: ${name}, namespace: ${namespace}}}}]\n`
}

test('twins in two namespaces have each their own Service', async () => {
  const twins = ['a', 'b'].map(
    namespace => workload({ namespace, ports: port }) + service({ namespace, ports: `[{port: ${namespace === 'a' ? 443 : 8443}, targetPort: https}]` }),
  )
  assert.equal(await found(exposedByService, twins.join('')), ['Deployment a/app: Service a/app:443', 'Deployment b/app: Service b/app:8443'])
  assert.equal(await found(calledByApiserver, twins.join('') + webhook('a')), ['Deployment a/app: ValidatingWebhookConfiguration hook → Service a/app:443'])
})

test('what leaves its namespace to Helm can stand in any', async () => {
  const mixed = [
    workload({ namespace: '', ports: port }) + service(),
    workload({ ports: port }) + service({ namespace: '""' }),
    workload({ namespace: '', ports: port }) + service({ namespace: '""' }),
  ]
  for (const stream of mixed) {
    assert.is((await found(exposedByService, stream)).length, 1, stream)
    assert.is((await found(calledByApiserver, stream + webhook('stage'))).length, 1, stream)
  }
})

test('a Service of a given namespace is not that of a workload in another', async () => {
  assert.equal(await found(exposedByService, workload({ namespace: 'a', ports: port }) + service({ namespace: 'b' })), [])
})

test('several workloads, some in a namespace of their own, are told apart', async () => {
  const stream =
    workload({ name: 'one', namespace: '', ports: port, podLabels: '{app: one}' }) +
    workload({ name: 'two', namespace: 'agents', ports: port, podLabels: '{app: two}' }) +
    service({ name: 'one', namespace: '""', selector: '{app: one}' }) +
    service({ name: 'two', namespace: 'agents', selector: '{app: two}' }) +
    service({ name: 'two', namespace: 'other', selector: '{app: two}' })
  assert.equal(await found(exposedByService, stream), ['Deployment one: Service one:443', 'Deployment agents/two: Service agents/two:443'])
})

test('a monitor of another namespace scrapes where it says so', async () => {
  const monitor = (selector: string): string =>
    `---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m, namespace: monitoring}\nspec: {selector: {matchLabels: {a: b}}, namespaceSelector: ${selector}, endpoints: [{port: web}]}\n`
  const scraped = ['a', 'b', ''].map(
    namespace =>
      workload({ namespace, ports: port }) + service({ namespace: namespace || '""', labels: '{a: b}', ports: '[{name: web, port: 80, targetPort: https}]' }),
  )
  const names = async (selector: string): Promise<string[]> => [
    ...new Set((await found(scrapedByMonitor, scraped.join('') + monitor(selector))).map(text => text.split(':')[0] ?? '')),
  ]
  assert.equal(await names('{any: true}'), ['Deployment a/app', 'Deployment b/app', 'Deployment app'])
  assert.equal(await names('{matchNames: [a]}'), ['Deployment a/app', 'Deployment app'])
})

test('an index answers in the order of what was added', () => {
  const index = new NamespacedIndex<{ name: number; namespace: string | undefined }>()
  for (const [name, namespace] of ['a', undefined, 'b', 'a', undefined].entries()) index.add('key', { name, namespace })
  const names = (namespace: string | undefined): number[] => index.get('key', namespace).map(({ name }) => name)
  assert.equal(names('a'), [0, 1, 3, 4])
  assert.equal(names('c'), [1, 4])
  assert.equal(names(undefined), [0, 1, 2, 3, 4])
  assert.equal(index.get('other', 'a'), [])
})

test('thousands of workloads and what leads to them take seconds, not minutes', async () => {
  const each = Array.from({ length: 2000 }, (_, index) => `n${index}`)
  const monitor = (name: string): string =>
    `---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: ${name}, namespace: stage}\nspec: {selector: {matchLabels: {a: ${name}}}, endpoints: [{port: web}]}\n`
  const stream = each.map(
    name =>
      workload({ name, ports: port, selector: `{matchLabels: {part: all, app: ${name}}}`, podLabels: `{part: all, app: ${name}}` }) +
      service({ name, selector: `{part: all, app: ${name}}`, labels: `{a: ${name}}`, ports: '[{name: web, port: 443, targetPort: https}]' }) +
      webhook('stage', name) +
      monitor(name),
  )
  const { diagnose, codes } = ears()
  const release = await releaseOf(stream.join(''), diagnose)
  const started = performance.now()
  const settings = await settingsOf()
  const plan = planTraffic(release.workloads, release, {
    settings,
    usePeers: true,
    several: true,
    clusterScoped: false,
    releaseNamespace: undefined,
    derived: () => [],
    diagnose,
  })
  tellWiring(release.workloads, release, diagnose)
  tellOverlaps(plan, release, { settings, engine: engines.kubernetes, others: [], diagnose })
  assert.ok(performance.now() - started < 30_000, `${performance.now() - started} ms`)
  assert.equal(codes(), [])
  assert.is(
    plan.allowlists.every(({ ingress }) => ingress.length === 2),
    true,
  )
})

test.run()

/** `workload: where`, for each port found. */
async function found(find: Finder, stream: string): Promise<string[]> {
  const release = await releaseOf(stream)
  return release.workloads.flatMap(workload => find(workload, release).map(({ where }) => `${workload.title}: ${where}`))
}
