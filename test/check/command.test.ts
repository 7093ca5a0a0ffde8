import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { commands } from '../../src/cli.ts'
import { formats } from '../../src/check/formats/formats.ts'
import { implementations } from '../../src/verdict/registry.ts'
import { networkPolicy } from '../helpers/checking.ts'
import { folderWith } from '../helpers/folder.ts'
import { netpol, repository } from '../helpers/program.ts'
import type { Outcome } from '../helpers/program.ts'
import { workload } from '../helpers/streams.ts'

/** `helm-netpol check`, through the built program. */

const lock = networkPolicy('{podSelector: {matchLabels: {app: app}}, policyTypes: [Ingress]}', { name: 'lock' })
const open = networkPolicy('{podSelector: {matchLabels: {app: app}}, ingress: [{}]}', { name: 'open' })
const list = (...documents: string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${documents
    .map(
      text =>
        `- ${text
          .replace(/^---\n/, '')
          .trimEnd()
          .replaceAll('\n', '\n  ')}\n`,
    )
    .join('')}`

const cwd = folderWith({
  'stream.yaml': workload(),
  'bare.yaml': workload({ namespace: '' }),
  'locked.yaml': workload() + lock,
  'open.yaml': open,
  'refused.yaml': workload() + networkPolicy('{podSelector: 1}', { name: 'wrong' }),
  'dump.yaml': list(lock, workload({ name: 'other' })),
  'values.yaml': 'networkPolicy:\n  enabled: true\n  egress:\n    enabled: true\n',
  'wrong-values.yaml': 'networkPolicy:\n  enabled: true\n  engine: cillium\n',
  'world.yaml': 'apiserver:\n  addresses: [203.0.113.9]\n',
  'wrong-world.yaml': 'pods:\n  - name: a\n    namspace: b\n',
  'broken.yaml': 'kind: NetworkPolicy\nspec: [\n',
  'empty.yaml': '# nothing\n---\n',
  'no.yaml': 'a: [\n',
  'error.txt': 'error: You must be logged in to the server (Unauthorized)\n',
  'package.json': '{"name": "a", "version": "1.0.0"}\n',
  'chart-values.yaml': 'kind: DaemonSet\nreplicas: 1\n',
  'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  'secrets.json': '{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "pod"}}]}\n',
  'roles.yaml': 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n',
  'events.yaml': list('apiVersion: v1\nkind: Event\nmetadata: {name: a}\ninvolvedObject: {kind: Pod, name: b}\n'),
  'none.yaml': 'apiVersion: v1\nkind: List\nitems: []\n',
  'bytes.yaml': Buffer.from('a: \xff\n', 'latin1'),
})

const check = (args: readonly string[], input: string | Buffer = ''): Promise<Outcome> => netpol(['check', ...args], { cwd, input })

const flows = ({ stdout }: Outcome): string[] =>
  JSON.parse(stdout).flows.map(({ id, need, verdict }: { id: string; need?: { row: string }; verdict: string }) => `${need?.row ?? id} ${verdict}`)

const answers = suite('what check answers')

answers('0 where nothing that is needed is cut, 1 where something is', async () => {
  assert.is((await check([], workload())).exitCode, 0)
  const cut = await check([], workload() + lock)
  assert.equal([cut.exitCode, cut.stderr], [1, ''])
  assert.match(Buffer.from(cut.stdout, 'latin1').toString(), /✗ denied +no rule of NetworkPolicy stage\/lock/)
})

answers('files hold more policies, and more pods, whose own needs are not the release’s', async () => {
  assert.equal(flows(await check(['--format', 'json', '--policies', 'dump.yaml'], workload())), ['metrics denied', 'dns allowed', 'apiserver allowed'])
  assert.equal(flows(await check(['--format', 'json', '--policies', 'dump.yaml'], lock)), ['metrics denied', 'dns allowed', 'apiserver allowed'])
  assert.equal((await check(['--policies', 'dump.yaml', '--policies', 'open.yaml'], workload())).exitCode, 0)
  const { stdout } = await check(['--format', 'json', '--policies', 'dump.yaml'], workload())
  assert.equal(JSON.parse(stdout).flows[0].ingress.documents[0].place, { source: 'dump.yaml', line: 4, column: 3, path: 'NetworkPolicy stage/lock' })
})

answers('files alone will do', async () => {
  assert.equal(flows(await check(['--format', 'json', '--policies', 'locked.yaml'])), ['metrics denied', 'dns allowed', 'apiserver allowed'])
})

answers('where the values enable our policies, they are asked together with the others', async () => {
  const given = await check(['--format', 'json', '-f', 'values.yaml'], workload())
  assert.equal([given.exitCode, flows(given)], [1, ['metrics allowed', 'dns allowed', 'apiserver denied']])
  assert.equal(JSON.parse(given.stdout).flows[2].egress.documents[0].values, {
    source: 'values.yaml',
    line: 4,
    column: 14,
    path: 'networkPolicy.egress.enabled',
  })
  assert.is((await check(['--engine', 'kubernetes'], workload() + lock)).exitCode, 0)
  assert.is((await check(['--engine', 'kubernetes', '--verify'], workload())).exitCode, 0)
})

answers('a values document of the stream counts, and is no object of it', async () => {
  const document = '---\napiVersion: helm-netpol/v1alpha1\nkind: NetworkPolicyValues\nspec: {networkPolicy: {enabled: true, egress: {enabled: true}}}\n'
  const given = await check(['--format', 'json'], workload() + document)
  assert.equal([given.exitCode, flows(given)[2]], [1, 'apiserver denied'])
})

answers('who is in the cluster a file tells', async () => {
  const stream = workload() + networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.9/32}}]}]}')
  assert.is(flows(await check(['--format', 'json'], stream))[2], 'apiserver unknown')
  assert.is(flows(await check(['--format', 'json', '--world', 'world.yaml'], stream))[2], 'apiserver allowed')
})

answers('questions of one’s own take the place of what is needed', async () => {
  const asked = await check(['--flow', 'app -> kube-system/kube-dns:53/UDP', '--flow', 'world -> app:8080', '--format', 'json'], workload() + lock)
  assert.equal([asked.exitCode, flows(asked)], [1, ['app -> kube-system/kube-dns:53/UDP allowed', 'world -> app:8080 denied']])
  assert.is((await check(['--flow', 'app -> kube-system/kube-dns:53/UDP'], workload() + lock)).exitCode, 0)
})

answers('two streams are compared without stdin', async () => {
  const worse = await check(['--diff', 'stream.yaml', 'locked.yaml', '--format', 'json'])
  assert.is(worse.exitCode, 1)
  assert.equal(JSON.parse(worse.stdout).changes.filter(({ newlyCut }: { newlyCut: boolean }) => newlyCut).length, 1)
  assert.is((await check(['--diff', 'locked.yaml', 'stream.yaml'])).exitCode, 0)
  assert.is((await check(['--diff', 'stream.yaml', 'stream.yaml'])).exitCode, 0)
})

for (const format of Object.keys(formats)) {
  answers(`as ${format}, the same each time`, async () => {
    const [one, other] = await Promise.all([1, 2].map(() => check(['--format', format, '-f', 'values.yaml'], workload() + lock)))
    assert.is(one?.exitCode, 1, one?.stderr)
    assert.ok((one?.stdout.length ?? 0) > 300)
    assert.is(one?.stdout, other?.stdout)
    const difference = await check(['--diff', 'stream.yaml', 'locked.yaml', '--format', format])
    assert.equal([difference.exitCode, difference.stderr, difference.stdout.length > 300], [1, '', true])
  })
}

answers('each format says what the exit code says', async () => {
  const refused = workload() + networkPolicy('{podSelector: 1}', { name: 'wrong' })
  for (const [args, input, code] of [
    [[], refused, 0],
    [['--strict'], refused, 1],
    [[], workload() + lock, 1],
    [['--strict', '--diff', 'stream.yaml', 'refused.yaml'], '', 1],
    [['--diff', 'stream.yaml', 'refused.yaml'], '', 0],
  ] as const) {
    const asked = (format: string): Promise<Outcome> => check([...args, '--format', format], input)
    const [json, junit, sarif] = await Promise.all([asked('json'), asked('junit'), asked('sarif')])
    assert.equal([json.exitCode, junit.exitCode, sarif.exitCode], [code, code, code])
    assert.is(JSON.parse(json.stdout).ok, code === 0)
    assert.is(/<testsuites [^>]*failures="0" errors="0"/.test(junit.stdout), code === 0)
    assert.is(sarif.stdout.includes('"level": "error"'), code === 1)
  }
})

answers('a file of objects that say nothing here is a warning', async () => {
  for (const [file, kind] of [
    ['secrets.json', 'Secret'],
    ['roles.yaml', 'ClusterRole'],
    ['events.yaml', 'Event'],
    ['none.yaml', 'List'],
  ] as const) {
    const { stdout, exitCode } = await check(['--format', 'json', '--policies', file], workload())
    assert.is(exitCode, 0)
    const [told, ...more] = JSON.parse(stdout).diagnostics
    assert.equal([told.code, told.severity, told.message, more], ['NP814', 'warning', `nothing of ${file} says anything here: it holds ${kind}`, []])
    assert.is((await check(['--strict', '--policies', file], workload())).exitCode, 1)
  }
  for (const file of ['config.yaml', 'open.yaml', 'dump.yaml']) assert.not.match((await check(['--policies', file], workload())).stdout, 'NP814')
})

answers('that nothing was asked is a warning, with who is there', async () => {
  const pods = ['CronJob', 'Pod', 'Job', 'ReplicaSet'].map(kind => `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: a, namespace: b}\n`)
  for (const [stream, args, rest] of [
    ['hello\n', [], ''],
    [lock, [], ''],
    ['', ['--policies', 'open.yaml'], ''],
    [pods.slice(1, 2).join(''), [], '; what Pod b/a needs is not asked by itself'],
    [pods.join(''), [], '; what CronJob b/a, Pod b/a, Job b/a and 1 more need is not asked by itself'],
  ] as const) {
    const { stdout, exitCode } = await check(['--format', 'json', ...args], stream)
    assert.equal([exitCode, JSON.parse(stdout).flows], [0, []])
    const [told, ...more] = JSON.parse(stdout).diagnostics
    assert.equal([told.code, told.severity, more], ['NP815', 'warning', []])
    assert.is(told.message, `nothing was asked: there is no Deployment, StatefulSet or DaemonSet${rest}`)
    assert.is((await check(['--strict', ...args], stream)).exitCode, 1)
  }
  assert.not.match((await check(['--flow', 'world -> b/a:80'], pods.join(''))).stdout, 'NP815')
  assert.not.match((await check([], workload())).stdout, 'NP815')
})

answers('what is taken to be in the namespace default is told, but not where somebody tells the release’s', async () => {
  const app = workload({ namespace: '' })
  const codes = async (args: readonly string[], stream: string): Promise<string[]> =>
    JSON.parse((await check(['--format', 'json', ...args], stream)).stdout).diagnostics.map(
      ({ code, severity }: Record<string, string>) => `${code} ${severity}`,
    )
  assert.equal(await codes([], app), ['NP812 note'])
  assert.equal(await codes(['--flow', 'world -> app:8080'], app), ['NP812 note'])
  assert.equal(await codes(['-n', 'stage'], app), [])
  assert.equal(await codes(['--engine', 'kubernetes', '--set', 'networkPolicy.namespace=stage'], app), [])
  assert.equal(await codes([], workload()), [])
  assert.equal(await codes([], `${workload()}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: stage}\n`), [])
  const { stdout } = await check(['--policies', 'locked.yaml'], app)
  assert.match(
    stdout.replace(/\s+/g, ' '),
    'note NP812: 1 object names no namespace, and nobody tells that of the release, so that default is taken: Deployment app',
  )
  const compared = JSON.parse((await check(['--diff', 'bare.yaml', 'stream.yaml', '--format', 'json'])).stdout)
  assert.equal(
    compared.diagnostics.map(({ code }: { code: string }) => code),
    ['NP812'],
  )
})

answers('with --strict a policy that is refused is an error', async () => {
  const refused = workload() + networkPolicy('{podSelector: 1}', { name: 'wrong' })
  assert.is((await check([], refused)).exitCode, 0)
  const strict = await check(['--strict'], refused)
  assert.is(strict.exitCode, 1)
  assert.match(strict.stderr, 'error NP801: NetworkPolicy stage/wrong would be refused')
  assert.is((await check(['--strict'], workload())).exitCode, 0)
})

answers.run()

const told = suite('what check tells of wrong usage')

for (const [says, args, code, message] of [
  ['an unknown format', ['--format', 'html'], 2, '--format "html" is none of table, json, junit, sarif'],
  ['an unknown implementation', ['--engine-impl', 'weave'], 2, '--engine-impl "weave" is none of generic'],
  ['a flow that is none', ['--flow', 'app'], 2, '--flow "app" is not of the form FROM -> TO:PORT'],
  [
    'a flow of an unknown pod',
    ['--flow', 'app -> stage/ap:1'],
    2,
    '--flow "app -> stage/ap:1": stage/ap is no pod that is known here; did you mean stage/app? known are stage/app',
  ],
  [
    'a word that is no flag',
    ['locked.yaml'],
    2,
    'helm-netpol check takes files with --diff OLD NEW, or with --policies FILE; the chart is read from stdin: < FILE',
  ],
  ['one file to compare', ['--diff', 'stream.yaml'], 2, '--diff takes two files: --diff OLD NEW'],
  ['three files to compare', ['--diff', 'stream.yaml', 'stream.yaml', 'stream.yaml'], 2, '--diff takes two files: --diff OLD NEW'],
  [
    'questions beside a comparison',
    ['--diff', 'stream.yaml', 'locked.yaml', '--flow', 'a -> b:1'],
    2,
    '--diff compares two whole streams, without --policies and --flow',
  ],
  [
    'policies beside a comparison',
    ['--diff', 'stream.yaml', 'locked.yaml', '--policies', 'open.yaml'],
    2,
    '--diff compares two whole streams, without --policies and --flow',
  ],
  ['a report', ['--report', 'r.json'], 2, 'helm-netpol check makes no report'],
  ['a file that is not there', ['--policies', 'gone.yaml'], 1, 'gone.yaml cannot be read: there is no such file'],
  ['a file to compare that is not there', ['--diff', 'gone.yaml', 'stream.yaml'], 1, 'gone.yaml cannot be read: there is no such file'],
  ['a file that is no UTF-8', ['--policies', 'bytes.yaml'], 1, 'bytes.yaml cannot be read: it is not valid UTF-8'],
] as const)
  told(`${says} is told`, async () => {
    const { stdout, stderr, exitCode } = await check(args, workload())
    assert.equal([stdout, exitCode], ['', code])
    assert.ok(stderr.startsWith(`helm-netpol: ${message}`), stderr)
  })

for (const [says, args, input, message] of [
  ['an empty stream', [], '', 'error NP100: the stream holds no document'],
  [
    'a world file with a mistake',
    ['--world', 'wrong-world.yaml'],
    workload(),
    'error NP804: the world file: pods[0].namspace is no known key; did you mean namespace?\n  at wrong-world.yaml:3:5 (pods[0].namspace)',
  ],
  [
    'a world file that is not there',
    ['--world', 'gone.yaml'],
    workload(),
    'error NP804: the world file: it cannot be read: there is no such file\n  at gone.yaml\n',
  ],
  ...['empty.yaml', 'error.txt', 'package.json', 'chart-values.yaml', 'world.yaml', 'values.yaml'].flatMap(file =>
    [
      ['--policies', file],
      ['--diff', file, 'stream.yaml'],
      ['--diff', 'stream.yaml', file],
    ].map(
      args => [`a file without an object (${args.join(' ')})`, args, workload(), `error NP813: ${file} holds no Kubernetes object\n  at ${file}\n`] as const,
    ),
  ),
  ['a file that is no YAML, whatever it says', ['--policies', 'no.yaml'], workload(), 'error NP101: document 1 of no.yaml may matter'],
  ['a policy that cannot be read', [], `${workload()}---\nkind: NetworkPolicy\nspec: [\n`, 'error NP101: document 2 of the stream'],
  [
    'a file of policies that cannot be read',
    ['--policies', 'broken.yaml'],
    workload(),
    'error NP101: document 1 of broken.yaml may matter for the policies and cannot be read: ',
  ],
  ['a file to compare that cannot be read', ['--diff', 'broken.yaml', 'stream.yaml', '-f', 'values.yaml'], '', '  at broken.yaml:3:1\n'],
  ['where a file cannot be read', ['--policies', 'broken.yaml'], workload(), '  at broken.yaml:3:1\n  Mend the file at this line.\n'],
  ['values with a mistake', ['-f', 'wrong-values.yaml'], workload(), 'error NP206: networkPolicy.engine is "cillium"'],
  [
    'a controller that is not there',
    ['--engine', 'kubernetes', '--controller', 'nobody'],
    workload(),
    'error NP301: no workload of the stream is named nobody',
  ],
] as const)
  told(`${says} is an error, and nothing is answered`, async () => {
    const { stdout, stderr, exitCode } = await check(args, input)
    assert.equal([stdout, exitCode], ['', 1])
    assert.ok(stderr.includes(message), stderr)
  })

told('flags of check are told to be its own', async () => {
  const { stderr, exitCode } = await netpol(['explain', '--world', 'world.yaml'], { cwd, input: workload() })
  assert.equal([exitCode, stderr.split('\n')[0]], [2, 'helm-netpol: --world is a flag of helm-netpol check'])
  const shared = await netpol(['--format', 'json'], { cwd, input: workload() })
  assert.equal([shared.exitCode, shared.stderr.split('\n')[0]], [2, 'helm-netpol: --format is a flag of helm-netpol explain and helm-netpol check'])
})

told.run()

const help = suite('help of a command')

for (const name of Object.keys(commands)) {
  help(`${name} --help shows its own flags and no others'`, async () => {
    const { stdout, stderr, exitCode } = await netpol([name, '--help'])
    assert.equal([stderr, exitCode], ['', 0])
    assert.match(stdout, `helm-netpol ${name}`)
    for (const [flag, owner] of [
      ['--in-place', 'flux'],
      ['--world', 'check'],
      ['--kubeconfig', 'values'],
      ['--only-policies', 'filter'],
    ] as const)
      assert.is(stdout.includes(flag), owner === name, `${flag} in\n${stdout}`)
    assert.is(stdout.includes('--values'), name !== 'completion' && name !== 'schema')
    for (const line of stdout.split('\n')) assert.ok(line.length <= 150, line)
  })
}

help('check --help lists formats and implementations', async () => {
  const { stdout } = await netpol(['check', '--help'])
  for (const word of [...Object.keys(formats), ...Object.keys(implementations)]) assert.match(stdout, new RegExp(`^  ${word} `, 'm'))
})

help('the help of all names each command, and the flags of none', async () => {
  const { stdout } = await netpol(['--help'])
  for (const name of Object.keys(commands)) assert.match(stdout, `helm-netpol ${name}`)
  assert.not.match(stdout, '--world')
  assert.match(stdout, 'helm-netpol COMMAND --help')
})

help.run()

const example = suite('the example of the documentation')

example('has nothing cut with its world', async () => {
  const input = readFileSync(join(repository, 'docs/example/stream.yaml'))
  const { stdout, exitCode } = await netpol(
    ['check', '--format', 'json', '--world', 'docs/example/world.yaml', '--flow', 'monitoring/prometheus -> stageset-controller:metrics'],
    { input },
  )
  assert.is(exitCode, 0, stdout)
  assert.is(JSON.parse(stdout).flows[0].verdict, 'allowed')
})

example.run()
