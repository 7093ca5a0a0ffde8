import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseCommand } from '../../src/cli.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import { clusterPolicy, networkPolicy } from '../helpers/checking.ts'
import { bytesOf, codesOf, runWith, textOf } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'

/** `--verify`; test/cases has what it tells. */

const values = 'networkPolicy: {enabled: true}\n'
const cut = workload() + networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
/** Who is not covered by us may not need the kube-apiserver, but its callers do need it. */
const locked = workload() + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}')
const refused = workload() + networkPolicy('{podSelector: 1}')

const codes = async (stream: string, options: Parameters<typeof runWith>[1] = {}): Promise<string[]> =>
  [...new Set(codesOf(await runWith(stream, { values, ...options })))].filter(code => code.startsWith('NP8'))

test('nothing is verified that nobody asks for', async () => {
  assert.equal(await codes(cut), [])
  assert.equal(await codes(cut, { verify: false, strict: true }), [])
})

test('it is asked for by itself, and where warnings are errors', async () => {
  assert.equal(await codes(cut, { verify: true }), ['NP800'])
  assert.equal(await codes(cut, { strict: true }), ['NP800'])
})

test('where the values enable nothing, the policies of the stream are verified by themselves', async () => {
  for (const off of ['', 'networkPolicy: {enabled: false}\n']) {
    assert.equal(await codes(locked, { values: off }), [])
    assert.equal(await codes(locked, { verify: true, values: off }), ['NP800'])
    assert.equal(await codes(locked, { strict: true, values: off }), ['NP800'])
    assert.equal(await codes(locked, { strict: true, verify: false, values: off }), [])
    assert.equal(await codes(refused, { verify: true, values: off }), ['NP801'])
    assert.equal(await codes(workload(), { verify: true, values: off }), [])
  }
})

test('a stream that is verified and good passes through byte for byte', async () => {
  const off = { values: 'networkPolicy: {enabled: false}\n', verify: true }
  for (const stream of [workload(), '', '# nothing\n', 'echo hello\n']) assert.is(bytesOf(await runWith(stream, off)), stream)
  assert.is((await runWith(locked, off)).output, undefined)
})

test('what cannot be read cannot be verified', async () => {
  const told = async (stream: string | Buffer, verify: boolean) => codesOf(await runWith(stream, { values: 'networkPolicy: {enabled: false}\n', verify }))
  const utf16 = Buffer.from(`\ufeff${locked}`, 'utf16le')
  assert.equal([await told(utf16, true), await told(utf16, false)], [['NP106'], []])
  const broken = `${workload()}---\nkind: NetworkPolicy\nspec: [\n`
  assert.equal([await told(broken, true), await told(broken, false)], [['NP101'], []])
})

test('a values document that enables nothing is not verified itself', async () => {
  const document = '---\napiVersion: helm-netpol/v1alpha1\nkind: NetworkPolicyValues\nspec: {networkPolicy: {enabled: false}}\n'
  assert.equal(await codes(locked + document, { verify: true, values: '' }), ['NP800'])
  assert.is(bytesOf(await runWith(workload() + document, { values: '', verify: true })), workload())
})

test('beside a mistake in values that enable nothing it is not verified', async () => {
  assert.equal(await codes(locked, { verify: true, values: 'networkPolicy: [\n' }), [])
})

test('beside another mistake it is not verified what would come of it', async () => {
  assert.equal(await codes(cut, { verify: true, controller: 'nobody' }), [])
  const taken = workload() + networkPolicy('{podSelector: {}, policyTypes: [Egress]}', { name: 'app' })
  assert.equal(await codes(taken, { verify: true }), [])
})

test('beside a warning that is an error it is', async () => {
  const deny = clusterPolicy('ingress: [{action: Deny, from: [{namespaces: {}}]}]', {
    subject: '{namespaces: {matchLabels: {kubernetes.io/metadata.name: stage}}}',
  })
  const both = await runWith(workload() + deny, { values: 'networkPolicy: {enabled: true, egress: {enabled: true}}\n', strict: true })
  assert.ok(codesOf(both).includes('NP400') && codesOf(both).includes('NP800'), codesOf(both).join(', '))
})

test('a policy that is refused is told in the manifest, too', async () => {
  assert.match(textOf(await runWith(refused, { values, verify: true })), /^# helm-netpol: warning NP801: NetworkPolicy stage\/own would be refused/m)
  assert.equal(await codes(refused, { verify: true }), ['NP801'])
})

test('a policy that another takes the place of is not verified', async () => {
  const own = workload() + networkPolicy('{podSelector: {}, policyTypes: [Egress]}', { name: 'app' })
  assert.equal(await codes(own, { verify: true, values: 'networkPolicy: {enabled: true, replace: true}\n' }), [])
})

test('policies of two networks are no question of the filter', async () => {
  const policy = (apiVersion: string, kind: string): string =>
    `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: p, namespace: stage}\nspec: {}\n`
  const told = await codes(workload() + policy('cilium.io/v2', 'CiliumNetworkPolicy') + policy('projectcalico.org/v3', 'NetworkPolicy'), { verify: true })
  assert.equal(told, ['NP802'])
})

test('what is verified is no longer said to be unread', async () => {
  const other =
    workload() +
    `---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\nspec: {tier: Admin, priority: 1, subject: {namespaces: {}}}\n`
  assert.equal(codesOf(await runWith(other, { values })), ['NP604'])
  assert.equal(codesOf(await runWith(other, { values, verify: true })), [])
})

test('the policies alone are verified against the stream as well', async () => {
  assert.equal(await codes(cut, { verify: true, onlyPolicies: true }), ['NP800'])
})

test('the flag and its variable are read as those of --strict are', () => {
  const verify = (args: readonly string[], environment = {}): unknown => {
    const command = parseCommand(args, environment, ':')
    return 'request' in command ? command.request.verify : command.do === 'refuse' && command.mistakes
  }
  assert.is(verify([]), undefined)
  assert.is(verify(['--verify']), true)
  assert.is(verify(['--verify=false']), false)
  assert.is(verify([], { HELM_NETPOL_VERIFY: 'true' }), true)
  assert.is(verify(['--verify=no'], { HELM_NETPOL_VERIFY: 'true' }), false)
  assert.equal(verify(['--verify=maybe']), ['--verify must be true or false, not "maybe"'])
})

test('a KRM function takes it among its flags', async () => {
  const items = cut.split(/^---\n/m).slice(1)
  const list = (verify: string): string =>
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {engine: kubernetes, verify: "${verify}"}}\nitems:\n${items.map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`
  const told = async (verify: string): Promise<boolean> => {
    const options = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false, explicit: [] }
    const { diagnostics } = await answerResourceList(Buffer.from(list(verify)), options)
    return diagnostics.some(({ code }) => code === 'NP800')
  }
  assert.is(await told('true'), true)
  assert.is(await told('false'), false)
})

test.run()
