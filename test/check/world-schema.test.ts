import { Ajv } from 'ajv'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { readWorldFile, worldSchema } from '../../src/check/world/file.ts'
import { ears } from '../helpers/facts.ts'
import { often } from '../helpers/often.ts'
import { replaced, replacements } from '../helpers/replaced.ts'

/** The JSON Schema of world files refuses nothing that the program takes, and takes little that it refuses. */

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(worldSchema())

async function isTaken(text: string): Promise<boolean> {
  return (await readWorldFile({ path: 'world.yaml', text }, ears().diagnose)) !== undefined
}

const pod = (more: string): string => `pods: [{namespace: shop, name: x, ${more}}]`
const service = (more: string): string => `services: [{namespace: d, name: s, ${more}}]`
const letters = (count: number): string => 'a'.repeat(count)

const good = [
  'null',
  'pods:',
  'pods: [{namespace: shop, name: x_y}]',
  `pods: [{namespace: ${letters(63)}, name: x}]`,
  pod('addresses: ["fd00::1", 10.1.1.1, "::", "1:2:3:4:5:6:7::", "::1:2:3:4:5:6:7", "1::2:3:4:5:6.7.8.9", "::ffff:10.0.0.1", "2001:DB8::a"]'),
  pod('addresses: , ports: , labels: , serviceAccount: '),
  pod('serviceAccount: Reader'),
  pod(`labels: {a: "", app.kubernetes.io/name: b, "${letters(63)}": c, "${letters(253)}/${letters(63)}": d}`),
  pod('ports: [{port: 1}, {name: , port: 65535, protocol: }, {name: 1-a-2, port: 80, protocol: SCTP}]'),
  'nodes: [{name: n1, local: , labels: {}, addresses: []}, {name: n2, local: true}]',
  service('addresses: [10.1.1.1], ports: [{port: 80, targetPort: 8080}]'),
  service('selector: {a: b}, addresses: [], ports: [{name: web, port: 80, targetPort: http}, {port: 81, targetPort: }]'),
  service('selector: , addresses: [10.1.1.1], clusterAddresses: [10.96.0.1, "fd01::1"]'),
  service('ports: [{name: a, port: 80}, {name: a, port: 81}]'),
  'serviceAccounts: [{namespace: d, name: s, labels: {a: b}}]',
  'apiserver: {addresses: [1.1.1.1], port: }',
  'apiserver:',
  'names: [{name: example.com}, {name: _sip.example.com, addresses: [1.2.3.4]}]',
  'namespaces: [{name: a, labels: {kubernetes.io/metadata.name: a}}, {name: b}]',
]

const bad = [
  '[]',
  'hello',
  'pod: []',
  'pods: {}',
  'pods: [null]',
  'pods: [{name: x}]',
  'pods: [{namespace: shop}]',
  'pods: [{namespace: "", name: x}]',
  'pods: [{namespace: SHOP, name: x}]',
  `pods: [{namespace: ${letters(64)}, name: x}]`,
  'pods: [{namespace: , name: x}]',
  'pods: [{namespace: shop, name: }]',
  'pods: [{namespace: shop, name: ""}]',
  'pods: [{namespace: shop, name: a/b}]',
  'pods: [{namespace: shop, name: a b}]',
  pod('serviceAccount: a b'),
  pod('serviceAccount: ""'),
  ...[
    '10.1.1.300',
    '256.1.1.1',
    '::1:2:3:4:5:6:7:8',
    '::1:2:3:4:5:6:1.2.3.4',
    '1:2::3:4:5:6:7:8',
    '10.1.1.3/32',
    '010.1.1.3',
    '10.1.1',
    '',
    'None',
    'fd00:',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    '12345::',
    'fd00::1%eth0',
  ].map(address => pod(`addresses: ["${address}"]`)),
  pod('addresses: [null]'),
  pod('ports: [{name: Toolongportnamexxx, port: 80}]'),
  pod('ports: [{name: toolongportnamex, port: 80}]'),
  pod('ports: [{name: "", port: 80}]'),
  pod('ports: [{name: "8080", port: 80}]'),
  pod('ports: [{name: a--b, port: 80}]'),
  pod('ports: [{port: 80, protocol: tcp}]'),
  pod('ports: [{port: }]'),
  pod('ports: [{name: web}]'),
  pod('labels: {a: }'),
  pod('labels: {a: 1}'),
  pod('labels: {bad key: v}'),
  pod('labels: {/a: v}'),
  pod('labels: {Example.org/a: v}'),
  pod(`labels: {"${letters(64)}": v}`),
  pod('labels: {a: bad v}'),
  'nodes: [{name: n1, local: "yes"}]',
  service('selector: {a: b}, addresses: [10.1.1.1]'),
  service('selector: {}, addresses: [10.1.1.1]'),
  service('ports: [{port: 80, targetPort: Bad_Name}]'),
  service('ports: [{port: 80, targetPort: "8080"}]'),
  service('ports: [{port: 80, targetPort: ""}]'),
  service('ports: [{port: 80, targetPort: 0}]'),
  service('clusterAddresses: [None]'),
  'services: [{name: s}]',
  'apiserver: {port: 6443}',
  'apiserver: {addresses: }',
  'apiserver: {addresses: []}',
  'apiserver: {addresses: [kube.example.com]}',
  'apiserver: {addresses: [1.1.1.1], port: 6443.5}',
  ...['"*.example.com"', 'example', 'Example.COM', 'example.com.', '""', ''].map(name => `names: [{name: ${name}}]`),
]

/** What a JSON Schema of these keys cannot say. */
const beyond = ['nodes: [{name: n1}, {name: n1}]', 'namespaces: [{name: a, labels: {kubernetes.io/metadata.name: b}}]', pod(`labels: {"${letters(254)}/a": v}`)]

for (const text of good) {
  test(`taken by the schema as by the program: ${text}`, async () => {
    assert.is(await isTaken(text), true)
    assert.is(validate(parse(text)), true, JSON.stringify(validate.errors))
  })
}

for (const text of bad) {
  test(`refused by the schema as by the program: ${text}`, async () => {
    assert.is(await isTaken(text), false)
    assert.is(validate(parse(text)), false)
  })
}

test('what only the program can refuse, the schema takes', async () => {
  for (const text of beyond) {
    assert.is(await isTaken(text), false, text)
    assert.is(validate(parse(text)), true, text)
  }
})

test('whatever the program takes, the schema takes', async () => {
  const worlds = good.map(text => JSON.stringify(parse(text)))
  let taken = 0
  let tried = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...worlds), fc.nat(), fc.constantFrom(...replacements), async (world, where, replacement) => {
      tried++
      const text = replaced(world, where, replacement)
      if (!(await isTaken(text))) return
      taken++
      assert.is(validate(JSON.parse(text)), true, `${text}: ${JSON.stringify(validate.errors)}`)
    }),
    often(600),
  )
  assert.ok(taken > tried / 30, `only ${taken} of ${tried} worlds were taken, so little was compared`)
})

test('of texts that look like addresses, port names, label keys or DNS names the schema takes those that the program takes', async () => {
  const piece = fc.constantFrom('0', '1', '10', '25', '255', '256', 'a', 'ff', 'g', '.', '.', ':', ':', '::', '-', '/', '_', 'abcd')
  const similar = fc.array(piece, { minLength: 1, maxLength: 17 }).map(pieces => pieces.join(''))
  const six = fc.ipV6().map(text => text.replace(/^0:/, ''))
  const places = ['addresses', 'port', 'label', 'name'] as const
  const worldOf = (place: (typeof places)[number], text: string): object => {
    if (place === 'name') return { names: [{ name: text }] }
    const traits = { addresses: { addresses: [text] }, port: { ports: [{ name: text, port: 1 }] }, label: { labels: { [text]: '' } } }
    return { pods: [{ namespace: 'a', name: 'b', ...traits[place] }] }
  }
  const taken = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.oneof(similar, six, fc.ipV4()), fc.constantFrom(...places), async (text, place) => {
      const world = worldOf(place, text)
      const isKnown = await isTaken(JSON.stringify(world))
      if (isKnown) taken.add(place)
      assert.is(validate(world), isKnown, `${place}: ${text}`)
    }),
    often(3000),
  )
  assert.equal([...taken].sort(), [...places].sort())
})

test.run()
