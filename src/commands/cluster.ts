import { execa, ExecaError } from 'execa'
import { blockOf, canonical, parseCidr } from '../net/cidr.ts'
import { isObject, itemsOf, textOf } from '../yaml/json.ts'
import type { Json } from '../yaml/tree.ts'

/** Where the kube-apiserver of a cluster listens. */
export interface Apiserver {
  /** Address blocks of one address each. */
  readonly cidrs: readonly string[]
  readonly ports: readonly number[]
}

/** A cluster to ask, as kubectl finds it. */
export interface Cluster {
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

/** What keeps a cluster from being asked, in words for the user. */
export class ClusterProblem extends Error {}

/**
 * Asks kubectl for the endpoints of the Service `kubernetes` (discovery.k8s.io/v1). Throws ClusterProblem where kubectl is
 * missing, fails, or answers something else.
 */
export async function askApiserver({ kubeconfig, context }: Cluster): Promise<Apiserver> {
  const where = [...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]), ...(context === undefined ? [] : ['--context', context])]
  const query = [
    '--request-timeout=10s',
    'get',
    'endpointslices',
    '--namespace',
    'default',
    '--selector',
    'kubernetes.io/service-name=kubernetes',
    '--output',
    'json',
    '--request-timeout',
    '15s',
  ]
  try {
    const { stdout } = await execa('kubectl', [...where, ...query], { timeout: 30_000 })
    return readSlices(stdout)
  } catch (problem) {
    if (!(problem instanceof ExecaError)) throw problem
    throw new ClusterProblem(reason(problem))
  }
}

function reason(problem: ExecaError): string {
  if (problem.code === 'ENOENT')
    return 'kubectl is not on the PATH: install it, or leave --kubeconfig and --context off and fill in egress.apiserver.cidrs by hand'
  if (problem.code === 'ERR_ACCESS_DENIED')
    return "Node's permission model does not allow kubectl to be started (ERR_ACCESS_DENIED); --allow-child-process would, or leave --kubeconfig and --context off"
  if (problem.timedOut) return 'kubectl did not answer within 30 seconds: is the cluster reachable from here?'
  const said = typeof problem.stderr === 'string' ? problem.stderr.trim() : ''
  return `kubectl failed: ${said === '' ? problem.shortMessage : said}`
}

/** The addresses and ports of EndpointSlices, as kubectl prints a list of them. */
export function readSlices(text: string): Apiserver {
  const list = parsed(text)
  const slices = itemsOf(isObject(list) ? list['items'] : undefined).filter(isObject)
  const addresses = slices.flatMap(slice => itemsOf(slice['endpoints']).filter(isObject)).flatMap(endpoint => itemsOf(endpoint['addresses']).map(textOf))
  const ports = slices.flatMap(slice => itemsOf(slice['ports']).filter(isObject)).flatMap(({ port }) => (typeof port === 'number' ? [port] : []))
  const cidrs = addresses.flatMap(address => {
    const cidr = parseCidr(blockOf(address) ?? '')
    return cidr === undefined ? [] : [canonical(cidr)]
  })
  if (cidrs.length === 0) throw new ClusterProblem('kubectl named no address of the kube-apiserver (EndpointSlices of Service kubernetes in namespace default)')
  return { cidrs: [...new Set(cidrs)].sort(), ports: [...new Set(ports)].sort((one, other) => one - other) }
}

function parsed(text: string): Json {
  try {
    // What comes out is looked into without trusting its shape.
    const json: Json = JSON.parse(text)
    return json
  } catch {
    throw new ClusterProblem('kubectl answered something that is no JSON')
  }
}
