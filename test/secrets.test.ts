import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explain } from '../src/commands/explain.ts'
import { formatDiagnostics } from '../src/diagnostics/format.ts'
import { formats } from '../src/explain/formats.ts'
import { readFully } from '../src/yaml/full.ts'
import { YamlProblem } from '../src/yaml/problem.ts'
import { folderWith } from './helpers/folder.ts'
import { netpol } from './helpers/program.ts'
import { codesOf, runWith, textOf } from './helpers/run.ts'
import { workload } from './helpers/streams.ts'
import { inTurn } from './helpers/turns.ts'

/** Nothing secret is echoed: not what Secrets hold, nor values outside of our block, nor what stands in a URL beside the host. */

const canary = 'hunter2'

/** What a run adds to what it was given: of a stream, only what was put in is ours. */
function added(output: string, ...given: readonly string[]): string {
  const known = new Set(given.flatMap(text => text.split('\n')))
  return output
    .split('\n')
    .filter(line => !known.has(line))
    .join('\n')
}

function assertQuiet(shown: string, where: string): void {
  const at = shown.indexOf(canary)
  assert.is(at, -1, `${where}: ${shown.slice(Math.max(0, at - 200), at + 40)}`)
}

const documents = suite('documents of kind Secret')

const brokenSecrets: Readonly<Record<string, string>> = {
  'a value that is no YAML': `---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: "${canary}\n`,
  'a tab and an alias': `---\nkind: Secret\ndata:\n\tpassword: *${canary}\n`,
  'words of other kinds': `---\nkind: Secret\nstringData:\n  kind: Deployment Service ConfigMap NetworkPolicyValues ResourceList config.kubernetes.io/\n  password: [${canary}\n`,
  'bytes that are no UTF-8': `---\nkind: Secret\nstringData:\n  password: \xff${canary}\n`,
  'a hook': `---\nkind: Secret\nmetadata:\n  annotations:\n    helm.sh/hook: pre-install\n  x: [${canary}\n`,
}

for (const [what, secret] of Object.entries(brokenSecrets)) {
  documents(`are not parsed: with ${what}, one passes`, async () => {
    const stream = Buffer.from(`${secret}${workload()}`, 'latin1')
    for (const engine of ['kubernetes', 'cilium']) {
      const result = await runWith(stream, { engine, values: 'networkPolicy: {enabled: true, egress: {enabled: true, derive: true}}' })
      assert.ok(Buffer.from(textOf(result)).toString('latin1').includes(Buffer.from(secret, 'latin1').toString('utf8').slice(0, 30)))
      assertQuiet(`${formatDiagnostics(result.diagnostics)}${JSON.stringify(result.report)}${result.weaving.inserted}`, what)
    }
  })
}

documents('that only a parse could tell are no more than refused, and nothing of them is quoted', async () => {
  for (const secret of [
    `---\n{"kind": "Secret", "stringData": {"Deployment": "${canary}}\n`,
    `---\n"kind": Secret\nstringData:\n  Service: "${canary}\n`,
    `---\nkind: List\nitems:\n- kind: Secret\n  stringData: {Deployment: "${canary}}\n`,
  ]) {
    const result = await runWith(`${secret}${workload()}`, { engine: 'kubernetes' })
    assert.ok(codesOf(result).includes('NP101'), secret)
    assertQuiet(formatDiagnostics(result.diagnostics), secret)
  }
})

documents('are read by no variable: what comes from a secretKeyRef stays unknown', async () => {
  const secret = `---\nkind: Secret\nmetadata: {name: s, namespace: stage}\nstringData: {url: "https://${canary}.example.com"}\n`
  const taken = '{name: X_URL, valueFrom: {secretKeyRef: {name: s, key: url}}}, {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: s, key: url}}}'
  const stream = `${secret}${workload({ container: `          envFrom: [{secretRef: {name: s}}]\n          env: [${taken}]\n` })}`
  const { diagnostics, report } = await runWith(stream, { engine: 'cilium', values: 'networkPolicy: {egress: {enabled: true, derive: true}}' })
  assert.match(formatDiagnostics(diagnostics), /variable DATABASE_URL .*comes from a Secret/)
  assertQuiet(`${formatDiagnostics(diagnostics)}${JSON.stringify(report)}`, 'secretKeyRef')
})

documents('do not keep a stream of hooks from being one', async () => {
  const secret = `---\nkind: Secret\nmetadata:\n  annotations:\n    helm.sh/hook: pre-install\n  x: [${canary}\n`
  const stream = `${secret}---\nkind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: pre-install}}\n`
  assert.is(textOf(await runWith(stream, { engine: 'kubernetes' })), stream)
})

documents.run()

const expressions = suite('a mistake in an expression')

for (const expression of [
  `db.password=${canary},networkPolicy.x[`,
  `db.password=a,${canary}`,
  `db.password=a\\,b,${canary}.`,
  `db.password=a,b[${canary}]=1`,
  `db.password=a,b[-1]${canary}=1`,
  `db.password={a,${canary}`,
  `networkPolicy.enabled=true,db.password=a,${canary}`,
  `networkPolicy.enabled=true,db.password=a,networkPolicies.${canary}`,
  canary,
]) {
  expressions(`does not quote other keys than ours: ${expression}`, async () => {
    for (const kind of ['set', 'set-string'] as const) {
      const sets = [{ kind, source: { name: `--${kind}`, text: expression, firstLine: 0 } }]
      const { diagnostics } = await runWith(workload(), { sets })
      assertQuiet(formatDiagnostics(diagnostics), expression)
      // Helm lets an unfinished name pass.
      if (!/[[.]$/.test(expression)) assert.ok(diagnostics.some(({ code }) => code === 'NP202'))
    }
  })
}

for (const expression of [
  `{"password": "${canary}`,
  `{"password": ${canary}}`,
  `db.password=${canary}`,
  `db.password="${canary}`,
  `db={"p": 1}${canary}`,
  `db=1e999,${canary}`,
]) {
  expressions(`in JSON does not either: ${expression}`, async () => {
    const { diagnostics } = await runWith(workload(), { sets: [{ kind: 'set-json', source: { name: '--set-json', text: expression, firstLine: 0 } }] })
    assertQuiet(formatDiagnostics(diagnostics), expression)
    assert.ok(diagnostics.some(({ code }) => code === 'NP202'))
  })
}

expressions('quotes what is ours, and names the first key of others, so that the expression is found', async () => {
  const told = async (text: string): Promise<string> => {
    const { diagnostics } = await runWith(workload(), { sets: [{ kind: 'set', source: { name: '--set', text, firstLine: 0 } }] })
    return diagnostics[0]?.message ?? ''
  }
  assert.match(await told('a.b=1,networkPolicy.egress.x[y]=1'), /^--set networkPolicy\.egress\.x\[y\]: "y" is not a list index/)
  assert.match(await told('networkPolicy'), /^--set networkPolicy: "networkPolicy" has no value; write networkPolicy=VALUE/)
  assert.match(await told(`a.b=${canary},c`), /^--set a\.b=…: this name has no value; write NAME=VALUE, and a comma within a value as "\\,"$/)
  assert.match(await told('networkPolicies.x.=1'), /^--set networkPolicies\.x\.=…: no name follows the dot; write NAME\.NAME=VALUE/)
})

expressions.run()

const values = suite('values files')

function problemOf(text: string): YamlProblem | undefined {
  try {
    readFully({ name: 'values.yaml', text, firstLine: 0 }, { uniqueKeys: true })
    return undefined
  } catch (problem) {
    if (problem instanceof YamlProblem) return problem
    throw problem
  }
}

values('that are no YAML are told without a word of them', () => {
  const broken = fc
    .array(
      fc.constantFrom(
        canary,
        `${canary}: `,
        '"',
        "'",
        ': ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '&',
        '*',
        '!',
        '!!',
        '|',
        '>',
        '%',
        '@',
        '`',
        '#',
        '\n',
        '\n  ',
        '\t',
        '\\',
        '\\x',
        '---\n',
        '? ',
        'a: ',
      ),
      {
        minLength: 2,
        maxLength: 8,
      },
    )
    .map(parts => parts.join(''))
  let tried = 0
  let found = 0
  fc.assert(
    fc.property(broken, text => {
      tried++
      const problem = problemOf(text)
      if (problem !== undefined) found++
      for (const { message } of problem?.mistakes ?? []) assertQuiet(message, text)
    }),
    { numRuns: 1000 },
  )
  assert.ok(found > tried / 4, `${found} of ${tried} texts were refused`)
})

values('that the parser quotes elsewhere than behind a colon are told without a word of them', () => {
  for (const text of [`%YAML ${canary}\n---\na: 1\n`, `a: "\\x5${canary}"\n`, `a: "\\u${canary}"\n`, `a: !<${canary}\n`]) {
    const problem = problemOf(text)
    assert.ok(problem !== undefined, text)
    for (const { message } of problem.mistakes) assert.not.match(message, /hunt|x5|%YAML|\\/)
  }
})

values('that hold a text and no mapping are told by their sort', async () => {
  const result = await runWith(workload(), { values: `${canary}\n` })
  assert.match(formatDiagnostics(result.diagnostics), /values must be a mapping, not a string/)
  assertQuiet(formatDiagnostics(result.diagnostics), 'values')
  const document = `---\napiVersion: helm-netpol/v1alpha1\nkind: NetworkPolicyValues\nspec: ${canary}\n`
  assertQuiet(formatDiagnostics((await runWith(document + workload())).diagnostics), 'spec')
})

values.run()

const addresses = suite('a URL or a connection string')

/** Credentials as programs take them; the password may hold whatever the form does not end at. */
const forms: readonly ((password: string) => string)[] = [
  p => `postgres://user:${p}@db.example.com:5432/app`,
  p => `postgres://db.example.com/app?user=a&password=${p}`,
  p => `https://${p}@git.example.com/repo.git`,
  p => `https://user:${p}@git.example.com`,
  p => `https://api.example.com/?token=${p}`,
  p => `https://hooks.example.com/services/${p}`,
  p => `user:${p}@tcp(db.example.com:3306)/app`,
  p => `redis://:${p}@cache.example.com:6379/0`,
  p => `amqp://user:${p}@mq.example.com:5672/`,
  p => `mongodb://user:${p}@a.example.com:27017,b.example.com:27017/app?authSource=admin`,
  p => `mongodb+srv://user:${p}@a.example.com/app`,
  p => `host=db.example.com port=5432 user=app password=${p} dbname=app`,
  p => `host=db.example.com password='my host=${p} x' user=app`,
  p => `Server=db.example.com;Password="; Server=${p};";Database=app`,
  p => `Server=db.example.com;Database=app;User Id=app;Password=${p};`,
  p => `jdbc:postgresql://db.example.com:5432/app?user=a&password=${p}`,
  p => `jdbc:sqlserver://db.example.com:1433;databaseName=app;user=a;password=${p}`,
  p => `nats://${p}@nats.example.com:4222,nats://${p}@other.example.com:4222`,
  p => `git:${p}@git.example.com:22`,
  p => `smtp://user:${p}@smtp.example.com:587`,
  p => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${p};EndpointSuffix=core.windows.net`,
  p => `https://x.blob.core.windows.net/c?sig=${p}&se=1`,
  p => `{"auths":{"registry.example.com":{"username":"a","password":"${p}"}}}`,
  p => `curl -H "Authorization: Bearer ${p}" https://api.example.com`,
  p => `kafka://user:${p}@k1.example.com:9092,k2.example.com:9092`,
  p => `http://user:${p}@proxy.example.com:3128`,
]

/** Where a chart may write them, with a name that the program knows for a destination and with one that it does not. */
const places: Readonly<Record<string, (text: string) => string>> = {
  variable: text => container(`env: [{name: DATABASE_URL, value: ${text}}, {name: X, value: ${text}}, {name: METRICS_ADDR, value: ${text}}]`),
  flag: text => container(`args: [--tracing-endpoint, ${text}, --password, ${text}, --metrics-bind-address, ${text}, run, ${text}]`),
  script: text => container(`command: [sh, -c, ${JSON.stringify(`DB_URL='${JSON.parse(text)}' exec app --db-url='${JSON.parse(text)}'`)}]`),
  ConfigMap: text => `${settings(`KAFKA_BROKERS: ${text}\n  X: ${text}`)}${container('envFrom: [{configMapRef: {name: settings}}]')}`,
  'file of a ConfigMap': text =>
    `${settings(`app.yaml: ${JSON.stringify(`database-url: ${text}\nserver: {url: ${text}, password: ${text}}\n`)}`)}${container('').trimEnd()}
      volumes: [{name: c, configMap: {name: settings}}]\n`,
}

function container(line: string): string {
  return workload({ container: `          ${line}\n` })
}

function settings(data: string): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: stage}\ndata:\n  ${data}\n`
}

const password = fc
  .array(
    fc.constantFrom(
      '',
      ':',
      '@',
      '/',
      '?',
      '#',
      ',',
      ';',
      '=',
      '%40',
      '&',
      '!',
      '~',
      '^',
      '*',
      '+',
      '.',
      '-',
      '_',
      ':1234',
      '$',
      '(',
      ')',
      '{',
      '}',
      '[',
      ']',
      '|',
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map(marks => marks.map(mark => `${mark}${canary}`).join(''))

for (const [place, write] of Object.entries(places)) {
  addresses(`shows its host and port and nothing else: in a ${place}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...forms), password, async (form, secret) => {
        const stream = write(JSON.stringify(form(secret)))
        const given = { engine: 'cilium', files: [{ path: 'values.yaml', text: 'networkPolicy: {enabled: true, egress: {enabled: true, derive: true}}' }] }
        const { diagnostics, report, weaving, facts } = await runWith(stream, given)
        assert.ok(facts !== undefined, formatDiagnostics(diagnostics))
        assertQuiet(`${formatDiagnostics(diagnostics)}${JSON.stringify(report)}${weaving.inserted}`, form(secret))
      }),
      { numRuns: 25 },
    )
  })
}

addresses('is found all the same: else nothing above is tested', async () => {
  for (const [place, write] of Object.entries(places)) {
    const { report } = await runWith(write(JSON.stringify(`postgres://user:${canary}@db.example.com:5432/app`)), {
      values: 'networkPolicy: {enabled: true, engine: cilium, egress: {enabled: true, derive: true}}',
    })
    assert.match(JSON.stringify(report), /db\.example\.com/, place)
  }
})

addresses.run()

const program = suite('the program')

const url = `postgres://user:${canary}@db.example.com:5432/app?password=${canary}`

/** A chart that has passwords wherever one can be. */
const stream = `---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: stage}
data:
  password: ${canary}
  broken: [
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: stage
  annotations: {note: ${canary}}
data:
  DATABASE_URL: ${url}
  PASSWORD: ${canary}
  app.yaml: |
    password: ${canary}
    database: {url: "${url}", password: ${canary}}
    broken: "${canary}
  app.properties: |
    db.url=${url}
    db.password=${canary}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  namespace: stage
  annotations: {note: ${canary}, checksum/secret: ${canary}}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata:
      labels: {app: app}
      annotations: {prometheus.io/scrape: "true", prometheus.io/path: "/metrics?token=${canary}"}
    spec:
      imagePullSecrets: [{name: s}]
      volumes: [{name: c, configMap: {name: settings}}]
      containers:
        - name: app
          image: registry.example.com/app:1
          command: [sh, -c, "export TOKEN=${canary}; app --db-password ${canary} --db-url=${url} --metrics-bind-address=${canary}@:8080"]
          args: [--password=${canary}, --token, ${canary}, "--tracing-endpoint=https://${canary}@otel.example.com:4317/${canary}"]
          envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: s}}]
          env:
            - {name: REDIS_URL, value: "redis://:${canary}@redis.cache.svc:6379"}
            - {name: API_KEY, value: ${canary}}
            - {name: SLACK_WEBHOOK_URL, value: "https://hooks.example.com/services/${canary}"}
            - {name: METRICS_ADDR, value: ":8080?token=${canary}"}
            - {name: VAULT_ADDR, valueFrom: {secretKeyRef: {name: s, key: password}}}
          ports: [{name: metrics, containerPort: 8080}]
          livenessProbe:
            httpGet: {port: nowhere, path: "/healthz?token=${canary}", httpHeaders: [{name: Authorization, value: Bearer ${canary}}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: app, namespace: stage}
spec:
  selector: {matchLabels: {app: app}}
  endpoints: [{port: nowhere, bearerTokenFile: /${canary}, params: {token: [${canary}]}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: app, annotations: {note: ${canary}}}
webhooks:
  - name: a.example.com
    clientConfig: {url: "https://user:${canary}@hooks.example.com/${canary}", caBundle: ${canary}}
  - name: b.example.com
    clientConfig: {service: {name: gone, namespace: stage, path: "/${canary}"}}
`

const others = `db:\n  password: ${canary}\n  url: ${url}\n${canary}: {password: ${canary}}\nnetworkPolicyX: ${canary}\nwebhook: ${canary}\nports: {metrics: ${canary}}\n`
const files = {
  'stream.yaml': stream,
  'right.yaml': `${others}networkPolicy:\n  enabled: true\n  engine: cilium\n  egress: {enabled: true, derive: true}\n  defaultDeny: {enabled: true}\n`,
  'unset.yaml': `${others}networkPolicie: {enabled: true}\n`,
  'wrong.yaml': `${others}networkPolicy: {enabled: true, engin: cilium, egress: [], metrics: {from: x}}\n`,
  'broken.yaml': `${others}broken: "${canary}\nnetworkPolicy: {enabled: true}\n`,
  'alias.yaml': `${others}broken: *${canary}\n`,
  'text.yaml': canary,
  'helm-release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: demo, namespace: stage, annotations: {note: ${canary}}}\nspec:\n  chart: {spec: {chart: ${canary}}}\n  valuesFrom: [{kind: Secret, name: s}]\n  values:\n    db: {password: ${canary}, url: "${url}"}\n    networkPolicy: {enabled: true, egress: {enabled: true}}\n`,
  'broken-release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: demo}\nspec:\n  values:\n    db: {password: "${canary}}\n`,
  'list.yaml': resourceList(),
} as const

/** The same as a KRM function gets it. */
function resourceList(): string {
  const items = stream
    .split(/^---\n/m)
    .slice(1)
    .map(document => document.trimEnd().split('\n').join('\n  '))
  const config = `functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  data:\n    set: db.password=${canary},networkPolicy.egress.enabled=true\n    set-json: db.password=${canary}\n    engine: cilium\n`
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${config}items:\n- ${items.join('\n- ')}\n`
}

const filter = (...args: readonly string[]): readonly string[] => ['--report', 'report.json', ...args]
const calls: readonly (readonly string[])[] = [
  filter('-f', 'right.yaml'),
  filter('-f', 'right.yaml', '--engine', 'kubernetes', '--strict'),
  filter('-f', 'right.yaml', '--engine', 'calico', '--only-policies'),
  filter('-f', 'right.yaml', '--engine', 'clusterNetworkPolicy', '-n', 'stage'),
  filter('-f', 'unset.yaml'),
  filter('-f', 'wrong.yaml'),
  filter('-f', 'broken.yaml', '-f', 'alias.yaml', '-f', 'text.yaml'),
  filter('-f', 'right.yaml', '--set', `db.password=a,${canary}`, '--set', `db.password=${canary},networkPolicy.x[y]=`, '--set-json', `db.password=${canary}`),
  filter('-f', 'right.yaml', '--set', 'db.password=my', canary),
  ...Object.keys(formats).map(format => ['explain', '--format', format, '-f', 'right.yaml', '--engine', 'kubernetes']),
  ['values', '--engine', 'kubernetes'],
  ['flux', 'helm-release.yaml', '--report', 'report.json'],
  ['flux', 'broken-release.yaml'],
]

program('shows no canary in any message, format, report, comment or policy', async () => {
  const call = async (args: readonly string[]): Promise<void> => {
    const cwd = folderWith(files)
    const { stdout, stderr } = await netpol(args, { input: stream, cwd })
    assert.ok(stdout.length + stderr.length > 50, args.join(' '))
    assertQuiet(`${stderr}${added(Buffer.from(stdout, 'latin1').toString(), stream, files['helm-release.yaml'])}`, args.join(' '))
    if (args.includes('--report') && !args.includes(canary)) assertQuiet(readFileSync(join(cwd, 'report.json'), 'utf8'), `the report of ${args.join(' ')}`)
  }
  await Promise.all(calls.map(args => inTurn(() => call(args))))
})

program('shows none of a ResourceList either', async () => {
  const cwd = folderWith(files)
  const { stdout, stderr, exitCode } = await netpol(['--report', 'report.json'], { input: files['list.yaml'], cwd })
  assert.is(exitCode, 1, stderr)
  assert.match(stderr, /NP202: functionConfig data\.set-json db\.password=…: this is not a JSON value/)
  assertQuiet(`${stderr}${added(stdout, files['list.yaml'])}${readFileSync(join(cwd, 'report.json'), 'utf8')}`, 'results')
})

program('shows none to Helm 4, nor from the environment', async () => {
  const cwd = folderWith(files)
  const env = { HELM_PLUGIN_DIR: join(import.meta.dirname, '..'), HELM_NETPOL_SET: `db.password=a,${canary}`, HELM_NETPOL_VALUES: 'broken.yaml' }
  const { stdout, stderr } = await netpol([], { input: stream, cwd, env })
  assert.match(Buffer.from(stdout, 'latin1').toString(), /^\|\n {2}helm-netpol: error NP201[^]*NP202: HELM_NETPOL_SET db\.password=…/)
  assertQuiet(stdout + stderr, 'Helm 4')
})

program('tells where the destinations are: else nothing above is tested', async () => {
  const { stderr, stdout } = await netpol(['-f', 'right.yaml', '--engine', 'kubernetes'], { input: stream, cwd: folderWith(files) })
  for (const text of ['db.example.com:5432', 'otel.example.com:4317', 'hooks.example.com', 'variable VAULT_ADDR', '--metrics-bind-address=…'])
    assert.ok(stderr.includes(text), `${text} in\n${stderr}`)
  const explained = await explain(Buffer.from(stream), {
    ...{ root: 'networkPolicy', sets: [], engine: 'cilium', controller: undefined, namespace: undefined, strict: false },
    ...{ files: [{ path: 'v', text: files['right.yaml'] }], format: 'json' as const, width: 100, color: false },
  })
  for (const text of ['db.example.com', 'redis.cache']) assert.match(explained.text ?? '', text)
  assert.match(stdout, `password: ${canary}`)
})

program.run()
