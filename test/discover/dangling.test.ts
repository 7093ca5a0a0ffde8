import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tellDangling } from '../../src/discover/dangling.ts'
import { ears, releaseOf } from '../helpers/facts.ts'

const deployment = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: stage}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, ports: [{name: webhook, containerPort: 9443}]}]}
`
const service = (target: string): string => `---
apiVersion: v1
kind: Service
metadata: {name: hook, namespace: stage}
spec: {selector: {app: app}, ports: [{port: 443, targetPort: ${target}}]}
`
const webhook = (name: string, port = 443): string => `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: checks}
webhooks: [{name: a.example.com, clientConfig: {service: {name: ${name}, namespace: stage, port: ${port}}}}]
`

async function told(stream: string): Promise<string[]> {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(stream, diagnose)
  tellDangling(release.workloads, release, diagnose)
  return diagnostics.all.map(({ code, message }) => `${code} ${message}`)
}

test('a reference that leads somewhere is not told', async () => {
  assert.equal(await told(deployment + service('webhook') + webhook('hook')), [])
})

test('a webhook to a Service that is not in the stream is told', async () => {
  const [message = '', ...more] = await told(deployment + webhook('hook'))
  assert.equal(more, [])
  assert.match(message, /^NP407 ValidatingWebhookConfiguration checks \(Service hook, port 443\) leads nowhere: the stream holds no Service hook/)
})

test('a webhook to a port that its Service does not have is told', async () => {
  const messages = await told(deployment + service('webhook') + webhook('hook', 8443))
  assert.match(messages.join(), /Service stage\/hook has no port 8443/)
})

test('a target port by a name that no container has is told', async () => {
  const messages = await told(deployment + service('https'))
  assert.match(messages.join(), /NP407 Service stage\/hook:443 \(targetPort https\) leads nowhere: no container of Deployment stage\/app names that port/)
})

test('a target port that only some of the pods name is their own', async () => {
  const other = deployment.replace('name: app, namespace', 'name: other, namespace').replace('name: webhook', 'name: https')
  assert.equal(await told(deployment + other + service('webhook')), [])
  assert.match((await told(deployment + other + service('grpc'))).join(), /no container of Deployment stage\/app or Deployment stage\/other names that port/)
})

test('a target port that is named for another protocol is told', async () => {
  const messages = await told(deployment + service('webhook, protocol: UDP'))
  assert.match(messages.join(), /no container of Deployment stage\/app names that port for UDP/)
})

test('a monitored port that no Service has is told, with the Services that were looked at', async () => {
  const scraped = deployment + service('webhook').replace('name: hook', 'name: hook, labels: {a: b}')
  const messages = await told(scraped + monitor('ServiceMonitor', '{port: https-metrics}'))
  assert.match(messages.join(), /^NP407 ServiceMonitor stage\/m \(endpoint port https-metrics\) leads nowhere: no port of Service stage\/hook has that name/)
  assert.equal(await told(scraped.replace('{port: 443,', '{name: https-metrics, port: 443,') + monitor('ServiceMonitor', '{port: https-metrics}')), [])
})

test('a monitored port that no container has is told', async () => {
  assert.match(
    (await told(deployment + monitor('PodMonitor', '{port: metrics}'))).join(),
    /PodMonitor stage\/m \(endpoint port metrics\) leads nowhere: no container of Deployment stage\/app/,
  )
  assert.equal(await told(deployment + monitor('PodMonitor', '{port: webhook}')), [])
  assert.equal(await told(deployment + monitor('PodMonitor', '{portNumber: 1}')), [])
  const scraped = deployment + service('webhook').replace('name: hook', 'name: hook, labels: {a: b}')
  assert.match(
    (await told(scraped + monitor('ServiceMonitor', '{targetPort: metrics}'))).join(),
    /endpoint port metrics\) leads nowhere: no container of Deployment stage\/app/,
  )
})

test('a monitor that selects nothing of the stream is told', async () => {
  assert.equal(await told(deployment + monitor('PodMonitor', '{port: metrics}').replaceAll('app: app', 'app: other')), [
    'NP432 PodMonitor stage/m selects no pods of the stream, so no rule follows from it',
  ])
  assert.equal(await told(deployment + service('webhook') + monitor('ServiceMonitor', '{port: metrics}')), [
    'NP432 ServiceMonitor stage/m selects no Service of the stream, so no rule follows from it',
  ])
})

test('a monitor in a namespace where it finds nothing is told', async () => {
  const scraped = deployment + service('webhook').replace('name: hook', 'name: hook, labels: {a: b}')
  const elsewhere = monitor('ServiceMonitor', '{targetPort: webhook}').replace('namespace: stage', 'namespace: monitoring')
  assert.match((await told(scraped + elsewhere)).join(), /^NP432 ServiceMonitor monitoring\/m/)
  assert.equal(await told(scraped + elsewhere.replace('spec: {', 'spec: {namespaceSelector: {matchNames: [stage]}, ')), [])
})

test('a monitor of other namespaces, or of the pods of a Job, is not told', async () => {
  const idle = deployment + monitor('ServiceMonitor', '{port: metrics}')
  assert.equal((await told(idle.replace('spec: {selector', 'spec: {namespaceSelector: {matchNames: [stage]}, selector'))).length, 1)
  for (const namespaces of ['{matchNames: [kube-system]}', '{matchNames: [stage, kube-system]}', '{any: true}'])
    assert.equal(await told(idle.replace('endpoints: [', `namespaceSelector: ${namespaces}, endpoints: [`)), [], namespaces)
  const job = '---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: stage}\nspec: {template: {metadata: {labels: {app: other}}}}\n'
  assert.equal(await told(deployment + job + monitor('PodMonitor', '{port: metrics}').replaceAll('app: app', 'app: other')), [])
})

test('a probe by a name that its own container does not have is told', async () => {
  const probed = (containers: string): string => deployment.replace(/containers: .*\n/, `containers: [${containers}]}\n`)
  const proxy = '{name: proxy, ports: [{name: health, containerPort: 8081}]}'
  const messages = await told(probed(`{name: app, livenessProbe: {httpGet: {port: health}}}, ${proxy}`))
  assert.match(
    messages.join(),
    /^NP407 the livenessProbe of container app of Deployment stage\/app \(port health\) leads nowhere: the container itself names no such port/,
  )
  assert.equal(await told(probed(`{name: app, livenessProbe: {httpGet: {port: health, host: example.com}}}, ${proxy}`)), [])
})

test('references to a Service of another namespace are not mistaken', async () => {
  const elsewhere = deployment + service('webhook').replace('namespace: stage', 'namespace: other') + webhook('hook')
  assert.match((await told(elsewhere)).join(), /the stream holds no Service hook/)
  assert.equal(await told(deployment + service('webhook').replace(', namespace: stage', '') + webhook('hook')), [])
})

test.run()

function monitor(kind: string, endpoint: string): string {
  const [list, label] = kind === 'PodMonitor' ? ['podMetricsEndpoints', 'app: app'] : ['endpoints', 'a: b']
  return `---\napiVersion: monitoring.coreos.com/v1\nkind: ${kind}\nmetadata: {name: m, namespace: stage}\nspec: {selector: {matchLabels: {${label}}}, ${list}: [${endpoint}]}\n`
}
