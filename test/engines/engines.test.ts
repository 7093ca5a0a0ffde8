import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engines } from '../../src/engines/registry.ts'
import type { EngineName } from '../../src/engines/registry.ts'
import { engineNames } from '../../src/values/schema.ts'
import { itemsOf, objectAt, textOf } from '../../src/yaml/json.ts'
import type { Json, JsonObject } from '../../src/yaml/tree.ts'
import { policies } from '../helpers/policies.ts'
import { runWith, textOf as outputOf } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'

const locked = '  egress: {enabled: true, dns: false}\n'

for (const name of engineNames) {
  test(`${name}: a workload without flows is locked`, async () => {
    const [policy = {}] = await policies(name, { block: "  controller: '*'\n", stream: workload({ ports: '[]' }) })
    const spec = objectAt(policy, 'spec')
    const locks: Record<EngineName, () => void> = {
      kubernetes: () => assert.equal([spec['policyTypes'], spec['ingress']], [['Ingress'], undefined]),
      cilium: () => assert.equal(spec['ingress'], [{}]),
      calico: () => assert.equal([spec['types'], spec['ingress']], [['Ingress'], undefined]),
      clusterNetworkPolicy: () => assert.equal(spec['ingress'], [{ name: 'deny-the-rest', action: 'Deny', from: [{ namespaces: {} }] }]),
    }
    locks[name]()
  })

  test(`${name}: nothing says egress unless it is locked`, async () => {
    const text = outputOf(await runWith(workload(), { engine: name, values: 'networkPolicy: {defaultDeny: {enabled: true}}\n' }))
    assert.not.match(text.replace(/^#.*$/gm, ''), /egress/i)
  })

  test(`${name}: locked egress is in both layers`, async () => {
    const made = await policies(name, { block: `${locked}  defaultDeny: {enabled: true}\n` })
    assert.is(made.length, 2)
    for (const policy of made) assert.match(JSON.stringify(policy), /egress/i)
  })

  test(`${name}: no list is empty, for that would mean any or be refused`, async () => {
    const made = await policies(name, { block: `${locked}  defaultDeny: {enabled: true}\n`, stream: workload({ ports: '[]' }) })
    for (const policy of made) assert.not.match(JSON.stringify(policy), /\[\]/)
  })

  test(`${name}: every rule has its reason above it`, async () => {
    const text = outputOf(await runWith(workload(), { engine: name, values: `networkPolicy:\n  enabled: true\n${locked}` }))
    const policy = text.slice(0, text.indexOf('kind: Deployment'))
    const rules = policy
      .split('\n')
      .filter((line, index, lines) => /^ {4}- /.test(line) && !/^ {4}- (Ingress|Egress)$/.test(line) && !/^ {4}#/.test(lines[index - 1] ?? ''))
    assert.equal(rules, [])
  })

  test(`${name}: the policies are marked as ours`, async () => {
    const made = await policies(name, { block: '  defaultDeny: {enabled: true}\n' })
    assert.equal(
      made.map(policy => objectAt(objectAt(policy, 'metadata'), 'annotations')),
      [{ 'helm-netpol/policy': 'allowlist/app' }, { 'helm-netpol/policy': 'default-deny/app' }],
    )
    assert.equal(
      made.map(({ apiVersion, kind }) => [apiVersion, kind]),
      Array(2).fill([engines[name].apiVersion, engines[name].kind]),
    )
  })
}

test('kubernetes: a port goes by the name that the container gives it, else by number', async () => {
  const [policy] = await policies('kubernetes', {
    stream: workload({
      ports: '[{name: metrics, containerPort: 8080}, {name: mcp, containerPort: 8084}]',
      container: '          args: ["--gate-bind-address=:8082"]\n',
    }),
  })
  assert.equal(portsOf(policy), ['metrics', 8082, 'mcp'])
})

test('kubernetes: the apiserver has a rule only where it has addresses', async () => {
  const rules = async (cidrs: string): Promise<Json[]> =>
    itemsOf(
      objectAt(
        (await policies('kubernetes', { block: `  egress: {enabled: true, dns: false, apiserver: {cidrs: ${cidrs}, ports: [6443]}}\n` }))[0] ?? {},
        'spec',
      )['egress'],
    )
  assert.equal(await rules('[]'), [])
  assert.equal(await rules('[10.0.0.1/32]'), [{ to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ protocol: 'TCP', port: 6443 }] }])
})

test('cilium: ports are strings', async () => {
  const [policy] = await policies('cilium', { stream: workload({ ports: '[{containerPort: 8080}]' }) })
  assert.match(JSON.stringify(policy), /"port":"8080","protocol":"TCP"/)
})

test('cilium: DNS goes through the proxy that FQDN rules learn from', async () => {
  const [policy] = await policies('cilium', { block: '  egress: {enabled: true}\n' })
  assert.match(JSON.stringify(policy), /"rules":\{"dns":\[\{"matchPattern":"\*"\}\]\}/)
})

test('cilium: the apiserver and nodes are entities', async () => {
  const [policy] = await policies('cilium', { block: locked, stream: workload({ container: '          livenessProbe: {tcpSocket: {port: 8081}}\n' }) })
  assert.match(JSON.stringify(policy), /"toEntities":\["kube-apiserver"\]/)
  assert.match(JSON.stringify(policy), /"fromEntities":\["host","remote-node"\]/)
})

test('calico: the apiserver is its Service, without ports beside it', async () => {
  const [policy] = await policies('calico', { block: locked })
  assert.equal(objectAt(policy ?? {}, 'spec')['egress'], [{ action: 'Allow', destination: { services: { name: 'kubernetes', namespace: 'default' } } }])
})

test('calico: the allowlist has an order, below that of the default deny', async () => {
  for (const block of ['', '  calico: {order: 3000}\n', '  calico: {order: 1.5}\n', '  calico: {order: -10}\n']) {
    const orders = (await policies('calico', { block: `${block}  defaultDeny: {enabled: true, order: 2000}\n` })).map(policy =>
      Number(objectAt(policy, 'spec')['order']),
    )
    assert.ok((orders[0] ?? NaN) < (orders[1] ?? NaN), `${block}${orders.join()}`)
  }
})

test('clusterNetworkPolicy: priorities are whole, in range, and the allowlist comes first', async () => {
  for (const block of [
    '',
    '  clusterNetworkPolicy: {priority: 5000}\n',
    '  clusterNetworkPolicy: {priority: -3}\n',
    '  clusterNetworkPolicy: {priority: 2.5}\n',
    '  defaultDeny: {enabled: true, order: 0}\n',
    '  defaultDeny: {enabled: true, order: -7}\n',
    '  defaultDeny: {enabled: true, order: 0.5}\n',
  ]) {
    const enabled = block.includes('defaultDeny') ? block : `${block}  defaultDeny: {enabled: true}\n`
    const [one = NaN, other = NaN] = (await policies('clusterNetworkPolicy', { block: enabled })).map(policy => Number(objectAt(policy, 'spec')['priority']))
    assert.ok(Number.isInteger(one) && Number.isInteger(other) && one >= 0 && other <= 1000 && one < other, `${block}${one} ${other}`)
  }
})

test('a precedence that is out of range is told with what is rendered, with a default deny or without', async () => {
  const told = async (engine: EngineName, block: string): Promise<string[]> =>
    (await runWith(workload(), { engine, values: `networkPolicy:\n  enabled: true\n${block}` })).diagnostics
      .filter(({ code }) => code === 'NP501')
      .map(({ message }) => message)
  const range = 'priority is an integer from 0 to 1000'
  const path = 'networkPolicy.clusterNetworkPolicy.priority'
  assert.equal(await told('clusterNetworkPolicy', '  clusterNetworkPolicy: {priority: 1001}\n'), [`${path} 1001 is rendered as 1000: ${range}`])
  assert.equal(await told('clusterNetworkPolicy', '  clusterNetworkPolicy: {priority: 1000}\n'), [])
  assert.equal(await told('clusterNetworkPolicy', '  clusterNetworkPolicy: {priority: 500}\n  defaultDeny: {enabled: true, order: 500}\n'), [
    `${path} 500 is rendered as 499: ${range}, and the allowlist comes before the default deny at 500`,
  ])
  assert.equal(await told('calico', '  calico: {order: 1e9}\n'), [])
})

test('clusterNetworkPolicy: a default deny of an earlier run is known by the namespace that it selects', async () => {
  const earlier = (namespace: string): string => `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: app-default-deny-${namespace}, annotations: {helm-netpol/policy: default-deny/app}}
spec:
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}}
`
  const text = outputOf(await runWith(earlier('prod') + earlier('stage') + workload(), { engine: 'clusterNetworkPolicy' }))
  assert.match(text, earlier('prod'))
  assert.not.match(text, 'app-default-deny-stage')
})

test('clusterNetworkPolicy: the tier is Baseline and the last rule denies', async () => {
  const [policy = {}] = await policies('clusterNetworkPolicy', {
    block: '  egress: {enabled: true}\n  clusterNetworkPolicy: {ingress: [{name: mine, action: Accept, from: [{namespaces: {}}]}]}\n',
  })
  const spec = objectAt(policy, 'spec')
  assert.is(spec['tier'], 'Baseline')
  assert.equal(names(spec['ingress']), ['metrics', 'mine', 'deny-the-rest'])
  assert.equal(names(spec['egress']).at(-1), 'deny-the-rest')
})

test.run()

function portsOf(policy: JsonObject | undefined): Json[] {
  return itemsOf(objectAt(policy ?? {}, 'spec')['ingress']).flatMap(rule =>
    itemsOf(objectAt({ rule }, 'rule')['ports']).map(port => objectAt({ port }, 'port')['port'] ?? null),
  )
}

function names(rules: Json | undefined): string[] {
  return itemsOf(rules).map(rule => textOf(objectAt({ rule }, 'rule')['name']))
}
