import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readYaml } from '../../src/yaml/read.ts'
import { loadSettings } from '../../src/values/load.ts'
import type { ValuesOptions } from '../../src/values/load.ts'
import { ears, load, loadOn } from '../helpers/facts.ts'

const on = 'networkPolicy: {enabled: true}\n'

test('nothing enables nothing, with a note', async () => {
  for (const files of [[], ['other: 1\n'], ['networkPolicy: {}\n'], ['networkPolicy: {enabled: null, foo: 1}\n']]) {
    const heard = ears()
    assert.is(await load(files, {}, heard), undefined)
    assert.equal(heard.codes(), ['NP209'])
  }
})

test('false is off, in silence, whatever else the block holds', async () => {
  const heard = ears()
  assert.is(await load(['networkPolicy: {enabled: false, foo: [1], engine: 7}\n'], {}, heard), undefined)
  assert.equal(heard.codes(), [])
})

test('defaults are those of the specification', async () => {
  const settings = await loadOn([on])
  assert.equal([settings.engine, settings.controller, settings.namespace, settings.replace, settings.translatePeers], ['kubernetes', [], '', false, false])
  assert.equal(settings.defaultDeny, { enabled: false, order: 2000 })
  assert.equal([settings.calico.precedence, settings.clusterNetworkPolicy.precedence, settings.cilium.precedence], [1000, 900, undefined])
  const { enabled, dns, dnsNamespace, dnsCIDRs, to, apiserver } = settings.egress
  assert.equal(
    { enabled, dns, dnsNamespace, dnsCIDRs, to, apiserver },
    { enabled: false, dns: true, dnsNamespace: 'kube-system', dnsCIDRs: [], to: [], apiserver: { cidrs: [], ports: [443, 6443] } },
  )
})

test('the order is: stream, files, set-json, set, set-string, flags', async () => {
  const order = (value: number): string =>
    `networkPolicy: {enabled: true, controller: from-${value}, namespace: n${value}, engine: ${['kubernetes', 'cilium', 'calico'][value] ?? 'kubernetes'}}\n`
  const [inStream] = await readYaml({ name: 'stdin', text: order(0), firstLine: 0 }, { uniqueKeys: true })
  const expression = (kind: 'set' | 'set-json' | 'set-string', text: string) => ({ kind, source: { name: kind, text, firstLine: 0 } })
  const files = [
    { path: 'a', text: order(1) },
    { path: 'b', text: 'networkPolicy: {controller: from-2, engine: calico}\n' },
  ]
  const sets = [
    expression('set-string', 'networkPolicy.controller=from-string'),
    expression('set', 'networkPolicy.controller=from-set,networkPolicy.namespace=n-set'),
    expression('set-json', 'networkPolicy.namespace="n-json"'),
  ]
  const base: ValuesOptions = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined }
  const seen = async (options: Partial<ValuesOptions>): Promise<unknown> => {
    const settings = await loadSettings(inStream, { ...base, ...options }, ears().diagnostics)
    return settings && [settings.controller[0], settings.namespace, settings.engine]
  }
  assert.equal(await seen({}), ['from-0', 'n0', 'kubernetes'])
  assert.equal(await seen({ files }), ['from-2', 'n1', 'calico'])
  assert.equal(await seen({ files, sets }), ['from-string', 'n-set', 'calico'])
  assert.equal(await seen({ files, sets, engine: 'cilium', controller: 'flag' }), ['flag', 'n-set', 'cilium'])
})

test('an engine by flag enables', async () => {
  const settings = await loadOn(['networkPolicy: {enabled: false}\n'], { engine: 'cilium' })
  assert.is(settings.engine, 'cilium')
})

test('maps are merged key by key and lists are replaced', async () => {
  const settings = await loadOn([
    on,
    'networkPolicy: {egress: {dnsCIDRs: [10.0.0.1/32, 10.0.0.2/32], dnsNamespace: dns}}\n',
    'networkPolicy: {egress: {dnsCIDRs: [10.0.0.3/32]}}\n',
  ])
  assert.equal([settings.egress.dnsCIDRs, settings.egress.dnsNamespace], [['10.0.0.3/32'], 'dns'])
})

test('null takes a value back to its default', async () => {
  const settings = await loadOn(['networkPolicy: {enabled: true, engine: cilium, egress: {dns: false}}\n', 'networkPolicy: {engine: null, egress: null}\n'])
  assert.equal([settings.engine, settings.egress.dns], ['kubernetes', true])
  const { egress } = await loadOn(['networkPolicy: {enabled: true, egress: {apiserver: {ports: null}}}\n'])
  assert.equal(egress.apiserver.ports, [443, 6443])
})

test("the chart's own switches and ports count where their shape is ours", async () => {
  const settings = await loadOn([
    `${on}webhook: {enabled: false, other: 1}\ngate: {enabled: true}\nports: {webhook: 9444, metrics: {port: 1}, gate: "8082", unknown: 5}\n`,
  ])
  assert.equal(
    [settings.webhook.enabled, settings.gate.enabled, settings.ports.webhook, settings.ports.metrics, settings.ports.gate],
    [false, true, 9444, undefined, undefined],
  )
})

test("the chart's own switch counts as true or false alone", async () => {
  for (const enabled of ['"true"', '1', '[true]', 'null']) {
    const settings = await loadOn([`${on}webhook: {enabled: ${enabled}}\nports: {webhook: "9443"}\n`])
    assert.equal([settings.webhook.enabled, settings.ports.webhook], [undefined, undefined], enabled)
  }
})

test("a chart's own port of any name is no mistake of the user's", async () => {
  for (const name of ['service', 'http', 'webhook', 'from', 'enabled', '__proto__', 'constructor']) {
    const heard = ears()
    assert.type(await load([`${on}ports: {${name}: 80}\n`], {}, heard), 'object')
    assert.equal(heard.codes(), [], name)
  }
})

test("a chart's own switch of what always has its rule is its own affair", async () => {
  for (const name of ['metrics', 'health', 'secure', 'mcp', 'hostPort']) {
    const heard = ears()
    assert.type(await load([`${on}${name}: {enabled: false}\n`], {}, heard), 'object')
    assert.equal(heard.codes(), [], name)
  }
})

test("the block wins over the chart's own keys", async () => {
  const settings = await loadOn([
    'networkPolicy: {enabled: true, webhook: {enabled: true}, ports: {gate: 1}}\nwebhook: {enabled: false}\nports: {gate: 2, metrics: 3}\n',
  ])
  assert.equal([settings.webhook.enabled, settings.ports.gate, settings.ports.metrics], [true, 1, 3])
})

test('an empty file says nothing, as in Helm', async () => {
  for (const text of ['', '# comment\n', '---\n', '{}\n', 'null\n', '~\n']) {
    const heard = ears()
    assert.type(await load([on, text], {}, heard), 'object')
    assert.equal(heard.codes(), [], JSON.stringify(text))
  }
})

test('the controller is a name, several with commas, or a list', async () => {
  for (const [text, names] of [
    ['a', ['a']],
    ['"a, b,"', ['a', 'b']],
    ['[a, "b,c"]', ['a', 'b', 'c']],
    ['null', []],
    ["'*'", ['*']],
  ] as const) {
    const settings = await loadOn([`networkPolicy: {enabled: true, controller: ${text}}\n`])
    assert.equal(settings.controller, names)
  }
})

test('keys that JavaScript has a mind of its own about are keys like any other', async () => {
  const heard = ears()
  await load(['networkPolicy: {enabled: true, __proto__: {engine: cilium}, constructor: 1, toString: 2}\n'], {}, heard)
  assert.equal(heard.codes(), ['NP203', 'NP203', 'NP203'])
})

test.run()
