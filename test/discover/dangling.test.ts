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

test.run()
