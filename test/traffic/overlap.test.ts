import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engines } from '../../src/engines/registry.ts'
import type { EngineName } from '../../src/engines/registry.ts'
import type { Covering } from '../../src/traffic/cut.ts'
import { planTraffic } from '../../src/traffic/plan.ts'
import { tellOverlaps } from '../../src/traffic/overlap.ts'
import { ears, releaseOf, settingsOf } from '../helpers/facts.ts'
import { service, workload } from '../helpers/streams.ts'

const other = (ports: string, namespace = 'stage'): string => workload({ name: 'other', namespace, ports, podLabels: '{app: app, part: other}' })

test('pods of another workload that are locked with those of the controller are told, with what is cut', async () => {
  const stream =
    workload() + other('[{name: api, containerPort: 3000}]') + service({ name: 'other', selector: '{part: other}', ports: '[{port: 80, targetPort: api}]' })
  assert.equal(await told(stream), [
    'NP418 the selector of Deployment stage/app also selects the pods of Deployment stage/other, which has no policy of its own: they are locked too, and cut off from its callers at port 3000 (Service stage/other:80)',
  ])
})

test('what the policy opens for its own workload is open to the others too, by name and by number', async () => {
  assert.equal(await codes(workload() + other('[{name: metrics, containerPort: 8080}]')), ['NP419'])
  assert.equal(await codes(workload() + other('[{name: metrics, containerPort: 9090}]')), ['NP419'])
  const numbered = workload({ ports: '[]', container: '          args: ["--metrics-addr=:8080"]\n' })
  assert.equal(await codes(numbered + other('[{name: metrics, containerPort: 8080}]')), ['NP419'])
  assert.equal(await codes(numbered + other('[{name: metrics, containerPort: 9090}]')), ['NP418'])
})

test('each port at which others are called counts by itself, by its protocol, and whatever the policy opens beside it', async () => {
  const calls = (...targets: string[]): string => {
    const ports = targets.map((target, index) => `{name: p${index}, port: ${80 + index}, targetPort: ${target}}`).join(', ')
    return service({ name: 'other', selector: '{part: other}', ports: `[${ports}]` })
  }
  const hooked = workload({ ports: '[{name: metrics, containerPort: 8080}, {name: mcp, containerPort: 8084}]' })
  const ports = '[{name: metrics, containerPort: 8080}, {name: mcp, containerPort: 8084}, {name: api, containerPort: 3000}, {name: web, containerPort: 3001}]'
  const cut = async (stream: string, block = ''): Promise<string> => /cut off from (.*)/.exec((await told(stream, block)).join())?.[1] ?? 'nothing'
  const callers = (port: number, through: number): string => `its callers at port ${port} (Service stage/other:${through})`
  assert.is(await cut(hooked + other(ports) + calls('metrics', 'mcp')), 'nothing')
  assert.is(await cut(hooked + other(ports) + calls('mcp', 'api', 'web')), `${callers(3000, 81)}, ${callers(3001, 82)}`)
  assert.is(await cut(hooked + other(ports) + calls('api'), '  additionalIngress: [{}]\n'), 'nothing')
  assert.is(await cut(hooked + other(ports) + calls('api'), '  additionalIngress: [{ports: [{port: 1}, {port: 3000}]}]\n'), 'nothing')
  assert.is(await cut(hooked + other(ports) + calls('api'), '  additionalIngress: [{ports: [{port: 2000, endPort: 3000}]}]\n'), 'nothing')
  assert.is(await cut(hooked + other(ports) + calls('api'), '  additionalIngress: [{ports: [{port: 2000, endPort: 2999}]}]\n'), callers(3000, 80))
  assert.is(await cut(hooked + other(ports) + calls('api'), '  additionalIngress: [{ports: [{port: 3001}]}]\n'), callers(3000, 80))
  assert.is(await cut(hooked + other(ports) + calls('api'), '  additionalIngress: [{ports: [{port: 3000, protocol: UDP}]}]\n'), callers(3000, 80))
})

test('the kubelet of the own node is let in anyway', async () => {
  const probed = workload({ name: 'other', podLabels: '{app: app}', ports: '[]', container: '          livenessProbe: {httpGet: {port: 8081}}\n' })
  assert.equal(await codes(workload() + probed), ['NP419'])
})

test('with egress locked, the others are locked there as well', async () => {
  assert.match((await told(workload() + other('[]'), '  egress: {enabled: true}\n')).join(), /NP418 .* cut off from all that it dials itself/)
})

test('two covered workloads that share pods are noted, unless another warning says so', async () => {
  const both = workload() + other('[]')
  assert.match(
    (await told(both, '', ['app', 'other'])).join(),
    /^NP419 the selector of Deployment stage\/app also selects the pods of Deployment stage\/other: what either policy allows/,
  )
  assert.equal(await told(both, '', ['app', 'other'], 'clusterNetworkPolicy'), [])
})

test('workloads that share nothing are not told of', async () => {
  assert.equal(await codes(workload() + other('[]', 'elsewhere')), [])
  assert.equal(await codes(workload() + workload({ name: 'other', podLabels: '{app: other}' })), [])
  assert.equal(await codes(workload() + other('[]').replace('    spec:\n', '    spec:\n      hostNetwork: true\n')), [])
})

test('pods that two policies lock lose what neither opens, in one message', async () => {
  const two =
    workload({ selector: '{matchLabels: {app: app}}' }) +
    workload({ name: 'second', podLabels: '{app: second}', selector: '{matchLabels: {part: other}}', ports: '[]' })
  const called = service({ name: 'other', selector: '{app: app, part: other}', ports: '[{port: 80, targetPort: 8080}, {port: 81, targetPort: 3000}]' })
  const stream = two + other('[{name: metrics, containerPort: 8080}, {name: api, containerPort: 3000}]') + called
  const [first = '', ...more] = await told(stream, '', ['app', 'second'])
  assert.match(first, /^NP418 the selector of Deployment stage\/app also selects .* cut off from its callers at port 3000 \(Service stage\/other:81\)$/)
  assert.equal(more, [])
})

test('expressions of a selector count', async () => {
  const expressions = '{matchExpressions: [{key: app, operator: In, values: [app]}, {key: part, operator: DoesNotExist}]}'
  assert.equal(await codes(workload({ selector: expressions }) + other('[]')), [])
  assert.equal(await codes(workload({ selector: '{matchExpressions: [{key: app, operator: Exists}]}' }) + other('[]')), ['NP419'])
})

test('a selector of many workloads names a few of them', async () => {
  const many = Array.from({ length: 9 }, (_, index) => workload({ name: `w${index}` })).join('')
  const [first = ''] = await told(
    many,
    '',
    Array.from({ length: 9 }, (_, index) => `w${index}`),
  )
  assert.match(first, /pods of Deployment stage\/w1, .*w5, 3 more: /)
})

test('pods of Jobs and hooks that the selector takes in are told, once egress is locked', async () => {
  const locked = '  egress: {enabled: true}\n'
  assert.equal(await told(workload() + hookJob, locked), [
    'NP430 the selector of Deployment stage/app also selects the pods of the hook Job stage/migrate: they are locked down to what Deployment stage/app may do, and cut off from all that it dials itself and the egress rules do not list, so that the hook may fail',
  ])
  assert.match((await told(workload() + cronJob, locked)).join(), /^NP430 .* the pods of CronJob stage\/prune: .* do not list$/)
  assert.match((await told(workload() + testPod, locked)).join(), /^NP430 .* the pods of the hook Pod stage\/check: /)
  const hookWorkload = workload({ name: 'other' }).replace('  labels: {}', '  annotations: {helm.sh/hook: pre-install}')
  assert.match((await told(workload() + hookWorkload, locked)).join(), /^NP430 .* the pods of the hook Deployment stage\/other: /)
})

test('a Job of kubectl dials the kube-apiserver alone, as the controller does', async () => {
  const running = (container: string): string => hookJob.replace('{name: job}', container)
  const egress = '  egress: {enabled: true}\n'
  const seen = async (container: string): Promise<string> => (await told(workload() + running(container), egress)).join().slice(0, 5)
  for (const container of ['{name: a, image: "registry.k8s.io/kubectl:v1.34.0", args: [delete]}', '{name: a, image: b, command: [/bin/kubectl, get]}'])
    assert.is(await seen(container), 'NP419', container)
  for (const container of ['{name: a, image: "kubectl@sha256:0", args: [apply, -f, "https://example.com/a.yaml"]}', '{name: a, image: kubectl-like}'])
    assert.is(await seen(container), 'NP430', container)
})

test('a Job that nobody calls loses nothing inbound', async () => {
  assert.equal(await told(workload() + hookJob), [])
})

test('a bare Pod that a Service calls is cut off from its callers', async () => {
  const called = service({ name: 'checks', selector: '{part: checks}', ports: '[{port: 80, targetPort: 3000}]' })
  assert.match((await told(workload() + testPod + called)).join(), /^NP430 .* cut off from its callers at port 3000 \(Service stage\/checks:80\), so that/)
})

test('Jobs with labels of their own, elsewhere or on the host network are not locked', async () => {
  const locked = '  egress: {enabled: true}\n'
  assert.equal(await told(workload() + hookJob.replace('{app: app}', '{app: migrate}'), locked), [])
  assert.equal(await told(workload() + hookJob.replace('namespace: stage', 'namespace: elsewhere'), locked), [])
  assert.equal(await told(workload() + hookJob.replace('spec: {containers', 'spec: {hostNetwork: true, containers'), locked), [])
})

test('pods with a policy of their own are noted alone', async () => {
  const others = [{ namespace: 'stage', selector: { matchLabels: { app: 'app' }, matchExpressions: [] } }]
  const messages = await told(workload() + hookJob, '  egress: {enabled: true}\n', ['app'], 'kubernetes', others)
  assert.match(messages.join(), /^NP419 .*: they are locked too, but for what a policy of their own allows$/)
  for (const none of [
    { namespace: 'elsewhere', selector: others[0]?.selector ?? nothing },
    { namespace: 'stage', selector: { ...nothing, matchLabels: { app: 'x' } } },
  ])
    assert.match((await told(workload() + hookJob, '  egress: {enabled: true}\n', ['app'], 'kubernetes', [none])).join(), /^NP430/)
})

test('what leaves its namespace to Helm is in the one that is given', async () => {
  const elsewhere = hookJob.replace('namespace: stage', 'namespace: elsewhere')
  const locked = (namespace: string): string => `  egress: {enabled: true}\n  namespace: ${namespace}\n`
  assert.equal(await told(workload({ namespace: '' }) + elsewhere, locked('stage')), [])
  assert.match((await told(workload({ namespace: '' }) + elsewhere, locked('elsewhere'))).join(), /^NP430/)
})

test.run()

const nothing = { matchLabels: {}, matchExpressions: [] }
const containers = '{containers: [{name: job}]}'
const hookJob = `---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: stage, annotations: {helm.sh/hook: pre-upgrade}}
spec: {template: {metadata: {labels: {app: app}}, spec: ${containers}}}
`
const cronJob = `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: prune, namespace: stage}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: app}}, spec: ${containers}}}}}
`
const testPod = `---
apiVersion: v1
kind: Pod
metadata: {name: check, namespace: stage, labels: {app: app, part: checks}, annotations: {helm.sh/hook: test}}
spec: ${containers}
`

async function told(
  stream: string,
  block = '',
  names: readonly string[] = ['app'],
  engine: EngineName = 'kubernetes',
  others: readonly Covering[] = [],
): Promise<string[]> {
  const { diagnostics, diagnose } = ears()
  const release = await releaseOf(stream)
  const settings = await settingsOf(block)
  const covered = release.workloads.filter(({ name }) => names.includes(name))
  const options = { settings, usePeers: true, several: true, clusterScoped: false, releaseNamespace: undefined, derived: () => [], diagnose: ears().diagnose }
  tellOverlaps(planTraffic(covered, release, options), release, { settings, engine: engines[engine], others, diagnose })
  return diagnostics.all.map(({ code, message }) => `${code} ${message}`)
}

async function codes(stream: string): Promise<string[]> {
  return (await told(stream)).map(text => text.slice(0, 5))
}
