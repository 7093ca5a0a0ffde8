import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cnp, decide, egress, everyone, ingress, kcnp, knp, outside, pods, reached, world } from '../helpers/cilium-verdicts.ts'

const admin = (rules: string, name = 'n', priority = 1): string => kcnp(`{tier: Admin, priority: ${priority}, subject: {namespaces: {}}, ${rules}}`, name)
const baseline = (rules: string, name = 'b', priority = 1): string => kcnp(`{tier: Baseline, priority: ${priority}, subject: {namespaces: {}}, ${rules}}`, name)
const all = '{namespaces: {}}'

test('subjects are namespaces, or pods of them', async () => {
  const by = (subject: string): string => kcnp(`{tier: Admin, priority: 1, subject: ${subject}, ingress: [{action: Deny, from: [${all}]}]}`)
  const denied = async (subject: string): Promise<string[]> => {
    const found: string[] = []
    for (const pod of pods) if ((await ingress(by(subject), `${pod === 'blue/bare' ? 'red/web' : 'blue/bare'} > ${pod}`)).startsWith('deny')) found.push(pod)
    return found
  }
  assert.equal(await denied('{namespaces: {}}'), pods)
  assert.equal(await denied('{namespaces: {matchLabels: {env: prod}}}'), ['red/web', 'red/db'])
  assert.equal(await denied('{pods: {podSelector: {matchLabels: {app: web}}}}'), ['red/web', 'green/web'])
  assert.equal(await denied('{pods: {podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {env: dev}}}}'), ['green/web'])
})

test('peers of ingress are pods', async () => {
  const denied = async (peer: string): Promise<string[]> => {
    const allowed = await reached(admin(`ingress: [{action: Deny, from: [${peer}]}]`), 'ingress')
    return everyone.filter(end => !allowed.includes(end) && end !== 'red/web')
  }
  assert.equal(await denied('{namespaces: {}}'), pods.slice(1))
  assert.equal(await denied('{namespaces: {matchLabels: {env: dev}}}'), ['green/web', 'green/dns'])
  assert.equal(await denied('{pods: {podSelector: {}}}'), pods.slice(1))
  assert.equal(await denied('{pods: {podSelector: {matchLabels: {app: web}}, namespaceSelector: {}}}'), ['green/web'])
  assert.equal(await denied('{pods: {podSelector: {}, namespaceSelector: {matchLabels: {env: prod}}}}'), ['red/db'])
})

test('namespaces that are only left out leave out nothing', async () => {
  // What stands for all pods of the cluster has no namespace, and what is outside has none either.
  const denied = async (peer: string): Promise<string[]> => {
    const allowed = await reached(admin(`ingress: [{action: Deny, from: [${peer}]}]`), 'ingress')
    return everyone.filter(end => !allowed.includes(end) && end !== 'red/web')
  }
  assert.equal(await denied('{namespaces: {matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}}'), everyone.slice(1))
  assert.equal(await denied('{namespaces: {matchExpressions: [{key: env, operator: DoesNotExist}]}}'), everyone.slice(1))
  assert.equal(await denied('{pods: {podSelector: {}, namespaceSelector: {matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}}}'), [
    'green/web',
    'green/dns',
    'blue/bare',
  ])
})

test('what stands for all pods has no named ports on egress', async () => {
  const rule = (direction: string, key: string): string =>
    admin(
      `${direction}: [{action: Deny, ${key}: [{namespaces: {matchExpressions: [{key: env, operator: DoesNotExist}]}}], protocols: [{destinationNamedPort: http}]}]`,
    )
  assert.is(await egress(rule('egress', 'to'), 'red/web > red/db 80'), 'nothing')
  assert.is(await ingress(rule('ingress', 'from'), 'red/web > red/db 80'), 'deny n spec.ingress[0]')
  assert.is(
    await egress(
      admin(
        'egress: [{action: Deny, to: [{namespaces: {matchExpressions: [{key: env, operator: DoesNotExist}]}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}]',
      ),
      'red/web > red/db 80',
    ),
    'deny n spec.egress[0]',
  )
})

test('peers of egress are networks, nodes and names as well', async () => {
  const denied = async (peer: string): Promise<string[]> => {
    const allowed = await reached(admin(`egress: [{action: Deny, to: [${peer}]}]`), 'egress')
    return everyone.filter(end => !allowed.includes(end) && end !== 'red/web')
  }
  assert.equal(await denied('{networks: [198.51.100.0/24, 10.0.0.0/8]}'), ['198.51.100.7'])
  assert.equal(await denied('{networks: [0.0.0.0/0]}'), outside)
  assert.equal(await denied('{nodes: {}}'), ['node:here', 'node:there'])
  assert.equal(await denied('{nodes: {matchLabels: {pool: general}}}'), ['node:here'])
  const allowed = async (names: string): Promise<string[]> =>
    reached(admin(`egress: [{action: Accept, to: [{domainNames: [${names}]}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]`), 'egress', outside)
  assert.equal(await allowed('api.example.com'), ['198.51.100.7'])
  assert.equal(await allowed('pi.example.com'), [])
  assert.equal(await allowed('"*.example.com"'), ['198.51.100.7', '203.0.113.5'], 'of any depth')
  assert.equal(await allowed('example.org, "*.cdn.example.com"'), ['apiserver', '203.0.113.5'])
})

test('names open the DNS of the cluster with them', async () => {
  const policy = admin(`egress: [{action: Accept, to: [{domainNames: [api.example.com]}]}, {action: Deny, to: [${all}]}]`)
  const asked = 'allow n spec.egress[0], if the proxy lets it through by its DNS rules'
  assert.is(await egress(policy, 'red/web > green/dns 53/UDP'), asked)
  assert.is(await egress(policy, 'red/web > green/dns 53/TCP'), asked)
  assert.is(await egress(policy, 'red/web > green/dns 54/TCP'), 'deny n spec.egress[1]')
  const called = { ...world, pods: world.pods.map(pod => ({ ...pod, ports: [{ name: 'dns', port: 53, protocol: 'UDP' as const }] })) }
  assert.is((await decide(policy, 'red/web > green/dns 53/UDP', called)).egress, asked)
  assert.is((await decide(policy, 'red/web > green/web 53/UDP', called)).egress, 'deny n spec.egress[1]', 'a port of that name elsewhere')
  const among = admin(`egress: [{action: Accept, to: [{networks: [203.0.113.0/24]}, {domainNames: [api.example.com]}]}, {action: Deny, to: [${all}]}]`)
  assert.is(await egress(among, 'red/web > green/dns 53/UDP'), asked, 'names among other peers')
  assert.is(await egress(policy, 'red/web > green/web 53/UDP'), 'deny n spec.egress[1]')
  assert.is(
    await egress(admin(`egress: [{action: Accept, to: [{networks: [198.51.100.0/24]}]}, {action: Deny, to: [${all}]}]`), 'red/web > green/dns 53/UDP'),
    'deny n spec.egress[1]',
  )
})

test('protocols are ports of one, ranges, or names of any', async () => {
  const on = async (protocols: string, traffic: string): Promise<boolean> =>
    (await ingress(admin(`ingress: [{action: Deny, from: [${all}], protocols: [${protocols}]}]`), `red/db > red/web ${traffic}`)).startsWith('deny')
  assert.ok(await on('{tcp: {destinationPort: {number: 80}}}', '80'))
  assert.not(await on('{tcp: {destinationPort: {number: 80}}}', '81'))
  assert.not(await on('{tcp: {destinationPort: {number: 80}}}', '80/UDP'))
  assert.ok(await on('{udp: {destinationPort: {range: {start: 80, end: 90}}}}', '90/UDP'))
  assert.not(await on('{udp: {destinationPort: {range: {start: 80, end: 90}}}}', '91/UDP'))
  assert.not(await on('{udp: {destinationPort: {range: {start: 80, end: 90}}}}', '79/UDP'))
  assert.ok(await on('{sctp: {destinationPort: {number: 7}}}', '7/SCTP'))
  assert.ok(await on('{destinationNamedPort: http}', '8080'))
  assert.not(await on('{destinationNamedPort: http}', '80'))
})

test('the first priority decides, and of a policy the first rule', async () => {
  const accept = `ingress: [{action: Accept, from: [${all}]}]`
  const deny = `ingress: [{action: Deny, from: [${all}]}]`
  assert.is(await ingress(admin(accept, 'a', 2) + admin(deny, 'd', 1), 'red/db > red/web'), 'deny d spec.ingress[0]')
  assert.is(await ingress(admin(accept, 'a', 1) + admin(deny, 'd', 2), 'red/db > red/web'), 'allow a spec.ingress[0]')
  // However many rules the first has before the one that matches: 25 is all that it can have.
  const late = `ingress: [${Array(24).fill('{action: Deny, from: [{namespaces: {matchLabels: {nobody: has}}}]}').join(', ')}, {action: Accept, from: [${all}]}]`
  assert.is(await ingress(admin(late, 'a', 1) + admin(deny, 'd', 2), 'red/db > red/web'), 'allow a spec.ingress[24]')
  assert.is(await ingress(admin(`ingress: [{action: Accept, from: [${all}]}, {action: Deny, from: [${all}]}]`), 'red/db > red/web'), 'allow n spec.ingress[0]')
  assert.is(await ingress(admin(`ingress: [{action: Deny, from: [${all}]}, {action: Accept, from: [${all}]}]`), 'red/db > red/web'), 'deny n spec.ingress[0]')
})

test('of one priority the first rules come before the second ones, and those that deny before others', async () => {
  const none = '{action: Accept, from: [{namespaces: {matchLabels: {nobody: has}}}]}'
  const rule = (action: string): string => `{action: ${action}, from: [${all}]}`
  assert.is(
    await ingress(admin(`ingress: [${none}, ${rule('Deny')}]`, 'a') + admin(`ingress: [${rule('Accept')}]`, 'b'), 'red/db > red/web'),
    'allow b spec.ingress[0]',
  )
  assert.is(await ingress(admin(`ingress: [${rule('Accept')}]`, 'a') + admin(`ingress: [${rule('Deny')}]`, 'b'), 'red/db > red/web'), 'deny b spec.ingress[0]')
  assert.is(await ingress(admin(`ingress: [${rule('Pass')}]`, 'a') + admin(`ingress: [${rule('Accept')}]`, 'b'), 'red/db > red/web'), 'allow b spec.ingress[0]')
  assert.is(await ingress(admin(`ingress: [${rule('Pass')}]`, 'a') + admin(`ingress: [${rule('Deny')}]`, 'b'), 'red/db > red/web'), 'deny b spec.ingress[0]')
})

test('the tiers stand above and below the other policies', async () => {
  const accept = `ingress: [{action: Accept, from: [${all}]}]`
  const deny = `ingress: [{action: Deny, from: [${all}]}]`
  const pass = `ingress: [{action: Pass, from: [${all}]}, {action: Deny, from: [${all}]}]`
  const open = knp('{podSelector: {}, ingress: [{}]}')
  const shut = knp('{podSelector: {}}')
  const flow = 'red/db > red/web'
  assert.is(await ingress(admin(deny) + open, flow), 'deny n spec.ingress[0]')
  assert.is(await ingress(admin(accept) + shut, flow), 'allow n spec.ingress[0]')
  assert.is(await ingress(admin(accept) + cnp('{endpointSelector: {}, ingressDeny: [{fromEntities: [all]}]}'), flow), 'allow n spec.ingress[0]')
  assert.is(await ingress(admin(pass) + open, flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(admin(pass) + shut, flow), 'lock k')
  assert.is(await ingress(admin(pass) + baseline(deny), flow), 'deny b spec.ingress[0]')
  assert.is(await ingress(admin(pass), flow), 'nothing')
  assert.is(await ingress(baseline(deny) + open, flow), 'allow k spec.ingress[0]')
  assert.is(await ingress(baseline(deny), flow), 'deny b spec.ingress[0]')
  assert.is(await ingress(baseline(`ingress: [{action: Pass, from: [${all}]}, {action: Deny, from: [${all}]}]`), flow), 'nothing')
})

test('the tier Baseline is asked before pods are locked, other than the API says', async () => {
  const accept = `ingress: [{action: Accept, from: [{namespaces: {matchLabels: {env: prod}}}]}]`
  const shut = knp('{podSelector: {}}')
  assert.is(await ingress(shut + baseline(accept), 'red/db > red/web'), 'allow b spec.ingress[0]')
  assert.is(await ingress(shut + baseline(accept), 'green/web > red/web'), 'lock k')
  assert.is(await ingress(shut + baseline(`ingress: [{action: Pass, from: [${all}]}]`), 'green/web > red/web'), 'lock k')
})

test('they lock nothing', async () => {
  assert.is(await ingress(admin(`ingress: [{action: Accept, from: [{namespaces: {matchLabels: {env: dev}}}]}]`), 'red/db > red/web'), 'nothing')
  assert.is(await ingress(admin(`ingress: [{action: Deny, from: [${all}]}]`), 'node:here > red/web'), 'nothing')
})

test.run()
