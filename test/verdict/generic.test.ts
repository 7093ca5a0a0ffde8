import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { generic } from '../../src/verdict/implementations/generic.ts'
import { cnp, decide as decideBy, everyone, kcnp, knp, pods, refusals as refusalsBy, resources, world } from '../helpers/cilium-verdicts.ts'
import type { Told } from '../helpers/cilium-verdicts.ts'
import { placeOf } from '../../src/yaml/tree.ts'
import type { World } from '../../src/verdict/world.ts'

/** What the APIs say of themselves, whatever implements them. */

const decide = (policies: string, flow: string, among?: World): Promise<Told> => decideBy(policies, flow, among, generic)
const ingress = async (policies: string, flow: string, among?: World): Promise<string> => (await decide(policies, flow, among)).ingress
const egress = async (policies: string, flow: string, among?: World): Promise<string> => (await decide(policies, flow, among)).egress
const refusals = (policies: string): Promise<string[]> => refusalsBy(policies, generic)

/** Of all ends, those whose flows to or from `red/web` a policy decides by a rule. */
async function ruled(policies: string, direction: 'ingress' | 'egress', port = '80'): Promise<string[]> {
  const found: string[] = []
  for (const end of everyone.slice(1)) {
    const told = await decide(policies, direction === 'ingress' ? `${end} > red/web ${port}` : `red/web > ${end} ${port}`)
    if (told[direction].includes('spec.')) found.push(end)
  }
  return found
}

test('NetworkPolicies and ClusterNetworkPolicies are enforced, of the versions that are read', async () => {
  const good = [knp('{}'), kcnp('{}')]
  for (const policy of good) assert.is((await resources(policy, generic)).length, 1, policy)
  const others = [
    cnp('{}'),
    knp('{}').replace('networking.k8s.io/v1', 'networking.k8s.io/v1beta1'),
    kcnp('{}').replace('v1alpha2', 'v1alpha1'),
    knp('{}').replace('kind: NetworkPolicy', 'kind: Ingress'),
    kcnp('{}').replace('kind: ClusterNetworkPolicy', 'kind: AdminNetworkPolicy'),
  ]
  for (const policy of others) assert.is((await resources(policy, generic)).length, 0, policy)
  assert.is(generic.describe, 'what the API says: NetworkPolicy and ClusterNetworkPolicy')
})

test('a NetworkPolicy is for the pods of its namespace that it selects, that of the release where it names none', async () => {
  const policy = knp('{podSelector: {matchLabels: {app: web}}, ingress: [{}]}')
  assert.is(await ingress(policy, 'green/web > red/web'), 'allow k spec.ingress[0]')
  assert.is(await ingress(policy, 'red/web > red/db'), 'nothing')
  assert.is(await ingress(policy, 'red/web > green/web'), 'nothing')
  assert.is(await ingress(policy.replace(', namespace: red', ''), 'green/web > red/web'), 'allow k spec.ingress[0]')
  assert.is(await ingress(policy.replace(', namespace: red', ''), 'red/db > green/web'), 'nothing')
})

test('a rule that decides stands where it was written', async () => {
  const policy = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: k}\nspec:\n  podSelector: {}\n  ingress:\n    - {}\n'
  const { stages } = generic.read(await resources(policy, generic), 'red').compile(world)
  const rules = stages.flatMap(({ policies }) => policies.flatMap(({ ingress }) => ingress?.rules ?? []))
  assert.equal(
    rules.map(({ tree, path }) => placeOf(tree, path)),
    [{ source: 'policies.yaml', line: 8, column: 7, path: 'spec.ingress[0]' }],
  )
})

test('a NetworkPolicy locks the directions of its types, egress by default only with rules', async () => {
  const both = (spec: string): Promise<Told> => decide(knp(`{podSelector: {}, ${spec}}`), 'red/db > red/web 80')
  assert.equal(await both(''), { ingress: 'lock k', egress: 'nothing' })
  assert.equal(await both('policyTypes: []'), { ingress: 'lock k', egress: 'nothing' })
  assert.equal(await both('policyTypes: [Egress]'), { ingress: 'nothing', egress: 'lock k' })
  assert.equal(await both('policyTypes: [Ingress, Egress]'), { ingress: 'lock k', egress: 'lock k' })
  assert.equal(await both('egress: [{}]'), { ingress: 'lock k', egress: 'allow k spec.egress[0]' })
  // Rules of a direction that it is not for do not count.
  assert.equal(await both('policyTypes: [Egress], ingress: [{}], egress: []'), { ingress: 'nothing', egress: 'lock k' })
  assert.equal(await both('policyTypes: [Ingress], egress: [{}]'), { ingress: 'lock k', egress: 'nothing' })
  assert.is((await decideBy(knp('{podSelector: {}, egress: [{}]}'), 'red/web > green/web', undefined, generic)).egress, 'allow k spec.egress[0]')
})

test('peers of a NetworkPolicy are pods of its namespace or of those selected, or blocks, which hold pods and nodes as well', async () => {
  const callers = (peers: string): Promise<string[]> => ruled(knp(`{podSelector: {}, ingress: [{from: ${peers}}]}`), 'ingress')
  const others = everyone.slice(1).filter(end => end !== 'node:here')
  assert.equal(await callers('[]'), others)
  assert.equal(await callers('[{podSelector: {}}]'), ['red/db'])
  assert.equal(await callers('[{podSelector: {matchLabels: {app: web}}}]'), [])
  assert.equal(await callers('[{namespaceSelector: {}}]'), pods.slice(1))
  assert.equal(await callers('[{namespaceSelector: {matchLabels: {env: dev}}}]'), ['green/web', 'green/dns'])
  assert.equal(await callers('[{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]'), ['green/web'])
  // A namespace that the world does not have is one without labels.
  assert.equal(await callers('[{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}]'), ['blue/bare'])
  assert.equal(await callers('[{ipBlock: {cidr: 10.1.0.0/24, except: [10.1.0.4/30]}}]'), ['red/db', 'green/web'])
  assert.equal(await callers('[{ipBlock: {cidr: 192.168.1.0/24}}, {ipBlock: {cidr: 172.20.0.1/32}}]'), ['node:there', 'apiserver'])
  assert.equal(await callers('[{ipBlock: {cidr: "::/0"}}]'), [])
  assert.equal(await ruled(knp('{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}'), 'egress'), ['red/db'])
})

test('one address in a block is enough, and none that cannot be read is', async () => {
  const block = knp('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: fd00::/8}}]}]}')
  const among = { ...world, apiserver: { kind: 'apiserver', addresses: ['172.20.0.1', 'fd00::9'], port: 6443 } } as const
  assert.is(await ingress(block, 'apiserver > red/web', among), 'allow k spec.ingress[0]')
  assert.is(await ingress(block, 'nowhere > red/web', among), 'lock k')
})

test('ports of a NetworkPolicy are numbers, ranges and names of the pod that is called', async () => {
  const open = async (ports: string): Promise<string[]> => {
    const policy = knp(`{podSelector: {}, ingress: [{ports: ${ports}}], egress: [{ports: ${ports}}]}`)
    const flows = ['red/web 80', 'red/web 8080', 'red/web 8080/UDP', 'red/web 8081', 'red/web 9090']
    const found: string[] = []
    for (const flow of flows) if ((await ingress(policy, `red/db > ${flow}`)).startsWith('allow')) found.push(flow.slice(8))
    return found
  }
  assert.equal(await open('[]'), ['80', '8080', '8080/UDP', '8081', '9090'])
  assert.equal(await open('[{port: 8080}]'), ['8080'])
  assert.equal(await open('[{protocol: UDP}]'), ['8080/UDP'])
  assert.equal(await open('[{port: 8080, endPort: 8081}]'), ['8080', '8081'])
  assert.equal(await open('[{port: http}, {port: 80}]'), ['80', '8080'])
  assert.equal(await open('[{port: http, protocol: UDP}]'), [])
  // The name is one of the other end on egress; ends that are no pods have none.
  const policy = knp('{podSelector: {}, egress: [{ports: [{port: http}]}]}')
  assert.is(await egress(policy, 'red/web > red/db 80'), 'allow k spec.egress[0]')
  assert.is(await egress(policy, 'red/web > red/db 8080'), 'lock k')
  assert.is(await egress(policy, 'red/web > apiserver 6443'), 'lock k')
})

test('a pod reaches itself, and its node reaches it', async () => {
  const locked = knp('{podSelector: {}, policyTypes: [Ingress, Egress]}')
  assert.equal(await decide(locked, 'red/web > red/web 80'), { ingress: 'engine: a pod always reaches itself', egress: 'engine: a pod always reaches itself' })
  assert.is(await ingress(locked, 'node:here > red/web'), 'engine: a node always reaches its own pods')
  assert.is(await ingress(locked, 'node:there > red/web'), 'lock k')
  assert.is(await egress(locked, 'red/web > node:here'), 'lock k')
  assert.is(await egress(locked, 'red/web > red/db'), 'lock k')
})

const cluster = (tier: string, rules: string, name: string, priority = 1): string =>
  kcnp(`{tier: ${tier}, priority: ${priority}, subject: {namespaces: {}}, ${rules}}`, name)
const to = (action: string): string => `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`

test('ClusterNetworkPolicies of the tier Admin are asked before NetworkPolicies, those of Baseline after them', async () => {
  const flow = 'green/web > red/web'
  const [allowing, locking] = [knp('{podSelector: {}, ingress: [{}]}'), knp('{podSelector: {}}')]
  assert.is(await ingress(locking + cluster('Admin', to('Accept'), 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(allowing + cluster('Admin', to('Deny'), 'a'), flow), 'deny a spec.ingress[0]')
  assert.is(await ingress(allowing + cluster('Admin', to('Pass'), 'a'), flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(allowing + cluster('Baseline', to('Deny'), 'b'), flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(locking + cluster('Baseline', to('Accept'), 'b'), flow), 'lock k')
  assert.is(await ingress(cluster('Baseline', to('Deny'), 'b') + cluster('Admin', to('Accept'), 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(cluster('Baseline', to('Deny'), 'b') + cluster('Admin', to('Pass'), 'a'), flow), 'deny b spec.ingress[0]')
  assert.is(await ingress(cluster('Baseline', to('Pass'), 'b'), flow), 'nothing')
  assert.is(await ingress(cluster('Admin', to('Deny'), 'a'), '198.51.100.7 > red/web'), 'nothing', 'what no rule matches is locked by nobody')
})

test('in a tier they go by priority, and their rules one after the other', async () => {
  const flow = 'green/web > red/web'
  for (const tier of ['Admin', 'Baseline']) {
    const by = (...those: (readonly [string, string, number])[]): string =>
      those.map(([name, action, priority]) => cluster(tier, to(action), name, priority)).join('')
    assert.is(await ingress(by(['a', 'Deny', 2], ['b', 'Accept', 1]), flow), 'allow b spec.ingress[0]')
    assert.is(await ingress(by(['a', 'Deny', 1], ['b', 'Accept', 2]), flow), 'deny a spec.ingress[0]')
    const doubt = ', in doubt: b spec.ingress[0]: ClusterNetworkPolicy b and ClusterNetworkPolicy a have the same priority'
    assert.is(await ingress(by(['b', 'Deny', 1], ['a', 'Accept', 1]), flow), `allow a spec.ingress[0]${doubt}`)
    assert.is(await ingress(by(['a', 'Deny', 1], ['b', 'Accept', 1]), flow), `deny a spec.ingress[0]${doubt}`)
    const only = cluster(tier, 'ingress: [{action: Accept, from: [{pods: {podSelector: {matchLabels: {app: nobody}}}}]}]', 'a', 1)
    assert.is(await ingress(only + by(['b', 'Deny', 1]), flow), 'deny b spec.ingress[0]', 'the other is about somebody else')
    assert.is(await ingress(by(['a', 'Accept', 1], ['b', 'Accept', 1], ['c', 'Deny', 1]), flow), `allow a spec.ingress[0]${doubt.replaceAll(' b ', ' c ')}`)
    assert.is(await ingress(by(['a', 'Accept', 1], ['b', 'Deny', 2], ['c', 'Deny', 2]), flow), 'allow a spec.ingress[0]', 'what is before both decides')
    assert.is(await ingress(by(['a', 'Deny', 1], ['b', 'Deny', 1]), flow), 'deny a spec.ingress[0]', 'whichever is first, it is the same')
    assert.is(await ingress(by(['a', 'Deny', 0], ['b', 'Accept', 1000]), flow), 'deny a spec.ingress[0]')
  }
  const rules = 'ingress: [{action: Accept, from: [{pods: {podSelector: {matchLabels: {app: db}}}}]}, {action: Deny, from: [{namespaces: {}}]}]'
  assert.is(await ingress(cluster('Admin', rules, 'a'), 'red/db > red/web'), 'allow a spec.ingress[0]')
  assert.is(await ingress(cluster('Admin', rules, 'a'), flow), 'deny a spec.ingress[1]')
})

test('subjects and peers of ClusterNetworkPolicies are namespaces, or pods of them', async () => {
  const by = (subject: string): string => kcnp(`{tier: Admin, priority: 1, subject: ${subject}, ${to('Deny')}}`)
  const subjects = async (subject: string): Promise<string[]> => {
    const found: string[] = []
    for (const pod of pods) if ((await ingress(by(subject), `${pod === 'red/web' ? 'red/db' : 'red/web'} > ${pod}`)).startsWith('deny')) found.push(pod)
    return found
  }
  assert.equal(await subjects('{namespaces: {}}'), pods)
  assert.equal(await subjects('{namespaces: {matchLabels: {env: prod}}}'), ['red/web', 'red/db'])
  assert.equal(await subjects('{pods: {podSelector: {matchLabels: {app: web}}}}'), ['red/web', 'green/web'])
  assert.equal(await subjects('{pods: {podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {env: dev}}}}'), ['green/web'])
  const callers = (peers: string): Promise<string[]> => ruled(cluster('Admin', `ingress: [{action: Deny, from: ${peers}}]`, 'a'), 'ingress')
  assert.equal(await callers('[{namespaces: {matchLabels: {env: dev}}}]'), ['green/web', 'green/dns'])
  assert.equal(await callers('[{pods: {podSelector: {matchLabels: {app: web}}, namespaceSelector: {}}}]'), ['green/web'])
  assert.equal(await callers('[{pods: {podSelector: {matchLabels: {app: db}}}}, {namespaces: {matchLabels: {env: dev}}}]'), [
    'red/db',
    'green/web',
    'green/dns',
  ])
})

test('peers of egress may be nodes, networks and names', async () => {
  const called = (peer: string, action = 'Deny'): Promise<string[]> => ruled(cluster('Admin', `egress: [{action: ${action}, to: [${peer}]}]`, 'a'), 'egress')
  assert.equal(await called('{nodes: {}}'), ['node:here', 'node:there'])
  assert.equal(await called('{nodes: {matchLabels: {pool: edge}}}'), ['node:there'])
  assert.equal(await called('{networks: [198.51.100.0/24, 10.1.0.2/32]}'), ['red/db', '198.51.100.7'])
  assert.equal(await called('{networks: [0.0.0.0/0]}'), everyone.slice(1))
  const among = { ...world, apiserver: { kind: 'apiserver', addresses: ['172.20.0.1', 'fd00::9'], port: 6443 } } as const
  const six = cluster('Admin', 'egress: [{action: Deny, to: [{networks: ["fd00::/8"]}]}]', 'a')
  assert.is(await egress(six, 'red/web > apiserver', among), 'deny a spec.egress[0]', 'one of its addresses is enough')
  assert.equal(await called('{domainNames: [deep.cdn.example.com]}', 'Accept'), ['203.0.113.5'])
  assert.equal(await called('{domainNames: [nobody.example.com, deep.cdn.example.com]}', 'Accept'), ['203.0.113.5'])
  assert.equal(await called('{domainNames: ["*.example.com"]}', 'Accept'), ['198.51.100.7', '203.0.113.5'])
  assert.equal(await called('{domainNames: ["*.cdn.example.com"]}', 'Accept'), ['203.0.113.5'])
  assert.equal(await called('{domainNames: [beep.cdn.example.com]}', 'Accept'), [])
  assert.equal(await called('{domainNames: [api.Example.com.]}', 'Accept'), ['198.51.100.7'])
  assert.equal(await called('{domainNames: ["*.CDN.example.com."]}', 'Accept'), ['203.0.113.5'])
  // The domain itself is none of the names below it, nor is one that only ends alike.
  assert.equal(await called('{domainNames: ["*.deep.cdn.example.com"]}', 'Accept'), [])
  assert.equal(await called('{domainNames: ["*.n.example.com"]}', 'Accept'), [])
  assert.equal(await called('{domainNames: [example.org]}', 'Accept'), [], 'its address is that of the API server')
})

test('ports of ClusterNetworkPolicies are numbers and ranges of a protocol, or names', async () => {
  const denied = async (protocols: string): Promise<string[]> => {
    const policy = cluster('Admin', `ingress: [{action: Deny, from: [{namespaces: {}}], protocols: ${protocols}}]`, 'a')
    const found: string[] = []
    for (const port of ['79', '80', '81', '8080', '80/UDP', '80/SCTP', '65535'])
      if ((await ingress(policy, `red/db > red/web ${port}`)).startsWith('deny')) found.push(port)
    return found
  }
  assert.equal(await denied('[{tcp: {destinationPort: {number: 80}}}]'), ['80'])
  assert.equal(await denied('[{tcp: {destinationPort: {range: {start: 80, end: 81}}}}]'), ['80', '81'])
  assert.equal(await denied('[{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}]'), ['79', '80', '81', '8080', '65535'])
  assert.equal(await denied('[{udp: {destinationPort: {number: 80}}}]'), ['80/UDP'])
  assert.equal(await denied('[{sctp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {number: 80}}}]'), ['80/UDP', '80/SCTP'])
  assert.equal(await denied('[{destinationNamedPort: http}]'), ['8080'])
  assert.equal(await denied('[{destinationNamedPort: http}, {udp: {destinationPort: {number: 80}}}]'), ['8080', '80/UDP'])
})

test('what the API server or the CRD refuses takes no part, and is told', async () => {
  const spec = (part: string): string => kcnp(`{tier: Admin, priority: 1, subject: {namespaces: {}}, ${part}}`)
  assert.equal(await refusals(kcnp('null').replace('spec: null\n', '')), ['spec must be a mapping'])
  assert.equal(await refusals(kcnp('[]')), ['spec must be a mapping'])
  assert.equal(await refusals(kcnp('{priority: 1, subject: {namespaces: {}}}')), ['spec.tier must be Admin or Baseline'])
  assert.equal(await refusals(kcnp('{tier: Other, priority: 1, subject: {namespaces: {}}}')), ['spec.tier must be Admin or Baseline'])
  for (const priority of ['-1', '1001', '1.5', '"1"', 'null'])
    assert.equal(
      await refusals(kcnp(`{tier: Admin, priority: ${priority}, subject: {namespaces: {}}}`)),
      ['spec.priority must be an integer from 0 to 1000'],
      priority,
    )
  assert.equal(await refusals(kcnp('{tier: Baseline, priority: 0, subject: {namespaces: {}}}')), [])
  assert.equal(await refusals(kcnp('{tier: Baseline, priority: 1000, subject: {pods: {podSelector: {}}}}')), [])
  for (const [subject, problem] of [
    ['{}', ' needs one of namespaces, pods'],
    ['{namespaces: {}, pods: {podSelector: {}}}', ' can have one key, and has namespaces, pods'],
    ['{nodes: {}}', '.nodes is no known key; did you mean pods?'],
    ['{pods: {}}', '.pods needs podSelector'],
    ['{namespaces: {matchLabels: {a: 1}}}', '.namespaces.matchLabels.a must be a string (quote it), not the number 1'],
    ['null', ' is missing'],
  ])
    assert.equal(await refusals(kcnp(`{tier: Admin, priority: 1, subject: ${subject}}`)), [`spec.subject${problem}`])
  assert.equal(await refusals(kcnp('{tier: Admin, priority: 1}')), ['spec.subject is missing'])
  for (const [subject, path] of [
    ['{namespaces: {matchLabels: {a/b/c: d}}}', 'namespaces'],
    ['{pods: {podSelector: {matchLabels: {a/b/c: d}}}}', 'pods.podSelector'],
    ['{pods: {podSelector: {}, namespaceSelector: {matchLabels: {a/b/c: d}}}}', 'pods.namespaceSelector'],
  ])
    assert.equal(await refusals(kcnp(`{tier: Admin, priority: 1, subject: ${subject}}`)), [
      `spec.subject.${path}.matchLabels.a/b/c has "a/b/c" for a key, which is no label key`,
    ])
  const rules = (count: number): string => Array(count).fill('{action: Accept, FROM: [{namespaces: {}}]}').join(', ')
  for (const [direction, side] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    assert.equal(await refusals(spec(`${direction}: [${rules(25).replaceAll('FROM', side)}]`)), [])
    assert.equal(await refusals(spec(`${direction}: [${rules(26).replaceAll('FROM', side)}]`)), [`spec.${direction} has 26 rules; the API takes 25`])
  }
  assert.equal((await refusals(spec('ingress: [{action: Drop, from: [{namespaces: {}}]}]'))).length, 1)
  for (const ports of ['{tcp: {}}', '{tcp: {destinationPort: {}}}', '{}'])
    assert.is((await refusals(spec(`ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [${ports}]}]`))).length, 1, ports)
  assert.equal((await refusals(knp('{podSelector: {matchLabels: {a: 1}}}'))).length, 1)
  assert.equal(await refusals(spec('egress: [1]')), ['spec.egress[0] must be a mapping, not the number 1'])
  // A word of the policy is not the key of our values.
  assert.equal(await refusals(kcnp('{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {networkPolicy.io/b/c: d}}}}')), [
    'spec.subject.namespaces.matchLabels.networkPolicy.io/b/c has "networkPolicy.io/b/c" for a key, which is no label key',
  ])
  const both = knp('{podSelector: {}, ingress: {}}') + knp('{podSelector: {}}', 'other')
  assert.is((await refusals(both)).length, 1)
})

test.run()
