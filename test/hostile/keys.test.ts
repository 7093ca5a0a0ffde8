import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseAllDocuments } from 'yaml'
import type { Diagnostic } from '../../src/diagnostics/collect.ts'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import type { SetKind } from '../../src/values/set.ts'
import { engineNames } from '../../src/values/schema.ts'
import { readFully } from '../../src/yaml/full.ts'
import { toJson } from '../../src/yaml/tree.ts'
import { runWith, textOf } from '../helpers/run.ts'
import { service, workload } from '../helpers/streams.ts'
import { helmRelease, run as runFlux } from '../flux/releases.ts'

/** Words that every JavaScript object answers to. As keys and names of the user's they are words like any other. */
const words = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

const pristine = JSON.stringify(shapeOf(Object.prototype))

function shapeOf(object: object): unknown {
  return Reflect.ownKeys(object).map(String)
}

test.after.each(() => {
  assert.is(JSON.stringify(shapeOf(Object.prototype)), pristine, 'Object.prototype is as it was')
  assert.is(Reflect.get({}, 'polluted'), undefined)
})

for (const word of words) {
  test(`${word} is no key of the values`, async () => {
    for (const key of [word, `"${word}"`]) {
      const texts = [
        `networkPolicy:\n  enabled: true\n  ${key}: {polluted: true}\n`,
        `networkPolicy:\n  enabled: true\n  egress: {${key}: {polluted: true}}\n`,
        `networkPolicy:\n  enabled: true\n  metrics: {from: [{podSelector: {}, ${key}: {polluted: true}}]}\n`,
      ]
      for (const values of texts)
        assert.match(told((await runWith(workload(), { values })).diagnostics), new RegExp(`NP203: networkPolicy\\.\\S*${word} is no known key`))
    }
  })

  test(`${word} beside our block is the chart's`, async () => {
    const { diagnostics, output } = await runWith(workload(), {
      values: `${word}: {polluted: true, ${word}: {polluted: true}}\nnetworkPolicy: {enabled: true}\n`,
    })
    assert.ok(output !== undefined, told(diagnostics))
  })

  test(`${word} can be the root`, async () => {
    assert.ok(textOf(await runWith(workload(), { root: word, values: `${word}: {enabled: true}\n` })).includes('kind: NetworkPolicy'))
    assert.is(textOf(await runWith(workload(), { root: word, values: 'networkPolicy: {enabled: true}\n' })), workload())
  })

  test(`${word} in --set is a name like any other`, async () => {
    const sets = ([kind, text]: readonly [SetKind, string]) => [{ kind, source: { name: `--${kind}`, text, firstLine: 0 } }]
    for (const expression of [
      ['set', `${word}.polluted=true`],
      ['set', `a.${word}[0].polluted=true`],
      ['set-json', `{"${word}":{"polluted":true}}`],
      ['set-string', `${word}=x`],
    ] as const) {
      assert.is(textOf(await runWith(workload(), { sets: sets(expression) })), workload())
    }
    assert.match(
      told((await runWith(workload(), { sets: sets(['set', `networkPolicy.enabled=true,networkPolicy.${word}.polluted=true`]) })).diagnostics),
      /is no known key/,
    )
  })

  test(`${word} in a rule of an engine is no known key`, async () => {
    for (const engine of ['cilium', 'calico', 'clusterNetworkPolicy']) {
      for (const direction of ['ingress', 'egress']) {
        const values = `networkPolicy:\n  enabled: true\n  engine: ${engine}\n  namespace: stage\n  ${engine}:\n    ${direction}:\n      - "${word}": {polluted: true}\n`
        assert.match(
          told((await runWith(workload(), { values })).diagnostics),
          new RegExp(`NP203: networkPolicy\\.${engine}\\.${direction}\\[0\\]\\.${word} is no known key`),
        )
      }
    }
  })

  test(`${word} is a key of plain data as well`, () => {
    const [tree] = readFully({ name: 'text', text: `"${word}": {polluted: true}\n`, firstLine: 0 }, { uniqueKeys: true })
    assert.is(tree === undefined ? '' : JSON.stringify(toJson(tree)), `{"${word}":{"polluted":true}}`)
  })

  test(`${word} as a label is passed on by every engine`, async () => {
    const stream = workload({ selector: `{matchLabels: {"${word}": x}}`, podLabels: `{"${word}": x}`, labels: `{"${word}": x}` })
    for (const engine of engineNames) {
      const output = textOf(await runWith(stream, { engine, namespace: 'stage' }))
      const policy = output.slice(0, output.length - stream.length)
      assert.match(policy, new RegExp(`${word}"?(?: ==|:) ['"]?x`), engine)
      const document: unknown = parseAllDocuments(policy).at(-1)?.toJS()
      assert.ok(JSON.stringify(document).includes(word), engine)
      assert.is(textOf(await runWith(output, { engine, namespace: 'stage' })), output, 'a second run changes nothing')
    }
  })

  test(`${word} as a label is there only where it is given`, async () => {
    const asked = workload({ selector: `{matchExpressions: [{key: ${word}, operator: Exists}]}`, podLabels: '{app: app}' })
    const other = workload({ name: 'other', selector: '{matchLabels: {app: other}}', podLabels: '{app: other}' })
    for (const controller of ['app', '*']) {
      const { diagnostics } = await runWith(asked + other, { engine: 'kubernetes', controller })
      assert.not.match(told(diagnostics), /NP419/, 'it selects no pod of the other')
    }
    const sends = service({ selector: `{${word}: x}`, name: 'sends' })
    const { report } = await runWith(workload() + sends, { engine: 'kubernetes' })
    assert.not.match(JSON.stringify(report.workloads), /sends/)
  })

  test(`${word} as an annotation, a name, a namespace, a port or a key of a ConfigMap means what it says`, async () => {
    const stream = [
      workload({
        name: word,
        namespace: word,
        ports: `[{name: ${word}, containerPort: 8080}]`,
        container: `          envFrom: [{configMapRef: {name: ${word}}}]\n          args: ["--${word}=https://x.example.com", "$(${word})"]\n`,
      }),
      service({ name: word, namespace: word, ports: `[{name: ${word}, port: 80, targetPort: ${word}}]`, annotations: `{${word}: x}` }),
      `---\nkind: ConfigMap\nmetadata: {name: ${word}, namespace: ${word}, annotations: {${word}: x}}\ndata: {${word}: "https://y.example.com", URL: "$(${word})"}\n`,
      `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: ${word}}\nwebhooks: [{name: ${word}, clientConfig: {service: {name: ${word}, namespace: ${word}, port: 80}}}]\n`,
      `---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: ${word}, namespace: ${word}}\nspec: {selector: {}, endpoints: [{port: ${word}}]}\n`,
    ].join('')
    for (const engine of engineNames) {
      const result = await runWith(stream, { engine, values: 'networkPolicy: {enabled: true, egress: {enabled: true, derive: true}}\n' })
      assert.ok(textOf(result).endsWith(stream) || textOf(result).includes(stream.slice(4)), engine)
    }
  })

  test(`${word} in a ResourceList survives as it is`, async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', data: { engine: 'cilium' } }
    const item = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"${word}":"y"},"${word}":{"polluted":true}}`
    const deployment = JSON.stringify(parse(workload()))
    const list = `{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","functionConfig":${JSON.stringify(config)},"items":[${deployment},${item}],"${word}":1}`
    const options = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false, explicit: [] }
    const { output = '', diagnostics } = await answerResourceList(Buffer.from(list), options)
    const lines = output.split('\n').filter(line => line.includes(word))
    assert.is(lines.length, 3, told(diagnostics) + output)
    const flags = list.replace('"data":{"engine":"cilium"}', `"data":{"engine":"cilium","${word}":"x"}`)
    assert.match(told((await answerResourceList(Buffer.from(flags), options)).diagnostics), new RegExp(`NP122: data\\.${word} of functionConfig is none of`))
  })

  test(`${word} in a HelmRelease survives as it is`, async () => {
    const text = helmRelease({ more: `    ${word}: {polluted: true}\n  ${word}: 1\n` })
    const { text: written = '', diagnostics } = await runFlux(text)
    assert.ok(written.startsWith(text) && written.includes('kind: NetworkPolicy'), told(diagnostics) + written)
  })
}

test.run()

function told(diagnostics: readonly Diagnostic[]): string {
  return formatDiagnostics(diagnostics)
}
