import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ears, load } from '../helpers/facts.ts'

/** What is told of values that are not of the shape they must have, word for word: what `enabled: true` stands beside, and the keys below networkPolicy. */
const rows: readonly (readonly [string, ...string[]])[] = [
  ['enabled: 5', 'NP204 enabled must be true or false, not the number 5'],
  ['engine: [cilium]', 'NP206 engine is a list; it can be kubernetes, cilium, calico, clusterNetworkPolicy'],
  ['engine: {a: 1}', 'NP206 engine is a mapping; it can be kubernetes, cilium, calico, clusterNetworkPolicy'],
  ['engine: 5', 'NP206 engine is "5"; it can be kubernetes, cilium, calico, clusterNetworkPolicy'],
  ['engine: clium', 'NP206 engine is "clium"; it can be kubernetes, cilium, calico, clusterNetworkPolicy. Did you mean cilium?'],
  ['engine: podman', 'NP206 engine is "podman"; it can be kubernetes, cilium, calico, clusterNetworkPolicy'],
  ['replace: "true"', 'NP204 replace must be true or false, not "true"'],
  ['controller: 5', 'NP204 controller must be a string, not the number 5'],
  ['controller: {a: 1}', 'NP204 controller must be a string, not a mapping'],
  ['controller: [a, 5]', 'NP204 controller[1] must be a string, not the number 5'],
  ['controller: [null]', 'NP204 controller[0] must be a string, not nothing'],
  ['namespace: 1', 'NP204 namespace must be a namespace name, not the number 1'],
  ['namespace: A_B', 'NP204 namespace must be a namespace name, not "A_B"'],
  ['defaultDeny: true', 'NP204 defaultDeny must be a mapping, not the boolean true'],
  ['defaultDeny: {order: high}', 'NP204 defaultDeny.order must be a number, not "high"'],
  ['defaultDeny: {order: .inf}', 'NP204 defaultDeny.order must be a number, not ".inf"'],
  ['egress: {dns: yes please}', 'NP204 egress.dns must be true or false, not "yes please"'],
  ['egress: {dnsNamespace: ""}', 'NP204 egress.dnsNamespace must be a namespace name, not ""'],
  ['egress: {dnsNamespace: a b}', 'NP204 egress.dnsNamespace must be a namespace name, not "a b"'],
  ['egress: {dnsCIDRs: 10.0.0.1/32}', 'NP204 egress.dnsCIDRs must be a list of string, not "10.0.0.1/32"'],
  ['egress: {dnsCIDRs: [here]}', 'NP204 egress.dnsCIDRs[0] must be a CIDR such as 10.0.0.1/32 or fd00::/8, not "here"'],
  [
    'egress: {dnsCIDRs: [10.1.2.3/8]}',
    'NP205 egress.dnsCIDRs[0] is 10.1.2.3/8, which has bits past its prefix; write 10.0.0.0/8, or 10.1.2.3/32 for the one address',
  ],
  [
    'egress: {dnsCIDRs: ["fd00::1/8"]}',
    'NP205 egress.dnsCIDRs[0] is fd00::1/8, which has bits past its prefix; write fd00::/8, or fd00::1/128 for the one address',
  ],
  [
    'egress: {dnsCIDRs: ["::ffff:10.0.0.0/104"]}',
    'NP205 egress.dnsCIDRs[0] is ::ffff:10.0.0.0/104, an IPv4 address written as an IPv6 one; write the IPv4 block',
  ],
  ['egress: {dnsCIDRs: [null]}', 'NP204 egress.dnsCIDRs[0] must be a string, not nothing'],
  ['egress: {apiserver: {cidrs: [5]}}', 'NP204 egress.apiserver.cidrs[0] must be a CIDR such as 10.0.0.1/32 or fd00::/8, not the number 5'],
  ['egress: {apiserver: {ports: [0]}}', 'NP204 egress.apiserver.ports[0] must be a port from 1 to 65535, not the number 0'],
  [
    'egress: {apiserver: {ports: [null, https, 65536]}}',
    'NP204 egress.apiserver.ports[0] must be a port number, not nothing',
    'NP204 egress.apiserver.ports[1] must be a port from 1 to 65535, not "https"',
    'NP204 egress.apiserver.ports[2] must be a port from 1 to 65535, not the number 65536',
  ],
  ['egress: {apiserver: {ports: 443}}', 'NP204 egress.apiserver.ports must be a list of port number, not the number 443'],
  ['egress: {to: {}}', 'NP204 egress.to must be a list of NetworkPolicyEgressRule, not a mapping'],
  ['egress: {to: [null]}', 'NP204 egress.to[0] must be a NetworkPolicyEgressRule, not nothing'],
  ['egress: {to: [{to: [{}]}]}', 'NP205 egress.to[0].to[0] must have a podSelector, a namespaceSelector or an ipBlock'],
  ['egress: {to: [{from: []}]}', 'NP203 egress.to[0].from is no known key'],
  ['ports: {metrics: "8080"}', 'NP204 ports.metrics must be a port from 1 to 65535, not "8080"'],
  ['ports: {metrics: 0}', 'NP204 ports.metrics must be a port from 1 to 65535, not the number 0'],
  ['ports: {metrics: 1.5}', 'NP204 ports.metrics must be a port from 1 to 65535, not the number 1.5'],
  ['ports: {metrics: [1]}', 'NP204 ports.metrics must be a port from 1 to 65535, not a list'],
  ['metrics: {from: [null]}', 'NP204 metrics.from[0] must be a NetworkPolicyPeer, not nothing'],
  ['metrics: {from: [5]}', 'NP204 metrics.from[0] must be a mapping, not the number 5'],
  ['metrics: {from: [{podSelector: 5}]}', 'NP204 metrics.from[0].podSelector must be a mapping, not the number 5'],
  [
    'metrics: {from: [{podSelector: {matchLabels: []}}]}',
    'NP204 metrics.from[0].podSelector.matchLabels must be a mapping of label keys to strings, not a list',
  ],
  ['metrics: {from: [{podSelector: {matchLabels: {a: 5}}}]}', 'NP204 metrics.from[0].podSelector.matchLabels.a must be a string (quote it), not the number 5'],
  ['metrics: {from: [{podSelector: {matchLabels: {a: [b]}}}]}', 'NP204 metrics.from[0].podSelector.matchLabels.a must be a string (quote it), not a list'],
  ['metrics: {from: [{podSelector: {matchLabels: {-a: b}}}]}', 'NP205 metrics.from[0].podSelector.matchLabels.-a has "-a" for a key, which is no label key'],
  ['metrics: {from: [{podSelector: {matchLabels: {a: -b}}}]}', 'NP205 metrics.from[0].podSelector.matchLabels.a is "-b", which is no label value'],
  [
    'metrics: {from: [{podSelector: {matchLabels: {-a: -b}}}]}',
    'NP205 metrics.from[0].podSelector.matchLabels.-a has "-a" for a key, which is no label key',
    'NP205 metrics.from[0].podSelector.matchLabels.-a is "-b", which is no label value',
  ],
  ['metrics: {from: [{podSelector: {matchExpressions: [{operator: In, values: [a]}]}}]}', 'NP205 metrics.from[0].podSelector.matchExpressions[0] needs a key'],
  ...['{key: a}', '{key: a, values: [b]}', '{key: a, operator: null}'].map(
    expression =>
      [
        `metrics: {from: [{podSelector: {matchExpressions: [${expression}]}}]}`,
        'NP205 metrics.from[0].podSelector.matchExpressions[0] needs an operator',
      ] as const,
  ),
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: -a, operator: Exists}]}}]}',
    'NP204 metrics.from[0].podSelector.matchExpressions[0].key must be a label key, not "-a"',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [5]}]}}]}',
    'NP204 metrics.from[0].podSelector.matchExpressions[0].values[0] must be a label value (quote numbers), not the number 5',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}]}',
    'NP206 metrics.from[0].podSelector.matchExpressions[0].operator is "in"; it can be In, NotIn, Exists, DoesNotExist. Did you mean In?',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: In}]}}]}',
    'NP205 metrics.from[0].podSelector.matchExpressions[0] needs values for the operator In',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}}]}',
    'NP205 metrics.from[0].podSelector.matchExpressions[0] needs values for the operator NotIn',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}]}',
    'NP205 metrics.from[0].podSelector.matchExpressions[0] takes no values with the operator Exists',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}}]}',
    'NP205 metrics.from[0].podSelector.matchExpressions[0] takes no values with the operator DoesNotExist',
  ],
  [
    'metrics: {from: [{podSelector: {matchExpressions: [null]}}]}',
    'NP204 metrics.from[0].podSelector.matchExpressions[0] must be a LabelSelectorRequirement, not nothing',
  ],
  ['metrics: {from: [{ipBlock: {}}]}', 'NP205 metrics.from[0].ipBlock needs a cidr'],
  [
    'metrics: {from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}',
    'NP205 metrics.from[0].ipBlock excepts 10.0.0.0/8, which is not strictly within 10.0.0.0/8',
  ],
  [
    'metrics: {from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/16]}}]}',
    'NP205 metrics.from[0].ipBlock excepts 11.0.0.0/16, which is not strictly within 10.0.0.0/8',
  ],
  [
    'metrics: {from: [{ipBlock: {cidr: 10.0.0.0/8, except: ["fd00::/16"]}}]}',
    'NP205 metrics.from[0].ipBlock excepts fd00::/16, which is not strictly within 10.0.0.0/8',
  ],
  ['metrics: {from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}', 'NP205 metrics.from[0] has an ipBlock beside a selector; the API server refuses that'],
  [
    'metrics: {from: [{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}]}',
    'NP205 metrics.from[0] has an ipBlock beside a selector; the API server refuses that',
  ],
  ['metrics: {enabled: true}', 'NP203 metrics.enabled is no known key'],
  ['metric: {}', 'NP203 metric is no known key; did you mean metrics?'],
  ['egress: {apiServer: {}}', 'NP203 egress.apiServer is no known key; did you mean apiserver?'],
  [
    'additionalIngress: [{ports: [{port: a_b}]}]',
    'NP204 additionalIngress[0].ports[0].port must be a port from 1 to 65535 or a port name (at most 15 characters, lower case), not "a_b"',
  ],
  [
    'additionalIngress: [{ports: [{port: "80"}]}]',
    'NP204 additionalIngress[0].ports[0].port must be a port from 1 to 65535 or a port name (at most 15 characters, lower case), not "80"',
  ],
  [
    'additionalIngress: [{ports: [{port: 70000}]}]',
    'NP204 additionalIngress[0].ports[0].port must be a port from 1 to 65535 or a port name (at most 15 characters, lower case), not the number 70000',
  ],
  [
    'additionalIngress: [{ports: [{port: [80]}]}]',
    'NP204 additionalIngress[0].ports[0].port must be a port from 1 to 65535 or a port name (at most 15 characters, lower case), not a list',
  ],
  [
    'additionalIngress: [{ports: [{port: 80, protocol: tcp}]}]',
    'NP206 additionalIngress[0].ports[0].protocol is "tcp"; it can be TCP, UDP, SCTP. Did you mean TCP?',
  ],
  ['additionalIngress: [{ports: [{port: 80, endPort: 79}]}]', 'NP205 additionalIngress[0].ports[0] has the endPort 79 below its port 80'],
  ['additionalIngress: [{ports: [{port: 80, endPort: 80}]}]'],
  ['additionalIngress: [{ports: [{port: http, endPort: 80}]}]', 'NP205 additionalIngress[0].ports[0] has an endPort, which needs a port number to start from'],
  ['additionalIngress: [{ports: [{endPort: 80}]}]', 'NP205 additionalIngress[0].ports[0] has an endPort, which needs a port number to start from'],
  ['additionalIngress: [{ports: [{port: 80, endPort: high}]}]', 'NP204 additionalIngress[0].ports[0].endPort must be a port from 1 to 65535, not "high"'],
  ['cilium: {egress: [5]}', 'NP204 cilium.egress[0] must be a mapping (CiliumNetworkPolicy rule), not the number 5'],
  ['cilium: {ingress: [[]]}', 'NP204 cilium.ingress[0] must be a mapping (CiliumNetworkPolicy rule), not a list'],
  ['calico: {order: first}', 'NP204 calico.order must be a number, not "first"'],
  ['clusterNetworkPolicy: {priority: "1"}', 'NP204 clusterNetworkPolicy.priority must be a number, not "1"'],
]

test('a value of another shape is told, with its path, its place and what it must be', async () => {
  for (const [block, ...expected] of rows) {
    const heard = ears()
    const text = `networkPolicy:\n${block.startsWith('enabled') ? '' : '  enabled: true\n'}  ${block}\n`
    await load([text], {}, heard)
    assert.equal(
      heard.diagnostics.all.map(({ code, message }) => `${code} ${message.replace(/^networkPolicy\./, '')}`),
      expected,
      block,
    )
    for (const { message, place } of heard.diagnostics.all) assert.ok(message.startsWith(`${place?.path} `), message)
  }
})

test('what to do about a word that is none of a few is told', async () => {
  for (const [block, advice] of [
    ['engine: clium', 'The engine is never detected: name the one that your cluster enforces.'],
    ['additionalIngress: [{ports: [{protocol: tcp}]}]', 'Write one of them.'],
  ] as const) {
    const heard = ears()
    await load([`networkPolicy: {enabled: true, ${block}}\n`], {}, heard)
    assert.equal(
      heard.diagnostics.all.map(({ help }) => help),
      [advice],
    )
  }
})

test('where nothing enables, a key that is near `enabled` is told, or one of the values that is near the root', async () => {
  const unset = 'NP209 no values set networkPolicy.enabled, so there are no policies and the stream passes through unchanged'
  for (const [text, ...expected] of [
    ['networkPolicy: {enbaled: true}\n', 'NP203 networkPolicy.enbaled is no known key; did you mean enabled?'],
    ['networkPolicy: {engine: cilium, enable: true}\n', 'NP203 networkPolicy.enable is no known key; did you mean enabled?'],
    ['networkPolicy: {enabled: null, engine: cilium}\n', unset],
    ['other: 1\n', unset],
    ['other: 1\nnetworkpolicies: {enabled: true}\n', `${unset}; the values have networkpolicies, did you mean networkPolicy?`],
    ['networkPolicy: {engine: cilium}\n', unset],
  ] as const) {
    const heard = ears()
    await load([text], {}, heard)
    assert.equal(
      heard.diagnostics.all.map(({ code, message }) => `${code} ${message}`),
      expected,
      text,
    )
  }
  const heard = ears()
  await load(['networkPolicy:\n  a: 1\n  enbaled: true\n'], {}, heard)
  assert.equal(heard.diagnostics.all[0]?.place, { source: '0.yaml', line: 3, column: 3, path: 'networkPolicy.enbaled' })
})

test('what a flag gives has the flag for its place, and no line', async () => {
  for (const [options, place] of [
    [{ engine: 'clium' }, { source: '--engine', line: 0, column: 1, path: 'networkPolicy.engine' }],
    [{ namespace: 'A_B' }, { source: '--namespace', line: 0, column: 1, path: 'networkPolicy.namespace' }],
  ] as const) {
    const heard = ears()
    await load(['networkPolicy: {enabled: true}\n'], options, heard)
    assert.equal(
      heard.diagnostics.all.map(told => told.place),
      [place],
    )
  }
})

test('of an expression that is not ours no more is told than its first name', async () => {
  const long = `networkPolicy.${'a'.repeat(46)}`
  const noValue = 'has no value; write NAME=VALUE, and a comma within a value as "\\,"'
  for (const [text, expected] of [
    ['networkPoli\\cy.a[x]=hunter2', /^--set networkPoli\\cy\.a\[x\]: "x" is not a list index[^]*NAME\[0\]=VALUE$/],
    ['networkPolicy[x]=1', /^--set networkPolicy\[x\]: "x" is not a list index/],
    ['networkPolicy', /^--set networkPolicy: "networkPolicy" has no value/],
    ['networkPolicyX.hunter2', `--set: this name ${noValue}`],
    ['a,hunter2=x', `--set: this name ${noValue}`],
    ['a=x,hunter2', `--set a=…: this name ${noValue}`],
    [long, new RegExp(`^--set ${long}: `)],
    [`${long}a`, new RegExp(`^--set ${long}…: `)],
  ] as const) {
    const heard = ears()
    await load(['networkPolicy: {enabled: true}\n'], { sets: [{ kind: 'set', source: { name: '--set', text, firstLine: 0 } }] }, heard)
    const [told, ...more] = heard.diagnostics.all
    assert.is(more.length, 0)
    assert.is(told?.code, 'NP202')
    if (typeof expected === 'string') assert.is(told?.message, expected)
    else assert.match(told?.message ?? '', expected)
  }
})

test.run()
