import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Compiled, Stage, StagedPolicy, StagedRule } from '../../src/verdict/contract.ts'
import { Judge } from '../../src/verdict/decide.ts'
import type { Resource } from '../../src/resources/resource.ts'
import type { Flow, Pod } from '../../src/verdict/world.ts'
import type { Tree } from '../../src/yaml/tree.ts'

const tree: Tree = { kind: 'mapping', source: { name: 'policy', text: '', firstLine: 0 }, start: 0, entries: new Map() }
const resource: Resource = {
  apiVersion: 'v1',
  kind: 'Policy',
  name: '',
  namespace: undefined,
  labels: {},
  annotations: {},
  tree,
  segment: { index: 0, start: 0, end: 0 },
  shared: false,
}

const pod = (name: string): Pod => ({ kind: 'pod', namespace: 'n', name, labels: {}, serviceAccount: 'default', addresses: [], ports: [] })
const [one, other] = [pod('one'), pod('other')]
const flow: Flow = { from: one, to: other, port: 80, protocol: 'TCP' }

const rule = (action: StagedRule['action'], path: string, rest: Partial<StagedRule> = {}): StagedRule => ({ action, path, tree, matches: () => true, ...rest })
const never = { matches: () => false }

/** A policy for ingress, with a name. */
const policy = (name: string, rules: readonly StagedRule[], locks = false, selects = () => true): StagedPolicy => ({
  policy: { ...resource, name },
  selects,
  ingress: { locks, rules },
  egress: undefined,
})

const stage = (order: Stage['order'], policies: readonly StagedPolicy[], rest: Partial<Stage> = {}): Stage => ({ order, policies, ...rest })

function told(stages: readonly Stage[], passes: Compiled['passes'] = () => undefined): string {
  const { ingress } = new Judge({ stages, passes }).decide(flow)
  if (ingress === undefined) return 'not asked'
  const doubt = ingress.doubt === undefined ? '' : `, in doubt: ${ingress.doubt.policy.name} ${ingress.doubt.rule.path}: ${ingress.doubt.why}`
  const allowed = ingress.allowed ? 'allow' : 'deny'
  if (ingress.by === 'rule') return `${allowed} ${ingress.policy.name} ${ingress.rule.path}${doubt}`
  if (ingress.by === 'lock') return `${allowed} lock ${ingress.policies.map(({ name }) => name).join(' ')}${doubt}`
  return `${allowed} ${ingress.by === 'engine' ? ingress.reason : ingress.by}${doubt}`
}

test('a connection has to leave the one end and be let in at the other', () => {
  const deny = { locks: false, rules: [rule('deny', 'r')] }
  const open = { locks: false, rules: [rule('allow', 'r')] }
  for (const [egress, ingress, allowed] of [
    [open, open, true],
    [deny, open, false],
    [open, deny, false],
    [deny, deny, false],
  ] as const) {
    const judge = new Judge({ stages: [stage('first', [{ ...policy('p', []), egress, ingress }])], passes: () => undefined })
    assert.is(judge.decide(flow).allowed, allowed)
  }
})

test('an end that is no pod is not asked', () => {
  const judge = new Judge({
    stages: [stage('first', [{ ...policy('p', [rule('deny', 'r')]), egress: { locks: true, rules: [] } }])],
    passes: () => undefined,
  })
  const outside = { kind: 'outside', address: '198.51.100.7' } as const
  assert.is(judge.decide({ ...flow, to: outside }).ingress, undefined)
  assert.is(judge.decide({ ...flow, to: outside }).allowed, false)
  assert.is(judge.decide({ ...flow, from: outside }).egress, undefined)
  assert.is(judge.decide({ ...flow, from: outside, to: outside }).allowed, true)
})

test('one side alone is asked where nothing else is wanted', () => {
  const both: StagedPolicy = { ...policy('p', [rule('deny', 'in')]), egress: { locks: false, rules: [rule('deny', 'out')] } }
  const judge = new Judge({ stages: [stage('first', [both])], passes: () => undefined })
  const sides = (side?: 'ingress' | 'egress') => {
    const { ingress, egress } = judge.decide(flow, side)
    return [ingress?.allowed, egress?.allowed]
  }
  assert.equal(
    [sides('ingress'), sides('egress'), sides()],
    [
      [false, undefined],
      [undefined, false],
      [false, false],
    ],
  )
})

test('the policies of a pod are those that select it and say something of the direction', () => {
  const [first, second] = [policy('first', []), policy('second', [], false, () => false)]
  const judge = new Judge({ stages: [stage('first', [first, second])], passes: () => undefined })
  assert.equal([[...judge.policiesOf(one, 'ingress')], [...judge.policiesOf(one, 'egress')]], [[first.policy], []])
  assert.equal([...judge.staged], [first.policy, second.policy])
})

test('what the engine lets through is asked first', () => {
  const denying = [stage('first', [policy('p', [rule('deny', 'r')])])]
  assert.is(
    told(denying, ({ to }) => (to === other ? 'so it is' : undefined)),
    'allow so it is',
  )
  assert.is(
    told(denying, ({ to }) => (to === one ? 'so it is' : undefined)),
    'deny p r',
  )
})

test('with no policy for the pod, nothing keeps a flow', () => {
  assert.is(told([]), 'allow nothing')
  assert.is(told([stage('first', [policy('p', [rule('deny', 'r')], true, () => false)])]), 'allow nothing')
})

test('the first rule that matches decides, where rules have an order', () => {
  assert.is(told([stage('first', [policy('a', [rule('deny', 'r', never), rule('allow', 's')]), policy('b', [rule('deny', 't')])])]), 'allow a s')
  assert.is(told([stage('first', [policy('a', [rule('allow', 'r', { level: 2 })]), policy('b', [rule('deny', 't', { level: 1 })])])]), 'allow a r')
})

test('the strongest rule that matches decides, where they have none', () => {
  const strongest = (...rules: StagedRule[]): string => told([stage('deny-wins', [policy('a', rules.slice(0, 1)), policy('b', rules.slice(1))])])
  assert.is(strongest(rule('allow', 'r'), rule('deny', 's')), 'deny b s')
  assert.is(strongest(rule('deny', 'r'), rule('allow', 's')), 'deny a r')
  assert.is(strongest(rule('allow', 'r'), rule('deny', 's', never)), 'allow a r')
  assert.is(strongest(rule('pass', 'r'), rule('allow', 's')), 'allow b s')
  assert.is(strongest(rule('allow', 'r'), rule('pass', 's')), 'allow a r')
  assert.is(strongest(rule('pass', 'r'), rule('deny', 's')), 'deny b s')
  assert.is(strongest(rule('pass', 'r')), 'allow nothing')
  assert.is(strongest(rule('allow', 'r'), rule('allow', 's')), 'allow a r')
  assert.is(strongest(rule('deny', 'r'), rule('deny', 's')), 'deny a r')
})

test('a rule of a lower level is stronger', () => {
  const strongest = (...rules: StagedRule[]): string => told([stage('deny-wins', [policy('a', rules)])])
  assert.is(strongest(rule('deny', 'r', { level: 2 }), rule('allow', 's', { level: 1 })), 'allow a s')
  assert.is(strongest(rule('allow', 'r', { level: 1 }), rule('deny', 's', { level: 2 })), 'allow a r')
  assert.is(strongest(rule('deny', 'r', { level: 1 }), rule('allow', 's')), 'allow a s')
  assert.is(strongest(rule('allow', 'r'), rule('deny', 's', { level: 1 })), 'allow a r')
  assert.is(strongest(rule('allow', 'r', { level: 1 }), rule('deny', 's', { level: 1 })), 'deny a s')
  assert.is(strongest(rule('pass', 'r', { level: 1 }), rule('deny', 's', { level: 2 })), 'allow nothing')
})

test('a rule that asks for nothing more comes before one with a proviso', () => {
  const taken = { text: 'the proxy takes it', binds: false }
  const proviso = { proviso: ({ port }: Flow) => (port === 80 ? taken : undefined) }
  const other = { proviso: ({ port }: Flow) => (port === 81 ? taken : undefined) }
  const strongest = (...rules: StagedRule[]): string => told([stage('deny-wins', [policy('a', rules)])])
  const binding = { proviso: () => ({ text: 'it has a certificate', binds: true }) }
  assert.is(strongest(rule('allow', 'r'), rule('allow', 's', binding)), 'allow a s')
  assert.is(strongest(rule('allow', 'r', proviso), rule('allow', 's', binding)), 'allow a s')
  assert.is(strongest(rule('allow', 'r', binding), rule('deny', 's')), 'deny a s')
  assert.is(strongest(rule('allow', 'r', proviso), rule('allow', 's')), 'allow a s')
  assert.is(strongest(rule('allow', 'r'), rule('allow', 's', proviso)), 'allow a r')
  assert.is(strongest(rule('allow', 'r', other), rule('allow', 's')), 'allow a r')
  assert.is(strongest(rule('pass', 'r'), rule('allow', 's', proviso)), 'allow a s')
  assert.is(strongest(rule('allow', 'r', proviso), rule('deny', 's')), 'deny a s')
})

test('a stage that passes, or says nothing, leaves it to the next', () => {
  const deny = stage('first', [policy('z', [rule('deny', 'r')])])
  for (const order of ['first', 'deny-wins'] as const) {
    assert.is(told([stage(order, [policy('a', [rule('pass', 'r')], true)]), deny]), 'deny z r')
    assert.is(told([stage(order, [policy('a', [rule('allow', 'r', never)])]), deny]), 'deny z r')
    assert.is(told([stage(order, [policy('a', [rule('allow', 'r', never)], true)]), stage('first', [policy('z', [rule('allow', 'r')])])]), 'deny lock a')
  }
})

test('of what nothing decides, the policies that let it be are named once, with the rule that hands it on', () => {
  const idle = (...stages: Stage[]): string[] => {
    const { ingress } = new Judge({ stages, passes: () => undefined }).decide(flow)
    return ingress?.by === 'nothing' ? ingress.idle.map(one => `${one.policy.name} ${one.rule?.path ?? 'no rule'}`) : [`by ${ingress?.by}`]
  }
  const missing = policy('a', [rule('deny', 'r', never)])
  assert.equal(idle(), [])
  assert.equal(idle(stage('first', [missing, policy('b', [rule('deny', 'r')], false, () => false)])), ['a no rule'])
  for (const order of ['first', 'deny-wins'] as const)
    assert.equal(idle(stage(order, [missing, policy('b', [rule('pass', 's')]), policy('c', [rule('deny', 'u', never)])])), ['b s'])
  assert.equal(idle(stage('first', [missing]), stage('first', [policy('b', [rule('pass', 's')])]), stage('first', [policy('z', [rule('deny', 'u', never)])])), [
    'a no rule',
    'b s',
    'z no rule',
  ])
  assert.equal(idle(stage('first', [missing]), stage('first', [{ ...missing, ingress: { locks: false, rules: [] } }])), ['a no rule'])
  const passing = { ...missing, ingress: { locks: false, rules: [rule('pass', 's')] } }
  assert.equal(idle(stage('first', [missing]), stage('first', [passing])), ['a s'])
  assert.equal(idle(stage('first', [passing]), stage('first', [missing])), ['a s'])
})

test('a policy lets be what it has rules for, or what it is for alone', () => {
  const staged = { locks: false, rules: [] }
  const idle = (ingress: StagedPolicy['ingress'], egress: StagedPolicy['egress']): readonly string[] => {
    const judge = new Judge({ stages: [stage('first', [{ ...policy('a', []), ingress, egress }])], passes: () => undefined })
    const decided = judge.decide(flow)
    const named = (side: typeof decided.ingress): number => (side?.by === 'nothing' ? side.idle.length : -1)
    return [...(named(decided.ingress) > 0 ? ['ingress'] : []), ...(named(decided.egress) > 0 ? ['egress'] : [])]
  }
  const missing = { locks: false, rules: [rule('deny', 'r', never)] }
  assert.equal(idle(missing, missing), ['ingress', 'egress'])
  assert.equal(idle(missing, staged), ['ingress'])
  assert.equal(idle(staged, undefined), ['ingress'])
  assert.equal(idle(undefined, staged), ['egress'])
  assert.equal(idle(staged, staged), [])
})

test('every policy that locks the pod in the direction is named', () => {
  const without: StagedPolicy = { ...policy('d', []), ingress: undefined, egress: { locks: true, rules: [] } }
  const locked = stage('deny-wins', [policy('a', [], true), policy('b', []), policy('c', [], true), without])
  assert.is(told([locked]), 'deny lock a c')
  assert.is(told([stage('deny-wins', [without])]), 'allow nothing')
})

test('what the engine lets into pods that are locked is asked after the rules of the stage', () => {
  const passes = { passes: (): string => 'so it is' }
  assert.is(told([stage('deny-wins', [policy('a', [], true)], passes)]), 'allow so it is')
  assert.is(told([stage('deny-wins', [policy('a', [rule('deny', 'r')], true)], passes)]), 'deny a r')
  assert.is(told([stage('deny-wins', [policy('a', [])], passes)]), 'allow nothing')
})

const unread = (why: string, matches = true): Partial<StagedRule> => ({ ...never, unread: { why, matches: () => matches } })

test('a rule that may match puts in doubt what it would turn', () => {
  const locked = (...rules: StagedRule[]): string => told([stage('deny-wins', [policy('a', rules, true)])])
  assert.is(locked(rule('allow', 'r', unread('who knows'))), 'deny lock a, in doubt: a r: who knows')
  assert.is(locked(rule('deny', 'r', unread('who knows'))), 'deny lock a')
  assert.is(locked(rule('allow', 'r', unread('who knows', false))), 'deny lock a')
  assert.is(locked(rule('allow', 'r'), rule('deny', 's', unread('who knows'))), 'allow a r, in doubt: a s: who knows')
  assert.is(locked(rule('deny', 'r'), rule('allow', 's', unread('who knows'))), 'deny a r')
  assert.is(
    locked(rule('allow', 'r', { ...unread('who knows'), matches: () => true }), rule('deny', 's', unread('neither do I'))),
    'allow a r, in doubt: a s: neither do I',
  )
  assert.is(locked(rule('allow', 'r', unread('one')), rule('allow', 's', unread('two'))), 'deny lock a, in doubt: a r: one')
})

test('rules that only together would turn it put it in doubt as well', () => {
  const first = stage('deny-wins', [policy('a', [rule('pass', 'r', { ...unread('whether it passes'), level: 1 }), rule('deny', 's', { level: 2 })])])
  const second = stage('deny-wins', [policy('b', [rule('allow', 't', unread('whom it allows'))], true)])
  assert.is(told([first, second]), 'deny a s, in doubt: a r: whether it passes')
  assert.is(told([first, stage('deny-wins', [policy('b', [], true)])]), 'deny a s')
  // A rule that the stream tells all of is none of them.
  assert.is(told([stage('deny-wins', [policy('z', [rule('deny', 'q', never)])]), first, second]), 'deny a s, in doubt: a r: whether it passes')
})

test('what a rule of another pod or direction may match is no doubt', () => {
  const locked = policy('a', [], true)
  assert.is(told([stage('deny-wins', [locked, policy('b', [rule('allow', 'r', unread('who knows'))], false, () => false)])]), 'deny lock a')
  const egress = { ...policy('b', []), egress: { locks: false, rules: [rule('allow', 'r', unread('who knows'))] } }
  assert.is(told([stage('deny-wins', [locked, egress])]), 'deny lock a')
})

test('a decision says nothing of doubt where there is none', () => {
  const doubtful = policy('a', [rule('allow', 'r', unread('who knows', false))], true)
  const { ingress } = new Judge({ stages: [stage('deny-wins', [doubtful])], passes: () => undefined }).decide(flow)
  assert.equal(ingress, { allowed: false, by: 'lock', policies: [doubtful.policy] })
})

test('a pod is asked once whether a policy selects it', () => {
  const asked: string[] = []
  const selects = (candidate: Pod): boolean => asked.push(candidate.name) > 0
  const judge = new Judge({ stages: [stage('first', [{ ...policy('p', [rule('allow', 'r')]), selects }])], passes: () => undefined })
  for (const port of [80, 81, 82]) judge.decide({ ...flow, port })
  assert.equal(asked, ['one', 'other'])
})

test.run()
