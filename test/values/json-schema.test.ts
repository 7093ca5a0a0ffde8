import { Ajv } from 'ajv'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { Diagnostics } from '../../src/diagnostics/collect.ts'
import { jsonSchema } from '../../src/values/json-schema.ts'
import { networkPolicy } from '../../src/values/schema.ts'
import { readYaml } from '../../src/yaml/read.ts'
import { at } from '../../src/yaml/tree.ts'
import type { Json, JsonObject } from '../../src/yaml/tree.ts'
import { often } from '../helpers/often.ts'
import { repository, netpol } from '../helpers/program.ts'
import { replaced, replacements } from '../helpers/replaced.ts'

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(jsonSchema('networkPolicy'))

/** Whether the program takes the values of a file: its own verdict, the engine's rules aside. */
async function isTaken(text: string): Promise<boolean> {
  const diagnostics = new Diagnostics({ strict: false, root: 'networkPolicy' })
  const [tree] = await readYaml({ name: 'values.yaml', text, firstLine: 0 }, { uniqueKeys: true })
  const block = at(tree, 'networkPolicy')
  if (block !== undefined) networkPolicy.parse(block, 'networkPolicy', diagnostics.diagnose)
  return !diagnostics.failed
}

const peer = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}'
const good = [
  '',
  'networkPolicy:',
  'networkPolicy: {enabled: true}',
  'networkPolicy: {enabled: true, engine: cilium, egress: {enabled: true}}',
  'networkPolicy: {engine: , controller: , namespace: "", metrics: {from: }}',
  "networkPolicy: {controller: '*'}",
  'networkPolicy: {controller: [a, b]}',
  'networkPolicy: {defaultDeny: {enabled: true, order: 2000.5}}',
  `networkPolicy: {metrics: {from: [${peer}]}, gate: {enabled: false, from: []}}`,
  'networkPolicy: {health: {from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}}',
  'networkPolicy: {mcp: {from: [{podSelector: {}}]}}',
  'networkPolicy: {mcp: {from: [{podSelector: {matchExpressions: [{key: example.org/a, operator: In, values: [b]}]}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchLabels: {app.kubernetes.io/name: a, a_b: c}}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchLabels: null, matchExpressions: null}}]}}',
  'networkPolicy: {ports: {webhook: 9443, metrics: null}}',
  'networkPolicy: {additionalIngress: [{ports: [{port: null, endPort: null}]}]}',
  `networkPolicy: {additionalIngress: [{from: [${peer}], ports: [{port: metrics}, {port: 8080, endPort: 8090, protocol: UDP}]}]}`,
  'networkPolicy: {egress: {dnsNamespace: openshift-dns, dnsCIDRs: [169.254.20.10/32], apiserver: {cidrs: ["fd00::1/128"], ports: [6443]}}}',
  'networkPolicy: {egress: {to: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}, {}]}}',
  'networkPolicy: {cilium: {egress: [{toFQDNs: [{matchName: a.example}]}]}, calico: {order: 5}, clusterNetworkPolicy: {priority: 900}}',
  'ports: {web: {port: 80}}\nnetworkPolicy: {enabled: false}\nanything: [else]',
]

const bad = [
  'networkPolicy: true',
  'networkPolicy: []',
  'networkPolicy: {enabled: "true"}',
  'networkPolicy: {engine: clium}',
  'networkPolicy: {egres: {}}',
  'networkPolicy: {namespace: Not_A_Name}',
  'networkPolicy: {controller: 5}',
  'networkPolicy: {defaultDeny: {order: first}}',
  'networkPolicy: {metrics: {from: {}}}',
  'networkPolicy: {metrics: {from: [{}]}}',
  'networkPolicy: {metrics: {from: [null]}}',
  'networkPolicy: {metrics: {enabled: true}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchLabels: {a: 5}}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchLabels: {a: no label}}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchLabels: {a key: a}}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchLabels: {Example.org/a: a}}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchExpressions: [{operator: Exists}]}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchExpressions: [{key: a}]}}]}}',
  'networkPolicy: {metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: Is}]}}]}}',
  'networkPolicy: {metrics: {from: [{ipBlock: {except: []}}]}}',
  'networkPolicy: {ports: {webhook: 0}}',
  'networkPolicy: {ports: {webhook: "9443"}}',
  'networkPolicy: {additionalIngress: [{ports: [{port: 70000}]}]}',
  'networkPolicy: {additionalIngress: [{ports: [{port: Not-A-Port}]}]}',
  'networkPolicy: {additionalIngress: [{to: []}]}',
  'networkPolicy: {egress: {dnsCIDRs: [kube-dns]}}',
  'networkPolicy: {egress: {dnsCIDRs: [null]}}',
  'networkPolicy: {egress: {dnsNamespace: ""}}',
  'networkPolicy: {egress: {to: [null]}}',
  'networkPolicy: {egress: {apiserver: {ports: [0]}}}',
  'networkPolicy: {cilium: {egress: [toFQDNs]}}',
  'networkPolicy: {calico: {priority: 5}}',
  'networkPolicy: {kubernetes: {ingress: []}}',
]

/** What a JSON Schema of these keys cannot say. */
const beyond = [
  'networkPolicy: {egress: {dnsCIDRs: [10.0.0.1/8]}}',
  'networkPolicy: {egress: {dnsCIDRs: [1.2.3.4/33]}}',
  'networkPolicy: {metrics: {from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}}',
  `networkPolicy: {metrics: {from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}}`,
  'networkPolicy: {metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: In}]}}]}}',
  'networkPolicy: {additionalIngress: [{ports: [{port: 90, endPort: 80}]}]}',
]

for (const text of good) {
  test(`taken by the schema as by the program: ${text}`, async () => {
    assert.is(await isTaken(text), true)
    assert.is(validate(parse(text) ?? {}), true, JSON.stringify(validate.errors))
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
  const blocks = good.flatMap(text => {
    const values: Json = parse(text)
    return JSON.stringify(values)?.includes('networkPolicy') === true ? [JSON.stringify(values)] : []
  })
  let tried = 0
  let taken = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...blocks), fc.nat(), fc.constantFrom(...replacements), async (block, where, replacement) => {
      tried++
      const text = replaced(block, where, replacement, 'networkPolicy')
      if (!(await isTaken(text))) return
      taken++
      assert.is(validate(JSON.parse(text)), true, `${text}: ${JSON.stringify(validate.errors)}`)
    }),
    often(600),
  )
  assert.ok(taken > tried / 10, `only ${taken} of ${tried} values were taken, so little was compared`)
})

test('an item without anything behind its dash is told: as a rule it would allow everything', async () => {
  const { stderr, exitCode } = await netpol(['--engine', 'kubernetes', '--set-json', 'networkPolicy.egress={"enabled":true,"to":[null]}'], {
    input: readFileSync(join(repository, 'docs/example/stream.yaml')),
  })
  assert.is(exitCode, 1)
  assert.match(stderr, 'NP204: networkPolicy.egress.to[0] must be a NetworkPolicyEgressRule, not nothing')
})

test('the files that the documentation shows are taken', () => {
  for (const path of ['docs/example/values.yaml']) assert.is(validate(parse(readFileSync(join(repository, path), 'utf8'))), true)
})

test('the command writes the schema, under another key as well', async () => {
  const { stdout } = await netpol(['schema'])
  assert.is(stdout, readFileSync(join(repository, 'docs/values.schema.json'), 'utf8'))
  const other: JsonObject = JSON.parse((await netpol(['schema', '--root', 'netpol'])).stdout)
  const { netpol: block } = Object(other['properties'])
  assert.ok(block)
  const stray = await netpol(['schema', 'values.schema.json'])
  assert.is(stray.exitCode, 2)
  assert.match(stray.stderr, 'helm-netpol schema takes one word: values (without one as well) or world')
})

test.run()
