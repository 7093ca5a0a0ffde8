import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { selectorProblem } from '../../src/passthrough/calico-selector.ts'
import { goRegexpProblem } from '../../src/passthrough/go-regexp.ts'
import { checkRule } from '../helpers/rules.ts'
import { codesOf, runWith } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'

test('a mistake is told at its line of the values file', async () => {
  const values =
    'networkPolicy:\n  enabled: true\n  engine: cilium\n  cilium:\n    egress:\n      - toPorts:\n          - ports:\n              - port: "70000"\n'
  const { diagnostics, output } = await runWith(workload(), { values })
  const found = diagnostics.find(({ code }) => code === 'NP205')
  assert.is(output, undefined)
  assert.equal(
    [found?.place?.source, found?.place?.line, found?.place?.column, found?.place?.path],
    ['values.yaml', 8, 23, 'networkPolicy.cilium.egress[0].toPorts[0].ports[0].port'],
  )
})

test('all mistakes of all rules are told at once', async () => {
  const found = await checkRule('calico', 'ingress', '{action: allow, protocol: tcp}, {action: Allow, source: {nets: [a]}}')
  assert.equal(
    found.map(({ code }) => code),
    ['NP206', 'NP205', 'NP205'],
  )
})

test('a limit that is told at its place is not told of the policy again', async () => {
  const peers = Array(26).fill('{namespaces: {}}').join(', ')
  const result = await runWith(workload(), {
    engine: 'clusterNetworkPolicy',
    namespace: 'a',
    values: `networkPolicy: {clusterNetworkPolicy: {ingress: [{action: Accept, from: [${peers}]}]}}\n`,
  })
  assert.equal(
    codesOf(result).filter(code => ['NP205', 'NP503'].includes(code)),
    ['NP205'],
  )
})

test('rules of an engine that is not in use are left unread', async () => {
  const result = await runWith(workload(), { engine: 'cilium', values: 'networkPolicy: {calico: {ingress: [{action: nonsense}]}}\n' })
  assert.is(
    result.diagnostics.some(({ severity }) => severity === 'error'),
    false,
  )
})

const selectors: readonly [string, boolean][] = [
  ['', true],
  ['all()', true],
  ['has( a )', true],
  ['a==\'b\'&&c != "d"', true],
  ["!(a in {'b',}) || d notin{'e'}", true],
  ["a starts with 'b' && c endswith'd'", true],
  ["in in {'in'}", true],
  ['((all()))', true],
  ['a == b', false],
  ["a = 'b'", false],
  ["a == 'b", false],
  ['has (a)', false],
  ["a in {'b' 'c'}", false],
  ['(all()', false],
  ['all())', false],
  ['all() all()', false],
  ['a & b', false],
  ["é == 'a'", false],
  [`${'a'.repeat(513)} == 'b'`, false],
]
for (const [selector, parses] of selectors) {
  test(`the Calico selector ${selector.slice(0, 40)} ${parses ? 'parses' : 'does not parse'}`, () => assert.is(selectorProblem(selector) === undefined, parses))
}

test('a selector of any depth is read', () => {
  assert.is(selectorProblem(`${'('.repeat(100_000)}all()${')'.repeat(100_000)}`), undefined)
})

const expressions: readonly [string, boolean][] = [
  ['/a.*', true],
  ['[]a]', true],
  ['a{,3}', true],
  ['(?i)a', true],
  ['(?P<n>a)', true],
  ['\\pL\\Q(\\E', true],
  ['[a-z[:digit:]]', true],
  ['(a|)*', true],
  ['a{1000}', true],
  ['(', false],
  [')', false],
  ['[', false],
  ['*a', false],
  ['a**', false],
  ['a{2}{3}', false],
  ['a{1001}', false],
  ['(a{1000}){2}', false],
  ['(?=a)', false],
  ['\\1', false],
  ['\\y', false],
  ['\\', false],
  ['[z-a]', false],
  ['[[:nope:]]', false],
  ['\\p{Nope}', false],
]
for (const [expression, compiles] of expressions) {
  test(`the expression ${expression} ${compiles ? 'compiles' : 'does not compile'} in Go`, () => assert.is(goRegexpProblem(expression) === undefined, compiles))
}

test.run()
