import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commands, flags } from '../src/cli.ts'
import { shells } from '../src/completion/shells.ts'
import { grammar } from '../src/completion/grammar.ts'
import { engines } from '../src/engines/registry.ts'
import { formats as checkFormats } from '../src/check/formats/formats.ts'
import { formats } from '../src/explain/formats.ts'
import { implementations } from '../src/verdict/registry.ts'
import { netpol } from './helpers/program.ts'

/** The shells themselves are asked by `npm run conformance -- shells`. */

for (const shell of Object.keys(shells)) {
  test(`${shell}: the script has every command, flag, engine and format`, async () => {
    const { stdout, stderr, exitCode } = await netpol(['completion', shell])
    assert.is(exitCode, 0, stderr)
    const words = [...Object.keys(commands), ...Object.keys(flags), ...Object.keys(engines), ...Object.keys(formats), ...Object.keys(checkFormats)]
    assert.equal(
      words.filter(word => !new RegExp(`(?<![\\w-])(--)?${word}(?![\\w-])`).test(stdout)),
      [],
    )
  })
}

test('a shell without a script is told, with those that have one', async () => {
  for (const [words, message] of [
    [['tcsh'], 'there is no completion for "tcsh"; there is one for bash, zsh, fish'],
    [['toString'], 'there is no completion for "toString"'],
    [[], 'takes the name of one shell: bash, zsh, fish'],
    [['bash', 'zsh'], 'takes the name of one shell'],
  ] as const) {
    const { stdout, stderr, exitCode } = await netpol(['completion', ...words])
    assert.is(exitCode, 2)
    assert.is(stdout, '')
    assert.match(stderr, message)
  }
})

test('a command is offered its own flags, and none of another', async () => {
  const { commands: described, options } = await grammar()
  const names = (command: string): string[] => described.find(({ name }) => name === command)?.options.map(({ name }) => name) ?? []
  assert.ok(names('explain').includes('format') && names('explain').includes('values'))
  assert.not(names('explain').includes('kubeconfig'))
  assert.equal(names('completion'), ['help'])
  assert.not(options.map(({ name }) => name).includes('format'))
})

test('a flag of two commands is offered the words of each', async () => {
  const { commands: described } = await grammar()
  const offered = (command: string, flag: string): string[] => {
    const value = described.find(({ name }) => name === command)?.options.find(({ name }) => name === flag)?.value
    return value?.kind === 'choice' ? value.choices.map(({ name }) => name) : []
  }
  assert.equal(offered('explain', 'format'), Object.keys(formats))
  assert.equal(offered('check', 'format'), Object.keys(checkFormats))
  assert.equal(offered('check', 'engine-impl'), Object.keys(implementations))
})

test.run()
