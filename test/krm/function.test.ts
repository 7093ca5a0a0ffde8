import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { parseCommand } from '../../src/cli.ts'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { engines } from '../../src/engines/registry.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import { mayBeResourceList } from '../../src/krm/detect.ts'
import { folderWith } from '../helpers/folder.ts'
import { bundle, netpol as start, repository } from '../helpers/program.ts'
import type { Outcome } from '../helpers/program.ts'
import { configMap, workload } from '../helpers/streams.ts'

/** As kustomize and kpt run it: a ResourceList on stdin, mostly no arguments. */

/** The built program; `netpol` below is the same in memory. */
async function program(args: readonly string[], input: string | Buffer): Promise<Outcome> {
  const outcome = await start(args, { input })
  return { ...outcome, stdout: Buffer.from(outcome.stdout, 'latin1').toString() }
}

async function netpol(args: readonly string[], { input }: { input: string | Buffer }): Promise<Outcome> {
  const stream = Buffer.from(input)
  const command = parseCommand(args, {}, ':')
  if (command.do !== 'filter' || !mayBeResourceList(stream)) throw new Error('this is no call of the function')
  const { output, diagnostics, report } = await answerResourceList(stream, { ...command.request, files: [] })
  return { stdout: output ?? '', stderr: formatDiagnostics(diagnostics), exitCode: report.ok ? 0 : 1 }
}

interface Thing {
  readonly kind?: string
  readonly metadata?: { readonly name?: string; readonly annotations?: Record<string, string> }
}

const rendered = readFileSync(join(repository, 'test/fixtures/stageset.yaml'), 'utf8')
const ours = (item: Thing | null): boolean => item?.metadata?.annotations?.['helm-netpol/policy'] !== undefined

/** As the orchestrators write it: items at the margin, comments kept. */
function listOf(stream: string, functionConfig?: unknown, version = 'v1'): string {
  const items = stream
    .split(/^---\n/m)
    .filter(text => /^\w/m.test(text))
    .map(text => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`)
  return `apiVersion: config.kubernetes.io/${version}\nkind: ResourceList\nitems:\n${items.join('')}${functionConfig === undefined ? '' : stringify({ functionConfig })}`
}

const values = (networkPolicy: unknown, annotations: Record<string, string> = {}): object => ({
  apiVersion: 'helm-netpol/v1alpha1',
  kind: 'NetworkPolicyValues',
  metadata: { name: 'netpol', annotations },
  spec: { networkPolicy },
})
const flags = (data: Record<string, string>): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'function-input' }, data })
const on = values({ enabled: true })

const itemsOf = ({ stdout }: Outcome): Thing[] => parse(stdout).items
const policiesOf = (outcome: Outcome): Thing[] => itemsOf(outcome).filter(ours)
const resultsOf = ({ stdout }: Outcome): unknown => parse(stdout).results

for (const engine of Object.keys(engines)) {
  test(`${engine}: the policies are those of the filter, and a second run changes nothing`, async () => {
    const block = { enabled: true, engine, egress: { enabled: true }, defaultDeny: { enabled: true }, namespace: 'stage' }
    const folder = folderWith({ 'values.yaml': stringify({ networkPolicy: block }) })
    const filtered = await program(['-f', join(folder, 'values.yaml')], rendered)
    const answer = await program([], listOf(rendered, values(block)))
    assert.is(answer.exitCode, 0, answer.stderr)
    const expected = parseAllDocuments(filtered.stdout)
      .map(document => document.toJS())
      .filter(ours)
    assert.is(expected.length, 2)
    assert.equal(policiesOf(answer), expected)
    const again = await netpol([], { input: answer.stdout })
    assert.is(again.stdout, answer.stdout)
  })
}

test('other items stay byte for byte, and the policy stands before its controller', async () => {
  const input = listOf(`${configMap}${workload()}`, on)
  const { stdout } = await netpol([], { input })
  const inserted = /^- # helm-netpol .*\n(?:  .*\n)+/m.exec(stdout)?.[0] ?? 'none'
  assert.is(stdout.replace(inserted, '').replace(/^results:\n(?:[ -].*\n)+/m, ''), input)
  assert.equal(
    parse(stdout).items.map(({ kind }: Thing) => kind),
    ['ConfigMap', 'NetworkPolicy', 'Deployment'],
  )
})

test('a run for another engine leaves nothing of the first', async () => {
  const first = await netpol([], { input: listOf(rendered, values({ enabled: true, engine: 'calico' })) })
  const second = await netpol([], { input: first.stdout.replace('engine: calico', 'engine: cilium') })
  assert.equal(
    policiesOf(second).map(({ kind }) => kind),
    ['CiliumNetworkPolicy'],
  )
})

test('what enables nothing changes nothing, and says so where nothing was asked', async () => {
  const off = listOf(workload(), values({ enabled: false }))
  assert.is((await netpol([], { input: off })).stdout, off)
  const silent = await netpol([], { input: listOf(workload()) })
  assert.is(silent.exitCode, 0)
  assert.match(silent.stderr, 'NP209')
  assert.match(JSON.stringify(resultsOf(silent)), /"severity":"warning".*"code":"NP209"/)
})

test('a ConfigMap holds flags, whole values among them', async () => {
  const given = flags({ values: 'networkPolicy:\n  engine: calico\n', set: 'networkPolicy.enabled=true', engine: 'cilium' })
  assert.equal(
    policiesOf(await netpol([], { input: listOf(workload(), given) })).map(({ kind }) => kind),
    ['CiliumNetworkPolicy'],
  )
  const flag = await netpol(['--engine', 'kubernetes'], { input: listOf(workload(), given) })
  assert.equal(
    policiesOf(flag).map(({ kind }) => kind),
    ['NetworkPolicy'],
    'the command line wins',
  )
  const strict = await netpol([], { input: listOf(workload(), flags({ strict: 'true' })) })
  assert.is(strict.exitCode, 1)
})

test('a flag that is given its default wins over the ConfigMap as well', async () => {
  const told = workload().replace('    spec:\n', '    spec:\n      hostNetwork: true\n')
  const strict = listOf(told, flags({ engine: 'kubernetes', strict: 'true' }))
  assert.is((await netpol([], { input: strict })).exitCode, 1)
  assert.is((await netpol(['--strict=false'], { input: strict })).exitCode, 0)
  const root = listOf(workload(), flags({ root: 'np', values: 'np: {enabled: true, engine: calico}\nnetworkPolicy: {enabled: true, engine: cilium}\n' }))
  const kinds = async (...args: string[]): Promise<unknown> => policiesOf(await netpol(args, { input: root })).map(({ kind }) => kind)
  assert.equal(await kinds(), ['NetworkPolicy'])
  assert.equal(await kinds('--root', 'networkPolicy'), ['CiliumNetworkPolicy'])
})

test('older versions are answered in kind', async () => {
  for (const version of ['v1beta1', 'v1alpha1']) {
    const { stdout, exitCode } = await netpol([], { input: listOf(workload(), on, version) })
    assert.is(exitCode, 0)
    assert.is(parse(stdout).apiVersion, `config.kubernetes.io/${version}`)
  }
})

test('JSON is answered as well, and no number loses a digit', async () => {
  const big = '12345678901234567890'
  const input = JSON.stringify(parse(listOf(`${configMap}${workload()}`, on))).replace(
    '"not a separator: ---\\n"',
    `"a", "size": ${big}, "yes": "on", "f": 1.10`,
  )
  const answer = await netpol([], { input })
  assert.is(answer.exitCode, 0, answer.stderr)
  assert.is(policiesOf(answer).length, 1)
  for (const text of [`size: ${big}`, '1.10', '"yes": "on"']) assert.ok(answer.stdout.includes(text), `${text} in\n${answer.stdout}`)
})

test('JSON of any key and text comes back with the same data', async () => {
  const data = { n: '1', yes: 'n', null: '~', a: '\u2028\u0085', 'b c': '', on: '0o17' }
  const items = [...parse(listOf(workload(), on)).items, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data }]
  const answer = await netpol([], { input: JSON.stringify({ ...parse(listOf(workload(), on)), items }, undefined, 2) })
  const [, ...answered]: unknown[] = parse(answer.stdout, { version: '1.1' }).items
  assert.equal(answered, items)
})

const inOtherStyles: readonly (readonly [string, (list: string) => string])[] = [
  ['a tag at items', list => list.replace('items:', 'items: !!seq')],
  ['an anchor at items', list => list.replace('items:', 'items: &all')],
  ['quoted keys', list => list.replace('kind:', '"kind":')],
  ['a %YAML line', list => `%YAML 1.1\n---\n${list}`],
  ['flow style', list => stringify(parse(list), { collectionStyle: 'flow' })],
  ['flow style without items', () => '{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: []}\n'],
]
for (const [says, spell] of inOtherStyles) {
  test(`a list that would have to be written anew is refused: ${says}`, async () => {
    const { stdout, stderr, exitCode } = await netpol([], { input: spell(listOf(`${configMap}${workload()}`, on)) })
    assert.is(exitCode, 1)
    assert.is(stdout, '')
    assert.match(stderr, /NP120.*is in a style that cannot be kept.*items: alone on its line/)
  })
}

test('a list without items stays as it is, its results last', async () => {
  for (const items of ['items: []', 'items:', 'items: # none']) {
    const input = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${items}\nother: {b: !!binary aGVsbG8=}\n`
    const { stdout, exitCode } = await netpol([], { input })
    assert.is(exitCode, 0)
    assert.ok(stdout.startsWith(`${input}results:\n`), stdout)
    assert.is((await netpol([], { input: stdout })).stdout, stdout)
  }
})

test('a new policy gets a file beside its workload, one that takes the place of another its file', async () => {
  const at = (path: string, index: string): string =>
    `  annotations: {config.kubernetes.io/path: ${path}, internal.config.kubernetes.io/path: ${path}, config.kubernetes.io/index: "${index}", internal.config.kubernetes.io/index: "${index}"}\n`
  const input = listOf(workload().replace('  labels:', `${at('app/all.yaml', '3')}  labels:`), on)
  const first = await netpol([], { input })
  const annotations = policiesOf(first)[0]?.metadata?.annotations
  assert.equal(annotations, {
    'helm-netpol/policy': 'allowlist/app',
    'internal.config.kubernetes.io/path': 'app/networkpolicy_app.yaml',
    'config.kubernetes.io/path': 'app/networkpolicy_app.yaml',
    'internal.config.kubernetes.io/index': '0',
    'config.kubernetes.io/index': '0',
  })
  const moved = await netpol([], { input: first.stdout.replaceAll('app/networkpolicy_app.yaml', 'policies.yaml') })
  assert.is(policiesOf(moved)[0]?.metadata?.annotations?.['config.kubernetes.io/path'], 'policies.yaml')
  const without = await netpol([], { input: listOf(workload(), on) })
  assert.equal(Object.keys(policiesOf(without)[0]?.metadata?.annotations ?? {}), ['helm-netpol/policy'])
})

test('results name the object and its file, or the key of the functionConfig', async () => {
  const file = { 'config.kubernetes.io/path': 'app/deploy.yaml', 'config.kubernetes.io/index': '2' }
  const host = workload()
    .replace('    spec:\n', '    spec:\n      hostNetwork: true\n')
    .replace('  labels:', `  annotations: ${JSON.stringify(file)}\n  labels:`)
  const outcome = await netpol([], { input: listOf(host, on) })
  assert.is(outcome.exitCode, 0)
  assert.match(outcome.stderr, 'at app/deploy.yaml, document 3 (Deployment stage/app)')
  const result = parse(outcome.stdout).results.find(({ tags }: { tags: { code: string } }) => tags.code === 'NP303')
  assert.is(result.severity, 'warning')
  assert.equal(result.resourceRef, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', namespace: 'stage' })
  assert.equal(result.file, { path: 'app/deploy.yaml', index: 2 })

  const wrong = await netpol([], { input: listOf(workload(), values({ enabled: true, engine: 'cillium' }, { 'config.kubernetes.io/path': 'netpol.yaml' })) })
  assert.is(wrong.exitCode, 1)
  assert.match(wrong.stderr, 'at netpol.yaml (networkPolicy.engine)')
  const [mistake] = parse(wrong.stdout).results
  assert.equal(
    [mistake.severity, mistake.field, mistake.file, mistake.tags],
    ['error', { path: 'spec.networkPolicy.engine' }, { path: 'netpol.yaml', index: 0 }, { code: 'NP206' }],
  )
})

test('a functionConfig whose spec is no mapping is told by that key', async () => {
  const [mistake] = parse((await netpol([], { input: listOf(workload(), { ...on, spec: 5 }) })).stdout).results
  assert.equal([mistake.tags.code, mistake.field], ['NP204', { path: 'spec' }])
})

test('a list without items, of which policies are asked, is told in the words of a function', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'cilium'], { input: 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n' })
  assert.is(exitCode, 1)
  assert.match(stderr, 'NP123')
  assert.not.match(stderr, 'NP100')
  assert.equal(
    parse(stdout).results.map(({ tags }: { tags: { code: string } }) => tags.code),
    ['NP123'],
  )
})

test('a failure answers with the items as they were, so that the results are read', async () => {
  const input = listOf(rendered, values({ enabled: true, engine: 'none' }))
  const { stdout, stderr, exitCode } = await program([], input)
  assert.is(exitCode, 1)
  assert.match(stderr, 'NP206')
  assert.is(stdout.replace(/^results:\n(?:[ -].*\n)+/m, ''), input)
})

test('lines are those of stdin, in an item and in the functionConfig', async () => {
  const input = listOf(`${configMap}${workload({ selector: '' })}`, { ...on, metadata: {}, spec: { networkPolicy: { enabled: true, egres: 1 } } })
  const { stderr } = await netpol([], { input })
  const line = (text: string): number => input.split('\n').findIndex(found => found.includes(text)) + 1
  assert.match(stderr, new RegExp(`at ResourceList on stdin:${line('egres')}:7 \\(networkPolicy\\.egres\\)`))
  const alone = await netpol([], { input: listOf(`${configMap}${workload({ selector: '' })}`, on) })
  assert.match(alone.stderr, new RegExp(`NP302.*\\n  at stdin:${line('apps/v1')}:3 \\(Deployment stage/app\\)`))
})

test('values that a chart rendered leave the list; those of a file, and the functionConfig itself, stay', async () => {
  const document = (annotations: object): string => `---\n${stringify({ ...values({ enabled: true }), metadata: { name: 'netpol', annotations } })}`
  const kinds = async (stream: string, config?: object): Promise<unknown> =>
    itemsOf(await netpol([], { input: listOf(stream, config) })).map(({ kind }) => kind)
  assert.equal(await kinds(`${document({})}${workload()}`), ['NetworkPolicy', 'Deployment'])
  const kept = ['NetworkPolicyValues', 'NetworkPolicy', 'Deployment']
  assert.equal(await kinds(`${document({ 'config.kubernetes.io/path': 'netpol.yaml' })}${workload()}`), kept)
  assert.equal(await kinds(`${document({ 'config.kubernetes.io/local-config': 'true' })}${workload()}`), kept)
  assert.equal(await kinds(`${document({})}${workload()}`, on), kept)
})

test("a chart's values with the name of the functionConfig count, and leave the list", async () => {
  const chart = { ...values({ engine: 'cilium' }), metadata: { name: 'netpol' } }
  const outcome = await netpol([], { input: listOf(`---\n${stringify(chart)}${workload()}`, on) })
  assert.equal(
    itemsOf(outcome).map(({ kind }) => kind),
    ['CiliumNetworkPolicy', 'Deployment'],
  )
})

test('results of an earlier function are not handed on as ours', async () => {
  const input = `${listOf(workload(), on)}results:\n- message: old\n  severity: info\n`
  const { stdout } = await netpol([], { input })
  assert.not.match(stdout, 'old')
  assert.is(parse(stdout).items.length, 2)
})

test('the report is written as ever', async () => {
  const folder = folderWith()
  await program(['--report', join(folder, 'report.json')], listOf(workload(), on))
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  assert.is(report.ok, true)
  assert.is(report.policies.length, 1)
})

test("a chart's own kind ResourceList passes through, and is filtered with what stands beside it", async () => {
  const foreign = '---\napiVersion: my.io/v1\nkind: ResourceList\nmetadata: {name: config.kubernetes.io/x}\n'
  assert.is((await program([], foreign)).stdout, foreign)
  const { stdout, exitCode } = await program(['--engine', 'kubernetes'], `${foreign}${workload()}`)
  assert.is(exitCode, 0)
  assert.match(stdout, /^---\n# helm-netpol/m)
})

test("under Helm 4's plugin nothing is a function's list", async () => {
  const input = listOf(configMap, on)
  const { stdout } = await start([], { input, env: { HELM_PLUGIN_DIR: repository } })
  assert.is(Buffer.from(stdout, 'latin1').toString(), input)
})

test('a list is answered whole, so that --only-policies is refused', async () => {
  const { stdout, stderr, exitCode } = await program(['--only-policies'], listOf(workload(), on))
  assert.is(exitCode, 2)
  assert.is(stdout, '')
  assert.match(stderr, '--only-policies is for a rendered chart')
})

test('a rendered chart that only speaks of a ResourceList is filtered', async () => {
  const stream = `${configMap.replace('not a separator: ---', 'kind: ResourceList')}${workload()}`
  const { stdout, exitCode } = await program(['--engine', 'kubernetes'], stream)
  assert.is(exitCode, 0)
  assert.match(stdout, /^---\n# helm-netpol/m)
})

for (const [says, input, message] of [
  [
    'an unknown version',
    'apiVersion: config.kubernetes.io/v2\nkind: ResourceList\nitems:\n- kind: A\n',
    /NP120.*config\.kubernetes\.io\/v2; known are .*\/v1,/,
  ],
  ['items that are a mapping', 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: {a: b}\n', /NP120.*items that are no list/],
  ['a document behind it', 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- kind: A\n---\nkind: B\n', /NP120.*followed by another document/],
  [
    'what is no YAML',
    'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- a: b\nfunctionConfig: [\n',
    /NP120.*no valid YAML.*\n  at ResourceList on stdin:\d/,
  ],
  ['JSON that is cut off', '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[{', /NP120.*no valid YAML/],
  ['bytes that are no UTF-8', Buffer.from('apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- a: \xff\n', 'latin1'), /NP120.*UTF-8/],
] as const) {
  test(`a broken ResourceList: ${says}`, async () => {
    const { stdout, stderr, exitCode } = await netpol([], { input })
    assert.is(exitCode, 1)
    assert.is(stdout, '')
    assert.match(stderr, message)
  })
}

for (const [says, config, message] of [
  ['another kind', { apiVersion: 'a.b/v1', kind: 'Other', spec: {} }, /NP121.*is of kind Other \(a\.b\/v1\)/],
  ['a text', 'enabled', /NP121.*is of no kind/],
  ['another version', { ...on, apiVersion: 'helm-netpol/v9' }, /NP103.*helm-netpol\/v9/],
  ['values that are a list', { ...on, spec: [1] }, /NP204.*spec must be a mapping of values, not a list/],
  ['a flag that is unknown', flags({ engin: 'cilium' }), /NP122.*did you mean engine\?/],
  ['a flag that takes no such value', flags({ strict: 'perhaps' }), /NP121.*--strict must be true or false/],
  ['a flag that is no string', { ...flags({}), data: { engine: [] } }, /NP121.*data\.engine that is no string/],
  ['data that is a list', { ...flags({}), data: [] }, /NP121.*data that is no mapping/],
  ['values that are no YAML', flags({ values: 'a: [' }), /NP201.*\n  at functionConfig data\.values:1/],
  ['an engine that there is none of', flags({ engine: 'foo' }), /NP206.*\n  at functionConfig data\.engine \(networkPolicy\.engine\)/],
  ['a controller that is not there', flags({ engine: 'cilium', controller: 'x' }), /NP301.*\n  at functionConfig data\.controller/],
  ['a namespace that is none', flags({ engine: 'cilium', namespace: 'X Y' }), /NP204.*\n  at functionConfig data\.namespace/],
  ['a root that nothing is below', flags({ root: 'np', strict: 'true' }), /NP209.*\n  at functionConfig data\.root/],
  ['a set expression that is none', flags({ set: 'a[x]=1' }), /NP202.*functionConfig data\.set/],
] as const) {
  test(`a wrong functionConfig: ${says}`, async () => {
    const outcome = await netpol([], { input: listOf(workload(), config) })
    assert.is(outcome.exitCode, 1)
    assert.match(outcome.stderr, message)
    assert.equal(
      itemsOf(outcome).map(({ kind }) => kind),
      ['Deployment'],
    )
  })
}

test('a namespace without a name in data is none, as a flag of the command line is not', async () => {
  const outcome = await netpol([], { input: listOf(workload(), flags({ engine: 'kubernetes', namespace: '' })) })
  assert.is(outcome.exitCode, 0, outcome.stderr)
  assert.match(outcome.stdout, 'kind: NetworkPolicy')
})

test('a flag that wins over data is the one that is told', async () => {
  const outcome = await netpol(['--engine', 'foo'], { input: listOf(workload(), flags({ engine: 'cilium' })) })
  assert.match(outcome.stderr, /NP206.*\n {2}at --engine /)
})

test('what is no list is answered with nothing, and with a failure', async () => {
  const { stdout, stderr, exitCode } = await program([], 'apiVersion: config.kubernetes.io/v2\nkind: ResourceList\nitems: []\n')
  assert.is(exitCode, 1)
  assert.is(stdout, '')
  assert.match(stderr, 'NP120')
})

test('an item that cannot be read is named by its number', async () => {
  const { stderr, exitCode } = await netpol([], { input: listOf(`${configMap}${workload({ labels: '{a: [}' })}`, on) })
  assert.is(exitCode, 1)
  assert.match(stderr, /NP101: document 2 .*\n  at stdin:\d+:\d+/)
})

test('a list is known by its first words, whatever their spelling, and a stream by its own', () => {
  const known = [
    'kind: ResourceList\nitems: []\napiVersion: config.kubernetes.io/v1\n',
    '# why\n\n---\n# more\napiVersion: config.kubernetes.io/v1\nkind: ResourceList\n',
    '%YAML 1.1\n---\napiVersion: config.kubernetes.io/v1\nkind: ResourceList\n',
    '{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList"}',
    '{\n  "kind": "ResourceList",\n  "apiVersion": "config.kubernetes.io/v1"\n}',
    '{"kind":"ResourceList","apiVersion":"config.kubernetes.io/v1"}',
    '"apiVersion": "config.kubernetes.io/v1"\n"kind": "ResourceList"\n',
    "\ufeff'kind': 'ResourceList'\n'apiVersion': 'config.kubernetes.io/v1'\n",
  ]
  const others = [
    'apiVersion: my.io/v1\nkind: ResourceList\n',
    '---\n# Source: a\napiVersion: my.io/v1\nkind: ResourceList\nspec: {}\n---\napiVersion: config.kubernetes.io/v1\n',
    'kind: ResourceList\n',
    '{"kind":"ResourceList","apiVersion":"my.io/v1"}',
    'kind: Deployment\nmetadata: {name: ResourceList}\n',
    '{"kind":"List","items":["ResourceList"]}',
    '',
  ]
  for (const text of known) assert.ok(mayBeResourceList(Buffer.from(text)), text)
  for (const text of others) assert.not.ok(mayBeResourceList(Buffer.from(text)), text)
})

test('a long list, and one of nothing but blank lines, take no long time', async () => {
  const started = Date.now()
  const { stdout } = await netpol([], { input: listOf(`${configMap.repeat(20_000)}${workload()}`, on) })
  assert.is(stdout.match(/^- /gm)?.length, 20_002)
  assert.not.ok(mayBeResourceList(Buffer.from(`${'\n'.repeat(100_000)}"ResourceList"`)))
  assert.ok(Date.now() - started < 20_000)
})

test('the filter does not load the function', () => {
  assert.not.match(readFileSync(bundle, 'latin1'), 'annotations-migration|is followed by another document')
})

test.run()
