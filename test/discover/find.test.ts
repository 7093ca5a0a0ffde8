import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  annotatedForPrometheus,
  boundBy,
  calledByApiserver,
  exposedByNode,
  exposedByService,
  firstOf,
  named,
  probed,
  scrapedByMonitor,
} from '../../src/discover/find.ts'
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

test('every kind of reference leads to the port that it names', async () => {
  const served = workload({ ports: https }) + service({ ports: '[{port: 443, targetPort: https}, {port: 8443, targetPort: web}]' })
  for (const [port, expected] of [
    ['', 'https/9443'],
    [', port: 8443', 'web/8080'],
    [', port: "8443"', 'web/8080'],
  ] as const) {
    const reference = `{name: app, namespace: stage${port}}`
    const references = [
      `kind: ValidatingWebhookConfiguration\nwebhooks: [{clientConfig: {service: ${reference}}}]`,
      `kind: MutatingWebhookConfiguration\nwebhooks: [{clientConfig: {service: ${reference}}}]`,
      `kind: APIService\nspec: {service: ${reference}}`,
      `kind: CustomResourceDefinition\nspec:\n  conversion:\n    webhook:\n      clientConfig:\n        service: ${reference}`,
    ]
    for (const text of references) assert.equal(await ports(calledByApiserver, `${served}---\n${text}\n`), [expected], text)
  }
})

test('an APIService that is served by the apiserver itself leads nowhere', async () => {
  assert.equal(await ports(calledByApiserver, `${workload()}${service()}---\nkind: APIService\nspec: {service: null}\n`), [])
})

test('a URL that names a Service of the cluster is a reference to it', async () => {
  const served = workload({ ports: https }) + service({ ports: '[{port: 443, targetPort: https}, {port: 8443, targetPort: web}]' })
  const dialled = async (url: string): Promise<string[]> =>
    ports(calledByApiserver, `${served}---\nkind: ValidatingWebhookConfiguration\nwebhooks: [{clientConfig: {url: "${url}"}}]\n`)
  for (const url of ['https://app.stage.svc', 'https://app.stage.svc/', 'https://App.Stage.svc:443/validate?x', 'https://app.stage.svc.cluster.local./x'])
    assert.equal(await dialled(url), ['https/9443'], url)
  assert.equal(await dialled('https://app.stage.svc:8443/validate'), ['web/8080'])
  for (const url of [
    'https://app.other.svc',
    'https://app.example.com',
    'https://stage.svc',
    'https://app.stage.svc:1',
    'https://127.0.0.1',
    'http://app.stage.svc:443',
  ])
    assert.equal(await dialled(url), [], url)
})

test('the apiserver speaks TCP', async () => {
  const udp = '[{port: 443, targetPort: dns, protocol: UDP}]'
  assert.equal(await ports(calledByApiserver, workload({ ports: https }) + service({ ports: udp }) + webhook()), [])
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

test('a name is matched with its protocol, and is that of the first container that has it', async () => {
  const twice = workload({
    ports: '[{name: dns, containerPort: 5353}, {name: web, containerPort: 8080}]',
    container: '        - name: second\n          ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: web, containerPort: 9090}]\n',
  })
  const targets =
    '[{port: 53, targetPort: dns, protocol: UDP}, {port: 54, targetPort: dns}, {port: 80, targetPort: web}, {port: 81, targetPort: web, protocol: UDP}]'
  assert.equal(await ports(exposedByService, twice + service({ ports: targets })), ['dns/53/UDP', 'dns/5353', 'web/8080'])
})

test('a target of 0, or none, is the port itself', async () => {
  assert.equal(
    await ports(exposedByService, workload({ ports: https }) + service({ ports: '[{port: 8080, targetPort: 0}, {port: 81, targetPort: ""}, {port: 9443}]' })),
    ['web/8080', '81', 'https/9443'],
  )
})

test('ports of sidecars count, those of init containers are gone', async () => {
  const inits =
    '      initContainers:\n        - {name: proxy, restartPolicy: Always, ports: [{name: admin, containerPort: 15000}]}\n        - {name: setup, ports: [{name: once, containerPort: 1}]}\n'
  const targets = '[{port: 80, targetPort: admin}, {port: 81, targetPort: once}]'
  assert.equal(await ports(exposedByService, workload({ ports: https, container: inits }) + service({ ports: targets })), ['admin/15000'])
})

test('a port of the node leads to the container port', async () => {
  const declared =
    '[{name: web, containerPort: 8080, hostPort: 80}, {containerPort: 53, hostPort: 53, protocol: UDP}, {containerPort: 1, hostPort: 0}, {containerPort: 2, hostPort: 2, hostIP: 127.0.0.1}, {containerPort: 3}]'
  assert.equal(await ports(exposedByNode, workload({ ports: declared })), ['web/8080', '53/UDP'])
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
  assert.equal(await found('[{port: web, portNumber: 9443, targetPort: 1234}]'), ['web/8080'])
  assert.equal(await found('[{portNumber: 9443, targetPort: 1234}]'), ['https/9443'])
})

test('a monitor scrapes a name in every container that has it, and all ports where it names none', async () => {
  const twice = workload({ ports: https, container: '        - name: second\n          ports: [{name: web, containerPort: 9090}]\n' })
  const pods = (endpoints: string): string => twice + monitor({ kind: 'PodMonitor', selector: '{matchLabels: {app: app}}', endpoints })
  assert.equal(await ports(scrapedByMonitor, pods('[{port: web}]')), ['web/8080', 'web/9090'])
  assert.equal(await ports(scrapedByMonitor, pods('[{path: /metrics}]')), ['https/9443', 'web/8080', 'web/9090'])
  const services = twice + service({ labels: '{a: b}', ports: '[{port: 80, targetPort: 3000}]' }) + monitor({ endpoints: '[{path: /metrics}]' })
  assert.equal(await ports(scrapedByMonitor, services), ['3000', 'https/9443', 'web/8080', 'web/9090'])
})

test('prometheus.io/port counts on pods and on Services', async () => {
  assert.equal(await ports(annotatedForPrometheus, workload({ ports: https }) + service({ annotations: '{prometheus.io/port: "8080"}' })), ['web/8080'])
  assert.equal(await ports(annotatedForPrometheus, annotated('{prometheus.io/port: "1234", prometheus.io/scrape: "true"}')), ['1234'])
  for (const port of ['none', '0', '65536', '8080,9090', '-1'])
    assert.equal(await ports(annotatedForPrometheus, annotated(`{prometheus.io/port: "${port}"}`)), [], port)
})

test('prometheus.io/scrape switches the other annotations of its object off', async () => {
  const off = annotated('{prometheus.io/port: "1234", prometheus.io/scrape: "false"}')
  assert.equal(await ports(annotatedForPrometheus, off), [])
  assert.equal(await ports(annotatedForPrometheus, off + service({ annotations: '{prometheus.io/port: "8080"}' })), ['web/8080'])
})

test('prometheus.io/scrape without a port means every declared TCP port', async () => {
  assert.equal(await ports(annotatedForPrometheus, annotated('{prometheus.io/scrape: "true"}')), ['https/9443', 'web/8080'])
  assert.equal(await ports(annotatedForPrometheus, annotated('{prometheus.io/path: /metrics}')), [])
  const scraped = workload({ ports: https }) + service({ annotations: '{prometheus.io/scrape: "true"}', ports: '[{port: 80, targetPort: 3000}]' })
  assert.equal(await ports(annotatedForPrometheus, scraped), ['3000', 'https/9443', 'web/8080'])
})

test('probes lead to ports by name and by number', async () => {
  const container =
    '          livenessProbe: {httpGet: {port: web}}\n          readinessProbe: {grpc: {port: 9443}}\n          startupProbe: {tcpSocket: {port: "1234"}}\n'
  assert.equal(await ports(probed, workload({ ports: https, container })), ['web/8080', 'https/9443', '1234'])
})

test('hooks over HTTP are dialled by the kubelet, those over TCP are never run', async () => {
  const container = '          lifecycle: {postStart: {httpGet: {port: web}}, preStop: {httpGet: {port: 7}}}\n'
  assert.equal(await ports(probed, workload({ ports: https, container })), ['web/8080', '7'])
  assert.equal(await ports(probed, workload({ ports: https, container: '          lifecycle: {preStop: {tcpSocket: {port: web}}}\n' })), [])
})

test('a probe of another host is none of the pod', async () => {
  for (const host of ['127.0.0.1', 'example.com', '10.0.0.1']) {
    const container = `          livenessProbe: {httpGet: {port: web, host: ${host}}}\n          readinessProbe: {tcpSocket: {port: web, host: ${host}}}\n`
    assert.equal(await ports(probed, workload({ ports: https, container })), [], host)
  }
  assert.equal(await ports(probed, workload({ ports: https, container: '          livenessProbe: {httpGet: {port: web, host: ""}}\n' })), ['web/8080'])
})

test('a probe finds a name in its own container', async () => {
  const second = '        - name: second\n          ports: [{name: web, containerPort: 9090}]\n          livenessProbe: {httpGet: {port: web}}\n'
  assert.equal(await ports(probed, workload({ ports: https, container: second })), ['web/9090'])
  assert.equal(await ports(probed, workload({ ports: https, container: second.replace('name: web', 'name: other') })), [])
  assert.equal(await ports(probed, workload({ ports: https, container: second.replace('port: web', 'port: 8080') })), ['web/8080'])
})

test('probes of sidecars count', async () => {
  const init = (policy: string): string =>
    `      initContainers:\n        - {name: proxy, ${policy}ports: [{name: ready, containerPort: 15021}], startupProbe: {httpGet: {port: ready}}}\n`
  assert.equal(await ports(probed, workload({ container: init('restartPolicy: Always, ') })), ['ready/15021'])
  assert.equal(await ports(probed, workload({ container: init('') })), [])
})

test('ports are found by a name, or by a word of it', async () => {
  const many = workload({
    ports: '[{name: metrics, containerPort: 1}, {name: http-prom, containerPort: 2}, {name: prometheus2, containerPort: 3}, {containerPort: 4}]',
  })
  assert.equal(await ports(named(['metrics', 'prom']), many), ['metrics/1'])
  assert.equal(await ports(named(['metrics', 'prom'], { words: true }), many), ['metrics/1', 'http-prom/2'])
})

test('an argument shows the port that it binds, with its name where it is declared', async () => {
  const bound = async (args: string): Promise<string[]> => ports(boundBy('gate'), workload({ ports: https, container: `          args: ${args}\n` }))
  assert.equal(await bound('["--gate-bind-address=:8082"]'), ['8082'])
  assert.equal(await bound('["--gate-bind-address", "[::]:8080"]'), ['web/8080'])
  assert.equal(await bound('["-gate-bind-address=8082"]'), ['8082'])
  for (const none of [
    '["--gate-bind-address="]',
    '["--gate-bind-address=0"]',
    '["--gate-bind-address", "--other=:1"]',
    '["--gate-bind-address=127.0.0.1:8082"]',
  ])
    assert.equal(await bound(none), [], none)
})

test('the first way that finds anything wins', async () => {
  assert.equal(await ports(firstOf(named(['nothing']), named(['web']), named(['https'])), workload({ ports: https })), ['web/8080'])
})

function annotated(annotations: string): string {
  return workload({ ports: https, podLabels: `{app: app}\n      annotations: ${annotations}` })
}

/** The found ports as `name/number`, with the protocol where it is not TCP. */
test('a name that is of a UDP port is dialled by its number and TCP, by the kubelet as by Prometheus', async () => {
  const probing = workload({ ports: https, container: '          livenessProbe: {tcpSocket: {port: dns}}\n' })
  assert.equal(await ports(probed, probing), ['53'])
  const scraping = workload({ ports: https, podLabels: '{app: app, a: b}' }) + monitor({ kind: 'PodMonitor', endpoints: '[{port: dns}]' })
  assert.equal(await ports(scrapedByMonitor, scraping), ['53'])
})

async function ports(find: Finder, stream: string): Promise<string[]> {
  const { workload, release } = await workloadOf(stream)
  return find(workload, release).map(
    ({ port }) => `${port.name === undefined ? '' : `${port.name}/`}${port.number}${port.protocol === 'TCP' ? '' : `/${port.protocol}`}`,
  )
}

test.run()
