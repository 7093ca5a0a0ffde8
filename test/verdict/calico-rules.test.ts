import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Judge } from '../../src/verdict/decide.ts'
import type { Backends, World } from '../../src/verdict/world.ts'
import { compiled, decide, egress, flowOf, gnp, ingress, np, remarks, world } from '../helpers/calico-verdicts.ts'

/** Whether a rule of ingress matches flows to `red/web`, by those that call it; the policy is global or of red. */
async function callers(rule: string, policy: (spec: string) => string, flows: readonly string[]): Promise<string[]> {
  const policies = await compiled(policy(`{ingress: [{action: Allow, ${rule}}]}`))
  return flows.filter(flow => decide(policies, flow).ingress.startsWith('allow'))
}

const ends = ['red/db', 'green/web', 'blue/bare', '198.51.100.9', 'node:there', 'apiserver']
const froms = ends.map(end => `${end} > red/web:8080`)

async function from(source: string, policy = gnp): Promise<string[]> {
  return (await callers(`source: ${source}`, policy, froms)).map(flow => flow.split(' ')[0] ?? '')
}

/** Whether a rule of egress matches what `red/web` calls. */
async function called(rule: string, flows: readonly string[], policy = gnp): Promise<string[]> {
  const policies = await compiled(policy(`{egress: [{action: Allow, ${rule}}]}`))
  return flows.filter(flow => decide(policies, flow).egress.startsWith('allow'))
}

test('protocols are matched by name, number or digits', async () => {
  const flows = ['red/db > red/web:1', 'red/db > red/web:1/UDP', 'red/db > red/web:1/SCTP']
  const matched = async (rule: string): Promise<string> => (await callers(rule, gnp, flows)).map(flow => flow.split('/')[3] ?? 'TCP').join(' ')
  assert.is(await matched('protocol: TCP'), 'TCP')
  assert.is(await matched('protocol: UDP'), 'UDP')
  assert.is(await matched('protocol: SCTP'), 'SCTP')
  assert.is(await matched('protocol: 6'), 'TCP')
  assert.is(await matched('protocol: "17"'), 'UDP')
  assert.is(await matched('protocol: 0x84'), 'SCTP')
  for (const other of ['ICMP', 'ICMPv6', 'UDPLite', '1', '58', '136', '50']) assert.is(await matched(`protocol: ${other}`), '', other)
  assert.is(await matched('notProtocol: TCP'), 'UDP SCTP')
  assert.is(await matched('notProtocol: 17'), 'TCP SCTP')
  assert.is(await matched('notProtocol: ICMP'), 'TCP UDP SCTP')
  assert.is(await matched('protocol: TCP, notProtocol: 6'), '')
})

test('ports are numbers, ranges and names, of which one must match', async () => {
  const flows = ['red/db > red/web:8080', 'red/db > red/web:80', 'red/db > red/web:443', 'red/db > red/web:444']
  const ports = async (list: string): Promise<string> =>
    (await callers(`protocol: TCP, destination: ${list}`, gnp, flows)).map(flow => flow.split(':')[1] ?? '').join(' ')
  assert.is(await ports('{ports: []}'), '8080 80 443 444')
  assert.is(await ports('{ports: [80]}'), '80')
  assert.is(await ports('{ports: ["80", 443]}'), '80 443')
  assert.is(await ports('{ports: ["80:443"]}'), '80 443')
  assert.is(await ports('{ports: ["81:442"]}'), '')
  assert.is(await ports('{ports: [0x1BC]}'), '444')
  assert.is(await ports('{ports: [http]}'), '8080')
  assert.is(await ports('{ports: [http, 444]}'), '8080 444')
  for (const name of ['metrics', 'p80', '80p']) assert.is(await ports(`{ports: [${name}]}`), '', name)
  assert.is(await ports('{notPorts: [80, http]}'), '443 444')
  assert.is(await ports('{notPorts: ["80:443"]}'), '8080 444')
  assert.is(await ports('{ports: ["80:8080"], notPorts: [443]}'), '8080 80 444')
  assert.is(await ports('{notPorts: []}'), '8080 80 443 444')
})

test('a named port has the protocol that its container gives it', async () => {
  const flows = ['red/db > red/web:53/UDP', 'red/db > red/web:53', 'red/db > red/web:8080']
  assert.equal(await callers('destination: {ports: [dns, http]}', gnp, flows), ['red/db > red/web:53/UDP', 'red/db > red/web:8080'])
  assert.equal(await callers('protocol: TCP, destination: {ports: [dns]}', gnp, flows), [])
  assert.equal(await callers('protocol: UDP, destination: {ports: [dns]}', gnp, flows), ['red/db > red/web:53/UDP'])
})

test('names stand for ports of pods alone, each its own', async () => {
  const flows = ['red/web > red/db:80', 'red/web > red/db:8080', 'red/web > green/web:8080', 'red/web > 198.51.100.9:80', 'red/web > node:there:80']
  assert.equal(await called('protocol: TCP, destination: {ports: [http]}', flows), ['red/web > red/db:80', 'red/web > green/web:8080'])
  assert.equal(await called(`protocol: TCP, destination: {selector: "app == 'db'", ports: [http]}`, flows), ['red/web > red/db:80'])
  assert.equal(await called(`protocol: TCP, destination: {selector: "app == 'web'", notPorts: [http]}`, flows), [])
})

test('a caller speaks from a port that no server has', async () => {
  const matched = async (source: string, flow = 'red/db > red/web:8080'): Promise<boolean> =>
    (await callers(`protocol: TCP, source: ${source}`, gnp, [flow])).length > 0
  assert.ok(await matched('{ports: ["32768:65535"]}'))
  assert.ok(await matched('{ports: [49152]}'))
  assert.not(await matched('{ports: ["1:49151"]}'))
  assert.not(await matched('{ports: [http]}'))
  assert.not(await matched('{notPorts: ["49152:65535"]}'))
  assert.ok(await matched('{notPorts: [http, "1:1023"]}'))
  // Its own port is never the one that it calls.
  assert.ok(await matched('{ports: [49153]}', 'red/db > red/web:49152'))
  assert.not(await matched('{ports: [49152]}', 'red/db > red/web:49152'))
})

test('nets are about every address, those of pods as well', async () => {
  assert.equal(await from('{nets: [10.1.0.0/16]}'), ['red/db', 'green/web'])
  assert.equal(await from('{nets: [198.51.100.0/24, 172.20.0.1/32]}'), ['198.51.100.9', 'apiserver'])
  assert.equal(await from('{nets: [0.0.0.0/0]}'), ['red/db', 'green/web', '198.51.100.9', 'node:there', 'apiserver'])
  assert.equal(await from('{notNets: [10.1.0.0/16]}'), ['blue/bare', '198.51.100.9', 'node:there', 'apiserver'])
  assert.equal(await from('{nets: [10.1.0.0/16], notNets: [10.1.0.2/32]}'), ['green/web'])
  assert.equal(await from('{nets: ["192.168.1.0/024"]}'), ['node:there'])
  assert.equal(await from('{nets: ["::ffff:198.51.100.0/120"]}'), ['198.51.100.9'])
  assert.equal(await from('{nets: [], notNets: []}'), ends)
})

test('a rule is about one family where its blocks or its ipVersion say so', async () => {
  const six = ['fd00::9 > green/web:80', 'green/six > green/web:80']
  const four = ['198.51.100.9 > green/web:80', 'red/web > green/web:80']
  const matched = async (rule: string): Promise<string[]> => callers(rule, gnp, [...six, ...four])
  assert.equal(await matched('ipVersion: 6'), six)
  assert.equal(await matched('ipVersion: 4'), four)
  assert.equal(await matched('source: {nets: ["fd00::/64"]}'), six)
  assert.equal(await matched('source: {notNets: ["fd00::9/128"]}'), ['green/six > green/web:80'])
  assert.equal(await matched('destination: {nets: ["::/0"]}'), six)
  assert.equal(await matched('destination: {notNets: ["2001:db8::/32"]}'), six)
  assert.equal(await matched('destination: {notNets: [192.0.2.0/24]}'), four)
  assert.equal(await matched('source: {selector: all()}'), ['green/six > green/web:80', 'red/web > green/web:80'])
})

test('ends that have both families speak the first that both have', async () => {
  const version = async (flow: string): Promise<string> => ((await callers('ipVersion: 6', gnp, [flow])).length > 0 ? 'six' : 'four')
  assert.is(await version('green/six > green/web:80'), 'six')
  assert.is(await version('green/web > green/six:80'), 'four')
  assert.is(await version('red/web > green/six:80'), 'four')
  assert.is(await version('green/six > red/web:80'), 'four')
  // One whose addresses are not known speaks as the other does.
  assert.is(await version('fd00::9 > blue/bare:80'), 'six')
  assert.is(await version('blue/bare > green/six:80'), 'six')
  assert.is(await version('blue/bare > red/web:80'), 'four')
  assert.is(await version('fd00::9 > red/web:80'), 'six')
})

test('two pods whose addresses are not known speak IPv4', async () => {
  const pods = world.pods.map(pod => ({ ...pod, addresses: [] }))
  assert.is(await ingress(gnp('{ingress: [{action: Allow, ipVersion: 4}]}'), 'red/db > red/web:80', { ...world, pods }), 'allow g spec.ingress[0]')
})

test('a selector selects pods, in a GlobalNetworkPolicy those of all namespaces', async () => {
  assert.equal(await from('{selector: all()}'), ['red/db', 'green/web', 'blue/bare'])
  assert.equal(await from('{selector: "!has(app)"}'), ['blue/bare'])
  assert.equal(await from('{selector: has(app)}'), ['red/db', 'green/web'])
})

test('what selects by labels in a NetworkPolicy stays in its namespace, or in those that it selects', async () => {
  assert.equal(await from('{selector: all()}', np), ['red/db'])
  assert.equal(await from('{serviceAccounts: {names: [runner, default]}}', np), ['red/db'])
  assert.equal(await from('{notSelector: "app == \'x\'"}', np), ['red/db'])
  assert.equal(await from('{selector: all(), namespaceSelector: "env == \'prod\'"}', np), ['green/web'])
  assert.equal(await from('{namespaceSelector: all()}', np), ['red/db', 'green/web', 'blue/bare'])
  assert.equal(await from('{nets: [0.0.0.0/0]}', np), ['red/db', 'green/web', '198.51.100.9', 'node:there', 'apiserver'])
  assert.equal(await from('{serviceAccounts: {}}', np), ends)
  assert.equal(await from('{}', np), ends)
})

test('a namespaceSelector is about labels of namespaces', async () => {
  assert.equal(await from('{namespaceSelector: "env == \'prod\'"}'), ['green/web'])
  assert.equal(await from('{namespaceSelector: "env != \'prod\'", selector: has(app)}'), ['red/db'])
  assert.equal(await from('{namespaceSelector: global()}'), [])
  assert.equal(await from('{namespaceSelector: " "}'), ['red/db', 'green/web', 'blue/bare'])
})

test('notSelector leaves out pods of the whole world, or of those that are selected', async () => {
  assert.equal(await from('{notSelector: has(app)}'), ['blue/bare', '198.51.100.9', 'node:there', 'apiserver'])
  assert.equal(await from('{selector: all(), notSelector: has(app)}'), ['blue/bare'])
  assert.equal(await from('{notSelector: global()}'), ['198.51.100.9', 'node:there', 'apiserver'])
  assert.equal(await from('{namespaceSelector: all(), notSelector: "app == \'db\'"}'), ['green/web', 'blue/bare'])
})

test('service accounts are selected by name, by labels, or by both', async () => {
  assert.equal(await from('{serviceAccounts: {names: [runner]}}'), ['green/web'])
  assert.equal(await from('{serviceAccounts: {names: [runner, default]}}'), ['red/db', 'green/web', 'blue/bare'])
  assert.equal(await from('{serviceAccounts: {selector: "role == \'writer\'"}}'), ['green/web'])
  assert.equal(await from('{serviceAccounts: {names: [default], selector: has(role)}}'), [])
  assert.equal(await from('{serviceAccounts: {names: [runner], selector: has(role)}}'), ['green/web'])
  assert.equal(await from('{selector: "app == \'db\'", serviceAccounts: {names: [default]}}'), ['red/db'])
  assert.equal(await from('{serviceAccounts: {names: []}}'), ends)
})

test('names of service accounts that break the selector which Calico makes of them limit nothing', async () => {
  assert.equal(await from(`{serviceAccounts: {names: ["it's"]}}`), ends)
  assert.equal(await from(`{serviceAccounts: {names: ["it's"], selector: has(role)}}`), ends)
  assert.equal(await from(`{serviceAccounts: {names: ["x', 'default"]}}`), ['red/db', 'blue/bare'])
})

test('all that a rule says must hold, of both ends', async () => {
  const rule = 'protocol: TCP, source: {selector: has(app)}, destination: {ports: [8080]}'
  assert.equal(await callers(rule, gnp, ['red/db > red/web:8080', 'red/db > red/web:80', 'blue/bare > red/web:8080', '198.51.100.9 > red/web:8080']), [
    'red/db > red/web:8080',
  ])
  assert.equal(await from('{selector: has(app), nets: [10.1.0.2/32]}'), ['red/db'])
  assert.equal(await called('source: {selector: has(tier)}', ['red/web > red/db:80', 'red/db > red/web:80']), ['red/web > red/db:80'])
  assert.equal(await callers('destination: {selector: has(tier)}', gnp, ['red/db > red/web:1', 'red/web > red/db:1']), ['red/db > red/web:1'])
})

test('a Service as a destination is its endpoints with their ports', async () => {
  const flows = [
    'red/web > red/db:80',
    'red/web > red/db:9000/UDP',
    'red/web > red/db:9000',
    'red/web > red/db:443',
    'red/web > green/web:80',
    'red/web > 198.51.100.7:8443',
    'red/web > 198.51.100.8:8443',
    'red/web > apiserver:6443',
    'red/web > apiserver:443',
  ]
  const to = async (service: string): Promise<string[]> => called(`destination: {services: ${service}}`, flows)
  assert.equal(await to('{name: db, namespace: red}'), ['red/web > red/db:80'])
  assert.equal(await to('{name: number, namespace: red}'), ['red/web > red/db:9000/UDP'])
  // Labels are of pods of its own namespace.
  assert.equal(await to('{name: away, namespace: blue}'), [])
  assert.equal(await to('{name: outer, namespace: red}'), ['red/web > 198.51.100.7:8443'])
  assert.equal(await to('{name: kubernetes, namespace: default}'), ['red/web > apiserver:6443'])
  assert.equal(await to('{name: db, namespace: green}'), [])
  // Nobody but a pod has ports by name, and nobody stands behind a Service without a selector.
  assert.equal(await to('{name: named, namespace: red}'), [])
  assert.equal(await to('{name: headless, namespace: red}'), [])
})

test('an end with several addresses stands behind a Service by any of them', async () => {
  const inWorld = { ...world, apiserver: { kind: 'apiserver', addresses: ['172.20.0.1', '198.51.100.7'], port: 6443 } } as const
  const rule = gnp('{egress: [{action: Allow, destination: {services: {name: outer, namespace: red}}}]}')
  assert.is(await egress(rule, 'red/web > apiserver:8443', inWorld), 'allow g spec.egress[0]')
})

test('a target by name is the port of that name and protocol', async () => {
  const ports = [
    { name: 'http', port: 80, protocol: 'UDP' as const },
    { name: 'http', port: 81, protocol: 'TCP' as const },
    { name: 'other', port: 82, protocol: 'TCP' as const },
  ]
  const pods = world.pods.map(pod => (pod.name === 'db' ? { ...pod, ports } : pod))
  const rule = gnp('{egress: [{action: Allow, destination: {services: {name: db, namespace: red}}}]}')
  const policies = await compiled(rule, { ...world, pods })
  assert.equal(
    [80, 81, 82].map(port => decide(policies, `red/web > red/db:${port}`, { ...world, pods }).egress),
    ['lock g', 'allow g spec.egress[0]', 'lock g'],
  )
})

test('a Service as a source is the addresses of its endpoints', async () => {
  const callersOf = async (service: string): Promise<string[]> =>
    (
      await callers(`source: {services: ${service}}`, gnp, [
        'red/db > red/web:1',
        'green/web > red/web:1',
        '198.51.100.7 > red/web:1',
        'fd02::7 > green/web:1',
        'apiserver > red/web:1',
      ])
    ).map(flow => flow.split(' ')[0] ?? '')
  assert.equal(await callersOf('{name: db, namespace: red}'), ['red/db'])
  assert.equal(await callersOf('{name: outer, namespace: red}'), ['198.51.100.7', 'fd02::7'])
  assert.equal(await callersOf('{name: named, namespace: red}'), ['198.51.100.7'])
  assert.equal(await callersOf('{name: kubernetes, namespace: default}'), ['apiserver'])
  assert.equal(await callersOf('{name: nothing, namespace: red}'), [])
})

test('the Service of the API server is whatever the world says of it', async () => {
  const kubernetes = { ...world.services[2], namespace: 'default', name: 'kubernetes' } as (typeof world.services)[number]
  const rule = gnp('{egress: [{action: Allow, destination: {services: {name: kubernetes, namespace: default}}}]}')
  const own = { ...world, services: [kubernetes] }
  assert.is(await egress(rule, 'red/web > apiserver:6443', own), 'lock g')
  assert.is(await egress(rule, 'red/web > 198.51.100.7:8443', own), 'allow g spec.egress[0]')
  assert.is(await egress(rule, 'red/web > 172.20.0.1:6443', { ...world, apiserver: undefined }), 'lock g')
})

test('a Service that the stream does not have may be any, which is told where it would change the verdict', async () => {
  const doubt = async (rule: string, flow: string, direction: 'ingress' | 'egress'): Promise<string | undefined> =>
    new Judge(await compiled(gnp(`{${direction}: [{action: Allow, ${rule}}]}`))).decide(flowOf(flow))[direction]?.doubt?.why
  const missing = 'the stream has no Service red/missing'
  assert.is(await doubt('destination: {services: {name: missing, namespace: red}}', 'red/web > 198.51.100.9:443', 'egress'), missing)
  assert.is(await doubt('source: {services: {name: missing, namespace: red}}', '198.51.100.9 > red/web:443', 'ingress'), missing)
  assert.is(await doubt('protocol: UDP, destination: {services: {name: missing, namespace: red}}', 'red/web > 198.51.100.9:443', 'egress'), undefined)
  assert.is(await doubt('protocol: UDP, source: {services: {name: missing, namespace: red}}', '198.51.100.9 > red/web:443', 'ingress'), undefined)
  assert.is(
    await doubt('protocol: TCP, source: {services: {name: missing, namespace: red}, ports: ["1:1023"]}', '198.51.100.9 > red/web:443', 'ingress'),
    undefined,
  )
  assert.is(await doubt('destination: {services: {name: db, namespace: red}}', 'red/web > 198.51.100.9:443', 'egress'), undefined)
  assert.is(await doubt('destination: {services: {name: kubernetes, namespace: default}}', 'red/web > 198.51.100.9:443', 'egress'), undefined)
})

test('of a Service that someone else manages the endpoints of, what is not known is told', async () => {
  const service = (backends: Backends, target: number | string): World => ({
    ...world,
    services: [{ namespace: 'red', name: 'own', labels: {}, clusterAddresses: [], backends, ports: [{ name: 'x', port: 443, target, protocol: 'TCP' }] }],
  })
  const decided = async (rule: string, flow: string, inWorld: World) => new Judge(await compiled(gnp(rule), inWorld)).decide(flowOf(flow, inWorld))
  const to = '{egress: [{action: Allow, destination: {services: {name: own, namespace: red}}}]}'
  const doubtTo = async (flow: string, inWorld: World) => (await decided(to, flow, inWorld)).egress?.doubt?.why
  const nothing = 'the stream has no endpoints of Service red/own'
  assert.is(await doubtTo('red/web > 198.51.100.9:443', service({ unknown: true }, 443)), nothing)
  const from = '{ingress: [{action: Allow, source: {services: {name: own, namespace: red}}}]}'
  assert.is((await decided(from, '198.51.100.9 > red/web:443', service({ unknown: true }, 443))).ingress?.doubt?.why, nothing)
  const known = { addresses: ['198.51.100.9'] }
  assert.is(await doubtTo('red/web > 198.51.100.9:443', service(known, 'web')), 'the stream does not tell the number of port web of Service red/own')
  assert.is((await decided(from, '198.51.100.9 > red/web:443', service(known, 'web'))).ingress?.doubt, undefined)
  const sure = await decided(to, 'red/web > 198.51.100.9:443', service(known, 443))
  assert.equal([sure.egress?.allowed, sure.egress?.doubt], [true, undefined])
})

test('a Service without a namespace is none, and that is told', async () => {
  const rule = np('{egress: [{action: Allow, destination: {services: {name: db}}}]}')
  assert.is(await egress(rule, 'red/web > red/db:80'), 'lock p')
  assert.is(new Judge(await compiled(rule)).decide(flowOf('red/web > red/db:80')).egress?.doubt, undefined)
  assert.equal(await remarks(rule), ['p: spec.egress[0].destination.services names no namespace, so that felix looks for a Service of none: nothing matches'])
  assert.equal(await remarks(np('{egress: [{action: Allow, destination: {services: {name: db, namespace: red}}}]}')), [])
})

test('what the kernel does not look at is as if it were not there, and that is told', async () => {
  const http = np('{ingress: [{action: Allow, http: {methods: [GET]}}]}')
  assert.is(await ingress(http, 'red/db > red/web:80'), 'allow p spec.ingress[0]')
  assert.equal(await remarks(http), ['p: spec.ingress[0].http is not looked at by the kernel, so that the rule matches whatever is requested'])
  const icmp = np('{ingress: [{action: Allow, protocol: TCP, notICMP: {type: 8}}]}')
  assert.is(await ingress(icmp, 'red/db > red/web:80'), 'allow p spec.ingress[0]')
  assert.equal(await remarks(icmp), [
    'p: spec.ingress[0].notICMP stands without the protocol ICMP; other traffic is told as if it were not there, but dataplanes differ',
  ])
  for (const protocol of ['ICMP', 'ICMPv6', '1', '58'])
    assert.equal(await remarks(np(`{ingress: [{action: Allow, protocol: ${protocol}, notICMP: {type: 8}}]}`)), [])
})

test('names of the DNS are a field that the API drops, so that the rule is about any destination, and that is told', async () => {
  const rule = np('{egress: [{action: Allow, destination: {domains: [example.com]}}]}')
  assert.is(await egress(rule, 'red/web > 198.51.100.9:443'), 'allow p spec.egress[0]')
  assert.match((await remarks(rule))[0] ?? '', /^p: spec\.egress\[0\]\.destination\.domains needs Calico Enterprise/)
})

test('rules keep their numbers where others are logged', async () => {
  assert.is(await ingress(np('{ingress: [{action: Log}, {action: Allow}]}'), 'red/db > red/web:80'), 'allow p spec.ingress[1]')
})

test.run()
