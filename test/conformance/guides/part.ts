import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import * as assert from 'uvu/assert'
import { createNamespace, startCluster } from '../cluster/server.ts'
import { helmEnvironment } from '../harness/helm.ts'
import { isInstalled } from '../harness/installed.ts'
import type { Judges } from '../harness/judges.ts'
import type { Part } from '../harness/part.ts'
import { repo } from '../harness/paths.ts'
import { must, run } from '../harness/proc.ts'
import type { Environment } from '../harness/proc.ts'
import { product } from '../harness/product.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { sectionsOf } from './blocks.ts'
import type { Section } from './blocks.ts'

const example = join(repo, 'docs/example/migrating')

interface Guide {
  readonly page: string
  readonly chart: 'before' | 'after'
  /** Files beside the chart. */
  readonly files: (section: string) => Readonly<Record<string, string>>
}

const after = readFileSync(join(example, 'after/values.yaml'), 'utf8')
const pages: readonly Guide[] = [
  { page: 'helm.md', chart: 'after', files: () => ({ 'values.yaml': after }) },
  { page: 'editors.md', chart: 'after', files: () => ({ 'values.yaml': after }) },
  {
    page: 'migrating.md',
    chart: 'before',
    files: () => ({ 'netpol-values.yaml': after, 'netpol.yaml': 'netpol:\n  enabled: true\n  engine: kubernetes\n' }),
  },
]

/** The guides, followed to the letter: each section's commands in a folder of their own, with the Helm that it is about, on an API server. */
export const guides: Part = {
  name: 'guides',
  about: 'the commands of docs/helm.md, docs/editors.md and docs/migrating.md, with both Helms on a cluster; the chart of docs/migrating.md rendered',
  async run(report, judges) {
    await renders(report, judges)
    await validates(report, judges)
    const cluster = await startCluster(judges)
    try {
      await createNamespace(cluster.call, 'app')
      for (const guide of pages) {
        for (const section of sectionsOf(readFileSync(join(repo, 'docs', guide.page), 'utf8'))) {
          if (section.blocks.some(({ kind }) => shellOf(kind) !== undefined)) await follow(report, judges, guide, section, cluster.kubeconfig)
        }
      }
    } finally {
      await cluster.stop()
    }
  },
}

/** What the fast tests work on is what Helm renders. */
async function renders(report: Report, judges: Judges): Promise<void> {
  for (const version of [3, 4] as const) {
    for (const chart of ['before', 'after']) {
      await report.check(`docs/example/migrating/${chart}.yaml is what Helm ${version} renders`, async () => {
        const env = helmEnvironment(scratch(`guides/render-${version}`))
        const rendered = await must(judges.path(`helm${version}`), ['template', 'app', join(example, chart), '-n', 'app'], { env })
        assert.is(withoutBlanks(rendered), withoutBlanks(readFileSync(join(example, `${chart}.yaml`), 'utf8')))
      })
    }
  }
}

/** The schema, read by the validator of each Helm. */
async function validates(report: Report, judges: Judges): Promise<void> {
  for (const version of [3, 4] as const) {
    await report.check(`Helm ${version} holds a chart's values against docs/values.schema.json`, async () => {
      const folder = scratch(`guides/schema-${version}`)
      const env = helmEnvironment(join(folder, 'home'))
      cpSync(join(example, 'after'), join(folder, 'chart'), { recursive: true })
      cpSync(join(repo, 'docs/values.schema.json'), join(folder, 'chart/values.schema.json'))
      const template = ['template', 'app', join(folder, 'chart'), '-f', join(repo, 'docs/example/values.yaml')]
      await must(judges.path(`helm${version}`), template, { env })
      for (const wrong of ['egres.enabled=true', 'engine=weave', 'ports.webhook=0', 'egress.dnsCIDRs={kube-dns}']) {
        const { code, stderr } = await run(judges.path(`helm${version}`), [...template, '--set', `networkPolicy.${wrong}`], { env })
        assert.ok(code !== 0 && stderr.includes('values'), `${wrong} is taken: ${stderr}`)
      }
    })
  }
}

/** Helm 3 and 4 end a document with blank lines or without. */
function withoutBlanks(stream: string): string {
  return stream.replaceAll(/\n+/g, '\n').trim()
}

async function follow(report: Report, judges: Judges, guide: Guide, section: Section, kubeconfig: string): Promise<void> {
  const version = section.title === 'Helm 3' ? 3 : 4
  const name = `${guide.page}, ${section.title}`
  const cwd = scratch(`guides/${name.replaceAll(/\W+/g, '-')}`)
  const env = prepare(cwd, judges, guide, section, version, kubeconfig)
  // Migrating begins with a release of the old chart, and with the plugin.
  if (guide.page === 'migrating.md') {
    await must('helm', ['plugin', 'install', './helm-netpol'], { cwd, env })
    await must('helm', ['install', 'app', './chart', '-n', 'app'], { cwd, env })
  }
  for (const [index, { kind, text, line }] of section.blocks.entries()) {
    const shell = shellOf(kind)
    if (shell === undefined) continue
    const absent = [shell, ...['jq', 'man'].filter(program => new RegExp(`^${program} `, 'm').test(text))].filter(program => !isInstalled(program))
    if (absent.length > 0) {
      report.skip(1, `docs/${guide.page}:${line}: ${absent.join(' and ')} not installed`)
      // Another shell says nothing about what follows; a program that is missing leaves it without what it builds on.
      if (absent.includes(shell)) continue
      const rest = section.blocks.slice(index + 1).filter(block => shellOf(block.kind) !== undefined).length
      if (rest > 0) report.skip(rest, `docs/${guide.page}: what follows line ${line}`)
      break
    }
    const fine = await report.check(`docs/${guide.page}:${line} (Helm ${version})`, async () => {
      const { code, stdout, stderr } = await run(shell, [shell === 'fish' ? '-c' : '-euc', text], { cwd, env })
      const said = `${stdout}${stderr}`
      if ((code !== 0) !== kind.endsWith(' fails')) throw new Error(`exit ${code}\n${text}${said}`)
      const next = section.blocks[index + 1]
      if (next?.kind !== 'text') return
      for (const expected of next.text.trim().split('\n')) assert.ok(said.includes(expected.trim()), `prints no ${JSON.stringify(expected)}:\n${said}`)
    })
    // What follows would only fail for the same reason.
    if (!fine) break
  }
  for (const namespace of ['default', 'app']) await run('helm', ['uninstall', 'app', '-n', namespace, '--ignore-not-found'], { cwd, env })
}

/** The shell that runs a block; undefined for what is no command. */
function shellOf(kind: string): string | undefined {
  return ['sh', 'bash', 'zsh', 'fish'].find(shell => kind === shell || kind === `${shell} fails`)
}

/** A folder with a chart, its values, a clone of this repository as it is published, and `helm` and `helm-netpol` on the PATH. */
function prepare(cwd: string, judges: Judges, { chart, files }: Guide, { title }: Section, version: 3 | 4, kubeconfig: string): Environment {
  const bin = join(cwd, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(judges.path(`helm${version}`), join(bin, 'helm'))
  const clone = join(cwd, 'helm-netpol')
  cpSync(product(), clone, { recursive: true })
  for (const file of ['package.json', 'docs', 'LICENSE', 'README.md']) cpSync(join(repo, file), join(clone, file), { recursive: true })
  // In the section that installs it, it must not be there before.
  if (title !== 'Helm 3') {
    writeFileSync(join(bin, 'helm-netpol'), `#!/bin/sh\nexec "${process.execPath}" "${join(clone, 'dist/helm-netpol.mjs')}" "$@"\n`)
    chmodSync(join(bin, 'helm-netpol'), 0o755)
  }
  cpSync(join(example, chart), join(cwd, 'chart'), { recursive: true })
  for (const [file, text] of Object.entries(files(title))) writeFileSync(join(cwd, file), text)
  return {
    ...helmEnvironment(join(cwd, 'home'), kubeconfig),
    PATH: [bin, join(cwd, 'npm/bin'), process.env['PATH'] ?? ''].join(delimiter),
    HOME: join(cwd, 'home'),
    npm_config_prefix: join(cwd, 'npm'),
    npm_config_offline: 'true',
  }
}
