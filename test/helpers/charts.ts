import fc from 'fast-check'
import type { Json, JsonObject } from '../../src/yaml/tree.ts'
import { configMap, service, workload } from './streams.ts'
import { yamlStreams } from './yaml-texts.ts'

const names = fc.constantFrom('app', 'app', 'web', 'store', 'a-name-of-a-workload-that-leaves-little-room-for-anything-else')

/** Deployments and what goes with them, each a document that begins with its separator. */
export const workloads: fc.Arbitrary<string> = fc
  .record({
    kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet'),
    name: names,
    namespace: fc.constantFrom('stage', 'prod', ''),
    ports: fc.constantFrom('[]', '[{name: metrics, containerPort: 8080}]', '[{containerPort: 9443}, {name: gate, containerPort: 8082}]'),
  })
  .map(workload)

const documents = fc.oneof(
  { weight: 4, arbitrary: workloads },
  { weight: 3, arbitrary: fc.record({ namespace: fc.constantFrom('stage', 'prod') }).map(service) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      configMap,
      '---\n',
      '---\n# Source: nothing\n',
      '--- # content later\nkind: Secret\n',
      '---\nkind: ConfigMap\nbroken: [\n',
      '---\n{"kind": "ConfigMap"}\n',
      '---\nkind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: x}}\n...\n',
      '---\r\nkind: Secret\r\n',
      '---\nkind: CustomResourceDefinition\nspec: {names: {kind: Deployment}}\n',
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, namespace: stage}\nspec: {podSelector: {}}\n',
      '---\napiVersion: helm-netpol/v1alpha1\nkind: NetworkPolicyValues\nspec: {networkPolicy: {metrics: {from: []}}}\n',
    ),
  },
  { weight: 1, arbitrary: yamlStreams.map(text => `---\n${text.replace(/^\ufeff?/, '').replace(/\n?$/, '\n')}`) },
)

/** Rendered charts as Helm hands them over, and in ways that it never would. */
export const charts: fc.Arbitrary<string> = fc
  .record({
    first: workloads,
    at: fc.nat({ max: 5 }),
    others: fc.array(documents, { maxLength: 5 }),
    opening: fc.constantFrom('', '\ufeff', '# a comment\n', 'kind: ConfigMap\n', '\n'),
    bare: fc.boolean(),
    windows: fc.boolean(),
    cut: fc.boolean(),
  })
  .map(({ first, at, others, opening, bare, windows, cut }) => {
    const joined = others.toSpliced(at, 0, first).join('')
    const text = `${opening}${bare ? joined.replace(/^---\n/, '') : joined}`
    const ended = cut ? text.replace(/\n$/, '') : text
    return windows ? ended.replace(/\r?\n/g, '\r\n') : ended
  })

const labels = fc.dictionary(fc.constantFrom('app', 'team', '10', '9', 'a.example/b'), fc.constantFrom('on', 'x', '1e3', ''), { maxKeys: 3 })
const selectors: fc.Arbitrary<JsonObject> = fc
  .record({
    matchLabels: labels,
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({ key: fc.constantFrom('app', '7'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
        fc.record({
          key: fc.constantFrom('tier', 'role'),
          operator: fc.constantFrom('In', 'NotIn'),
          values: fc.subarray(['b', 'a', '10', '9'], { minLength: 1 }),
        }),
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ matchLabels, matchExpressions }) => ({ matchLabels: { ...matchLabels }, matchExpressions }))
const peers: fc.Arbitrary<JsonObject> = fc.oneof(
  selectors.map(podSelector => ({ podSelector })),
  selectors.map(namespaceSelector => ({ namespaceSelector })),
  fc.tuple(selectors, selectors).map(([podSelector, namespaceSelector]) => ({ podSelector, namespaceSelector })),
  fc.constantFrom<JsonObject[]>({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.2.0.0/16', '10.1.0.0/16'] } }, { ipBlock: { cidr: 'fd00::/8' } }),
)
const lists = fc.array(peers, { maxLength: 3 })

/** A `networkPolicy` block that is not wrong in itself. */
export const blocks: fc.Arbitrary<JsonObject> = fc
  .record({
    controller: fc.constantFrom<Json[]>('', '*', '*', 'app', ['app', 'web']),
    defaultDeny: fc.record({ enabled: fc.boolean(), order: fc.integer({ min: -10, max: 3000 }) }),
    egress: fc.record({
      enabled: fc.boolean(),
      dns: fc.boolean(),
      dnsCIDRs: fc.subarray(['169.254.20.10/32', 'fd00::1/128']),
      apiserver: fc.record({ cidrs: fc.subarray(['10.0.0.1/32', '0.0.0.0/0']) }),
      to: lists.map((to): Json[] => (to.length === 0 ? [] : [{ to }])),
    }),
    metrics: fc.record({ from: lists }),
    additionalIngress: lists.map((from): Json[] => (from.length === 0 ? [] : [{ from, ports: [{ port: 8080 }, { port: 'metrics', protocol: 'UDP' }] }])),
    translatePeers: fc.boolean(),
    replace: fc.boolean(),
  })
  .map(block => ({ enabled: true, namespace: 'release', ...block }))

/** Values as a file; JSON is YAML. */
export function valuesFile(block: Json): string {
  return JSON.stringify({ networkPolicy: block })
}
