import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engines } from '../../src/engines/registry.ts'
import { codesOf, runWith, textOf } from '../helpers/run.ts'

/** A controller with a rollback store and a collector outside the cluster, whose roles name StageSets. */
const stream = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: stage}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: manager
          args: [--rollback-store-s3-endpoint=s3.example.com, "--tracing-endpoint=otel.example.net:4317"]
          ports: [{name: metrics, containerPort: 8080}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: app}
rules: [{apiGroups: [stages.metio.wtf], resources: [stagesets], verbs: [get]}]
`

/** The complete egress block of the description, rule by rule. */
const rules: Readonly<Record<string, string>> = {
  apiserver: '[{to: [{ipBlock: {cidr: 10.0.0.1/32}}], ports: [{protocol: TCP, port: 443}]}]',
  source: '[{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: flux-system}}}]}]',
  store: '[{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{protocol: TCP, port: 443}]}]',
  collector: '[{to: [{ipBlock: {cidr: 203.0.113.10/32}}], ports: [{protocol: TCP, port: 4317}]}]',
}

function values(names: readonly string[], dns = true): string {
  const to = names.map(name => `      - ${rules[name]?.slice(1, -1)}\n`).join('')
  return `networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n    dns: ${dns}\n    to:\n${to}`
}

async function warnings(text: string, engine = 'kubernetes', sets = ''): Promise<string[]> {
  const { diagnostics } = await runWith(stream, { values: text + sets, engine, namespace: 'stage' })
  return diagnostics.filter(({ severity }) => severity !== 'note').map(({ code, message }) => `${code} ${/reach (\S+)/.exec(message)?.[1] ?? ''}`.trim())
}

test('the complete egress block of the description leaves nothing to warn of', async () => {
  assert.equal(await warnings(values(Object.keys(rules))), [])
})

for (const [left, expected] of [
  ['apiserver', 'NP400'],
  ['source', 'NP420 source-controller.flux-system:80'],
  ['store', 'NP420 s3.example.com:443'],
  ['collector', 'NP420 otel.example.net:4317'],
] as const) {
  test(`without its rule, ${left} is told to be cut, and nothing else`, async () => {
    assert.equal(await warnings(values(Object.keys(rules).filter(name => name !== left))), [expected])
  })
}

test('without DNS, that is told to be cut, and nothing else', async () => {
  assert.equal(await warnings(values(Object.keys(rules), false)), ['NP401'])
})

for (const [name, engine] of Object.entries(engines)) {
  test(`${name}: the blocks to paste, pasted, leave nothing cut`, async () => {
    const bare = 'networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n'
    const options = { values: bare, engine: name, namespace: 'stage' }
    const told = (await runWith(stream, options)).diagnostics.filter(({ code }) => code === 'NP420' || code === 'NP400')
    assert.is(told.length, engine.knowsApiserver ? 3 : 4)
    const rest = told.flatMap(({ help }) =>
      [...help.matchAll(/^ {6,8}- (?:to|action|toFQDNs|toEndpoints|name):?[^]*$/gm)].map(([block]) => block.replaceAll('ADDRESS/32', '198.51.100.7/32')),
    )
    const lists = rest.map(block => block.replace(/^ {6}(?! )/gm, '        ').replace(/^ +/gm, spaces => spaces)).map(block => normal(block))
    const list = lists.map(block => block.replace(/^/gm, '      ')).join('\n')
    const pasted =
      name === 'kubernetes'
        ? `${bare}    apiserver: {cidrs: [10.0.0.1/32]}\n    to:\n${list}\n`
        : `${bare}    apiserver: {cidrs: [10.0.0.1/32]}\n  ${name}:\n    egress:\n${list}\n`
    assert.equal(
      codesOf(await runWith(stream, { ...options, values: pasted })).filter(code => /^NP(400|401|420)$/.test(code)),
      [],
      pasted,
    )
  })
}

/** Moves a block to the left edge. */
function normal(block: string): string {
  const lines = block.trimEnd().split('\n')
  const indent = Math.min(...lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length))
  return lines.map(line => line.slice(indent)).join('\n')
}

test('derive opens what the engine can say, and tells what it cannot', async () => {
  const text = 'networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n    derive: true\n    apiserver: {cidrs: [10.0.0.1/32]}\n'
  const cilium = await runWith(stream, { values: text, engine: 'cilium' })
  assert.equal(codesOf(cilium), [])
  assert.match(textOf(cilium), 'matchName: s3.example.com')
  const kubernetes = await runWith(stream, { values: text, engine: 'kubernetes' })
  assert.equal(
    codesOf(kubernetes).filter(code => code !== 'NP423'),
    ['NP420', 'NP420'],
  )
  assert.match(kubernetes.diagnostics[0]?.message ?? '', 'egress.derive cannot open it: NetworkPolicy knows no names')
  assert.match(textOf(kubernetes), 'kubernetes.io/metadata.name: flux-system')
})

const own = stream.replace('      containers:', '      dnsPolicy: None\n      dnsConfig: {nameservers: [9.9.9.9, "2620:fe::fe"]}\n      containers:')
const ofTheNode = stream.replace('      containers:', '      dnsPolicy: Default\n      containers:')

test('pods that ask other resolvers than the cluster: what is cut is told, and the block of dnsCIDRs opens it', async () => {
  const base = values(Object.keys(rules))
  const told = async (text: string, block: string): Promise<string[]> =>
    (await runWith(text, { values: base.replace('    dns: true\n', block), namespace: 'stage' })).diagnostics
      .filter(({ severity }) => severity !== 'note')
      .map(({ code, message, help }) => `${code} ${/reach (.*?) \(/.exec(message)?.[1] ?? ''} ${/dnsCIDRs:\n +- "?([^"\s]+)/.exec(help)?.[1] ?? ''}`)
  assert.equal(await told(own, '    dns: true\n'), ['NP420 9.9.9.9:53 9.9.9.9/32', 'NP420 [2620:fe::fe]:53 2620:fe::fe/128'])
  assert.equal(await told(own, '    dns: false\n'), ['NP420 9.9.9.9:53 9.9.9.9/32', 'NP420 [2620:fe::fe]:53 2620:fe::fe/128'])
  assert.equal(await told(own, '    dnsCIDRs: [9.9.9.9/32, 2620:fe::fe/128]\n'), [])
  assert.equal(await told(ofTheNode, '    dns: true\n'), ['NP420 the resolvers of its node ADDRESS/32'])
  assert.equal(await told(ofTheNode, '    dnsCIDRs: [169.254.20.10/32]\n'), [])
})

test('kubelets are nodes: Cilium has a word for them, other engines need their addresses', async () => {
  const asks = stream.replace('args: [', 'args: [--kubelet-insecure-tls, ')
  const reach = async (engine: string, more: string): Promise<string[]> => {
    const { diagnostics } = await runWith(asks, {
      values: `networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n${more}`,
      engine,
      namespace: 'stage',
    })
    return diagnostics.flatMap(({ code, message, help }) =>
      message.includes('kubelets') ? [`${code} ${/toEntities:|cidr: ADDRESS/.exec(help)?.[0] ?? ''}`] : [],
    )
  }
  assert.equal(await reach('cilium', ''), ['NP420 toEntities:'])
  assert.equal(await reach('cilium', '    derive: true\n'), [])
  assert.equal(await reach('cilium', '  translatePeers: true\n'), ['NP420 toEntities:'])
  assert.equal(await reach('cilium', '  cilium: {egress: [{toEntities: [cluster]}]}\n'), [])
  assert.equal(await reach('cilium', '  cilium: {egress: [{toEntities: [host]}]}\n'), ['NP420 toEntities:'])
  assert.equal(await reach('kubernetes', '    derive: true\n'), ['NP420 cidr: ADDRESS'])
  assert.equal(await reach('kubernetes', '    apiserver: {cidrs: [10.0.0.1/32]}\n    to: [{to: [{ipBlock: {cidr: 192.168.0.0/16}}]}]\n'), ['NP423 '])
})

/** Codes with the destination, notes as well. */
async function told(text: string, options: { block: string; engine?: string; namespace?: string }): Promise<string[]> {
  const values = `networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n    apiserver: {cidrs: [10.0.0.1/32]}\n${options.block}`
  const { diagnostics } = await runWith(text, {
    values,
    engine: options.engine ?? 'kubernetes',
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  })
  return diagnostics
    .filter(({ code }) => /^NP(4[02]\d|603)$/.test(code))
    .map(({ code, message }) => `${code} ${/(?:reach|reaches) (\S+)/.exec(message)?.[1] ?? ''}`.trim())
}

function dialling(args: string, more = ''): string {
  return stream.slice(0, stream.indexOf('---')).replace(/args: .*/, `args: [${args}]`) + more
}

test('DNS that is let through by TCP alone is cut, and so is that of OpenShift without 5353', async () => {
  const kubeSystem = 'to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]'
  const block = (port: string): string => `    dns: false\n    to: [{${kubeSystem}, ports: [${port}]}]\n`
  assert.equal(await told(dialling(''), { block: block('{protocol: TCP, port: 53}') }), ['NP401'])
  assert.equal(await told(dialling(''), { block: block('{protocol: TCP, port: 5353}') }), ['NP401'])
  assert.equal(await told(dialling(''), { block: block('{protocol: UDP, port: 53}') }), [])
  const openShift = await runWith(dialling(''), {
    values: 'networkPolicy:\n  enabled: true\n  egress: {enabled: true, dnsNamespace: openshift-dns, apiserver: {cidrs: [10.0.0.1/32]}}\n',
  })
  assert.equal(codesOf(openShift), [])
  assert.match(textOf(openShift), /protocol: UDP\n +port: 5353/)
})

test('an address block that may be the apiserver alone is told to be no more than that', async () => {
  const block = 'networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n    to: [{to: [{ipBlock: {cidr: 140.82.112.0/20}}], ports: [{port: 443}]}]\n'
  const { diagnostics } = await runWith(dialling(''), { values: block })
  assert.equal(
    diagnostics.filter(({ severity }) => severity === 'note').flatMap(({ code, message }) => (message.includes('apiserver') ? [code] : [])),
    ['NP423'],
  )
})

test('a pod of a Service is let through at the port that is dialled', async () => {
  const redis = dialling('"--redis-addr=redis-0.redis.shared.svc:6379"')
  const rule = (port: number): string =>
    `    to: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shared}}}], ports: [{port: ${port}}]}]\n`
  assert.equal(await told(redis, { block: rule(6379) }), [])
  assert.equal(await told(redis, { block: rule(6380) }), ['NP420 redis-0.redis.shared.svc:6379'])
  assert.equal(await told(redis, { block: '' }), ['NP420 redis-0.redis.shared.svc:6379'])
})

test('a destination in an unknown namespace is cut, for what DNS is let through for', async () => {
  const bare = dialling('"--redis-addr=redis:6379"').replace(', namespace: stage', '')
  assert.equal(await told(bare, { block: '' }), ['NP420 redis:6379'])
  const own = '    to: [{to: [{podSelector: {}}]}]\n'
  assert.equal(await told(bare, { block: own }), [])
  const named = bare.replace('redis:6379', 'redis.app.svc:6379')
  assert.equal(await told(named, { block: own, namespace: 'app' }), [])
  assert.equal(await told(named, { block: own, namespace: 'other' }), ['NP420 redis.app.svc:6379'])
  assert.equal(await told(named, { block: own }), ['NP423 redis.app.svc:6379'])
})

for (const [engine, expected] of [
  ['kubernetes', ['NP423 redis:6379']],
  ['cilium', ['NP420 redis:6379']],
  ['calico', ['NP423 redis:6379']],
  ['clusterNetworkPolicy', ['NP423 redis:6379']],
] as const) {
  test(`${engine}: a block of private addresses ${engine === 'cilium' ? 'reaches no pod' : 'may reach the pods of a Service'}`, async () => {
    const block = '    to: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]\n  translatePeers: true\n'
    assert.equal(await told(dialling('"--redis-addr=redis:6379"'), { engine, block }), expected)
  })
}

test('two rules let one Service through together', async () => {
  const backend = (name: string, port: number): string =>
    `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: stage}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}, part: web}}\n    spec: {containers: [{name: c, ports: [{name: http, containerPort: ${port}}]}]}\n`
  const both = `---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: stage}\nspec: {selector: {part: web}, ports: [{port: 80, targetPort: http}]}\n${backend('b1', 1111)}${backend('b2', 2222)}`
  const text = dialling('"--gateway-address=web:80"', both)
  const rule = (name: string, port: number): string => `      - {to: [{podSelector: {matchLabels: {app: ${name}}}}], ports: [{port: ${port}}]}\n`
  const at = (rules: string): { block: string } => ({ block: `    to:\n${rules}  controller: app\n` })
  assert.equal(await told(text, at(rule('b1', 1111) + rule('b2', 2222))), [])
  assert.equal(await told(text, at(rule('b1', 1111))), ['NP420 web:80'])
  assert.equal(await told(text, at(rule('b1', 2222) + rule('b2', 1111))), ['NP420 web:80'])
})

test('rules by name learn nothing without a DNS rule that is read on the way', async () => {
  const text = dialling('"--tracing-endpoint=otel.example.com:4317"')
  const dns = (rules: string): string =>
    `    dns: false\n    derive: true\n  cilium: {egress: [{toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system}}], toPorts: [{ports: [{port: "53", protocol: UDP}]${rules}}]}]}\n`
  assert.equal(await told(text, { engine: 'cilium', block: dns('') }), ['NP420 otel.example.com:4317'])
  assert.equal(await told(text, { engine: 'cilium', block: dns(', rules: {dns: [{matchPattern: "*"}]}') }), [])
})

test('passthrough rules count for what they name, at the ports and in the namespace that they name', async () => {
  const s3 = dialling('"--s3-endpoint=s3.example.com"')
  assert.equal(await told(s3, { engine: 'cilium', block: '    dns: false\n  cilium: {egress: [{toEntities: [host]}]}\n' }), [
    'NP401',
    'NP420 s3.example.com:443',
  ])
  const redis = dialling('"--redis-addr=redis.shared.svc:6379"')
  const services = (port: string): string => `  cilium: {egress: [{toServices: [{k8sService: {serviceName: redis, namespace: shared}}]${port}}]}\n`
  assert.equal(await told(redis, { engine: 'cilium', block: services('') }), [])
  assert.equal(await told(redis, { engine: 'cilium', block: services(', toPorts: [{ports: [{port: "9999", protocol: TCP}]}]') }), [
    'NP423 redis.shared.svc:6379',
  ])
  const calico = (namespace: string): string => `  calico: {egress: [{action: Allow, destination: {services: {name: redis${namespace}}}}]}\n`
  assert.equal(await told(redis, { engine: 'calico', block: calico('') }), ['NP420 redis.shared.svc:6379'])
  assert.equal(await told(redis, { engine: 'calico', block: calico(', namespace: shared') }), [])
})

test('under ClusterNetworkPolicy a NetworkPolicy of the chart decides alone what it locks', async () => {
  const own = (spec: string): string =>
    `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: stage}\nspec: {podSelector: {matchLabels: {app: app}}, ${spec}}\n`
  const under = (spec: string): Promise<string[]> => told(dialling('', own(spec)), { engine: 'clusterNetworkPolicy', block: '' })
  assert.equal(await under('ingress: [{ports: [{port: 1234}]}]'), ['NP603'])
  assert.equal(await under('policyTypes: [Ingress, Egress]'), ['NP603', 'NP401', 'NP400'])
  assert.equal(await under('policyTypes: [Egress], egress: [{}]'), ['NP603'])
  assert.equal(await told(dialling('', own('policyTypes: [Egress], egress: [{}]')), { block: '' }), [])
})

test("egress rules of the chart count where their policy is of egress, and in the pods' own namespace", async () => {
  const own = (spec: string, namespace = 'stage'): string =>
    `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: ${namespace}}\nspec: {podSelector: {}, ${spec}}\n`
  const vault = dialling('"--vault-addr=https://vault.example.com"')
  const cut = ['NP420 vault.example.com:443']
  assert.equal(await told(vault + own('egress: [{}]'), { block: '' }), [])
  assert.equal(await told(vault + own('policyTypes: [Ingress], egress: [{}]'), { block: '' }), cut)
  assert.equal(await told(vault + own('policyTypes: [Ingress], egress: [{}]'), { engine: 'calico', block: '' }), cut)
  assert.equal(await told(vault + own('policyTypes: [Ingress], egress: [{}]'), { engine: 'cilium', block: '' }), [])
  const bare = vault.replace(', namespace: stage', '')
  assert.equal(await told(bare + own('egress: [{}]', 'monitoring'), { namespace: 'stage', block: '' }), cut)
  assert.equal(await told(bare + own('egress: [{}]', 'stage'), { namespace: 'stage', block: '' }), [])
})

test('a Service of pods on the host network is dialled at nodes', async () => {
  const peer = (network: string): string =>
    `---\napiVersion: v1\nkind: Service\nmetadata: {name: peer, namespace: stage}\nspec: {selector: {k8s-app: agent}, ports: [{port: 443, targetPort: 4244}]}\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: stage}\nspec:\n  selector: {matchLabels: {k8s-app: agent}}\n  template:\n    metadata: {labels: {k8s-app: agent}}\n    spec: {hostNetwork: ${network}, containers: [{name: agent, ports: [{containerPort: 4244}]}]}\n`
  const relay = dialling('"--gateway-address=peer.stage.svc:443"')
  const entities = '  controller: app\n  cilium: {egress: [{toEntities: [host, remote-node]}]}\n'
  const cut = ['NP420 peer.stage.svc:443']
  assert.equal(await told(relay + peer('true'), { engine: 'cilium', block: entities }), [])
  assert.equal(await told(relay + peer('false'), { engine: 'cilium', block: entities }), cut)
  assert.equal(await told(relay + peer('true'), { block: '    to: [{to: [{podSelector: {}}]}]\n  controller: app\n' }), cut)
  assert.equal(await told(relay + peer('true'), { engine: 'cilium', block: '    derive: true\n  controller: app\n' }), [])
})

test('what derive renders is not told to be cut: Services without a known port, or whose pods an operator makes', async () => {
  const postgres =
    '---\napiVersion: v1\nkind: Service\nmetadata: {name: postgres, namespace: stage}\nspec: {selector: {app: postgres}, ports: [{port: 5432}]}\n'
  const two = postgres.replace('[{port: 5432}]', '[{name: a, port: 5432}, {name: b, port: 5433}]')
  const text = dialling('"--db-host=postgres"')
  for (const engine of Object.keys(engines)) {
    const options = { engine, namespace: 'stage', block: '    derive: true\n' }
    assert.equal(await told(text + postgres, options), [], engine)
    assert.equal(await told(text + two, options), [], engine)
  }
  const result = await runWith(text + postgres, {
    values: 'networkPolicy:\n  enabled: true\n  egress: {enabled: true, derive: true, apiserver: {cidrs: [10.0.0.1/32]}}\n',
  })
  assert.match(textOf(result), /app: postgres\n +ports:\n +- protocol: TCP\n +port: 5432/)
})

test('addresses of the user count for what they may hold', async () => {
  const elsewhere = dialling('').replace('          ports:', '          env: [{name: KUBERNETES_SERVICE_HOST, value: api.example.com}]\n          ports:')
  assert.equal(await told(elsewhere, { block: '' }), ['NP423 api.example.com:443'])
  const private10 = dialling('').replace('      containers:', '      dnsPolicy: None\n      dnsConfig: {nameservers: [10.96.0.10]}\n      containers:')
  assert.equal(await told(private10, { block: '' }), ['NP423 10.96.0.10:53'])
  const vault = dialling('"--vault-addr=https://vault.example.com"')
  const to = (cidr: string): { block: string } => ({ block: `    to: [{to: [{ipBlock: {cidr: "${cidr}"}}]}]\n` })
  assert.equal(await told(vault, to('::/0')), ['NP406', 'NP423 vault.example.com:443'])
  assert.equal(await told(vault, to('0.0.0.0/0')), ['NP406'])
})

test('a number counts beside a name, and a headless Service is asked by the protocol of the setting', async () => {
  const redis = dialling('"--redis-addr=10.1.2.3:6379"')
  assert.equal(await told(redis, { block: '    to: [{to: [{ipBlock: {cidr: 10.1.2.3/32}}], ports: [{port: web}, {port: 6379}]}]\n' }), [])
  const statsd = dialling(
    '"--statsd-addr=statsd:8125"',
    '---\napiVersion: v1\nkind: Service\nmetadata: {name: statsd, namespace: stage}\nspec: {clusterIP: None, selector: {app: statsd}, ports: [{port: 8125}]}\n',
  )
  const result = await runWith(statsd, {
    values: 'networkPolicy:\n  enabled: true\n  egress: {enabled: true, derive: true, apiserver: {cidrs: [10.0.0.1/32]}}\n',
  })
  assert.match(textOf(result), /app: statsd\n +ports:\n +- protocol: UDP\n +port: 8125/)
})

for (const [pattern, host, verdict] of [
  ['*.example.org', 'a.example.org', 'allowed'],
  ['*.example.org', 'a.b.example.org', 'cut'],
  ['**.example.org', 'a.b.example.org', 'allowed'],
  ['**.example.org', 'example.org', 'cut'],
  ['api-*-eu.example.org', 'api-1-eu.example.org', 'allowed'],
  ['api-*-eu.example.org', 'api-eu.example.org', 'cut'],
  ['a*b*c.example.org', 'axxbxxc.example.org', 'allowed'],
  ['*', 'a.example.org', 'allowed'],
  [`${'*a'.repeat(40)}.example.org`, `${'a'.repeat(60)}b.example.org`, 'cut'],
] as const) {
  test(`${pattern.slice(0, 30)} and ${host.slice(0, 30)}: ${verdict}`, async () => {
    const block = `  cilium: {egress: [{toFQDNs: [{matchPattern: "${pattern}"}]}]}\n`
    assert.equal(await told(dialling(`"--vault-addr=https://${host}"`), { engine: 'cilium', block }), verdict === 'cut' ? [`NP420 ${host}:443`] : [])
  })
}

test('passthrough rules in the words of each engine count', async () => {
  const source = ['NP420 source-controller.flux-system:80']
  for (const [engine, rule, left] of [
    ['cilium', '{toFQDNs: [{matchName: s3.example.com}, {matchPattern: "*.example.net"}]}', source],
    ['cilium', '{toEntities: [world]}', source],
    ['cilium', '{toEntities: [cluster]}', ['NP420 s3.example.com:443', 'NP420 otel.example.net:4317']],
    ['cilium', '{toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: flux-system}}]}', ['NP420 s3.example.com:443', 'NP420 otel.example.net:4317']],
    ['calico', '{action: Allow, protocol: TCP, destination: {nets: [0.0.0.0/0], ports: [443, 4317]}}', source],
    // A block so wide may hold pods as well.
    ['clusterNetworkPolicy', '{name: out, action: Accept, to: [{networks: [0.0.0.0/0]}]}', []],
    ['clusterNetworkPolicy', '{name: out, action: Accept, to: [{networks: [198.51.100.0/24]}]}', source],
  ] as const) {
    const text = `networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n    apiserver: {cidrs: [10.0.0.1/32]}\n  ${engine}:\n    egress:\n      - ${rule}\n`
    assert.equal(await warnings(text, engine), [...left], `${engine}: ${rule}`)
  }
})

test('a rule that denies before it takes the cover away', async () => {
  const text = (first: string): string =>
    `networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n  calico:\n    egress:\n${first}      - {action: Allow}\n`
  assert.equal(await warnings(text(''), 'calico'), [])
  const denied = text('      - {action: Deny, protocol: TCP, destination: {ports: ["1:65535"]}}\n')
  assert.equal(
    await warnings(denied, 'calico'),
    ['NP420 otel.example.net:4317', 'NP420 s3.example.com:443', 'NP420 source-controller.flux-system:80'].sort(byStream),
  )
})

function byStream(one: string, other: string): number {
  const order = ['s3', 'otel', 'source']
  const index = (text: string): number => order.findIndex(word => text.includes(word))
  return index(one) - index(other)
}

test.run()
