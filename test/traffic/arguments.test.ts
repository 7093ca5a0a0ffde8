import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hooked, planned as plan, toWebhook, webhook, withArgs } from '../helpers/planned.ts'
import { service } from '../helpers/streams.ts'

/** What arguments bind, held against what others dial. */

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

test('a variable does not matter where another argument has the port', async () => {
  const args = ['--metrics-addr=:$(PORT)', '--metrics-bind-address=:8080']
  assert.equal((await plan(withArgs('[]', args), '', { several: true })).told, [])
})

test('the key that would give the port is named, where the row has one', async () => {
  const { help } = await plan(withArgs('[]', ['--metrics-bind-address=x', '--secure-port=x']), '', { several: true })
  assert.equal(help, [
    'No rule follows from it. Mend it in the chart, or set networkPolicy.ports.metrics.',
    'No rule follows from it. Mend it in the chart, or add the port by hand.',
  ])
})

test('a server that something dials, on loopback, or beside a port of UDP contradicts nothing', async () => {
  const two = '[{name: metrics, containerPort: 8080}, {name: prom, containerPort: 9000}]'
  assert.equal((await plan(withArgs(two, ['--metrics-bind-address=:8080']))).told, [])
  assert.equal((await plan(withArgs(hooked, ['--metrics-bind-address=127.0.0.1:8443']))).told, [])
  assert.equal((await plan(withArgs('[{name: metrics, containerPort: 8080, protocol: UDP}]', ['--metrics-bind-address=:8443']))).told, [])
})

const declaring = (name: string, ports: string): string => `        - name: ${name}\n          ports: ${ports}\n`
const scraped = service({ ports: '[{name: a, port: 80, targetPort: 8080}]', annotations: '{prometheus.io/scrape: "true", prometheus.io/port: "8080"}' })
const binds9090 = (ports: string, more = ''): string => withArgs(ports, ['--metrics-bind-address=:9090']) + more
for (const [what, stream, isTold] of [
  ['its own container declares', binds9090('[{name: metrics, containerPort: 8080}]'), true],
  ['another container declares', binds9090('[]', declaring('other', '[{name: metrics, containerPort: 8080}]')), false],
  ['two containers declare', binds9090('[{name: metrics, containerPort: 8080}]', declaring('other', '[{containerPort: 8080}]')), true],
  ['no container declares, where there is one', binds9090('[]') + scraped, true],
  ['no container declares, where there are two', binds9090('[]', declaring('other', '[]')) + scraped, false],
  ['no container declares, where the other has ended', binds9090('[]', '      initContainers:\n        - name: init\n') + scraped, true],
  ['no container declares for TCP, where there are two', binds9090('[{containerPort: 8080, protocol: UDP}]', declaring('other', '[]')) + scraped, false],
  ['other ports are declared beside', binds9090('[{name: other, containerPort: 1}]', declaring('other', '[{name: metrics, containerPort: 8080}]')), false],
] as const) {
  test(`an argument that binds another port than the one that is dialled, which ${what}`, async () => {
    const { told } = await plan(stream)
    assert.equal(
      told.map(text => text.slice(0, 5)),
      isTold ? ['NP414'] : [],
    )
  })
}

test.run()
