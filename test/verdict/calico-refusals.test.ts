import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { calico } from '../../src/verdict/implementations/calico.ts'
import { cnp, compiled, decide, gnp, ingress, knp, np, refusals, remarks, resourcesOf, tier } from '../helpers/calico-verdicts.ts'

/** What is said of one policy, without its name. */
async function said(policy: string): Promise<string> {
  return (await refusals(policy)).map(text => text.replace(/^\S*: /, '')).join('; ')
}

test('a policy that is refused takes no part', async () => {
  assert.is(await ingress(np('{types: [ingress], ingress: [{action: Deny}]}'), 'green/web > red/web:80'), 'nothing')
  assert.is(await ingress(knp('{podSelector: {}, policyTypes: [ingress]}'), 'green/web > red/web:80'), 'nothing')
  assert.is(
    await ingress(cnp('{tier: Admin, priority: -1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}'), 'green/web > red/web:80'),
    'nothing',
  )
})

test('every kind that is refused is told, with its place', async () => {
  const { refused } = await compiled(
    tier('A', '{}') +
      np('{order: "1"}') +
      gnp('{order: "1"}') +
      knp('{order: 1}') +
      cnp('{}').replace('spec', 'spoc') +
      np('{nets: [1]}').replace('kind: NetworkPolicy', 'kind: NetworkSet'),
  )
  assert.equal(
    [...new Set(refused.map(({ policy }) => `${policy.kind} ${policy.name}`))],
    ['Tier A', 'NetworkSet p', 'NetworkPolicy p', 'GlobalNetworkPolicy g', 'NetworkPolicy k', 'ClusterNetworkPolicy c'],
  )
  assert.equal(
    refused.filter(({ policy }) => policy.name === 'g').map(({ place }) => [place.path, place.line, place.column]),
    [['spec.order', 15, 8 + 'order: '.length]],
  )
})

const specs: readonly (readonly [string, string, string])[] = [
  ['a key that is not there', '{doNotTrack: true}', 'spec.doNotTrack is no known key'],
  ['a spec that is none', '[]', 'spec must be a mapping, not a list'],
  ['an order in quotes', '{order: "1"}', 'spec.order must be a number, not "1"'],
  ['an order that JSON has not', '{order: .inf}', 'spec.order must be a number, not ".inf"'],
  [
    'words of another type',
    '{tier: 1, selector: [], types: Ingress, performanceHints: {}}',
    'spec.tier must be a string (quote it), not the number 1; spec.selector must be a string (quote it), not a list; spec.types must be a list, not "Ingress"; spec.performanceHints must be a list, not a mapping',
  ],
  [
    'lists of another type',
    '{types: [1], performanceHints: [1]}',
    'spec.types[0] must be a string (quote it), not the number 1; spec.performanceHints[0] must be a string (quote it), not the number 1',
  ],
  ['types in small letters', '{types: [ingress]}', 'spec.types[0] is "ingress"; it can be Ingress, Egress. Did you mean Ingress?'],
  ['a type twice', '{types: [Ingress, Ingress]}', 'spec.types[1] is "Ingress" a second time'],
  ['three types', '{types: [Ingress, Egress, Ingress]}', 'spec.types has 3 entries; it can have 2; spec.types[2] is "Ingress" a second time'],
  ['a hint that is none', '{performanceHints: [Faster]}', 'spec.performanceHints[0] is "Faster"; it can be AssumeNeededOnEveryNode'],
  [
    'a hint twice',
    '{performanceHints: [AssumeNeededOnEveryNode, AssumeNeededOnEveryNode]}',
    'spec.performanceHints[1] is "AssumeNeededOnEveryNode" a second time',
  ],
  ['a selector that does not parse', '{selector: app = x}', 'spec.selector does not parse as a Calico selector: it has a single ='],
  [
    'a serviceAccountSelector that does not parse',
    '{serviceAccountSelector: "(all()"}',
    'spec.serviceAccountSelector does not parse as a Calico selector: a ) is missing before the end',
  ],
  ['a selector that is too long', `{selector: "app == '${'a'.repeat(1020)}'"}`, 'spec.selector has 1029 characters; it can have 1024'],
  ['global() in a selector', '{selector: global()}', 'spec.selector says global(), which only the namespaceSelector of a rule can'],
  [
    'global() in a serviceAccountSelector',
    '{serviceAccountSelector: "all() && global()"}',
    'spec.serviceAccountSelector says global(), which only the namespaceSelector of a rule can',
  ],
  ['a blank selector', '{selector: " \\t "}', 'spec.selector is blank'],
  ['rules that are no list', '{ingress: {}}', 'spec.ingress must be a list, not a mapping'],
  ['a rule that is none', '{egress: [1]}', 'spec.egress[0] must be a mapping, not the number 1'],
  ['more rules than the API takes', `{ingress: [${Array(1025).fill('{action: Log}').join(', ')}]}`, 'spec.ingress has 1025 entries; it can have 1024'],
  ['a rule without an action', '{ingress: [{}]}', 'spec.ingress[0] needs action'],
  ['what the rules of Calico do not take', '{egress: [{action: Allow, http: {}}]}', 'spec.egress[0].http is for ingress rules only'],
  ['a blank selector of a rule', '{ingress: [{action: Allow, source: {selector: " "}}]}', 'spec.ingress[0].source.selector is blank'],
  ['a blank notSelector of a rule', '{ingress: [{action: Allow, source: {notSelector: " "}}]}', 'spec.ingress[0].source.notSelector is blank'],
]

for (const [what, spec, expected] of specs) test(`Calico refuses ${what}`, async () => assert.is(await said(np(spec)), expected))

const taken: readonly (readonly [string, string])[] = [
  [
    'null for keys',
    '{tier: null, order: null, selector: null, serviceAccountSelector: null, types: null, performanceHints: null, ingress: null, egress: null}',
  ],
  ['as many rules as the API takes', `{ingress: [${Array(1024).fill('{action: Log}').join(', ')}]}`],
  ['an empty tier', '{tier: ""}'],
  ['a selector with space around it', '{selector: " has(app)\\t"}'],
  ['a blank serviceAccountSelector', '{serviceAccountSelector: " "}'],
  ['no types', '{types: []}'],
]

for (const [what, spec] of taken) test(`Calico takes ${what}`, async () => assert.is(await said(np(spec)), ''))

test('Calico takes a policy without a spec', async () => {
  assert.is(await said(np('').replace('spec: ', '')), '')
})

const globals: readonly (readonly [string, string, string])[] = [
  [
    'a namespaceSelector that does not parse',
    '{namespaceSelector: "x"}',
    'spec.namespaceSelector does not parse as a Calico selector: an operator is missing before the end',
  ],
  ['global() in a namespaceSelector', '{namespaceSelector: global()}', 'spec.namespaceSelector says global(), which only the namespaceSelector of a rule can'],
  ['a blank selector beside a namespaceSelector', '{selector: " ", namespaceSelector: all()}', 'spec.selector is blank'],
  ['a blank selector beside a serviceAccountSelector', '{selector: "\\t", serviceAccountSelector: all()}', 'spec.selector is blank'],
  [
    'flags that are none',
    '{doNotTrack: "true", preDNAT: 1, applyOnForward: maybe}',
    'spec.doNotTrack must be true or false, not "true"; spec.preDNAT must be true or false, not the number 1; spec.applyOnForward must be true or false, not "maybe"',
  ],
  ['doNotTrack without applyOnForward', '{doNotTrack: true}', 'spec.applyOnForward must be true with doNotTrack or preDNAT'],
  ['preDNAT without applyOnForward', '{preDNAT: true, applyOnForward: false}', 'spec.applyOnForward must be true with doNotTrack or preDNAT'],
  ['preDNAT beside doNotTrack', '{doNotTrack: true, preDNAT: true, applyOnForward: true}', 'spec.preDNAT stands beside doNotTrack'],
  ['preDNAT with rules of egress', '{preDNAT: true, applyOnForward: true, egress: [{action: Deny}]}', 'spec.egress has rules, which preDNAT cannot'],
  ['preDNAT for egress', '{preDNAT: true, applyOnForward: true, types: [Ingress, Egress]}', 'spec.types names Egress, which preDNAT cannot'],
  [
    'a Service without a namespace as a destination',
    '{egress: [{action: Allow, destination: {services: {name: a}}}]}',
    'spec.egress[0].destination.services needs a namespace in a GlobalNetworkPolicy',
  ],
  [
    'a Service without a namespace as a source',
    '{ingress: [{action: Allow, source: {services: {name: a, namespace: ""}}}]}',
    'spec.ingress[0].source.services needs a namespace in a GlobalNetworkPolicy',
  ],
]

for (const [what, spec, expected] of globals) test(`Calico refuses ${what} of a GlobalNetworkPolicy`, async () => assert.is(await said(gnp(spec)), expected))

test('Calico takes all that is for hosts, and a blank selector alone', async () => {
  for (const spec of [
    '{selector: " "}',
    '{preDNAT: true, applyOnForward: true, egress: [], types: [Ingress]}',
    '{doNotTrack: true, applyOnForward: true, egress: [{action: Deny}], types: [Egress]}',
    '{preDNAT: null, doNotTrack: null, applyOnForward: null, namespaceSelector: null}',
    '{egress: [{action: Allow, destination: {services: {name: a, namespace: b}}}]}',
  ])
    assert.is(await said(gnp(spec)), '', spec)
})

test('a NetworkPolicy has no namespaceSelector and is not for hosts', async () => {
  for (const key of ['namespaceSelector: all()', 'preDNAT: false', 'applyOnForward: true']) assert.match(await said(np(`{${key}}`)), /is no known key$/)
})

test('names of policies have one dot at most, but for those that Calico makes of others', async () => {
  const name = async (policy: (spec: string, name: string) => string, name: string): Promise<boolean> => (await said(policy('{}', name))) === ''
  const form = 'policies have names of small letters, digits and -, with one dot at most'
  for (const good of ['a', 'a-1', 'a.b', 'a'.repeat(253)]) assert.equal([await name(np, good), await name(gnp, good)], [true, true], good)
  for (const bad of ['a.b.c', 'A', 'a_b', '-a', 'a-', '.a', 'a.', '""', 'a'.repeat(254)])
    assert.equal([await name(np, bad), await name(gnp, bad)], [false, false], bad)
  for (const made of ['knp.default.a.b.c', 'ossg.default.a']) assert.equal([await name(np, made), await name(gnp, made)], [true, false], made)
  assert.is(await name(np, 'xnp.default.a'), false)
  assert.is(await said(np('{}', 'a.b.c')), `metadata.name is "a.b.c"; ${form}`)
  assert.is(await said(gnp('{}', 'a'.repeat(254))), 'metadata.name has 254 characters; it can have 253')
})

test('labels and annotations of policies are those of Kubernetes', async () => {
  const metadata = async (text: string): Promise<string> => said(np('{}').replace('name: p', `name: p, ${text}`))
  assert.is(await metadata('labels: {a b: c}'), 'metadata.labels.a b has "a b" for a key, which is no label key')
  assert.is(await metadata('labels: {a: "b c"}'), 'metadata.labels.a is "b c", which is no label value')
  assert.is(await metadata('annotations: {a b: c}'), 'metadata.annotations.a b has "a b" for a key, which is no annotation key')
  assert.is(await metadata('labels: {a: b, example.com/c: ""}, annotations: {Example.com/D: "e f"}'), '')
})

test('tiers are refused where Calico does not take them, and policies of theirs with them', async () => {
  const form = 'tiers have names of at most 63 small letters, digits and -'
  assert.equal(await refusals(tier('A', '{}') + gnp('{tier: A}')), [`A: metadata.name is "A"; ${form}`, 'g: spec.tier is A, a tier that Calico refuses'])
  assert.equal(await refusals(tier('a.b', '{}')), [`a.b: metadata.name is "a.b"; ${form}`])
  assert.equal(await refusals(tier('a'.repeat(63), '{order: 1}') + tier('b', 'null') + tier('c', '{defaultAction: null}')), [])
  assert.is((await refusals(tier('a'.repeat(64), '{}'))).length, 1)
  assert.is(await said(tier('a', '{order: "1"}')), 'spec.order must be a number, not "1"')
  assert.is(await said(tier('a', '[]')), 'spec must be a mapping, not a list')
  assert.is(await said(tier('a', '{defaultAction: 1}')), 'spec.defaultAction must be a string (quote it), not the number 1')
  assert.is(await said(tier('a', '{defaultAction: Allow}')), 'spec.defaultAction is "Allow"; it can be Deny, Pass')
  assert.is(await said(tier('a', '{orders: 1}')), 'spec.orders is no known key; did you mean order?')
})

test("Calico's own tiers cannot be changed", async () => {
  assert.is(await said(tier('default', '{}')), '')
  assert.is(await said(tier('default', '{order: 1000000, defaultAction: Deny}')), '')
  assert.is(await said(tier('default', '{order: 5}')), 'spec.order must be 1000000, as Calico has this tier')
  assert.is(await said(tier('default', '{defaultAction: Pass}')), 'spec.defaultAction must be Deny, as Calico has this tier')
  assert.is(await said(tier('kube-admin', '{order: 1000, defaultAction: Pass}')), '')
  assert.is(await said(tier('kube-admin', '{}')), 'spec.order must be 1000, as Calico has this tier; spec.defaultAction must be Pass, as Calico has this tier')
  assert.is(await said(tier('kube-baseline', '{order: 10000000, defaultAction: Pass}')), '')
  assert.is(await said(tier('kube-baseline', '{order: 1, defaultAction: Pass}')), 'spec.order must be 10000000, as Calico has this tier')
})

test('Calico enforces kinds of its own, as users write them and as the cluster keeps them, and two of Kubernetes', async () => {
  const enforces = async (apiVersion: string, kind: string): Promise<boolean> =>
    (await resourcesOf(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}}`)).every(calico.enforces)
  const kinds = [
    'NetworkPolicy',
    'GlobalNetworkPolicy',
    'Tier',
    'NetworkSet',
    'GlobalNetworkSet',
    'StagedNetworkPolicy',
    'StagedGlobalNetworkPolicy',
    'StagedKubernetesNetworkPolicy',
  ]
  for (const kind of kinds) assert.equal([await enforces('projectcalico.org/v3', kind), await enforces('crd.projectcalico.org/v1', kind)], [true, true], kind)
  assert.ok(await enforces('networking.k8s.io/v1', 'NetworkPolicy'))
  assert.ok(await enforces('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'))
  assert.match(calico.describe, /^Calico 3\.34: /)
  for (const [apiVersion, kind] of [
    ['projectcalico.org/v3', 'HostEndpoint'],
    ['projectcalico.org/v3', 'toString'],
    ['projectcalico.org/v1', 'NetworkPolicy'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['networking.k8s.io/v1beta1', 'NetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha2', 'AdminNetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha1', 'ClusterNetworkPolicy'],
    ['cilium.io/v2', 'CiliumNetworkPolicy'],
  ] as const)
    assert.not(await enforces(apiVersion, kind), `${apiVersion} ${kind}`)
})

/** A policy as the cluster keeps it. */
function stored(spec: string, name: string, metadata = ''): string {
  const annotations = metadata === '' ? '' : `, annotations: {projectcalico.org/metadata: '${metadata}'}`
  return `---\napiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: red${annotations}}\nspec: ${spec}\n`
}

test('what the cluster keeps is read as what it was written as', async () => {
  const flow = 'green/web > red/web:80'
  const deny = '{order: 1, types: [Ingress], ingress: [{action: Deny}]}'
  const allow = np('{order: 1, ingress: [{action: Allow}]}', 'c')
  // `default.a` is before `c`, and `default.z` is not where its own name is `z`.
  assert.is(await ingress(stored(deny, 'default.z') + allow, flow), 'allow c spec.ingress[0]')
  assert.is(await ingress(stored(deny, 'default.z', '{}') + allow, flow), 'allow c spec.ingress[0]')
  assert.is(await ingress(stored(deny, 'default.a', '{}') + allow, flow), 'deny default.a spec.ingress[0]')
  assert.is(await ingress(stored(deny, 'b-default.z', '{}') + allow.replace('name: c', 'name: b-m'), flow), 'deny b-default.z spec.ingress[0]')
  assert.is(await ingress(stored(deny, 'z', '{"name": "a"}') + allow, flow), 'deny z spec.ingress[0]')
  assert.is(
    await ingress(stored(deny.replace('{', '{tier: kube-admin, '), 'default.a', '{}') + allow.replace('{order', '{tier: kube-admin, order'), flow),
    'allow c spec.ingress[0]',
  )
})

test('types that the API server did not fill in are both', async () => {
  const policies = await compiled(stored('{ingress: []}', 'x'))
  assert.equal(decide(policies, 'red/web > red/db:80'), { egress: 'lock x', ingress: 'lock x' })
  assert.equal(decide(await compiled(stored('{types: [Ingress]}', 'x')), 'red/web > red/db:80'), { egress: 'nothing', ingress: 'lock x' })
})

test('policies without anything to tell have no remarks', async () => {
  assert.equal(await remarks(np('{ingress: [{action: Allow, source: {selector: all()}}]}') + gnp('{}') + knp('{podSelector: {}}') + tier('a', '{}')), [])
})

test.run()
