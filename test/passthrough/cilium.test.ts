import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findingsOf } from '../helpers/rules.ts'
import type { Direction } from '../helpers/rules.ts'

const good: readonly [string, Direction, string][] = [
  ['an empty rule, which allows nothing', 'ingress', '{}'],
  [
    'labels with and without a source',
    'ingress',
    '{fromEndpoints: [{matchLabels: {"k8s:app": a, b: c}, matchExpressions: [{key: "any:x/y", operator: In, values: [z]}]}]}',
  ],
  [
    'ports by number, by name and as a range',
    'ingress',
    '{toPorts: [{ports: [{port: "80", protocol: TCP}, {port: Http-1}, {port: "80", endPort: 90}, {port: "0"}, {port: "010"}]}]}',
  ],
  ['blocks with exceptions', 'egress', '{toCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8, 0.0.0.0/0]}, {cidr: "::/0", except: ["fe80::/10"]}]}'],
  ['blocks by group', 'egress', '{toCIDRSet: [{cidrGroupRef: a.b}, {cidrGroupSelector: {matchLabels: {a: b}}}]}'],
  [
    'names with the ports they are for',
    'egress',
    '{toFQDNs: [{matchName: a.example.com}, {matchPattern: "**.b.com"}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}',
  ],
  [
    'DNS rules, whatever the protocol',
    'egress',
    '{toEntities: [kube-apiserver], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]}',
  ],
  [
    'HTTP rules over TCP',
    'ingress',
    '{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "/(?i)[[:alpha:]]{2,3}", headerMatches: [{name: x, mismatch: LOG}]}]}}]}',
  ],
  ['ICMP types by number and by name', 'ingress', '{icmps: [{fields: [{type: 8}, {type: "8"}, {type: Echo}, {type: PacketTooBig, family: IPv6}]}]}'],
  ['null where the API server has a default', 'ingress', '{icmps: [{fields: [{type: 8, family: }]}]}'],
  ['Services', 'egress', '{toServices: [{k8sService: {serviceName: a, namespace: b}}]}'],
]

const bad: readonly [string, Direction, string, readonly string[]][] = [
  ['an unknown key', 'ingress', '{fromEndpoint: []}', ['NP203 fromEndpoint']],
  ['a key of the other direction', 'ingress', '{toEntities: [all]}', ['NP203 toEntities']],
  ['a port as a number', 'ingress', '{toPorts: [{ports: [{port: 80}]}]}', ['NP204 toPorts[0].ports[0].port']],
  ['a port out of range', 'egress', '{toPorts: [{ports: [{port: "70000", protocol: TCP}]}]}', ['NP205 toPorts[0].ports[0].port']],
  ['a port name that is too long', 'egress', '{toPorts: [{ports: [{port: a-very-long-port-name}]}]}', ['NP205 toPorts[0].ports[0].port']],
  ['an octal number that is none', 'egress', '{toPorts: [{ports: [{port: "09"}]}]}', ['NP205 toPorts[0].ports[0].port']],
  ['a port without its number', 'egress', '{toPorts: [{ports: [{protocol: TCP}]}]}', ['NP205 toPorts[0].ports[0]']],
  ['a protocol in lower case', 'egress', '{toPorts: [{ports: [{port: "80", protocol: tcp}]}]}', ['NP206 toPorts[0].ports[0].protocol']],
  ['41 ports', 'egress', `{toPorts: [{ports: [${Array(41).fill('{port: "80"}').join(', ')}]}]}`, ['NP205 toPorts[0].ports']],
  ['two sorts of peers', 'egress', '{toEndpoints: [{}], toCIDR: [10.0.0.0/8], toFQDNs: [{matchName: a.b}]}', ['NP205 toCIDR', 'NP205 toFQDNs']],
  ['ICMP beside ports', 'ingress', '{icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: "80"}]}]}', ['NP205 icmps']],
  ['an ICMP type of the other family', 'ingress', '{icmps: [{fields: [{type: PacketTooBig}]}]}', ['NP205 icmps[0].fields[0].type']],
  ['an ICMP rule without a type', 'ingress', '{icmps: [{fields: [{family: IPv4}]}]}', ['NP205 icmps[0].fields[0]']],
  ['a bare address, which the API server refuses', 'egress', '{toCIDR: [10.0.0.1]}', ['NP205 toCIDR[0]']],
  [
    'a block without a prefix that fits',
    'egress',
    '{toCIDR: [10.0.0.0/33, 010.0.0.0/8, 10.0.0.0/08]}',
    ['NP205 toCIDR[0]', 'NP205 toCIDR[1]', 'NP205 toCIDR[2]'],
  ],
  ['an exception outside its block', 'egress', '{toCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]}', ['NP205 toCIDRSet[0].except[0]']],
  ['an exception of the other family', 'egress', '{toCIDRSet: [{cidr: 0.0.0.0/0, except: ["fd00::/8"]}]}', ['NP205 toCIDRSet[0].except[0]']],
  ['a block of two sorts', 'egress', '{toCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: a}]}', ['NP205 toCIDRSet[0]']],
  ['a block of no sort', 'egress', '{toCIDRSet: [{except: []}]}', ['NP205 toCIDRSet[0]']],
  ['an entity that is none', 'ingress', '{fromEntities: [wolrd]}', ['NP206 fromEntities[0]']],
  ['a list that is deprecated', 'ingress', '{fromRequires: [a]}', ['NP205 fromRequires']],
  ['DNS rules on ingress', 'ingress', '{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}', ['NP205 toPorts[0].rules.dns']],
  ['DNS rules without ports', 'egress', '{toPorts: [{rules: {dns: [{matchPattern: "*"}]}}]}', ['NP205 toPorts[0]']],
  [
    'DNS rules over a range',
    'egress',
    '{toPorts: [{ports: [{port: "53", endPort: 60}], rules: {dns: [{matchPattern: "*"}]}}]}',
    ['NP205 toPorts[0].ports[0].endPort'],
  ],
  ['HTTP rules over any protocol', 'ingress', '{toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]}', ['NP205 toPorts[0].ports[0].protocol']],
  ['HTTP rules on port 0', 'ingress', '{toPorts: [{ports: [{port: "0", protocol: TCP}], rules: {http: [{}]}}]}', ['NP205 toPorts[0].ports[0].port']],
  [
    'HTTP beside DNS rules',
    'egress',
    '{toPorts: [{ports: [{port: "53", protocol: TCP}], rules: {http: [{}], dns: [{matchPattern: "*"}]}}]}',
    ['NP205 toPorts[0].rules'],
  ],
  [
    'an expression that Go does not have',
    'ingress',
    '{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "(?=a)", method: "a**"}]}}]}',
    ['NP205 toPorts[0].rules.http[0].path', 'NP205 toPorts[0].rules.http[0].method'],
  ],
  [
    'server names beside L7 rules without TLS',
    'ingress',
    '{toPorts: [{ports: [{port: "80", protocol: TCP}], serverNames: [a.b], rules: {http: [{}]}}]}',
    ['NP205 toPorts[0].serverNames'],
  ],
  ['a server name twice', 'ingress', '{toPorts: [{serverNames: [a.b, a.b]}]}', ['NP205 toPorts[0].serverNames[1]']],
  ['a listener on ingress', 'ingress', '{toPorts: [{listener: {name: a, envoyConfig: {name: b}}}]}', ['NP205 toPorts[0].listener']],
  [
    'a name with characters that no name has',
    'egress',
    '{toFQDNs: [{matchName: "a b.example.com"}, {matchName: "*.example.com"}]}',
    ['NP205 toFQDNs[0].matchName', 'NP205 toFQDNs[1].matchName'],
  ],
  ['a selector without values', 'ingress', '{fromEndpoints: [{matchExpressions: [{key: a, operator: In}]}]}', ['NP205 fromEndpoints[0].matchExpressions[0]']],
  ['a label with two sources', 'ingress', '{fromEndpoints: [{matchLabels: {"k8s:a:b": c}}]}', ['NP205 fromEndpoints[0].matchLabels.k8s:a:b']],
  ['nothing where a list belongs', 'ingress', '{toPorts: }', ['NP204 toPorts']],
  ['nodes, which need an option: a warning', 'egress', '{toNodes: [{}]}', ['NP506 toNodes']],
  ['a protocol without ports, which needs an option: a warning', 'egress', '{toPorts: [{ports: [{protocol: VRRP}]}]}', ['NP506 toPorts[0].ports[0]']],
]

for (const [what, direction, rule] of good) {
  test(`cilium takes ${what}`, async () => assert.equal(await findingsOf('cilium', direction, rule), []))
}

for (const [what, direction, rule, expected] of bad) {
  test(`cilium refuses ${what}`, async () => assert.equal(await findingsOf('cilium', direction, rule), expected))
}

test('a long name that is none takes no time', async () => {
  const started = performance.now()
  assert.equal(await findingsOf('cilium', 'egress', `{toFQDNs: [{matchName: "${'a'.repeat(250)}!"}]}`), ['NP205 toFQDNs[0].matchName'])
  assert.ok(performance.now() - started < 10_000)
})

test.run()
