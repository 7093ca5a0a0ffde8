import { rows } from './model.ts'
import type { Row } from './model.ts'

const ports = (...list: object[]): object => ({ toPorts: [{ ports: list }] })
const https = ports({ port: '443', protocol: 'TCP' })
const app = { matchLabels: { app: 'web' } }
const named = { toFQDNs: [{ matchName: 'bucket.example.com' }] }

export const cilium: readonly Row[] = [
  ...rows('cilium', true, 'ingress', {
    'the empty rule': {},
    endpoints: { fromEndpoints: [app] },
    'any endpoint': { fromEndpoints: [{}] },
    'an empty list of endpoints': { fromEndpoints: [] },
    'endpoints by expressions': {
      fromEndpoints: [
        {
          matchExpressions: [
            { key: 'app', operator: 'In', values: ['a', 'b'] },
            { key: 'x', operator: 'Exists' },
          ],
        },
      ],
    },
    'a CIDR': { fromCIDR: ['10.0.0.0/8'] },
    'an IPv6 CIDR': { fromCIDR: ['fd00::/8'] },
    'a CIDR with host bits': { fromCIDR: ['10.0.0.1/8'] },
    'a CIDR set with an exception': { fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] },
    'a CIDR set without one': { fromCIDRSet: [{ cidr: '10.0.0.0/8' }] },
    'a CIDR group': { fromCIDRSet: [{ cidrGroupRef: 'vpn' }] },
    entities: { fromEntities: ['host', 'remote-node', 'kube-apiserver', 'health', 'init', 'ingress', 'unmanaged', 'world', 'cluster', 'cluster-mesh', 'all', 'none'] },
    'a port': https,
    'a port without protocol': ports({ port: '443' }),
    'a port by name': ports({ port: 'webhook', protocol: 'TCP' }),
    'a range of ports': ports({ port: '1000', endPort: 2000, protocol: 'UDP' }),
    'every port of a protocol': ports({ port: '0', protocol: 'TCP' }),
    'any protocol': ports({ port: '53', protocol: 'ANY' }),
    SCTP: ports({ port: '7777', protocol: 'SCTP' }),
    '40 ports': ports(...Array.from({ length: 40 }, (_, index) => ({ port: String(1000 + index), protocol: 'TCP' }))),
    HTTP: { toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/metrics' }] } }] },
    ICMP: {
      icmps: [
        {
          fields: [
            { type: 8, family: 'IPv4' },
            { type: 'EchoRequest', family: 'IPv6' },
          ],
        },
      ],
    },
    authentication: { fromEndpoints: [app], authentication: { mode: 'required' } },
  }),
  ...rows('cilium', true, 'egress', {
    'a name': named,
    'a name with a port': { ...named, ...https },
    'a pattern': { toFQDNs: [{ matchPattern: '*.example.com' }] },
    'a Service': { toServices: [{ k8sService: { serviceName: 'kubernetes', namespace: 'default' } }] },
    'DNS with its rules': { toEndpoints: [{}], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }, { matchName: 'example.com' }] } }] },
    'a server name': { toCIDR: ['203.0.113.0/24'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['example.com'] }] },
    'egress entities': { toEntities: ['world', 'kube-apiserver', 'host'] },
    'egress CIDRs': { toCIDRSet: [{ cidr: '203.0.113.0/24', except: ['203.0.113.7/32'] }] },
  }),
  // The agent has a flag for it, which is off by default.
  ...rows('cilium', true, 'egress', { 'egress nodes': { toNodes: [{ matchLabels: { 'node-role.kubernetes.io/control-plane': '' } }] } }).map((row): Row => ({
    ...row,
    notBy: ['cilium'],
  })),
  // Nothing refuses these, and they can mean nothing: ours may say so.
  ...rows('cilium', true, 'ingress', {
    'a range that runs backwards': ports({ port: '2000', endPort: 1000, protocol: 'TCP' }),
    'an ICMP type that is none': { icmps: [{ fields: [{ type: 300, family: 'IPv4' }] }] },
  }).map((row): Row => ({ ...row, free: true })),
  ...rows('cilium', false, 'ingress', {
    'an address as a CIDR': { fromCIDR: ['10.0.0.1'] },
    'endpoints and what they require': { fromEndpoints: [app], fromRequires: [{ matchLabels: { env: 'prod' } }] },
    'a CIDR that is none': { fromCIDR: ['10.0.0.0/33'] },
    'a CIDR of words': { fromCIDR: ['everywhere'] },
    'a CIDR set that is none': { fromCIDRSet: [{ cidr: '10.0.0.0/40' }] },
    'an exception outside': { fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] },
    'a CIDR set with nothing': { fromCIDRSet: [{}] },
    'port 70000': ports({ port: '70000', protocol: 'TCP' }),
    'a port as a number': ports({ port: 443, protocol: 'TCP' }),
    'a port that is no name': ports({ port: 'Web Hook', protocol: 'TCP' }),
    'a port left out': ports({ protocol: 'TCP' }),
    'a protocol in lower case': ports({ port: '443', protocol: 'tcp' }),
    'an unknown protocol': ports({ port: '443', protocol: 'HTTP' }),
    'a range past the end': ports({ port: '2000', endPort: 70000, protocol: 'TCP' }),
    '41 ports': ports(...Array.from({ length: 41 }, (_, index) => ({ port: String(1000 + index), protocol: 'TCP' }))),
    'an unknown field': { fromEndpoint: [app] },
    'an unknown field deep inside': { fromEndpoints: [{ matchLabel: { app: 'web' } }] },
    'a list that is an object': { fromEndpoints: app },
    'an unknown entity': { fromEntities: ['apiserver'] },
    'an entity that only exists inside the agent': { fromEntities: ['world-ipv4'] },
    'endpoints and CIDRs': { fromEndpoints: [app], fromCIDR: ['10.0.0.0/8'] },
    'endpoints and entities': { fromEndpoints: [app], fromEntities: ['world'] },
    'CIDRs and CIDR sets': { fromCIDR: ['10.0.0.0/8'], fromCIDRSet: [{ cidr: '11.0.0.0/8' }] },
    'names in ingress': { toFQDNs: [{ matchName: 'example.com' }] },
    'the egress field in ingress': { toEndpoints: [app] },
    "Calico's words": { action: 'Allow', source: { nets: ['10.0.0.0/8'] } },
    "Kubernetes' words": { from: [{ podSelector: {} }], ports: [{ port: 443 }] },
    'an unknown operator': { fromEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'Is', values: ['a'] }] }] },
    'In without values': { fromEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'In' }] }] },
    'a label value that is a number': { fromEndpoints: [{ matchLabels: { shard: 1 } }] },
    'a bad label value': { fromEndpoints: [{ matchLabels: { app: 'not a label' } }] },
    'HTTP on UDP': { toPorts: [{ ports: [{ port: '8080', protocol: 'UDP' }], rules: { http: [{ method: 'GET' }] } }] },
    'HTTP and DNS at once': { toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }], dns: [{ matchPattern: '*' }] } }] },
    'DNS rules in ingress': { toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] },
    'ports and ICMP': { ...https, icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] },
    'an authentication mode that is none': { authentication: { mode: 'maybe' } },
  }),
  ...rows('cilium', false, 'egress', {
    'a name that is a pattern': { toFQDNs: [{ matchName: '*.example.com' }] },
    'a name with a bad character': { toFQDNs: [{ matchName: 'bucket_example/com' }] },
    'names and CIDRs': { ...named, toCIDR: ['10.0.0.0/8'] },
    'names and endpoints': { ...named, toEndpoints: [app] },
    'the ingress field in egress': { fromEndpoints: [app] },
    'a Service and endpoints': { toServices: [{ k8sService: { serviceName: 'a', namespace: 'b' } }], toEndpoints: [app] },
    'an unknown egress entity': { toEntities: ['internet'] },
    'egress port 0 to a range': ports({ port: '0', endPort: 70000, protocol: 'TCP' }),
  }),
]
