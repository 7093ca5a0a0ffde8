import type { ClusterNode, End, Flow, Pod, World, WorldService } from '../../src/verdict/world.ts'

/** 100 policies of what an implementation enforces, as a stream has them; the same at every run. */
export function madePolicies(implementation: string): string {
  return Array.from({ length: 100 }, (_, index) => `---\n${JSON.stringify(policy(implementation, index))}\n`).join('')
}

/** 10,000 flows between all sorts of ends; the same at every run. */
export function madeFlows({ pods, nodes, apiserver }: World): Flow[] {
  const outside = Array.from({ length: 60 }, (_, index): End => ({ kind: 'outside', address: index < 40 ? `198.51.100.${index}` : `10.${index}.0.1` }))
  const ends: readonly End[] = [...pods, ...nodes, ...(apiserver === undefined ? [] : [apiserver]), ...outside]
  // Steps that have no divisor in common with the numbers of ends, so that all meet all.
  return Array.from({ length: 10_000 }, (_, index): Flow => {
    const pod = pick(pods, index * 7)
    const other = pick(ends, index * 31 + Math.floor(index / 50))
    const { port, protocol } = pick(ports, index * 11)
    return index % 3 === 0 ? { from: other, to: pod, port, protocol } : { from: pod, to: other, port, protocol }
  })
}

const ports = [
  { port: 8080, protocol: 'TCP' },
  { port: 53, protocol: 'UDP' },
  { port: 443, protocol: 'TCP' },
  { port: 5432, protocol: 'TCP' },
  { port: 9090, protocol: 'TCP' },
] as const

const count = { namespaces: 10, pods: 200, nodes: 5, services: 20 }

export function madeWorld(): World {
  return {
    namespaces: make(count.namespaces, index => {
      const name = `team-${index}`
      return { name, labels: { 'kubernetes.io/metadata.name': name, env: index % 2 === 0 ? 'prod' : 'dev' } }
    }),
    pods: make(count.pods, pod),
    nodes: make(count.nodes, node),
    services: make(count.services, service),
    serviceAccounts: make(count.namespaces, index => ({ namespace: `team-${index}`, name: 'runner', labels: { role: 'reader' } })),
    apiserver: { kind: 'apiserver', addresses: ['172.18.0.2'], port: 6443 },
    names: make(20, index => ({ name: `host-${index}.example.com`, addresses: [`198.51.100.${index}`] })),
  }
}

function pod(index: number): Pod {
  return {
    kind: 'pod',
    namespace: `team-${index % count.namespaces}`,
    name: `pod-${index}`,
    labels: { app: app(index), tier: index % 2 === 0 ? 'front' : 'back', 'app.kubernetes.io/instance': 'release', 'pod-template-hash': `${index}abc` },
    serviceAccount: index % 4 === 0 ? 'runner' : 'default',
    addresses: [`10.1.${Math.floor(index / 250)}.${index % 250}`, `fd00::${(index + 1).toString(16)}`],
    ports: [
      { name: 'http', port: 8080, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  }
}

function node(index: number): ClusterNode {
  return { kind: 'node', name: `node-${index}`, labels: { zone: `zone-${index % 2}` }, addresses: [`172.18.1.${index}`], local: index === 0 }
}

function service(index: number): WorldService {
  return {
    namespace: `team-${index % count.namespaces}`,
    name: `service-${index}`,
    labels: { app: app(index) },
    clusterAddresses: [`10.96.0.${index}`],
    backends: { selector: { app: app(index) } },
    ports: [{ name: 'http', port: 80, target: 'http', protocol: 'TCP' }],
  }
}

function app(index: number): string {
  return `app-${index % 20}`
}

/** Of ten, one is for the whole cluster by its API, three are NetworkPolicies, and the others the engine's own, where it has any. */
function policy(implementation: string, index: number): object {
  if (index % 10 === 0) return clusterNetworkPolicy(index)
  if (implementation === 'generic' || index % 10 < 4) return networkPolicy(index)
  return implementation === 'cilium' ? ciliumNetworkPolicy(index) : calicoNetworkPolicy(index)
}

function networkPolicy(index: number): object {
  const rule = (side: 'from' | 'to'): object => ({
    [side]: [
      { podSelector: { matchLabels: { app: app(index + 1) } } },
      { namespaceSelector: { matchLabels: { env: 'prod' } }, podSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'edge'] }] } },
      { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.0/28'] } },
    ],
    ports: [{ port: 'http' }, { port: 443, endPort: 450 }],
  })
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(index),
    spec: {
      podSelector: selector(index),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [rule('from'), { from: [{ podSelector: {} }] }],
      egress: [rule('to'), { ports: [{ port: 53, protocol: 'UDP' }] }],
    },
  }
}

function clusterNetworkPolicy(index: number): object {
  const pods = { pods: { namespaceSelector: { matchLabels: { env: 'dev' } }, podSelector: { matchLabels: { app: app(index + 2) } } } }
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: `policy-${index}` },
    spec: {
      tier: index % 20 === 0 ? 'Admin' : 'Baseline',
      priority: index,
      subject: { namespaces: { matchLabels: { env: 'prod' } } },
      ingress: [
        { action: 'Pass', from: [{ namespaces: { matchLabels: { env: 'prod' } } }] },
        { action: 'Deny', from: [pods], protocols: [{ tcp: { destinationPort: { number: 9090 } } }] },
      ],
      egress: [{ action: 'Deny', to: [{ networks: ['10.40.0.0/16', '10.50.0.0/16'] }] }],
    },
  }
}

function ciliumNetworkPolicy(index: number): object {
  const whole = index % 10 === 9
  const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }, { port: '443' }] }]
  return {
    apiVersion: 'cilium.io/v2',
    kind: whole ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: whole ? { name: `policy-${index}` } : metadata(index),
    spec: {
      endpointSelector: selector(index),
      ingress: [
        { fromEndpoints: [{ matchLabels: { app: app(index + 1) } }, { matchLabels: { tier: 'front' } }], toPorts },
        { fromEntities: ['host', 'kube-apiserver'] },
      ],
      ingressDeny: [{ fromCIDRSet: [{ cidr: '198.51.100.0/24', except: ['198.51.100.0/28'] }] }],
      egress: [
        { toFQDNs: [{ matchPattern: '*.example.com' }, { matchName: `host-${index % 30}.example.com` }], toPorts },
        // Every fifth Service is not there.
        { toServices: [{ k8sService: { serviceName: `service-${index % 25}`, namespace: namespace(index % 25) } }] },
        { toEndpoints: [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] }] },
      ],
    },
  }
}

function calicoNetworkPolicy(index: number): object {
  const whole = index % 10 === 9
  const source = { selector: `app in {'${app(index + 1)}', '${app(index + 2)}'} || tier == 'front'`, namespaceSelector: "env == 'prod'" }
  const services = { name: `service-${index % 25}`, namespace: namespace(index % 25) }
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: whole ? 'GlobalNetworkPolicy' : 'NetworkPolicy',
    metadata: whole ? { name: `policy-${index}` } : metadata(index),
    spec: {
      order: index,
      selector: `app == '${app(index)}' && has(tier)`,
      types: ['Ingress', 'Egress'],
      ingress: [
        { action: 'Deny', source: { nets: ['198.51.100.0/24'], notNets: ['198.51.100.0/28'] } },
        { action: 'Allow', protocol: 'TCP', source, destination: { ports: [8080, '443:450', 'http'] } },
        { action: 'Pass', source: { serviceAccounts: { names: ['runner'] } } },
      ],
      egress: [
        { action: 'Allow', destination: { services } },
        { action: 'Allow', protocol: 'UDP', destination: { notSelector: "tier == 'back'", ports: [53] } },
      ],
    },
  }
}

function metadata(index: number): object {
  return { name: `policy-${index}`, namespace: namespace(index) }
}

function namespace(index: number): string {
  return `team-${index % count.namespaces}`
}

/** Some are of whole namespaces. */
function selector(index: number): object {
  return index % 5 === 0 ? {} : { matchLabels: { app: app(index) } }
}

function make<T>(length: number, one: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => one(index))
}

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
