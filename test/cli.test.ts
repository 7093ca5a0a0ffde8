import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseCommand } from '../src/cli.ts'
import type { Environment, Request } from '../src/cli.ts'

function request(argv: readonly string[], environment: Environment = {}): Request {
  const command = parseCommand(argv, environment, ':')
  if (command.do !== 'filter') throw new Error(`got ${JSON.stringify(command)}`)
  return command.request
}

function mistakes(argv: readonly string[], environment: Environment = {}): readonly string[] {
  const command = parseCommand(argv, environment, ':')
  return command.do === 'refuse' ? command.mistakes : []
}

test('nothing asked is the default', () => {
  assert.equal(request([]), {
    root: 'networkPolicy',
    values: [],
    sets: [],
    engine: undefined,
    controller: undefined,
    namespace: undefined,
    strict: false,
    verify: undefined,
    report: undefined,
    explicit: [],
  })
})

test('a command that makes no report refuses the flag, and leaves the variable to others', () => {
  for (const command of ['explain', 'values', 'schema', 'completion']) {
    assert.equal(mistakes([command, '--report', 'r.json']), [`helm-netpol ${command} makes no report: --report is a flag of the filter and helm-netpol flux`])
    assert.equal(mistakes([command], { HELM_NETPOL_REPORT: 'r.json' }), [])
  }
  assert.equal(mistakes(['flux', 'a.yaml', '--report', 'r.json']), [])
})

test('values files keep their order, whatever their spelling', () => {
  assert.equal(request(['-f', 'a', '--values', 'b', '--values=c', '-f=d', '-fe']).values, ['a', 'b', 'c', 'd', 'e'])
})

test('variables stand in for flags, and flags win', () => {
  const environment = {
    HELM_NETPOL_VALUES: 'a:b',
    HELM_NETPOL_ENGINE: 'calico',
    HELM_NETPOL_STRICT: 'true',
    HELM_NETPOL_VERIFY: 'false',
    HELM_NETPOL_ROOT: 'np',
    HELM_NETPOL_NAMESPACE: 'n',
    HELM_NETPOL_CONTROLLER: 'c',
    HELM_NETPOL_REPORT: 'r',
  }
  assert.equal(request([], environment), {
    root: 'np',
    values: ['a', 'b'],
    sets: [],
    engine: 'calico',
    controller: 'c',
    namespace: 'n',
    strict: true,
    verify: false,
    report: 'r',
    explicit: ['root', 'strict'],
  })
  assert.equal(request(['--engine', 'cilium', '-f', 'x', '--strict=false'], environment).engine, 'cilium')
  assert.equal(request(['-f', 'x'], environment).values, ['x'])
  assert.is(request(['--strict=false'], environment).strict, false)
  assert.is(request(['--verify'], environment).verify, true)
})

test('an expression says which flag or variable it came from', () => {
  assert.equal(
    request(['--set', 'a=1', '--set-json', 'b={}']).sets.map(({ kind, source }) => [kind, source.name, source.text]),
    [
      ['set', '--set', 'a=1'],
      ['set-json', '--set-json', 'b={}'],
    ],
  )
  assert.equal(
    request([], { HELM_NETPOL_SET_STRING: 'a=1' }).sets.map(({ kind, source }) => [kind, source.name]),
    [['set-string', 'HELM_NETPOL_SET_STRING']],
  )
})

test('a word that is no flag, and a flag that is unknown, are refused', () => {
  assert.match(mistakes(['values.yaml']).join(), /values\.yaml/)
  assert.match(mistakes(['--valeus', 'x']).join(), /--valeus/)
})

test('a flag that counts once must not be given twice with different values', () => {
  assert.equal(mistakes(['--engine', 'calico', '--engine', 'cilium']), ['--engine is given twice, as calico and as cilium'])
  assert.equal(mistakes(['--engine', 'calico', '--engine', 'calico']), [])
})

test('a flag without a value is refused, and so is a truth that is neither', () => {
  assert.match(mistakes(['--engine=']).join(), /--engine needs a value/)
  assert.match(mistakes([], { HELM_NETPOL_STRICT: 'perhaps' }).join(), /HELM_NETPOL_STRICT must be true or false/)
  assert.match(mistakes(['--strict=perhaps']).join(), /--strict must be true or false/)
})

test('help and version win over everything else', () => {
  assert.equal(parseCommand(['--help', '--engine', 'x'], {}, ':'), { do: 'help' })
  assert.equal(parseCommand(['--version'], {}, ':'), { do: 'version' })
})

test.run()
