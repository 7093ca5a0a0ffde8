import { SaxesParser } from 'saxes'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { diff } from '../../src/check/diff/diff.ts'
import type { Difference } from '../../src/check/diff/diff.ts'
import { formats as known } from '../../src/check/formats/formats.ts'
import type { Format, FormatName, FormatOptions } from '../../src/check/formats/formats.ts'
import type { Account } from '../../src/check/model.ts'
import type { Diagnostic } from '../../src/diagnostics/collect.ts'
import { version } from '../../src/version.ts'
import { answered, checked, clusterPolicy, networkPolicy, preparedFor } from '../helpers/checking.ts'
import { workload } from '../helpers/streams.ts'

const formats: Readonly<Record<FormatName, Format>> = known
const options: FormatOptions = { width: 200, color: false }

const lock = networkPolicy('{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}')
const values = 'networkPolicy:\n  enabled: true\n  egress: {enabled: true}\n'

/** Allowed, denied, unknown and not required, each of them; policies that take part and do not. */
const mixed = (): Promise<Account> =>
  checked(
    workload({
      container: '          livenessProbe: {httpGet: {port: 1}}\n          args: ["--x=https://198.51.100.7:8443", "--tracing-endpoint=otel.example.com"]\n',
    }) +
      lock +
      clusterPolicy('ingress: [{}]', { name: 'wrong' }) +
      networkPolicy('{}', { name: 'future' }).replace('/v1', '/v9'),
  )

const withValues = (): Promise<Account> => checked(workload(), { values })

const changed = async (): Promise<Difference> => diff(await preparedFor(workload()), await preparedFor(workload() + lock), [])

const table = suite('as a table')

table('each flow has its verdict, what decided, and where that stands', async () => {
  const shown = formats.table.account(await mixed(), options)
  const lines = shown.split('\n').map(line => line.trim().split(/ {2,}/))
  const row = (start: string): string[] => lines.find(([first]) => first?.startsWith(start)) ?? []
  assert.equal(lines[0], [`helm-netpol ${version}, policies as generic enforces them: 1 asked, 1 refused, 1 not read`])
  assert.equal(row('WHO'), ['WHO', 'PORT', 'VERDICT', 'DECIDED BY', 'WHERE', 'WHY'])
  assert.equal(row('Prometheus: any pod').slice(0, 3), ['Prometheus: any pod', '8080/TCP (metrics)', '✗ denied'])
  assert.equal(row('the kubelet').slice(0, 4), ['the kubelet', '1/TCP', '✓ allowed', 'a node always reaches its own pods'])
  assert.equal(row('OTLP collector').slice(0, 3), ['OTLP collector: otel.example.com:4317', '4317/TCP', '? unknown'])
  assert.match(shown, '✗ denied, if needed')
  assert.match(shown, /no rule of NetworkPolicy stage\/own\s/)
  assert.match(shown, /stdin:20:1 \(NetworkPolicy\s+/)
  assert.match(shown, /warning NP801: ClusterNetworkPolicy wrong would be refused[^]*\n {2}at stdin:28:/)
  assert.match(shown, /note NP802: NetworkPolicy stage\/future /)
  assert.match(shown, /\n6 flows: 1 allowed, 2 denied, 1 denied if needed, 2 unknown\.\n$/)
})

table('a column that says nothing of any flow is left out', async () => {
  const headed = async (stream: string): Promise<string> =>
    formats.table
      .account(await checked(stream), options)
      .split('\n')
      .find(line => line.includes('WHO')) ?? ''
  assert.match(await headed(workload()), /DECIDED BY +WHY$/)
  assert.match(await headed(workload() + lock), /DECIDED BY +WHERE +WHY$/)
})

table('a rule of ours is where the values have it', async () => {
  assert.match(formats.table.account(await withValues(), options), /values\.yaml:3:21\s.*\n?/)
})

table('a question shows what was asked and what both sides say', async () => {
  const flows = await answered(workload() + lock, ['app -> kube-system/kube-dns:53/UDP', 'world -> app:8080', 'app -> s3.example.com:443'])
  const account: Account = { ...(await withValues()), flows }
  const shown = formats.table.account(account, options).split('\n')
  assert.equal(shown.slice(2, 8), [
    'app -> kube-system/kube-dns:53/UDP',
    '  verdict   ✗ denied',
    '  asked     pod stage/app to pod kube-system/kube-dns, port 53/UDP',
    '  egress    denied: no rule of NetworkPolicy stage/own allows it',
    '            at stdin:18:1 (NetworkPolicy stage/own)',
    '  ingress   allowed: no policy selects the pod',
  ])
  assert.ok(
    shown.includes(
      '  unknown   the address of s3.example.com is not known: allowed for an address in 203.0.113.0/24; denied for an address that no rule names',
    ),
  )
})

table('a change at several ports is one row', async () => {
  const shown = formats.table.difference(await changed(), options)
  assert.ok(shown.startsWith(`helm-netpol ${version}, policies as generic enforces them: 15 flows compared\n\nFROM `), shown)
  assert.match(shown, /any pod +Deployment stage\/app +8080\/TCP \(metrics\) +allowed → denied +no rule/)
  assert.match(shown, /stage\/app +world +443\/TCP, another port\/TCP, 53\/UDP +allowed → unknown/)
  const rows = shown.split('\n').filter(line => line.includes(' → ')).length
  assert.ok(shown.endsWith(`\n15 changes in ${rows} rows (a row has all ports that changed alike), 1 of flows that are needed and cut now.\n`), shown)
})

table('changes that are a row each are counted without a word of rows', async () => {
  const difference = await changed()
  const one = formats.table.difference({ ...difference, changes: difference.changes.slice(0, 1) }, options)
  assert.ok(one.endsWith('\n1 change, 1 of flows that are needed and cut now.\n'), one)
})

table('pods of one stream alone are listed, and no change is said', async () => {
  const none = diff(await preparedFor(workload()), await preparedFor(workload({ name: 'b' })), [])
  assert.equal(formats.table.difference(none, options).split('\n\n').slice(1), [
    'Only in the new stream: stage/b.',
    'Only in the old stream: stage/app.',
    '0 changes.\n',
  ])
})

table('lines keep to the width of the terminal', async () => {
  for (const width of [40, 80, 120]) {
    for (const text of [formats.table.account(await mixed(), { width, color: false }), formats.table.difference(await changed(), { width, color: false })])
      for (const line of text.split('\n')) assert.ok(line.length <= width, `${width}: ${line}`)
  }
})

table('colours are for terminals, and change no word', async () => {
  const account = await mixed()
  const coloured = formats.table.account(account, { ...options, color: true })
  assert.match(coloured, '\x1b[31m✗ denied')
  assert.is(coloured.replaceAll(/\x1b\[\d+m/g, ''), formats.table.account(account, options))
})

table.run()

const json = suite('as JSON')

json('it is the account, with its keys in one order', async () => {
  const data = JSON.parse(formats.json.account(await mixed(), options))
  assert.equal(Object.keys(data), ['version', 'implementation', 'ok', 'flows', 'policies', 'diagnostics'])
  assert.equal(
    [data.implementation, data.ok, data.policies],
    ['generic', false, { judged: ['NetworkPolicy stage/own'], refused: ['ClusterNetworkPolicy wrong'], unread: ['NetworkPolicy stage/future'] }],
  )
  assert.equal(Object.keys(data.flows[0]), ['id', 'from', 'to', 'port', 'need', 'verdict', 'asked', 'ingress'])
  assert.equal(data.flows[0], {
    id: 'Deployment stage/app ingress metrics 8080/TCP from any pod',
    from: 'any pod',
    to: 'Deployment stage/app',
    port: '8080/TCP (metrics)',
    need: {
      workload: 'Deployment stage/app',
      direction: 'ingress',
      row: 'metrics',
      party: 'Prometheus',
      reason: 'Prometheus scrapes /metrics',
      required: true,
      found: [{ where: 'container port metrics' }],
    },
    verdict: 'denied',
    asked: { from: 'a pod of namespace elsewhere', to: 'pod stage/app', port: 8080, protocol: 'TCP' },
    ingress: {
      allowed: false,
      by: 'lock',
      documents: [
        {
          document: 'NetworkPolicy stage/own',
          apiVersion: 'networking.k8s.io/v1',
          place: { source: 'stdin', line: 20, column: 1, path: 'NetworkPolicy stage/own' },
        },
      ],
    },
  })
})

json('it is the same each time', async () => {
  assert.is(formats.json.account(await mixed(), options), formats.json.account(await mixed(), options))
})

json('a difference has its changes with the flow as it is now', async () => {
  const data = JSON.parse(formats.json.difference(await changed(), options))
  assert.equal(Object.keys(data), ['version', 'implementation', 'ok', 'compared', 'changes', 'pods', 'diagnostics'])
  assert.equal(
    [data.ok, data.changes[0].before, data.changes[0].after, data.changes[0].newlyCut, data.changes[0].flow.need.row],
    [false, 'allowed', 'denied', true, 'metrics'],
  )
})

json.run()

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
  readonly text: string
}

/** What an XML reader makes of a document; throws where it is no XML. */
function readXml(xml: string): Node {
  const open: { name: string; attributes: Record<string, string>; children: Node[]; text: string }[] = [{ name: '', attributes: {}, children: [], text: '' }]
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: { ...attributes }, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  parser.on('text', text => {
    const last = open.at(-1)
    if (last !== undefined) last.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  const root = open[0]?.children[0]
  if (root === undefined) throw new Error('nothing is there')
  return root
}

const junit = suite('as JUnit XML')

junit('a workload is a suite, a flow a case; what is not known is skipped', async () => {
  const root = readXml(formats.junit.account(await mixed(), options))
  assert.equal(root.attributes, { name: `helm-netpol ${version} check`, tests: '6', failures: '2', errors: '0', time: '0' })
  const [only] = root.children
  assert.equal(only?.attributes, { name: 'Deployment stage/app', tests: '6', failures: '2', errors: '0', skipped: '3', time: '0' })
  const cases = only?.children.map(({ attributes, children }) => [attributes['name'], children[0]?.name]) ?? []
  assert.equal(cases[0], ['ingress metrics: any pod -> Deployment stage/app 8080/TCP (metrics)', 'failure'])
  assert.equal(cases[1], ['ingress health: the kubelet -> Deployment stage/app 1/TCP', undefined])
  assert.is(cases.filter(([, child]) => child === 'skipped').length, 3)
  const failure = only?.children[0]?.children[0]
  assert.equal(failure?.attributes, { type: 'denied', message: 'no rule of NetworkPolicy stage/own allows it' })
  assert.match(failure?.text ?? '', /^asked: a pod of namespace elsewhere .*\nat stdin:20:1/)
})

junit('one’s own questions are a suite, and each that is denied fails', async () => {
  const flows = await answered(workload() + lock, ['app -> 203.0.113.1:1', 'world -> app:1'])
  const root = readXml(formats.junit.account({ ...(await withValues()), flows }, options))
  assert.equal([root.attributes['failures'], root.children[0]?.attributes['name']], ['1', 'flows'])
})

/** As --strict has them. */
const strictly = <T extends { readonly diagnostics: readonly Diagnostic[] }>(one: T): T => ({
  ...one,
  diagnostics: one.diagnostics.map(diagnostic => (diagnostic.severity === 'warning' ? { ...diagnostic, severity: 'error' as const } : diagnostic)),
})

junit('a diagnostic that is an error is a case that has one, and no other is', async () => {
  const account = await mixed()
  for (const text of [
    formats.junit.account(strictly(account), options),
    formats.junit.difference({ ...(await changed()), diagnostics: strictly(account).diagnostics }, options),
  ]) {
    const root = readXml(text)
    assert.is(root.attributes['errors'], '1')
    assert.is(
      Number(root.attributes['tests']),
      root.children.reduce((sum, { children }) => sum + children.length, 0),
    )
    const last = root.children.at(-1)
    assert.equal(last?.attributes, { name: 'diagnostics', tests: '1', failures: '0', errors: '1', skipped: '0', time: '0' })
    const [only] = last?.children ?? []
    assert.match(only?.attributes['name'] ?? '', /^NP801: ClusterNetworkPolicy wrong would be refused/)
    assert.equal([only?.children[0]?.name, only?.children[0]?.attributes['type']], ['error', 'NP801'])
    assert.match(only?.children[0]?.text ?? '', /^at stdin:28:\d+ .*\n./)
  }
})

junit('of two streams a flow fails where it is newly cut', async () => {
  const root = readXml(formats.junit.difference(await changed(), options))
  assert.is(root.attributes['failures'], '1')
  assert.ok(Number(root.attributes['tests']) > 5)
})

junit.run()

const sarif = suite('as SARIF')

interface Result {
  readonly ruleId: string
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations?: readonly { readonly physicalLocation?: unknown; readonly logicalLocations?: unknown }[]
}

/** What SARIF 2.1.0 asks of a log; the results. */
function readSarif(text: string): readonly Result[] {
  const log = JSON.parse(text)
  assert.equal([log.version, log.runs.length], ['2.1.0', 1])
  const [{ tool, results }] = log.runs
  assert.equal([tool.driver.name, tool.driver.version], ['helm-netpol', version])
  const ids = tool.driver.rules.map(({ id }: { id: string }) => id)
  for (const { shortDescription, help } of tool.driver.rules) assert.ok(shortDescription.text !== '' && /^docs\/\w+\.md /.test(help.text))
  assert.is(new Set(ids).size, ids.length)
  for (const { ruleId, level, message } of results) {
    assert.ok(ids.includes(ruleId), ruleId)
    assert.ok(['error', 'warning', 'note'].includes(level))
    assert.ok(message.text.length > 20)
  }
  return results
}

sarif('a flow that is needed and denied is an error where the deciding policy stands', async () => {
  const results = readSarif(formats.sarif.account(await mixed(), options))
  assert.equal(
    results.map(({ ruleId, level }) => `${ruleId} ${level}`),
    ['flow-cut error', 'flow-cut error', 'flow-unknown note', 'flow-denied note', 'flow-unknown note', 'NP801 warning', 'NP802 note'],
  )
  assert.is(
    results[0]?.message.text,
    'any pod -> Deployment stage/app 8080/TCP (metrics) is denied: no rule of NetworkPolicy stage/own allows it. Prometheus: Prometheus scrapes /metrics.',
  )
  assert.equal(results[0]?.locations, [
    {
      physicalLocation: { artifactLocation: { uri: 'stdin' }, region: { startLine: 20, startColumn: 1 } },
      logicalLocations: [{ fullyQualifiedName: 'NetworkPolicy stage/own', kind: 'object' }],
    },
  ])
  assert.equal(results.at(-1)?.locations, [{ physicalLocation: { artifactLocation: { uri: 'stdin' }, region: { startLine: 30, startColumn: 1 } } }])
})

sarif('a rule of ours is where the values have it', async () => {
  const results = readSarif(formats.sarif.account(await withValues(), options))
  assert.equal(
    results.map(({ ruleId, locations }) => [ruleId, locations?.[0]?.physicalLocation]),
    [['flow-cut', { artifactLocation: { uri: 'values.yaml' }, region: { startLine: 3, startColumn: 21 } }]],
  )
})

sarif('a question that is denied is an error, and one that is not known a note', async () => {
  const flows = await answered(workload() + lock, ['world -> app:1', 'app -> s3.example.com:443', 'app -> 203.0.113.1:1'])
  const results = readSarif(formats.sarif.account({ ...(await withValues()), flows }, options))
  assert.equal(
    results.map(({ ruleId, level }) => `${ruleId} ${level}`),
    ['flow-denied error', 'flow-unknown note'],
  )
})

sarif('of two streams what turned out worse is a result, and an error where it is needed and newly cut', async () => {
  const difference = await changed()
  const results = readSarif(formats.sarif.difference(difference, options))
  const levels = (wanted: string): string[] => results.filter(({ level }) => level === wanted).map(({ ruleId }) => ruleId)
  assert.equal(levels('error'), ['flow-cut'])
  assert.equal(new Set(levels('note')), new Set(['flow-denied', 'flow-unknown']))
  assert.is(results.length, difference.changes.length)
  const shut = networkPolicy('{podSelector: {}, policyTypes: [Ingress]}')
  const some = networkPolicy('{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: obs}}}]}]}')
  for (const better of ['', some]) {
    const opened = diff(await preparedFor(workload() + shut), await preparedFor(workload() + better), [])
    assert.is(opened.changes[0]?.after, better === '' ? 'allowed' : 'unknown')
    assert.equal(readSarif(formats.sarif.difference(opened, options)), [])
  }
})

sarif('a path from the root is a URI, another a relative reference', async () => {
  const account = await mixed()
  const at = (source: string): unknown => {
    const [first] = account.diagnostics
    if (first === undefined) throw new Error('no diagnostic')
    const place = { source, line: 1, column: 1 }
    return readSarif(formats.sarif.account({ ...account, flows: [], diagnostics: [{ ...first, place }] }, options))[0]?.locations?.[0]?.physicalLocation
  }
  for (const [source, uri] of [
    ['stdin', 'stdin'],
    ['a b/ä.yaml', 'a%20b/%C3%A4.yaml'],
    ['/tmp/a b.yaml', 'file:///tmp/a%20b.yaml'],
    ['C:\\a\\b c.yaml', 'file:///C:/a/b%20c.yaml'],
    ['../x.yaml', '../x.yaml'],
  ] as const)
    assert.equal(at(source), { artifactLocation: { uri }, region: { startLine: 1, startColumn: 1 } })
})

sarif.run()
