import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ears, releaseOf, workloadOf } from '../helpers/facts.ts'
import { workload } from '../helpers/streams.ts'

test('flags of real controllers are known', async () => {
  const flags: Readonly<Record<string, string>> = {
    '--webhook-port=9443': 'webhook 9443',
    '--webhook-bind-port=9443': 'webhook 9443',
    '--webhook-bind-address=:9443': 'webhook 9443',
    '--webhook-server-port=9443': 'webhook 9443',
    '--webhook-secure-port=9443': 'webhook 9443',
    '--webhookServerPort=9443': 'webhook 9443',
    '--validating-webhook=:8443': 'webhook 8443',
    '--webhook-config-server-port=10250': 'webhook 10250',
    '--metrics-bind-address=:8080': 'metrics 8080',
    '--metrics-bind-addr=:8080': 'metrics 8080',
    '--metrics-addr=:8080': 'metrics 8080',
    '--metrics-address=:8085': 'metrics 8085',
    '--metrics-port=8080': 'metrics 8080',
    '--metricsPort=8000': 'metrics 8000',
    '--metricsport=8090': 'metrics 8090',
    '--metrics-listen-address=0.0.0.0:9402': 'metrics 9402',
    '--metrics-bind-port=8080': 'metrics 8080',
    '--metrics-secure-bind-address=:8443': 'metrics 8443',
    '--prometheus-port=8888': 'metrics 8888',
    '--operator-prometheus-serve-addr=:9963': 'metrics 9963',
    '--telemetry-port=8081': 'metrics 8081',
    '--diagnostics-address=:8443': 'metrics 8443',
    '--monitoringAddr=:15014': 'metrics 15014',
    '-web.listen-address=:9090': 'metrics 9090',
    '--gate-bind-address=:8082': 'gate 8082',
    '--mcp-bind-address=:8084': 'mcp 8084',
    '--secure-port=6443': 'secure 6443',
    '--secure-listen-address=0.0.0.0:8443': 'secure 8443',
  }
  for (const [flag, expected] of Object.entries(flags)) assert.equal(await listeners(`args: ["${flag}"]`), [expected], flag)
})

test('what is shown of a value is neither a password nor long', async () => {
  const { workload: found } = await workloadOf(
    workload({ container: `          args: ["--metrics-addr=admin:S3CRET@1.2.3.4:80", "--gate-addr=:${'8'.repeat(9999)}"]\n` }),
  )
  const shown = found.listeners.map(({ what }) => what)
  assert.is(shown[0], '--metrics-addr=…')
  assert.ok((shown[1] ?? '').length < 150)
})

test('a flag that dials another is none', async () => {
  for (const flag of [
    '--metrics-service-address=keda.ops.svc:9666',
    '--webhook-service-name=x',
    '--health-probe-bind-address=:8081',
    '--port=8443',
    '--webhook-cert-dir=/certs',
  ])
    assert.equal(await listeners(`args: ["${flag}"]`), [], flag)
})

test('well-known variables bind', async () => {
  assert.equal(await listeners('env: [{name: METRICS_PORT, value: "8080"}, {name: WEBHOOK_PORT, value: "8443"}, {name: PORT, value: "1"}]'), [
    'metrics 8080',
    'webhook 8443',
  ])
  assert.equal(await listeners('env: [{name: METRICS_PORT, valueFrom: {secretKeyRef: {name: a, key: b}}}]'), ['metrics variable'])
})

test('a port on loopback is out of reach', async () => {
  for (const address of ['127.0.0.1:8080', '[::1]:8080', 'localhost:8080'])
    assert.equal(await listeners(`args: ["--metrics-addr=${address}"]`), ['metrics 8080 (out of reach)'], address)
})

test('a flag with the address tells where the port of another is bound', async () => {
  assert.equal(await listeners('args: ["--secure-port=6443", "--bind-address=127.0.0.1"]'), ['secure 6443 (out of reach)'])
  assert.equal(await listeners('args: ["--secure-port=6443", "--bind-address=0.0.0.0"]'), ['secure 6443'])
  assert.equal(await listeners('args: ["--metrics-address=127.0.0.1", "--metrics-port=8080"]'), ['metrics 8080 (out of reach)'])
  assert.equal(await listeners('args: ["--metrics-address=127.0.0.1", "--webhook-port=9443"]'), ['webhook 9443'])
  assert.equal(await listeners('args: ["--metrics-address=0.0.0.0"]'), ['metrics problem'])
  assert.equal(await listeners('args: ["--bind-address=127.0.0.1"]'), [])
})

test('references to the environment are resolved, and those the stream does not tell are kept apart', async () => {
  const port = 'env: [{name: PORT, value: "8080"}, {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]'
  assert.equal(await listeners(`${port}\n          args: ["--metrics-addr=:$(PORT)"]`), ['metrics 8080'])
  assert.equal(await listeners(`${port}\n          args: ["--metrics-addr=$(POD_IP):$(PORT)"]`), ['metrics 8080'])
  assert.equal(await listeners('args: ["--metrics-addr=:$(PORT)"]'), ['metrics variable'])
})

test('what an init container binds is gone when others call', async () => {
  const { workload: found } = await workloadOf(workload({ container: '      initContainers: [{name: setup, args: ["--metrics-port=1"]}]\n' }))
  assert.equal(found.listeners, [])
  const sidecar = await workloadOf(workload({ container: '      initContainers: [{name: proxy, restartPolicy: Always, args: ["--metrics-port=1"]}]\n' }))
  assert.is(sidecar.workload.listeners.length, 1)
})

test('variables of ConfigMaps bind as others do, and say where they are from', async () => {
  const map = (name: string, data: string, namespace = 'stage'): string =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: ${data}\n`
  const settings = map('settings', '{METRICS_PORT: "9999", WEBHOOK_PORT: "10250", PORT: "7000"}')
  const from = 'envFrom: [{configMapRef: {name: settings}}]'
  assert.equal(await listeners(from, settings), ['metrics 9999', 'webhook 10250'])
  assert.equal(await listeners(from), [])
  assert.equal(await listeners(from, map('settings', '{METRICS_PORT: "9999"}', 'elsewhere')), [])
  const bare = map('settings', '{METRICS_PORT: "1"}').replace(', namespace: stage', '')
  assert.equal(await listeners(from, map('settings', '{METRICS_PORT: "9999"}', 'elsewhere') + bare + settings), ['metrics 9999', 'webhook 10250'])
  assert.equal(await listeners(from, map('settings', '{METRICS_PORT: "9999"}', 'elsewhere') + bare), ['metrics 1'])
  assert.equal(await listeners(from, map('other', '{METRICS_PORT: "9999", a: settings}')), [])
  const key = (name: string): string => `env: [{name: ${name}, valueFrom: {configMapKeyRef: {name: settings, key: PORT}}}]`
  assert.equal(await listeners(key('METRICS_PORT'), settings), ['metrics 7000'])
  assert.equal(await listeners(key('METRICS_PORT')), ['metrics variable'])
  assert.equal(await listeners(`args: ["--metrics-addr=:$(P)"]\n          ${key('P')}`, settings), ['metrics 7000'])
  const { workload: found } = await workloadOf(workload({ container: `          ${from}\n` }) + settings)
  assert.is(found.listeners[0]?.what, 'variable METRICS_PORT of ConfigMap settings=9999')
})

// Each name written out would be 2^60 characters: a test that ends is one that passes.
test('variables of variables do not grow without end, and thousands of them are followed', async () => {
  const doubled = Array.from({ length: 60 }, (_, index) => `{name: A${index + 1}, value: "$(A${index})$(A${index})"}`)
  assert.equal(await listeners(`env: [{name: A0, value: "8"}, ${doubled.join()}]`), [])
  const chained = Array.from({ length: 5000 }, (_, index) => `{name: A${index + 1}, value: "$(A${index})"}`)
  assert.equal(await listeners(`env: [{name: A0, value: "8080"}, ${chained.join()}, {name: METRICS_PORT, value: $(A5000)}]`), ['metrics 8080'])
})

test('a later variable of the same name wins', async () => {
  assert.equal(await listeners('env: [{name: P, value: "1"}, {name: P, value: "2"}, {name: METRICS_PORT, value: $(P)}]'), ['metrics 2'])
})

test('ConfigMaps that bind nothing stay unread', async () => {
  const broken = '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  a: [\n'
  const told = async (container: string): Promise<string[]> => {
    const { diagnose, codes } = ears()
    await releaseOf(workload({ container: `          ${container}\n` }) + broken, diagnose)
    return codes()
  }
  assert.equal(await told('envFrom: [{configMapRef: {name: settings}}]'), ['NP101'])
  for (const container of [
    'args: [settings]',
    'envFrom: [{secretRef: {name: settings}}]',
    'env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: A}}}]',
  ])
    assert.equal(await told(container), [], container)
})

test.run()

/** Purpose and port, or what the address is. */
async function listeners(container: string, rest = ''): Promise<string[]> {
  const { workload: found } = await workloadOf(workload({ container: `          ${container}\n` }) + rest)
  return found.listeners.map(
    ({ purpose, address, reachable }) =>
      `${purpose} ${address.is === 'port' ? address.number : address.is}${address.is === 'port' && !reachable ? ' (out of reach)' : ''}`,
  )
}
