import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseAllDocuments } from 'yaml'
import { isObject } from '../src/yaml/json.ts'
import type { Json, JsonObject } from '../src/yaml/tree.ts'
import { writeYaml } from '../src/yaml/write.ts'
import { folderWith } from './helpers/folder.ts'
import { netpol, repository } from './helpers/program.ts'

/** What the guides show is what the files are and what the program does; their commands are run by `npm run conformance -- guides`. */

const page = read('docs/migrating.md')
const example = 'docs/example/migrating'

test('the template that is shown is the one of the chart', () => {
  assert.equal(blocks('gotemplate'), [read(`${example}/before/templates/networkpolicy.yaml`)])
})

test('the difference of the values leads from the old file to the new one', () => {
  const [values = ''] = blocks('diff')
  assert.is(side(values, '-'), read(`${example}/before/values.yaml`))
  assert.is(side(values, '+'), read(`${example}/after/values.yaml`))
})

test('the difference of the policies leads from what the chart rendered to what is added', async () => {
  const [, policy = ''] = blocks('diff')
  assert.equal(parsed(side(policy, '-')), policies(read(`${example}/before.yaml`)))
  const { stdout, stderr, exitCode } = await netpol(['--strict', '-f', `${example}/after/values.yaml`], { input: read(`${example}/after.yaml`) })
  assert.is(exitCode, 0, stderr)
  assert.is(side(policy, '+'), writeYaml(policies(stdout)[0] ?? {}))
})

test('with both policies there, the clash is told, and replace takes the place', async () => {
  const input = read(`${example}/before.yaml`)
  const clash = await netpol(['-f', `${example}/after/values.yaml`], { input })
  assert.is(clash.exitCode, 1)
  assert.match(clash.stderr, 'NP600')
  const replaced = await netpol(['-f', `${example}/after/values.yaml`, '--set', 'networkPolicy.replace=true'], { input })
  const after = await netpol(['-f', `${example}/after/values.yaml`], { input: read(`${example}/after.yaml`) })
  assert.is(replaced.exitCode, 0, replaced.stderr)
  assert.equal(policies(replaced.stdout), policies(after.stdout))
})

for (const guide of ['docs/helm.md', 'docs/editors.md', 'docs/migrating.md']) {
  test(`${guide}: the values that are shown are taken`, async () => {
    const shown = blocks('yaml', read(guide))
    assert.ok(shown.length > 0)
    for (const block of shown) {
      const [root = ''] = Object.keys(parse(block))
      const args = ['-f', join(folderWith({ 'values.yaml': block }), 'values.yaml'), '--root', root]
      const { stdout, stderr, exitCode } = await netpol(args, { input: read(`${example}/after.yaml`) })
      assert.is(exitCode, 0, stderr)
      assert.match(stdout, 'helm-netpol/policy')
    }
  })
}

test.run()

function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8')
}

function blocks(kind: string, text = page): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block)
}

/** One of the two texts that a unified difference is of. */
function side(diff: string, sign: '-' | '+'): string {
  const lines = diff.split('\n').filter(line => line.startsWith(' ') || line.startsWith(sign))
  return lines.map(line => `${line.slice(1)}\n`).join('')
}

function parsed(text: string): Json[] {
  return parseAllDocuments(text).map((document): Json => document.toJS())
}

function policies(stream: string): JsonObject[] {
  return parsed(stream)
    .filter(isObject)
    .filter(({ kind }) => kind === 'NetworkPolicy')
}
