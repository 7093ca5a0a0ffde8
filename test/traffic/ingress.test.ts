import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Flow } from '../../src/traffic/flow.ts'
import { planIngress } from '../../src/traffic/ingress.ts'
import type { IngressOptions } from '../../src/traffic/ingress.ts'
import { ears, settingsOf, workloadOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const webhook = '---\nkind: ValidatingWebhookConfiguration\nmetadata: {name: hook}\nwebhooks: [{clientConfig: {service: {name: app, namespace: stage}}}]\n'
const toWebhook = service({ ports: '[{port: 443, targetPort: webhook}]' })
const hooked = '[{name: webhook, containerPort: 9443}, {name: metrics, containerPort: 8080}]'

test('ports that arguments alone show are opened', async () => {
  const args = ['--webhook-port=9443', '--metrics-bind-address=:8080', '--gate-bind-address=:8082', '--secure-port=6443']
  assert.equal((await plan(withArgs('[]', args))).rows, ['webhook: 9443', 'metrics: 8080', 'gate: 8082', 'secure: 6443'])
})

test('a port that is bound on loopback is opened only where something leads there in so many words', async () => {
  const args = ['--metrics-bind-address=127.0.0.1:8080', '--webhook-port=9443', '--webhook-host=localhost']
  const named = '[{name: metrics, containerPort: 8080, hostPort: 80}]'
  assert.equal((await plan(withArgs('[]', args))).rows, [])
  assert.equal((await plan(withArgs(named, args))).rows, [])
  assert.equal((await plan(withArgs(named, args) + service({ ports: '[{port: 80, targetPort: metrics}]' }))).rows, ['service: metrics'])
  const probe = '          livenessProbe: {httpGet: {port: 8080}}\n'
  assert.equal((await plan(withArgs(named, args) + probe)).rows, ['health: metrics'])
  const scraped = withArgs('[{name: a, containerPort: 8080}, {name: b, containerPort: 1}]', args).replace(
    'labels: {app: app}',
    'labels: {app: app}\n      annotations: {prometheus.io/scrape: "true"}',
  )
  assert.equal((await plan(scraped)).rows, ['metrics: b'])
})

test('a policy that lets nobody in because of an argument says so', async () => {
  const closed = withArgs('[{name: metrics, containerPort: 8080}]', ['--metrics-bind-address=127.0.0.1:8080'])
  const note = 'NP435 the policy of Deployment stage/app lets nobody in: --metrics-bind-address=127.0.0.1:8080 opens no port to others'
  assert.equal((await plan(closed)).told, [note])
  assert.equal((await plan(closed, '', { several: true })).told, [note])
  assert.equal((await plan(closed, '  webhook: {enabled: false}\n')).told, [])
  assert.equal((await plan(closed, '  additionalIngress: [{from: [{podSelector: {}}]}]\n')).told, [])
  assert.equal((await plan(workload({ ports: '[]' }), '', { several: true })).told, [])
})

test('a port that another argument binds for all is open, whatever binds it on loopback', async () => {
  assert.equal((await plan(withArgs('[{name: metrics, containerPort: 8080}]', ['--metrics-addr=127.0.0.1:8080', '--secure-listen-address=:8080']))).rows, [
    'metrics: metrics',
  ])
})

test('a port with monitoring in its name is one of metrics', async () => {
  assert.equal((await plan(workload({ ports: '[{name: http-monitoring, containerPort: 15014}]' }))).rows, ['metrics: http-monitoring'])
})

test('a server for the kube-apiserver that the wiring shows is the webhook row alone', async () => {
  const { rows, flows } = await plan(withArgs(hooked, ['--secure-port=9443']) + toWebhook + webhook)
  assert.equal(rows, ['webhook: webhook', 'metrics: metrics'])
  assert.equal(flows[0]?.where, ['ValidatingWebhookConfiguration hook → Service stage/app:443', '--secure-port=9443', 'Service stage/app:443'])
})

test('a port says everywhere it was found, in other rows too', async () => {
  const probe = '          livenessProbe: {httpGet: {port: metrics}}\n'
  const stream =
    workload({ container: `          args: ["--metrics-addr=:8080"]\n${probe}` }) +
    ['one', 'two'].map(name => service({ name, ports: '[{port: 80, targetPort: metrics}]' })).join('')
  assert.equal((await plan(stream)).flows[0]?.where, [
    'container port metrics',
    '--metrics-addr=:8080',
    'Service stage/one:80',
    'Service stage/two:80',
    'livenessProbe of container manager',
  ])
})

test('a port of the node is open to all, unless a list narrows it', async () => {
  const stream = workload({ ports: '[{name: metrics, containerPort: 8080, hostPort: 80}, {containerPort: 53, hostPort: 53, protocol: UDP}]' })
  assert.equal((await plan(stream)).rows, ['metrics: metrics', 'hostPort: 53'])
  assert.equal(
    (await plan(stream, narrowed)).flows.map(({ row, peers }) => `${row}: ${peers.kind}`),
    ['metrics: listed', 'hostPort: any'],
  )
})

test('a name that two containers give to different ports is no name for a policy', async () => {
  const two = (number: number): string => workload({ container: `        - name: second\n          ports: [{name: metrics, containerPort: ${number}}]\n` })
  assert.equal((await plan(two(9090))).rows, ['metrics: 8080,9090'])
  assert.equal((await plan(two(8080))).rows, ['metrics: metrics'])
})

test('an argument that binds another port than the wiring leads to is told, and both are open', async () => {
  const { rows, told } = await plan(withArgs(hooked, ['--webhook-port=9444']) + toWebhook + webhook)
  assert.equal(rows, ['webhook: webhook,9444', 'metrics: metrics'])
  assert.equal(told, [
    'NP414 --webhook-port=9444 of Deployment stage/app binds port 9444, and ValidatingWebhookConfiguration hook → Service stage/app:443 leads to 9443',
  ])
})

test('an argument that binds another port than the one with its name is told', async () => {
  const { rows, told } = await plan(withArgs(hooked, ['--metrics-bind-address=:8443']))
  assert.equal(rows, ['webhook: webhook', 'metrics: metrics,8443'])
  assert.match(told.join(), /^NP414 --metrics-bind-address=:8443 of Deployment stage\/app binds port 8443, and container port metrics leads to 8080/)
})

test('two servers beside each other are no contradiction', async () => {
  const metrics = (args: string[], second: string): string => withArgs('[]', args) + second
  const proxy =
    '        - name: kube-rbac-proxy\n          args: ["--secure-listen-address=0.0.0.0:8443"]\n          ports: [{name: metrics, containerPort: 8443}]\n'
  assert.equal((await plan(metrics(['--metrics-addr=:8080'], proxy))).told, [])
  assert.equal((await plan(withArgs(hooked, ['--metrics-addr=:8443', '--prometheus-port=8080']))).told, [])
})

test('a port that cannot be told is told of', async () => {
  const { rows, told } = await plan(withArgs('[]', ['--webhook-bind-address=::1:9443', '--metrics-addr={{ .Values.addr }}', '--gate-bind-address=off']), '', {
    several: true,
  })
  assert.equal(rows, [])
  assert.equal(told, [
    'NP412 --webhook-bind-address=::1:9443 of Deployment stage/app is an IPv6 address, or one with a port: brackets tell which, as in [::1]:8080, so its port is not known',
    "NP412 --metrics-addr={{ .Values.addr }} of Deployment stage/app holds {{ .Values.addr }}, which the chart's template left behind, so its port is not known",
    'NP412 --gate-bind-address=off of Deployment stage/app is neither an address nor a port number, so its port is not known',
  ])
})

test('a variable that the stream does not tell matters where nothing else shows the port', async () => {
  const args = ['--metrics-addr=:$(PORT)']
  assert.match((await plan(withArgs('[]', args), '', { several: true })).told.join(), /takes its port from the variable PORT, which the stream does not tell/)
  assert.equal((await plan(withArgs(hooked, args))).told, [])
  assert.equal((await plan(withArgs('[]', args), '  ports: {metrics: 9000}\n')).told, [])
})

test('nothing is told of a row that the values switch off', async () => {
  const { told } = await plan(withArgs('[]', ['--webhook-port=x']), '  webhook: {enabled: false}\n')
  assert.equal(told, ['NP208'])
})

const narrowed = '  metrics: {from: [{podSelector: {}}]}\n'

test('a list that narrows a port which two Services reach is told, with both', async () => {
  const services = (names: string[]): string =>
    names.map(name => service({ name, ports: '[{port: 80, targetPort: metrics}, {port: 81, targetPort: metrics}]' })).join('')
  const { told } = await plan(workload() + services(['one', 'two']), narrowed)
  assert.equal(told, [
    'NP416 networkPolicy.metrics.from narrows port 8080 of Deployment stage/app, which is reached by Service stage/one and Service stage/two: it holds for the callers of each',
  ])
  assert.equal((await plan(workload() + services(['one']), narrowed)).told, [])
  assert.equal((await plan(workload() + services(['one', 'two']))).told, [])
  assert.equal((await plan(workload() + services(['one', 'two']), narrowed, { usePeers: false })).told, [])
})

test('a list that narrows a port which the node sends to as well is told', async () => {
  const stream = workload({ ports: '[{name: metrics, containerPort: 8080, hostPort: 80}]' }) + service({ ports: '[{port: 80, targetPort: metrics}]' })
  assert.match((await plan(stream, narrowed)).told.join(), /reached by Service stage\/app and hostPort 80 of container manager/)
})

test.run()

function withArgs(ports: string, args: readonly string[]): string {
  return workload({ ports, container: `          args: ${JSON.stringify(args)}\n` })
}

interface Planned {
  readonly rows: readonly string[]
  readonly flows: readonly Flow[]
  /** Codes with their messages; the default metrics port by its code alone. */
  readonly told: readonly string[]
}

async function plan(stream: string, block = '', options: Partial<IngressOptions> = {}): Promise<Planned> {
  const { diagnostics, diagnose } = ears()
  const { workload: planned, release } = await workloadOf(stream)
  const flows = planIngress(planned, release, { settings: await settingsOf(block), usePeers: true, several: false, diagnose, ...options })
  return {
    flows,
    rows: flows.map(({ row, ports }) => `${row}: ${ports.map(({ name, number }) => name ?? number).join()}`),
    told: diagnostics.all.map(({ code, message }) => (code === 'NP208' ? code : `${code} ${message}`)),
  }
}
