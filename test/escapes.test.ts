import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite, test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, parseDocument } from 'yaml'
import { explain } from '../src/commands/explain.ts'
import { flux } from '../src/commands/flux.ts'
import { values } from '../src/commands/values.ts'
import { catalogue } from '../src/diagnostics/catalogue.ts'
import type { Code } from '../src/diagnostics/catalogue.ts'
import { Diagnostics } from '../src/diagnostics/collect.ts'
import type { Diagnose, Diagnostic } from '../src/diagnostics/collect.ts'
import { formatDiagnostics, mostShown } from '../src/diagnostics/format.ts'
import { formats } from '../src/explain/formats.ts'
import type { FormatName } from '../src/explain/formats.ts'
import { blockScalar } from '../src/failure.ts'
import { lookUp } from '../src/flux/block.ts'
import { answerResourceList } from '../src/krm/answer.ts'
import { headComment } from '../src/report/head-comment.ts'
import type { RunOptions } from '../src/run.ts'
import { quoted, visible, visibleJson } from '../src/visible.ts'
import { engineNames } from '../src/values/schema.ts'
import { folderWith } from './helpers/folder.ts'
import { hidden, hostileText } from './helpers/hostile.ts'
import { netpol } from './helpers/program.ts'
import { runWith } from './helpers/run.ts'
import { inTurn } from './helpers/turns.ts'

/** Nothing of a stream, of values, of a file's name or of a flag moves a terminal, hides, or begins a line of its own. */

const words = suite('a text as it is shown')

words('has an escape for what moves a terminal, has no width or turns the line', () => {
  assert.is(visible('a\x1b[1m\x9b\x07\b\r\n\t\u200b\u202e\u{e0061}z'), 'a\\u001b[1m\\u009b\\u0007\\u0008\\r\\n\\t\\u200b\\u202e\\u{e0061}z')
  assert.is(visible('naïve 名前 😀 a\\b'), 'naïve 名前 😀 a\\b')
})

words('has one for every character that is hidden', () => {
  // The planes between hold letters, or nothing.
  const planes = [0, 0x10000, 0xe0000].flatMap(plane => Array.from({ length: 0x10000 }, (_, code) => plane + code))
  const all = planes.map(code => String.fromCodePoint(code))
  const hiding = all.filter(character => character === '\n' || hidden.test(character))
  assert.ok(hiding.length > 6000)
  assert.equal(
    hiding.filter(character => !/^\\(?:[nrt]|u[0-9a-f]{4}|u\{[0-9a-f]{5}\})$/.test(visible(character))),
    [],
  )
})

words('holds nothing hidden, whatever it was, and twice is once', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), text => {
      assert.not.match(visible(text), hidden)
      assert.not.match(visible(text), '\n')
      assert.is(visible(visible(text)), visible(text))
    }),
    { numRuns: 500 },
  )
})

words('is the same text to those who read JSON or YAML', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), text => {
      const json = visibleJson(JSON.stringify({ text }, undefined, 2))
      assert.not.match(json, hidden)
      assert.is(JSON.parse(json).text, text)
      assert.not.match(quoted(text), hidden)
      assert.is(parse(quoted(text)), text)
    }),
    { numRuns: 500 },
  )
})

words.run()

const told = suite('diagnostics')

/** The names of a text's arguments, as its source has them, and whether each is a list there. */
function argumentsOf(code: Code): ReadonlyMap<string, boolean> {
  const sources = [catalogue[code].text, catalogue[code].help].map(part => part.toString())
  // Built into a bundle, an argument may have another name within: `party: party2`.
  const names = sources.flatMap(source => /^\(?\{([^}]*)\}/.exec(source)?.[1]?.split(',') ?? []).map(name => name.trim().split(/:\s*/))
  const isList = (name: string): boolean => new RegExp(`\\b${name}(?:\\.(?:join|map|filter|length)|\\[0\\])|fewOf\\(${name}\\)`).test(sources.join())
  return new Map(names.flatMap(([name = '', within = name]) => (name === '' ? [] : [[name, isList(within)]])))
}

/** Every diagnostic there is, each argument the text. */
function everyDiagnostic(text: string): Diagnostics {
  const diagnostics = new Diagnostics({ strict: false, root: text })
  // What the catalogue's types say of each argument does not matter to what is done with all of them.
  const diagnose = diagnostics.diagnose as (code: Code, args: object, place: Parameters<Diagnose>[2]) => void
  for (const code of Object.keys(catalogue) as Code[]) {
    const args = Object.fromEntries([...argumentsOf(code)].map(([name, isList]) => [name, name === 'block' ? 'networkPolicy: {}\n' : isList ? [text] : text]))
    diagnose(code, args, { source: text, line: 1, column: 1, path: text })
  }
  return diagnostics
}

/** The same, as many at a time as are shown. */
function shownTogether(text: string): (readonly Diagnostic[])[] {
  const { all } = everyDiagnostic(text)
  return Array.from({ length: Math.ceil(all.length / mostShown) }, (_, index) => all.slice(index * mostShown, (index + 1) * mostShown))
}

const benign = 'x'.repeat(20)

told('hold the text where the catalogue has arguments: else nothing below is tested', () => {
  const { all } = everyDiagnostic(benign)
  const without = all.filter(({ message, help }) => !`${message}${help}`.includes(benign)).map(({ code }) => code)
  assert.is(all.length, Object.keys(catalogue).length)
  assert.equal(
    without.filter(code => [...argumentsOf(code).keys()].some(name => name !== 'block')),
    [],
  )
})

told('are as many lines as without it, each with nothing hidden', () => {
  const shownOf = (text: string): string[] => shownTogether(text).map(formatDiagnostics)
  const lines = (text: string): number[] => shownOf(text).map(shown => shown.split('\n').length)
  assert.is(
    shownOf(benign)
      .join('')
      .match(/^helm-netpol: (?:error|warning|note) /gm)?.length,
    Object.keys(catalogue).length,
  )
  fc.assert(
    fc.property(hostileText, text => {
      const shown = shownOf(text)
      assert.not.match(shown.join(''), hidden)
      assert.equal(lines(text), lines(benign))
      assert.is(shown.join('').match(/^helm-netpol:/gm)?.length, Object.keys(catalogue).length + shown.length)
    }),
    { numRuns: 15 },
  )
})

told('are comments to the last line at the head of a manifest', () => {
  const commentsOf = (text: string): string[] => shownTogether(text).map(diagnostics => headComment('cilium', diagnostics))
  const counts = (text: string): number[] => commentsOf(text).map(comment => comment.split('\n').length)
  fc.assert(
    fc.property(hostileText, text => {
      assert.equal(counts(text), counts(benign))
      for (const comment of commentsOf(text)) {
        assert.not.match(comment, hidden)
        for (const line of comment.trimEnd().split('\n')) assert.match(line, /^# /)
        assert.equal(parseDocument(`${comment}a: 1\n`).toJS(), { a: 1 })
      }
    }),
    { numRuns: 15 },
  )
})

told('are one scalar for Helm 4, with nothing hidden', () => {
  fc.assert(
    fc.property(hostileText, text => {
      for (const failure of [...shownTogether(text).map(formatDiagnostics), `helm-netpol: ${text}\n`]) {
        const block = blockScalar(failure)
        assert.not.match(block, hidden)
        assert.equal(parseDocument(block).errors, [])
        assert.type(parseDocument(block).toJS(), 'string')
      }
    }),
    { numRuns: 6 },
  )
})

told.run()

const runs = suite('a whole run')

/** What Go's readers of YAML refuse as it is, as escapes. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/[\x7f-\x9f\ufeff\ufffe\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A release whose every label, argument, key and name is the text, but for a workload's, which can have small letters alone. */
function release(text: string, name = 'app'): string {
  const it = json(text)
  const selector = { matchLabels: { app: text } }
  const documents = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: text, namespace: text }, data: { [text]: `url: https://${text}` } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: text, labels: { [text]: text }, annotations: { 'postrenderer.helm.sh/postrender-filename': text } },
      spec: {
        selector,
        template: {
          metadata: { labels: { app: text }, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': text } },
          spec: {
            volumes: [{ name: 'x', configMap: { name: text } }],
            containers: [
              {
                name: text,
                args: [
                  `--metrics-bind-address=${text}`,
                  `--tracing-endpoint=${text}`,
                  `--tracing-endpoint=https://otel.example.com/${text}`,
                  '--gate-bind-address=:70000',
                ],
                env: [{ name: text, value: `https://${text}.example.com` }],
                ports: [
                  { name: text, containerPort: 8080 },
                  { name: 'metrics', containerPort: text },
                ],
                livenessProbe: { httpGet: { port: text } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: text, namespace: text },
      spec: { selector: { app: text }, ports: [{ name: text, port: 1, targetPort: text }] },
    },
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: text, namespace: text }, spec: { template: { metadata: { labels: { app: text } } } } },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: text, namespace: text },
      spec: { selector: {}, endpoints: [{ port: text }] },
    },
  ]
  return `${documents.map(document => `---\n# Source: chart/x.yaml\n${json(document)}\n`).join('')}---\nkind: Secret\nname: ${it}\n`
}

const options = (text: string): RunOptions => ({
  root: 'networkPolicy',
  files: [
    {
      path: text,
      text: json({
        networkPolicy: {
          enabled: true,
          controller: '*',
          [text]: text,
          engine: 'cilium',
          egress: { enabled: true, derive: true, dnsNamespace: text, apiserver: { cidrs: [text] } },
          metrics: { from: [{ podSelector: { matchLabels: { [text]: text } } }] },
        },
      }),
    },
  ],
  sets: [],
  engine: undefined,
  controller: undefined,
  namespace: undefined,
  strict: false,
})

/** The same with values that are right, so that policies come out. */
const right = (text: string): RunOptions => ({ ...options(text), files: [{ path: text, text: rightValues }], engine: 'kubernetes' })
const rightValues = 'networkPolicy: {enabled: true, controller: "*", egress: {enabled: true, derive: true}, defaultDeny: {enabled: true}}'

runs('tells what is wrong without a line that is not ours', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async text => {
      const { diagnostics } = await runWith(release(text, text), options(text))
      const shown = formatDiagnostics(diagnostics)
      assert.ok(diagnostics.length >= 3, shown)
      assert.not.match(shown, hidden)
      assert.is(shown.match(/^helm-netpol:/gm)?.length, diagnostics.length + 1)
      for (const line of shown.trimEnd().split('\n')) assert.match(line, /^(?:helm-netpol: | {2})/)
    }),
    { numRuns: 15 },
  )
})

runs('writes policies that hold the names as data and nothing else beside them', async () => {
  const kinds = { kubernetes: 'NetworkPolicy', cilium: 'CiliumNetworkPolicy', calico: 'NetworkPolicy', clusterNetworkPolicy: 'ClusterNetworkPolicy' }
  await fc.assert(
    fc.asyncProperty(hostileText, fc.constantFrom(...engineNames), async (text, engine) => {
      const { facts, weaving, diagnostics } = await runWith(release(text), { ...right(text), engine })
      assert.ok(facts !== undefined, formatDiagnostics(diagnostics))
      assert.not.match(weaving.inserted, hidden)
      const documents = weaving.inserted.split(/^---\n/m).slice(1)
      assert.is(documents.length, facts.policies.length)
      for (const document of documents) {
        const parsed = parseDocument(document)
        assert.equal(parsed.errors, [])
        assert.is(parsed.get('kind'), kinds[engine])
        assert.is(parsed.getIn(['metadata', 'labels', text]) ?? text, text)
      }
    }),
    { numRuns: 15 },
  )
})

for (const format of Object.keys(formats) as FormatName[]) {
  runs(`is explained as ${format} with nothing hidden`, async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async text => {
        const { text: shown } = await explain(Buffer.from(release(text)), { ...right(text), format, width: 100, color: false })
        assert.ok(shown !== undefined && shown.length > 500)
        assert.not.match(shown, hidden)
        if (format === 'html' || format === 'svg') assert.not.match(shown.replace(/<script>for \(const[^]*?<\/script>/, ''), /<(?:script|img|svg onload)|]]>/)
      }),
      { numRuns: 5 },
    )
  })
}

runs('is explained on a terminal in colours of ours alone', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async text => {
      const { text: shown = '' } = await explain(Buffer.from(release(text)), { ...right(text), format: 'table', width: 100, color: true })
      assert.match(shown, '\x1b[1m')
      assert.not.match(shown.replace(/\x1b\[(?:0|1|2|31|32|33)m/g, ''), hidden)
    }),
    { numRuns: 5 },
  )
})

runs('makes a block of values whose only key is ours', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async text => {
      const { text: shown = '' } = await values(Buffer.from(release(text)), { ...right(text), files: [], root: text, controller: '*' }, undefined)
      assert.not.match(shown, hidden)
      assert.equal(Object.keys(parse(shown)), [text])
    }),
    { numRuns: 6 },
  )
})

runs('answers a ResourceList with results that are text', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async text => {
      const items = release(text)
        .split(/^---\n# Source: chart\/x\.yaml\n/m)
        .filter(item => item.startsWith('{'))
        .map(item => JSON.parse(item.split('\n')[0] ?? ''))
      const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items }
      const { output = '', diagnostics } = await answerResourceList(Buffer.from(json(list)), { ...right(text), explicit: [] })
      assert.not.match(output, hidden)
      const answer = parse(output)
      assert.is(answer.results.length, diagnostics.length)
      assert.ok(answer.items.length > items.length)
    }),
    { numRuns: 6 },
  )
})

runs('goes into a HelmRelease as it is, and its commands are words for a shell', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async text => {
      const file = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: demo, namespace: stage}\nspec:\n  interval: 1h\n`
      const given = { ...right('values.yaml'), name: undefined, namespaceIsGiven: false, check: false }
      const { text: shown = '', diagnostics } = await flux(Buffer.from(release(text)), { path: text, text: file }, given)
      assert.ok(shown.startsWith(file) && shown.length > file.length, formatDiagnostics(diagnostics))
      assert.not.match(shown, hidden)
      assert.not.match(formatDiagnostics(diagnostics), hidden)
      assert.is(parse(shown).spec.postRenderers.length, 2)
      assert.is(shown.match(/^ *# kubectl get /gm)?.length, 1)
    }),
    { numRuns: 6 },
  )
  const command = lookUp({ policies: [], namespace: "a'; reboot #" })
  assert.is(command, "kubectl get -n 'a'\\''; reboot #'")
})

runs.run()

const program = suite('the program')

program('shows nothing hidden of its flags, of files’ names and of what it cannot do with them', async () => {
  const nasty = '\x1b[31m\u202e\u200b\nhelm-netpol: done'
  const cwd = folderWith({ 'stream.yaml': release('app') })
  const input = readFileSync(join(cwd, 'stream.yaml'))
  const calls: readonly (readonly string[])[] = [
    [`--no${nasty}`],
    [nasty],
    ['--report', nasty, '--report', `${nasty}x`],
    ['-f', nasty, '--engine', nasty, '-n', nasty, '--set', nasty.replace('[', ''), '--set-json', `networkPolicy.x=${nasty}`],
    ['--controller', nasty, '--engine', 'cilium', '--set', `networkPolicy.x${nasty.replace('[', '')}`],
    ['--root', nasty, '--strict=true', '--set', `networkPolicy.enabled=${nasty}`],
    ['--engine', 'cilium', '--report', join('missing', nasty)],
    ['explain', '--format', nasty],
    ['completion', nasty],
    ['flux', nasty],
    ['flux', 'stream.yaml', '--name', nasty],
    ['values', '--context', nasty],
  ]
  const tell = async (args: readonly string[]): Promise<void> => {
    const { stderr, exitCode } = await netpol(args, { input, cwd })
    assert.ok(exitCode === 1 || exitCode === 2, args.join(' '))
    assert.ok(stderr.length > 20)
    assert.not.match(stderr, hidden, args.join(' '))
    assert.not.match(stderr, /^helm-netpol: done/m, args.join(' '))
  }
  await Promise.all(calls.map(args => inTurn(() => tell(args))))
})

program('writes a report whose strings are data, and which moves no terminal', async () => {
  const nasty = '\x1b[31m\x9b\u202e\nx'
  const cwd = folderWith({ 'values.yaml': rightValues })
  const { exitCode } = await netpol(['-f', 'values.yaml', '--report', 'report.json'], { input: release(nasty), cwd })
  assert.is(exitCode, 0)
  const report = readFileSync(join(cwd, 'report.json'), 'utf8')
  assert.not.match(report, hidden)
  assert.is(JSON.parse(report).workloads[0].workload, `Deployment ${nasty}/app`)
})

program('tells Helm 4 of a crash without what the error holds, and the terminal as well', async () => {
  const preload = join(
    folderWith({ 'crash.cjs': "Buffer.prototype.includes = () => { throw new SyntaxError('hunter2\\x1b[31m\\n    at hunter2 (secret)') }\n" }),
    'crash.cjs',
  )
  const { stderr, stdout, exitCode } = await netpol(['--engine', 'cilium'], { input: release('app'), env: { NODE_OPTIONS: `--require ${preload}` } })
  assert.equal([exitCode, stdout], [3, ''])
  assert.match(stderr, /a mistake of helm-netpol itself\. Please report it .*:\nSyntaxError\n {4}at .*crash\.cjs:1:\d+\)\n {4}at .*helm-netpol\.mjs:\d+:\d+/)
  assert.not.match(stderr, /hunter2|secret\)/)
  assert.not.match(stderr, hidden)
})

program.run()

test.run()
