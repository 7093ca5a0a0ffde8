import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isScalar, parseAllDocuments, visit } from 'yaml'
import { Chance } from '../conformance/harness/chance.ts'
import { repository } from '../helpers/program.ts'
import { runWith } from '../helpers/run.ts'
import { full } from './program.ts'

/** A regular expression may take time with the square of a text: each text of a chart, and of the values, is made long once. */

const length = full ? 60_000 : 30_000

/** What expressions for names, addresses, URLs, references and lists trip over. */
const patterns = [
  'a',
  '-',
  '.',
  '/',
  ':',
  ',',
  ' ',
  '\n',
  '$(',
  '${',
  '%',
  '[',
  '1',
  '1.',
  'a.',
  'a:',
  'a=',
  '--a=',
  '//',
  '@',
  '\\',
  '"',
  "'",
  '#',
  ';',
  'a,',
  '::',
  '=',
  '*',
  '(',
  '!',
  '\t',
]
const endings = ['', 'x', ' ', '\n', ':80', '!']

const stream = readFileSync(join(repository, 'docs/example/stream.yaml'), 'utf8')
const values = `networkPolicy:
  enabled: true
  engine: cilium
  controller: stageset-controller
  namespace: stage
  egress: {enabled: true, derive: true, dnsNamespace: kube-system, dnsCIDRs: [10.0.0.1/32], apiserver: {cidrs: [10.0.0.1/32]}}
  metrics: {from: [{podSelector: {matchLabels: {app: a}, matchExpressions: [{key: a, operator: In, values: [b]}]}}]}
  cilium:
    ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "/a.*", method: GET}]}}]}]
    egress: [{toFQDNs: [{matchPattern: "*.example.com"}, {matchName: a.example.com}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}, {toEndpoints: [{matchLabels: {app: b}}]}]
`
const calico = `networkPolicy:
  enabled: true
  engine: calico
  egress: {enabled: true}
  calico:
    ingress: [{action: Allow, protocol: TCP, source: {selector: "app == 'a' && has(b)", namespaceSelector: "all()", nets: [10.0.0.0/8]}, destination: {ports: [80, "90:100"]}}]
    egress: [{action: Allow, destination: {domains: ["*.example.com"], selector: "a in {'b', 'c'}"}}]
`

interface Place {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly run: (text: string) => Promise<unknown>
}

const places: readonly Place[] = [
  ...scalarsOf(stream).map(place => ({ ...place, text: stream, run: (text: string) => runWith(text, { values }) })),
  ...[values, calico].flatMap(given => scalarsOf(given).map(place => ({ ...place, text: given, run: (text: string) => runWith(stream, { values: text }) }))),
]

test('no text takes more time than its length asks for', async () => {
  const chance = new Chance(11)
  const all = places.flatMap(place => patterns.map(pattern => ({ place, pattern })))
  const tried = full ? all : chance.times(60, 60, () => chance.pick(all))
  for (const { place, pattern } of tried) {
    const long = pattern.repeat(length / pattern.length) + chance.pick(endings)
    const text = place.text.slice(0, place.start) + JSON.stringify(long) + place.text.slice(place.end)
    const started = process.cpuUsage()
    await place.run(text)
    const spent = process.cpuUsage(started).user / 1000
    assert.ok(spent < 1500, `${Math.round(spent)} ms for ${JSON.stringify(pattern)} in the place of ${place.text.slice(place.start, place.end)}`)
  }
})

test.run()

function scalarsOf(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const document of [parseAllDocuments(text)].flat()) {
    visit(document, {
      Scalar: (key, node) => {
        const [start, end] = node.range ?? [0, 0]
        if (key !== 'key' && isScalar(node) && end > start && !String(node.type).startsWith('BLOCK')) found.push({ start, end })
      },
    })
  }
  return found
}
