import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Needs } from '../../src/needs/find.ts'
import { knownNamespace } from '../../src/discover/namespace.ts'
import { homesIn } from '../../src/needs/home.ts'
import { toHost } from '../../src/needs/host.ts'
import { survey } from '../../src/needs/survey.ts'
import { split } from '../../src/stream/split.ts'
import { ears, releaseOf, workloadOf } from '../helpers/facts.ts'

function deployment(container: string, more = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: ops}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      serviceAccountName: app
${more}      containers:
        - name: manager
${container}`
}

/** Where the needs were found. */
async function foundIn(stream: string): Promise<string[]> {
  return (await read(stream, '')).needs.flatMap(({ found }) => found.map(({ where }) => where))
}

/** `row text ports`, with `?` for what is only guessed. */
async function needsOf(stream: string, namespace = ''): Promise<string[]> {
  const { needs, unclear } = await read(stream, namespace)
  return [
    ...needs.map(
      ({ row, text, ports, guess }) => `${guess ? '?' : ''}${row} ${text}${ports.length === 0 ? '' : ` -> ${ports.map(({ number }) => number).join()}`}`,
    ),
    ...unclear.map(({ where, problem }) => `unclear ${where} ${problem}`),
  ]
}

async function read(stream: string, namespace: string): Promise<Needs> {
  const release = await releaseOf(stream)
  const [workload] = release.workloads
  if (workload === undefined) throw new Error('no workload')
  const bytes = Buffer.from(stream)
  return (await survey(bytes, split(bytes), release.workloads, homesIn(release, knownNamespace(namespace, release)), release, ears().diagnose))(workload)
}

test('flags name destinations, and a flag of their own another default port', async () => {
  const args = [
    '--tracing-endpoint=otel.example.net',
    '--rollback-store-s3-endpoint',
    's3.example.com',
    '--rollback-store-s3-use-ssl=false',
    '--allowed-action-hosts=*.ci.example.org',
  ]
  assert.equal(await needsOf(deployment(`          args: ${JSON.stringify(args)}\n`)), [
    'tracing otel.example.net:4317 -> 4317',
    'rollback-store s3.example.com:80 -> 80',
    'actions *.ci.example.org -> 443,80',
  ])
})

test('variables name destinations, references in arguments are resolved', async () => {
  const container = `          args: [--vault-addr=$(VAULT), --events-addr=http://events.$(NS).svc.cluster.local./]
          env:
            - {name: VAULT, value: "https://vault.example.com:8200"}
            - {name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
            - {name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, value: "http://otel.observability.svc:4318"}
`
  assert.equal(await needsOf(deployment(container)), [
    'secrets vault.example.com:8200 -> 8200',
    'events events.ops.svc.cluster.local:80',
    'tracing otel.observability.svc:4318',
  ])
})

test('mounted ConfigMaps name destinations, and the others are not read', async () => {
  const volumes = `      volumes:
        - {name: config, configMap: {name: config}}
`
  const container = `          envFrom:
            - configMapRef: {name: variables}
`
  const maps = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: ops}
data:
  kubeconfig: |
    clusters:
      - name: other
        cluster: {server: "https://203.0.113.9:6443"}
  app.yaml: |
    exporter:
      endpoint: https://otel.example.com:4317
    docs: https://docs.example.com
---
apiVersion: v1
kind: ConfigMap
metadata: {name: variables, namespace: ops}
data:
  REDIS_URL: redis://:password@redis.cache.svc
---
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated, namespace: ops}
data: {VAULT_ADDR: "https://unrelated.example.com"}
`
  assert.equal(await needsOf(`${deployment(container, volumes)}${maps}`), [
    'cache redis.cache.svc:6379',
    'remote-apiserver 203.0.113.9:6443 -> 6443',
    '?address otel.example.com:4317 -> 4317',
  ])
})

test('flags that only programs have which ask every kubelet say so', async () => {
  assert.equal(await needsOf(deployment('          args: [--kubelet-preferred-address-types=InternalIP, --kubelet-insecure-tls]\n')), [
    'kubelets kubelets of all nodes:10250 -> 10250',
  ])
  assert.equal(await needsOf(deployment('          args: [--kubelet-insecure-tls, --kubelet-port=10260]\n')), ['kubelets kubelets of all nodes:10260 -> 10260'])
})

test('what is shown of a setting ends at the port: the rest may be a secret', async () => {
  const stream = deployment('          args: ["--slack-url=https://user:secret@hooks.example.com/services/T0/B0/secret"]\n')
  const release = await releaseOf(stream)
  const bytes = Buffer.from(stream)
  const read = await survey(bytes, split(bytes), release.workloads, homesIn(release, knownNamespace('', release)), release, ears().diagnose)
  assert.not.match(JSON.stringify(release.workloads.map(workload => read(workload).needs)), 'secret')
})

test('a Service of the stream is dialled at the port of its pods', async () => {
  const others = `---
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: ops}
spec: {selector: {app: redis}, ports: [{port: 6379, targetPort: tcp}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: redis, namespace: ops}
spec:
  selector: {matchLabels: {app: redis}}
  template:
    metadata: {labels: {app: redis}}
    spec: {containers: [{name: redis, ports: [{name: tcp, containerPort: 16379}]}]}
`
  assert.equal(await needsOf(`${deployment('          args: [--redis=redis:6379]\n')}${others}`), ['cache redis:6379 -> 16379'])
})

test('an unknown setting that names a Service of the stream is a guess', async () => {
  const service = `---
apiVersion: v1
kind: Service
metadata: {name: relay, namespace: ops}
spec: {selector: {app: relay}, ports: [{port: 80, targetPort: 4245}]}
`
  assert.equal(await needsOf(`${deployment('          args: [-server=relay:80, --other=elsewhere:80]\n')}${service}`), ['?address relay:80 -> 4245'])
})

test('roles tell of API groups: what the release serves is sure, what it may use is a guess', async () => {
  const role = (group: string): string => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: app}
rules: [{apiGroups: [${group}], resources: ['*'], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: app}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: app}
subjects: [{kind: ServiceAccount, name: app, namespace: ops}]
`
  const stream = deployment('          args: []\n')
  assert.equal(await needsOf(stream + role('stages.metio.wtf')), ['source-controller source-controller.flux-system:80 -> 9090'])
  assert.equal(await needsOf(stream + role('source.toolkit.fluxcd.io')), ['?source-controller source-controller.flux-system:80 -> 9090'])
  assert.equal(await needsOf(stream + role('apps')), [])
})

test('behind a proxy, requests to the outside go through it, those of NO_PROXY do not', async () => {
  const container = `          args: ["--slack-url=https://hooks.example.com/x", "--prometheus-url=https://prometheus.corp.example:9090", "--tracing-endpoint=otel.example.net:4317"]
          env:
            - {name: HTTPS_PROXY, value: "http://proxy.corp.example:3128"}
            - {name: NO_PROXY, value: ".corp.example,.svc"}
`
  assert.equal(await needsOf(deployment(container)), [
    'metrics-source prometheus.corp.example:9090 -> 9090',
    'tracing otel.example.net:4317 -> 4317',
    'proxy proxy.corp.example:3128 -> 3128',
  ])
})

test('a proxy is for its own scheme and its own container', async () => {
  const flags = '          args: [--event-webhook=https://hooks.example.com/x]\n'
  const only = (name: string): string => `${flags}          env: [{name: ${name}, value: "http://proxy.example.net:3128"}]\n`
  const hooks = 'events hooks.example.com:443 -> 443'
  const proxy = 'proxy proxy.example.net:3128 -> 3128'
  assert.equal(await needsOf(deployment(only('HTTP_PROXY'))), [hooks, proxy])
  assert.equal(await needsOf(deployment(only('https_proxy'))), [proxy])
  const sidecar = '        - name: sidecar\n          env: [{name: HTTPS_PROXY, value: "http://proxy.example.net:3128"}]\n'
  assert.equal(await needsOf(deployment(flags + sidecar)), [hooks, proxy])
  const direct = only('HTTPS_PROXY').replace('}]', '}, {name: NO_PROXY, value: "example.com:443"}]')
  assert.equal(await needsOf(deployment(direct)), [hooks, proxy])
})

test('words of NO_PROXY are read as Go reads them, and one that nobody knows may be any', async () => {
  const behind = (more: string): Promise<string[]> =>
    needsOf(
      deployment(`          args: ["--slack-url=https://hooks.corp.example/x"]
          env: [{name: HTTPS_PROXY, value: "http://proxy.example.net:3128"}${more}]
`),
    )
  const through = ['proxy proxy.example.net:3128 -> 3128']
  const both = ['events hooks.corp.example:443 -> 443', ...through]
  assert.equal(await behind(''), through)
  assert.equal(await behind(', {name: NO_PROXY, value: "*.other.example"}'), through)
  assert.equal(await behind(', {name: NO_PROXY, value: "a.example, *.Corp.example:443"}'), both)
  assert.equal(await behind(', {name: NO_PROXY, value: "Hooks.CORP.example"}'), both)
  assert.equal(await behind(', {name: NO_PROXY, valueFrom: {configMapKeyRef: {name: elsewhere, key: k}}}'), both)
  assert.equal(await behind(', {name: NO_PROXY, value: "a.example,$(MORE)"}'), both)
  assert.equal(await behind(', {name: NO_PROXY, value: "a.example,$(KUBERNETES_SERVICE_HOST)"}'), through)
})

test('gRPC asks for no proxy of http', async () => {
  const env = (proxy: string, url: string): string =>
    `          env: [{name: ${proxy}, value: "http://proxy.example.net:3128"}, {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "${url}"}]\n`
  const proxy = 'proxy proxy.example.net:3128 -> 3128'
  assert.equal(await needsOf(deployment(env('HTTP_PROXY', 'http://otel.example.net:4317'))), [proxy, 'tracing otel.example.net:4317 -> 4317'])
  assert.equal(await needsOf(deployment(env('HTTPS_PROXY', 'https://otel.example.net:4317'))), [proxy])
})

test('where a server listens is no destination', async () => {
  const args = (...words: string[]): string => `          args: ${JSON.stringify(words)}\n`
  const listening = ['--server-address=:8080', '--prometheus-address=$(HOST):$(PORT)', '--prometheus-address=$(PORT)', '--gateway-address=http://:80']
  assert.equal(await needsOf(deployment(args(...listening))), [])
  const bound = '          env: [{name: HOST_IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}, {name: METRICS_ADDR, value: "10.1.2.3:8080"}]\n'
  assert.equal(await needsOf(deployment(args('--metrics-addr=$(HOST_IP):8080', '--metrics-addr=10.1.2.3:8080') + bound)), [])
  assert.equal(await needsOf(deployment(args('--prometheus-address=prom.example.com'))), ['metrics-source prom.example.com:9090 -> 9090'])
  assert.equal(await needsOf(deployment(args('--prometheus-address=10.1.2.3:9090'))), ['metrics-source 10.1.2.3:9090 -> 9090'])
  const map = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: ops}
data:
  metrics.server.address: ":8080"
  app.yaml: |
    metrics.server.address: ":8080"
    grpc-server-address: :9000
`
  assert.equal(await needsOf(deployment('          envFrom: [{configMapRef: {name: config}}]\n', '      volumes: [{configMap: {name: config}}]\n') + map), [])
})

test("the pod's own address is no destination, and that of its node is its node", async () => {
  const field = (name: string, path: string): string => `{name: ${name}, valueFrom: {fieldRef: {fieldPath: ${path}}}}`
  const container = `          args: ["--operator-address=$(POD_IP):80", "--agent=$(HOST_IP):8126", "--vault-addr=$(VAULT)", "--bind-agent=$(HOST_IP):1"]
          env:
            - ${field('POD_IP', 'status.podIP')}
            - ${field('HOST_IP', 'status.hostIP')}
            - ${field('NODE', 'spec.nodeName')}
            - ${field('DD_AGENT_HOST', 'status.hostIP')}
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://$(HOST_IP):4317"}
            - {name: OTHER_URL, value: "https://$(NODE):10250/x"}
            - {name: OWN_URL, value: "http://$(POD_IP):8080"}
            - {name: VAULT, value: "http://$(HOST_IP)"}
`
  const map = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: ops}
data:
  otel.yaml: |
    receivers: {otlp: {endpoint: "\${env:POD_IP}:4317"}}
    tracing: {endpoint: "\${env:HOST_IP}:4318"}
`
  assert.equal(await needsOf(deployment(container, '      volumes: [{configMap: {name: config}}]\n') + map), [
    '?address its own node:8126 -> 8126',
    'secrets its own node:80 -> 80',
    'figures its own node',
    'tracing its own node:4317 -> 4317',
    '?address its own node:10250 -> 10250',
    'tracing its own node:4318 -> 4318',
  ])
})

test('a Service that a flag names with its namespace is dialled', async () => {
  const container = `          args: [--default-backend-service=$(NS)/redis, --publish-service=$(NS)/redis]
          env: [{name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]
`
  const stream = deployment(container) + service('{selector: {app: redis}, ports: [{port: 80, targetPort: 8080}]}')
  assert.equal(await needsOf(stream), ['default-backend redis.ops.svc -> 8080'])
  assert.equal(await foundIn(stream), ['--default-backend-service=ops/redis'])
  assert.equal(await needsOf(stream.replaceAll(', namespace: ops', '')), ['default-backend redis -> 8080'])
})

test('a URL alone among the arguments is a guess', async () => {
  const command = '          command: [relay, serve, "https://a.example.com/x", --verbose=true, "https://b.example.com", --to, "https://c.example.com", docs]\n'
  assert.equal(await needsOf(deployment(command)), [
    '?address c.example.com:443 -> 443',
    '?address a.example.com:443 -> 443',
    '?address b.example.com:443 -> 443',
  ])
})

test('variables that a script or env hands to a command are those of the container', async () => {
  const command = (...words: string[]): string => `          command: ${JSON.stringify(words)}\n`
  const inScript = 'A_URL=https://a.example.com; export OTEL_EXPORTER_OTLP_ENDPOINT="http://otel.$NS.svc:4317"; VAULT_ADDR=https://v.example.com exec m'
  const env = '          env: [{name: NS, value: tools}, {name: VAULT_ADDR, value: "https://old.example.com"}]\n'
  assert.equal(await needsOf(deployment(command('sh', '-c', inScript) + env)), ['tracing otel.tools.svc:4317', 'secrets v.example.com:443 -> 443'])
  assert.equal(await needsOf(deployment(command('env', 'VAULT_ADDR=https://v.example.com', 'm'))), ['secrets v.example.com:443 -> 443'])
  assert.equal(await needsOf(deployment(command('m', 'VAULT_ADDR=https://v.example.com'))), [])
})

test('a flag is told with the dashes that it has', async () => {
  const stream = deployment(`          command: [sh, -c, 'curl -fsS "https://\${HOST}/x"; curl --url "https://$HOST/y"']\n`)
  assert.equal(await needsOf(stream), [
    'unclear -fsS holds $(HOST), which nothing in the stream resolves',
    'unclear --url holds $(HOST), which nothing in the stream resolves',
  ])
})

test('files that a volume leaves out are not read', async () => {
  const map = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: ops}
data:
  a.yaml: 'event-webhook: "https://a.example.com"'
  b.yaml: 'event-webhook: "https://b.example.com"'
`
  const read = (volume: string): Promise<string[]> => needsOf(deployment('          args: []\n', `      volumes: [${volume}]\n`) + map)
  const [a, b] = ['events a.example.com:443 -> 443', 'events b.example.com:443 -> 443']
  assert.equal(await read('{configMap: {name: config, items: [{key: a.yaml, path: x}]}}'), [a])
  assert.equal(await read('{projected: {sources: [{configMap: {name: config, items: [{key: b.yaml, path: x}]}}]}}'), [b])
  assert.equal(await read('{configMap: {name: config, items: [{key: b.yaml, path: x}]}}, {configMap: {name: config}}'), [a, b])
})

test('of ConfigMaps of one name, that of the namespace counts', async () => {
  const map = (name: string, namespace: string): string => `---
apiVersion: v1
kind: ConfigMap
metadata: {name: config${namespace}}
data: {VAULT_ADDR: "https://${name}.example.com"}
`
  const [other, own, bare] = [map('other', ', namespace: other'), map('own', ', namespace: ops'), map('bare', '')]
  const app = deployment('          envFrom: [{configMapRef: {name: config}}]\n')
  const homeless = app.replace(', namespace: ops', '')
  const secrets = (name: string): string[] => [`secrets ${name}.example.com:443 -> 443`]
  assert.equal(await needsOf(app + other + bare + own), secrets('own'))
  assert.equal(await needsOf(app + other + bare), secrets('bare'))
  assert.equal(await needsOf(homeless + other + bare), secrets('bare'))
  assert.equal(await needsOf(homeless + other + own, 'ops'), secrets('own'))
  assert.equal(await needsOf(homeless + other, 'ops'), [])
})

test("a program's own names and its own Service are no guesses", async () => {
  const args = ['--dynamic-serving-dns-names=webhook.ops.svc', '--dns-name=webhook.ops.svc', '--service=redis.ops.svc', '--upstream=http://redis:80/x']
  const stream = deployment(`          args: ${JSON.stringify(args)}\n`)
  assert.equal(await needsOf(stream + service('{selector: {app: app}, ports: [{port: 80}]}')), [])
  assert.equal(await needsOf(stream + service('{selector: {app: redis}, ports: [{port: 80}]}')), ['?address redis.ops.svc -> 80', '?address redis:80 -> 80'])
})

test('names of the cluster and addresses with a port are guesses in any setting, and what only people read is none', async () => {
  const args =
    '["--server=foo.bar.svc:80", "--target=10.2.3.4:8080", "--bind=10.2.3.4:80", "--schema=https://json-schema.org/x", "--cors-origins=https://a.example.com"]'
  assert.equal(await needsOf(deployment(`          args: ${args}\n`)), ['?address foo.bar.svc:80', '?address 10.2.3.4:8080 -> 8080'])
})

test('a kubeconfig that the stream does not hold is told', async () => {
  assert.equal(await needsOf(deployment('          args: [--kubeconfig=/etc/app/kubeconfig, --kubeconfig=]\n')), [
    'unclear --kubeconfig names a file that the stream does not hold',
  ])
})

test('a headless Service is dialled at the port that is written', async () => {
  const spec = '{clusterIP: None, selector: {app: redis}, ports: [{port: 6380, targetPort: 16380}]}'
  assert.equal(await needsOf(deployment('          args: [--nats-url=nats://redis:6380]\n') + service(spec)), ['cache redis:6380 -> 6380'])
})

test('a known setting from a Secret is told, an unknown one that is half read as well', async () => {
  const fromSecret = 'valueFrom: {secretKeyRef: {name: s, key: k}}'
  const container = `          args: ["--upstream-url=https://$(UPSTREAM)/"]
          env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, ${fromSecret}}, {name: UPSTREAM, ${fromSecret}}, {name: OTHER, ${fromSecret}}]
`
  const release = await releaseOf(deployment(container))
  const bytes = Buffer.from(deployment(container))
  const read = await survey(bytes, split(bytes), release.workloads, homesIn(release, knownNamespace('', release)), release, ears().diagnose)
  assert.equal(
    release.workloads.flatMap(workload => read(workload).unclear.map(({ where, guess }) => `${where}${guess ? ' ?' : ''}`)),
    ['--upstream-url ?', 'variable OTEL_EXPORTER_OTLP_ENDPOINT'],
  )
})

test('switches and words are no hosts', async () => {
  assert.equal(await needsOf(deployment('          args: [--metrics-server=true, --redis=none, --vault-addr=disabled]\n')), [])
})

test('name servers are asked by UDP and TCP, over HTTPS by TCP alone, and each of a list', async () => {
  const args = '          args: ["--dns01-recursive-nameservers=https://1.1.1.1/dns-query,8.8.8.8:53"]\n'
  assert.equal(await needsOf(deployment(args)), ['nameserver 1.1.1.1:443 -> 443', 'nameserver 8.8.8.8:53 -> 53,53'])
})

test('client-go is told where the apiserver is', async () => {
  const env = '          env: [{name: KUBERNETES_SERVICE_HOST, value: api.example.com}, {name: KUBERNETES_SERVICE_PORT, value: "6443"}]\n'
  assert.equal(await needsOf(deployment(env)), ['apiserver-host api.example.com:6443 -> 6443'])
})

test('files of ConfigMaps: paths that end as a flag does, lines of key=value, flags in other spellings', async () => {
  const volumes = '      volumes: [{name: config, configMap: {name: config}}]\n'
  const map = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: ops}
data:
  a.yaml: |
    exporters: {otlp: {endpoint: "tempo.example.com:4317"}}
    rollbackStore: {s3: {endpoint: s3.example.com}}
    metrics: {server: prometheus}
  b.properties: |
    # comment
    tracing.endpoint = col.example.com:4317
    name = x
  c.env: |
    export REDIS_ADDR="redis.example.com:6379"
    LOG=1
`
  assert.equal(
    await needsOf(
      `${deployment('          args: [--otlp_endpoint=o.example.com:1, --vault.addr=v.example.com:8200, --s3Endpoint=s.example.com]\n', volumes)}${map}`,
    ),
    [
      'tracing o.example.com:1 -> 1',
      'secrets v.example.com:8200 -> 8200',
      'object-store s.example.com:443 -> 443',
      'tracing tempo.example.com:4317 -> 4317',
      'rollback-store s3.example.com:443 -> 443',
      'tracing col.example.com:4317 -> 4317',
      'cache redis.example.com:6379 -> 6379',
    ],
  )
})

const service = (spec: string, namespace = ', namespace: ops'): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: redis${namespace}}\nspec: ${spec}\n`

test('a Service that is another name, or has endpoints of someone else, has no pods', async () => {
  const hosts = async (spec: string): Promise<string[]> => {
    const { workload, release } = await workloadOf(deployment('          args: []\n') + service(spec))
    const host = toHost('redis', homesIn(release, knownNamespace('', release))(workload))
    return [host.kind, ...(host.kind === 'outside' || host.kind === 'service' ? [host.name] : [])]
  }
  assert.equal(await hosts('{type: ExternalName, externalName: Redis.example.com.}'), ['outside', 'redis.example.com'])
  assert.equal(await hosts('{type: ExternalName, externalName: redis.cache.svc.cluster.local}'), ['service', 'redis'])
  assert.equal(await hosts('{ports: [{port: 6379}]}'), ['unknown'])
  assert.equal(await hosts('{selector: {app: redis}, ports: [{port: 6379}]}'), ['service', 'redis'])
})

test("a namesake in another namespace is not the release's own Service", async () => {
  const podsOf = async (name: string, given: string): Promise<boolean> => {
    const bare = deployment('          args: []\n').replace(', namespace: ops', '')
    const { workload, release } = await workloadOf(bare + service('{selector: {app: redis}, ports: [{port: 6379}]}', ''))
    const host = toHost(name, homesIn(release, knownNamespace(given, release))(workload))
    return host.kind === 'service' && host.pods !== undefined
  }
  assert.is(await podsOf('redis', ''), true)
  assert.is(await podsOf('redis.shared.svc', 'app'), false)
  assert.is(await podsOf('redis.app.svc', 'app'), true)
  assert.is(await podsOf('redis.app.svc', ''), false)
})

test('a Service of the stream without its pods is dialled at a numeric targetPort, and a port that it lacks is told', async () => {
  const spec = '{selector: {app: redis}, ports: [{port: 6379, targetPort: 6380}]}'
  assert.equal(await needsOf(deployment('          args: [--redis=redis:6379]\n') + service(spec)), ['cache redis:6379 -> 6380'])
  assert.equal(await needsOf(deployment('          args: [--redis=redis:7000]\n') + service(spec)), [
    'unclear --redis names port 7000, which Service ops/redis has not',
  ])
})

for (const secret of [
  'jdbc:postgresql://db.example.com:5432/app?user=sa&password=hunter2',
  'host=db port=5432 password=hunter2',
  'Server=db;Password=hunter2',
  'sqlserver://db.example.com:1433;password=hunter2',
  'db.example.com:5432/app?password=hunter2',
  'postgres://u:p@hunter2@db.example.com',
  'postgres://u:hunt/er2@db.example.com',
]) {
  test(`no part of a password is shown: ${secret}`, async () => {
    const stream = deployment(`          env: [{name: DATABASE_URL, value: "${secret}"}, {name: X_URL, value: "${secret}"}]\n`)
    const release = await releaseOf(stream)
    const bytes = Buffer.from(stream)
    const read = await survey(bytes, split(bytes), release.workloads, homesIn(release, knownNamespace('', release)), release, ears().diagnose)
    const shown = release.workloads.flatMap(workload => [
      ...read(workload).needs.flatMap(({ found, text }) => [text, ...found.map(({ where }) => where)]),
      ...read(workload).unclear.map(({ where, problem }) => where + problem),
    ])
    assert.ok(shown.length > 0)
    assert.not.match(shown.join('\n'), /hunt|er2/)
  })
}

test('what cannot be read is told, not guessed', async () => {
  assert.equal(await needsOf(deployment('          args: ["--tracing-endpoint=$(COLLECTOR):4317"]\n')), [
    'unclear --tracing-endpoint holds $(COLLECTOR), which nothing in the stream resolves',
  ])
})

for (const [name, expected] of [
  ['redis', 'service redis in its own'],
  ['redis.cache.svc', 'service redis in cache'],
  ['redis-0.redis.cache.svc', 'service redis in cache, pod redis-0'],
  ['redis-0.redis.cache.svc.cluster.local', 'service redis in cache, pod redis-0'],
  ['redis-0.redis..svc', 'service redis in its own, pod redis-0'],
  ['_redis._tcp.redis.cache.svc.cluster.local', 'service redis in cache'],
  ['redis-0.redis.cache', 'outside'],
  ['app.ops', 'service app in its own'],
  ['app..svc', 'service app in its own'],
  ['minio.storage', 'either'],
  ['honeycomb.io', 'outside'],
  ['bucket.example.com', 'outside'],
  ['*.example.com', 'outside'],
  ['10.1.2.3', 'address'],
  ['fd00::1', 'address'],
  ['kubernetes.default.svc', 'apiserver'],
  ['kubernetes', 'apiserver'],
] as const) {
  test(`a host: ${name}`, async () => assert.is(await hostOf(name, ''), expected))
}

const statefulSet = (name: string, more = '', namespace = 'ops'): string => `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  serviceName: redis
  selector: {matchLabels: {set: ${name}}}
  template:
    metadata: {labels: {app: redis, set: ${name}}}
    spec: {${more}containers: [{name: redis, ports: [{name: tcp, containerPort: 16379}]}]}
`
const headless = '{clusterIP: None, selector: {app: redis}, ports: [{port: 6379, targetPort: tcp}]}'

for (const [name, expected] of [
  ['redis-0.redis', 'service redis in its own, pod redis-0'],
  ['redis-12.redis.ops', 'service redis in its own, pod redis-12'],
  ['redis-0.redis.ops.svc', 'service redis in its own, pod redis-0'],
  ['10-0-0-7.redis.ops', 'service redis in its own, pod 10-0-0-7'],
  ['cache.redis', 'service redis in its own, pod cache'],
  // None of its pods.
  ['web.redis', 'either'],
  ['redis-x.redis', 'either'],
  ['redis-0.redis.other', 'outside'],
  ['redis-0.other.ops', 'outside'],
  ['a.redis-0.redis.ops', 'outside'],
  ['*.redis.ops', 'outside'],
] as const) {
  test(`a host where the stream has the Service: ${name}`, async () => {
    const stream = service(headless) + statefulSet('redis') + statefulSet('named', 'hostname: cache, ')
    assert.is(await hostOf(name, stream), expected)
  })
}

test('a number tells a pod of a headless Service whose pods someone else makes', async () => {
  assert.is(await hostOf('redis-0.redis', service(headless)), 'service redis in its own, pod redis-0')
  assert.is(await hostOf('redis.redis', service(headless)), 'either')
  assert.is(await hostOf('redis-0.redis', service('{selector: {app: redis}, ports: [{port: 6379}]}')), 'either')
  // A Service of that name is meant first.
  const namesakes =
    service(headless) + service('{selector: {app: x}, ports: [{port: 1}]}').replace('name: redis, namespace: ops', 'name: redis-0, namespace: redis')
  assert.is(await hostOf('redis-0.redis', namesakes), 'service redis-0 in redis')
})

test('a pod of a Service is dialled at its own port, whatever the Service maps', async () => {
  const dialling = (address: string): string => deployment(`          args: ["--redis=${address}"]\n`)
  const plain = service('{selector: {app: redis}, ports: [{port: 6379, targetPort: tcp}]}') + statefulSet('redis')
  assert.equal(await needsOf(dialling('redis:6379') + plain), ['cache redis:6379 -> 16379'])
  assert.equal(await needsOf(dialling('redis-0.redis:16379') + plain), ['cache redis-0.redis:16379 -> 16379'])
  assert.equal(await needsOf(dialling('redis-0.redis.ops.svc.cluster.local:6379') + plain), ['cache redis-0.redis.ops.svc.cluster.local:6379 -> 6379'])
  // Without the Service as well.
  assert.equal(await needsOf(dialling('redis-0.redis.cache.svc:16379')), ['cache redis-0.redis.cache.svc:16379 -> 16379'])
  assert.equal(await needsOf(dialling('redis-0.redis.cache.svc')), ['cache redis-0.redis.cache.svc'])
})

test('of several workloads behind a Service the one is dialled whose pod it is', async () => {
  const stream = deployment('          args: ["--redis=two-0.redis:1", "--redis=redis:1"]\n') + service(headless) + statefulSet('one') + statefulSet('two')
  const { needs } = await read(stream, '')
  assert.equal(
    needs.map(({ host }) => (host.kind === 'service' ? host.backends.map(({ labels }) => labels['set']) : [])),
    [['two'], ['one', 'two']],
  )
})

test('a pod of a Service is a guess in a setting that no row knows', async () => {
  const args = '          args: ["--peer=redis-0.redis:6379", "--other=redis-0.redis.cache.svc:6379", "--third=redis-0.elsewhere:6379"]\n'
  assert.equal(await needsOf(deployment(args) + service(headless) + statefulSet('redis')), [
    '?address redis-0.redis:6379 -> 6379',
    '?address redis-0.redis.cache.svc:6379 -> 6379',
  ])
})

async function hostOf(name: string, more: string): Promise<string> {
  const { workload, release } = await workloadOf(deployment('          args: []\n') + more)
  const host = toHost(name, homesIn(release, knownNamespace('', release))(workload))
  if (host.kind !== 'service') return host.kind
  return `service ${host.name} in ${host.namespace ?? 'its own'}${host.pod === undefined ? '' : `, pod ${host.pod}`}`
}

test.run()
