import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseDocument } from 'yaml'
import { folderWith } from './helpers/folder.ts'
import { bundle, loader, netpol, repository } from './helpers/program.ts'
import type { Call } from './helpers/program.ts'
import { configMap, workload } from './helpers/streams.ts'

/** What a user can do wrong, through the built program: where it says so, what it says, and that it writes nothing. */

const values = suite('bad values')

interface Mistake {
  readonly says: string
  readonly values: string
  /** `line:column (path)` in values.yaml, for each mistake in turn. */
  readonly at: readonly string[]
  readonly text: RegExp
  readonly args?: readonly string[]
}

const mistakes: readonly Mistake[] = [
  {
    says: 'an unknown engine is named, with the ones there are',
    values: 'networkPolicy:\n  enabled: true\n  engine: cillium\n',
    at: ['3:11 (networkPolicy.engine)'],
    text: /"cillium".*kubernetes, cilium, calico, clusterNetworkPolicy.*did you mean cilium\?/is,
  },
  {
    says: 'an unknown key is named, with the nearest known one',
    values: 'networkPolicy:\n  enabled: true\n  egress:\n    dnsNamespce: x\n',
    at: ['4:5 (networkPolicy.egress.dnsNamespce)'],
    text: /no known key; did you mean dnsNamespace\?/,
  },
  {
    says: 'a key of another world is named without a guess',
    values: 'networkPolicy: {enabled: true, thisIsNothingWeKnow: 1}\n',
    at: ['1:32 (networkPolicy.thisIsNothingWeKnow)'],
    text: /no known key$/m,
  },
  {
    says: 'a wrong type says what was expected and what was there',
    values: 'networkPolicy:\n  enabled: true\n  egress: []\n',
    at: ['3:11 (networkPolicy.egress)'],
    text: /must be a mapping, not a list/,
  },
  {
    says: 'a word for a switch is refused',
    values: 'networkPolicy:\n  enabled: "true"\n',
    at: ['2:12 (networkPolicy.enabled)'],
    text: /must be true or false, not "true"/,
  },
  {
    says: 'the block must be a mapping',
    values: 'networkPolicy: on\n',
    at: ['1:16 (networkPolicy)'],
    text: /must be a mapping/,
    args: ['--engine', 'kubernetes'],
  },
  {
    says: 'an address without a prefix is no CIDR',
    values: 'networkPolicy:\n  enabled: true\n  egress:\n    apiserver:\n      cidrs: [10.0.0.1]\n',
    at: ['5:15 (networkPolicy.egress.apiserver.cidrs[0])'],
    text: /must be a CIDR such as .*, not "10\.0\.0\.1"/,
  },
  {
    says: 'an exception outside of its block is refused',
    values: 'networkPolicy:\n  enabled: true\n  metrics:\n    from:\n      - ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}\n',
    at: ['5:18 (networkPolicy.metrics.from[0].ipBlock)'],
    text: /11\.0\.0\.0\/16.*not strictly within 10\.0\.0\.0\/8/,
  },
  {
    says: 'bits past the prefix of a block leave open which block was meant',
    values:
      'networkPolicy:\n  enabled: true\n  egress:\n    dnsCIDRs: [10.0.0.10/8]\n    to:\n      - to:\n          - ipBlock: {cidr: fd00::1/48, except: [fd00::1/64]}\n',
    at: [
      '4:16 (networkPolicy.egress.dnsCIDRs[0])',
      '7:29 (networkPolicy.egress.to[0].to[0].ipBlock.cidr)',
      '7:50 (networkPolicy.egress.to[0].to[0].ipBlock.except[0])',
    ],
    text: /10\.0\.0\.10\/8, which has bits past its prefix; write 10\.0\.0\.0\/8, or 10\.0\.0\.10\/32/,
  },
  {
    says: 'an IPv4 block in the spelling of IPv6 is refused, as the API server does',
    values: 'networkPolicy:\n  enabled: true\n  metrics:\n    from:\n      - ipBlock: {cidr: "::ffff:10.0.0.0/104"}\n',
    at: ['5:25 (networkPolicy.metrics.from[0].ipBlock.cidr)'],
    text: /write the IPv4 block/,
  },
  {
    says: 'a label of namespaces that Cilium has no room for is refused',
    values: `networkPolicy:\n  enabled: true\n  engine: cilium\n  translatePeers: true\n  metrics:\n    from:\n      - namespaceSelector: {matchLabels: {${'k'.repeat(40)}: x}}\n`,
    at: ['7:9 (networkPolicy.metrics.from[0])'],
    text: /cannot express the namespace label k+ .*kubernetes and calico can/,
  },
  {
    says: "Cilium's own words for namespaces are no labels of pods",
    values:
      'networkPolicy:\n  enabled: true\n  engine: cilium\n  translatePeers: true\n  metrics:\n    from:\n      - podSelector: {matchLabels: {io.kubernetes.pod.namespace: apps}}\n',
    at: ['7:9 (networkPolicy.metrics.from[0])'],
    text: /cannot express the pod label io\.kubernetes\.pod\.namespace/,
  },
  {
    says: 'the name of a port elsewhere is refused where names have no protocol',
    values:
      'networkPolicy:\n  enabled: true\n  engine: clusterNetworkPolicy\n  translatePeers: true\n  egress:\n    enabled: true\n    to:\n      - to: [{podSelector: {}}]\n        ports: [{port: otlp}]\n',
    at: ['8:9 (networkPolicy.egress.to[0])'],
    text: /cannot express the port name otlp .*of every protocol.*kubernetes, cilium and calico can/,
  },
  {
    says: 'a port out of range is refused',
    values: 'networkPolicy:\n  enabled: true\n  ports:\n    metrics: 65536\n',
    at: ['4:14 (networkPolicy.ports.metrics)'],
    text: /port from 1 to 65535, not the number 65536/,
  },
  {
    says: 'a port name that no container can have is refused',
    values: 'networkPolicy:\n  enabled: true\n  additionalIngress:\n    - ports: [{port: Not_A_Port}]\n',
    at: ['4:22 (networkPolicy.additionalIngress[0].ports[0].port)'],
    text: /port name/,
  },
  {
    says: 'a range that ends before it starts is refused',
    values: 'networkPolicy:\n  enabled: true\n  additionalIngress:\n    - ports: [{port: 90, endPort: 80}]\n',
    at: ['4:15 (networkPolicy.additionalIngress[0].ports[0])'],
    text: /endPort 80 below its port 90/,
  },
  {
    says: 'a from that is no list is refused',
    values: 'networkPolicy:\n  enabled: true\n  gate:\n    from:\n      namespaceSelector: {}\n',
    at: ['5:7 (networkPolicy.gate.from)'],
    text: /must be a list of NetworkPolicyPeer, not a mapping/,
  },
  {
    says: 'an entry of from that is no peer is refused',
    values: 'networkPolicy:\n  enabled: true\n  gate:\n    from:\n      - flagger-system\n      - {}\n',
    at: ['5:9 (networkPolicy.gate.from[0])', '6:9 (networkPolicy.gate.from[1])'],
    text: /must be .*NetworkPolicyPeer|must be a mapping/,
  },
  {
    says: 'a peer of two sorts is refused',
    values: 'networkPolicy:\n  enabled: true\n  gate:\n    from:\n      - ipBlock: {cidr: 10.0.0.0/8}\n        podSelector: {}\n',
    at: ['5:9 (networkPolicy.gate.from[0])'],
    text: /ipBlock beside a selector/,
  },
  {
    says: 'a label that YAML reads as no string is to be quoted',
    values: 'networkPolicy:\n  enabled: true\n  gate:\n    from:\n      - podSelector: {matchLabels: {app: yes}}\n',
    at: ['5:42 (networkPolicy.gate.from[0].podSelector.matchLabels.app)'],
    text: /must be a string \(quote it\), not the boolean yes/,
  },
  { says: 'a key given twice is refused', values: 'networkPolicy:\n  enabled: true\n  engine: cilium\n  engine: calico\n', at: ['4:3'], text: /unique/ },
  { says: 'keys given twice are each told', values: 'a: 1\na: 2\nb: 1\nb: 2\n', at: ['2:1', '4:1'], text: /unique/ },
  { says: 'what is no YAML is refused', values: 'networkPolicy: [\nengine: x\n', at: ['2:1'], text: /no valid YAML/ },
  {
    says: 'a file of two documents is refused',
    values: 'networkPolicy: {enabled: true}\n---\nnetworkPolicy: {engine: calico}\n',
    at: ['3:1'],
    text: /more than one document/,
  },
  {
    says: 'a peer that the engine cannot express is named where it stands',
    values: 'networkPolicy:\n  enabled: true\n  translatePeers: true\n  metrics:\n    from:\n      - ipBlock: {cidr: 10.0.0.0/8}\n',
    at: ['6:9 (networkPolicy.metrics.from[0])'],
    text: /cannot express the ipBlock 10\.0\.0\.0\/8/,
    args: ['--engine', 'clusterNetworkPolicy'],
  },
  {
    says: 'a passthrough rule that is no mapping is refused',
    values: 'networkPolicy:\n  enabled: true\n  engine: cilium\n  cilium:\n    ingress: [all]\n',
    at: ['5:15 (networkPolicy.cilium.ingress[0])'],
    text: /must be a mapping/,
  },
]

for (const { says, values: text, at, text: expected, args = [] } of mistakes) {
  values(says, async () => {
    const { stdout, stderr, exitCode } = await netpol(['-f', 'values.yaml', ...args], { cwd: folderWith({ 'values.yaml': text }), input: workload() })
    assert.is(stdout, '')
    assert.match(stderr, expected)
    for (const place of at) assert.ok(stderr.includes(`at values.yaml:${place}\n`), `${place} is missing in:\n${stderr}`)
    assert.is(exitCode, 1)
  })
}

values('everything that is wrong is told at once', async () => {
  const cwd = folderWith({ 'a.yaml': 'networkPolicy:\n  enabled: true\n  engine: none\n  egres: {}\n', 'b.yaml': 'networkPolicy:\n  namespace: Not A Name\n' })
  const { stdout, stderr, exitCode } = await netpol(['-f', 'a.yaml', '-f', 'b.yaml', '-f', 'c.yaml', '--set', 'x', '--controller', 'nobody'], {
    cwd,
    input: workload(),
  })
  assert.is(stdout, '')
  for (const part of [
    'a.yaml:3:11 (networkPolicy.engine)',
    'a.yaml:4:3 (networkPolicy.egres)',
    'b.yaml:2:14 (networkPolicy.namespace)',
    'at c.yaml\n',
    'there is no such file',
    '--set:1:1',
    'named nobody',
    'helm-netpol: 6 errors\n',
  ]) {
    assert.ok(stderr.includes(part), `${part} is missing in:\n${stderr}`)
  }
  assert.is(exitCode, 1)
})

values('a values file that is missing is named', async () => {
  const { stdout, stderr, exitCode } = await netpol(['-f', 'gone.yaml'], { cwd: folderWith(), input: workload() })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /cannot be read: there is no such file\n {2}at gone\.yaml\n/)
})

values('a values file that is a folder is named', async () => {
  const { stdout, stderr, exitCode } = await netpol(['-f', 'sub'], { cwd: folderWith({ 'sub/x': '' }), input: workload() })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /cannot be read: it is a folder\n {2}at sub\n/)
})

values('a values file that is no UTF-8 is refused, as Helm refuses it', async () => {
  const { stdout, stderr, exitCode } = await netpol(['-f', 'values.yaml'], {
    cwd: folderWith({ 'values.yaml': Buffer.from('networkPolicy: {enabled: true}\nx: \xff\n', 'latin1') }),
    input: workload(),
  })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /UTF-8\n {2}at values\.yaml/)
})

/** How Windows PowerShell writes it: with a byte order mark; other programs leave that out. */
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

const unreadable: readonly { readonly what: string; readonly file: string | Buffer; readonly problem: string; readonly help: string }[] = [
  { what: 'no UTF-8', file: Buffer.from('x: \xff\n', 'latin1'), problem: 'it is not valid UTF-8', help: 'Write it as UTF-8.' },
  { what: 'UTF-16', file: utf16('networkPolicy: {enabled: true}\n'), problem: 'it is UTF-16', help: 'Write it as UTF-8; in Windows PowerShell with' },
  {
    what: 'larger than any values are',
    file: Buffer.alloc(50_000_001, ' '),
    problem: 'it holds more than 50 MB',
    help: 'Hand over the file with the block alone.',
  },
]

for (const { what, file, problem, help } of unreadable) {
  values(`a values file that is ${what} is told with what to do about that`, async () => {
    const { stdout, stderr, exitCode } = await netpol(['-f', 'values.yaml'], { cwd: folderWith({ 'values.yaml': file }), input: workload() })
    assert.equal([stdout, exitCode], ['', 1])
    assert.ok(stderr.includes(`cannot be read: ${problem}\n  at values.yaml\n  ${help}`), stderr)
  })
}

for (const [path, help] of [
  ['gone.yaml', 'Check the path; it is relative to the folder helm runs in.'],
  ['a.yaml,b.yaml', 'Lists are not read: give --values once for each file.'],
  ['https://example.com/values.yaml', 'URLs are not read: fetch the file first, and name that.'],
  ['-f values.yaml', 'Helm passes each --post-renderer-args as one argument: give the flag once for each word, or write --values=FILE.'],
  ['sub', 'Name a file in it.'],
] as const) {
  values(`${path} for a values file: ${help}`, async () => {
    const { stdout, stderr, exitCode } = await netpol([`--values=${path}`], { cwd: folderWith({ 'sub/x': '' }), input: workload() })
    assert.equal([stdout, exitCode], ['', 1])
    assert.ok(stderr.includes(`  at ${path}\n  ${help}\n`), stderr)
  })
}

values('a file with a comma in its name is read where it is there', async () => {
  const { exitCode, stderr } = await netpol(['-f', 'a,b'], { cwd: folderWith({ 'a,b': 'networkPolicy: {enabled: true}\n' }), input: workload() })
  assert.is(exitCode, 0, stderr)
})

values('a byte order mark of UTF-8 does no harm', async () => {
  const { exitCode, stdout, stderr } = await netpol(['-f', 'values.yaml'], {
    cwd: folderWith({ 'values.yaml': '\ufeffnetworkPolicy: {enabled: true}\n' }),
    input: `\ufeff${workload()}`,
  })
  assert.is(exitCode, 0, stderr)
  assert.match(stdout, 'kind: NetworkPolicy')
})

for (const [variable, value, told] of [
  ['HELM_NETPOL_ENGINE', 'foo', 'at HELM_NETPOL_ENGINE (networkPolicy.engine)'],
  ['HELM_NETPOL_NAMESPACE', 'No Name', 'at HELM_NETPOL_NAMESPACE (networkPolicy.namespace)'],
  ['HELM_NETPOL_CONTROLLER', 'nobody', 'at HELM_NETPOL_CONTROLLER (networkPolicy.controller)'],
] as const) {
  values(`a mistake in ${variable} names the variable, and one in the flag the flag`, async () => {
    const cwd = folderWith({ 'values.yaml': 'networkPolicy: {enabled: true}\n' })
    const flag = `--${variable.replace('HELM_NETPOL_', '').toLowerCase()}`
    const byVariable = await netpol(['-f', 'values.yaml'], { cwd, input: workload(), env: { [variable]: value } })
    assert.equal([byVariable.stdout, byVariable.exitCode], ['', 1])
    assert.ok(byVariable.stderr.includes(told), byVariable.stderr)
    const byFlag = await netpol(['-f', 'values.yaml', flag, value], { cwd, input: workload(), env: { [variable]: 'app' } })
    assert.ok(byFlag.stderr.includes(told.replace(variable, flag)), byFlag.stderr)
  })
}

values('a root that no values have is told with the variable that names it', async () => {
  const { exitCode, stderr } = await netpol([], { input: workload(), env: { HELM_NETPOL_ROOT: 'np' } })
  assert.is(exitCode, 0)
  assert.match(stderr, /NP209: no values set np\.enabled.*\n {2}at HELM_NETPOL_ROOT \(np\)\n/)
})

values('a controller that the values name is told with its line', async () => {
  const { stderr } = await netpol(['-f', 'values.yaml'], {
    cwd: folderWith({ 'values.yaml': 'networkPolicy:\n  enabled: true\n  controller: nobody\n' }),
    input: workload(),
  })
  assert.match(stderr, /NP301.*\n {2}at values\.yaml:3:15 \(networkPolicy\.controller\)\n/)
})

values('a mistake in --set has its place in the expression', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--set', 'networkPolicy.enabled=true,networkPolicy.engine=cilum'], { input: workload() })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /--set:1:49 \(networkPolicy\.engine\)/)
})

values('a mistake in a variable names the variable', async () => {
  const { stdout, stderr, exitCode } = await netpol([], {
    input: workload(),
    env: { HELM_NETPOL_SET: 'networkPolicy.enabled=true,networkPolicy.engine=cilum' },
  })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /HELM_NETPOL_SET:1:49 \(networkPolicy\.engine\)/)
})

values('terminal escapes of a values file do not reach the terminal', async () => {
  const { stderr } = await netpol(['-f', 'values.yaml'], {
    cwd: folderWith({ 'values.yaml': 'networkPolicy:\n  enabled: true\n  engine: "\\e[31mred\\u202e"\n' }),
    input: workload(),
  })
  assert.match(stderr, /red/)
  assert.not.match(stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
})

values.run()

const streams = suite('bad streams')

const streamMistakes: readonly { readonly says: string; readonly input: string; readonly text: RegExp }[] = [
  { says: 'empty stdin is told with the command that fills it', input: '', text: /the stream holds no document[^]*helm template/ },
  { says: 'a stream of comments alone is no document', input: '---\n# nothing\n---\n', text: /the stream holds no document/ },
  { says: 'a stream without a workload is told', input: configMap, text: /holds no Deployment, StatefulSet or DaemonSet/ },
  {
    says: 'two candidates are listed, with the flag that picks one',
    input: workload({ name: 'one' }) + workload({ name: 'two' }),
    text: /Deployment stage\/one, Deployment stage\/two[^]*--controller NAME/,
  },
  { says: 'a workload without a selector is told', input: workload({ selector: '' }), text: /Deployment stage\/app has no spec\.selector/ },
  {
    says: 'a selector with an unknown operator is told',
    input: workload({ selector: '{matchExpressions: [{key: a, operator: Like, values: [b]}]}' }),
    text: /the selector of Deployment stage\/app has the operator Like/,
  },
  {
    says: 'an unreadable document that matters has its line in the stream',
    input: `${configMap}---\nkind: Service\nmetadata: {name: [}\n`,
    text: /document 2 .*\n {2}at stdin:1[12]:\d+/,
  },
  {
    says: 'bytes that are no UTF-8 in a document that matters have their line',
    input: `${configMap}${workload({ name: '\u00ff' })}`,
    text: /document 2 .*not valid UTF-8\n {2}at stdin:9:1/,
  },
]

for (const [what, input] of [
  ['with the byte order mark of PowerShell', utf16(workload())],
  ['of the other byte order', utf16(workload()).swap16()],
  ['without a byte order mark', utf16(workload()).subarray(2)],
  ['of the other byte order and without a mark', utf16(workload()).swap16().subarray(2)],
] as const) {
  streams(`UTF-16 ${what} is told, by the commands as well`, async () => {
    for (const args of [['--engine', 'kubernetes'], ['explain'], ['values'], ['check']]) {
      const { stdout, stderr, exitCode } = await netpol(args, { input })
      assert.equal([stdout, exitCode], ['', 1], args.join(' '))
      assert.match(stderr, /NP106: stdin is UTF-16; write it as UTF-8\n {2}In Windows PowerShell.*cmd \/c/)
      assert.match(stderr, /^helm-netpol: 1 error$/m)
    }
  })
}

streams('bytes that are no text pass where nothing is asked of them', async () => {
  const input = utf16(workload())
  const { stdout, exitCode } = await netpol(['--set', 'networkPolicy.enabled=false'], { input })
  assert.equal([stdout, exitCode], [input.toString('latin1'), 0])
})

for (const { says, input, text } of streamMistakes) {
  streams(says, async () => {
    const { stdout, stderr, exitCode } = await netpol(['--engine', 'kubernetes'], { input: Buffer.from(input, 'latin1') })
    assert.is(stdout, '')
    assert.match(stderr, text)
    assert.is(exitCode, 1)
  })
}

streams('an unreadable hook in a stream without workloads is no mistake of ours', async () => {
  const { stderr, exitCode } = await netpol(['--engine', 'kubernetes'], {
    input: '---\nkind: ConfigMap\nmetadata:\n  annotations: {helm.sh/hook: pre-install}\n  bad: [\n',
  })
  assert.not.match(stderr, /mistake of helm-netpol/)
  assert.is.not(exitCode, 3)
})

streams('a document that shares its segment with another is never lost', async () => {
  const own = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: app, namespace: stage}\n'
  const { stdout, exitCode } = await netpol(['--engine', 'kubernetes', '--set', 'networkPolicy.replace=true'], { input: `${workload()}...\n${own}` })
  assert.ok(exitCode === 1 || stdout.includes('kind: Deployment'), stdout)
})

streams('values inside a List take none of its other items with them', async () => {
  const list =
    '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"helm-netpol/v1alpha1","kind":"NetworkPolicyValues","spec":{"networkPolicy":{"enabled":false}}},{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kept"}}]}\n'
  const { stdout, exitCode } = await netpol([], { input: `${list}${workload()}` })
  assert.ok(exitCode === 1 || stdout.includes('"kept"'), stdout)
})

streams('documents that alias each other without end are refused in time', async () => {
  const bomb = Array.from(
    { length: 12 },
    (_, level) =>
      `a${level}: &a${level} [${Array(10)
        .fill(level === 0 ? 'x' : `*a${level - 1}`)
        .join(', ')}]`,
  ).join('\n')
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'kubernetes'], { input: `${workload()}---\nkind: Service\n${bomb}\n` })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /aliases expand/)
})

streams('a document nested without end is refused, not a crash', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'kubernetes'], {
    input: `${workload()}---\nkind: Service\nspec: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
  })
  assert.equal([stdout, exitCode], ['', 1])
  assert.not.match(stderr, /mistake of helm-netpol/)
})

streams.run()

const usage = suite('bad usage')

const usageMistakes: readonly { readonly says: string; readonly args: readonly string[]; readonly text: RegExp; readonly env?: Record<string, string> }[] = [
  { says: 'an unknown flag is refused', args: ['--engin', 'cilium'], text: /--engin/ },
  { says: 'a flag without its value is refused', args: ['--engine'], text: /--engine/ },
  {
    says: 'a flag given twice differently is refused',
    args: ['--engine', 'cilium', '--engine', 'calico'],
    text: /--engine is given twice, as cilium and as calico/,
  },
  { says: 'a word that is no flag is refused', args: ['values.yaml'], text: /values\.yaml/ },
  {
    says: 'a switch that is neither on nor off is refused',
    args: [],
    env: { HELM_NETPOL_STRICT: 'perhaps' },
    text: /HELM_NETPOL_STRICT must be true or false, not "perhaps"/,
  },
]

for (const { says, args, text, env = {} } of usageMistakes) {
  usage(says, async () => {
    const { stdout, stderr, exitCode } = await netpol(args, { input: workload(), env })
    assert.is(stdout, '')
    assert.match(stderr, text)
    assert.match(stderr, /--help/)
    assert.is(exitCode, 2)
  })
}

usage('a flag given twice alike is no mistake', async () => {
  assert.is((await netpol(['--engine', 'cilium', '--engine', 'cilium'], { input: workload() })).exitCode, 0)
})

usage('a report that cannot be written fails the run', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'cilium', '--report', 'gone/report.json'], { cwd: folderWith(), input: workload() })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /gone\/report\.json cannot be written: there is no folder gone\n/)
})

usage.run()

const helm4 = suite('failure under Helm 4')
const wrong: Call = { input: workload() }

helm4('is one block scalar on stdout, with exit 0', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'nope'], { ...wrong, env: { HELM_PLUGIN_DIR: repository } })
  assert.equal([stderr, exitCode], ['', 0])
  const document = parseDocument(Buffer.from(stdout, 'latin1').toString())
  assert.equal(document.errors, [])
  const text: unknown = document.toJS()
  assert.type(text, 'string')
  assert.match(String(text), /^helm-netpol: error NP206: .*"nope"/)
})

helm4('is the text that stderr would have', async () => {
  const shown = await netpol(['--engine', 'nope'], { ...wrong, env: { HELM_PLUGIN_DIR: repository } })
  const plain = await netpol(['--engine', 'nope'], wrong)
  assert.is(parseDocument(shown.stdout).toJS(), plain.stderr)
})

helm4('is shown through a link to the folder too', async () => {
  const link = join(folderWith(), 'netpol')
  symlinkSync(repository, link)
  const { stdout, exitCode } = await netpol(['--engine', 'nope'], { ...wrong, env: { HELM_PLUGIN_DIR: link }, program: join(link, 'dist/loader.cjs') })
  assert.match(stdout, /^\|\n {2}helm-netpol: error/)
  assert.is(exitCode, 0)
})

helm4('is not shown so where another plugin runs us', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--engine', 'nope'], { ...wrong, env: { HELM_PLUGIN_DIR: folderWith() } })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /NP206/)
})

helm4('of usage is shown so as well', async () => {
  const { stdout, exitCode } = await netpol(['--nope'], { ...wrong, env: { HELM_PLUGIN_DIR: repository } })
  assert.match(stdout, /^\|\n {2}helm-netpol: .*--nope/)
  assert.is(exitCode, 0)
})

helm4('holds no character that Helm could not read', async () => {
  const nasty = 'networkPolicy:\n  enabled: true\n  engine: "a\\tb\\e[1m\\u2028\\x85\\uFEFF\\uFFFEz"\n'
  const { stdout } = await netpol(['-f', 'values.yaml'], { ...wrong, cwd: folderWith({ 'values.yaml': nasty }), env: { HELM_PLUGIN_DIR: repository } })
  const text = Buffer.from(stdout, 'latin1').toString()
  assert.match(text, /^\|\n/)
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/)
})

helm4('leaves success alone', async () => {
  const shown = await netpol(['--engine', 'cilium'], { ...wrong, env: { HELM_PLUGIN_DIR: repository } })
  assert.equal(shown, await netpol(['--engine', 'cilium'], wrong))
})

helm4.run()

const loading = suite('the loader')

loading('runs the bundle beside it', async () => {
  assert.equal(await netpol(['--engine', 'cilium'], { ...wrong, program: loader }), await netpol(['--engine', 'cilium'], wrong))
})

for (const { state, text } of [
  { state: 'missing', text: undefined },
  { state: 'broken', text: 'this is no program {' },
  { state: 'failing', text: 'throw new Error("half an install\\u001b[1m")' },
]) {
  loading(`explains a bundle that is ${state}`, async () => {
    const folder = installed(text)
    const { stdout, stderr, exitCode } = await netpol([], { program: join(folder, 'dist/loader.cjs'), env: { HELM_PLUGIN_DIR: folderWith() } })
    assert.is(stdout, '')
    assert.match(stderr, /the bundle cannot be loaded: [^]*helm plugin install/)
    assert.is(exitCode, 3)
  })

  loading(`explains a bundle that is ${state} under Helm 4`, async () => {
    const folder = installed(text)
    const { stdout, exitCode } = await netpol([], { program: join(folder, 'dist/loader.cjs'), env: { HELM_PLUGIN_DIR: folder } })
    const document = parseDocument(stdout)
    assert.equal(document.errors, [])
    assert.match(String(document.toJS()), /the bundle cannot be loaded: [^]*helm plugin install/)
    assert.not.match(stdout, /[^\n\x20-\x7e]/)
    assert.is(exitCode, 0)
  })
}

for (const { helm, env, code } of [
  { helm: 'on the command line', env: {}, code: 1 },
  { helm: 'under Helm 4', env: { HELM_PLUGIN_DIR: repository }, code: 0 },
]) {
  loading(`explains a Node that is too old ${helm}`, async () => {
    const old = join(folderWith({ 'old.cjs': "Object.defineProperty(process.versions, 'node', { value: '18.20.8' })" }), 'old.cjs')
    const { stdout, stderr, exitCode } = await netpol([], { program: loader, env: { ...env, NODE_OPTIONS: `--require ${old}` } })
    const said = code === 0 ? String(parseDocument(stdout).toJS()) : stderr
    assert.match(said, /^helm-netpol: Node 18\.20\.8 \(.+\) is too old; it needs Node 20 or later\.\n$/)
    assert.equal([exitCode, code === 0 ? stderr : stdout], [code, ''])
  })
}

loading('explains a file beside the bundle that is missing', async () => {
  const folder = folderWith({ 'dist/x': '' })
  for (const name of ['loader.cjs', 'helm-netpol.mjs']) copyFileSync(join(repository, 'dist', name), join(folder, 'dist', name))
  const { stdout, stderr, exitCode } = await netpol(['explain', '--engine', 'cilium'], { ...wrong, program: join(folder, 'dist/loader.cjs') })
  assert.equal([stdout, exitCode], ['', 1])
  assert.match(stderr, /a file beside the bundle is missing\. Install it again\.\n.*commands\.mjs/)
})

loading.run()

/** A plugin folder with the loader and, if given, a file in the bundle's place. */
function installed(bundleText: string | undefined): string {
  const folder = folderWith(bundleText === undefined ? { 'dist/x': '' } : { 'dist/helm-netpol.mjs': bundleText })
  copyFileSync(loader, join(folder, 'dist/loader.cjs'))
  return folder
}

const other = suite('what is no mistake')

other('help says what there is, on stdout', async () => {
  const { stdout, stderr, exitCode } = await netpol(['--help'])
  assert.equal([stderr, exitCode], ['', 0])
  for (const word of ['--values', '--set-json', '--report', 'clusterNetworkPolicy', 'HELM_NETPOL_ENGINE']) assert.ok(stdout.includes(word), word)
  assert.ok(stdout.split('\n').length <= 42, 'help fits a screen')
})

other('the version is that of the package', async () => {
  const { stdout } = await netpol(['--version'])
  assert.match(readFileSync(join(repository, 'package.json'), 'utf8'), new RegExp(`"version": "${stdout.trim().replaceAll('.', '\\.')}"`))
})

other('the report holds flows, policies and diagnostics', async () => {
  const cwd = folderWith()
  await netpol(['--engine', 'clusterNetworkPolicy', '--report', 'report.json'], { cwd, input: workload() })
  const report: unknown = JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))
  assert.equal(Object.keys(Object(report)), ['version', 'ok', 'enabled', 'engine', 'workloads', 'policies', 'diagnostics'])
  assert.ok(existsSync(bundle))
})

other('a second run through the built program changes nothing', async () => {
  const input = readFileSync(join(repository, 'test/fixtures/stageset.yaml'))
  const args = ['--engine', 'calico', '--set', 'networkPolicy.defaultDeny.enabled=true']
  const first = await netpol(args, { input })
  const second = await netpol(args, { input: Buffer.from(first.stdout, 'latin1') })
  assert.is(second.stdout, first.stdout)
})

other.run()
