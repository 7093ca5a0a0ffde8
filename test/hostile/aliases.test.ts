import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import { folderWith } from '../helpers/folder.ts'
import { codesOf, runWith } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'
import { run as runFlux, told } from '../flux/releases.ts'
import { assertAnswered, assertRefused, start } from './program.ts'

/** Aliases that stand for aliases: a kilobyte of text that means more than any memory holds. */

/** Ten times ten times ten …: entries of a mapping, at an indentation. */
function laughs(indent = ''): string {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `a${level}: &a${level} [${Array(10)
        .fill(level === 0 ? 'x' : `*a${level - 1}`)
        .join(', ')}]\n`,
  )
  return levels.map(line => indent + line).join('')
}

/** Each list within the next, so that no walk over it ends within the stack. */
function chain(length: number): string {
  return Array.from({ length }, (_, level) => `a${level}: &a${level} [${level === 0 ? 'x' : `*a${level - 1}`}]\n`).join('')
}

/** Few nodes, and a long text in each. */
const longTexts = `a: &a "${'x'.repeat(100_000)}"\nb: [${Array(5000).fill('*a').join(', ')}]\n`

const tooMany = /its aliases expand to more than 400000 nodes/
const tooDeep = /its aliases are nested deeper than 500 levels/

const streams = suite('aliases in the stream')

const bombs: readonly (readonly [says: string, text: string, message: RegExp])[] = [
  ['aliases that multiply', laughs(), tooMany],
  ['aliases that lead ever deeper', chain(2000), tooDeep],
  ['aliases of a long text', longTexts, tooMany],
]

for (const [says, text, message] of bombs) {
  streams(`${says}: a document that matters is refused with its place`, async () => {
    const { diagnostics, output } = await runWith(`${workload()}---\nkind: Service\n${text}`, { engine: 'kubernetes' })
    assert.is(output, undefined)
    assert.match(formatDiagnostics(diagnostics), message)
    assert.match(formatDiagnostics(diagnostics), /\n {2}at stdin:\d+:\d+\n/)
  })

  streams(`${says}: a document that does not matter passes`, async () => {
    const stream = `${workload()}---\nkind: ConfigMap\n${text}`
    const { output } = await runWith(stream, { engine: 'kubernetes' })
    assert.ok(output?.toString().endsWith(stream))
  })

  streams(`${says}: the program refuses them with little memory`, async () => {
    const input = `${workload()}---\nkind: Service\n${text}`
    const ended = await start(['--engine', 'kubernetes'], { input, memory: 128 })
    assertRefused(ended, message)
    assert.ok(ended.peak < 250, `${ended.peak} MB`)
  })
}

streams('the program passes them on where they do not matter', async () => {
  const input = `${workload()}---\nkind: ConfigMap\n${laughs()}`
  assertAnswered(await start(['--engine', 'kubernetes'], { input, memory: 128 }), input)
})

streams('merge keys multiply no less', async () => {
  const levels = Array.from({ length: 2000 }, (_, level) => `m${level}: &m${level} {${level === 0 ? '' : `<<: *m${level - 1}, `}k${level}: x}\n`).join('')
  const { diagnostics } = await runWith(`${workload()}---\nkind: Service\n${levels}`, { engine: 'kubernetes' })
  assert.match(formatDiagnostics(diagnostics), /its aliases (?:expand|are nested)/)
})

streams('aliases as charts have them are followed', async () => {
  const { diagnostics } = await runWith(`${workload()}---\nkind: Service\nmetadata: {name: a}\nlist: [&a {b: c}${', *a'.repeat(5000)}]\n`, {
    engine: 'kubernetes',
  })
  assert.equal(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  )
})

streams('containers that are the same one again and again cost no more than they say', async () => {
  const variables = Array.from(
    { length: 30 },
    (_, index) => `{name: V${index}, value: "${index === 0 ? 'x'.repeat(100) : `$(V${index - 1})$(V${index - 1})`}"}`,
  )
  const container = `{name: a, command: [sh, -c, "run $(V29)"], args: ["--bind=$(V29)"], env: [${variables.join(', ')}]}`
  const stream = workload().replace('      containers:\n', `      containers:\n        - &c ${container}\n${'        - *c\n'.repeat(50)}`)
  const { output } = await runWith(stream, { engine: 'cilium', values: 'networkPolicy: {enabled: true, egress: {enabled: true}}\n' })
  assert.ok(output !== undefined)
})

streams.run()

const values = suite('aliases in the values')

for (const [says, text, message] of bombs) {
  values(`${says}: a values file is refused with its place`, async () => {
    const { diagnostics } = await runWith(workload(), { values: `networkPolicy: {enabled: true}\n${text}` })
    assert.match(formatDiagnostics(diagnostics), new RegExp(`NP201: no valid YAML: ${message.source}\\n {2}at values\\.yaml:\\d+:\\d+\\n`))
  })
}

values('a rule of an engine is refused with its place', async () => {
  const rules = Array.from(
    { length: 8 },
    (_, level) =>
      `      - &a${level} {fromEndpoints: [${Array(10)
        .fill(level === 0 ? '{}' : `*a${level - 1}`)
        .join(', ')}]}\n`,
  )
  for (const engine of ['cilium', 'calico', 'clusterNetworkPolicy']) {
    const { diagnostics } = await runWith(workload(), {
      values: `networkPolicy:\n  enabled: true\n  engine: ${engine}\n  ${engine}:\n    ingress:\n${rules.join('')}`,
    })
    assert.match(formatDiagnostics(diagnostics), /NP201: no valid YAML: its aliases expand to more than 400000 nodes\n {2}at values\.yaml:1\d:\d+\n/)
  }
})

values('JSON has no aliases: they are texts there', async () => {
  const text = '{"networkPolicy":{"enabled":true,"controller":"*a"},"x":"&a"}'
  const { diagnostics } = await runWith(workload(), { sets: [{ kind: 'set-json', source: { name: '--set-json', text, firstLine: 0 } }] })
  assert.match(formatDiagnostics(diagnostics), /no workload of the stream is named \*a/)
})

values('a policy that no API server stores is refused, however small its values', async () => {
  const peers = `[&p {podSelector: {matchLabels: {${'a.'.repeat(120)}a/${'x'.repeat(60)}: ${'x'.repeat(60)}}}}${', *p'.repeat(5000)}]`
  const result = await runWith(workload(), { values: `networkPolicy:\n  enabled: true\n  metrics:\n    from: ${peers}\n` })
  assert.equal(codesOf(result), ['NP503'])
  assert.match(formatDiagnostics(result.diagnostics), /NetworkPolicy stage\/app: it is larger than 1\.5 MB/)
})

values('rules for many workloads are refused before they fill the memory', async () => {
  const headers = `"X-Long: ${'x'.repeat(100_000)}"`
  const rules = `[&r {toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{headers: [${headers}]}]}}]}${', *r'.repeat(13)}]`
  const cwd = folderWith({ 'values.yaml': `networkPolicy:\n  enabled: true\n  engine: cilium\n  controller: "*"\n  cilium:\n    ingress: ${rules}\n` })
  const input = Array.from({ length: 100 }, (_, index) => workload({ name: `app-${index}` })).join('')
  const ended = await start(['-f', 'values.yaml'], { input, cwd })
  assertRefused(ended, /NP503: CiliumNetworkPolicy stage\/app-\d+: with it the policies come to more than 50 MB/)
})

values('a HelmRelease is refused with its place', async () => {
  const head = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  values: {networkPolicy: {enabled: true}}\n'
  assert.match(await told(`${head}${laughs()}`), /its aliases expand to more than 400000 nodes\n {2}at release\.yaml:\d+:\d+\n/)
  assert.match(await told(`${head}${chain(5000)}`), /its aliases are nested deeper than 500 levels\n {2}at release\.yaml:\d+:\d+\n/)
})

values('a patch of a HelmRelease that holds them is a text like any other', async () => {
  const patch = `# helm-netpol: an earlier block\n${laughs()}`.replace(/^/gm, '              ')
  const text = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: stage}\nspec:\n  values: {networkPolicy: {enabled: true}}\n  postRenderers:\n    - kustomize:\n        patches:\n          - patch: |\n${patch.trimEnd()}\n    - kustomize: {}\n`
  const { text: written, diagnostics } = await runFlux(text)
  assert.ok(written === undefined ? diagnostics.some(({ severity }) => severity === 'error') : written.includes('kind: NetworkPolicy'))
})

values('a ResourceList is refused with its place', async () => {
  const options = { root: 'networkPolicy', files: [], sets: [], engine: 'cilium', controller: undefined, namespace: undefined, strict: false, explicit: [] }
  const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
  const item = `- kind: Service\n${laughs('  ')}`
  for (const text of [`${head}items:\n${item}`, `${head}items: []\n${laughs()}`, `${head}functionConfig:\n${laughs('  ')}items: []\n`]) {
    const { diagnostics } = await answerResourceList(Buffer.from(text), options)
    assert.match(formatDiagnostics(diagnostics), /its aliases expand to more than 400000 nodes\n {2}at (?:stdin|ResourceList on stdin):\d+:\d+/)
  }
})

values.run()
