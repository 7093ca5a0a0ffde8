import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findingsOf } from '../helpers/rules.ts'
import type { Direction } from '../helpers/rules.ts'

const names = (count: number): string => Array.from({ length: count }, (_, index) => `n${index}.example.com`).join(', ')

const good: readonly [string, Direction, string][] = [
  ['pods and namespaces', 'ingress', '{name: a, action: Accept, from: [{namespaces: {}}, {pods: {podSelector: {matchLabels: {a: b}}}}]}'],
  [
    'a port, a range and a name',
    'ingress',
    '{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 2}}}}, {destinationNamedPort: http}]}',
  ],
  ['addresses of both families', 'egress', '{action: Pass, to: [{networks: [10.0.0.1/8, "fd00::/8"]}]}'],
  ['names that are accepted', 'egress', `{action: Accept, to: [{domainNames: ["*.example.com", a.b.]}, {domainNames: [${names(25)}]}]}`],
  ['nodes of the experimental channel', 'egress', '{action: Deny, to: [{nodes: {}}]}'],
]

const bad: readonly [string, Direction, string, readonly string[]][] = [
  ['no action and no peers', 'ingress', '{}', ['NP205']],
  ['an action that is none', 'ingress', '{action: Allow, from: [{namespaces: {}}]}', ['NP206 action']],
  ['an empty list of peers', 'ingress', '{action: Accept, from: []}', ['NP205 from']],
  ['a peer of two sorts', 'ingress', '{action: Accept, from: [{namespaces: {}, pods: {podSelector: {}}}]}', ['NP205 from[0]']],
  ['a peer of no sort', 'ingress', '{action: Accept, from: [{}]}', ['NP205 from[0]']],
  ['addresses on ingress', 'ingress', '{action: Accept, from: [{networks: [10.0.0.0/8]}]}', ['NP203 from[0].networks']],
  ['pods without their selector', 'ingress', '{action: Accept, from: [{pods: {namespaceSelector: {}}}]}', ['NP205 from[0].pods']],
  ['26 peers', 'ingress', `{action: Accept, from: [${Array(26).fill('{namespaces: {}}').join(', ')}]}`, ['NP205 from']],
  ['26 names', 'egress', `{action: Accept, to: [{domainNames: [${names(26)}]}]}`, ['NP205 to[0].domainNames']],
  ['a name of 101 characters', 'ingress', `{name: ${'a'.repeat(101)}, action: Accept, from: [{namespaces: {}}]}`, ['NP205 name']],
  ['no CIDR', 'egress', '{action: Accept, to: [{networks: [10.0.0.1, 10.0.0.0/33]}]}', ['NP205 to[0].networks[0]', 'NP205 to[0].networks[1]']],
  ['a network twice', 'egress', '{action: Accept, to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}]}', ['NP205 to[0].networks[1]']],
  ['names that are denied', 'egress', '{action: Deny, to: [{domainNames: [a.b]}]}', ['NP205 to[0].domainNames']],
  ['a name with a star inside', 'egress', '{action: Accept, to: [{domainNames: [a.*.b]}]}', ['NP205 to[0].domainNames[0]']],
  [
    'a range that ends where it starts',
    'ingress',
    '{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 80, end: 80}}}}]}',
    ['NP205 protocols[0].tcp.destinationPort.range'],
  ],
  [
    'a port out of range',
    'ingress',
    '{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 70000}}}]}',
    ['NP205 protocols[0].tcp.destinationPort.number'],
  ],
  [
    'a port as a string',
    'ingress',
    '{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: "80"}}}]}',
    ['NP204 protocols[0].tcp.destinationPort.number'],
  ],
  [
    'a named port of an address',
    'egress',
    '{action: Accept, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: http}]}',
    ['NP205 protocols[0].destinationNamedPort'],
  ],
  [
    'a selector without values',
    'ingress',
    '{action: Accept, from: [{namespaces: {matchExpressions: [{key: a, operator: In}]}}]}',
    ['NP205 from[0].namespaces.matchExpressions[0]'],
  ],
  [
    'an operator that is none',
    'ingress',
    '{action: Accept, from: [{namespaces: {matchExpressions: [{key: a, operator: Gt, values: ["1"]}]}}]}',
    ['NP205 from[0].namespaces.matchExpressions[0].operator'],
  ],
]

for (const [what, direction, rule] of good) {
  test(`clusterNetworkPolicy takes ${what}`, async () => assert.equal(await findingsOf('clusterNetworkPolicy', direction, rule), []))
}

for (const [what, direction, rule, expected] of bad) {
  test(`clusterNetworkPolicy refuses ${what}`, async () => assert.equal(await findingsOf('clusterNetworkPolicy', direction, rule), expected))
}

test.run()
