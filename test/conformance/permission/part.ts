import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import * as assert from 'uvu/assert'
import { NoBinary, nodeBinary } from '../../../scripts/package/node-binary.ts'
import { hostPlatform } from '../../../scripts/package/platforms.ts'
import { blocksOf } from '../../helpers/docs-blocks.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import type { Part } from '../harness/part.ts'
import { chartFolder, repo } from '../harness/paths.ts'
import { must, run } from '../harness/proc.ts'
import type { Environment, Ran } from '../harness/proc.ts'
import { product } from '../harness/product.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'

/** What docs/security.md says of Node's permission model, with the Node that runs this and the one of the executables. */
export const permission: Part = {
  name: 'permission',
  about: "the plugin.yaml, the file and the environment of docs/security.md under Node's permission model, with both Helms",
  async run(report, judges) {
    for (const node of await nodes(report)) {
      const workshop = await prepare(judges, node)
      for (const way of ['a link', 'a copy'] as const) await withPlugin(report, workshop, way)
      await withEnvironment(report, workshop)
      await withFile(report, workshop)
    }
  },
}

interface Node {
  readonly name: string
  readonly path: string
  readonly flag: string
}

async function nodes(report: Report): Promise<Node[]> {
  const platform = hostPlatform()
  const own = [process.execPath]
  try {
    if (platform === undefined) report.skip(1, `a newer Node: there is none for ${process.platform} ${process.arch}`)
    else own.push(await nodeBinary(platform))
  } catch (problem) {
    if (!(problem instanceof NoBinary)) throw problem
    report.skip(1, `a newer Node: ${problem.message}`)
  }
  return Promise.all(
    own.map(async path => {
      const { code, stdout } = await run(path, ['--permission', '--version'])
      const name = code === 0 ? stdout : await must(path, ['--version'])
      return { name: `Node ${name.trim().slice(1)}`, path, flag: code === 0 ? '--permission' : '--experimental-permission' }
    }),
  )
}

interface Workshop {
  readonly node: Node
  /** With a chart, its values, and others that are not to be read. */
  readonly cwd: string
  /** What the page shows, for this Node and with the folder of the product. */
  readonly block: (...how: readonly string[]) => string
  readonly helm: (version: 3 | 4, args: readonly string[], env?: Environment) => Promise<Ran>
  /** What Helm 4 renders with the plugin as it is shipped. */
  readonly plainly: string
  readonly path: string
  readonly judges: Judges
}

async function prepare(judges: Judges, node: Node): Promise<Workshop> {
  const cwd = scratch(`permission/${node.name}`)
  cpSync(chartFolder(), join(cwd, 'chart'), { recursive: true })
  for (const file of ['values.yaml', 'other.yaml']) writeFileSync(join(cwd, file), 'networkPolicy: {enabled: true, engine: cilium, egress: {enabled: true}}\n')
  const bin = join(cwd, 'bin')
  mkdirSync(bin)
  symlinkSync(node.path, join(bin, 'node'))
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter)
  const page = blocksOf('docs/security.md', readFileSync(join(repo, 'docs/security.md'), 'utf8'))
  const block = (...how: readonly string[]): string => {
    const found = page.find(candidate => candidate.how.join(' ') === how.join(' '))
    if (found === undefined) throw new Error(`docs/security.md has no block ${how.join(' ')}`)
    return found.text.replaceAll('--permission', node.flag).replaceAll('/opt/helm-netpol/dist', join(product(), 'dist'))
  }
  const helm: Workshop['helm'] = (version, args, env = helmEnvironment(join(cwd, `helm${version}`))) =>
    run(judges.path(`helm${version}`), args, { cwd, env: { NODE_NO_WARNINGS: '1', ...env, PATH: path } })
  const env = helmEnvironment(join(cwd, 'plain'))
  await must(judges.path('helm4'), ['plugin', 'install', product()], { env })
  const plainly = await helm(4, rendering('--values=values.yaml'), env)
  assert.is(plainly.code, 0, plainly.stderr)
  assert.is(ourPolicies(plainly.stdout).length, 1, 'one policy')
  return { node, cwd, block, helm, plainly: plainly.stdout, path, judges }
}

function rendering(...words: readonly string[]): string[] {
  return ['template', 'app', './chart', '--namespace', 'stage', '--values', 'values.yaml', '--post-renderer', 'netpol', ...words.map(word => `--post-renderer-args=${word}`)]
}

/** The plugin with the page's plugin.yaml: as `helm plugin install FOLDER` leaves it, and as an archive does. */
async function withPlugin(report: Report, { node, cwd, block, helm, plainly, judges }: Workshop, way: 'a link' | 'a copy'): Promise<void> {
  const title = `${node.name}, Helm 4, the plugin as ${way}`
  const env = helmEnvironment(join(cwd, way))
  const folder = join(cwd, `netpol as ${way}`)
  cpSync(join(product(), 'dist'), join(folder, 'dist'), { recursive: true })
  writeFileSync(join(folder, 'plugin.yaml'), block('file', 'plugin.yaml'))
  await report.check(`${title}: it renders the same`, async () => {
    if (way === 'a link') await must(judges.path('helm4'), ['plugin', 'install', folder], { env })
    else cpSync(folder, join(env.HELM_DATA_HOME, 'plugins/netpol'), { recursive: true })
    const ran = await helm(4, rendering('--values=values.yaml'), env)
    assert.is(ran.code, 0, ran.stderr)
    assert.is(ran.stdout, plainly)
  })
  for (const [what, words, said] of [
    [
      'a values file',
      ['--values=other.yaml'],
      /NP200: the values cannot be read: Node's permission model does not allow it \(ERR_ACCESS_DENIED\); --allow-fs-read=other\.yaml would\s+at other\.yaml/,
    ],
    ['a report', ['--values=values.yaml', '--report=report.json'], /report\.json cannot be written: .*ERR_ACCESS_DENIED\); --allow-fs-write=\S*report\.json would/],
    ['a mistake in the values, as it is without', ['--values=values.yaml', '--engine=weave'], /"weave"/],
  ] as const)
    await report.check(`${title}: ${what} stands in Helm's error`, () => refused(helm(4, rendering(...words), env), said))
}

async function refused(running: Promise<Ran>, said: RegExp): Promise<void> {
  const ran = await running
  assert.equal([ran.code, ran.stdout], [1, ''])
  assert.match(ran.stderr, said)
}

/** The plugin as it is shipped, where an archive leaves it, and the flags in NODE_OPTIONS. */
async function withEnvironment(report: Report, { node, cwd, block, plainly, path, judges }: Workshop): Promise<void> {
  symlinkSync(judges.path('helm4'), join(cwd, 'bin/helm'))
  const env = { ...helmEnvironment(join(cwd, 'with environment')), PATH: path, NODE_NO_WARNINGS: '1' }
  cpSync(product(), join(env.HELM_DATA_HOME, 'plugins/netpol'), { recursive: true })
  // Without a cluster it is rendered.
  const rendered = block('helm4').replace('helm install app ./chart', 'helm template app ./chart --namespace stage')
  await report.check(`${node.name}, Helm 4, NODE_OPTIONS: it renders the same`, async () => assert.is(await must('sh', ['-euc', rendered], { cwd, env }), plainly))
  await report.check(`${node.name}, Helm 4, NODE_OPTIONS: another file stands in Helm's error`, () =>
    refused(run('sh', ['-euc', rendered.replace('args --values=values.yaml', 'args --values=other.yaml')], { cwd, env }), /NP200: .*ERR_ACCESS_DENIED/),
  )
}

/** The file that Helm 3 starts. */
async function withFile(report: Report, { node, cwd, block, helm, path, judges }: Workshop): Promise<void> {
  writeFileSync(join(cwd, 'netpol'), block('file', 'netpol'))
  chmodSync(join(cwd, 'netpol'), 0o755)
  const env = { ...helmEnvironment(join(cwd, 'helm3')), PATH: path, NODE_NO_WARNINGS: '1' }
  const bin = join(cwd, 'bin3')
  mkdirSync(bin)
  symlinkSync(judges.path('helm3'), join(bin, 'helm'))
  const command = block('helm3').replace('helm install app ./chart', 'helm template app ./chart --namespace stage')
  const shell = (text: string): Promise<Ran> => run('sh', ['-euc', text], { cwd, env: { ...env, PATH: [bin, path].join(delimiter) } })
  await report.check(`${node.name}, Helm 3: the file renders the same as without`, async () => {
    const ran = await shell(command)
    assert.is(ran.code, 0, ran.stderr)
    const plain = join(cwd, 'plain-netpol')
    writeFileSync(plain, `#!/bin/sh\nexec node "${join(product(), 'dist/loader.cjs')}" "$@"\n`)
    chmodSync(plain, 0o755)
    assert.is(ran.stdout, (await shell(command.replace('./netpol', './plain-netpol'))).stdout)
    assert.is(ourPolicies(ran.stdout).length, 1, 'one policy')
  })
  await report.check(`${node.name}, Helm 3: another file is told`, () =>
    refused(shell(command.replace('args --values=values.yaml', 'args --values=other.yaml')), /NP200: .*ERR_ACCESS_DENIED/),
  )
  await report.check(`${node.name}: the page's pipe writes the same`, async () => {
    const rendered = await helm(3, ['template', 'app', './chart', '--namespace', 'stage', '--values', 'values.yaml'])
    writeFileSync(join(cwd, 'rendered.yaml'), rendered.stdout)
    await must('sh', ['-euc', block('pipe')], { cwd, env })
    assert.is(ourPolicies(readFileSync(join(cwd, 'protected.yaml'), 'utf8')).length, 1, 'one policy')
  })
}
