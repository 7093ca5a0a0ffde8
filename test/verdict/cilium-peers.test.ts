import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Judge } from '../../src/verdict/decide.ts'
import { allowing, ccnp, cnp, compiled, egress, everyone, flowOf, from, group, outside, pods, reached, to, world } from '../helpers/cilium-verdicts.ts'

test('peers are pods of the namespace of their policy, unless they name one', async () => {
  assert.equal(await from('{fromEndpoints: [{}]}'), ['red/db'])
  assert.equal(await from('{fromEndpoints: [{matchLabels: {app: web}}]}'), [])
  assert.equal(await from('{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: green}}]}'), ['green/web', 'green/dns'])
  assert.equal(await from('{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": green, app: web}}]}'), ['green/web'])
  assert.equal(await from('{fromEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: NotIn, values: [red]}]}]}'), [
    'green/web',
    'green/dns',
    'blue/bare',
  ])
  assert.equal(await from('{fromEndpoints: [{matchLabels: {"reserved:host": ""}}, {matchLabels: {app: db}}]}'), ['red/db'])
})

test('labels of their namespaces lift pods out of the namespace of the policy', async () => {
  assert.equal(await from('{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.env: dev}}]}'), ['green/web', 'green/dns'])
  assert.equal(await from('{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.env": prod}}]}'), ['red/db'])
  // Of a namespace that the world does not have, the API server's own label is known.
  assert.equal(await from('{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name: blue}}]}'), ['blue/bare'])
  assert.equal(await from('{fromEndpoints: [{matchExpressions: [{key: io.cilium.k8s.namespace.labels.env, operator: DoesNotExist}]}]}'), ['blue/bare'])
  // The key of all of them has a dot at its end.
  assert.equal(await from('{fromEndpoints: [{matchExpressions: [{key: io.cilium.k8s.namespace.labelsx, operator: DoesNotExist}]}]}'), ['red/db'])
})

test('peers of a cluster-wide policy are pods of every namespace', async () => {
  const callers = async (selector: string, subject = '{}'): Promise<string[]> =>
    (await reached(ccnp(`{endpointSelector: ${subject}, ingress: [{fromEndpoints: [${selector}]}]}`), 'ingress')).filter(end => end !== 'node:here')
  assert.equal(await callers('{}'), pods.slice(1))
  assert.equal(await callers('{matchLabels: {app: web}}'), ['green/web'])
  assert.equal(await callers('{matchLabels: {io.kubernetes.pod.namespace: green}}'), ['green/web', 'green/dns'])
  assert.equal(await callers('{matchLabels: {io.cilium.k8s.namespace.labels.env: dev}}'), ['green/web', 'green/dns'])
  assert.equal(await callers('{}', '{matchExpressions: [{key: "reserved:init", operator: DoesNotExist}]}'), pods.slice(1))
  assert.equal(
    await callers('{}', '{matchLabels: {"reserved:init": ""}}'),
    everyone.filter(end => end !== 'red/web' && end !== 'node:here'),
    'it is for no pod',
  )
})

test('a subject that mentions pods that start does not keep its peers to namespaces', async () => {
  // What has no namespace has no cluster either.
  const policy = ccnp(
    '{endpointSelector: {matchExpressions: [{key: "reserved:init", operator: DoesNotExist}]}, ingress: [{fromEndpoints: [{matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: DoesNotExist}]}]}]}',
  )
  assert.equal(
    await reached(policy, 'ingress'),
    ['node:here', 'node:there', ...outside, 'red/db', 'green/web', 'green/dns', 'blue/bare'].sort(
      (one, other) => everyone.indexOf(one) - everyone.indexOf(other),
    ),
  )
})

test('requirements are on labels of a source, or of any', async () => {
  const callers = (selector: string): Promise<string[]> => from(`{fromEndpoints: [${selector}]}`)
  assert.equal(await callers('{matchLabels: {"any:app": db}}'), ['red/db'])
  assert.equal(await callers('{matchLabels: {"k8s:app": db}}'), ['red/db'])
  assert.equal(await callers('{matchLabels: {"container:app": db}}'), [])
  assert.equal(await callers('{matchExpressions: [{key: tier, operator: Exists}]}'), ['red/db'])
  assert.equal(await callers('{matchExpressions: [{key: tier, operator: DoesNotExist}]}'), [])
  assert.equal(await callers('{matchExpressions: [{key: app, operator: In, values: [x, db]}]}'), ['red/db'])
  assert.equal(await callers('{matchExpressions: [{key: app, operator: In, values: [x]}]}'), [])
  assert.equal(await callers('{matchExpressions: [{key: app, operator: NotIn, values: [x]}]}'), ['red/db'])
  assert.equal(await callers('{matchExpressions: [{key: app, operator: NotIn, values: [db]}]}'), [])
  assert.equal(await callers('{matchExpressions: [{key: other, operator: NotIn, values: [db]}]}'), ['red/db'])
  assert.equal(await callers('{matchLabels: {app: db}, matchExpressions: [{key: tier, operator: DoesNotExist}]}'), [])
})

test('service accounts are labels', async () => {
  const rule = (name: string): string => `{toEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: ${name}}}]}`
  assert.equal(await to(rule('default')), ['red/db'])
  assert.equal(await to(rule('runner')), [])
})

test('entities are what they say', async () => {
  const of = async (entity: string): Promise<string[]> => reached(allowing('egress', `{toEntities: [${entity}]}`), 'egress')
  assert.equal(await of('all'), everyone.slice(1))
  assert.equal(await of('world'), outside)
  assert.equal(await of('cluster'), [...pods.slice(1), 'node:here', 'node:there', 'apiserver'])
  assert.equal(await of('cluster-mesh'), [...pods.slice(1), 'node:here', 'node:there', 'apiserver'])
  assert.equal(await of('host'), ['node:here'])
  assert.equal(await of('remote-node'), ['node:there'])
  assert.equal(await of('kube-apiserver'), ['apiserver'])
  for (const nobody of ['init', 'ingress', 'unmanaged', 'health', 'none']) assert.equal(await of(nobody), [], nobody)
  assert.equal(await of('host, remote-node'), ['node:here', 'node:there'])
})

test('blocks hold addresses outside the cluster, never pods and nodes', async () => {
  assert.equal(await to('{toCIDR: [0.0.0.0/0]}'), outside)
  assert.equal(await to('{toCIDR: ["::/0"]}'), [])
  assert.equal(await to('{toCIDR: [10.0.0.0/8, 192.168.1.0/24]}'), [])
  assert.equal(await to('{toCIDR: [198.51.100.0/24, 172.20.0.1/32]}'), ['apiserver', '198.51.100.7'])
  assert.equal(await to('{toCIDRSet: [{cidr: 0.0.0.0/0, except: [198.51.100.0/24, 172.20.0.0/16]}]}'), ['203.0.113.5'])
  assert.equal(await to('{toCIDRSet: [{cidr: 0.0.0.0/0, except: [198.51.100.0/24]}, {cidr: 198.51.100.7/32}]}'), outside)
})

test('names are those that resolve, and select what is outside the cluster', async () => {
  const names = (selectors: string): Promise<string[]> => to(`{toFQDNs: [${selectors}]}`)
  // The name is that of a node and of a pod as well.
  assert.equal(await names('{matchName: api.example.com}'), ['198.51.100.7'])
  assert.equal(await names('{matchName: API.Example.com.}'), ['198.51.100.7'])
  assert.equal(await names('{matchPattern: "*.example.com"}'), ['198.51.100.7'])
  assert.equal(await names('{matchPattern: "**.example.com"}'), ['198.51.100.7', '203.0.113.5'])
  assert.equal(await names('{matchPattern: "*"}'), outside)
  assert.equal(await names('{matchName: example.org}, {matchName: deep.cdn.example.com}'), ['apiserver', '203.0.113.5'])
  assert.equal(await names('{matchName: other.example.com}'), [])
})

test('a CIDR group is its blocks, found by name or by labels', async () => {
  const groups = group('partners', '{kind: partner, io.cilium.k8s.own: x}', '[198.51.100.0/24]') + group('all', '{}', '[0.0.0.0/0, 203.0.113.0/24]')
  const reach = async (block: string): Promise<string[]> => reached(groups + allowing('egress', `{toCIDRSet: [${block}]}`), 'egress')
  assert.equal(await reach('{cidrGroupRef: partners}'), ['198.51.100.7'])
  assert.equal(await reach('{cidrGroupRef: partners, except: [198.51.100.7/32]}'), [])
  assert.equal(await reach('{cidrGroupRef: all}'), ['203.0.113.5'], 'a block of everything gives nobody a group')
  assert.equal(await reach('{cidrGroupSelector: {matchLabels: {kind: partner}}}'), ['198.51.100.7'])
  assert.equal(await reach('{cidrGroupSelector: {matchLabels: {"cidrgroup:kind": partner}}, except: [198.51.100.0/25]}'), [])
  assert.equal(await reach('{cidrGroupSelector: {matchLabels: {"any:kind": partner}}}'), ['198.51.100.7'])
  assert.equal(await reach('{cidrGroupSelector: {matchLabels: {"k8s:kind": partner}}}'), [])
  assert.equal(await reach('{cidrGroupSelector: {matchExpressions: [{key: "k8s:kind", operator: Exists}]}}'), [])
  assert.equal(await reach('{cidrGroupSelector: {matchLabels: {kind: other}}}'), [])
  assert.equal(await reach('{cidrGroupSelector: {matchExpressions: [{key: kind, operator: Exists}]}}'), ['198.51.100.7'])
  assert.equal(await reach('{cidrGroupSelector: {matchExpressions: [{key: kind, operator: DoesNotExist}]}}'), ['apiserver', '203.0.113.5'])
  assert.equal(await reach('{cidrGroupSelector: {matchExpressions: [{key: kind, operator: NotIn, values: [partner]}]}}'), ['apiserver', '203.0.113.5'])
  assert.equal(
    await reach('{cidrGroupSelector: {matchExpressions: [{key: kind, operator: In, values: [x, partner]}, {key: kind, operator: NotIn, values: [x]}]}}'),
    ['198.51.100.7'],
  )
  assert.equal(await reach('{cidrGroupSelector: {matchLabels: {io.cilium.k8s.own: x}}}'), [], "Cilium's own labels are not looked at")
  assert.equal(await reach('{cidrGroupSelector: {}}'), everyone.slice(1), 'an empty selector is that of everybody')
  assert.equal(await reach('{cidrGroupSelector: {}, except: [198.51.100.0/24]}'), ['apiserver', '203.0.113.5'])
})

test('an address has the labels of every group that holds it', async () => {
  const groups = group('one', '{a: x}', '[198.51.100.0/24]') + group('two', '{b: w, a: z}', '[198.51.100.7/32]')
  const reach = async (selector: string): Promise<string[]> => reached(groups + allowing('egress', `{toCIDRSet: [{cidrGroupSelector: ${selector}}]}`), 'egress')
  assert.equal(await reach('{matchLabels: {a: x, b: w}}'), ['198.51.100.7'])
  assert.equal(await reach('{matchLabels: {a: z}}'), ['198.51.100.7'])
})

test('of a group that the stream does not have, nothing is known', async () => {
  const doubt = async (block: string, flow: string): Promise<string> => egress(allowing('egress', `{toCIDRSet: [${block}]}`), flow)
  assert.is(await doubt('{cidrGroupRef: partners}', 'red/web > 198.51.100.7'), 'lock p, in doubt: p spec.egress[0]: the stream has no CiliumCIDRGroup partners')
  assert.is(await doubt('{cidrGroupRef: partners, except: [198.51.100.0/24]}', 'red/web > 198.51.100.7'), 'lock p')
  assert.is(await doubt('{cidrGroupRef: partners}', 'red/web > red/db'), 'lock p')
  assert.is(
    await doubt('{cidrGroupSelector: {matchLabels: {a: b}}}', 'red/web > 198.51.100.7'),
    'lock p, in doubt: p spec.egress[0]: the stream has no CiliumCIDRGroups',
  )
  assert.is(await doubt('{cidrGroupSelector: {matchLabels: {a: b}}, except: [198.51.100.0/24]}', 'red/web > 198.51.100.7'), 'lock p')
  assert.is(await doubt('{cidrGroupSelector: {matchLabels: {a: b}}}', 'red/web > node:there'), 'lock p')
})

test('a Service is the pods behind it, or its addresses', async () => {
  const reach = (services: string): Promise<string[]> => to(`{toServices: [${services}]}`)
  assert.equal(await reach('{k8sService: {serviceName: db, namespace: red}}'), ['red/db'])
  assert.equal(await reach('{k8sService: {serviceName: web}}'), ['green/web'], 'of every namespace')
  assert.equal(await reach('{k8sService: {serviceName: web, namespace: ""}}'), ['green/web'])
  // One of the addresses is that of a pod, which no block holds.
  assert.equal(await reach('{k8sService: {serviceName: outside, namespace: green}}'), ['198.51.100.7'])
  assert.equal(await reach('{k8sServiceSelector: {selector: {matchLabels: {part: data}}}}'), ['red/db'])
  assert.equal(await reach('{k8sServiceSelector: {selector: {matchLabels: {"k8s:part": data}}, namespace: red}}'), ['red/db'])
  assert.equal(await reach('{k8sServiceSelector: {selector: {matchExpressions: [{key: "any:part", operator: Exists}]}, namespace: green}}'), ['198.51.100.7'])
  assert.equal(await reach('{k8sServiceSelector: {selector: {}}}'), ['red/db', 'green/web', '198.51.100.7'])
  // The selector is looked at first.
  assert.equal(await reach('{k8sServiceSelector: {selector: {matchLabels: {part: data}}}, k8sService: {serviceName: web, namespace: green}}'), ['red/db'])
  assert.equal(await reach('{}'), [])
})

test('of a Service that the stream does not have, nothing is known', async () => {
  const by = async (rule: string, flow: string): Promise<string> => egress(allowing('egress', rule), flow)
  assert.is(
    await by('{toServices: [{k8sService: {serviceName: db, namespace: blue}}]}', 'red/web > red/db'),
    'lock p, in doubt: p spec.egress[0]: the stream has no Service db',
  )
  assert.is(
    await by('{toServices: [{k8sServiceSelector: {selector: {matchLabels: {a: b}}}}]}', 'red/web > node:here'),
    'lock p, in doubt: p spec.egress[0]: the stream has no such Service',
  )
  const unmanaged = { namespace: 'red', name: 'own', labels: {}, clusterAddresses: [], backends: { unknown: true }, ports: [] } as const
  const policies = await compiled(allowing('egress', '{toServices: [{k8sService: {serviceName: own, namespace: red}}]}'), { ...world, services: [unmanaged] })
  const doubt = (flow: string): string | undefined => new Judge(policies).decide(flowOf(flow)).egress?.doubt?.why
  assert.equal([doubt('red/web > 203.0.113.5'), doubt('red/web > red/db')], ['the stream has no endpoints of Service red/own', undefined])
  // An entry that says nothing names nobody, and with ports everybody.
  assert.equal(await to('{toServices: [{}]}'), [])
  assert.is(await egress(allowing('egress', '{toServices: [{}], toPorts: [{ports: [{port: "80"}]}]}'), 'red/web > 203.0.113.5'), 'allow p spec.egress[0]')
  const onPort = '{toServices: [{k8sService: {serviceName: absent}}], toPorts: [{ports: [{port: "80"}]}]}'
  assert.is(await by(onPort, 'red/web > red/db 81'), 'lock p')
  assert.is(await by(onPort, 'red/web > red/db 80'), 'lock p, in doubt: p spec.egress[0]: the stream has no Service absent')
})

test('all that a rule asks for and nobody tells is said, and one of it is enough for doubt', async () => {
  const rule = '{toCIDRSet: [{cidrGroupRef: a}, {cidrGroupRef: b, except: [198.51.100.0/24]}]}'
  assert.is(
    await egress(allowing('egress', rule), 'red/web > 198.51.100.7'),
    'lock p, in doubt: p spec.egress[0]: the stream has no CiliumCIDRGroup a; the stream has no CiliumCIDRGroup b',
  )
})

test('Services of a rule that denies are never looked up', async () => {
  const denying = (rule: string): string => cnp(`{endpointSelector: {}, egressDeny: [${rule}], enableDefaultDeny: {egress: false}}`)
  assert.is(await egress(denying('{toServices: [{k8sService: {serviceName: db, namespace: red}}]}'), 'red/web > red/db'), 'nothing')
  const onPort = denying('{toServices: [{k8sServiceSelector: {selector: {}}}], toPorts: [{ports: [{port: "80"}]}]}')
  assert.is(await egress(onPort, 'red/web > green/web'), 'deny p spec.egressDeny[0]', 'ports without peers are about everybody')
  assert.is(await egress(onPort, 'red/web > green/web 81'), 'nothing')
})

test('groups of a cloud are unread, and may hold what is outside', async () => {
  const rule = allowing('egress', '{toGroups: [{aws: {labels: {a: b}}}]}')
  assert.is(await egress(rule, 'red/web > 198.51.100.7'), 'lock p, in doubt: p spec.egress[0]: toGroups and fromGroups are of a cloud')
  assert.is(await egress(rule, 'red/web > red/db'), 'lock p')
})

test('nodes are found by their labels, but for the own one', async () => {
  const reach = (selector: string): Promise<string[]> => to(`{toNodes: [${selector}]}`)
  assert.equal(await reach('{}'), ['node:there'])
  assert.equal(await reach('{matchLabels: {pool: edge}}'), ['node:there'])
  assert.equal(await reach('{matchLabels: {"node:pool": edge}}'), ['node:there'])
  assert.equal(await reach('{matchLabels: {"k8s:pool": edge}}'), [])
  assert.equal(await reach('{matchLabels: {pool: general}}'), [])
  assert.equal(await reach('{matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]}'), ['node:there'])
  assert.equal(await from('{fromNodes: [{matchLabels: {pool: edge}}]}'), ['node:there'])
})

test('labels that are not of the stream leave a doubt', async () => {
  const by = async (selector: string, flow: string): Promise<string> => egress(allowing('egress', `{toEndpoints: [${selector}]}`), flow)
  assert.is(
    await by('{matchLabels: {io.cilium.k8s.policy.cluster: west}}', 'red/web > red/db'),
    'lock p, in doubt: p spec.egress[0]: any:io.cilium.k8s.policy.cluster is not of the stream',
  )
  assert.is(await by('{matchLabels: {io.cilium.k8s.policy.cluster: west, app: web}}', 'red/web > red/db'), 'lock p')
  assert.is(
    await by('{matchExpressions: [{key: "k8s:io.cilium.k8s.policy.cluster", operator: NotIn, values: [west]}]}', 'red/web > red/db'),
    'lock p, in doubt: p spec.egress[0]: k8s:io.cilium.k8s.policy.cluster is not of the stream',
  )
  assert.is(await by('{matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]}', 'red/web > red/db'), 'allow p spec.egress[0]')
  for (const source of ['cidr', 'fqdn', 'cidrgroup', 'gen'])
    assert.is(
      await by(`{matchExpressions: [{key: "reserved:world", operator: Exists}, {key: "${source}:a", operator: Exists}]}`, 'red/web > 198.51.100.7'),
      `lock p, in doubt: p spec.egress[0]: ${source}:a is not of the stream`,
    )
  assert.is(await by('{matchExpressions: [{key: "reserved:world", operator: Exists}, {key: "cidr:a", operator: Exists}]}', 'red/web > red/db'), 'lock p')
})

test('reserved labels select whom they name, and are not kept to a namespace', async () => {
  const reach = (selector: string): Promise<string[]> => to(`{toEndpoints: [${selector}]}`)
  assert.equal(await reach('{matchLabels: {"reserved:host": ""}}'), ['node:here'])
  assert.equal(await reach('{matchLabels: {"reserved:world": ""}}'), outside)
  assert.equal(await reach('{matchExpressions: [{key: "reserved:kube-apiserver", operator: Exists}]}'), ['apiserver'])
  assert.equal(await reach('{matchExpressions: [{key: "reserved:world", operator: DoesNotExist}]}'), [...pods.slice(1), 'node:here', 'node:there', 'apiserver'])
  assert.equal(await reach('{matchLabels: {"any:host": ""}}'), [], 'only with the source in front')
})

test.run()
