import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { readWorldFile, worldSchema } from '../../src/check/world/file.ts'
import { formatPlace } from '../../src/diagnostics/format.ts'
import { ears } from '../helpers/facts.ts'
import { netpol, repository } from '../helpers/program.ts'

const validate = new Ajv({ strict: false }).compile(worldSchema())

async function mistakesIn(text: string): Promise<string[]> {
  const told = ears()
  const file = await readWorldFile({ path: 'world.yaml', text }, told.diagnose)
  assert.is(file === undefined, told.diagnostics.all.length > 0)
  return told.diagnostics.all.map(({ code, message, place }) => `${code} ${place === undefined ? '' : formatPlace(place)} ${message}`)
}

for (const [says, text, place, message, schemaKnows] of [
  ['an unknown key is told with the one that is meant', 'podss: []\n', '1:1 (podss)', 'podss is no known key; did you mean pods?', true],
  ['a list that is none is told', 'pods:\n  a: b\n', '2:3 (pods)', 'pods must be a list of Pod, not a mapping', true],
  ['a pod without a name is told', 'pods:\n  - namespace: stage\n', '2:5 (pods[0])', 'pods[0] needs a name', true],
  ['a pod without a namespace is told', 'pods:\n  - name: a\n', '2:5 (pods[0])', 'pods[0] needs a namespace', true],
  ['a name with a slash is told', 'pods: [{namespace: stage, name: a/b}]\n', '1:33 (pods[0].name)', 'pods[0].name must be a name, not "a/b"', false],
  ['a namespace that is none is told', 'namespaces: [{name: Not One}]\n', '1:21 (namespaces[0].name)', 'namespaces[0].name must be a namespace name', false],
  [
    'a label that is no string is told',
    'pods: [{namespace: a, name: b, labels: {x: 1}}]\n',
    '1:44 (pods[0].labels.x)',
    'pods[0].labels.x must be a string (quote it)',
    true,
  ],
  [
    'an address that is none is told',
    'pods: [{namespace: a, name: b, addresses: [10.0.0.1/32]}]\n',
    '1:44 (pods[0].addresses[0])',
    'must be an address such as',
    false,
  ],
  [
    'a port without a number is told',
    'pods: [{namespace: a, name: b, ports: [{name: web}]}]\n',
    '1:40 (pods[0].ports[0])',
    'pods[0].ports[0] needs a port',
    true,
  ],
  [
    'a port out of range is told',
    'pods: [{namespace: a, name: b, ports: [{port: 70000}]}]\n',
    '1:47 (pods[0].ports[0].port)',
    'must be a port from 1 to 65535',
    true,
  ],
  [
    'a protocol that is none is told',
    'pods: [{namespace: a, name: b, ports: [{port: 1, protocol: tcp}]}]\n',
    '1:60 (pods[0].ports[0].protocol)',
    'it can be TCP, UDP, SCTP',
    true,
  ],
  [
    'a Service with both kinds of backends is told',
    'services: [{namespace: a, name: b, selector: {}, addresses: [10.0.0.1]}]\n',
    '1:12 (services[0])',
    'has a selector beside addresses of endpoints',
    false,
  ],
  [
    'a target that is no port is told',
    'services: [{namespace: a, name: b, ports: [{port: 1, targetPort: Not_One}]}]\n',
    '1:66 (services[0].ports[0].targetPort)',
    'a port from 1 to 65535 or a port name',
    false,
  ],
  ['an apiserver without an address is told', 'apiserver: {port: 6443}\n', '1:12 (apiserver)', 'apiserver needs the addresses of its endpoints', true],
  [
    'a name that DNS cannot resolve is told',
    'names: [{name: localhost, addresses: [10.0.0.1]}]\n',
    '1:16 (names[0].name)',
    'names[0].name must be a DNS name',
    false,
  ],
  ['a switch that is a word is told', 'nodes: [{name: a, local: "yes"}]\n', '1:26 (nodes[0].local)', 'must be true or false', true],
  [
    'a pod given twice is told',
    'pods: [{namespace: a, name: b}, {namespace: c, name: b}, {namespace: a, name: b}]\n',
    '1:58 (pods[2])',
    'pods[2] is a/b again, after pods[0]',
    false,
  ],
  [
    'a name given twice is told',
    'names: [{name: a.b, addresses: [10.0.0.1]}, {name: a.b}]\n',
    '1:45 (names[1])',
    'names[1] is a.b again, after names[0]',
    false,
  ],
  [
    'a namespace with the name of another for its label is told',
    'namespaces: [{name: a, labels: {kubernetes.io/metadata.name: b}}]\n',
    '1:14 (namespaces[0])',
    'namespaces[0] has the label kubernetes.io/metadata.name: b, where the API server puts its name',
    false,
  ],
  ['a key given twice is told', 'pods: []\npods: []\n', '2:1', 'no valid YAML', false],
  ['what is no YAML is told', 'pods: [\n', '2:1', 'no valid YAML', false],
  ['what is no mapping is told', '- pods\n', '1:1', 'all of it must be a mapping, not a list', true],
  ['a second document is told', 'pods: []\n---\nnodes: []\n', '3:1', 'the file holds more than one document', false],
] as const) {
  test(says, async () => {
    const told = await mistakesIn(text)
    assert.is(told.length, 1, told.join('\n'))
    assert.ok(told[0]?.startsWith(`NP804 world.yaml:${place} the world file: `), told[0])
    assert.ok(told[0]?.includes(message), told[0])
    if (schemaKnows) assert.is(validate(parse(text)), false)
  })
}

test('every mistake is told at once', async () => {
  const told = await mistakesIn('pods: [{name: a}]\nnodes: [{}]\nnames: {}\n')
  assert.equal(
    told.map(text => text.split(' ')[1]),
    ['world.yaml:1:8', 'world.yaml:2:9', 'world.yaml:3:8'],
  )
})

test('a file that cannot be read is told by its path', async () => {
  const told = ears()
  assert.is(await readWorldFile({ path: 'gone.yaml', problem: 'there is no such file' }, told.diagnose), undefined)
  assert.match(told.diagnostics.all[0]?.message ?? '', 'there is no such file')
  assert.is(told.diagnostics.all[0]?.place?.source, 'gone.yaml')
})

test('an empty file is a world of nobody else, and so is one of empty keys', async () => {
  for (const text of ['', '# nothing\n', 'pods:\nnodes: []\napiserver:\n']) {
    const file = await readWorldFile({ path: 'w', text }, ears().diagnose)
    assert.equal([file?.pods, file?.nodes, file?.apiserver], [[], [], undefined])
    if (text.includes('pods')) assert.is(validate(parse(text)), true, JSON.stringify(validate.errors))
  }
})

test('every list tells what it has twice; of one name in two namespaces there are two', async () => {
  for (const [list, item, other] of [
    ['namespaces', '{name: a, labels: {kubernetes.io/metadata.name: a}}', '{name: b}'],
    ['nodes', '{name: a}', '{name: b}'],
    ['services', '{namespace: s, name: a}', '{namespace: t, name: a}'],
    ['serviceAccounts', '{namespace: s, name: a}', '{namespace: t, name: a}'],
  ] as const) {
    const told = await mistakesIn(`${list}: [${item}, ${item}]\n`)
    assert.is(told.length, 1)
    assert.ok(told[0]?.endsWith(` again, after ${list}[0]`), told[0])
    assert.equal(await mistakesIn(`${list}: [${item}, ${other}]\n`), [])
  }
})

test('JSON is taken as well', async () => {
  const file = await readWorldFile({ path: 'w.json', text: '{"pods": [{"namespace": "a", "name": "b"}]}' }, ears().diagnose)
  assert.is(file?.pods[0]?.name, 'b')
})

test('the schema takes what the program takes, and is the one that is published', async () => {
  const example = readFileSync(join(repository, 'docs/example/world.yaml'), 'utf8')
  assert.equal(await mistakesIn(example), [])
  assert.is(validate(parse(example)), true, JSON.stringify(validate.errors))
  const { stdout, exitCode } = await netpol(['schema', 'world'])
  assert.is(exitCode, 0)
  assert.is(stdout, readFileSync(join(repository, 'docs/world.schema.json'), 'utf8'))
  assert.equal(JSON.parse(stdout), worldSchema())
})

test('there are two schemas, and no third', async () => {
  assert.is((await netpol(['schema', 'values'])).stdout, (await netpol(['schema'])).stdout)
  for (const words of [['worlds'], ['values', 'world']]) {
    const { stdout, stderr, exitCode } = await netpol(['schema', ...words])
    assert.equal([stdout, exitCode], ['', 2])
    assert.match(stderr, 'helm-netpol schema takes one word: values (without one as well) or world')
  }
})

test.run()
