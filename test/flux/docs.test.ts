import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { folderWith } from '../helpers/folder.ts'
import { bundle, repository } from '../helpers/program.ts'

const page = readFileSync(join(repository, 'docs/flux.md'), 'utf8')

/** Fenced blocks: the words behind the fence, and the text. */
const blocks = [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(([, language = '', name = '', text = '']) => ({ language, name, text }))
const named = Object.fromEntries(blocks.filter(({ language, name }) => language === 'yaml' && name !== 'excerpt').map(({ name, text }) => [name, text]))
const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text)

/** What else the commands call: Helm renders the example, yq reads one path, kubectl tells what it is asked. */
const others = {
  helm: `#!/bin/sh\nexec cat "${join(repository, 'docs/example/stream.yaml')}"\n`,
  yq: `#!${process.execPath}\nrequire('fs').readFileSync(process.argv[3], 'utf8').split(/^  values:\\n/m)[1].split('\\n').forEach(line => { if (/^ {4}/.test(line)) console.log(line.slice(4)) })\n`,
  kubectl: '#!/bin/sh\necho "$*"\n',
  'helm-netpol': `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`,
}

test('the commands of the page work, one after the other, and the blocks are what comes of them', async () => {
  const tools = folderWith(others)
  for (const name of Object.keys(others)) chmodSync(join(tools, name), 0o755)
  const cwd = folderWith({ ...named, 'common.yaml': 'networkPolicy: {defaultDeny: {enabled: true}}\n' })
  const env = { PATH: [tools, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) }
  const file = join(cwd, 'helm-release.yaml')
  assert.ok(commands.length >= 5, 'the page has commands')
  for (const command of commands) {
    const { exitCode, stderr, stdout } = await execa('sh', ['-ec', command], { cwd, env, extendEnv: false, reject: false })
    assert.is(exitCode, 0, `${command}\n${stderr}`)
    if (command.startsWith('kubectl')) assert.ok(readFileSync(file, 'utf8').includes(`# kubectl ${stdout}`), 'the block names the command')
    if (command === commands[0]) sameAsShown(readFileSync(file, 'utf8'))
    if (command.includes('common.yaml')) assert.match(readFileSync(file, 'utf8'), 'stageset-controller-default-deny')
  }
  for (const resource of parse(named['kustomization.yaml'] ?? '').resources) assert.ok(existsSync(join(cwd, resource)), resource)
  assert.match(readFileSync(join(cwd, 'network-policies.yaml'), 'utf8'), 'kind: CiliumNetworkPolicy')
})

/** The parts between `…` stand in the file, in their order. */
function sameAsShown(written: string): void {
  const [shown] = blocks.filter(({ name }) => name === 'excerpt')
  let rest = written
  for (const part of (shown?.text ?? '').split('…\n')) {
    assert.ok(rest.includes(part), `${part}\nis not in\n${rest}`)
    rest = rest.slice(rest.indexOf(part) + part.length)
  }
  assert.is(rest, '')
}

test('every diagnostic that the page names exists', () => {
  const known = readFileSync(join(repository, 'docs/diagnostics.md'), 'utf8')
  for (const [code] of page.matchAll(/NP\d+/g)) assert.match(known, `**${code}**`)
})

test.run()
