import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { annotatedForPrometheus, boundBy, calledByApiserver, exposedByService, firstOf, named, probed, scrapedByMonitor } from '../../src/discover/find.ts'
import type { Finder } from '../../src/discover/find.ts'
import { workloadOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const https = '[{name: https, containerPort: 9443}, {name: web, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]'

function webhook({ port = '', namespace = 'stage', name = 'app' } = {}): string {
  return `---\nkind: MutatingWebhookConfiguration\nmetadata: {name: hook}\nwebhooks:\n  - clientConfig: {service: {name: ${name}, namespace: ${namespace}${port}}}\n  - clientConfig: {url: "https://example.org"}\n`
}

function monitor({
  kind = 'ServiceMonitor',
  selector = '{matchLabels: {a: b}}',
  endpoints = '[{port: scrape}]',
  namespaceSelector = '{}',
  namespace = 'stage',
} = {}): string {
  const list = kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints'
  return `---\napiVersion: monitoring.coreos.com/v1\nkind: ${kind}\nmetadata: {name: m, namespace: ${namespace}}\nspec: {selector: ${selector}, namespaceSelector: ${namespaceSelector}, ${list}: ${endpoints}}\n`
}

test('a webhook leads through its Service to the container port', async () => {
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service() + webhook()), ['https/9443'])
})

test('a webhook names 443 where it names no port', async () => {
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service({ ports: '[{port: 8443, targetPort: https}]' }) + webhook()), [])
  assert.equal(
    await ports(calledByApiserver, workload({ ports: https }) + service({ ports: '[{port: 8443, targetPort: https}]' }) + webhook({ port: ', port: 8443' })),
    ['https/9443'],
  )
})

test('a webhook of another namespace or Service leads nowhere', async () => {
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service() + webhook({ namespace: 'other' })), [])
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service() + webhook({ name: 'other' })), [])
})

test('a Service that selects other pods leads nowhere', async () => {
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service({ selector: '{app: other}' }) + webhook()), [])
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service({ selector: '{}' }) + webhook()), [])
})

test('a target that no container declares stands for itself by number, not by name', async () => {
  assert.equal(
    await ports(exposedByService, workload({ ports: '[]' }) + service({ ports: '[{port: 80, targetPort: 3000}, {port: 81, targetPort: nobody}, {port: 82}]' })),
    ['3000', '82'],
  )
})

test('a target is matched with its protocol', async () => {
  assert.equal(
    await ports(exposedByService, workload({ ports: https }) + service({ ports: '[{port: 53, targetPort: 53, protocol: UDP}, {port: 53, targetPort: 53}]' })),
    ['dns/53/UDP', '53'],
  )
})

test('a port in quotes is a number all the same', async () => {
  assert.equal(await ports(exposedByService, workload({ ports: https }) + service({ ports: '[{port: 80, targetPort: "8080"}]' })), ['web/8080'])
})

test('a ServiceMonitor leads through the Services it selects', async () => {
  const scraped =
    workload({ ports: https }) + service({ labels: '{a: b}', ports: '[{name: scrape, port: 80, targetPort: web}, {name: other, port: 81, targetPort: https}]' })
  assert.equal(await ports(scrapedByMonitor, scraped + monitor()), ['web/8080'])
  assert.equal(await ports(scrapedByMonitor, scraped + monitor({ selector: '{matchLabels: {a: c}}' })), [])
  assert.equal(await ports(scrapedByMonitor, scraped + monitor({ endpoints: '[{targetPort: https}, {targetPort: 9000}]' })), ['https/9443', '9000'])
})

test('a monitor looks into its own namespace unless it names others', async () => {
  const scraped = workload({ ports: https }) + service({ labels: '{a: b}', ports: '[{name: scrape, port: 80, targetPort: web}]' })
  const seen = async (options: { namespaceSelector?: string }): Promise<number> =>
    (await ports(scrapedByMonitor, scraped + monitor({ namespace: 'monitoring', ...options }))).length
  assert.is(await seen({}), 0)
  assert.is(await seen({ namespaceSelector: '{any: true}' }), 1)
  assert.is(await seen({ namespaceSelector: '{matchNames: [stage]}' }), 1)
  assert.is(await seen({ namespaceSelector: '{matchNames: [other]}' }), 0)
})

test('a PodMonitor leads to the pods it selects', async () => {
  const found = async (endpoints: string): Promise<string[]> =>
    ports(scrapedByMonitor, workload({ ports: https }) + monitor({ kind: 'PodMonitor', selector: '{matchLabels: {app: app}}', endpoints }))
  assert.equal(await found('[{port: web}]'), ['web/8080'])
  assert.equal(await found('[{portNumber: 8080}, {targetPort: 1234}]'), ['web/8080', '1234'])
})

test('prometheus.io/port counts on pods and on Services', async () => {
  assert.equal(await ports(annotatedForPrometheus, workload({ ports: https }) + service({ annotations: '{prometheus.io/port: "8080"}' })), ['web/8080'])
  assert.equal(await ports(annotatedForPrometheus, workload() + service({ annotations: '{prometheus.io/port: "none"}' })), [])
})

test('probes lead to ports by name and by number', async () => {
  const container =
    '          livenessProbe: {httpGet: {port: web}}\n          readinessProbe: {grpc: {port: 9443}}\n          startupProbe: {tcpSocket: {port: "1234"}}\n          lifecycle: {postStart: {httpGet: {port: 1}}}\n'
  assert.equal(await ports(probed, workload({ ports: https, container })), ['web/8080', 'https/9443', '1234'])
})

test('ports are found by a name, or by a word of it', async () => {
  const many = workload({
    ports: '[{name: metrics, containerPort: 1}, {name: http-prom, containerPort: 2}, {name: prometheus2, containerPort: 3}, {containerPort: 4}]',
  })
  assert.equal(await ports(named(['metrics', 'prom']), many), ['metrics/1'])
  assert.equal(await ports(named(['metrics', 'prom'], { words: true }), many), ['metrics/1', 'http-prom/2'])
})

test('a bind address tells its port, and an empty one none', async () => {
  const bound = async (args: string): Promise<string[]> => ports(boundBy('gate-bind-address'), workload({ container: `          args: ${args}\n` }))
  assert.equal(await bound('["--gate-bind-address=:8082"]'), ['8082'])
  assert.equal(await bound('["--gate-bind-address", "[::1]:8082"]'), ['8082'])
  assert.equal(await bound('["-gate-bind-address=8082"]'), ['8082'])
  for (const none of [
    '["--gate-bind-address="]',
    '["--gate-bind-address=0"]',
    '["--gate-bind-address", "--other=:1"]',
    '["--other=:8082"]',
    '["--gate-bind-address=:99999"]',
  ])
    assert.equal(await bound(none), [], none)
})

test('the first way that finds anything wins', async () => {
  assert.equal(await ports(firstOf(named(['nothing']), named(['web']), named(['https'])), workload({ ports: https })), ['web/8080'])
})

test.run()

/** The found ports as `name/number`, with the protocol where it is not TCP. */
async function ports(find: Finder, stream: string): Promise<string[]> {
  const { workload, release } = await workloadOf(stream)
  return find(workload, release).map(
    ({ port }) => `${port.name === undefined ? '' : `${port.name}/`}${port.number}${port.protocol === 'TCP' ? '' : `/${port.protocol}`}`,
  )
}
