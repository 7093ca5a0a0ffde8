import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tellWiring } from '../../src/discover/wiring.ts'
import { ears, releaseOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const app = workload({ ports: '[{name: https, containerPort: 9443}]' })

test('wiring that holds is not told of', async () => {
  assert.equal(await told(app + service()), [])
})

test('a flag given twice with two ports is told', async () => {
  const [message = '', ...more] = await told(withArgs('--metrics-addr=:8080', '--metrics-addr=:8443'))
  assert.equal(more, [])
  assert.match(
    message,
    /^NP413 the arguments of Deployment stage\/app contradict each other: container manager has --metrics-addr=:8080 and --metrics-addr=:8443$/,
  )
  assert.is((await told(withArgs('--metrics-addr=:8080', '--metrics-addr=0'))).length, 1)
})

test('a flag given twice with one port is not, nor one that may be repeated', async () => {
  assert.equal(await told(withArgs('--metrics-addr=:8080', '--metrics-addr=0.0.0.0:8080')), [])
  assert.equal(await told(withArgs('--web.listen-address=:8080', '--web.listen-address=:8443')), [])
})

test('two servers on one port are told', async () => {
  assert.match(
    (await told(withArgs('--metrics-addr=:8080', '--gate-bind-address=:8080'))).join(),
    /^NP413 .*--metrics-addr=:8080 of container manager and --gate-bind-address=:8080 of container manager bind one port/,
  )
  const second = '        - {name: second, args: ["--metrics-addr=:8080"]}\n'
  assert.match(
    (await told(withArgs('--metrics-addr=:8080') + second)).join(),
    /of container manager and --metrics-addr=:8080 of container second bind one port/,
  )
})

test('two words for one server are no contradiction, nor two addresses', async () => {
  assert.equal(await told(withArgs('--metrics-addr=:8080', '--metrics-bind-address=:8080')), [])
  assert.equal(await told(withArgs('--metrics-addr=127.0.0.1:8080', '--secure-listen-address=[$(POD_IP)]:8080')), [])
  assert.equal(await told(withArgs('--metrics-addr=10.0.0.1:8080', '--gate-bind-address=$(POD_IP):8080')), [])
})

test('a Service that the stream holds twice is told once, where the last one stands', async () => {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(app + service() + service() + service({ name: 'other' }) + service({ namespace: 'other' }), diagnose)
  tellWiring(release.workloads, release, diagnose)
  assert.equal(
    diagnostics.all.map(({ code, message, place }) => `${code} ${message} at ${place?.line}`),
    ['NP415 the stream holds Service stage/app 2 times at 25'],
  )
})

test('a Service that sends to pods without its port as well is told, with who calls', async () => {
  const two = app + workload({ name: 'other', ports: '[{containerPort: 8080}]' })
  const hook = '---\nkind: ValidatingWebhookConfiguration\nmetadata: {name: checks}\nwebhooks: [{clientConfig: {service: {name: app, namespace: stage}}}]\n'
  const numbered = service({ ports: '[{port: 443, targetPort: 9443}]' })
  assert.equal(await told(two + numbered + hook), [
    'NP417 Service stage/app sends to port 9443 of Deployment stage/app and Deployment stage/other, and Deployment stage/other declares no such port: part of the calls of ValidatingWebhookConfiguration checks goes astray',
  ])
  assert.match((await told(two + numbered)).join(), /part of the calls goes astray/)
})

test('calls do not go astray where a name decides, where nothing is declared, or where an argument binds the port', async () => {
  const numbered = service({ ports: '[{port: 443, targetPort: 9443}]' })
  assert.equal(await told(app + workload({ name: 'other', ports: '[{containerPort: 8080}]' }) + service()), [])
  assert.equal(await told(app + workload({ name: 'other', ports: '[]' }) + numbered), [])
  assert.equal(
    await told(app + workload({ name: 'other', ports: '[{containerPort: 8080}]', container: '          args: ["--webhook-port=9443"]\n' }) + numbered),
    [],
  )
  assert.equal(await told(app + workload({ name: 'other', ports: '[{containerPort: 8080}]' }) + numbered.replace('spec:\n', 'spec:\n  clusterIP: None\n')), [])
})

test('a prometheus.io/port that is no number is told, on pods and on Services', async () => {
  assert.equal(await told(workload({ podLabels: '{app: app}\n      annotations: {prometheus.io/port: metrics}' })), [
    'NP412 prometheus.io/port of the pods of Deployment stage/app is "metrics", which is no port number, so its port is not known',
  ])
  assert.match((await told(app + service({ annotations: '{prometheus.io/port: "0"}' }))).join(), /prometheus.io\/port of Service stage\/app is "0"/)
  assert.equal(await told(app + service({ annotations: '{prometheus.io/port: x, prometheus.io/scrape: "false"}' })), [])
})

test('ports that the API server refuses are told, and left out', async () => {
  const stream = (port: string): string => workload({ ports: `[{name: metrics, containerPort: 8080}, ${port}]` })
  for (const number of ['99999', '-5', '80.5', '0', 'http', '"80x"']) {
    const messages = await told(stream(`{containerPort: ${number}}`))
    assert.is(messages.length, 1, number)
    assert.match(messages.join(), /^NP433 container manager of Deployment stage\/app declares the containerPort ".*", which is no number from 1 to 65535/)
    assert.equal((await releaseOf(stream(`{containerPort: ${number}}`))).workloads[0]?.ports.length, 1, number)
  }
  for (const name of ['Bad Name!', 'Metrics', 'a--b', '-a', '123', 'abcdefghijklmnop']) {
    assert.match(
      (await told(stream(`{name: "${name}", containerPort: 1}`))).join(),
      /^NP433 .* declares a port named ".*": its rules say the number$|^NP433 .* its rules/,
      name,
    )
    const [, port] = (await releaseOf(stream(`{name: "${name}", containerPort: 1}`))).workloads[0]?.ports ?? []
    assert.is(port?.namedForPolicies, false, name)
  }
  assert.equal(await told(stream('{name: abcdefghijklmno, containerPort: 65535}')), [])
})

test('numbers that are no ports lead nowhere', async () => {
  const probe = (port: string): string => workload({ container: `          livenessProbe: {httpGet: {port: ${port}}}\n` })
  assert.match((await told(probe('99999'))).join(), /^NP407 the livenessProbe .*port 99999\) leads nowhere/)
  assert.match(
    (await told(workload() + service({ ports: '[{port: 80, targetPort: 99999}]' }))).join(),
    /^NP407 Service stage\/app:80 \(targetPort 99999\) leads nowhere/,
  )
})

test('a server on loopback that something leads to is told', async () => {
  const bound = workload({ ports: '[{name: metrics, containerPort: 8080}]', container: '          args: ["--metrics-addr=127.0.0.1:8080"]\n' })
  assert.equal(await told(bound), [])
  assert.equal(await told(bound + service({ ports: '[{port: 80, targetPort: metrics}]' })), [
    'NP434 --metrics-addr=127.0.0.1:8080 of Deployment stage/app binds loopback alone, and Service stage/app:80 leads to port 8080: nobody outside of the pod can dial it',
  ])
  assert.match((await told(bound.replace('8080}]', '8080, hostPort: 80}]'))).join(), /^NP434 .* hostPort 80 of container manager leads to port 8080/)
  assert.match((await told(bound + '          livenessProbe: {httpGet: {port: 8080}}\n')).join(), /^NP434 .* livenessProbe of container manager leads/)
  assert.equal(await told(bound + service({ ports: '[{port: 80, targetPort: 8443}]' })), [])
  const annotated = bound.replace('    metadata:', '    metadata:\n      annotations: {prometheus.io/port: "8080"}')
  assert.match((await told(annotated)).join(), /^NP434 .* prometheus\.io\/port of the pods of Deployment stage\/app leads to port 8080/)
})

test.run()

function withArgs(...args: readonly string[]): string {
  return workload({ container: `          args: ${JSON.stringify(args)}\n` })
}

async function told(stream: string): Promise<string[]> {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(stream, diagnose)
  tellWiring(release.workloads, release, diagnose)
  return diagnostics.all.map(({ code, message }) => `${code} ${message}`)
}
