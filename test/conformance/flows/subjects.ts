import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartFolder, suite } from '../harness/paths.ts'
import { must } from '../harness/proc.ts'
import { scratch } from '../harness/scratch.ts'
import type { ChartValues, Covered, Pod, ReasonedPort, Subject } from './model.ts'

export const NAMESPACE = 'stage'
export const RELEASE = 'demo'
export const CONTROLLER = 'stageset-controller'

/** The user's chart as it is rendered for these values; the ports' reasons are read off the chart's own values file. */
export function chartSubject(helm: string, chart: ChartValues): Subject {
  const ports = { metrics: 8080, health: 8081, gate: 8082, mcp: 8084, webhook: 9443, ...chart.ports }
  const reasoned: ReasonedPort[] = [
    { reason: 'metrics', port: ports.metrics },
    { reason: 'health', port: ports.health },
    ...(chart.webhook?.enabled === false ? [] : [{ reason: 'webhook' as const, port: ports.webhook }]),
    ...(chart.gate?.enabled === false ? [] : [{ reason: 'gate' as const, port: ports.gate }]),
    ...(chart.mcp?.enabled === true ? [{ reason: 'mcp' as const, port: ports.mcp }] : []),
  ]
  return {
    id: 'chart',
    namespace: NAMESPACE,
    stream: () => renderChart(helm, chart),
    covered: [{ workload: CONTROLLER, ports: reasoned }],
  }
}

const rendered = new Map<string, Promise<string>>()

/** The chart's stream without a post-renderer: rendered once for each set of the chart's own values. */
export function renderChart(helm: string, chart: ChartValues): Promise<string> {
  const folder = chartFolder()
  const values = JSON.stringify(chart)
  const key = `${helm} ${values}`
  let stream = rendered.get(key)
  if (stream === undefined) {
    const file = join(scratch('chart-values'), `${createHash('sha1').update(key).digest('hex')}.json`)
    writeFileSync(file, values)
    stream = must(helm, ['template', RELEASE, folder, '-n', NAMESPACE, '-f', file])
    rendered.set(key, stream)
  }
  return stream
}

const fixture = (name: string, namespace: string, covered: readonly Covered[], pods: Subject['pods'] = []): Subject => ({
  id: name,
  namespace,
  stream: () => Promise.resolve(readFileSync(join(suite, 'flows', 'fixtures', `${name}.yaml`), 'utf8')),
  covered,
  pods,
})

const sibling = (name: string, labels: Pod['labels']): NonNullable<Subject['pods']>[number] => ({ id: name, namespace: NAMESPACE, name, labels, ports: [] })
const operator = { 'app.kubernetes.io/name': 'operator', tier: 'control', shard: '1' }

/** Every operator of a label selector; each sibling misses by one of them. */
export const expressions = fixture(
  'expressions',
  NAMESPACE,
  [
    {
      workload: 'operator',
      ports: [
        { reason: 'metrics', port: 8080 },
        { reason: 'webhook', port: 9443 },
        { reason: 'health', port: 8081 },
      ],
    },
  ],
  [
    sibling('sibling selected', { ...operator, tier: 'yes' }),
    sibling('sibling of another tier', { ...operator, tier: 'data' }),
    sibling('sibling canary', { ...operator, canary: 'x' }),
    sibling('sibling beta', { ...operator, track: 'beta' }),
    sibling('sibling without shard', { 'app.kubernetes.io/name': 'operator', tier: 'control' }),
  ].map(pod => ({ ...pod, name: pod.name.replaceAll(' ', '-') })),
)

/** Ports whose names and numbers are no default, found by wiring; a UDP port that a Service exposes. */
export const wired = fixture('wired', NAMESPACE, [
  {
    workload: 'wired',
    ports: [
      { reason: 'webhook', port: 8443 },
      { reason: 'metrics', port: 9402 },
      { reason: 'gate', port: 18082 },
      { reason: 'health', port: 10256 },
      { reason: 'service', port: 3000 },
      { reason: 'service', port: 5514, protocol: 'UDP' },
    ],
  },
])

export const shared = fixture('shared', NAMESPACE, [
  {
    workload: 'shared',
    ports: [
      { reason: 'metrics', port: 8080 },
      { reason: 'health', port: 8080 },
    ],
  },
])

/** Long names, and label values that a YAML 1.1 reader takes for something else where they are not quoted. */
export const odd = fixture('odd', 'a-namespace-with-a-long-name-that-leaves-no-room-for-joins', [
  {
    workload: 'a-controller-whose-name-takes-all-sixty-three-characters-of-dns',
    ports: [
      { reason: 'metrics', port: 8080 },
      { reason: 'health', port: 8081 },
    ],
  },
])

/** All workloads of a release, in two namespaces, neither of them the release's. */
export const several = fixture('several', 'releases', [
  { workload: 'manager', ports: [{ reason: 'metrics', port: 8080 }] },
  { workload: 'worker', ports: [] },
  {
    workload: 'agent',
    ports: [
      { reason: 'metrics', port: 9100 },
      { reason: 'health', port: 9101 },
    ],
  },
])
