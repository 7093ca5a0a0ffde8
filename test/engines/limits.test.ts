import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName } from '../../src/engines/registry.ts'
import { itemsOf } from '../../src/yaml/json.ts'
import { rules } from '../helpers/policies.ts'
import { runWith } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'

/** What the APIs have room for: as much is taken, and one more is told. */

for (const [length, expected] of [
  [1024, []],
  [1025, ['NP503 NetworkPolicy app: spec.selector has 1025 characters, and the API takes 1024']],
] as const) {
  test(`calico: a workload's selector of ${length} characters`, async () => {
    const labels = labelsOf(length)
    assert.equal(await told('calico', '', workload({ selector: `{matchLabels: ${labels}}`, podLabels: labels })), expected)
  })
}

const long = 'has more than the 1024 characters that the API takes'
const many = 'has more than the 256 entries that the API takes'
for (const [what, block, where] of [
  ['a selector of pods that call', from(`{podSelector: {matchLabels: ${labelsOf(1025)}}}`), `ingress[0].source.selector ${long}`],
  ['a selector of namespaces that call', from(`{namespaceSelector: {matchLabels: ${labelsOf(1025)}}}`), `ingress[0].source.namespaceSelector ${long}`],
  ['a selector of pods that are called', to(`{podSelector: {matchLabels: ${labelsOf(1025)}}}`), `egress[3].destination.selector ${long}`],
  ['exceptions of a block', from(`{ipBlock: {cidr: 10.0.0.0/8, except: [${blocks(257)}]}}`), `ingress[0].source.notNets ${many}`],
] as const) {
  test(`calico: ${what}, longer than the API takes, is told with its place`, async () => {
    assert.equal(await told('calico', block), [`NP503 NetworkPolicy app: spec.${where}`])
  })
}

test('calico: the longest selectors and the most exceptions that the API takes are let through', async () => {
  const full = labelsOf(1024)
  const peers = `{podSelector: {matchLabels: ${full}}, namespaceSelector: {matchLabels: ${full}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [${blocks(256)}]}}`
  assert.equal(await told('calico', from(peers)), [])
})

test('clusterNetworkPolicy: as many rules as the API takes, and one more', async () => {
  const own = (count: number): string => Array.from({ length: count }, (_, index) => `{name: r${index}, action: Accept, from: [{namespaces: {}}]}`).join(', ')
  assert.equal(await told('clusterNetworkPolicy', `  clusterNetworkPolicy: {ingress: [${own(23)}]}\n`), [])
  assert.equal(await told('clusterNetworkPolicy', `  clusterNetworkPolicy: {ingress: [${own(24)}]}\n`), [
    'NP503 ClusterNetworkPolicy app-stage: spec.ingress has 26 rules, and the API takes 25 (the last is the deny that locks)',
  ])
})

test('clusterNetworkPolicy: a rule name given twice is an error, no name is none', async () => {
  const rule = (name: string): string => `{${name}action: Accept, from: [{namespaces: {}}]}`
  assert.equal(await told('clusterNetworkPolicy', `  clusterNetworkPolicy: {ingress: [${rule('name: metrics, ')}]}\n`), [
    'NP503 ClusterNetworkPolicy app-stage: spec.ingress has more than one rule named metrics, and names must differ',
  ])
  assert.equal(await told('clusterNetworkPolicy', `  clusterNetworkPolicy: {ingress: [${rule('')}, ${rule('')}]}\n`), [])
})

test('clusterNetworkPolicy: lists longer than the API takes are cut into rules', async () => {
  const made = await rules('clusterNetworkPolicy', 'egress', {
    block: `  translatePeers: true\n  egress: {enabled: true, dns: false, apiserver: {cidrs: [${blocks(60)}]}, to: [{to: [${peers(60)}], ports: [${ports(60)}]}]}\n`,
  })
  for (const { to, protocols } of made) {
    assert.ok(itemsOf(to).length <= 25 && itemsOf(protocols).length <= 25, JSON.stringify({ to, protocols }))
  }
  const text = JSON.stringify(made)
  assert.is(new Set(text.match(/10\.\d+\.\d+\.0/g)).size, 60)
  assert.is(new Set(text.match(/p\d+/g)).size, 60)
  assert.is(new Set(text.match(/"number":80\d\d/g)).size, 60)
})

test.run()

/** What is told of a small workload, but notes. */
async function told(engine: EngineName, block: string, stream = workload()): Promise<string[]> {
  const { diagnostics } = await runWith(stream, { engine, values: `networkPolicy:\n  enabled: true\n${block}` })
  return diagnostics.filter(({ severity }) => severity !== 'note').map(({ code, message }) => `${code} ${message}`)
}

function from(peers: string): string {
  return `  translatePeers: true\n  metrics: {from: [${peers}]}\n`
}

function to(peers: string): string {
  return `  translatePeers: true\n  egress: {enabled: true, to: [{to: [${peers}]}]}\n`
}

/** Labels that make a selector of so many characters in Calico's words, `key == 'value'` joined by ` && `. */
function labelsOf(length: number): string {
  const full = Array.from({ length: 9 }, (_, index) => `${'p'.repeat(50)}/k${index}: ${'v'.repeat(49)}`)
  const rest = length - 9 * (53 + " == ''".length + 49 + ' && '.length) - "k == ''".length
  return `{${full.join(', ')}, k: ${'v'.repeat(rest)}}`
}

function blocks(count: number): string {
  return Array.from({ length: count }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`).join(', ')
}

function peers(count: number): string {
  return Array.from({ length: count }, (_, index) => `{podSelector: {matchLabels: {app: p${index}}}}`).join(', ')
}

function ports(count: number): string {
  return Array.from({ length: count }, (_, index) => `{port: ${8000 + index}}`).join(', ')
}
