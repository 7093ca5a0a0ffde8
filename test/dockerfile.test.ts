import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from './helpers/folder.ts'
import { repository } from './helpers/program.ts'

/** scripts/Dockerfile gone through without an engine: each stage is a folder, `npm ci` the packages that are here. */

interface Stage {
  readonly name: string
  readonly root: string
  folder: string
  user: string
  entrypoint: readonly string[]
}

const instructions = readFileSync(join(repository, 'scripts/Dockerfile'), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => ({ word: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }))

test('the image that the Dockerfile describes filters a stream', async () => {
  const stages = await build()
  const last = stages.at(-1)
  assert.ok(last !== undefined && stages.length === 2)
  assert.match(last.user, /^[1-9]\d*$/, 'a user without rights, by number')
  const program = join(last.root, readlinkSync(join(last.root, 'usr/local/bin', last.entrypoint[0] ?? '')))
  assert.ok(statSync(program).mode & 0o001, 'anybody can run it')
  const { stdout } = await execa(program, ['--engine', 'calico'], { input: readFileSync(join(repository, 'docs/example/stream.yaml')) })
  assert.match(stdout, 'projectcalico.org/v3')
  assert.not.ok(existsSync(join(last.root, 'src')))
})

test.run()

async function build(): Promise<Stage[]> {
  const stages: Stage[] = []
  for (const { word, rest } of instructions) {
    const stage = stages.at(-1)
    if (word === 'FROM') stages.push({ name: / AS (\w+)$/.exec(rest)?.[1] ?? '', root: folderWith(), folder: '/', user: '', entrypoint: [] })
    else if (stage === undefined) throw new Error(`${word} before FROM`)
    else if (word === 'WORKDIR') mkdirSync(join(stage.root, (stage.folder = rest)), { recursive: true })
    else if (word === 'COPY') copy(rest.split(' '), stage, stages)
    else if (word === 'RUN') await runIn(rest, stage)
    else if (word === 'USER') stage.user = rest
    else if (word === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest)
    else throw new Error(`${word} is not gone through here`)
  }
  return stages
}

function copy(words: readonly string[], stage: Stage, stages: readonly Stage[]): void {
  const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1]
  const source = from === undefined ? repository : stages.find(({ name }) => name === from)?.root
  if (source === undefined) throw new Error(`no stage ${from}`)
  const paths = words.slice(from === undefined ? 0 : 1, -1)
  const target = words.at(-1) ?? ''
  for (const path of paths) {
    assert.ok(existsSync(join(source, path)), `COPY ${path}`)
    const place = join(stage.root, target.startsWith('/') ? '' : stage.folder, target)
    cpSync(join(source, path), paths.length > 1 || target === './' ? join(place, basename(path)) : place, { recursive: true })
  }
}

async function runIn(command: string, { root, folder }: Stage): Promise<void> {
  const link = /^ln -s (\S+) (\S+)$/.exec(command)
  if (link !== null) {
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true })
    symlinkSync(link[1] ?? '', join(root, link[2] ?? ''))
  } else if (command === 'npm ci') {
    symlinkSync(join(repository, 'node_modules'), join(root, folder, 'node_modules'))
  } else if (command === 'npm run build') {
    await execa('npm', ['run', '--silent', 'build'], { cwd: join(root, folder) })
  } else throw new Error(`RUN ${command} is not gone through here`)
}
