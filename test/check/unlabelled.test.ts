import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { answered, checked, clusterPolicy, flowOf, networkPolicy } from '../helpers/checking.ts'
import { service, workload } from '../helpers/streams.ts'

/** Namespaces whose labels nobody tells, and policies of which it is not known when they are asked. */

const pod = (name: string, namespace: string): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: x}]}\n`
const to = (label: string, namespace: string): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {${label}}}}]}]}`, {
    name: 'out',
    namespace,
  })
const from = (label: string, namespace: string): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: b}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {${label}}}}]}]}`, {
    name: 'in',
    namespace,
  })
const verdictOf = async (...given: Parameters<typeof answered>): Promise<string[]> => (await answered(...given)).map(({ verdict }) => verdict)

const labels = suite('labels that nobody tells')

labels('what takes two labels of a namespace is not known', async () => {
  const stream = pod('a', 'stage') + pod('b', 'stage') + to('team: x', 'stage') + from('env: prod', 'stage')
  const [flow] = await answered(stream, ['stage/a -> stage/b:80'])
  assert.equal(flow?.unknown, {
    what: 'the labels of namespace stage are not known',
    through: ['namespace stage labelled env=prod, team=x'],
    cut: ['namespace stage with no labels but its name'],
  })
})

labels('what takes a label of each of two namespaces is not known', async () => {
  const stream = pod('a', 'one') + pod('b', 'two') + to('env: prod', 'two') + to('env: dev', 'one') + from('env: prod', 'two')
  const [flow] = await answered(stream, ['one/a -> two/b:80'])
  if (flow === undefined) throw new Error('no flow')
  assert.is(flow.verdict, 'unknown')
  assert.equal(flow.unknown?.cut, ['namespace one and namespace two with no labels but their names'])
})

labels('callers that a policy speaks of count where labels would make it select', async () => {
  const deny = clusterPolicy('ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {role: odd}}}}]}]', {
    subject: '{namespaces: {matchLabels: {env: prod}}}',
  })
  const stream = workload({ ports: '[{name: https, containerPort: 9443}]' }) + service() + deny
  const account = await checked(stream, { implementation: 'generic', namespace: 'stage' })
  assert.is(flowOf(account, 'service').verdict, 'unknown')
})

labels('a lookup that is let through under a label of the namespace teaches the name', async () => {
  const cilium = (kind: string, metadata: string, spec: string): string =>
    `---\napiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\n`
  const lookups = cilium(
    'CiliumClusterwideNetworkPolicy',
    '{name: lookups}',
    "{endpointSelector: {matchLabels: {io.cilium.k8s.namespace.labels.env: prod}}, egress: [{toPorts: [{ports: [{port: '53'}], rules: {dns: [{matchPattern: '*'}]}}]}]}",
  )
  const byName = cilium('CiliumNetworkPolicy', '{name: own, namespace: stage}', '{endpointSelector: {}, egress: [{toFQDNs: [{matchName: api.example.com}]}]}')
  const world = 'names: [{name: api.example.com, addresses: [203.0.113.9]}]'
  const asked = ['stage/a -> api.example.com:443']
  assert.equal(await verdictOf(pod('a', 'stage') + lookups + byName, asked, { world, implementation: 'cilium' }), ['unknown'])
})

labels('many policies with a label each are asked in little time', async () => {
  const many = Array.from(
    { length: 60 },
    (_, index) => pod(`p${index}`, 'stage') + from(`team: t${index}`, 'stage').replace('app: b', `app: p${index}`).replace('name: in', `name: in${index}`),
  )
  const before = process.cpuUsage().user
  await verdictOf(
    many.join(''),
    many.map((_, index) => `stage/p0 -> stage/p${index}:80`),
  )
  assert.ok(process.cpuUsage().user - before < 3_000_000)
})

labels.run()

const doubts = suite('policies of which it is not known when they are asked')

const accept = (app: string): string => `{action: Accept, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: ${app}}}}}]}`
const denyAll = '{action: Deny, from: [{namespaces: {}}]}'
const pods = pod('a', 'stage') + pod('b', 'stage')
const asked = ['stage/a -> stage/b:80']

doubts('what a lower priority decides, rivals of a higher one leave alone', async () => {
  const rivals =
    clusterPolicy(`ingress: [${accept('z')}]`, { name: 'one', priority: 10 }) + clusterPolicy(`ingress: [${denyAll}]`, { name: 'two', priority: 10 })
  assert.equal(await verdictOf(pods + clusterPolicy(`ingress: [${accept('a')}]`, { name: 'first' }) + rivals, asked), ['allowed'])
  assert.equal(await verdictOf(pods + clusterPolicy(`ingress: [${accept('a')}]`, { name: 'first', priority: 10 }) + rivals, asked), ['unknown'])
})

doubts('a rule behind one of its policy that surely matches leaves no doubt', async () => {
  const rival = clusterPolicy(`ingress: [${accept('z')}]`, { name: 'one' })
  assert.equal(await verdictOf(pods + rival + clusterPolicy(`ingress: [${accept('a')}, ${denyAll}]`, { name: 'two' }), asked), ['allowed'])
  const tiered = (rules: string): string =>
    `---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: security.own}\nspec: {tier: security, selector: "app == 'b'", types: [Ingress], ingress: [${rules}]}\n`
  assert.equal(await verdictOf(pods + tiered(`{action: Allow, source: {selector: "app == 'a'"}}, {action: Deny}`), asked), ['allowed'])
  assert.equal(await verdictOf(pods + tiered(`{action: Allow, source: {selector: "app == 'z'"}}, {action: Deny}`), asked), ['unknown'])
})

doubts.run()
