import type { Protocol } from '../discover/workload.ts'
import type { Host } from './need.ts'

/**
 * What controllers dial, one row for each reason; nothing else says which flag, variable or file names a
 * destination. A new flag is one word here.
 */
export interface NeedRow {
  readonly id: string
  /** Who is dialled, for people. */
  readonly party: string
  readonly reason: string
  /** Flags whose value is an endpoint, or a list of them, without dashes. */
  readonly flags: readonly string[]
  /** Variables likewise; `*` stands for any characters. */
  readonly variables: readonly string[]
  /** Keys of configuration files likewise: the end of a path, `*` for any key or item. Paths that end in one of the flags count as well. */
  readonly keys: readonly string[]
  /** Dialled where the text names no port; several: any of them. Empty: not known. */
  readonly defaultPorts: readonly number[]
  /** The first will do; the others are fallbacks. */
  readonly protocols: readonly Protocol[]
  /** Another default port where a flag says so: `--rollback-store-s3-use-ssl=false`. */
  readonly unless?: { readonly flag: string; readonly is: string; readonly ports: readonly number[] }
  /** Flags and variables whose value is the path of a file that names it. */
  readonly files?: readonly string[]
  /** The values are `namespace/name` of a Service. */
  readonly ofServices?: boolean
  /** A variable of the same container that holds the default port. */
  readonly portVariable?: string
}

const row: Omit<NeedRow, 'id' | 'party' | 'reason' | 'defaultPorts'> = { flags: [], variables: [], keys: [], protocols: ['TCP'] }

export const needRows: readonly NeedRow[] = [
  {
    ...row,
    id: 'remote-apiserver',
    party: 'remote apiserver',
    reason: 'objects are applied to another cluster',
    flags: ['master', 'kube-apiserver', 'apiserver-host', 'remote-apiserver'],
    variables: ['KUBERNETES_MASTER'],
    // A kubeconfig file (client-go, tools/clientcmd/api/v1).
    keys: ['clusters.*.cluster.server'],
    files: ['kubeconfig', 'remote-kubeconfig', 'target-kubeconfig', 'KUBECONFIG'],
    defaultPorts: [443],
  },
  {
    ...row,
    id: 'apiserver-host',
    party: 'kube-apiserver',
    reason: 'client-go dials it in the place of the Service kubernetes',
    // k8s.io/client-go, rest.InClusterConfig.
    variables: ['KUBERNETES_SERVICE_HOST'],
    defaultPorts: [443],
    portVariable: 'KUBERNETES_SERVICE_PORT',
  },
  {
    ...row,
    id: 'rollback-store',
    party: 'S3 rollback store',
    reason: 'what is rolled back to is kept in a bucket',
    flags: ['rollback-store-s3-endpoint'],
    defaultPorts: [443],
    unless: { flag: 'rollback-store-s3-use-ssl', is: 'false', ports: [80] },
  },
  {
    ...row,
    id: 'object-store',
    party: 'object store',
    reason: 'a bucket is read and written',
    flags: ['s3-endpoint', 's3-url', 'minio-endpoint', 'aws-endpoint', 'aws-endpoint-url', 'bucket-endpoint'],
    // AWS SDKs and tools, service-specific endpoints: docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    variables: ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_*', 'S3_ENDPOINT', 'S3_ENDPOINT_URL', 'MINIO_ENDPOINT', 'MINIO_URL'],
    defaultPorts: [443],
  },
  {
    ...row,
    id: 'tracing',
    party: 'OTLP collector',
    reason: 'traces are shipped to the OTLP collector',
    flags: ['tracing-endpoint', 'otlp-endpoint', 'otel-endpoint', 'otlp-address', 'otel-exporter-otlp-endpoint', 'tracing-otlp-endpoint', 'otelCollector'],
    // opentelemetry.io/docs/specs/otel/protocol/exporter
    variables: ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_*_ENDPOINT', 'OTLP_ENDPOINT'],
    defaultPorts: [4317],
  },
  {
    ...row,
    id: 'actions',
    party: 'http action target',
    reason: 'http actions call it',
    flags: ['allowed-action-hosts'],
    defaultPorts: [443, 80],
  },
  {
    ...row,
    id: 'proxy',
    party: 'HTTP proxy',
    reason: 'requests to the outside go through it',
    // golang.org/x/net/http/httpproxy
    variables: ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'],
    defaultPorts: [80],
  },
  {
    ...row,
    id: 'events',
    party: 'event receiver',
    reason: 'events are sent to it',
    flags: ['events-addr', 'event-webhook', 'slack-url', 'msteams-url', 'alertmanager-url'],
    variables: ['SLACK_URL', 'MSTEAMS_URL', 'EVENT_WEBHOOK_URL', 'SLACK_WEBHOOK_URL', 'ALERTMANAGER_URL'],
    defaultPorts: [80],
  },
  {
    ...row,
    id: 'metrics-source',
    party: 'metrics server',
    reason: 'metrics are queried from it',
    flags: ['metrics-server', 'prometheus-url', 'prometheus-address', 'prometheus-server', 'thanos-url', 'metrics-service-address'],
    variables: ['PROMETHEUS_URL', 'PROMETHEUS_ADDR', 'PROMETHEUS_ADDRESS'],
    defaultPorts: [9090],
  },
  {
    ...row,
    id: 'nameserver',
    party: 'name server',
    reason: 'it is asked for DNS records',
    flags: ['dns01-recursive-nameservers', 'acme-dns01-resolvers', 'acme-http01-solver-nameservers'],
    // Long answers come by TCP.
    protocols: ['UDP', 'TCP'],
    defaultPorts: [53],
  },
  {
    ...row,
    id: 'secrets',
    party: 'secret store',
    reason: 'secrets are read from it',
    flags: ['vault-addr', 'vault-address', 'vault-url'],
    variables: ['VAULT_ADDR', 'BAO_ADDR'],
    defaultPorts: [8200],
  },
  {
    ...row,
    id: 'identity',
    party: 'identity provider',
    reason: 'tokens are checked or fetched there',
    flags: ['oidc-issuer-url', 'dex-server', 'token-issuer', 'authority-host'],
    variables: ['AZURE_AUTHORITY_HOST', 'OIDC_ISSUER_URL', 'AWS_STS_ENDPOINT'],
    defaultPorts: [443],
  },
  {
    ...row,
    id: 'database',
    party: 'database',
    reason: 'its state is kept there',
    flags: [
      'database-url',
      'database-host',
      'db-url',
      'db-host',
      'dsn',
      'postgres-url',
      'postgres-host',
      'mysql-host',
      'mongodb-uri',
      'etcd-servers',
      'etcd-endpoints',
    ],
    variables: [
      ...['DATABASE_URL', 'DATABASE_HOST', 'DATABASE_DSN', 'DB_URL', 'DB_HOST', 'DB_DSN', 'POSTGRES_HOST', 'POSTGRES_URL', 'PGHOST', 'MYSQL_HOST'],
      ...['MONGODB_URI', 'MONGODB_URL', 'MONGO_URL', 'SPRING_DATASOURCE_URL', 'ETCD_ENDPOINTS'],
    ],
    defaultPorts: [],
  },
  {
    ...row,
    id: 'cache',
    party: 'cache or queue',
    reason: 'work and results are shared through it',
    flags: [
      'redis',
      'redis-addr',
      'redis-address',
      'redis-host',
      'redis-url',
      'nats-url',
      'nats-address',
      'brokers',
      'kafka-brokers',
      'bootstrap-servers',
      'amqp-url',
    ],
    variables: [
      ...['REDIS_SERVER', 'REDIS_URL', 'REDIS_ADDR', 'REDIS_ADDRESS', 'REDIS_HOST', 'NATS_URL', 'KAFKA_BROKERS', 'KAFKA_BOOTSTRAP_SERVERS'],
      ...['AMQP_URL', 'RABBITMQ_URL', 'RABBITMQ_HOST', 'MEMCACHED_HOST'],
    ],
    defaultPorts: [],
  },
  {
    ...row,
    id: 'mail',
    party: 'mail server',
    reason: 'mail is handed to it',
    flags: ['smtp-host', 'smtp-server', 'smtp-addr', 'smtp-smarthost'],
    variables: ['SMTP_HOST', 'SMTP_SERVER', 'SMTP_ADDR', 'MAIL_HOST'],
    defaultPorts: [587, 465, 25],
  },
  {
    ...row,
    id: 'directory',
    party: 'directory or service registry',
    reason: 'who is who, or what is where, is asked there',
    flags: ['ldap-host', 'ldap-url', 'consul-addr', 'consul-address', 'consul-http-addr'],
    variables: ['LDAP_HOST', 'LDAP_URL', 'CONSUL_HTTP_ADDR', 'CONSUL_ADDR'],
    defaultPorts: [],
  },
  {
    ...row,
    id: 'figures',
    party: 'StatsD or Jaeger agent',
    reason: 'figures and traces are sent to it',
    flags: ['statsd-addr', 'statsd-address', 'statsd-host', 'jaeger-agent-host'],
    variables: ['STATSD_ADDR', 'STATSD_HOST', 'JAEGER_AGENT_HOST', 'DD_AGENT_HOST'],
    protocols: ['UDP'],
    defaultPorts: [],
  },
  {
    ...row,
    id: 'peer',
    party: 'another part of the release',
    reason: 'the parts of the release talk to each other',
    flags: ['repo-server', 'argocd-repo-server', 'source-controller-address', 'registry-address', 'gateway-address', 'server-address', 'operator-address'],
    variables: ['ARGOCD_SERVER', 'ARGOCD_REPO_SERVER', 'ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER'],
    defaultPorts: [],
  },
  {
    ...row,
    id: 'default-backend',
    party: 'default backend',
    reason: 'it answers where no ingress fits',
    // kubernetes/ingress-nginx, pkg/flags.
    flags: ['default-backend-service'],
    ofServices: true,
    defaultPorts: [],
  },
]

/** A destination that is known by what the controller works on: the API groups of its roles or webhooks. */
export interface GroupRow {
  readonly id: string
  readonly party: string
  readonly reason: string
  /** Groups that the release itself serves: whoever names them is that controller. */
  readonly own: readonly string[]
  /** Groups that its service account may read, which many controllers may that dial nobody. */
  readonly used: readonly string[]
  readonly service: string
  /** Where the stream does not hold the Service. */
  readonly namespace: string
  readonly dialled: number
  /** What its pods listen on. */
  readonly ports: readonly number[]
}

export const groupRows: readonly GroupRow[] = [
  {
    id: 'source-controller',
    party: 'source-controller',
    reason: 'artifacts are fetched from it, or from producers in their own namespaces',
    // StageSets refer to sources, whose artifacts source-controller serves.
    own: ['stages.metio.wtf'],
    used: ['source.toolkit.fluxcd.io'],
    service: 'source-controller',
    namespace: 'flux-system',
    // fluxcd/source-controller, config/manager/service.yaml: port 80 to the container's http, 9090.
    dialled: 80,
    ports: [9090],
  },
]

/** A destination that flags show without naming it. */
export interface SignRow {
  readonly id: string
  readonly party: string
  readonly reason: string
  readonly flags: readonly string[]
  readonly host: Host
  /** In words. */
  readonly text: string
  readonly port: number
}

export const signRows: readonly SignRow[] = [
  {
    id: 'kubelets',
    party: 'kubelets',
    reason: 'every node is asked for its figures',
    // kubernetes-sigs/metrics-server, cmd/metrics-server/app/options/kubelet_client.go.
    flags: ['kubelet-preferred-address-types', 'kubelet-use-node-status-port', 'kubelet-insecure-tls', 'kubelet-certificate-authority', 'kubelet-port'],
    host: { kind: 'nodes' },
    text: 'kubelets of all nodes',
    port: 10250,
  },
]

/** Something dialled by what looks like a URL, though no row knows the flag. */
export const guessed = {
  id: 'address',
  party: 'what its settings name',
  reason: 'a setting that is not known to be a destination holds its address',
  /** Keys of configuration files that name where something is dialled. */
  keys: /(^|\.)([\w-]*(url|uri|endpoint|address|addr|server|host|target|issuer)s?)(\.\d+)?$/i,
  /** Settings that name the program itself, or something that only people open. */
  own: /(^|[._-])(external|public|root|base|self|advertise|adv|docs?|help|home|server[._-]root|callback|redirect|schema|license|prefix|origins?|audiences?|advertised|dns[._-]names?)[._-]?(ur[il]|addr(ess)?|host)?$/i,
} as const
