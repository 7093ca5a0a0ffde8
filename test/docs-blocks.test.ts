import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { blocksOf, kubectl, prepare, runPage } from './helpers/docs-blocks.ts'
import type { Outcome, Tools } from './helpers/docs-blocks.ts'
import { folderWith } from './helpers/folder.ts'
import { bundle, repository } from './helpers/program.ts'
import { pagesTestedElsewhere, testedPages } from './helpers/tested-pages.ts'

/** The blocks of the pages, with a Helm that answers the example and a kubectl that takes what it gets; the real ones are asked by `npm run conformance`. */

const bin = folderWith()
for (const [name, text] of Object.entries({
  'helm-netpol': `exec "${process.execPath}" "${bundle}" "$@"`,
  helm: `case "$1" in template) cat "${join(repository, 'docs/example/stream.yaml')}";; dependency) ;; *) echo "helm $1 is not stood in for" >&2; exit 1;; esac`,
  kubectl,
})) {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
}
const tools: Tools = { path: [bin], has: name => name === 'helm' || name === 'kubectl' }

const textOf = (page: string): string => readFileSync(join(repository, page), 'utf8')

/** A page's blocks, gone through in a folder of its own. */
async function gone(page: string): Promise<Outcome & { folder: string }> {
  const folder = folderWith()
  prepare(folder, dirname(bundle))
  return { folder, ...(await runPage(blocksOf(page, textOf(page)), folder, tools)) }
}

const pages = new Map(testedPages.map(page => [page, gone(page)]))
// A page that fails fails its own test.
for (const page of pages.values()) page.catch(() => {})

for (const page of testedPages) {
  test(`${page}: every block does what its comment says`, async () => {
    const { notAsked } = (await pages.get(page)) ?? { notAsked: [] }
    assert.ok(blocksOf(page, textOf(page)).length > 0)
    for (const { tools: missing } of notAsked) assert.ok(missing.every(name => ['kustomize', 'kpt'].includes(name)))
  })

  test(`${page}: its links lead to pages and headings`, () => {
    for (const [, target = '', heading] of textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const text = textOf(target === '' ? page : join(dirname(page), target))
      const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      )
      assert.ok(heading === undefined || headings.includes(heading), `${target}#${heading}`)
    }
  })
}

test('every page that has a block is tested', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync(join(repository, 'docs')).flatMap(name => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  ]
  const known: readonly string[] = [...testedPages, ...pagesTestedElsewhere]
  assert.equal(
    pages.filter(page => /^ *```/m.test(textOf(page)) && !known.includes(page)),
    [],
  )
})

test("Argo CD's plugin: its commands write the chart with its policies, and fail with what fails in the pipe", async () => {
  const { folder = '' } = (await pages.get('docs/argocd.md')) ?? {}
  const { spec } = parse(readFileSync(join(folder, 'plugin.yaml'), 'utf8'))
  const cwd = join(folder, 'charts/stageset-controller')
  assert.ok(readFileSync(join(cwd, spec.discover.fileName), 'utf8').includes('networkPolicy'))
  const env = { ARGOCD_APP_NAME: 'demo', ARGOCD_APP_NAMESPACE: 'stage' }
  const run = (path: readonly string[], command: readonly string[]) =>
    execa(command[0] ?? '', command.slice(1), { cwd, env: { ...env, PATH: [...path, process.env['PATH'] ?? ''].join(delimiter) }, reject: false })

  assert.is((await run([bin], spec.init.command)).exitCode, 0)
  const generate = [...spec.generate.command, ...spec.generate.args]
  const { stdout, exitCode, stderr } = await run([bin], generate)
  assert.is(exitCode, 0, stderr)
  assert.match(stdout, /^kind: CiliumNetworkPolicy$/m)

  // As a chart fails that has written half of itself.
  const broken = folderWith()
  writeFileSync(join(broken, 'helm'), `#!/bin/sh\ncat "${join(repository, 'docs/example/stream.yaml')}"\nexit 1\n`, { mode: 0o755 })
  assert.is((await run([broken, bin], generate)).exitCode, 1)
})

test('the composite action: its steps render, and fail with what fails in the pipe', async () => {
  const { folder = '' } = (await pages.get('docs/ci.md')) ?? {}
  const action = parse(readFileSync(join(folder, '.github/actions/helm-netpol/action.yml'), 'utf8'))
  const { steps } = action.runs
  assert.is(action.runs.using, 'composite')
  const step = steps.find(({ id }: { id?: string }) => id === 'render')
  for (const value of Object.values<string>(step.env)) assert.ok(/inputs\.(\w+)/.exec(value)?.[1] ?? '' in action.inputs, value)
  // What the runner does for `shell: bash`.
  const run = (values: string) =>
    execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: folder,
      env: {
        CHART: 'charts/stageset-controller',
        VALUES: values,
        NAMESPACE: 'stage',
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: join(folder, 'outputs'),
        PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
      },
      reject: false,
    })
  assert.is((await run('values.yaml')).exitCode, 0)
  const rendered = /^rendered=(.*)$/m.exec(readFileSync(join(folder, 'outputs'), 'utf8'))?.[1] ?? ''
  assert.match(readFileSync(rendered, 'utf8'), 'helm-netpol/policy')
  assert.is((await run('missing.yaml')).exitCode, 1)
})

for (const [says, text, message] of [
  ['a block that nobody tests', '```sh\nls\n```', 'page.md:1: no comment says how it is tested'],
  ['a way that does not exist', '<!-- tested: hope -->\n```sh\nls\n```', 'page.md:2: hope is no way'],
  ['a command that fails', '<!-- tested: run -->\n```sh\nfalse\n```', 'page.md:2: exit 1'],
  ['a command that should fail', '<!-- tested: fails -->\n```sh\ntrue\n```', 'page.md:2: exit 0'],
  ['a command that sh cannot read', '<!-- tested: run kustomize -->\n```sh\nif\n```', 'page.md:2: sh cannot read it'],
  ['an output that is another', '<!-- tested: run -->\n```sh\necho a; echo b\n```\n<!-- tested: output -->\n```text\na\nc\n```', 'page.md:6: "c" is not said'],
  ['an output with a gap', '<!-- tested: run -->\n```sh\nprintf "a\\nb\\nc"\n```\n<!-- tested: output -->\n```text\na\nc\n```', '"c" is not said'],
  ['a file that is no YAML', '<!-- tested: file a.yaml -->\n```yaml\na: [\n```', 'page.md:2: '],
  ['a Dockerfile that is none', '<!-- tested: parse -->\n```dockerfile\nFORM x\n```', 'no instruction: FORM x'],
  ['HCL that is none', '<!-- tested: parse -->\n```hcl\na {\n```', '} is missing'],
  ['values that are refused', '<!-- tested: values -->\n```yaml\nnetworkPolicy: {enable: true}\n```', 'NP203'],
  [
    'a shortened text in another order',
    '<!-- tested: run -->\n```sh\necho a; echo b\n```\n<!-- tested: shortened -->\n```text\nb\na\n```',
    'page.md:6: "a" is not said',
  ],
  ['a message that no case has', '<!-- tested: case an-address -->\n```text\na\n```', 'page.md:2: there is no case an-address'],
  [
    'a message that the case has not',
    '<!-- tested: case references-that-lead-nowhere-are-told -->\n```text\nhelm-netpol: warning NP408\n```',
    'page.md:2: references-that-lead-nowhere-are-told does not tell it',
  ],
  ['a command that another page lacks', '<!-- tested: in docs/helm.md -->\n```sh\nhelm instal app\n```', 'page.md:2: docs/helm.md has no helm instal app'],
  ['a command of a page that nobody tests', '<!-- tested: in docs/limits.md -->\n```sh\nhelm\n```', 'page.md:2: docs/limits.md is no tested page'],
  ['a language that nobody reads', '<!-- tested: parse -->\n```cobol\na\n```', 'nothing here reads cobol'],
  ['a block without an end', '<!-- tested: parse -->\n```yaml\na: b\n', 'page.md:2: the block has no end'],
] as const) {
  test(`the harness finds ${says}`, async () => {
    try {
      const folder = folderWith()
      prepare(folder, dirname(bundle))
      await runPage(blocksOf('page.md', text), folder, tools)
    } catch (problem) {
      assert.ok(String(problem).includes(message), String(problem))
      return
    }
    assert.unreachable('nothing was found')
  })
}

test('the harness takes lines between for granted only where it is told to', async () => {
  const page = '<!-- tested: run -->\n```sh\nprintf "x\\na\\nb\\nc\\n"\n```\n<!-- tested: output -->\n```text\na\n…\nc\n```'
  assert.is((await runPage(blocksOf('page.md', page), folderWith(), tools)).ran, 1)
})

test.run()
