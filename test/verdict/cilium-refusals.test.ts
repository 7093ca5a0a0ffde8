import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cilium } from '../../src/verdict/implementations/cilium.ts'
import { ccnp, cnp, group, kcnp, knp, refusals, resources, world } from '../helpers/cilium-verdicts.ts'

const spec = (rest: string): string => cnp(`{endpointSelector: {}, ${rest}}`)

test('policies of four kinds are enforced, and groups that they refer to', async () => {
  const good = [cnp('{}'), ccnp('{}'), knp('{}'), kcnp('{}'), group('g', '{}', '[]'), group('g', '{}', '[]').replace('cilium.io/v2', 'cilium.io/v2alpha1')]
  for (const policy of good) assert.is((await resources(policy)).length, 1, policy)
  const others = [
    cnp('{}').replace('cilium.io/v2', 'cilium.io/v3'),
    ccnp('{}').replace('cilium.io/v2', 'cilium.io/v2alpha1'),
    knp('{}').replace('networking.k8s.io/v1', 'crd.projectcalico.org/v1'),
    kcnp('{}').replace('v1alpha2', 'v1alpha1'),
    group('g', '{}', '[]').replace('cilium.io/v2', 'example.com/v2'),
    'apiVersion: v1\nkind: ConfigMap\n',
    'apiVersion: v1\nkind: toString\n',
  ]
  for (const policy of others) assert.equal(await resources(policy), [], policy)
  assert.match(cilium.describe, /^Cilium 1\.20: /)
})

test('what is refused takes no part, and the rest does', async () => {
  const { compile, refused } = cilium.read(await resources(cnp('{}') + knp('{podSelector: {}}') + cnp('{endpointSelector: {}, egress: [{}]}', 'good')), 'red')
  assert.equal(
    refused.map(({ policy }) => policy.name),
    ['p'],
  )
  assert.equal(
    compile(world)
      .stages.at(-1)
      ?.policies.map(({ policy }) => policy.name),
    ['k', 'good'],
  )
})

const good: readonly [string, string][] = [
  ['a rule that is empty', spec('ingress: [{}]')],
  [
    'every key of a spec',
    spec(
      'ingress: [{}], ingressDeny: [{}], egress: [{}], egressDeny: [{}], description: d, labels: [{key: k, value: v, source: s}, {key: k}], log: {value: "seen ✓"}, enableDefaultDeny: {ingress: true, egress: false}',
    ),
  ],
  ['specs alone', cnp('').replace('spec: ', 'specs: [{endpointSelector: {}, ingress: [{}]}]')],
  ['an empty list of specs', cnp('').replace('spec: ', 'specs: []')],
  [
    'a node selector for the cluster',
    ccnp('{nodeSelector: {}, ingress: [{}], egress: [{toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]}]}'),
  ],
  ['lists that are empty beside one that is not', spec('ingress: [], egress: [{}]')],
  [
    'peers that deny',
    spec(
      'ingressDeny: [{fromEndpoints: [{}]}, {fromEntities: [all]}, {fromCIDR: [10.0.0.0/8]}, {fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}, {fromNodes: [{}]}, {fromGroups: [{aws: {}}]}, {icmps: [{fields: [{type: 8}]}]}, {toPorts: [{ports: [{port: "80", endPort: 90, protocol: TCP}]}]}]',
    ),
  ],
  ['a group without blocks', group('g', '{}', '[]')],
]

for (const [what, policy] of good) test(`Cilium takes ${what}`, async () => assert.equal(await refusals(policy), []))

const bad: readonly [string, string, readonly string[]][] = [
  ['no spec', cnp('').replace('spec: ', ''), ['spec is missing, and specs as well']],
  ['a spec that is no mapping', cnp('[]'), ['spec must be a mapping, not a list']],
  ['specs that are no list', cnp('').replace('spec: ', 'specs: {}'), ['specs must be a list']],
  ['no selector', cnp('{ingress: [{}]}'), ['spec needs one of endpointSelector, nodeSelector']],
  ['two selectors', ccnp('{endpointSelector: {}, nodeSelector: {}, ingress: [{}]}'), ['spec can have only one of endpointSelector, nodeSelector']],
  ['no rules', cnp('{endpointSelector: {}}'), ['spec needs a rule in ingress, ingressDeny, egress, egressDeny']],
  ['lists that are all empty', spec('ingress: [], egressDeny: []'), ['spec needs a rule in ingress, ingressDeny, egress, egressDeny']],
  ['an unknown key', spec('ingress: [{}], ingres: []'), ['spec.ingres is no known key']],
  [
    'an unknown key of a second spec',
    cnp('{endpointSelector: {}, ingress: [{}]}') + 'specs: [{endpointSelector: {}, ingress: [{}], a: 1}]\n',
    ['specs[0].a is no known key'],
  ],
  ['a node selector in a namespace', cnp('{nodeSelector: {}, ingress: [{}]}'), ['spec.nodeSelector is for a CiliumClusterwideNetworkPolicy only']],
  [
    'a wrong key in a selector',
    cnp('{endpointSelector: {matchLabels: {"a b": c}}, ingress: [{}]}'),
    ['spec.endpointSelector.matchLabels.a b has "a b" for a key, which is no label key'],
  ],
  [
    'a wrong key in a selector of nodes',
    ccnp('{nodeSelector: {matchExpressions: [{key: a, operator: In}]}, ingress: [{}]}'),
    ['spec.nodeSelector.matchExpressions[0] needs values for the operator In'],
  ],
  ['a default that is no boolean', spec('ingress: [{}], enableDefaultDeny: {ingress: "no"}'), ['spec.enableDefaultDeny.ingress must be true or false']],
  ['a default that is a list', spec('ingress: [{}], enableDefaultDeny: []'), ['spec.enableDefaultDeny must be a mapping']],
  ['a label that is a text', spec('ingress: [{}], labels: [x]'), ['spec.labels[0] must be a mapping']],
  ['a log that is a list', spec('ingress: [{}], log: []'), ['spec.log must be a mapping']],
  ['a log value that is a number', spec('ingress: [{}], log: {value: 1}'), ['spec.log.value must be a string']],
  ['ports to deny that are no list', spec('ingressDeny: [{toPorts: {}}]'), ['spec.ingressDeny[0].toPorts must be a list']],
  ['ports to deny that are texts', spec('ingressDeny: [{toPorts: [x]}]'), ['spec.ingressDeny[0].toPorts[0] must be a mapping']],
  [
    'a port to deny that is a number',
    spec('ingressDeny: [{toPorts: [{ports: [{port: 1}]}]}]'),
    ['spec.ingressDeny[0].toPorts[0].ports[0].port must be a string'],
  ],
  ['a default for another direction', spec('ingress: [{}], enableDefaultDeny: {both: true}'), ['spec.enableDefaultDeny.both is no known key']],
  ['a description that is no text', spec('ingress: [{}], description: 1'), ['spec.description must be a string']],
  ['a label without a key', spec('ingress: [{}], labels: [{value: a}]'), ['spec.labels[0] needs key']],
  ['labels that are no list', spec('ingress: [{}], labels: {a: b}'), ['spec.labels must be a list']],
  ['a long log value', spec(`ingress: [{}], log: {value: ${'a'.repeat(33)}}`), ['spec.log.value has 33 characters; it can have 32']],
  ['a log value that cannot be printed', spec('ingress: [{}], log: {value: "a\\tb"}'), ['spec.log.value has characters that cannot be printed']],
  ['a rule that is no mapping', spec('ingress: [1]'), ['spec.ingress[0] must be a mapping']],
  ['a wrong rule', spec('ingress: [{fromEntities: [world-ipv4]}]'), ['spec.ingress[0].fromEntities[0] is "world-ipv4"']],
  ['two sorts of peers', spec('egressDeny: [{toEntities: [all], toCIDR: [10.0.0.0/8]}]'), ['spec.egressDeny[0].toEntities stands beside toCIDR']],
  ['a rule that denies by names', spec('egressDeny: [{toFQDNs: [{matchName: a.b}]}]'), ['spec.egressDeny[0].toFQDNs is no known key']],
  [
    'a rule that denies with HTTP rules',
    spec('ingressDeny: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}]'),
    ['spec.ingressDeny[0].toPorts[0].rules is no known key'],
  ],
  ['a rule that denies with authentication', spec('egressDeny: [{authentication: {mode: required}}]'), ['spec.egressDeny[0].authentication is no known key']],
  [
    'ports of a rule that denies that are none',
    spec('ingressDeny: [{toPorts: [{ports: [{port: "99999"}]}]}]'),
    ['spec.ingressDeny[0].toPorts[0].ports[0].port is "99999"'],
  ],
  [
    'HTTP rules for nodes',
    ccnp(
      '{nodeSelector: {}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}], egress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}]}',
    ),
    ['spec.ingress[0].toPorts[0].rules.http is not for nodes on ingress', 'spec.egress[0].toPorts[0].rules.http is not for nodes on egress'],
  ],
  [
    'DNS rules into nodes',
    ccnp('{nodeSelector: {}, ingress: [{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}]}'),
    ['spec.ingress[0].toPorts[0].rules.dns is for egress'],
  ],
  ['a rule of a NetworkPolicy', knp('{podSelector: {}, ingress: [{from: [{}]}]}'), ['spec.ingress[0].from[0] must have']],
  [
    'a rule of a ClusterNetworkPolicy',
    kcnp('{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Drop, from: [{namespaces: {}}]}]}'),
    ['spec.ingress[0].action is "Drop"'],
  ],
  ['a group without a spec', group('g', '{}', '[]').replace(/^spec: .*\n/m, ''), ['spec is missing']],
  ['a group without its list', group('g', '{}', '[]').replace('externalCIDRs: []', ''), ['spec needs externalCIDRs']],
  ['a group with another key', group('g', '{}', '[], cidrs: []'), ['spec.cidrs is no known key']],
  ['a block that is none', group('g', '{}', '[10.0.0.0/8, 10.0.0.0/33]'), ['spec.externalCIDRs[1] is "10.0.0.0/33", which is no CIDR']],
  ['a group whose spec is a list', group('g', '{}', '[]').replace('{externalCIDRs: []}', '[]'), ['spec must be a mapping, not a list']],
  ['a group whose blocks are no list', group('g', '{}', '{}'), ['spec.externalCIDRs must be a list, not a mapping']],
  ['a block that is no text', group('g', '{}', '[1]'), ['spec.externalCIDRs[0] must be a string']],
]

for (const [what, policy, problems] of bad)
  test(`Cilium refuses ${what}`, async () => {
    const told = await refusals(policy)
    assert.is(told.length, problems.length, told.join('\n'))
    problems.forEach((problem, index) => assert.ok(told[index]?.includes(problem), told[index]))
  })

test.run()
