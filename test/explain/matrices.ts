import type { Matrix, MatrixFlow, WorkloadMatrix } from '../../src/explain/matrix.ts'

/** Matrices as `explain` makes them, by hand. */

const workload = 'Deployment stage/stageset-controller'
const policy = 'NetworkPolicy stage/stageset-controller'

/** Opens what is cut. */
export const paste = `networkPolicy:
  egress:
    to:
      - to:
          - namespaceSelector:
              matchLabels:
                kubernetes.io/metadata.name: observability
        ports:
          - port: 4317
            protocol: TCP
`

export const inbound: readonly MatrixFlow[] = [
  flow('webhook', 'kube-apiserver', {
    ports: ['9443/TCP (webhook)'],
    reason: 'the kube-apiserver calls the webhook; it is no pod, so only TLS tells who calls',
    found: [{ where: 'webhook configuration', place: { source: 'stdin', line: 212, column: 5, path: 'ValidatingWebhookConfiguration stageset' } }],
  }),
  flow('metrics', 'Prometheus', {
    peers: ['namespace monitoring'],
    ports: ['8080/TCP (http-prom)'],
    reason: 'Prometheus scrapes /metrics',
    found: [
      { where: 'PodMonitor', place: { source: 'stdin', line: 301, column: 9, path: 'PodMonitor stage/stageset-controller' } },
      { where: 'container port http-prom' },
    ],
    rule: 1,
  }),
  flow('gate', 'Flagger', {
    ports: ['8082/TCP (gate)'],
    reason: 'Flagger polls the stage gate for its verdict',
    found: [{ where: 'container port gate' }],
    rule: 2,
  }),
  flow('health', 'kubelet', {
    peers: ['nodes'],
    ports: ['8081/TCP (health)'],
    reason: 'the kubelet probes from the node',
    found: [{ where: 'probe of container manager' }],
    rule: 3,
  }),
]

export const outbound: readonly MatrixFlow[] = [
  flow('dns', 'cluster DNS', {
    direction: 'egress',
    peers: ['namespace kube-system'],
    ports: ['53/UDP', '53/TCP'],
    reason: 'name resolution, without which every flow to a name fails',
    found: [{ where: 'egress.dns' }],
  }),
  flow('apiserver', 'kube-apiserver', {
    direction: 'egress',
    peers: ['203.0.113.10/32', '203.0.113.11/32'],
    ports: ['443/TCP', '6443/TCP'],
    reason: 'the kube-apiserver, through which the controller reads and writes everything',
    found: [{ where: 'egress.apiserver', place: { source: 'values.yaml', line: 12, column: 5, path: 'networkPolicy.egress.apiserver' } }],
    rule: 1,
  }),
  flow('source-controller', 'source-controller', {
    direction: 'egress',
    peers: ['namespace flux-system, pods app=source-controller'],
    ports: ['9090/TCP'],
    reason: 'the controller fetches artifacts',
    found: [{ where: '--source-url=source-controller.flux-system.svc.cluster.local.:9090', place: { source: 'stdin', line: 77, column: 13, path: workload } }],
    rule: 2,
  }),
  flow('bucket', 'S3 bucket', {
    direction: 'egress',
    peers: ['198.51.100.0/24'],
    ports: ['443/TCP'],
    reason: 'artifacts are stored in a bucket',
    found: [{ where: 'AWS_ENDPOINT_URL=bucket.example.com', place: { source: 'stdin', line: 81, column: 15, path: workload } }],
    rule: 3,
    verdict: 'possibly',
  }),
  {
    ...flow('otlp', 'OTLP collector', { direction: 'egress', verdict: 'cut', ports: ['4317/TCP'], reason: 'traces are sent to a collector' }),
    found: [{ where: '--tracing-endpoint=otel.example.com:4317', place: { source: 'stdin', line: 79, column: 13, path: workload } }],
    carriedBy: [],
    paste,
  },
]

export const typicalWorkload: WorkloadMatrix = { workload, policy, egressLocked: true, flows: [...inbound, ...outbound] }

export const typical: Matrix = {
  version: '0.1.0',
  engine: 'kubernetes',
  enabled: true,
  ok: true,
  workloads: [typicalWorkload],
  defaultDenies: [{ policy: 'NetworkPolicy stage/stageset-controller-default-deny', namespace: 'stage', egress: true }],
  diagnostics: [
    {
      code: 'NP420',
      severity: 'warning',
      message: `no egress rule lets ${workload} reach otel.example.com:4317, so it is cut`,
      help: `Allow it, or drop the setting where it is not used:\n${paste}`,
      place: { source: 'stdin', line: 79, column: 13, path: workload },
    },
    {
      code: 'NP401',
      severity: 'warning',
      message: 'egress is enabled without a DNS rule: names cannot be resolved, so every flow to a name fails',
      help: 'Allow it, or list the resolvers in networkPolicy.egress.dnsCIDRs:\nnetworkPolicy:\n  egress:\n    dns: true\n',
      place: { source: 'values.yaml', line: 14, column: 15, path: 'networkPolicy.egress.dns' },
    },
    {
      code: 'NP419',
      severity: 'note',
      message: `the selector of ${workload} also selects the pods of Deployment stage/other`,
      help: 'Make the selectors disjoint in the chart, so that each policy is of one workload alone.',
    },
    {
      code: 'NP430',
      severity: 'warning',
      message: `the selector of ${workload} also selects the pods of Job stage/migrate`,
      help: 'Give them labels of their own:\nnetworkPolicy:\n  controller: other\n',
    },
  ],
  paste,
}

/** Egress is not locked: destinations are known, and all of it is open. */
const { paste: _, ...withoutPaste } = typical

export const open: Matrix = {
  ...withoutPaste,
  engine: 'cilium',
  workloads: [
    {
      ...typicalWorkload,
      egressLocked: false,
      flows: [...inbound, ...outbound.map(({ paste: _, ...rest }) => ({ ...rest, verdict: 'open' as const, peers: ['any'], carriedBy: [] }))],
    },
  ],
  defaultDenies: [{ policy: 'NetworkPolicy default-deny', namespace: undefined, egress: false }],
}

const names = ['source', 'kustomize', 'helm', 'notification', 'image-reflector', 'image-automation', 'stageset', 'certificate', 'gateway', 'scheduler']

export const twenty: Matrix = {
  ...typical,
  workloads: Array.from({ length: 20 }, (_, index) => ({
    workload: `${index % 7 === 3 ? 'StatefulSet' : 'Deployment'} stage/${names[index % names.length]}-controller-${index}`,
    policy: `NetworkPolicy stage/${names[index % names.length]}-controller-${index}`,
    egressLocked: index % 5 !== 2,
    flows: [...inbound.filter((_, row) => (index + row) % 3 > 0), ...outbound.filter((_, row) => (index + row) % 4 > 0)],
  })),
}

export const empty: Matrix = { ...typical, workloads: [{ ...typicalWorkload, flows: [] }], defaultDenies: [] }

export const nothing: Matrix = { ...typical, workloads: [], defaultDenies: [], enabled: false, ok: false }

/** What a chart may hold to break out of a format, or to lead a terminal astray. */
export const nasty = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "it's | a `pipe` ``` and ~~~ more",
  'two\nlines\r\n# and a heading',
  '\u001b[31mred\u001b[0m \u009b2J',
  '\u202egnp.exe\u2066 \u200f',
  'a-very-long-name-'.repeat(16),
  'x'.repeat(250),
  '名前空間の監視システムが計測値を集めるための長い名前',
  'family 👨‍👩‍👧‍👦 e\u0301 \ud800',
  ']]> --> %%{init: {"theme": "x"}}%% end; style a:#quot;b; [x](https://example.com) @someone #1 $x$ &amp; \\',
  '1. one - two * three _four_ ![i](u)',
] as const

export const hostile: Matrix = {
  ...typical,
  workloads: [
    {
      workload: `Deployment <b>stage</b>/${nasty[6]}`,
      policy: `NetworkPolicy ${nasty[2]}`,
      egressLocked: true,
      flows: nasty.flatMap(text => [
        flow(text, text, {
          peers: [text, text],
          ports: [text],
          reason: text,
          found: [{ where: text, place: { source: text, line: 1, column: 1, path: text } }],
        }),
        { ...flow(text, text, { direction: 'egress', verdict: 'cut', ports: [text, '1/TCP'], reason: text }), carriedBy: [], paste: `a: |\n  ${text}\n` },
      ]),
    },
  ],
  defaultDenies: [{ policy: nasty[0], namespace: nasty[2], egress: true }],
  diagnostics: [{ code: 'NP100', severity: 'error', message: nasty.join(' '), help: nasty[0], place: { source: nasty[1], line: 0, column: 0 } }],
}

interface Parts {
  readonly direction?: 'ingress' | 'egress'
  readonly peers?: readonly string[]
  readonly ports: readonly string[]
  readonly reason: string
  readonly found?: MatrixFlow['found']
  readonly rule?: number
  readonly verdict?: MatrixFlow['verdict']
}

export function flow(
  row: string,
  party: string,
  { direction = 'ingress', peers, ports, reason, found = [], rule = 0, verdict = 'allowed' }: Parts,
): MatrixFlow {
  const carriedBy = [{ document: policy, rule: `spec.${direction}[${rule}]` }]
  return { direction, row, party, peers: peers ?? (verdict === 'cut' ? [] : ['any']), ports, reason, found, verdict, carriedBy }
}
