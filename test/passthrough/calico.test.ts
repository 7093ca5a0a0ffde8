import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findingsOf } from '../helpers/rules.ts'
import type { Direction } from '../helpers/rules.ts'

const good: readonly [string, Direction, string][] = [
  ['a bare action', 'ingress', '{action: Pass}'],
  ['ports by number, range and name', 'ingress', '{action: Allow, protocol: TCP, destination: {ports: [80, "81", "8080:8090", http]}}'],
  ['named ports without a protocol', 'ingress', '{action: Allow, destination: {ports: [http]}}'],
  ['protocols by number', 'egress', '{action: Allow, protocol: "132", destination: {ports: [1]}}'],
  ['blocks of one family', 'ingress', '{action: Deny, ipVersion: 4, source: {nets: [10.0.0.0/8], notNets: [10.1.0.0/16]}}'],
  ['a Service as a destination of egress', 'egress', '{action: Allow, destination: {services: {name: kubernetes, namespace: default}}}'],
  ['a Service as a source of ingress', 'ingress', '{action: Allow, source: {services: {name: a}}}'],
  ['HTTP on ingress', 'ingress', '{action: Allow, protocol: TCP, http: {methods: [GET], paths: [{exact: /a}, {prefix: /b}]}}'],
  ['ICMP with its protocol', 'ingress', '{action: Log, protocol: ICMPv6, ipVersion: 6, icmp: {type: 128, code: 0}}'],
  ['every namespace but none', 'egress', '{action: Allow, destination: {namespaceSelector: global()}}'],
]

const bad: readonly [string, Direction, string, readonly string[]][] = [
  ['no action', 'ingress', '{}', ['NP205']],
  ['an action in lower case', 'ingress', '{action: allow}', ['NP206 action']],
  ['a protocol in lower case', 'ingress', '{action: Allow, protocol: tcp}', ['NP205 protocol']],
  ['protocol 0 and 256', 'ingress', '{action: Allow, protocol: 0, notProtocol: 256}', ['NP205 protocol', 'NP205 notProtocol']],
  ['port numbers without a protocol', 'ingress', '{action: Allow, destination: {ports: [80]}}', ['NP205 destination.ports']],
  ['ports of a protocol that has none', 'ingress', '{action: Allow, protocol: UDPLite, source: {notPorts: [http]}}', ['NP205 source.notPorts']],
  [
    'ports out of range',
    'ingress',
    '{action: Allow, protocol: TCP, destination: {ports: [0, 70000, "0:5", "1:70000", "9:8", "80-90"]}}',
    [0, 1, 2, 3, 4, 5].map(index => `NP205 destination.ports[${index}]`),
  ],
  ['both families in one rule', 'ingress', '{action: Allow, source: {nets: [10.0.0.0/8]}, destination: {nets: ["fd00::/8"]}}', ['NP205 destination.nets[0]']],
  ['a family that ipVersion is not', 'ingress', '{action: Allow, ipVersion: 6, source: {nets: [10.0.0.0/8]}}', ['NP205 source.nets[0]']],
  ['a bare address', 'egress', '{action: Allow, destination: {nets: [10.0.0.1]}}', ['NP205 destination.nets[0]']],
  ['bits past the prefix', 'egress', '{action: Allow, destination: {nets: [10.0.0.1/8]}}', ['NP205 destination.nets[0]']],
  ['everything left out', 'egress', '{action: Allow, destination: {notNets: [0.0.0.0/0]}}', ['NP205 destination.notNets[0]']],
  ['a block twice', 'egress', '{action: Allow, destination: {nets: [10.0.0.0/8, 10.0.0.0/8]}}', ['NP205 destination.nets[1]']],
  [
    'a selector that does not parse',
    'ingress',
    '{action: Allow, source: {selector: "app == web", notSelector: "(all()", namespaceSelector: "has(", serviceAccounts: {selector: "a in b"}}}',
    ['selector', 'notSelector', 'namespaceSelector', 'serviceAccounts.selector'].map(key => `NP205 source.${key}`),
  ],
  ['blank selectors', 'ingress', '{action: Allow, source: {selector: " ", notSelector: " \\t"}}', ['NP205 source.selector', 'NP205 source.notSelector']],
  [
    'global() where it cannot be',
    'ingress',
    '{action: Allow, source: {selector: global(), namespaceSelector: "global() || all()"}}',
    ['NP205 source.selector', 'NP205 source.namespaceSelector'],
  ],
  ['a Service on the wrong side', 'ingress', '{action: Allow, destination: {services: {name: a}}}', ['NP205 destination.services']],
  [
    'a Service beside other words',
    'egress',
    '{action: Allow, protocol: TCP, destination: {services: {name: a}, ports: [80], selector: all(), nets: [10.0.0.0/8], serviceAccounts: {}}}',
    ['selector', 'nets', 'serviceAccounts', 'ports'].map(key => `NP205 destination.${key}`),
  ],
  ['a Service without a name', 'egress', '{action: Allow, destination: {services: {namespace: a}}}', ['NP205 destination.services']],
  ['HTTP on egress', 'egress', '{action: Allow, http: {}}', ['NP205 http']],
  ['HTTP that denies', 'ingress', '{action: Deny, http: {}}', ['NP205 http']],
  ['HTTP over UDP', 'ingress', '{action: Allow, protocol: UDP, http: {}}', ['NP205 http']],
  [
    'HTTP paths and methods that are none',
    'ingress',
    '{action: Allow, http: {methods: [GET, GET], paths: [{exact: a}, {}, {exact: /a, prefix: /b}, {prefix: "/a?b"}]}}',
    ['NP205 http.methods[1]', 'NP205 http.paths[0].exact', 'NP205 http.paths[1]', 'NP205 http.paths[2]', 'NP205 http.paths[3].prefix'],
  ],
  ['ICMP without its protocol', 'ingress', '{action: Allow, icmp: {type: 8}}', ['NP205 icmp']],
  ['an ICMP code without a type', 'ingress', '{action: Allow, protocol: ICMP, icmp: {code: 1}}', ['NP205 icmp']],
  ['an ICMP type out of range', 'ingress', '{action: Allow, protocol: ICMP, icmp: {type: 255}}', ['NP205 icmp.type']],
  ['ICMP of the other family', 'ingress', '{action: Allow, protocol: ICMP, ipVersion: 6}', ['NP205 protocol']],
  ['an annotation key that is none', 'ingress', '{action: Allow, metadata: {annotations: {"a b": c}}}', ['NP205 metadata.annotations.a b']],
  ['an unknown key', 'ingress', '{action: Allow, source: {net: [10.0.0.0/8]}}', ['NP203 source.net']],
]

test('calico passes names on with a warning, since Calico Enterprise takes them', async () => {
  assert.equal(await findingsOf('calico', 'egress', '{action: Allow, destination: {domains: [a.b]}}'), ['NP411 destination.domains'])
})

for (const [what, direction, rule] of good) {
  test(`calico takes ${what}`, async () => assert.equal(await findingsOf('calico', direction, rule), []))
}

for (const [what, direction, rule, expected] of bad) {
  test(`calico refuses ${what}`, async () => assert.equal(await findingsOf('calico', direction, rule), expected))
}

test.run()
