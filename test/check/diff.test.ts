import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { diff } from '../../src/check/diff/diff.ts'
import type { Difference } from '../../src/check/diff/diff.ts'
import type { CheckText } from '../helpers/checking.ts'
import { networkPolicy, preparedFor } from '../helpers/checking.ts'
import { workload } from '../helpers/streams.ts'

async function between(old: string, now: string, given: CheckText = {}): Promise<Difference> {
  return diff(await preparedFor(old, given), await preparedFor(now, given), [])
}

const lines = ({ changes }: Difference): string[] =>
  changes.map(
    ({ before, after, newlyCut, flow }) => `${flow.need === undefined ? flow.id : `needed ${flow.need.row}`}: ${before} → ${after}${newlyCut ? ' !' : ''}`,
  )

const app = workload()
const other = workload({ name: 'other', podLabels: '{app: other}', selector: '{matchLabels: {app: other}}', ports: '[{containerPort: 53, protocol: UDP}]' })
const lock = (rule: string): string => networkPolicy(`{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress]${rule}}`)
const open = lock(', ingress: [{ports: [{port: 8080}]}]')

test('two streams that say the same differ in nothing', async () => {
  const same = await between(app + other + open, app + other + open)
  assert.equal([same.ok, same.changes, same.pods], [true, [], { added: [], removed: [] }])
  assert.ok(same.compared > 30, String(same.compared))
})

test('a flow that is needed and cut now comes first, and is a failure', async () => {
  const changed = await between(app + open, app + lock(''))
  assert.not(changed.ok)
  assert.equal(lines(changed), [
    'needed metrics: allowed → denied !',
    'any pod of another namespace -> stage/app:8080/TCP: allowed → denied',
    'any pod of its namespace -> stage/app:8080/TCP: allowed → denied',
    'world -> stage/app:8080/TCP: allowed → denied',
    'apiserver -> stage/app:8080/TCP: allowed → denied',
  ])
  assert.equal(changed.changes[0]?.flow.ingress?.documents[0]?.document, 'NetworkPolicy stage/own')
})

test('what is opened is no failure, and neither is what was cut before', async () => {
  assert.equal(
    [(await between(app + lock(''), app + open)).ok, lines(await between(app + lock(''), app + open))[0]],
    [true, 'needed metrics: denied → allowed'],
  )
  assert.equal((await between(app + lock(''), app + lock(''))).ok, true)
})

test('a flow that nobody needed before is told where it is cut', async () => {
  const before = workload({ ports: '[{name: x, containerPort: 8080}]' })
  assert.equal(lines(await between(before + open, app + open)), [])
  const changed = await between(before + lock(''), app + lock(''))
  assert.equal([changed.ok, lines(changed)], [false, ['needed metrics: absent → denied !']])
})

test('pods are asked about among each other, at the ports that either stream has', async () => {
  const cut = networkPolicy(
    '{podSelector: {matchLabels: {app: other}}, ingress: [{from: [{podSelector: {matchLabels: {app: app}}}], ports: [{port: 53, protocol: UDP}]}]}',
  )
  assert.equal(lines(await between(app + other, app + other + cut)), [
    'any pod of another namespace -> stage/other:53/UDP: allowed → denied',
    'any pod of its namespace -> stage/other:53/UDP: allowed → denied',
    'world -> stage/other:53/UDP: allowed → denied',
    'apiserver -> stage/other:53/UDP: allowed → denied',
  ])
  const none = networkPolicy('{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}')
  assert.ok(lines(await between(app + other, app + other + none)).includes('stage/app -> stage/other:53/UDP: allowed → denied'))
})

test('what pods may dial is asked at the ports that rules name, and at one that stands for all others', async () => {
  const egress = networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 8443}]}]}')
  assert.equal(
    lines(await between(app, app + egress)).filter(line => line.startsWith('stage/app -> world')),
    ['stage/app -> world:443/TCP: allowed → denied', 'stage/app -> world:53/TCP: allowed → denied', 'stage/app -> world:another port/TCP: allowed → denied'],
  )
})

test('a verdict that hangs on something now is a change', async () => {
  const egress = networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')
  const all = lines(await between(app, app + egress))
  assert.ok(all.includes('stage/app -> world:443/TCP: allowed → unknown'), all.join('\n'))
  assert.ok(all.includes('stage/app -> apiserver:443/TCP: allowed → unknown'), all.join('\n'))
})

test('pods that only one of the streams has are listed, and not compared', async () => {
  const changed = await between(app + lock(''), other)
  assert.equal(changed.pods, { added: ['stage/other'], removed: ['stage/app'] })
  assert.equal(lines(changed), [])
})

test('the values are asked in both', async () => {
  const values = 'networkPolicy: {enabled: true, controller: app}\n'
  const deny = networkPolicy('{podSelector: {matchLabels: {app: app}}, policyTypes: [Egress]}')
  const changed = await between(app, app + deny, { values })
  assert.equal(
    changed.changes.filter(({ newlyCut }) => newlyCut).map(({ flow }) => flow.need?.row),
    ['dns', 'apiserver'],
  )
})

test.run()
