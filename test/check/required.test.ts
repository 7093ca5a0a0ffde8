import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checked, clusterPolicy, flowOf, networkPolicy, verdictsOf } from '../helpers/checking.ts'
import { service, workload } from '../helpers/streams.ts'

/** What a workload needs, against policies of which some cut it. */

const webhook =
  '---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks: [{clientConfig: {service: {name: app, namespace: stage}}}]\n'
const webhookApp = workload({ ports: '[{name: https, containerPort: 9443}]' }) + service() + webhook

const lockIngress = (rule = ''): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress]${rule === '' ? '' : `, ingress: [${rule}]`}}`)
const lockEgress = (rule = ''): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: app}}, policyTypes: [Egress]${rule === '' ? '' : `, egress: [${rule}]`}}`)

const inbound = suite('what calls a workload')

inbound('without policies everything gets through', async () => {
  const account = await checked(webhookApp)
  assert.ok(account.ok)
  assert.equal(verdictsOf(account), ['webhook allowed', 'dns allowed', 'apiserver allowed'])
  assert.equal(flowOf(account, 'webhook').ingress, { allowed: true, by: 'nothing', documents: [] })
})

inbound('a webhook is called by the kube-apiserver, wherever that is', async () => {
  const cut = await checked(webhookApp + lockIngress())
  assert.not(cut.ok)
  const flow = flowOf(cut, 'webhook')
  assert.equal([flow.from, flow.to, flow.port, flow.verdict], ['kube-apiserver', 'Deployment stage/app', '9443/TCP (https)', 'denied'])
  assert.equal(flow.ingress?.by, 'lock')
  assert.equal(
    flow.ingress?.documents.map(({ document, rule, place }) => [document, rule, place?.line]),
    [['NetworkPolicy stage/own', undefined, 30]],
  )
  assert.is(flowOf(await checked(webhookApp + lockIngress('{ports: [{port: 9443}]}')), 'webhook').verdict, 'allowed')
  // No label of a pod is the kube-apiserver's.
  assert.is(flowOf(await checked(webhookApp + lockIngress('{from: [{namespaceSelector: {}}]}')), 'webhook').verdict, 'denied')
})

inbound('where a block may hold the kube-apiserver, it is not known whether it gets through', async () => {
  const policy = lockIngress('{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}')
  const flow = flowOf(await checked(webhookApp + policy), 'webhook')
  assert.is(flow.verdict, 'unknown')
  assert.match(flow.unknown?.what ?? '', 'the address of the kube-apiserver')
  assert.equal(flow.unknown?.through, ['an address in 203.0.113.0/24'])
  assert.is(flowOf(await checked(webhookApp + policy, { world: 'apiserver: {addresses: [203.0.113.7]}' }), 'webhook').verdict, 'allowed')
  assert.is(flowOf(await checked(webhookApp + policy, { world: 'apiserver: {addresses: [203.0.113.7, 10.9.9.9]}' }), 'webhook').verdict, 'denied')
})

inbound('where it hangs on whether the kube-apiserver is on a node, that is said', async () => {
  const policy = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: own, namespace: stage}
spec: {endpointSelector: {}, ingress: [{fromEntities: [remote-node]}]}
`
  const { verdict, unknown } = flowOf(await checked(webhookApp + policy), 'webhook')
  assert.equal([verdict, unknown?.through, unknown?.cut], ['unknown', ['an address that no rule names, on a node'], ['an address that no rule names']])
})

inbound('only blocks of its own rules of the direction are tried', async () => {
  const others = networkPolicy('{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}', { name: 'db' })
  const own = networkPolicy(
    '{podSelector: {matchLabels: {app: app}}, ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16}}]}], egress: [{to: [{ipBlock: {cidr: 10.8.0.0/16}}]}]}',
    { name: 'own' },
  )
  const account = await checked(webhookApp + own + others)
  assert.equal(flowOf(account, 'webhook').unknown, {
    what: 'the address of the kube-apiserver, or whether a node has it, is not known',
    through: ['an address in 10.9.0.0/16'],
    cut: ['an address that no rule names'],
  })
  assert.equal(flowOf(account, 'apiserver').unknown?.through, ['an address in 10.8.0.0/16'])
})

inbound('a caller of metrics is any pod: those that a rule speaks of may be the ones', async () => {
  const metrics = (policy: string) => checked(workload() + policy).then(account => flowOf(account, 'metrics'))
  assert.equal([(await metrics('')).verdict, (await metrics('')).from], ['allowed', 'any pod'])
  assert.is((await metrics(lockIngress())).verdict, 'denied')
  assert.is((await metrics(lockIngress('{ports: [{port: 9}]}'))).verdict, 'denied')
  assert.is((await metrics(lockIngress('{from: [{podSelector: {}}, {namespaceSelector: {}}]}'))).verdict, 'allowed')
  const narrowed = await metrics(lockIngress('{from: [{namespaceSelector: {matchLabels: {team: obs}}, podSelector: {matchLabels: {app: prometheus}}}]}'))
  assert.equal(narrowed.unknown, {
    what: 'who calls is not known',
    through: ['pods app=prometheus of namespaces labelled team=obs'],
    cut: ['any pod of another namespace', 'any pod of its namespace'],
  })
  const own = await metrics(lockIngress('{from: [{podSelector: {}}]}'))
  assert.equal([own.unknown?.through, own.unknown?.cut], [['any pod of its namespace', 'pods of namespace stage'], ['any pod of another namespace']])
})

inbound('a caller may be one that a rule rules out', async () => {
  const ruledOut = async (selector: string) => flowOf(await checked(workload() + lockIngress(`{from: [${selector}]}`)), 'metrics').unknown
  const pods = await ruledOut('{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [batch]}]}}')
  assert.equal([pods?.what, pods?.cut], ['who calls is not known', ['pods app=batch of any namespace']])
  const namespaces = await ruledOut('{namespaceSelector: {matchExpressions: [{key: untrusted, operator: DoesNotExist}]}}')
  assert.equal(namespaces?.cut, ['namespace stage labelled untrusted=any', 'pods of namespaces labelled untrusted=any'])
})

inbound('what hangs on labels of a namespace that nobody tells is not known', async () => {
  const db = workload({ name: 'db', selector: '{matchLabels: {app: db}}', podLabels: '{app: db}', ports: '[{containerPort: 6379}]' })
  const stream =
    workload({ container: '          args: ["--redis-address=db:6379"]\n' }) + db + service({ name: 'db', selector: '{app: db}', ports: '[{port: 6379}]' })
  const cache = async (policy: string) => flowOf(await checked(stream + policy), 'cache')
  const from = networkPolicy('{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}]}]}')
  const peer = await cache(from)
  assert.equal(
    [peer.verdict, peer.unknown],
    [
      'unknown',
      {
        what: 'the labels of namespace stage are not known',
        through: ['namespace stage labelled env=prod'],
        cut: ['namespace stage with no labels but its name'],
      },
    ],
  )
  const subject = clusterPolicy('ingress: [{action: Deny, from: [{namespaces: {}}]}]', { subject: '{namespaces: {matchLabels: {env: prod}}}' })
  assert.equal([(await cache(subject)).verdict, (await cache(subject)).unknown?.cut], ['unknown', ['namespace stage labelled env=prod']])
  const told = (labels: string): string => `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: stage, labels: ${labels}}\n`
  assert.equal([(await cache(from + told('{env: prod}'))).verdict, (await cache(from + told('{env: dev}'))).verdict], ['allowed', 'denied'])
  assert.equal([(await cache(subject + told('{env: prod}'))).verdict, (await cache(subject + told('{}'))).verdict], ['denied', 'allowed'])
  const cilium = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: own, namespace: stage}
spec: {endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.env": prod}}]}]}
`
  assert.equal((await cache(cilium)).unknown?.through, ['namespace stage labelled env=prod'])
  const calico = `---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: own, namespace: stage}
spec: {selector: app == 'db', ingress: [{action: Allow, source: {namespaceSelector: "env != 'prod'"}}]}
`
  assert.equal((await cache(calico)).unknown?.cut, ['namespace stage labelled env=prod'])
})

inbound('only rules of its own policies tell who may call', async () => {
  const peer = (app: string): string => `{podSelector: {matchLabels: {app: ${app}}}}`
  const others = networkPolicy(`{podSelector: {matchLabels: {app: db}}, ingress: [{from: [${peer('dump')}]}]}`, { name: 'db' })
  const metrics = flowOf(await checked(workload() + lockIngress(`{from: [${peer('prometheus')}]}`) + others), 'metrics')
  assert.equal(
    [metrics.unknown?.through, metrics.unknown?.cut],
    [['pods app=prometheus of namespace stage'], ['any pod of another namespace', 'any pod of its namespace']],
  )
})

inbound('what the callers’ own policies say does not count, for of them nothing is known', async () => {
  const rules = 'egress: [{action: Deny, to: [{namespaces: {}}]}]'
  const account = await checked(workload() + clusterPolicy(rules))
  assert.equal(verdictsOf(account), ['metrics allowed', 'dns denied', 'apiserver allowed'])
})

inbound('the kubelet calls from the node, which nobody can keep out', async () => {
  const probed = workload({ container: '          livenessProbe: {httpGet: {port: 8081}}\n' })
  const flow = flowOf(await checked(probed + lockIngress()), 'health')
  assert.equal([flow.verdict, flow.ingress?.by, flow.ingress?.reason], ['allowed', 'engine', 'a node always reaches its own pods'])
})

inbound('the kubelet is a caller of its own where it probes a port that others call', async () => {
  const probed = workload({ container: '          readinessProbe: {httpGet: {port: metrics}}\n' })
  const health = flowOf(await checked(probed), 'health')
  assert.equal([health.from, health.port, health.verdict, health.need?.required], ['the kubelet', '8080/TCP (metrics)', 'allowed', true])
  assert.equal(health.need?.found, [{ where: 'readinessProbe of container manager' }])
  const cut = networkPolicy('{endpointSelector: {}, ingressDeny: [{fromEntities: [host]}]}')
    .replace('networking.k8s.io/v1', 'cilium.io/v2')
    .replace('kind: ', 'kind: Cilium')
  const account = await checked(probed + cut, { implementation: 'cilium' })
  assert.equal([flowOf(account, 'health').verdict, account.ok], ['denied', false])
  assert.is(
    (await checked(workload({ container: '          readinessProbe: {httpGet: {port: 8081}}\n' }))).flows.filter(({ need }) => need?.row === 'health').length,
    1,
  )
})

inbound('what a Service brings from outside of the cluster is called by others than pods', async () => {
  const http = workload({ ports: '[{name: http, containerPort: 8000}]' })
  const exposed = (type: string): string => service({ ports: '[{port: 80, targetPort: http}]' }).replace('spec:', `spec:\n  type: ${type}`)
  const podsOnly = lockIngress('{from: [{namespaceSelector: {}}]}')
  assert.is(flowOf(await checked(http + exposed('ClusterIP') + podsOnly), 'service').verdict, 'allowed')
  for (const type of ['NodePort', 'LoadBalancer']) {
    const flow = flowOf(await checked(http + exposed(type) + podsOnly), 'service')
    assert.equal([flow.verdict, flow.from, flow.unknown?.cut], ['unknown', 'anyone', ['an address that no rule names', 'node other-node']])
  }
  assert.is(flowOf(await checked(http + exposed('NodePort') + lockIngress()), 'service').verdict, 'denied')
})

inbound('a port of the node is called from outside', async () => {
  const hosted = workload({ ports: '[{name: x, containerPort: 8000, hostPort: 80}]' })
  assert.is(flowOf(await checked(hosted + lockIngress('{from: [{namespaceSelector: {}}]}')), 'hostPort').verdict, 'unknown')
  assert.is(flowOf(await checked(hosted + lockIngress('{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}')), 'hostPort').verdict, 'allowed')
})

inbound('a workload of the host network is its node, which no policy of pods is about', async () => {
  const onHost = workload().replace('      containers:', '      hostNetwork: true\n      containers:')
  const account = await checked(onHost + lockIngress() + lockEgress())
  assert.equal(verdictsOf(account), ['metrics allowed', 'dns allowed', 'apiserver allowed'])
  assert.equal([flowOf(account, 'metrics').ingress, flowOf(account, 'metrics').egress], [undefined, undefined])
})

inbound.run()

const values = suite('what our own values ask for')

const block = (lines: string): string => `networkPolicy:\n  enabled: true\n${lines}`

values('the policies that they render are asked, and say which line brought them', async () => {
  const account = await checked(workload(), { values: block('  egress:\n    enabled: true\n') })
  assert.equal(verdictsOf(account), ['metrics allowed', 'dns allowed', 'apiserver denied'])
  const [dns, apiserver] = [flowOf(account, 'dns'), flowOf(account, 'apiserver')]
  assert.equal(dns.egress?.documents, [
    { document: 'NetworkPolicy stage/app', apiVersion: 'networking.k8s.io/v1', rule: 'spec.egress[0]', because: 'networkPolicy.egress.dns' },
  ])
  const [lock] = apiserver.egress?.documents ?? []
  assert.equal([lock?.document, lock?.rule, lock?.place, lock?.because], ['NetworkPolicy stage/app', undefined, undefined, 'networkPolicy.egress.enabled'])
  assert.equal([lock?.values?.source, lock?.values?.line, lock?.values?.column, lock?.values?.path], ['values.yaml', 4, 14, 'networkPolicy.egress.enabled'])
})

values('a listed block is asked for an address that its exceptions leave, and for none where they leave none', async () => {
  const metrics = async (cidr: string): Promise<string[]> => {
    const account = await checked(workload(), { values: block(`  metrics: {from: [{ipBlock: ${cidr}}]}\n`) })
    return account.flows.filter(({ need }) => need?.row === 'metrics').map(({ from, verdict, asked }) => `${from} ${asked.from} ${verdict}`)
  }
  assert.equal(await metrics('{cidr: "fd00::/16", except: ["fd00::/17"]}'), ['fd00::/16 fd00:8000:: allowed'])
  assert.equal(await metrics('{cidr: 10.1.0.0/24, except: [10.1.0.0/25]}'), ['10.1.0.0/24 10.1.0.254 allowed'])
  assert.equal(await metrics('{cidr: 10.1.0.0/24, except: [10.1.0.0/25, 10.1.0.128/25]}'), [])
})

values('a rule of the user’s own is where it stands in the values', async () => {
  const lines = '  egress:\n    enabled: true\n    dns: true\n    to:\n      - to: [{ipBlock: {cidr: 203.0.113.7/32}}]\n'
  const app = workload({ container: '          args: ["--tracing-endpoint=203.0.113.7:4317"]\n' })
  const account = await checked(app, { values: block(lines) })
  const place = (row: string) => flowOf(account, row).egress?.documents[0]?.values
  assert.equal([place('tracing')?.line, place('tracing')?.path], [7, 'networkPolicy.egress.to[0]'])
  assert.equal([place('dns')?.line, place('dns')?.path], [5, 'networkPolicy.egress.dns'])
})

values('what denies all else under a ClusterNetworkPolicy is there for the switch that locks', async () => {
  const account = await checked(workload(), { values: block('  engine: clusterNetworkPolicy\n  namespace: stage\n  egress: {enabled: true}\n') })
  const [deny] = flowOf(account, 'apiserver').egress?.documents ?? []
  assert.equal([deny?.rule, deny?.values?.path, deny?.locks], ['spec.egress[1]', 'networkPolicy.egress.enabled', true])
  const all = await checked(workload() + workload({ name: 'web', podLabels: '{app: web}' }), {
    values: block('  engine: clusterNetworkPolicy\n  namespace: stage\n  controller: app\n  defaultDeny: {enabled: true}\n'),
  })
  const [whole] = all.flows.find(({ verdict }) => verdict === 'denied')?.ingress?.documents ?? []
  assert.equal([whole?.document, whole?.values?.path], ['ClusterNetworkPolicy app-default-deny-stage', 'networkPolicy.defaultDeny.enabled'])
})

values('a rule in the engine’s own words is where it stands in the values', async () => {
  const rule = '{name: none, action: Deny, to: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: db}}}]}'
  const app = workload({ container: '          args: ["--redis-address=redis.db.svc:6379"]\n' })
  const account = await checked(app, {
    values: block(`  engine: clusterNetworkPolicy\n  namespace: stage\n  clusterNetworkPolicy:\n    egress:\n      - ${rule}\n`),
  })
  const flow = flowOf(account, 'cache')
  assert.equal([flow.verdict, flow.egress?.documents[0]?.values?.path], ['denied', 'networkPolicy.clusterNetworkPolicy.egress[0]'])
})

values('the addresses that they give are those of the kube-apiserver', async () => {
  const given = (cidrs: string, world = '') => checked(workload(), { values: block(`  egress:\n    enabled: true\n    apiserver: {cidrs: ${cidrs}}\n`), world })
  assert.is(flowOf(await given('[203.0.113.7/32]'), 'apiserver').verdict, 'allowed')
  assert.is(flowOf(await given('[203.0.113.0/24]'), 'apiserver').verdict, 'allowed')
  assert.is(flowOf(await given('[203.0.113.7/32]', 'apiserver: {addresses: [10.9.9.9]}'), 'apiserver').verdict, 'denied')
})

values('the port of the kube-apiserver may be any of those that they give', async () => {
  const policy = lockEgress('{ports: [{port: 443}, {port: 53, protocol: UDP}]}')
  const flow = flowOf(await checked(workload() + policy), 'apiserver')
  assert.equal([flow.verdict, flow.unknown?.what, flow.port], ['unknown', 'where the kube-apiserver listens is not known', '443/TCP or 6443/TCP'])
  assert.is(flowOf(await checked(workload() + policy, { world: 'apiserver: {addresses: [10.9.9.9], port: 443}' }), 'apiserver').verdict, 'allowed')
})

values('each caller that they list has to get through, and no other', async () => {
  const from =
    '  metrics:\n    from:\n      - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring, team: obs}}\n        podSelector: {matchLabels: {app: prometheus}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}\n      - ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25]}\n      - podSelector: {}\n'
  const rows = async (stream: string): Promise<string[]> =>
    (await checked(stream, { values: block(from) })).flows.flatMap(({ need, from: caller, verdict }) =>
      need?.row === 'metrics' ? [`${caller} ${verdict}`] : [],
    )
  const prometheus = 'pods tier=a, app=prometheus of namespace monitoring labelled team=obs'
  assert.equal(await rows(workload()), [`${prometheus} allowed`, '203.0.113.0/24 allowed', 'pods of namespace stage allowed'])
  const deny = clusterPolicy('ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: obs}}}]}]')
  assert.equal(await rows(workload() + deny), [`${prometheus} denied`, '203.0.113.0/24 allowed', 'pods of namespace stage unknown'], 'stage may be labelled so')
  const labelled = `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: stage, labels: {team: other}}\n`
  assert.is((await rows(workload() + deny + labelled)).at(-1), 'pods of namespace stage allowed')
})

const rowsOf = (account: {
  readonly flows: readonly {
    readonly from: string
    readonly verdict: string
    readonly need?: { readonly row: string; readonly required: boolean } | undefined
  }[]
}) =>
  account.flows.flatMap(({ need, from, verdict }) =>
    need === undefined || ['dns', 'apiserver'].includes(need.row) ? [] : [`${need.row} ${from} ${verdict} ${need.required}`],
  )

values('where they narrow a port that others call too, those are told, and it is no failure', async () => {
  const app = workload({ container: '          readinessProbe: {httpGet: {port: metrics}}\n' }) + service({ ports: '[{port: 80, targetPort: metrics}]' })
  const given = async (from: string) => checked(app, { values: block(`  metrics: {from: [${from}]}\n`) })
  assert.equal(rowsOf(await checked(app, { values: block('') })), ['metrics any pod allowed true', 'health the kubelet allowed true'])
  const prometheus = await given('{podSelector: {matchLabels: {app: prometheus}}}')
  assert.equal(rowsOf(prometheus), [
    'metrics pods app=prometheus of namespace stage allowed true',
    'service any pod unknown false',
    'health the kubelet allowed false',
  ])
  assert.ok(prometheus.ok)
  const nobody = await given('{ipBlock: {cidr: 203.0.113.0/24}}')
  assert.equal(rowsOf(nobody)[1], 'service any pod denied false')
  assert.ok(nobody.ok)
  assert.is(rowsOf(await given('{namespaceSelector: {}}'))[1], 'service any pod allowed false')
})

values('a port that they open to others as well is not narrowed, and a rule for all opens it', async () => {
  const app =
    workload({ ports: '[{name: gate, containerPort: 8080}]', container: '          args: ["--metrics-bind-address=:8080"]\n' }) +
    service({ ports: '[{port: 80, targetPort: gate}]' })
  assert.equal(rowsOf(await checked(app, { values: block('  metrics: {from: [{podSelector: {}}]}\n') })), [
    'metrics pods of namespace stage allowed true',
    'gate any pod allowed true',
  ])
  const both = rowsOf(
    await checked(app, {
      values: block('  metrics: {from: [{podSelector: {}}]}\n  gate: {from: [{podSelector: {}}]}\n  additionalIngress: [{ports: [{port: 8080}]}]\n'),
    }),
  )
  assert.equal(both.slice(2), ['service any pod allowed false'])
})

values('rows stand in the order of the table, each once', async () => {
  const app = workload({ container: '          readinessProbe: {httpGet: {port: 8081}}\n' }) + service({ ports: '[{port: 80, targetPort: metrics}]' })
  const given = block('  metrics: {from: [{podSelector: {}}]}\n  health: {from: [{podSelector: {}}]}\n')
  assert.equal(rowsOf(await checked(app, { values: given })), [
    'metrics pods of namespace stage allowed true',
    'service any pod unknown false',
    'health pods of namespace stage allowed true',
  ])
})

values('who calls the Service of a webhook is the kube-apiserver', async () => {
  const account = await checked(webhookApp, { values: block('  webhook: {from: [{ipBlock: {cidr: 203.0.113.0/24}}]}\n') })
  assert.equal(rowsOf(account), ['webhook kube-apiserver allowed true', 'metrics any pod allowed false'])
})

values('blocks that they list for a webhook are where the kube-apiserver calls from', async () => {
  const listed = (from: string) => checked(webhookApp, { values: block(`  webhook: {from: [${from}]}\n`) })
  assert.is(flowOf(await listed('{ipBlock: {cidr: 203.0.113.0/24}}'), 'webhook').verdict, 'allowed')
  assert.is(flowOf(await listed('{podSelector: {}}'), 'webhook').verdict, 'denied')
})

values('a port that nothing but the default tells may be nobody’s', async () => {
  const silent = workload({ ports: '[]' })
  const own = await checked(
    silent +
      clusterPolicy('ingress: [{action: Deny, from: [{namespaces: {}}]}]', { subject: '{namespaces: {matchLabels: {kubernetes.io/metadata.name: stage}}}' }),
    {
      values: block(''),
    },
  )
  assert.equal([flowOf(own, 'metrics').verdict, flowOf(own, 'metrics').need?.required, own.ok], ['denied', false, true])
  assert.not(verdictsOf(await checked(silent)).includes('metrics allowed'))
})

values('a workload that they do not cover is asked about as the stream shows it', async () => {
  const other = workload({ name: 'other', podLabels: '{app: other}', selector: '{matchLabels: {app: other}}' })
  const account = await checked(workload() + other, { values: block('  controller: app\n  egress: {enabled: true}\n  defaultDeny: {enabled: true}\n') })
  const cut = account.flows.filter(({ verdict }) => verdict === 'denied').map(({ need }) => `${need?.workload} ${need?.row} ${need?.required}`)
  assert.equal(cut, [
    'Deployment stage/app apiserver true',
    'Deployment stage/other metrics true',
    'Deployment stage/other dns false',
    'Deployment stage/other apiserver false',
  ])
  const [deny] = account.flows.find(({ need }) => need?.workload === 'Deployment stage/other')?.ingress?.documents ?? []
  assert.equal([deny?.document, deny?.values?.path], ['NetworkPolicy stage/app-default-deny', 'networkPolicy.defaultDeny.enabled'])
})

values('a policy that they take out is not asked', async () => {
  const own = networkPolicy('{podSelector: {}, policyTypes: [Ingress]}', { name: 'app' })
  assert.is(flowOf(await checked(workload() + own, { values: block('  replace: true\n') }), 'metrics').verdict, 'allowed')
})

values('a rule of the table says where its port was found', async () => {
  const account = await checked(workload(), { values: block('') })
  assert.is(flowOf(account, 'metrics').ingress?.documents[0]?.because, 'container port metrics')
})

values.run()

const outbound = suite('what a workload dials')

const dialling = (...args: string[]): string => workload({ container: `          args: ${JSON.stringify(args)}\n` })

const outward = async (stream: string, row: string, world = '') => flowOf(await checked(stream, { world }), row)

outbound('without a role the kube-apiserver and DNS may not be needed', async () => {
  const bound =
    '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nsubjects: [{kind: ServiceAccount, name: runner, namespace: stage}]\nroleRef: {kind: ClusterRole, name: r}\n'
  const run = workload().replace('      containers:', '      serviceAccountName: runner\n      containers:')
  const required = async (stream: string): Promise<unknown> =>
    (await checked(stream + lockEgress())).flows.filter(({ need }) => need?.direction === 'egress').map(({ need }) => [need?.row, need?.required])
  assert.equal(await required(run), [
    ['dns', false],
    ['apiserver', false],
  ])
  assert.equal(await required(run + bound), [
    ['dns', true],
    ['apiserver', true],
  ])
  assert.equal(await required(workload() + bound), [
    ['dns', false],
    ['apiserver', false],
  ])
  assert.equal(
    await required(workload() + bound.replace('name: runner', 'name: default')),
    [
      ['dns', true],
      ['apiserver', true],
    ],
    'who names no ServiceAccount has that one',
  )
  assert.equal(await required(run + bound.replace('namespace: stage', 'namespace: other')), [
    ['dns', false],
    ['apiserver', false],
  ])
  assert.equal(await required(dialling('--tracing-endpoint=otel.example.com:4317')), [
    ['dns', true],
    ['apiserver', false],
    ['tracing', true],
  ])
  assert.equal(await required(dialling('--tracing-endpoint=203.0.113.7:4317')), [
    ['dns', false],
    ['apiserver', false],
    ['tracing', true],
  ])
})

outbound('DNS is that of kube-system, by UDP', async () => {
  const dns = await outward(
    workload() +
      lockEgress(
        '{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}]}',
      ),
    'dns',
  )
  assert.equal([dns.verdict, dns.asked.to, dns.asked.port, dns.asked.protocol], ['allowed', 'pod kube-system/kube-dns', 53, 'UDP'])
  assert.is((await outward(workload() + lockEgress('{ports: [{port: 53}]}'), 'dns')).verdict, 'denied')
})

outbound('where a rule asks for labels of its namespace that nobody tells, it is not known', async () => {
  const policy = lockEgress('{to: [{namespaceSelector: {matchLabels: {name: kube-system}}}]}')
  const dns = await outward(workload() + policy, 'dns')
  assert.equal(dns.unknown, { what: 'the labels of namespace kube-system are not known', through: ['name=kube-system'], cut: ['no labels but its name'] })
  assert.is((await outward(workload() + policy, 'dns', 'namespaces: [{name: kube-system}]')).verdict, 'denied')
  assert.is((await outward(workload() + policy, 'dns', 'namespaces: [{name: kube-system, labels: {name: kube-system}}]')).verdict, 'allowed')
})

outbound('DNS pods that are known are asked, each of them', async () => {
  const pod = (name: string, port: number): string =>
    `  - {namespace: kube-system, name: ${name}, labels: {k8s-app: ${name}}, ports: [{name: dns, port: ${port}, protocol: UDP}]}\n`
  const policy = lockEgress('{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: one}}}]}')
  assert.is((await outward(workload() + policy, 'dns', `pods:\n${pod('one', 5353)}`)).asked.port, 5353)
  assert.is((await outward(workload() + policy, 'dns', `pods:\n${pod('one', 5353)}`)).verdict, 'allowed')
  assert.is((await outward(workload() + policy, 'dns', `pods:\n${pod('one', 53)}${pod('two', 53)}`)).verdict, 'denied')
})

outbound('OpenShift’s DNS listens on another port', async () => {
  const given = (port: number): string =>
    `networkPolicy:\n  enabled: true\n  egress: {enabled: true, dns: false, dnsNamespace: openshift-dns, to: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {dns.operator.openshift.io/daemonset-dns: default}}}], ports: [{port: ${port}, protocol: UDP}]}]}\n`
  assert.is(flowOf(await checked(workload(), { values: given(5353) }), 'dns').verdict, 'allowed')
  assert.is(flowOf(await checked(workload(), { values: given(53) }), 'dns').verdict, 'denied')
})

outbound('resolvers that the values name will do in the place of the cluster’s', async () => {
  const account = await checked(workload(), {
    values: 'networkPolicy:\n  enabled: true\n  egress: {enabled: true, dns: false, dnsCIDRs: [169.254.20.10/32]}\n',
  })
  const dns = flowOf(account, 'dns')
  assert.equal([dns.verdict, dns.asked.to], ['allowed', '169.254.20.10'])
})

outbound('a name outside is at some address: only a rule for every one is sure', async () => {
  const app = dialling('--tracing-endpoint=otel.example.com:4317')
  assert.is((await outward(app + lockEgress(), 'tracing')).verdict, 'denied')
  assert.is((await outward(app + lockEgress('{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}'), 'tracing')).verdict, 'allowed')
  const some = await outward(app + lockEgress('{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}'), 'tracing')
  assert.equal([some.verdict, some.unknown?.what, some.unknown?.cut], ['unknown', 'the address of otel.example.com is not known', ['an address in 10.0.0.0/8']])
  const world = 'names: [{name: otel.example.com, addresses: [198.51.100.7, 10.9.9.9]}]'
  assert.is((await outward(app + lockEgress('{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}'), 'tracing', world)).verdict, 'denied')
  assert.is((await outward(app + lockEgress('{to: [{ipBlock: {cidr: 198.51.100.7/32}}]}'), 'tracing', world.replace(', 10.9.9.9', ''))).verdict, 'allowed')
})

outbound('a name of a rule is the name that is dialled, whatever its address', async () => {
  const rule = (name: string): string =>
    clusterPolicy(`egress: [{action: Accept, to: [{domainNames: ['${name}']}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]`)
  const app = dialling('--tracing-endpoint=otel.example.com:4317', '--allowed-action-hosts=*.example.org')
  assert.is((await outward(app + rule('otel.example.com'), 'tracing')).verdict, 'allowed')
  assert.is((await outward(app + rule('*.example.com'), 'tracing')).verdict, 'allowed')
  assert.is((await outward(app + rule('other.example.com'), 'tracing')).verdict, 'denied')
  assert.is((await outward(app + rule('*.example.org'), 'actions')).verdict, 'allowed')
})

outbound('a Service of the stream is its pods, at their port', async () => {
  const db = workload({ name: 'db', selector: '{matchLabels: {app: db}}', podLabels: '{app: db}', ports: '[{name: sql, containerPort: 15432}]' })
  const stream = dialling('--redis-address=db:6379') + db + service({ name: 'db', selector: '{app: db}', ports: '[{port: 6379, targetPort: sql}]' })
  const flow = await outward(stream + lockEgress('{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 15432}]}'), 'cache')
  assert.equal([flow.verdict, flow.asked.to, flow.asked.port], ['allowed', 'pod stage/db', 15432])
  assert.is((await outward(stream + lockEgress('{ports: [{port: 6379}]}'), 'cache')).verdict, 'denied')
  // The other end's own policies count here, for it is known.
  const closed = networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}', { name: 'db' })
  const denied = await outward(stream + closed, 'cache')
  assert.equal([denied.verdict, denied.ingress?.documents[0]?.document, denied.egress?.allowed], ['denied', 'NetworkPolicy stage/db', true])
})

outbound('a pod of a Service, by its own name, is dialled at its own port', async () => {
  const db = workload({
    kind: 'StatefulSet',
    name: 'db',
    selector: '{matchLabels: {app: db}}',
    podLabels: '{app: db}',
    ports: '[{name: sql, containerPort: 15432}]',
  })
  const behind = db + service({ name: 'db', selector: '{app: db}', ports: '[{port: 6379, targetPort: sql}]' })
  const closed = networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}', { name: 'db' })
  for (const name of ['db-0.db', 'db-0.db.stage', 'db-0.db.stage.svc', 'db-0.db.stage.svc.cluster.local']) {
    const flow = await outward(dialling(`--redis-address=${name}:15432`) + behind + closed, 'cache')
    assert.equal([flow.verdict, flow.asked.to, flow.asked.port, flow.ingress?.by], ['denied', 'pod stage/db', 15432, 'lock'], name)
  }
  // The Service's port is no pod's.
  const open = lockEgress('{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 15432}]}')
  assert.is((await outward(dialling('--redis-address=db-0.db:15432') + behind + open, 'cache')).verdict, 'allowed')
  assert.is((await outward(dialling('--redis-address=db-0.db:6379') + behind + open, 'cache')).verdict, 'denied')
})

outbound('the port is the pod’s, whether the Service is called by its name or its address', async () => {
  const db = workload({ name: 'db', selector: '{matchLabels: {app: db}}', podLabels: '{app: db}', ports: '[{name: sql, containerPort: 15432}]' })
  const behind = service({ name: 'db', selector: '{app: db}', ports: '[{port: 6379, targetPort: sql}]' })
  const port = async (host: string, more = '', world = '') => (await outward(dialling(`--redis-address=${host}:6379`) + more, 'cache', world)).port
  assert.is(await port('db', db + behind), '15432/TCP')
  assert.is(await port('10.96.0.9', db + behind.replace('spec:', 'spec:\n  clusterIP: 10.96.0.9')), '15432/TCP')
  assert.is(await port('10.96.0.9', db + behind), '6379/TCP')
  assert.is(await port('redis.db.svc'), '')
  assert.is(
    await port('redis.db.svc', '', 'services: [{namespace: db, name: redis, addresses: [10.9.0.1], ports: [{port: 6379, targetPort: 1234}]}]'),
    '1234/TCP',
  )
})

outbound('a Service with pods of the host network is a node', async () => {
  const db = workload({ name: 'db', selector: '{matchLabels: {app: db}}', podLabels: '{app: db}', ports: '[{containerPort: 6379}]' }).replace(
    '      containers:',
    '      hostNetwork: true\n      containers:',
  )
  const stream = dialling('--redis-address=db:6379') + db + service({ name: 'db', selector: '{app: db}', ports: '[{port: 6379}]' })
  assert.is((await outward(stream, 'cache')).asked.to, 'node node')
  const policy = (entity: string): string =>
    `---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: own, namespace: stage}\nspec: {endpointSelector: {}, egress: [{toEntities: [${entity}]}]}\n`
  const onOther = await outward(stream + policy('host'), 'cache')
  assert.equal([onOther.verdict, onOther.asked.to], ['denied', 'node other-node'], 'it may be on any node')
  assert.is((await outward(stream + policy('host, remote-node'), 'cache')).verdict, 'allowed')
})

outbound('a pod of the host network dials from its node, or from another one than that of whom it calls', async () => {
  const onHost = dialling('--redis-address=db:6379').replace('      containers:', '      hostNetwork: true\n      containers:')
  const db = workload({ name: 'db', selector: '{matchLabels: {app: db}}', podLabels: '{app: db}', ports: '[{containerPort: 6379}]' })
  const stream = onHost + db + service({ name: 'db', selector: '{app: db}', ports: '[{port: 6379}]' })
  assert.is((await outward(stream, 'cache')).verdict, 'allowed')
  const locked = stream + networkPolicy('{podSelector: {matchLabels: {app: db}}}', { name: 'lock' })
  const { verdict, unknown } = await outward(locked, 'cache')
  assert.equal([verdict, unknown], ['unknown', { what: 'on which node it runs is not known', through: ['the node of the other end'], cut: ['another node'] }])
  assert.is((await outward(locked, 'cache', 'nodes: [{name: only, local: true}]')).verdict, 'allowed')
})

outbound('a Service without a selector is asked where its endpoints are, at its target port', async () => {
  const own = service({ name: 'ext', selector: '{}', ports: '[{port: 5432, targetPort: 15432}]' })
  const stream = dialling('--redis-address=ext:5432') + own + lockEgress('{to: [{ipBlock: {cidr: 192.168.50.0/24}}], ports: [{port: 15432}]}')
  const endpoints = (address: string): string =>
    `---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: ext, namespace: stage}\nsubsets: [{addresses: [{ip: ${address}}], ports: [{port: 15432}]}]\n`
  const told = await outward(stream + endpoints('192.168.50.5'), 'cache')
  assert.equal([told.verdict, told.port, told.asked.to, told.asked.port], ['allowed', '15432/TCP', '192.168.50.5', 15432])
  assert.is((await outward(stream + endpoints('192.168.60.5'), 'cache')).verdict, 'denied')
  const untold = await outward(stream, 'cache')
  assert.equal([untold.verdict, untold.asked.port, untold.unknown?.through], ['unknown', 15432, ['an address in 192.168.50.0/24']])
})

outbound('of several pods one reaches another by its own Service', async () => {
  const cache = (more: string, kind = 'StatefulSet'): string =>
    workload({ kind, ports: '[{containerPort: 6379}]', container: '          args: ["--redis-address=app:6379"]\n' }).replace('spec:\n', `spec:\n${more}`) +
    service({ ports: '[{port: 6379}]' }) +
    lockIngress()
  const several = await outward(cache('  replicas: 3\n'), 'cache')
  assert.equal([several.verdict, several.asked.to], ['denied', 'pod stage/app (another)'])
  assert.is((await outward(cache('', 'DaemonSet'), 'cache')).verdict, 'denied')
  const alone = await outward(cache('  replicas: 1\n'), 'cache')
  assert.equal([alone.verdict, alone.egress?.reason], ['allowed', 'a pod always reaches itself'])
  assert.is((await outward(cache(''), 'cache')).verdict, 'allowed')
  assert.is(
    (await outward(cache('  replicas: 3\n') + networkPolicy('{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}', { name: 'open' }), 'cache')).verdict,
    'allowed',
  )
})

outbound('of a Service that the stream does not hold only the namespace is known', async () => {
  const app = dialling('--redis-address=redis.db.svc:6379')
  const rule = (selector: string, ports = '') =>
    lockEgress(`{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: db}}, podSelector: ${selector}}]${ports}}`)
  assert.is((await outward(app + rule('{}'), 'cache')).verdict, 'allowed')
  assert.is((await outward(app + lockEgress('{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}'), 'cache')).verdict, 'denied')
  const some = await outward(app + rule('{matchLabels: {app: redis}}'), 'cache')
  assert.is(some.verdict, 'unknown')
  assert.ok(
    some.unknown?.through.every(label => label.startsWith('pods app=redis of namespace db, ')),
    some.unknown?.through.join('\n'),
  )
  const ports = await outward(app + rule('{}', ', ports: [{port: 6379}]'), 'cache')
  assert.equal(ports.unknown?.through, ['pods of namespace db, port 6379'])
  assert.equal(ports.unknown?.cut, ['pods of namespace db, another port'])
})

outbound('its pods may call their port as a rule does', async () => {
  const app = dialling('--redis-address=redis.db.svc:6379')
  const flow = await outward(app + lockEgress('{to: [{namespaceSelector: {}}], ports: [{port: sql}]}'), 'cache')
  assert.is(flow.verdict, 'unknown')
  assert.ok(
    flow.unknown?.through.every(label => label.includes('the port called sql')),
    flow.unknown?.through.join('\n'),
  )
})

outbound('its namespace may be labelled as a rule asks, unless it is known', async () => {
  const app = dialling('--redis-address=redis.db.svc:6379') + lockEgress('{to: [{namespaceSelector: {matchLabels: {team: data}}}]}')
  assert.is((await outward(app, 'cache')).verdict, 'unknown')
  assert.is((await outward(app, 'cache', 'namespaces: [{name: db}]')).verdict, 'denied')
  assert.is((await outward(app, 'cache', 'namespaces: [{name: db, labels: {team: data}}]')).verdict, 'allowed')
})

outbound('a Service of the world file is its pods or addresses, at their port', async () => {
  const app = dialling('--redis-address=redis.db.svc:6379')
  const byPods =
    'pods: [{namespace: db, name: r, labels: {a: b}, ports: [{name: sql, port: 1234}]}]\nservices: [{namespace: db, name: redis, selector: {a: b}, ports: [{port: 6379, targetPort: sql}]}]'
  const byAddress =
    'services: [{namespace: db, name: redis, addresses: [10.9.0.1], clusterAddresses: [10.96.0.9], ports: [{port: 6379, targetPort: 1234}, {port: 1, targetPort: 2}]}]'
  const policy = lockEgress('{ports: [{port: 1234}]}')
  assert.equal((({ verdict, asked }) => [verdict, asked.to, asked.port])(await outward(app + policy, 'cache', byPods)), ['allowed', 'pod db/r', 1234])
  assert.equal((({ verdict, asked }) => [verdict, asked.to, asked.port])(await outward(app + policy, 'cache', byAddress)), ['allowed', '10.9.0.1', 1234])
  const byCluster = await outward(dialling('--redis-address=10.96.0.9:6379') + policy, 'cache', byAddress)
  assert.equal([byCluster.verdict, byCluster.asked.to], ['allowed', '10.9.0.1'])
})

outbound('a pod of a Service of the world file is that pod, at the port that is dialled', async () => {
  const asked = async (host: string, world: string): Promise<unknown> => {
    const { asked, verdict } = await outward(dialling(`--redis-address=${host}:1234`) + lockEgress('{ports: [{port: 1234}]}'), 'cache', world)
    return [verdict, asked.to, asked.port]
  }
  const ports = 'ports: [{port: 1234, targetPort: 9}]'
  const pods = ['r-0', 'r-1'].map((name, index) => `{namespace: db, name: ${name}, labels: {a: b}, addresses: [10.9.1.${index}]}`).join(', ')
  const running = `pods: [${pods}]\nservices: [{namespace: db, name: redis, selector: {a: b}, ${ports}}]`
  assert.equal(await asked('r-1.redis.db.svc', running), ['allowed', 'pod db/r-1 (10.9.1.1)', 1234])
  assert.equal(await asked('10-9-1-1.redis.db.svc', running), ['allowed', 'pod db/r-1 (10.9.1.1)', 1234])
  const made = `pods: [{namespace: db, name: r, labels: {a: b}}]\nservices: [{namespace: db, name: redis, selector: {a: b}, ${ports}}]`
  assert.equal(await asked('r-1.redis.db.svc', made), ['allowed', 'pod db/r', 1234])
  assert.equal(await asked('another.redis.db.svc', made), ['allowed', 'pod db/r', 1234])
  assert.equal(await asked('r-1.redis.db.svc', `services: [{namespace: db, name: redis, addresses: [10.9.0.1], ${ports}}]`), ['allowed', '10.9.0.1', 1234])
  // Of the Service's own name the port is another.
  assert.equal(await asked('redis.db.svc', made), ['denied', 'pod db/r', 9])
  // A workload that is called alike is another.
  const others = `pods: [{namespace: db, name: r, labels: {a: b}}, {namespace: db, name: rr-1, labels: {a: b}}]\nservices: [{namespace: db, name: redis, selector: {a: b}, ${ports}}]`
  assert.equal(await asked('r-1.redis.db.svc', others), ['allowed', 'pod db/r', 1234])
})

outbound('a pod of a Service that the stream does not hold is dialled at that port', async () => {
  const app = dialling('--redis-address=redis-0.redis.db.svc:6379')
  const rule = (port: number) => lockEgress(`{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: db}}}], ports: [{port: ${port}}]}`)
  assert.is((await outward(app + rule(6379), 'cache')).verdict, 'allowed')
  assert.is((await outward(app + rule(6380), 'cache')).verdict, 'denied')
})

outbound('an address is dialled as it is, of a block whichever it may be', async () => {
  const app = dialling('--tracing-endpoint=203.0.113.7:4317')
  assert.is((await outward(app + lockEgress('{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}'), 'tracing')).verdict, 'allowed')
  assert.is((await outward(app + lockEgress('{to: [{ipBlock: {cidr: 203.0.113.8/32}}]}'), 'tracing')).verdict, 'denied')
})

outbound('a name that may be a Service or a host is both', async () => {
  const app = dialling('--tracing-endpoint=otel.storage:4317')
  const flow = await outward(app + lockEgress('{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: storage}}}]}'), 'tracing')
  assert.equal([flow.verdict, flow.unknown?.what], ['unknown', 'whether otel.storage is a Service or a host is not known'])
  assert.is((await outward(app + lockEgress(), 'tracing')).verdict, 'denied')
})

outbound('the nodes are all of them', async () => {
  const app = dialling('--kubelet-preferred-address-types=InternalIP', '--kubelet-port=10250')
  const policy = lockEgress('{to: [{ipBlock: {cidr: 192.168.1.1/32}}]}')
  const one = 'nodes: [{name: a, addresses: [192.168.1.1], local: true}]'
  assert.is((await outward(app + policy, 'kubelets', one)).verdict, 'allowed')
  assert.is((await outward(app + policy, 'kubelets', `${one}\n`.replace(']\n', ', {name: b, addresses: [192.168.1.2]}]'))).verdict, 'denied')
})

outbound('resolvers of the node are at some address', async () => {
  const app = workload().replace('      containers:', '      dnsPolicy: Default\n      containers:')
  assert.is((await outward(app + lockEgress('{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}'), 'resolvers')).verdict, 'unknown')
  assert.is((await outward(app + lockEgress(), 'resolvers')).verdict, 'denied')
})

outbound('of several ports one will do where any may be meant', async () => {
  const app = dialling('--allowed-action-hosts=203.0.113.7')
  assert.is((await outward(app + lockEgress('{ports: [{port: 80}]}'), 'actions')).verdict, 'allowed')
  assert.is((await outward(app + lockEgress('{ports: [{port: 81}]}'), 'actions')).verdict, 'denied')
})

outbound('what only looks like a destination is not required', async () => {
  const app = dialling('--something=https://203.0.113.7:8443')
  const account = await checked(app + lockEgress())
  const guess = account.flows.find(({ need }) => need?.direction === 'egress' && need.row !== 'dns' && need.row !== 'apiserver')
  assert.equal([guess?.verdict, guess?.need?.required, account.ok], ['denied', false, true])
})

outbound('each flow is there once', async () => {
  const { flows } = await checked(webhookApp + dialling('--redis-address=redis.db.svc:6379'))
  assert.is(new Set(flows.map(({ id }) => id)).size, flows.length)
})

outbound.run()
