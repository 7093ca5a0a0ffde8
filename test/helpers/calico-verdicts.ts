import { calico } from '../../src/verdict/implementations/calico.ts'
import type { Compiled, Decision, Enforced, Refusal } from '../../src/verdict/contract.ts'
import { Judge } from '../../src/verdict/decide.ts'
import type { End, Flow, World } from '../../src/verdict/world.ts'
import { toResource } from '../../src/resources/resource.ts'
import type { Resource } from '../../src/resources/resource.ts'
import { readYaml } from '../../src/yaml/read.ts'

const webPorts = [
  { name: 'http', port: 8080, protocol: 'TCP' },
  { name: 'dns', port: 53, protocol: 'UDP' },
] as const

/** Three namespaces, of which blue has no labels; red is the release's. */
export const world: World = {
  namespaces: [
    { name: 'red', labels: { env: 'dev', team: 'one', 'kubernetes.io/metadata.name': 'red' } },
    { name: 'green', labels: { env: 'prod', 'kubernetes.io/metadata.name': 'green' } },
    { name: 'blue', labels: { 'kubernetes.io/metadata.name': 'blue' } },
  ],
  pods: [
    { kind: 'pod', namespace: 'red', name: 'web', labels: { app: 'web', tier: 'front' }, serviceAccount: 'runner', addresses: ['10.1.0.1'], ports: webPorts },
    {
      kind: 'pod',
      namespace: 'red',
      name: 'db',
      labels: { app: 'db' },
      serviceAccount: 'default',
      addresses: ['10.1.0.2'],
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    },
    { kind: 'pod', namespace: 'green', name: 'web', labels: { app: 'web' }, serviceAccount: 'runner', addresses: ['10.1.0.3', 'fd00::3'], ports: webPorts },
    { kind: 'pod', namespace: 'green', name: 'six', labels: { app: 'six' }, serviceAccount: 'default', addresses: ['fd00::5', '10.1.0.5'], ports: [] },
    { kind: 'pod', namespace: 'blue', name: 'bare', labels: {}, serviceAccount: 'default', addresses: [], ports: [] },
  ],
  nodes: [
    { kind: 'node', name: 'here', labels: {}, addresses: ['192.168.1.1', 'fd01::1'], local: true },
    { kind: 'node', name: 'there', labels: {}, addresses: ['192.168.1.2'], local: false },
  ],
  services: [
    {
      namespace: 'red',
      name: 'db',
      labels: {},
      clusterAddresses: ['10.96.0.1'],
      backends: { selector: { app: 'db' } },
      ports: [{ name: 'http', port: 1, target: 'http', protocol: 'TCP' }],
    },
    {
      namespace: 'red',
      name: 'number',
      labels: {},
      clusterAddresses: [],
      backends: { selector: { app: 'db' } },
      ports: [
        { name: 'x', port: 1, target: 9000, protocol: 'UDP' },
        { name: 'y', port: 2, target: 9001, protocol: 'UDP' },
      ],
    },
    {
      namespace: 'red',
      name: 'outer',
      labels: {},
      clusterAddresses: [],
      backends: { addresses: ['198.51.100.7', 'fd02::7'] },
      ports: [{ name: 'x', port: 1, target: 8443, protocol: 'TCP' }],
    },
    {
      namespace: 'red',
      name: 'named',
      labels: {},
      clusterAddresses: [],
      backends: { addresses: ['198.51.100.7'] },
      ports: [{ name: 'x', port: 1, target: 'http', protocol: 'TCP' }],
    },
    {
      namespace: 'red',
      name: 'headless',
      labels: {},
      clusterAddresses: [],
      backends: { selector: {} },
      ports: [{ name: 'x', port: 1, target: 80, protocol: 'TCP' }],
    },
    {
      namespace: 'blue',
      name: 'away',
      labels: {},
      clusterAddresses: [],
      backends: { selector: { app: 'db' } },
      ports: [{ name: 'x', port: 1, target: 80, protocol: 'TCP' }],
    },
  ],
  serviceAccounts: [
    { namespace: 'red', name: 'runner', labels: { role: 'reader' } },
    { namespace: 'green', name: 'runner', labels: { role: 'writer' } },
  ],
  apiserver: { kind: 'apiserver', addresses: ['172.20.0.1'], port: 6443 },
  names: [],
}

/** Policies of a stream, with `red` as the release's namespace. */
export async function compiled(policies: string, inWorld: World = world): Promise<Compiled & Omit<Enforced, 'compile'>> {
  const { compile, ...told } = calico.read((await resourcesOf(policies)).filter(calico.enforces), 'red')
  return { ...told, ...compile(inWorld) }
}

export async function resourcesOf(policies: string): Promise<Resource[]> {
  const trees = await readYaml({ name: 'policies', text: policies, firstLine: 0 }, { uniqueKeys: true })
  return trees.flatMap(tree => toResource(tree, { index: 0, start: 0, end: 0 }, false) ?? [])
}

/**
 * What becomes of `green/web > red/db:80/TCP` at its destination, of other ends `node:there`, `apiserver` or an address:
 * `allow`, `deny` or `lock` with the policies and the rule that decide, `nothing`, or what the engine does by itself.
 */
export async function ingress(policies: string, flow: string, inWorld: World = world): Promise<string> {
  return decide(await compiled(policies, inWorld), flow, inWorld).ingress
}

/** The same at its source. */
export async function egress(policies: string, flow: string, inWorld: World = world): Promise<string> {
  return decide(await compiled(policies, inWorld), flow, inWorld).egress
}

export function decide(policies: Compiled, flow: string, inWorld: World = world): { ingress: string; egress: string } {
  const { ingress, egress } = new Judge(policies).decide(flowOf(flow, inWorld))
  return { ingress: shown(ingress), egress: shown(egress) }
}

function shown(decision: Decision | undefined): string {
  if (decision === undefined) return 'no pod'
  const verdict = decision.allowed ? 'allow' : 'deny'
  switch (decision.by) {
    case 'rule':
      return `${verdict} ${decision.policy.name} ${decision.rule.path}`
    case 'lock':
      return `lock ${decision.policies.map(({ name }) => name).join(' ')}`
    case 'engine':
      return decision.reason
    case 'nothing':
      return 'nothing'
  }
}

export function flowOf(text: string, inWorld: World = world): Flow {
  const [, from, to, port, protocol = 'TCP'] = /^(\S+) > (\S+):(\d+)(?:\/(\w+))?$/.exec(text) ?? []
  if (from === undefined || to === undefined || (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')) throw new Error(`no flow: ${text}`)
  const source = endOf(from, inWorld)
  return { from: source, to: from === to ? source : endOf(to, inWorld), port: Number(port), protocol }
}

function endOf(text: string, { pods, nodes, apiserver }: World): End {
  const [, namespace, name] = /^(\w+)\/(\w+)$/.exec(text) ?? []
  const node = /^node:(\w+)$/.exec(text)?.[1]
  const end =
    text === 'apiserver'
      ? apiserver
      : node !== undefined
        ? nodes.find(({ name }) => name === node)
        : namespace === undefined
          ? { kind: 'outside' as const, address: text }
          : pods.find(pod => pod.namespace === namespace && pod.name === name)
  if (end === undefined) throw new Error(`nobody: ${text}`)
  return end
}

/** `problem` of each, as messages say it. */
export async function refusals(policies: string): Promise<string[]> {
  return told((await compiled(policies)).refused)
}

export async function remarks(policies: string): Promise<string[]> {
  return told((await compiled(policies)).remarks ?? [])
}

function told(findings: readonly Refusal[]): string[] {
  return findings.map(({ policy, problem }) => `${policy.name}: ${problem}`)
}

/** A NetworkPolicy of Calico in red, `spec` in flow style. */
export function np(spec: string, name = 'p', namespace = 'red'): string {
  return `---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`
}

export function gnp(spec: string, name = 'g'): string {
  return `---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`
}

export function tier(name: string, spec: string): string {
  return `---\napiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: ${name}}\nspec: ${spec}\n`
}

/** A NetworkPolicy of Kubernetes. */
export function knp(spec: string, name = 'k', namespace = 'red'): string {
  return `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`
}

export function cnp(spec: string, name = 'c'): string {
  return `---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`
}
