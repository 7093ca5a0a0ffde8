import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hooked, planned as plan, toWebhook, webhook, withArgs } from '../helpers/planned.ts'
import { service, workload } from '../helpers/streams.ts'

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

test('a port that a list narrows for one row is opened to the callers of another by its own list', async () => {
  const stream = workload({ container: '          livenessProbe: {httpGet: {port: metrics}}\n' })
  const { flows } = await plan(stream, '  health: {from: [{podSelector: {}}]}\n')
  assert.equal(
    flows.map(({ row, ports, peers }) => `${row}: ${ports[0]?.name} ${peers.kind}`),
    ['metrics: metrics any', 'health: metrics listed'],
  )
})

test('each row that opens a port says where it found it itself', async () => {
  const { flows } = await plan(withArgs('[{name: metrics, containerPort: 8080}]', ['--mcp-port=8080']))
  assert.equal(
    flows.map(({ row, where }) => [row, where]),
    [
      ['metrics', ['container port metrics']],
      ['mcp', ['--mcp-port=8080']],
    ],
  )
})

test('a port that is given or is the default says so', async () => {
  const { flows } = await plan(workload({ ports: '[]' }), '  ports: {mcp: 9}\n')
  assert.equal(
    flows.map(({ row, where }) => [row, where]),
    [
      ['metrics', ['the default']],
      ['mcp', ['values']],
    ],
  )
})

test('an argument that opens nothing leaves the default closed, unless the values switch the row on', async () => {
  for (const args of [
    ['--metrics-bind-address=0', '--gate-bind-address=0'],
    ['--metrics-addr=127.0.0.1:1', '--gate-addr=127.0.0.1:2'],
  ]) {
    assert.equal((await plan(withArgs('[]', args))).rows, [])
    assert.equal((await plan(withArgs('[]', args), '  gate: {enabled: true}\n')).rows, ['gate: 8082'])
    assert.equal((await plan(withArgs('[]', args), '  gate: {enabled: false}\n')).rows, [])
  }
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

test('a list that narrows a port of TCP says nothing of a Service that sends UDP there', async () => {
  const services = ['TCP', 'UDP'].map(protocol => service({ name: protocol.toLowerCase(), ports: `[{port: 80, targetPort: 8080, protocol: ${protocol}}]` }))
  assert.equal((await plan(workload() + services.join(''), narrowed)).told, [])
})

test('a list that narrows a port which the node sends to as well is told', async () => {
  const stream = workload({ ports: '[{name: metrics, containerPort: 8080, hostPort: 80}]' }) + service({ ports: '[{port: 80, targetPort: metrics}]' })
  assert.match((await plan(stream, narrowed)).told.join(), /reached by Service stage\/app and hostPort 80 of container manager/)
})

test.run()
