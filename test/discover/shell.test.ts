import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scriptAt, scriptCommands } from '../../src/discover/shell.ts'
import { workloadOf } from '../helpers/facts.ts'
import { workload } from '../helpers/streams.ts'

test('a script is found behind a shell, its options, and what starts the shell', () => {
  const lines: readonly (readonly [string, number | undefined])[] = [
    ['sh -c SCRIPT', 2],
    ['/bin/bash -ec SCRIPT arg', 2],
    ['bash -l -c SCRIPT', 3],
    ['/bin/ash -lc SCRIPT', 2],
    ['bash -euo pipefail -c SCRIPT', 4],
    ['tini -- /bin/sh -c SCRIPT', 4],
    ['bash -c -e SCRIPT', 3],
    ['sh script.sh', undefined],
    ['sh -c', undefined],
    ['bash --norc run', undefined],
    ['manager -c config.yaml', undefined],
    ['', undefined],
  ]
  for (const [line, expected] of lines) assert.is(scriptAt(line.split(' ')), expected, line)
})

test('a script is cut into words as a shell does', () => {
  assert.equal(commands('exec m --a=1   --b "two words" \'--c=$X\' --d=a\\ b'), [['exec', 'm', '--a=1', '--b', 'two words', '--c=$X', '--d=a b']])
  assert.equal(commands('set -e; a && b || c | d > e\nf # g\n(h)&'), [['set', '-e'], ['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['h']])
  assert.equal(commands('m \\\n  --a=1 \\\n  --b=2'), [['m', '--a=1', '--b=2']])
  assert.equal(commands('m "" "a\\"b\\c" x#y'), [['m', '', 'a"b\\c', 'x#y']])
})

test('variables are filled in where the stream or the script tells them, and left where not', () => {
  const variables = [
    { name: 'PORT', value: '8080' },
    { name: 'SECRET', value: undefined },
    { name: 'EMPTY', value: '' },
  ]
  const words: Readonly<Record<string, string>> = {
    '--a=:$PORT': '--a=:8080',
    '"--a=:${PORT}"': '--a=:8080',
    '--a=:${PORT:-1}': '--a=:8080',
    '--a=:${OTHER:-9090}': '--a=:9090',
    '--a=:${SECRET:-9090}': '--a=:$(SECRET)',
    '--a=:${EMPTY:-9090}': '--a=:9090',
    '--a=:${EMPTY-9090}': '--a=:',
    '--a=${OTHER:=v.example.com}': '--a=v.example.com',
    '--a=${PORT?no}${OTHER:?no}': '--a=8080$(OTHER)',
    '--a=${OTHER%%hunter2}$(PASSWORD=hunter2 m)': '--a=$(OTHER)$(PASSWORD)',
    '--a=$OTHER/x': '--a=$(OTHER)/x',
    '--a=$(OTHER)': '--a=$(OTHER)',
    '--a=$(hostname -i):1': '--a=$(hostname):1',
    '--a=`hostname -i`:1': '--a=$(hostname):1',
    "'--a=$PORT'": '--a=$PORT',
    '--a=\\$PORT': '--a=$PORT',
    '$@$': '$@$',
  }
  for (const [script, expected] of Object.entries(words)) assert.equal(commands(script, variables), [[expected]], script)
  assert.equal(commands('P=1; m $P', variables).at(-1), ['m', '1'])
  assert.equal(commands('export PORT=1; m $PORT', variables).at(-1), ['m', '1'])
  assert.equal(commands('if a; then P=1; else P=2; fi; m $P').at(-1), ['m', '$(P)'])
})

test('variables of variables that double with each step are left at a length', () => {
  const steps = [...'BCDEFGHIJKLM'].map((name, index) => `${name}=${`$${'ABCDEFGHIJKLM'.charAt(index)}`.repeat(10)}`)
  const words = commands(`A=aaaaaaaaaa; ${steps.join('; ')}; m --a=$M --b=$A`).flat()
  assert.ok(words.join('').length < 200_000)
  assert.match(words.at(-2) ?? '', /^--a=.*\$\([A-Z]\)/)
})

test('what a script leaves open ends with it', () => {
  for (const script of ["m '--a", 'm "--a', 'm ${--a', 'm $(--a', 'm `--a', 'm \\', 'm #']) assert.is(commands(script)[0]?.[0], 'm', script)
})

test('flags behind a shell are read like arguments, each with its own command', async () => {
  assert.equal(await flags('["sh", "-c", "exec m --tracing-endpoint=o3.example.com:4317 --webhook-port 9443"]'), [
    'c=',
    'tracing-endpoint=o3.example.com:4317',
    'webhook-port=9443',
  ])
  assert.equal(await flags('["sh", "-c", "m --webhook-port; echo 9443"]'), ['c=', 'webhook-port='])
  assert.equal(await flags('["sh", "-c", "exec m \\"$@\\"", "--", "--webhook-port=9443"]'), ['c=', 'webhook-port=9443'])
})

test('the length of a script costs no more than its reading', () => {
  for (const part of ['${', '$(', '`', "'", '"', '\\', '$', '${a', '"${', 'a=', '#', '$((', '"\\', 'A=1 '])
    for (const end of ['', '}', ')', '\n']) {
      const started = performance.now()
      commands(part.repeat(100_000) + end)
      assert.ok(performance.now() - started < 10_000, `${part}…${end}`)
    }
})

test.run()

function commands(script: string, variables: readonly { readonly name: string; readonly value: string | undefined }[] = []): string[][] {
  return scriptCommands(script, new Map(variables.map(({ name, value }) => [name, value])))
}

async function flags(command: string): Promise<string[]> {
  const { workload: found } = await workloadOf(workload({ container: `          command: ${command}\n` }))
  return (found.containers[0]?.arguments ?? []).map(({ flag, value }) => `${flag}=${value}`)
}
