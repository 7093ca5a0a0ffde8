import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { readSlices } from '../src/commands/cluster.ts'
import { engines } from '../src/engines/registry.ts'
import { folderWith } from './helpers/folder.ts'
import { netpol, repository } from './helpers/program.ts'
import { workload } from './helpers/streams.ts'

const input = readFileSync(join(repository, 'test/fixtures/stageset.yaml'))
const locked = ['--set', 'networkPolicy.egress.enabled=true', '--set', 'networkPolicy.enabled=true', '-n', 'stage']

test('explain shows every flow, who carries it, and the block for what is cut', async () => {
  const { stdout, exitCode } = await netpol(['explain', '--engine', 'cilium', ...locked], { input })
  assert.is(exitCode, 0)
  for (const text of ['kube-apiserver', 'Prometheus', 'spec.ingress[0]', 'spec.egress[0]', 'source-controller.flux-system:80', 'toEndpoints'])
    assert.ok(stdout.includes(text), `${text} in\n${stdout}`)
})

for (const engine of Object.keys(engines)) {
  test(`explain under ${engine}: the one block for all that is cut, pasted, leaves nothing cut`, async () => {
    const stream = readFileSync(join(repository, 'test/cases/destinations-that-no-rule-lets-through-are-told-with-the-block-that-opens-them/input.yaml'))
    const folder = folderWith({ 'locked.yaml': 'networkPolicy:\n  controller: app\n  namespace: stage\n  egress: {enabled: true}\n' })
    const values = ['--engine', engine, '-f', join(folder, 'locked.yaml')]
    const explained = await netpol(['explain', '--format', 'json', ...values], { input: stream })
    const { paste, workloads } = JSON.parse(explained.stdout)
    const cut = ({ flows }: { flows: { verdict: string }[] }): number => flows.filter(({ verdict }) => verdict === 'cut').length
    assert.ok(cut(workloads[0]) >= 5, explained.stdout)
    writeFileSync(join(folder, 'paste.yaml'), paste.replaceAll('ADDRESS/32', '10.20.30.40/32'))
    const after = await netpol(['explain', '--format', 'json', ...values, '-f', join(folder, 'paste.yaml')], { input: stream })
    assert.is(cut(JSON.parse(after.stdout).workloads[0]), 0, after.stdout)
    assert.is(JSON.parse(after.stdout).paste, undefined)
  })
}

test('explain writes nothing where the values are wrong, and marks all where a policy is', async () => {
  const wrong = await netpol(['explain', '-f', '/nowhere.yaml'], { input })
  assert.equal([wrong.exitCode, wrong.stdout], [1, ''])
  assert.match(wrong.stderr, 'NP200')
  const strict = await netpol(['explain', '--strict', '--engine', 'kubernetes', ...locked], { input })
  assert.is(strict.exitCode, 1)
  assert.match(strict.stdout, 'Something is wrong')
})

test('explain shows what the chart itself locks, what a policy of its own decides, and that the host network is not locked', async () => {
  const own = (types: string): string =>
    `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own}\nspec: {podSelector: {}, policyTypes: [${types}]}\n`
  const stream = workload({ namespace: '' })
  const verdicts = async (text: string, ...args: string[]): Promise<string[]> => {
    const { stdout } = await netpol(['explain', '--format', 'json', '-n', 'stage', ...args], { input: text })
    const [first] = JSON.parse(stdout).workloads
    return [
      `egress ${first.egressLocked ? 'locked' : 'open'}`,
      ...first.flows.map(({ party, verdict }: { party: string; verdict: string }) => `${party} ${verdict}`),
    ]
  }
  assert.equal(await verdicts(stream), ['egress open', 'Prometheus allowed', 'cluster DNS open', 'kube-apiserver open'])
  assert.equal(await verdicts(stream + own('Egress')), ['egress locked', 'Prometheus allowed', 'cluster DNS cut', 'kube-apiserver cut'])
  assert.equal(await verdicts(stream + own('Ingress'), '--engine', 'clusterNetworkPolicy'), [
    'egress open',
    'Prometheus possibly',
    'cluster DNS open',
    'kube-apiserver open',
  ])
  const onHost = stream.replace('      containers:', '      hostNetwork: true\n      containers:')
  assert.equal(await verdicts(onHost, '--set', 'networkPolicy.egress.enabled=true'), [
    'egress open',
    'Prometheus open',
    'cluster DNS open',
    'kube-apiserver open',
  ])
})

test('explain shows what would be where the values enable nothing', async () => {
  const { stdout, exitCode } = await netpol(['explain', '--format', 'json'], { input })
  assert.is(exitCode, 0)
  const matrix = JSON.parse(stdout)
  assert.is(matrix.enabled, false)
  assert.is(matrix.engine, 'kubernetes')
  assert.ok(matrix.workloads[0].flows.some(({ verdict }: { verdict: string }) => verdict === 'open'))
})

test('explain sees what the values document of the stream enables, under a root of its own as well', async () => {
  const shown = async (spec: string, ...args: string[]): Promise<unknown> => {
    const values = `---\napiVersion: helm-netpol/v1alpha1\nkind: NetworkPolicyValues\nspec: ${spec}\n`
    return JSON.parse((await netpol(['explain', '--format', 'json', ...args], { input: input.toString() + values })).stdout).enabled
  }
  assert.is(await shown('{networkPolicy: {enabled: true}}'), true)
  assert.is(await shown('{other: {enabled: true}}', '--root', 'other'), true)
  assert.is(await shown('{networkPolicy: {enabled: false}}'), false)
  assert.is(await shown('{networkPolicy: {enabled: true}}', '--set', 'networkPolicy.enabled=false'), false)
  assert.is(await shown('{}', '--engine', 'cilium'), true)
})

test('explain shows the ports at which rules of the user let a flow through', async () => {
  const rule = (ports: string): string =>
    `[{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}]${ports === '' ? '' : `, toPorts: [{ports: ${ports}}]`}}]`
  const portsOf = async (ports: string): Promise<unknown> => {
    const values = `networkPolicy: {enabled: true, engine: cilium, egress: {enabled: true, dns: false}, cilium: {egress: ${rule(ports)}}}`
    const { stdout } = await netpol(['explain', '--format', 'json', '-f', join(folderWith({ 'v.yaml': values }), 'v.yaml')], { input })
    const { flows } = JSON.parse(stdout).workloads[0]
    return flows.find(({ row }: { row: string }) => row === 'dns').ports
  }
  assert.equal(await portsOf('[{port: "53", protocol: UDP}]'), ['53/UDP'])
  assert.equal(await portsOf('[{port: "53", protocol: ANY}]'), ['53/any'])
  assert.equal(await portsOf('[{port: "50", endPort: 60, protocol: UDP}]'), ['50-60/UDP'])
  assert.equal(await portsOf(''), [])
})

for (const [format, start] of [
  ['markdown', '#'],
  ['mermaid', 'flowchart lr'],
  ['svg', '<svg'],
  ['html', '<!doctype html>'],
] as const) {
  test(`explain answers in ${format}, and the same each time`, async () => {
    const [one, other] = await Promise.all([1, 2].map(() => netpol(['explain', '--format', format, ...locked], { input })))
    assert.is(one?.exitCode, 0, one?.stderr)
    assert.ok(one?.stdout.toLowerCase().trimStart().startsWith(start), one?.stdout.slice(0, 100))
    assert.is(one?.stdout, other?.stdout)
  })
}

test('explain tells of an unknown format, and of flags of other commands', async () => {
  const format = await netpol(['explain', '--format', 'png'], { input })
  assert.is(format.exitCode, 2)
  assert.match(format.stderr, '"png" is none of table, json')
  const stray = await netpol(['--format', 'json'], { input })
  assert.is(stray.exitCode, 2)
  assert.match(stray.stderr, '--format is a flag of helm-netpol explain')
})

test('explain fails where nothing can be explained', async () => {
  const { stdout, stderr, exitCode } = await netpol(['explain'], { input: 'a: b\n' })
  assert.is(exitCode, 1)
  assert.is(stdout, '')
  assert.match(stderr, 'NP300')
})

for (const engine of Object.keys(engines)) {
  test(`${engine}: the block that values writes is taken, and cuts nothing that the stream tells`, async () => {
    const written = await netpol(['values', '--engine', engine, '-n', 'stage'], { input })
    assert.is(written.exitCode, 0, written.stderr)
    assert.is(parse(written.stdout).networkPolicy.engine, engine)
    const folder = folderWith({ 'values.yaml': Buffer.from(written.stdout, 'latin1') })
    const filtered = await netpol(['-f', join(folder, 'values.yaml')], { input })
    assert.is(filtered.exitCode, 0, filtered.stderr)
    assert.not.match(filtered.stderr, 'NP420')
  })
}

test('values leaves what only the user knows in a comment', async () => {
  const stream = input.toString().replace('- --leader-elect', '- --leader-elect\n            - --tracing-endpoint=otel.example.net:4317')
  const { stdout } = await netpol(['values'], { input: stream })
  assert.match(stdout, /^ +# found in --tracing-endpoint=otel.example.net:4317$/m)
  assert.match(stdout, /^ +# +cidr: ADDRESS\/32$/m)
})

test('values takes no values', async () => {
  const { stderr, exitCode } = await netpol(['values', '--set', 'a=b'], { input })
  assert.is(exitCode, 2)
  assert.match(stderr, 'takes no --values')
})

test('values asks the cluster through kubectl', async () => {
  const folder = folderWith({ kubectl: `#!/bin/sh\necho '{"items":[{"ports":[{"port":6443}],"endpoints":[{"addresses":["10.1.0.5"]}]}]}'\n` })
  chmodSync(join(folder, 'kubectl'), 0o755)
  const env = { PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) }
  const { stdout, stderr, exitCode } = await netpol(['values', '--context', 'prod'], { input, env })
  assert.is(exitCode, 0, stderr)
  const { apiserver } = parse(stdout).networkPolicy.egress
  assert.equal(apiserver, { cidrs: ['10.1.0.5/32'], ports: [6443] })
})

test('a kubectl that is missing, fails or answers nonsense is told', async () => {
  const empty = folderWith()
  const missing = await netpol(['values', '--context', 'prod'], { input, env: { PATH: empty } })
  assert.is(missing.exitCode, 1)
  assert.match(missing.stderr, 'kubectl is not on the PATH')
  for (const [script, message] of [
    ['echo no such context >&2; exit 1', 'kubectl failed: no such context'],
    ['echo hello', 'no JSON'],
    [`echo '{"items":[]}'`, 'named no address'],
  ] as const) {
    const folder = folderWith()
    writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    const { stderr, exitCode, stdout } = await netpol(['values', '--kubeconfig', 'x'], {
      input,
      env: { PATH: `${folder}${delimiter}/usr/bin${delimiter}/bin` },
    })
    assert.is(exitCode, 1)
    assert.is(stdout, '')
    assert.match(stderr, message)
  }
})

test('addresses of several slices and families are kept once, in order', () => {
  const slice = (address: string): object => ({ ports: [{ port: 443 }], endpoints: [{ addresses: [address] }] })
  assert.equal(readSlices(JSON.stringify({ items: [slice('10.0.0.2'), slice('FD00::1'), slice('10.0.0.2')] })), {
    cidrs: ['10.0.0.2/32', 'fd00::1/128'],
    ports: [443],
  })
})

test.run()
