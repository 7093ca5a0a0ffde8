import { test } from 'uvu'
import * as assert from 'uvu/assert'
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

/** `row text ports`, with `?` for what is only guessed. */
async function needsOf(stream: string): Promise<string[]> {
  const release = await releaseOf(stream)
  const [workload] = release.workloads
  if (workload === undefined) throw new Error('no workload')
  const bytes = Buffer.from(stream)
  const { needs, unclear } = (await survey(bytes, split(bytes), release.workloads, release, ears().diagnose))(workload)
  return [
    ...needs.map(
      ({ row, text, ports, guess }) => `${guess ? '?' : ''}${row} ${text}${ports.length === 0 ? '' : ` -> ${ports.map(({ number }) => number).join()}`}`,
    ),
    ...unclear.map(({ where, problem }) => `unclear ${where} ${problem}`),
  ]
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
    'kubelets the kubelets of all nodes, port 10250 -> 10250',
  ])
  assert.equal(await needsOf(deployment('          args: [--kubelet-insecure-tls, --kubelet-port=10260]\n')), [
    'kubelets the kubelets of all nodes, port 10260 -> 10260',
  ])
})

test('what is shown of a setting ends at the port: the rest may be a secret', async () => {
  const stream = deployment('          args: ["--slack-url=https://user:secret@hooks.example.com/services/T0/B0/secret"]\n')
  const release = await releaseOf(stream)
  const bytes = Buffer.from(stream)
  const read = await survey(bytes, split(bytes), release.workloads, release, ears().diagnose)
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
  assert.equal(await needsOf(`${deployment('          args: [-server=relay:80, --other=elsewhere:80]\n')}${service}`), ['?address relay:80'])
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

test('what cannot be read is told, not guessed', async () => {
  assert.equal(await needsOf(deployment('          args: ["--tracing-endpoint=$(COLLECTOR):4317"]\n')), [
    'unclear --tracing-endpoint=$(COLLECTOR):4317 holds $(COLLECTOR), which nothing in the stream resolves',
  ])
})

for (const [name, expected] of [
  ['redis', 'service redis in its own'],
  ['redis.cache.svc', 'service redis in cache'],
  ['redis-0.redis.cache.svc.cluster.local', 'service redis in cache'],
  ['app.ops', 'service app in its own'],
  ['app..svc', 'service app in its own'],
  ['minio.storage', 'either'],
  ['bucket.example.com', 'outside'],
  ['*.example.com', 'outside'],
  ['10.1.2.3', 'address'],
  ['fd00::1', 'address'],
  ['kubernetes.default.svc', 'apiserver'],
  ['kubernetes', 'apiserver'],
] as const) {
  test(`a host: ${name}`, async () => {
    const { workload, release } = await workloadOf(deployment('          args: []\n'))
    const host = toHost(name, workload, release)
    assert.is(host.kind === 'service' ? `service ${host.name} in ${host.namespace ?? 'its own'}` : host.kind, expected)
  })
}

test.run()
