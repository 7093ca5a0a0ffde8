import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compileSelector } from '../../src/verdict/implementations/calico/selector.ts'
import type { Scope } from '../../src/verdict/implementations/calico/selector.ts'

const labels = { app: 'web-server', empty: '', 'pcns.env': 'prod', 'pcsa.role': 'reader', 'projectcalico.org/namespace': 'red' }

function selects(selector: string, scope: Scope = 'endpoint', of: Readonly<Record<string, string>> = labels): boolean {
  const matches = compileSelector(selector, scope)
  if (matches === undefined) throw new Error(`does not parse: ${selector}`)
  return matches(of)
}

/** What is true and what is false of the labels. */
const comparisons: readonly (readonly [string, string])[] = [
  [`app == 'web-server'`, `app == 'web'`],
  [`app == "web-server"`, `absent == ''`],
  [`empty == ''`, `app == ''`],
  [`app != 'web'`, `app != 'web-server'`],
  [`absent != ''`, `empty != ''`],
  [`app in {'a', "web-server"}`, `app in {'a', 'b'}`],
  [`app in {'web-server', 'b'}`, `app in {}`],
  [`app in {'a'} || app == 'web-server'`, `app in {'a'} && app == 'web-server'`],
  [`app not in {'a', 'b'}`, `app not in {'a', 'web-server'}`],
  [`absent not in {'a'}`, `absent in {'a'}`],
  [`app notin {'a',}`, `app notin{'web-server'}`],
  [`app contains '-s'`, `app contains 's-'`],
  [`empty contains ''`, `absent contains ''`],
  [`app starts with 'web'`, `app starts with 'server'`],
  [`app startswith 'web-server'`, `absent starts with ''`],
  [`app ends with 'server'`, `app ends  with 'web'`],
  [`app endswith ''`, `absent ends with ''`],
  ['has(app)', 'has(absent)'],
  ['has( empty )', 'has(toString)'],
  ['all()', '!all()'],
  [`toString != 'x'`, `toString == 'x'`],
]

test('each comparison is true of the labels that it is about, and false of others', () => {
  for (const [yes, no] of comparisons) assert.equal([selects(yes), selects(no)], [true, false], `${yes}, ${no}`)
})

/** T and F are true and false of the labels. */
const formulas: Readonly<Record<string, boolean>> = {
  'T && T': true,
  'T && F': false,
  'F && T': false,
  'F || T': true,
  'T || F': true,
  'F || F': false,
  'T || T && F': true,
  'F && F || T': true,
  'T && F || F && T': false,
  'F && T || F': false,
  '(T || T) && F': false,
  'F && (F || T)': false,
  'F || F || T': true,
  'T && T && F': false,
  '!F && F': false,
  '!T || T': true,
  '!(F && F)': true,
  '!(T || F)': false,
  '!(F) && T': true,
  '!!T': true,
  '!!!T': false,
  '!!(F || T) && !F': true,
  '((F || (T)) && (T && (F || T)))': true,
  'T && !(F || !T)': true,
}

test('signs bind as they do in Calico', () => {
  for (const [formula, expected] of Object.entries(formulas))
    assert.is(selects(formula.replaceAll('T', 'has(app)').replaceAll('F', `app == 'x'`)), expected, formula)
})

test('a blank selector selects all', () => {
  assert.ok(selects(''))
  assert.ok(selects(' \t', 'serviceAccount', {}))
  assert.ok(selects(' ', 'namespace'))
  assert.not(selects(' ', 'namespace', {}))
})

test('selectors of namespaces and service accounts are about their labels', () => {
  assert.equal([selects(`env == 'prod'`, 'namespace'), selects(`env == 'prod'`), selects(`pcns.env == 'prod'`)], [true, false, true])
  assert.equal([selects('has(role)', 'serviceAccount'), selects('has(role)'), selects('has(app)', 'serviceAccount')], [true, false, false])
})

test('all() of a namespaceSelector is what is in a namespace, global() what is in none', () => {
  assert.equal([selects('all()', 'namespace'), selects('all()', 'namespace', {}), selects('!all()', 'namespace', {})], [true, false, true])
  assert.equal([selects('global()', 'namespace'), selects('global()', 'namespace', {})], [false, true])
  for (const scope of ['endpoint', 'serviceAccount'] as const)
    assert.equal([selects('all()', scope, {}), selects('global()', scope), selects('global()', scope, {})], [true, true, true])
})

test('what does not parse is not compiled', () => {
  for (const selector of ['app', 'app = "x"', '(has(a)', 'has(a) has(b)', 'a in b']) assert.is(compileSelector(selector, 'endpoint'), undefined, selector)
})

test('brackets and signs may go as deep as they like', () => {
  const deep = 20_000
  assert.ok(selects(`${'('.repeat(deep)}has(app)${')'.repeat(deep)}`))
  assert.not(selects(`${'!('.repeat(deep + 1)}has(app)${')'.repeat(deep + 1)}`))
})

test.run()
