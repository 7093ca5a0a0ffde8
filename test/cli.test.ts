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
    sources: {},
  })
})

test('a flow that begins with its arrow is told to lack its source', () => {
  assert.equal(mistakes(['check', '--flow', '-> data/db:1']), ["--flow: a flow begins with its source: 'FROM -> TO:PORT'"])
  assert.equal(mistakes(['check', '--flow', '-x']), ["Option '--flow' argument is ambiguous"])
  assert.equal(mistakes(['check', '--flow=-> data/db:1']), [])
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
    sources: {
      engine: 'HELM_NETPOL_ENGINE',
      controller: 'HELM_NETPOL_CONTROLLER',
      namespace: 'HELM_NETPOL_NAMESPACE',
      root: 'HELM_NETPOL_ROOT',
      report: 'HELM_NETPOL_REPORT',
    },
  })
  assert.equal(request(['--engine', 'cilium', '--namespace', 'm', '--root', 'x', '--report', 'y'], environment).sources, {
    controller: 'HELM_NETPOL_CONTROLLER',
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
    request(['--set', 'a=1', '--set', 'b=2', '--set-string', 'c=3']).sets.map(({ source }) => source.name),
    ['--set #1', '--set #2', '--set-string'],
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

test('a flag, or a command, that is mistyped is told with the one that is meant', () => {
  assert.equal(mistakes(['--engin', 'cilium']), ["Unknown option '--engin'; did you mean --engine?"])
  assert.equal(mistakes(['--engin=cilium']), ["Unknown option '--engin'; did you mean --engine?"])
  assert.equal(mistakes(['explain', '--fromat', 'json']), ["Unknown option '--fromat'; did you mean --format?"])
  // Not one of another command's.
  assert.equal(mistakes(['schema', '--fromat', 'json']), ["Unknown option '--fromat'"])
  assert.equal(mistakes(['--nothing-like-it']), ["Unknown option '--nothing-like-it'"])
  assert.equal(mistakes(['explan']), ['Unexpected argument "explan"; did you mean explain?'])
})

test('a file among the words is told to come from stdin', () => {
  const told = (word: string): string => `Unexpected argument "${word}"; the chart is read from stdin: < ${word}`
  assert.equal(mistakes(['rendered.yaml']), [told('rendered.yaml')])
  assert.equal(mistakes(['flux.yaml']), [told('flux.yaml')])
  assert.equal(mistakes(['explain', 'stream.yaml']), [told('stream.yaml')])
  assert.match(
    mistakes(['-f', 'values.yaml', 'stream.yaml']).join(),
    /^argument 3 is no flag.*; a value with a space .*, and the chart is read from stdin: < FILE$/,
  )
})

test('help is a word as well', () => {
  assert.equal(parseCommand(['help'], {}, ':'), { do: 'help' })
  assert.equal(parseCommand(['help', 'flux'], {}, ':'), { do: 'help', command: 'flux' })
})

test('a flag that counts once must not be given twice with different values', () => {
  assert.equal(mistakes(['--engine', 'calico', '--engine', 'cilium']), ['--engine is given twice, as calico and as cilium'])
  assert.equal(mistakes(['--engine', 'calico', '--engine', 'calico']), [])
})

test('a flag without a value is refused, and so is a truth that is neither', () => {
  for (const flag of ['engine', 'values', 'namespace', 'root', 'report']) assert.equal(mistakes([`--${flag}=`]), [`--${flag} needs a value`])
  assert.equal(mistakes(['-f', 'a', '-f', '']), ['--values needs a value'])
  assert.equal(mistakes(['-n', '']), ['--namespace needs a value'])
  assert.equal(mistakes(['check', '--flow', '', '--policies=']), ['--flow needs a value', '--policies needs a value'])
  // None named is one that is found; Helm takes an expression that sets nothing.
  assert.equal(mistakes(['--controller=', '--set=']), [])
  assert.match(mistakes([], { HELM_NETPOL_STRICT: 'perhaps' }).join(), /HELM_NETPOL_STRICT must be true or false/)
  assert.match(mistakes(['--strict=perhaps']).join(), /--strict must be true or false/)
})

test('help and version win over everything else', () => {
  assert.equal(parseCommand(['--help', '--engine', 'x'], {}, ':'), { do: 'help' })
  assert.equal(parseCommand(['--version'], {}, ':'), { do: 'version' })
})

test.run()
