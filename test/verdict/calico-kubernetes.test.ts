import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cnp, compiled, decide, egress, gnp, ingress, knp, np, remarks } from '../helpers/calico-verdicts.ts'

const flow = 'green/web > red/web:8080'

/** The ends that a rule lets call `red/web`, or be called by it. */
async function reached(policy: string, direction: 'ingress' | 'egress', ends: readonly string[]): Promise<string[]> {
  const policies = await compiled(policy)
  return ends.filter(end => decide(policies, direction === 'ingress' ? `${end} > red/web:8080` : `red/web > ${end}`)[direction].startsWith('allow'))
}

const callers = ['red/db', 'green/web', 'blue/bare', '198.51.100.9', 'node:there']

test('a NetworkPolicy is for pods of its namespace, in the tier default at order 1000', async () => {
  const policy = knp(`{podSelector: {matchLabels: {app: web}}, ingress: [{}]}`)
  assert.is(await ingress(policy, flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(policy, 'red/web > red/db:80'), 'nothing')
  assert.is(await ingress(policy, 'red/db > green/web:80'), 'nothing')
  assert.is(await ingress(policy + np('{order: 999, ingress: [{action: Deny}]}'), flow), 'deny p spec.ingress[0]')
  assert.is(await ingress(policy + np('{order: 1001, ingress: [{action: Deny}]}'), flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(knp('{podSelector: {}}') + gnp('{tier: kube-baseline, ingress: [{action: Allow}]}'), flow), 'lock k')
  assert.is(await egress(knp('{podSelector: {}, policyTypes: [Egress]}'), 'red/web > red/db:80'), 'lock k')
  assert.is(await ingress(knp('{podSelector: {}, policyTypes: [Egress]}'), flow), 'nothing')
})

test('peers of a NetworkPolicy are pods of its namespace or of those selected, or blocks', async () => {
  const from = async (peers: string): Promise<string[]> => reached(knp(`{podSelector: {}, ingress: [{from: ${peers}}]}`), 'ingress', callers)
  assert.equal(await from('[]'), callers)
  assert.equal(await from('[{podSelector: {}}]'), ['red/db'])
  assert.equal(await from('[{podSelector: {matchLabels: {app: web}}}]'), [])
  assert.equal(await from('[{namespaceSelector: {}}]'), ['red/db', 'green/web', 'blue/bare'])
  assert.equal(await from('[{namespaceSelector: {matchLabels: {env: prod}}}]'), ['green/web'])
  assert.equal(await from('[{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}]'), ['blue/bare'])
  assert.equal(await from('[{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]'), ['green/web'])
  assert.equal(await from('[{ipBlock: {cidr: 0.0.0.0/0, except: [10.1.0.2/32]}}]'), ['green/web', '198.51.100.9', 'node:there'])
  assert.equal(await from('[{ipBlock: {cidr: 198.51.100.0/24}}, {podSelector: {}}]'), ['red/db', '198.51.100.9'])
})

test('ports of a NetworkPolicy are of the pods that are called', async () => {
  const to = async (rule: string): Promise<string[]> =>
    reached(knp(`{podSelector: {}, policyTypes: [Egress], egress: [${rule}]}`), 'egress', [
      'red/db:80',
      'red/db:8080',
      'green/web:8080',
      'green/web:53/UDP',
      'green/web:53',
      '198.51.100.9:80',
    ])
  assert.equal(await to('{ports: []}'), ['red/db:80', 'red/db:8080', 'green/web:8080', 'green/web:53/UDP', 'green/web:53', '198.51.100.9:80'])
  assert.equal(await to('{ports: [{port: 80}]}'), ['red/db:80', '198.51.100.9:80'])
  assert.equal(await to('{ports: [{port: 53, endPort: 80}]}'), ['red/db:80', 'green/web:53', '198.51.100.9:80'])
  assert.equal(await to('{ports: [{port: http}]}'), ['red/db:80', 'green/web:8080'])
  assert.equal(await to('{ports: [{port: dns}]}'), [])
  assert.equal(await to('{ports: [{port: dns, protocol: UDP}, {port: 8080}]}'), ['red/db:8080', 'green/web:8080', 'green/web:53/UDP'])
  assert.equal(await to('{ports: [{protocol: UDP}]}'), ['green/web:53/UDP'])
  assert.equal(await to('{ports: [{protocol: SCTP}]}'), [])
  assert.equal(await to('{to: [{podSelector: {}}], ports: [{port: http}]}'), ['red/db:80'])
  assert.equal(await to('{to: [{podSelector: {}}, {ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 80}, {port: 8080}]}'), [
    'red/db:80',
    'red/db:8080',
    '198.51.100.9:80',
  ])
})

test('a pod is not called by a port name of its caller', async () => {
  assert.is(await ingress(knp('{podSelector: {}, ingress: [{ports: [{port: http}]}]}'), flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(knp('{podSelector: {}, ingress: [{ports: [{port: http}]}]}'), 'green/web > red/db:8080'), 'lock k')
})

const everyone = 'subject: {namespaces: {}}'

test('ClusterNetworkPolicies stand in tiers above and below the tier default', async () => {
  const admin = (action: string): string => cnp(`{tier: Admin, priority: 1, ${everyone}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}`, 'admin')
  const baseline = cnp(`{tier: Baseline, priority: 1, ${everyone}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`, 'baseline')
  assert.is(await ingress(admin('Deny') + np('{ingress: [{action: Allow}]}') + baseline, flow), 'deny admin spec.ingress[0]')
  assert.is(await ingress(admin('Accept') + np('{}'), flow), 'allow admin spec.ingress[0]')
  assert.is(await ingress(admin('Pass') + np('{ingress: [{action: Allow}]}') + baseline, flow), 'allow p spec.ingress[0]')
  assert.is(await ingress(admin('Pass') + baseline, flow), 'deny baseline spec.ingress[0]')
  assert.is(await ingress(admin('Deny'), '198.51.100.9 > red/web:80'), 'nothing')
})

test('ClusterNetworkPolicies go by priority, those of one by name, GlobalNetworkPolicies of their tier among them', async () => {
  const one = (priority: number, action: string, name: string): string =>
    cnp(`{tier: Admin, priority: ${priority}, ${everyone}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}`, name)
  assert.is(await ingress(one(2, 'Deny', 'a') + one(1, 'Accept', 'b'), flow), 'allow b spec.ingress[0]')
  assert.is(await ingress(one(1, 'Deny', 'b') + one(1, 'Accept', 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(one(1, 'Deny', 'a') + gnp('{tier: kube-admin, order: 0, ingress: [{action: Allow}]}'), flow), 'allow g spec.ingress[0]')
  assert.is(await ingress(one(1, 'Deny', 'a') + gnp('{tier: kube-admin, order: 1, ingress: [{action: Allow}]}', 'a'), flow), 'allow a spec.ingress[0]')
})

test('the subject of a ClusterNetworkPolicy is namespaces, or pods of namespaces', async () => {
  const selected = async (subject: string): Promise<string[]> => {
    const policies = await compiled(cnp(`{tier: Admin, priority: 1, subject: ${subject}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`))
    return ['red/web', 'red/db', 'green/web', 'blue/bare'].filter(pod => decide(policies, `green/six > ${pod}:1`).ingress.startsWith('deny'))
  }
  assert.equal(await selected('{namespaces: {}}'), ['red/web', 'red/db', 'green/web', 'blue/bare'])
  assert.equal(await selected('{namespaces: {matchLabels: {env: dev}}}'), ['red/web', 'red/db'])
  assert.equal(await selected('{pods: {podSelector: {matchLabels: {app: web}}}}'), ['red/web', 'green/web'])
  assert.equal(await selected('{pods: {namespaceSelector: {matchLabels: {env: prod}}, podSelector: {matchLabels: {app: web}}}}'), ['green/web'])
})

test('peers of a ClusterNetworkPolicy are namespaces, pods and networks of either family', async () => {
  const to = async (peers: string): Promise<string[]> =>
    reached(cnp(`{tier: Admin, priority: 1, ${everyone}, egress: [{action: Accept, to: ${peers}}]}`), 'egress', [
      'red/db:80',
      'green/web:80',
      'blue/bare:80',
      '198.51.100.9:80',
    ])
  assert.equal(await to('[{namespaces: {}}]'), ['red/db:80', 'green/web:80', 'blue/bare:80'])
  assert.equal(await to('[{namespaces: {matchLabels: {env: prod}}}]'), ['green/web:80'])
  assert.equal(await to('[{pods: {podSelector: {matchLabels: {app: db}}}}]'), ['red/db:80'])
  assert.equal(await to('[{networks: ["fd00::/8", 198.51.100.0/24]}]'), ['198.51.100.9:80'])
  assert.equal(await to('[{networks: [10.1.0.2/16]}, {pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: blue}}, podSelector: {}}}]'), [
    'red/db:80',
    'green/web:80',
    'blue/bare:80',
  ])
})

test('protocols of a ClusterNetworkPolicy are numbers, ranges, names or a whole protocol', async () => {
  const ends = ['red/db:80', 'red/db:81', 'red/db:443', 'red/db:80/UDP', 'red/db:80/SCTP', 'green/web:8080', 'green/web:53/UDP']
  const to = async (protocols: string): Promise<string[]> =>
    reached(cnp(`{tier: Admin, priority: 1, ${everyone}, egress: [{action: Accept, to: [{namespaces: {}}], protocols: ${protocols}}]}`), 'egress', ends)
  assert.equal(await to('[{tcp: {destinationPort: {number: 80}}}]'), ['red/db:80'])
  assert.equal(await to('[{tcp: {destinationPort: {range: {start: 80, end: 81}}}}]'), ['red/db:80', 'red/db:81'])
  assert.equal(await to('[{udp: {destinationPort: {number: 80}}}, {sctp: {destinationPort: {number: 80}}}]'), ['red/db:80/UDP', 'red/db:80/SCTP'])
  assert.equal(await to('[{destinationNamedPort: http}, {destinationNamedPort: dns}]'), ['red/db:80', 'green/web:8080', 'green/web:53/UDP'])
})

test('a rule with nodes or names of the DNS is left out, or denies everything, and that is told', async () => {
  const rule = (action: string, peer: string): string =>
    cnp(
      `{tier: Admin, priority: 1, ${everyone}, egress: [{action: ${action}, to: [{namespaces: {}}, ${peer}], protocols: [{tcp: {destinationPort: {number: 1}}}]}]}`,
    )
  assert.is(await egress(rule('Accept', '{nodes: {}}') + np('{types: [Egress]}'), 'red/web > red/db:1'), 'lock p')
  assert.is(await egress(rule('Accept', '{domainNames: [example.com]}') + np('{types: [Egress]}'), 'red/web > red/db:1'), 'lock p')
  assert.is(await egress(rule('Deny', '{nodes: {}}'), 'red/web > 198.51.100.9:443'), 'deny c spec.egress[0]')
  assert.is(await egress(rule('Pass', '{nodes: {}}'), 'red/web > 198.51.100.9:443'), 'deny c spec.egress[0]')
  assert.equal(await remarks(rule('Accept', '{nodes: {}}')), ['c: spec.egress[0] has nodes or domainNames, which Calico does not know: it leaves the rule out'])
  assert.equal(await remarks(rule('Pass', '{nodes: {}}')), [
    'c: spec.egress[0] has nodes or domainNames, which Calico does not know: it denies everything instead',
  ])
  assert.equal(await remarks(rule('Accept', '{networks: [10.0.0.0/8]}')), [])
})

test.run()
