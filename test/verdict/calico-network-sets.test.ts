import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cnp, compiled, decide, gnp, knp, np, refusals } from '../helpers/calico-verdicts.ts'

const labels = '{kind: partner}'

function set(nets: string, { kind = 'NetworkSet', namespace = 'red', labelled = labels, group = 'projectcalico.org/v3', annotations = '{}' } = {}): string {
  const metadata = `{name: s, labels: ${labelled}, annotations: ${annotations}${kind === 'NetworkSet' && namespace !== '' ? `, namespace: ${namespace}` : ''}}`
  return `---\napiVersion: ${group}\nkind: ${kind}\nmetadata: ${metadata}\nspec: {nets: ${nets}}\n`
}

/** Who may call `red/web` by a rule with this source. */
async function from(sets: string, source: string, policy = gnp, rest = ''): Promise<string[]> {
  const policies = await compiled(sets + policy(`{ingress: [{action: Allow, source: ${source}${rest}}]}`))
  const callers = [
    '198.51.100.9 > red/web:8080',
    '203.0.113.1 > red/web:8080',
    'red/db > red/web:8080',
    'fd02::7 > green/web:8080',
    'green/six > green/web:8080',
  ]
  return callers.filter(flow => decide(policies, flow).ingress.startsWith('allow')).map(flow => flow.split(' ')[0] ?? '')
}

test('selectors select the addresses of network sets as well as pods', async () => {
  assert.equal(await from(set('[198.51.100.0/24]'), '{selector: "kind == \'partner\'"}'), ['198.51.100.9'])
  assert.equal(await from(set('[198.51.100.0/24, "fd02::/64"]'), '{selector: has(kind) || has(app)}'), ['198.51.100.9', 'red/db', 'fd02::7', 'green/six'])
  assert.equal(await from(set('[198.51.100.0/24]'), '{selector: has(app)}'), ['red/db', 'green/six'])
  assert.equal(await from(set('[198.51.100.0/24]'), '{notSelector: has(kind)}'), ['203.0.113.1', 'red/db', 'fd02::7', 'green/six'])
  // A pod at such an address is one of them.
  assert.equal(await from(set('[10.1.0.0/24]'), '{selector: has(kind)}'), ['red/db'])
})

test('pods of a ClusterNetworkPolicy are in a namespace, which a GlobalNetworkSet is not', async () => {
  const partners = '{kind: partner, projectcalico.org/orchestrator: k8s}'
  const policy = (peer: string): string => cnp(`{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [${peer}]}]}`)
  const decided = async (kind: string): Promise<string> => {
    const peer = '{pods: {namespaceSelector: {}, podSelector: {matchLabels: {kind: partner}}}}'
    return decide(await compiled(set('[198.51.100.9]', { kind, labelled: partners }) + policy(peer)), '198.51.100.9 > red/web:8080').ingress
  }
  assert.is(await decided('GlobalNetworkSet'), 'nothing')
  assert.match(await decided('NetworkSet'), /^deny/)
})

test('an address alone is a block of one, and bits past a prefix do not count', async () => {
  assert.equal(await from(set('[198.51.100.9, 203.0.113.200/24, "fd02::7"]'), '{selector: has(kind)}'), ['198.51.100.9', '203.0.113.1', 'fd02::7'])
})

test('a NetworkSet is in its namespace, that of the release where it names none, and a GlobalNetworkSet in none', async () => {
  const inGreen = set('[198.51.100.9]', { namespace: 'green' })
  const unnamed = set('[198.51.100.9]', { namespace: '' })
  const global = set('[198.51.100.9]', { kind: 'GlobalNetworkSet' })
  assert.equal(await from(inGreen, '{selector: has(kind)}', np), [])
  assert.equal(await from(inGreen, '{selector: has(kind), namespaceSelector: "env == \'prod\'"}', np), ['198.51.100.9'])
  assert.equal(await from(inGreen, `{selector: "pcns.projectcalico.org/name == 'green' && projectcalico.org/namespace == 'green' && kind == 'partner'"}`), [
    '198.51.100.9',
  ])
  assert.equal(await from(unnamed, '{selector: has(kind)}', np), ['198.51.100.9'])
  assert.equal(await from(global, '{selector: has(kind)}', np), [])
  assert.equal(await from(global, '{selector: has(kind)}'), ['198.51.100.9'])
  assert.equal(await from(global, '{namespaceSelector: global()}', np), ['198.51.100.9'])
  assert.equal(await from(global, '{selector: has(kind), namespaceSelector: all()}', np), [])
  assert.equal(await from(inGreen, '{selector: has(kind), namespaceSelector: all()}', np), ['198.51.100.9'])
})

test('the labels of a set are nearer than those of its namespace', async () => {
  const faked = set('[198.51.100.9]', { labelled: '{pcns.env: fake}' })
  assert.equal(await from(faked, '{selector: "pcns.env == \'fake\'"}'), ['198.51.100.9'])
})

test('a name of a port is one of pods that are selected, not of those at an address of a set', async () => {
  const ports = ', destination: {selector: "kind == \'partner\'", ports: [http]}'
  assert.equal(await from(set('[10.1.0.1/32]'), '{}', gnp, ports), [])
  assert.equal(await from(set('[10.1.0.1/32]'), '{}', gnp, ports.replace('ports', 'notPorts')), ['198.51.100.9', '203.0.113.1', 'red/db'])
})

test('network sets are no pods to peers of Kubernetes, but those of a namespace alone', async () => {
  const policies = async (policy: string): Promise<string> => decide(await compiled(set('[198.51.100.9]') + policy), '198.51.100.9 > red/web:80').ingress
  assert.is(await policies(knp('{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}, {podSelector: {}}]}]}')), 'lock k')
  const cluster = (peer: string): string => cnp(`{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [${peer}]}]}`)
  assert.is(await policies(cluster('{namespaces: {}}')), 'deny c spec.ingress[0]')
  assert.is(await policies(cluster('{pods: {podSelector: {}}}')), 'nothing')
  // A GlobalNetworkSet is in no namespace.
  const global = set('[198.51.100.9]', { kind: 'GlobalNetworkSet' })
  assert.is(decide(await compiled(global + cluster('{namespaces: {}}')), '198.51.100.9 > red/web:80').ingress, 'nothing')
})

test('sets as the cluster keeps them have their labels in an annotation', async () => {
  const stored = (metadata: string): string =>
    set('[198.51.100.9]', { group: 'crd.projectcalico.org/v1', labelled: '{}', annotations: `{projectcalico.org/metadata: '${metadata}'}` })
  assert.equal(await from(stored('{"labels": {"kind": "partner", "odd": 1}}'), '{selector: has(kind) && !has(odd)}'), ['198.51.100.9'])
  assert.equal(await from(set('[198.51.100.9]', { group: 'crd.projectcalico.org/v1' }), '{selector: has(kind)}'), ['198.51.100.9'])
  for (const broken of ['{', '[]', '{"labels": 1}']) assert.equal(await from(stored(broken), '{selector: has(kind)}'), [], broken)
  // Calico's API has labels where they belong.
  assert.equal(
    await from(set('[198.51.100.9]', { labelled: '{}', annotations: `{projectcalico.org/metadata: '{"labels": {"kind": "x"}}'}` }), '{selector: has(kind)}'),
    [],
  )
})

test('a set that Calico refuses is told, and selects nothing', async () => {
  assert.equal(await from(set('[198.51.100.9, nowhere]'), '{selector: has(kind)}'), [])
  assert.equal(await refusals(set('[198.51.100.9, nowhere]')), ['s: spec.nets[1] is "nowhere", which is no CIDR such as 10.0.0.1/32 or fd00::/8'])
  assert.equal(await refusals(set('[10.0.0.0/8, 10.0.0.0/8]')), ['s: spec.nets[1] is "10.0.0.0/8" a second time'])
  assert.equal(await refusals(set('{}')), ['s: spec.nets must be a list, not a mapping'])
  assert.equal(await refusals(set('[]').replace('spec: {nets: []}', 'spec: []')), ['s: spec must be a mapping, not a list'])
  assert.equal(await refusals(set('[1]')), ['s: spec.nets[0] must be a string (quote it), not the number 1'])
  assert.equal(await refusals(set('[]', { labelled: '{projectcalico.org/namespace: red}' })), [
    's: metadata.labels.projectcalico.org/namespace is a label that Calico itself gives',
  ])
  assert.equal(await refusals(set('[]').replace('name: s', 'name: S')), ['S: metadata.name is "S"; names are of small letters, digits, - and dots'])
  assert.equal(await refusals(set('[]').replace('name: s', 'name: s.t.u-1')), [])
  assert.equal(await refusals(set('null').replace('nets: null', '')), [])
})

test.run()
