import { isUtf8 } from 'node:buffer'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { engineNames } from '../../src/values/schema.ts'
import { folderWith } from '../helpers/folder.ts'
import { runWith, textOf } from '../helpers/run.ts'
import { configMap, workload } from '../helpers/streams.ts'
import { assertAnswered, assertRefused, start } from './program.ts'

/** Characters that YAML forbids or reads as something else, and bytes that are none. */

const bytes = suite('bytes that are no text')

const strays: readonly (readonly [says: string, bytes: Buffer])[] = [
  ['bytes that no UTF-8 has', Buffer.from([0xff, 0xfe])],
  ['a character that is cut', Buffer.from([0xe2, 0x82])],
  ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80])],
  ['a character in too many bytes', Buffer.from([0xc0, 0x80])],
  ['a character past the last one', Buffer.from([0xf5, 0x80, 0x80, 0x80])],
]

for (const [says, stray] of strays) {
  bytes(`${says}: a document that does not matter passes`, async () => {
    const input = Buffer.concat([Buffer.from(`${workload()}---\nkind: Secret\ndata: {x: "`), stray, Buffer.from('"}\n')])
    const { output } = await runWith(input, { engine: 'cilium' })
    assert.ok(output?.subarray(-input.length).equals(input))
  })

  bytes(`${says}: a document that matters is refused with its line`, async () => {
    const input = Buffer.concat([Buffer.from(`${configMap}---\nkind: Service\nmetadata: {name: "`), stray, Buffer.from('"}\n')])
    const { diagnostics } = await runWith(input, { engine: 'cilium' })
    assert.match(formatDiagnostics(diagnostics), /NP101: document 2 .* it is not valid UTF-8\n {2}at stdin:9:1\n/)
  })

  bytes(`${says}: a values file is refused by its name`, async () => {
    const cwd = folderWith({ 'values.yaml': Buffer.concat([Buffer.from('networkPolicy: {enabled: true, controller: "'), stray, Buffer.from('"}\n')]) })
    assertRefused(await start(['-f', 'values.yaml'], { input: workload(), cwd }), /the values cannot be read: it is not valid UTF-8\n {2}at values\.yaml\n/)
  })
}

bytes('every byte passes where nothing is enabled', async () => {
  const input = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7 + (index >> 8)) & 0xff))
  assertAnswered(await start([], { input }), input.toString('latin1'))
})

bytes.run()

const controls = suite('control characters')

for (const [says, character] of [
  ['NUL', '\0'],
  ['escape', '\x1b'],
  ['backspace', '\b'],
  ['delete', '\x7f'],
  ['a control of Latin-1', '\x9b'],
  ['no character', '\uffff'],
] as const) {
  const code = `U\\+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

  controls(`${says}: a document that matters is refused, as Go's readers refuse it`, async () => {
    for (const written of [`na${character}me`, `"na${character}me"`, `app # ${character}`, `|\n    ${character}`]) {
      const { diagnostics } = await runWith(`${workload()}---\nkind: Service\nmetadata:\n  name: ${written}\n`, { engine: 'cilium' })
      assert.match(formatDiagnostics(diagnostics), new RegExp(`NP101: document 2 .* the character ${code} is not allowed in YAML\\n {2}at stdin:2[01]:\\d+\\n`))
    }
  })

  controls(`${says}: a document that does not matter passes`, async () => {
    const stream = `${workload()}---\nkind: ConfigMap\nmetadata: {name: "a${character}"}\n`
    assert.ok(textOf(await runWith(stream, { engine: 'cilium' })).endsWith(stream))
  })

  controls(`${says}: a values file is refused with its place`, async () => {
    const { diagnostics } = await runWith(workload(), { values: `networkPolicy:\n  enabled: true\n  controller: "a${character}"\n` })
    assert.match(
      formatDiagnostics(diagnostics),
      new RegExp(`NP201: no valid YAML: the character ${code} is not allowed in YAML\\n {2}at values\\.yaml:3:17\\n`),
    )
  })
}

controls('as escapes they are characters of a text, and reach no terminal', async () => {
  const stream = workload({
    selector: '{matchLabels: {app: "a\\0\\e[31m\\x7f\\N\\L\\P"}}',
    podLabels: '{app: "a\\0\\e[31m\\x7f\\N\\L\\P"}',
    name: '"n\\0\\u202ex"',
  })
  for (const engine of engineNames) {
    const result = await runWith(stream, { engine, namespace: 'stage' })
    const output = textOf(result)
    assert.not.match(output.slice(0, output.length - stream.length), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]/, engine)
    assert.not.match(formatDiagnostics(result.diagnostics), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]/)
    assert.is(textOf(await runWith(output, { engine, namespace: 'stage' })), output, 'a second run changes nothing')
  }
})

controls('terminal escapes of the command line reach no terminal', async () => {
  const ended = await start(['--engine', 'cilium', '--report', 'gone\x1b[31m/report.json'], { input: workload() })
  assertRefused(ended, /gone\\u001b\[31m\/report\.json cannot be written/)
})

controls.run()

const halves = suite('halves of characters')

for (const escape of ['\\ud800', '\\udfff', '\\uDC00\\uD800', '\\U0000d800']) {
  halves(`${escape} in a document that matters is refused with its place`, async () => {
    const stream = workload({ selector: `{matchLabels: {app: "a${escape}"}}`, podLabels: `{app: "a${escape}"}` })
    const { diagnostics, output } = await runWith(stream, { engine: 'kubernetes' })
    assert.is(output, undefined)
    assert.match(formatDiagnostics(diagnostics), /NP101: document 1 .* (?:half of a character|Invalid escape sequence)[^\n]*\n {2}at stdin:\d+:\d+\n/)
  })

  halves(`${escape} in a document that does not matter passes`, async () => {
    const stream = `${workload()}---\n{"kind": "ConfigMap", "data": {"x": "${escape}"}}\n`
    assert.ok(textOf(await runWith(stream, { engine: 'kubernetes' })).endsWith(stream))
  })

  halves(`${escape} in a values file is refused with its place`, async () => {
    const values = `networkPolicy:\n  enabled: true\n  engine: cilium\n  cilium: {ingress: [{fromEndpoints: [{matchLabels: {"a${escape}": "b"}}]}]}\n`
    const { diagnostics } = await runWith(workload(), { values })
    assert.match(formatDiagnostics(diagnostics), /NP201: .*(?:half of a character|Invalid escape sequence)[^\n]*\n {2}at values\.yaml:4:\d+\n/)
  })
}

halves('in --set-json they are what Go makes of them', async () => {
  const text = 'networkPolicy={"enabled":true,"engine":"cilium","cilium":{"ingress":[{"fromEndpoints":[{"matchLabels":{"app":"\\ud800"}}]}]}}'
  const result = await runWith(workload(), { sets: [{ kind: 'set-json', source: { name: '--set-json', text, firstLine: 0 } }] })
  assert.not.match(formatDiagnostics(result.diagnostics), /\p{Cs}/u)
  assert.ok(result.output === undefined || isUtf8(result.output))
})

halves('a whole character in two escapes is that character', async () => {
  const stream = workload({ name: '"a\\ud83d\\ude00"' })
  const output = textOf(await runWith(stream, { engine: 'kubernetes' }))
  assert.match(output, /name: "a😀"/u)
})

halves.run()

const ends = suite('line ends')

/** What Go's readers of YAML take for one, and JavaScript's do not. */
const breaks: readonly (readonly [says: string, text: string])[] = [
  ['a carriage return alone', '\r'],
  ['next line', '\x85'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
]

for (const [says, end] of breaks) {
  ends(`${says} ends a line, as the API server reads it`, async () => {
    const stream = `---\n${workload().slice(4).replaceAll('\n', end)}\n`
    for (const engine of engineNames) {
      const output = textOf(await runWith(stream, { engine }))
      assert.ok(output.endsWith(stream), engine)
      assert.match(output.slice(0, -stream.length), /name: app/)
      assert.is(textOf(await runWith(output, { engine })), output, 'a second run changes nothing')
    }
  })

  ends(`${says} hides no key in a comment`, async () => {
    const stream = workload().replace('  labels: {}\n', `  labels: {} # app${end}  annotations: {helm.sh/hook: pre-install}\n`)
    const { output } = await runWith(stream, { engine: 'kubernetes' })
    assert.is(output?.toString(), stream, 'it is a hook, which is no workload of the release')
  })

  ends(`${says} ends a line of the values`, async () => {
    const values = ['networkPolicy:', '  enabled: true', '  engine: cilium', ''].join(end)
    assert.match(textOf(await runWith(workload(), { values })), /kind: CiliumNetworkPolicy/)
  })

  ends(`${says} in a document that does not matter passes`, async () => {
    const stream = `${workload()}---\nkind: ConfigMap${end}data: {}${end}---${end}kind: ConfigMap\n`
    assert.ok(textOf(await runWith(stream, { engine: 'kubernetes' })).endsWith(stream))
  })
}

ends('of all sorts in one stream stay as they are', async () => {
  const stream = `---\r\nkind: ConfigMap\r\n---\nkind: Secret\r---\r\n${workload().slice(4).replaceAll('\n', '\r\n')}---\nkind: ConfigMap\x85\u2028\u2029\n`
  const output = textOf(await runWith(stream, { engine: 'cilium' }))
  const at = output.search(/---\r?\n# helm-netpol/)
  assert.is(output.slice(0, at) + output.slice(at + output.length - stream.length), stream)
})

ends.run()
