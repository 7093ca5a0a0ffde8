import type { End, Labels, Node, Outside, Pod, Protocol, World } from '../flows/model.ts'

export const NAMESPACE = 'stage'
/** The API server puts it on every namespace. */
export const NAME = 'kubernetes.io/metadata.name'

const NAMESPACE_LABELS: Readonly<Record<string, Labels>> = {
  [NAMESPACE]: { team: 'platform', env: 'prod' },
  monitoring: { team: 'observability', env: 'prod', 'example.org/tier': 'infra' },
  apps: { team: 'a', env: 'dev', 'example.org/tier': 'user', in: 'x' },
  // A label that is there and empty is not one that is missing.
  blank: { team: '', env: 'dev' },
  bare: {},
}

/** Labels that namespaces have too, with other values: the two must not be taken for each other. */
const PODS = [
  pod(NAMESPACE, 'web', { app: 'web', team: 'a' }, [port('web', 80), port('dns', 53, 'UDP')]),
  pod(NAMESPACE, 'batch', { app: 'batch', 'app.kubernetes.io/name': 'batch', tier: 'back' }),
  pod(NAMESPACE, 'plain', {}),
  pod('monitoring', 'prometheus', { app: 'prometheus', 'app.kubernetes.io/name': 'prometheus', tier: 'back' }, [port('web', 9090)]),
  pod('monitoring', 'canary', { app: 'prometheus', track: 'canary', tier: '' }),
  // The name of a port stands for another protocol here than elsewhere.
  pod('apps', 'web', { app: 'web', tier: 'front', team: 'observability' }, [port('web', 8080), port('dns', 5353), port('sig', 5060, 'SCTP')]),
  pod('apps', 'db', { app: 'db', tier: 'back', track: 'stable' }, [port('db', 5432)]),
  // Words of the languages that selectors are translated to.
  pod('apps', 'words', { in: 'x', not: 'in', has: 'all', all: 'has', contains: 'x', 'not/in': 'not' }),
  pod('blank', 'web', { app: 'web', tier: 'front' }, [port('dns', 53, 'UDP')]),
  pod('bare', 'web', { app: 'web' }, [port('web', 80)]),
  pod('bare', 'plain', { track: '' }),
]

/** Inside and outside of the blocks of the values, and of what those leave out. */
const OUTSIDE = [
  '198.51.100.7',
  '198.51.100.127',
  '198.51.100.128',
  '198.51.100.200',
  '198.51.101.7',
  '203.0.113.70',
  '172.20.0.9',
  '2001:db8:5::7',
  '2001:db8:5:1::7',
  '2001:db8:6::7',
]

const NODES: readonly Node[] = [
  { kind: 'node', id: 'local node', ip: '192.168.1.1', local: true },
  { kind: 'node', id: 'remote node', ip: '192.168.1.2', local: false },
]

/** Everybody but the controllers. Pods have addresses of both families, and blocks may hold those too. */
export const neighbours: readonly End[] = [
  ...PODS.map((one, index) => ({ ...one, ip: `10.1.0.${index + 10}`, ip6: `fd00:10::${index + 10}` })),
  ...NODES,
  { kind: 'apiserver', id: 'apiserver', ip: '172.20.0.1', port: 6443 },
  ...OUTSIDE.map((ip): Outside => ({ kind: 'outside', id: 'outside', ip })),
]

/** Many controllers live side by side, each with a case of its own: one question serves all of them. */
export function worldWith(controllers: readonly Pod[]): World {
  return { name: 'peers', ends: [...neighbours, ...controllers], namespaceLabels: NAMESPACE_LABELS, families: { v4: true, v6: true } }
}

export function controller(index: number): Pod {
  const name = `case-${index}`
  return { ...pod(NAMESPACE, name, { app: name }, controllerPorts), ip: `10.2.${index >> 8}.${index & 255}`, ip6: `fd00:11::${index.toString(16)}` }
}

/** What the controller listens on, by name. */
export const controllerPorts = [
  port('metrics', 8080),
  port('webhook', 9443),
  port('gate', 8082),
  port('mcp', 8084),
  port('health', 8081),
  port('dns', 1053, 'UDP'),
  port('sig', 5061, 'SCTP'),
]

function port(name: string, number: number, protocol: Protocol = 'TCP'): Pod['ports'][number] {
  return { name, port: number, protocol }
}

function pod(namespace: string, name: string, labels: Labels, ports: Pod['ports'] = []): Omit<Pod, 'ip' | 'ip6'> {
  return { kind: 'pod', id: `${namespace}/${name}`, namespace, name, labels, ports }
}
