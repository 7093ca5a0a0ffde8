import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import { folderWith } from '../helpers/folder.ts'
import { runWith } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'
import { run as runFlux, told } from '../flux/releases.ts'
import { assertAnswered, assertRefused, start } from './program.ts'

/** Lists and mappings within each other without end: every reader stops at 500 levels and says where. */

const million = 1_000_000

/** One level within the other, in each way in which YAML can write it. */
const nestings: Readonly<Record<string, (levels: number) => string>> = {
  'lists in brackets': levels => '['.repeat(levels) + ']'.repeat(levels),
  'lists that are not closed': levels => '['.repeat(levels),
  'mappings in braces': levels => '{a: '.repeat(levels) + '}'.repeat(levels),
  'JSON objects that are not closed': levels => '{"a":'.repeat(levels),
  'lists of mappings by turns': levels => '[{a: '.repeat(levels),
  'dashes on one line': levels => `\n  ${'- '.repeat(levels)}x`,
  'keys that are marked': levels => `\n  ${'? '.repeat(levels)}x`,
}

/** A million lines, each indented further than the one before, would be a terabyte. */
const indented: Readonly<Record<string, (levels: number) => string>> = {
  'indented mappings': levels => `\n${Array.from({ length: levels }, (_, level) => `${' '.repeat(level + 1)}a:\n`).join('')}`,
  'indented lists': levels => `\n${Array.from({ length: levels }, (_, level) => `${' '.repeat(level + 1)}-\n`).join('')}`,
}

const streams = suite('nesting in the stream')

for (const [says, write] of Object.entries(nestings)) {
  streams(`${says}: a million levels in a document that matters are refused with their place`, async () => {
    const input = `${workload()}---\nkind: Service\nspec: ${write(million)}\n`
    const ended = await start(['--engine', 'kubernetes'], { input, memory: 128 })
    assertRefused(ended, /NP101: document 2 .* it is nested deeper than 500 levels\n {2}at stdin:\d+:\d+\n/)
    assert.ok(ended.peak < 200, `${ended.peak} MB`)
  })
}

for (const [says, write] of Object.entries({ ...nestings, ...indented })) {
  streams(`${says}: two thousand levels are refused as a million are`, async () => {
    const { diagnostics } = await runWith(`${workload()}---\nkind: Service\nspec: ${write(2000)}\n`, { engine: 'cilium' })
    assert.match(formatDiagnostics(diagnostics), /NP101: document 2 .* it is nested deeper than 500 levels\n {2}at stdin:\d+:\d+\n/)
  })

  streams(`${says}: in a document that does not matter they pass`, async () => {
    const input = `${workload()}---\nkind: ConfigMap\ndata: ${write(2000)}\n`
    const { output } = await runWith(input, { engine: 'cilium' })
    assert.ok(output?.toString().endsWith(input), 'byte for byte')
  })
}

streams('a million levels in a document that does not matter pass', async () => {
  const input = `${workload()}---\nkind: ConfigMap\ndata: ${'['.repeat(million)}\n`
  assertAnswered(await start(['--engine', 'kubernetes'], { input, memory: 128 }), input)
})

streams('a document of JSON is refused as one of YAML is', async () => {
  const input = `${workload()}---\n{"kind":"Service","spec":${'['.repeat(million)}${']'.repeat(million)}}\n`
  assertRefused(await start(['--engine', 'kubernetes'], { input, memory: 128 }), /nested deeper than 500 levels\n {2}at stdin:\d+:\d+/)
})

streams('what is as deep as real charts are is read', async () => {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`
  const { diagnostics } = await runWith(`${workload()}---\nkind: Service\nmetadata: {name: a}\nspec: {deep: ${deep}}\n`, { engine: 'cilium' })
  assert.not.match(formatDiagnostics(diagnostics), /NP101/)
})

streams('a ResourceList is refused with its place', async () => {
  for (const write of Object.values(nestings)) {
    const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
    for (const text of [`${head}items:\n- kind: Service\n  spec: ${write(10_000)}\n`, `${head}functionConfig:\n  spec: ${write(10_000)}\nitems: []\n`]) {
      const options = { root: 'networkPolicy', files: [], sets: [], engine: 'cilium', controller: undefined, namespace: undefined, strict: false, explicit: [] }
      const { diagnostics } = await answerResourceList(Buffer.from(text), options)
      assert.match(formatDiagnostics(diagnostics), /nested deeper than 500 levels\n {2}at (?:stdin|ResourceList on stdin):\d+:\d+/)
    }
  }
})

streams.run()

const values = suite('nesting in the values')

for (const [says, write] of Object.entries({ ...nestings, ...indented })) {
  values(`${says}: in a values file they are refused with their place`, async () => {
    const { diagnostics } = await runWith(workload(), { values: `networkPolicy:\n  enabled: true\nother: ${write(3000)}\n` })
    assert.match(formatDiagnostics(diagnostics), /NP201: no valid YAML: it is nested deeper than 500 levels\n {2}at values\.yaml:\d+:\d+\n/)
  })
}

values('a million levels in a values file are refused by the program', async () => {
  const cwd = folderWith({ 'values.yaml': `a: ${'['.repeat(million)}` })
  assertRefused(await start(['-f', 'values.yaml'], { input: workload(), cwd, memory: 128 }), /nested deeper than 500 levels\n {2}at values\.yaml:1:\d+/)
})

const expressions: readonly (readonly [says: string, flag: string, text: string, message: RegExp])[] = [
  ['indices', '--set', `a${'[0]'.repeat(10_000)}=1`, /more than 500 list indices in this name[^\n]*\n {2}at --set:1:1\d+/],
  ['names', '--set', `${'a.'.repeat(10_000)}a=1`, /more than 30 dots in this name[^\n]*\n {2}at --set:1:\d+/],
  ['lists of JSON', '--set-json', `a=${'['.repeat(10_000)}`, /JSON is nested deeper than 500 levels\n {2}at --set-json:1:\d+/],
  ['objects of JSON', '--set-json', `a=${'{"a":'.repeat(10_000)}`, /JSON is nested deeper than 500 levels\n {2}at --set-json:1:\d+/],
]

for (const [says, flag, text, message] of expressions) {
  values(`${says}: ten thousand levels in ${flag} are refused with their place`, async () => {
    assertRefused(await start(['--engine', 'cilium', flag, text], { input: workload() }), message)
  })
}

values('a rule of an engine is refused with its place', async () => {
  const { diagnostics } = await runWith(workload(), {
    values: `networkPolicy:\n  enabled: true\n  engine: cilium\n  cilium: {ingress: [{fromEndpoints: ${'['.repeat(10_000)}}]}\n`,
  })
  assert.match(formatDiagnostics(diagnostics), /NP201: no valid YAML: it is nested deeper than 500 levels\n {2}at values\.yaml:4:\d+\n/)
})

values('a HelmRelease is refused with its place, and so is a patch of it', async () => {
  const head = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  values: {networkPolicy: {enabled: true}}\n'
  assert.match(await told(`${head}  more: ${'['.repeat(10_000)}\n`), /nested deeper than 500 levels\n {2}at release\.yaml:6:\d+/)
  const patch = `${head}  postRenderers:\n    - kustomize:\n        patches:\n          - patch: |\n              # helm-netpol: a\n              ${'['.repeat(10_000)}\n`
  const { diagnostics } = await runFlux(patch)
  assert.not.match(formatDiagnostics(diagnostics), /mistake/)
})

values.run()
