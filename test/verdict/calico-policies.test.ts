import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Judge } from '../../src/verdict/decide.ts'
import { readCalicoPolicy } from '../../src/verdict/policies/calico-policy.ts'
import { cnp, compiled, decide, egress, flowOf, gnp, ingress, knp, np, remarks, resourcesOf, tier, world } from '../helpers/calico-verdicts.ts'

const allow = '{ingress: [{action: Allow}]}'
const deny = '{ingress: [{action: Deny}]}'
const flow = 'green/web > red/web:8080'

test('without a policy everything is let through, by the profile of the namespace', async () => {
  assert.equal(decide(await compiled(''), flow), { egress: 'nothing', ingress: 'nothing' })
})

test('a policy locks the directions that its rules are for, and ingress where it has none', async () => {
  const both = async (spec: string): Promise<unknown> => decide(await compiled(np(spec)), 'red/web > red/db:80')
  assert.equal(await both('{}'), { egress: 'nothing', ingress: 'lock p' })
  assert.equal(await both('{types: [], ingress: [], egress: []}'), { egress: 'nothing', ingress: 'lock p' })
  assert.equal(await both('{egress: [{action: Log}]}'), { egress: 'lock p', ingress: 'nothing' })
  assert.equal(await both('{ingress: [{action: Log}], egress: [{action: Log}]}'), { egress: 'lock p', ingress: 'lock p' })
  assert.equal(await both('{types: [Egress], ingress: [{action: Deny}]}'), { egress: 'lock p', ingress: 'nothing' })
  assert.equal(await both('{types: [Ingress], egress: [{action: Deny}]}'), { egress: 'nothing', ingress: 'lock p' })
  assert.equal(await both('null'), { egress: 'nothing', ingress: 'lock p' })
})

test('the first rule that matches decides, and what is logged goes on', async () => {
  const rules = '{ingress: [{action: Log}, {action: Deny, protocol: UDP}, {action: Allow}, {action: Deny}]}'
  assert.is(await ingress(np(rules), flow), 'allow p spec.ingress[2]')
  assert.is(await ingress(np(rules), 'green/web > red/web:53/UDP'), 'deny p spec.ingress[1]')
  assert.is(await egress(np('{egress: [{action: Log}, {action: Deny}]}'), 'red/web > red/db:80'), 'deny p spec.egress[1]')
})

test('policies go by their order, the lower first and those without one last', async () => {
  assert.is(await ingress(np(`{order: 2, ${deny.slice(1)}`, 'a') + np(`{order: 1, ${allow.slice(1)}`, 'b'), flow), 'allow b spec.ingress[0]')
  assert.is(await ingress(np(deny, 'a') + np(`{order: 1e9, ${allow.slice(1)}`, 'b'), flow), 'allow b spec.ingress[0]')
  assert.is(await ingress(np(`{order: 0x10, ${deny.slice(1)}`, 'a') + np(`{order: -0.5, ${allow.slice(1)}`, 'b'), flow), 'allow b spec.ingress[0]')
})

test('of one order, policies go by name, then namespace, then kind', async () => {
  assert.is(await ingress(np(deny, 'b') + np(allow, 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(np(allow, 'a') + np(deny, 'b'), flow), 'allow a spec.ingress[0]')
  // A name that goes on is before the end of a shorter one: `a-b/` and `a/`.
  assert.is(await ingress(np(deny, 'a') + np(allow, 'a-b'), flow), 'allow a-b spec.ingress[0]')
  // A GlobalNetworkPolicy has no namespace.
  assert.is(await ingress(np(deny, 'a') + gnp(allow, 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(gnp(allow, 'a') + np(deny, 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(np(`{order: 1000, ${deny.slice(1)}`, 'a') + knp('{podSelector: {}, ingress: [{}]}', 'a'), flow), 'allow a spec.ingress[0]')
  assert.is(await ingress(np(`{order: 1000, ${deny.slice(1)}`, 'a') + knp('{podSelector: {}, ingress: [{}]}', 'b'), flow), 'deny a spec.ingress[0]')
})

test('a policy that is there twice counts as the later', async () => {
  assert.is(await ingress(np(deny) + np(allow), flow), 'allow p spec.ingress[0]')
  assert.is(await ingress(np(allow) + np(deny), flow), 'deny p spec.ingress[0]')
})

test('a ClusterNetworkPolicy has no namespace, which is before any', async () => {
  const inWorld = { ...world, pods: world.pods.map(pod => (pod.namespace === 'red' ? { ...pod, namespace: '1st' } : pod)) }
  const accepts = cnp('{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]}', 'a')
  const policies = np('{tier: kube-admin, order: 1, ingress: [{action: Deny}]}', 'a', '1st') + accepts
  assert.is(await ingress(policies, 'green/web > 1st/web:8080', inWorld), 'allow a spec.ingress[0]')
})

test('a NetworkPolicy is for pods of its namespace, that of the release where it names none', async () => {
  assert.is(await ingress(np('{}', 'p', 'green'), 'red/db > green/web:8080'), 'lock p')
  assert.is(await ingress(np('{}', 'p', 'green'), flow), 'nothing')
  assert.is(await ingress(np('{}').replace(', namespace: red', ''), flow), 'lock p')
  assert.is(await ingress(np('{}').replace(', namespace: red', ''), 'red/db > green/web:8080'), 'nothing')
})

test('a GlobalNetworkPolicy is for pods of all namespaces, whatever namespace it names', async () => {
  for (const to of ['red/web', 'green/web', 'blue/bare'])
    assert.is(await ingress(gnp('{}').replace('{name: g}', '{name: g, namespace: red}'), `red/db > ${to}:80`), 'lock g')
})

test('a policy selects by labels of the pod, its namespace and its service account, and all of them must', async () => {
  const locked = async (policy: string): Promise<string[]> => {
    const policies = await compiled(policy)
    return ['red/web', 'red/db', 'green/web', 'green/six', 'blue/bare'].filter(pod => decide(policies, `198.51.100.9 > ${pod}:1`).ingress !== 'nothing')
  }
  assert.equal(await locked(np(`{selector: "app == 'web'"}`)), ['red/web'])
  assert.equal(await locked(np('{serviceAccountSelector: has(role)}')), ['red/web'])
  assert.equal(await locked(np(`{selector: has(app), serviceAccountSelector: "projectcalico.org/name == 'default'"}`)), ['red/db'])
  assert.equal(await locked(gnp(`{selector: "app == 'web'"}`)), ['red/web', 'green/web'])
  assert.equal(await locked(gnp(`{namespaceSelector: "env == 'prod'"}`)), ['green/web', 'green/six'])
  assert.equal(await locked(gnp(`{selector: has(tier) || !has(app), namespaceSelector: "env != 'prod'", serviceAccountSelector: "!has(role)"}`)), ['blue/bare'])
  assert.is((await locked(gnp('{selector: all(), namespaceSelector: all(), serviceAccountSelector: all()}'))).length, 5)
})

test('Calico gives pods labels of their namespace, their service account and itself, which theirs cannot hide', async () => {
  const pods = world.pods.map(pod =>
    pod.name === 'bare'
      ? {
          ...pod,
          labels: {
            'pcns.env': 'fake',
            'pcsa.role': 'fake',
            'projectcalico.org/namespace': 'red',
            'projectcalico.org/orchestrator': 'x',
            'projectcalico.org/serviceaccount': 'x',
            keep: 'me',
          },
        }
      : pod,
  )
  const holds = async (selector: string, to: string): Promise<boolean> =>
    (await ingress(gnp(`{selector: "${selector}"}`), `198.51.100.9 > ${to}:1`, { ...world, pods })) === 'lock g'
  for (const [selector, to] of [
    [`pcns.env == 'dev'`, 'red/web'],
    [`pcns.projectcalico.org/name == 'red'`, 'red/web'],
    [`pcns.kubernetes.io/metadata.name == 'red'`, 'red/web'],
    [`pcsa.role == 'reader'`, 'red/web'],
    [`pcsa.role == 'writer'`, 'green/web'],
    [`pcsa.projectcalico.org/name == 'runner'`, 'red/web'],
    [`pcsa.projectcalico.org/name == 'default'`, 'blue/bare'],
    [`projectcalico.org/namespace == 'blue'`, 'blue/bare'],
    [`projectcalico.org/orchestrator == 'k8s'`, 'blue/bare'],
    [`projectcalico.org/serviceaccount == 'default'`, 'blue/bare'],
    [`keep == 'me' && !has(pcns.env) && !has(pcsa.role)`, 'blue/bare'],
  ] as const)
    assert.ok(await holds(selector, to), selector)
})

test('a namespace that is not there has its name for a label', async () => {
  const inWorld = { ...world, namespaces: [] }
  assert.is(await ingress(gnp(`{namespaceSelector: "kubernetes.io/metadata.name == 'red'"}`), flow, inWorld), 'lock g')
})

test('tiers go by their order, and those without one beside the tier default', async () => {
  const inTier = (name: string): string => gnp(`{tier: ${name}, ingress: [{action: Allow}]}`, 'allowing')
  const denying = gnp('{ingress: [{action: Deny}]}', 'denying')
  const decidedBy = async (name: string, spec: string): Promise<string> => ingress(tier(name, spec) + denying + inTier(name), flow)
  assert.is(await decidedBy('z', '{order: 10}'), 'allow allowing spec.ingress[0]')
  assert.is(await decidedBy('z', '{order: 999999.5}'), 'allow allowing spec.ingress[0]')
  assert.is(await decidedBy('a', '{order: 1000001}'), 'deny denying spec.ingress[0]')
  assert.is(await decidedBy('a', '{}'), 'allow allowing spec.ingress[0]')
  assert.is(await decidedBy('a', '{order: null}'), 'allow allowing spec.ingress[0]')
  assert.is(await decidedBy('z', 'null'), 'deny denying spec.ingress[0]')
})

test('what a tier decides that is only in the cluster is in doubt', async () => {
  const decided = async (policies: string, asked = flow) => new Judge(await compiled(policies)).decide(flowOf(asked)).ingress
  const inTier = (rules: string, name = 'far'): string => gnp(`{tier: security, selector: "app == 'web'", ${rules}}`, name)
  const why = 'the Tier security is not in the stream'
  const doubtOf = async (policies: string, asked = flow) => {
    const { allowed, doubt } = (await decided(policies, asked)) ?? {}
    return [allowed, doubt?.why, doubt?.rule.path]
  }
  assert.equal(await doubtOf(inTier('ingress: [{action: Deny}]')), [true, why, 'spec.ingress[0]'])
  assert.equal(await doubtOf(inTier('ingress: [{action: Allow}]')), [true, undefined, undefined], 'it comes to the same')
  assert.equal(await doubtOf(inTier('ingress: [{action: Allow}]') + np(deny)), [false, why, 'spec.ingress[0]'])
  assert.equal(await doubtOf(inTier('ingress: [{action: Allow, protocol: UDP}]')), [true, why, 'spec.ingress'], 'its end may deny')
  assert.equal(
    await doubtOf(inTier('ingress: [{action: Allow, protocol: UDP}]') + inTier('ingress: [{action: Allow, protocol: TCP}]', 'further')),
    [true, undefined, undefined],
    'another of the tier lets it through',
  )
  const elsewhere = gnp(`{tier: audit, selector: "app == 'web'", ingress: [{action: Allow}]}`, 'audit')
  const [, reason] = await doubtOf(inTier('ingress: [{action: Deny}]') + elsewhere)
  assert.is(reason, why, 'each tier by itself')
  assert.equal(await doubtOf(elsewhere + np(deny)), [false, 'the Tier audit is not in the stream', 'spec.ingress[0]'])
  const byService = `ingress: [{action: Allow, source: {services: {name: missing, namespace: red}}}]`
  assert.equal((await doubtOf(inTier(byService) + np(deny)))[1], why, 'what a rule may match counts')
  assert.equal(
    await doubtOf(inTier('ingress: [{action: Deny, protocol: UDP}, {action: Allow}]')),
    [true, undefined, undefined],
    'the rule is about something else',
  )
  const others = gnp(`{tier: security, selector: "app == 'db'", ingress: [{action: Allow}]}`, 'others')
  assert.equal(await doubtOf(inTier('ingress: [{action: Allow, protocol: UDP}]') + others), [true, why, 'spec.ingress'], 'another is about other pods')
  const leaving = new Judge(await compiled(inTier('egress: [{action: Allow, protocol: TCP}, {action: Deny}]')))
  const sides = (text: string) => leaving.decide(flowOf(text)).egress?.doubt?.rule.path
  assert.equal([sides('red/web > red/db:80'), sides('red/web > red/db:80/UDP'), sides('red/db > red/web:80/UDP')], [undefined, 'spec.egress[1]', undefined])
  assert.equal(await doubtOf(inTier('types: [Egress]')), [true, undefined, undefined], 'of the other direction it says nothing')
  assert.equal(await doubtOf(inTier('ingress: [{action: Deny}]'), 'green/web > red/db:80'), [true, undefined, undefined], 'it selects other pods')
})

test('a policy is read anew for another namespace, and for other tiers that are refused', async () => {
  const [resource] = await resourcesOf(`---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {tier: b}\n`)
  if (resource === undefined) throw new Error('no policy')
  const read = (namespace: string, unfit: readonly string[]): string => {
    const result = readCalicoPolicy(resource, namespace, new Set(unfit))
    return 'read' in result ? `of ${result.read.namespace}` : 'refused'
  }
  assert.equal([read('a', ['b']), read('ab', []), read('a', []), read('c', [])], ['refused', 'of ab', 'of a', 'of c'])
})

test('the tiers of Calico stand in their order: kube-admin, default, kube-baseline', async () => {
  const each = (action: string, name: string): string => gnp(`{tier: ${name}, ingress: [{action: ${action}}]}`, name)
  assert.is(await ingress(each('Allow', 'default') + each('Deny', 'kube-admin'), flow), 'deny kube-admin spec.ingress[0]')
  assert.is(await ingress(each('Deny', 'kube-baseline') + each('Allow', 'default'), flow), 'allow default spec.ingress[0]')
})

test('Pass goes to the next tier that has policies of the pod, and after the last one to the profile', async () => {
  const first = tier('a', '{order: 1}') + gnp('{tier: a, ingress: [{action: Pass}, {action: Deny}]}', 'passing')
  assert.is(await ingress(first, flow), 'nothing')
  assert.is(await ingress(first + gnp('{order: 1, tier: a, ingress: [{action: Deny}]}', 'before'), flow), 'deny before spec.ingress[0]')
  assert.is(await ingress(first + gnp('{tier: a, ingress: [{action: Deny}]}', 'zafter'), flow), 'nothing')
  assert.is(await ingress(first + gnp('{}', 'later'), flow), 'lock later')
  assert.is(
    await ingress(gnp('{ingress: [{action: Pass}]}') + gnp('{tier: kube-baseline, ingress: [{action: Deny}]}', 'baseline'), flow),
    'deny baseline spec.ingress[0]',
  )
})

test('the end of a tier denies, or passes where the tier says so, what its policies select', async () => {
  const policy = gnp(`{tier: a, selector: "app == 'web'", types: [Ingress]}`, 'of-a')
  assert.is(await ingress(tier('a', '{order: 1}') + policy + gnp(allow), flow), 'lock of-a')
  assert.is(await ingress(tier('a', '{order: 1, defaultAction: Deny}') + policy + gnp(allow), flow), 'lock of-a')
  assert.is(await ingress(tier('a', '{order: 1, defaultAction: Pass}') + policy + gnp(allow), flow), 'allow g spec.ingress[0]')
  assert.is(await ingress(tier('a', '{order: 1}') + policy + gnp(allow), 'green/web > red/db:80'), 'allow g spec.ingress[0]')
  assert.is(await egress(tier('a', '{order: 1}') + policy, 'red/web > red/db:80'), 'nothing')
  assert.is(await ingress(gnp('{tier: kube-admin, types: [Ingress]}'), flow), 'nothing')
})

test('of a tier that is there twice the later counts', async () => {
  assert.is(await ingress(tier('a', '{order: 1}') + tier('a', '{order: 1, defaultAction: Pass}') + gnp('{tier: a}'), flow), 'nothing')
})

test('a tier is a stage, and one without policies is none', async () => {
  const { stages } = await compiled(tier('b', '{order: 1}') + tier('a', '{order: 2}') + gnp('{tier: b}', 'x') + gnp('{tier: ""}', 'y'))
  assert.equal(
    stages.map(({ order, policies }) => [order, ...policies.map(({ policy }) => policy.name)]),
    [
      ['first', 'x'],
      ['first', 'y'],
    ],
  )
})

test('a node reaches its own pods, by whichever name it calls, and a pod itself', async () => {
  const locked = gnp('{types: [Ingress, Egress]}')
  assert.is(await ingress(locked, 'node:here > red/web:8080'), 'a node always reaches its own pods')
  assert.is(await ingress(locked, '192.168.1.1 > red/web:8080'), 'a node always reaches its own pods')
  assert.is(await ingress(locked, 'fd01::1 > green/web:8080'), 'a node always reaches its own pods')
  assert.is(await ingress(locked, 'node:there > red/web:8080'), 'lock g')
  assert.is(await ingress(locked, 'apiserver > red/web:8080'), 'lock g')
  for (const other of ['192.168.1.2', '192.168.1.3']) assert.is(await ingress(locked, `${other} > red/web:8080`), 'lock g')
  assert.is(
    await ingress(locked, 'apiserver > red/web:8080', { ...world, apiserver: { kind: 'apiserver', addresses: ['192.168.1.1'], port: 6443 } }),
    'a node always reaches its own pods',
  )
  assert.is(await egress(locked, 'red/web > node:here:10250'), 'lock g')
  assert.equal(decide(await compiled(locked), 'red/web > red/web:8080'), { egress: 'a pod always reaches itself', ingress: 'a pod always reaches itself' })
})

test('a pod is no node, whatever its address, and a node may have several', async () => {
  const pods = world.pods.map(pod => ({ ...pod, addresses: ['192.168.1.1'] }))
  assert.is(await ingress(gnp('{}'), 'red/db > red/web:80', { ...world, pods }), 'lock g')
  const apiserver = { kind: 'apiserver', addresses: ['172.20.0.1', '192.168.1.1'], port: 6443 } as const
  assert.is(await ingress(gnp('{}'), 'apiserver > red/web:80', { ...world, apiserver }), 'a node always reaches its own pods')
})

test('a local node by its own kind needs no address', async () => {
  const nodes = world.nodes.map(node => ({ ...node, addresses: [] }))
  assert.is(await ingress(gnp('{}'), 'node:here > red/web:80', { ...world, nodes }), 'a node always reaches its own pods')
  assert.is(await ingress(gnp('{}'), 'node:there > red/web:80', { ...world, nodes }), 'lock g')
})

test('policies for before connections are tracked or addresses translated are not of pods, and that is told', async () => {
  for (const key of ['doNotTrack', 'preDNAT']) {
    const early = gnp(`{${key}: true, applyOnForward: true, ingress: [{action: Deny}]}`)
    assert.is(await ingress(early, flow), 'nothing')
    assert.equal(await remarks(early), ['g: spec is for hosts before they track connections or translate addresses; it says nothing of pods'])
  }
  assert.is(await ingress(gnp('{doNotTrack: false, preDNAT: false, applyOnForward: true, ingress: [{action: Deny}]}'), flow), 'deny g spec.ingress[0]')
})

test('staged policies enforce nothing, and that is told', async () => {
  for (const kind of ['StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy']) {
    const staged = np(deny).replace('kind: NetworkPolicy', `kind: ${kind}`)
    assert.is(await ingress(staged, flow), 'nothing')
    assert.equal(await remarks(staged), ['p: is staged: Calico reports on it, and enforces nothing'])
  }
})

test('hints change nothing', async () => {
  assert.is(await ingress(np('{performanceHints: [AssumeNeededOnEveryNode], ingress: [{action: Allow}]}'), flow), 'allow p spec.ingress[0]')
})

test.run()
