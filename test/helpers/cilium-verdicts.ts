import { cilium } from '../../src/verdict/implementations/cilium.ts'
import type { Compiled, Decision, Enforced, Implementation } from '../../src/verdict/contract.ts'
import { Judge } from '../../src/verdict/decide.ts'
import { toResource } from '../../src/resources/resource.ts'
import type { Resource } from '../../src/resources/resource.ts'
import type { End, Flow, Pod, World } from '../../src/verdict/world.ts'
import { readYaml } from '../../src/yaml/read.ts'

const pod = (namespace: string, name: string, rest: Partial<Pod>): Pod => ({
  kind: 'pod',
  namespace,
  name,
  labels: {},
  serviceAccount: 'default',
  addresses: [],
  ports: [],
  ...rest,
})

/** Three namespaces, two nodes, an API server and some names; `red` is the release's. */
export const world: World = {
  namespaces: [
    { name: 'red', labels: { env: 'prod', 'kubernetes.io/metadata.name': 'red' } },
    { name: 'green', labels: { env: 'dev', 'kubernetes.io/metadata.name': 'green' } },
  ],
  pods: [
    pod('red', 'web', {
      labels: { app: 'web', 'app.kubernetes.io/name': 'web', 'pod-template-hash': '5f7' },
      serviceAccount: 'runner',
      addresses: ['10.1.0.1'],
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP' },
        { name: undefined, port: 9090, protocol: 'TCP' },
      ],
    }),
    pod('red', 'db', { labels: { app: 'db', tier: 'back' }, addresses: ['10.1.0.2'], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }),
    pod('green', 'web', { labels: { app: 'web' }, addresses: ['10.1.0.3'], ports: [{ name: 'http', port: 8080, protocol: 'UDP' }] }),
    pod('green', 'dns', {
      labels: { 'k8s-app': 'kube-dns' },
      addresses: ['10.1.0.4'],
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
    }),
    pod('blue', 'bare', { addresses: ['10.1.0.5'] }),
  ],
  nodes: [
    { kind: 'node', name: 'here', labels: { pool: 'general' }, addresses: ['192.168.1.1'], local: true },
    { kind: 'node', name: 'there', labels: { pool: 'edge' }, addresses: ['192.168.1.2'], local: false },
  ],
  services: [
    service('red', 'db', { labels: { part: 'data' }, backends: { selector: { app: 'db' } } }),
    service('green', 'web', { backends: { selector: { app: 'web' } } }),
    service('green', 'outside', { labels: { part: 'outside' }, backends: { addresses: ['198.51.100.7', '10.1.0.2'] } }),
  ],
  serviceAccounts: [],
  apiserver: { kind: 'apiserver', addresses: ['172.20.0.1'], port: 6443 },
  names: [
    { name: 'API.example.com', addresses: ['198.51.100.7', '192.168.1.2', '10.1.0.2'] },
    { name: 'deep.cdn.example.com.', addresses: ['203.0.113.5'] },
    { name: 'example.org', addresses: ['172.20.0.1'] },
  ],
}

function service(
  namespace: string,
  name: string,
  rest: Pick<World['services'][number], 'backends'> & Partial<World['services'][number]>,
): World['services'][number] {
  return { namespace, name, labels: {}, clusterAddresses: [], ports: [], ...rest }
}

/** Everyone who can talk to pods of the world, as flows name them. */
export const everyone = ['red/web', 'red/db', 'green/web', 'green/dns', 'blue/bare', 'node:here', 'node:there', 'apiserver', '198.51.100.7', '203.0.113.5']
export const pods = everyone.slice(0, 5)
export const outside = ['apiserver', '198.51.100.7', '203.0.113.5']

export const cnp = (spec: string, name = 'p', namespace = 'red'): string => `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`
export const ccnp = (spec: string, name = 'c'): string => `---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
`
export const knp = (spec: string, name = 'k', namespace = 'red'): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`
export const kcnp = (spec: string, name = 'n'): string => `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
`
export const group = (name: string, labels: string, cidrs: string): string => `---
apiVersion: cilium.io/v2
kind: CiliumCIDRGroup
metadata: {name: ${name}, labels: ${labels}}
spec: {externalCIDRs: ${cidrs}}
`

/** A policy with one rule, for all pods of `red`. */
export const allowing = (direction: 'ingress' | 'egress', rule: string): string => cnp(`{endpointSelector: {}, ${direction}: [${rule}]}`)

export async function resources(policies: string, implementation: Implementation = cilium): Promise<Resource[]> {
  const trees = await readYaml({ name: 'policies.yaml', text: policies, firstLine: 0 }, { uniqueKeys: true })
  return trees.flatMap(tree => toResource(tree, { index: 0, start: 0, end: 0 }, false) ?? []).filter(implementation.enforces)
}

export async function compiled(policies: string, among: World = world, implementation: Implementation = cilium): Promise<Compiled> {
  const made = await compiledAll(policies, among, implementation)
  if (made.refused.length > 0) throw new Error(made.refused.map(({ problem }) => problem).join('; '))
  return made
}

async function compiledAll(policies: string, among: World, implementation: Implementation): Promise<Compiled & Omit<Enforced, 'compile'>> {
  const { compile, ...told } = implementation.read(await resources(policies, implementation), 'red')
  return { ...told, ...compile(among) }
}

/** `red/web > green/web 8080/UDP`; of a pod, a node, the apiserver or an address. Port 80 over TCP where nothing is said. */
export function flowOf(text: string, among: World = world): Flow {
  const [from = '', , to = '', traffic = '80'] = text.split(' ')
  const [port, protocol = 'TCP'] = traffic.split('/')
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') throw new Error(text)
  return { from: endOf(from, among), to: endOf(to, among), port: Number(port), protocol }
}

function endOf(text: string, { pods, nodes, apiserver }: World): End {
  if (text === 'apiserver' && apiserver !== undefined) return apiserver
  const known = text.startsWith('node:')
    ? nodes.find(({ name }) => `node:${name}` === text)
    : pods.find(({ namespace, name }) => `${namespace}/${name}` === text)
  return known ?? { kind: 'outside', address: text }
}

export interface Told {
  ingress: string
  egress: string
}

/** What becomes of a flow at each end, in short: `allow p spec.ingress[0]`, `lock p`, `nothing`. */
export async function decide(policies: string, flow: string, among: World = world, implementation: Implementation = cilium): Promise<Told> {
  const asked = flowOf(flow, among)
  const { ingress, egress } = new Judge(await compiled(policies, among, implementation)).decide(asked)
  return { ingress: tell(ingress, asked), egress: tell(egress, asked) }
}

export const ingress = async (policies: string, flow: string): Promise<string> => (await decide(policies, flow)).ingress
export const egress = async (policies: string, flow: string): Promise<string> => (await decide(policies, flow)).egress

function tell(decision: Decision | undefined, flow: Flow): string {
  if (decision === undefined) return 'not asked'
  const doubt = decision.doubt === undefined ? '' : `, in doubt: ${decision.doubt.policy.name} ${decision.doubt.rule.path}: ${decision.doubt.why}`
  switch (decision.by) {
    case 'rule': {
      const proviso = decision.rule.proviso?.(flow)?.text
      return `${decision.allowed ? 'allow' : 'deny'} ${decision.policy.name} ${decision.rule.path}${proviso === undefined ? '' : `, if ${proviso}`}${doubt}`
    }
    case 'lock':
      return `lock ${decision.policies.map(({ name }) => name).join(' ')}${doubt}`
    case 'engine':
      return `engine: ${decision.reason}${doubt}`
    case 'nothing':
      return `nothing${doubt}`
  }
}

/** Of some ends, those that may call `red/web` at a port of nobody's, or be called by it. */
export async function reached(policies: string, direction: 'ingress' | 'egress', ends: readonly string[] = everyone): Promise<string[]> {
  const judge = new Judge(await compiled(policies))
  return ends.filter(end => {
    const flow = flowOf(direction === 'ingress' ? `${end} > red/web 7` : `red/web > ${end} 7`)
    return flow.from !== flow.to && judge.decide(flow)[direction]?.allowed === true
  })
}

/** Whom a rule of `red/web` lets in, or through; the node, which always gets in, left out. */
export const from = async (rule: string): Promise<string[]> => (await reached(allowing('ingress', rule), 'ingress')).filter(end => end !== 'node:here')
export const to = async (rule: string): Promise<string[]> => reached(allowing('egress', rule), 'egress')

/** What is wrong with policies: `spec.ingress[0]: …` */
export async function refusals(policies: string, implementation: Implementation = cilium): Promise<string[]> {
  return (await compiledAll(policies, world, implementation)).refused.map(({ problem, place }) =>
    place.path !== undefined && problem.startsWith(place.path) ? problem : `${place.path ?? ''}: ${problem}`,
  )
}
