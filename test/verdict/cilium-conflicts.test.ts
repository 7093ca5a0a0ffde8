import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cnp, compiled, decide, egress, group, ingress } from '../helpers/cilium-verdicts.ts'

const web = 'ports: [{port: "80", protocol: TCP}]'
const rule = (ports: string, rest = ''): string => `{toEndpoints: [{}], toPorts: [{${ports}}]${rest}}`
const http = rule(`${web}, rules: {http: [{method: GET}]}`)
const dns = rule(`${web}, rules: {dns: [{matchPattern: "*"}]}`)
const plain = rule(web)
const names = rule(`${web}, serverNames: [a.b]`)
const listener = (name: string, rest = ''): string => rule(`${web}, listener: {name: l, envoyConfig: {kind: CiliumEnvoyConfig, name: ${name}}${rest}}`)
const tls = (side: string, secret: string, rest = ''): string => rule(`${web}, ${side}TLS: {secret: {name: ${secret}}}${rest}`)
const authenticated = (mode: string): string => `{toEndpoints: [{}], authentication: {mode: ${mode}}}`

/** What stands in the way of two rules; empty: nothing. */
async function conflict(one: string, other: string, beside = ''): Promise<string> {
  const policies = cnp(`{endpointSelector: {matchLabels: {app: web}}, egress: [${one}]}`, 'a') + cnp(`{endpointSelector: {}, egress: [{}, ${other}]}`, 'b')
  const said = await egress(policies + beside, 'red/web > red/db 80')
  return /, in doubt: b spec\.egress\[1\]: Cilium cannot merge it with spec\.egress\[0\] of CiliumNetworkPolicy red\/a: (.*)/.exec(said)?.[1] ?? ''
}

test('rules for two parsers on one port are not merged', async () => {
  assert.is(await conflict(http, dns), 'one is for the parser http, the other for dns')
  assert.is(await conflict(names, dns), 'one is for the parser tls, the other for dns')
  assert.is(await conflict(listener('x'), http), 'one is for the parser crd, the other for http')
  assert.is(await conflict(http, http), '')
  for (const other of [http, dns, names, plain, listener('x')]) assert.is(await conflict(plain, other), '')
  assert.is(await conflict(http, plain), '')
})

test('names of TLS beside HTTP rules want TLS to be terminated', async () => {
  assert.is(await conflict(http, names), 'serverNames beside HTTP rules need terminatingTLS')
  assert.is(await conflict(names, http), 'serverNames beside HTTP rules need terminatingTLS')
  assert.is(await conflict(http, tls('terminating', 's', ', serverNames: [a.b]')), '')
  assert.is(await conflict(tls('terminating', 's', ', rules: {http: [{method: GET}]}'), names), '')
  assert.is(await conflict(http, tls('originating', 's')), '')
  assert.is(await conflict(names, names), '')
})

test('two listeners want two priorities', async () => {
  assert.is(await conflict(listener('one'), listener('two')), 'they are for two listeners')
  assert.is(await conflict(listener('one', ', priority: 1'), listener('two', ', priority: 1')), 'they are for two listeners')
  assert.is(await conflict(listener('one'), listener('two', ', priority: 1')), '')
  assert.is(await conflict(listener('one', ', priority: 1'), listener('two', ', priority: 2')), '')
  assert.is(await conflict(listener('one'), listener('one')), '')
  assert.is(await conflict(listener('one'), listener('one').replace('name: l,', 'name: m,')), 'they are for two listeners')
})

test('TLS is terminated and originated with one secret', async () => {
  assert.is(await conflict(tls('terminating', 'one'), tls('terminating', 'two')), 'they terminate TLS with two secrets')
  assert.is(await conflict(tls('originating', 'one'), tls('originating', 'two')), 'they originate TLS with two secrets')
  assert.is(await conflict(tls('terminating', 'one'), tls('terminating', 'one')), '')
  assert.is(await conflict(tls('terminating', 'one'), tls('originating', 'two')), '')
})

test('authentication is of one mode', async () => {
  assert.is(await conflict(authenticated('required'), authenticated('disabled')), 'the authentication is required and disabled')
  assert.is(await conflict(authenticated('required'), authenticated('required')), '')
  assert.is(await conflict(authenticated('required'), '{toEndpoints: [{}]}'), '')
  assert.is(await conflict(authenticated('required'), rule(web, ', authentication: {mode: disabled}')), '', 'on other ports')
  assert.is(
    await conflict(rule(web, ', authentication: {mode: required}'), rule(web, ', authentication: {mode: disabled}')),
    'the authentication is required and disabled',
  )
})

test('only rules about the same peers and the same port are merged', async () => {
  const on = (port: string): string => rule(`ports: [${port}], rules: {dns: [{matchPattern: "*"}]}`)
  const parsers = 'one is for the parser http, the other for dns'
  assert.is(await conflict(http, on('{port: "80", protocol: ANY}')), parsers)
  assert.is(await conflict(http, on('{port: "80"}')), parsers)
  assert.is(await conflict(http, on('{port: "80", protocol: UDP}')), '')
  assert.is(await conflict(http, on('{port: "81", protocol: TCP}')), '')
  assert.is(await conflict(http, on('{port: http, protocol: TCP}')), '')
  assert.is(await conflict(rule('ports: [{port: "80", endPort: 90, protocol: TCP}], rules: {http: [{method: GET}]}'), on('{port: "80", protocol: TCP}')), '')
  assert.is(await conflict(rule('ports: [{port: HTTP, protocol: TCP}], rules: {http: [{method: GET}]}'), on('{port: http, protocol: TCP}')), parsers)
  const named = (port: string, rules: string): string => rule(`ports: [${port}], rules: {${rules}: [{}]}`)
  assert.is(await conflict(named('{port: http, protocol: TCP}', 'http'), on('{port: metrics, protocol: TCP}')), '')
  assert.is(await conflict(named('{port: http, endPort: 90, protocol: TCP}', 'http'), on('{port: http, protocol: TCP}')), parsers, 'a name has no end')
  assert.is(await conflict(http, dns.replace('{}', '{matchLabels: {app: db}}')), '')
  // Whatever their sort, two peers are two.
  for (const [one, other] of [
    ['toCIDR: [10.0.0.0/8]', 'toCIDR: [11.0.0.0/8]'],
    ['toFQDNs: [{matchName: a.b}]', 'toFQDNs: [{matchName: a.c}]'],
    ['toServices: [{k8sService: {serviceName: a}}]', 'toServices: [{k8sService: {serviceName: b}}]'],
    ['toCIDRSet: [{cidrGroupRef: g}]', 'toCIDRSet: [{cidrGroupRef: h}]'],
    ['toCIDRSet: [{cidrGroupSelector: {matchLabels: {a: b}}}]', 'toCIDRSet: [{cidrGroupSelector: {matchLabels: {a: c}}}]'],
  ] as const) {
    const groups = group('g', '{a: b}', '[10.0.0.0/8]') + group('h', '{a: c}', '[11.0.0.0/8]')
    const of = (rule: string, peer: string): string => rule.replace('toEndpoints: [{}]', peer)
    assert.is(await conflict(of(http, one), of(dns, other), groups), '', one)
    assert.is(await conflict(of(http, one), of(dns, one), groups), parsers, one)
  }
  const [cidr, set] = ['toCIDR: [10.0.0.0/8]', 'toCIDRSet: [{cidr: 10.0.0.0/8}]'].map(peer => [http, dns].map(one => one.replace('toEndpoints: [{}]', peer)))
  assert.is(await conflict(cidr?.[0] ?? '', set?.[1] ?? ''), parsers)
  assert.is(await conflict(http, dns.replace('toEndpoints: [{}]', 'toEndpoints: [{matchLabels: {app: db}}, {}]')), parsers)
})

test('two rules that cannot be merged are one doubt', async () => {
  const { stages } = await compiled(cnp(`{endpointSelector: {}, egress: [${http}]}`, 'a') + cnp(`{endpointSelector: {}, egress: [${dns}, {}]}`, 'b'))
  assert.equal(
    stages[0]?.policies.map(({ policy }) => policy.name),
    ['b'],
  )
})

test('a policy that cannot be made leaves both directions of the pods in doubt that both rules select', async () => {
  const policies = cnp(`{endpointSelector: {matchLabels: {app: web}}, egress: [${http}]}`, 'a') + cnp(`{endpointSelector: {}, egress: [${dns}]}`, 'b')
  const doubt =
    ', in doubt: b spec.egress[0]: Cilium cannot merge it with spec.egress[0] of CiliumNetworkPolicy red/a: one is for the parser http, the other for dns'
  assert.is(await egress(policies, 'red/web > red/db 81'), `lock a b${doubt}`)
  assert.is(await ingress(policies, 'red/db > red/web 81'), `nothing${doubt}`)
  assert.is(await egress(policies, 'red/db > red/web 81'), 'lock b')
  const onIngress = cnp(
    '{endpointSelector: {}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}, {fromEndpoints: [{}], authentication: {mode: disabled}}]}',
  )
  assert.is(
    (await decide(onIngress, 'red/web > apiserver')).egress,
    'nothing, in doubt: p spec.ingress[1]: Cilium cannot merge it with spec.ingress[0] of CiliumNetworkPolicy red/p: the authentication is required and disabled',
  )
})

test('rules that deny and rules of the other direction have nothing to merge', async () => {
  const denying = cnp(`{endpointSelector: {}, egress: [${http}], egressDeny: [${plain}]}`)
  assert.is(await egress(denying, 'red/web > red/db 80'), 'deny p spec.egressDeny[0]')
  const two = cnp(`{endpointSelector: {}, egress: [${authenticated('required')}], ingress: [{fromEndpoints: [{}], authentication: {mode: disabled}}]}`)
  assert.is(await egress(two, 'red/web > red/db 80'), 'allow p spec.egress[0], if the authentication required succeeds')
})

test.run()
