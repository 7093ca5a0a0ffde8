import { hasPort, inCIDR, isPeer, seenAs, selects } from './match.ts'
import type { Covered, EgressRule, End, Engine, Flow, JudgeName, LabelSelector, Peer, Pod, Reason, ReasonedPort, Scenario, Verdict, World } from './model.ts'

/** A covered workload together with how its pods are found. */
export interface Allowlist {
  covered: Covered
  namespace: string
  selector: LabelSelector
  /** The pod of the workload itself, which has the container ports by name. */
  pod: string
}

const NAMESPACES_OF_DENY = (lists: readonly Allowlist[]): ReadonlySet<string> => new Set(lists.map(list => list.namespace))

/**
 * What the description of the network policy says about a flow, for the engine that renders it and the engine that judges it.
 * `undefined`: the description leaves it open, so it is not asked.
 */
export function expected(scenario: Scenario, lists: readonly Allowlist[], world: World, judge: JudgeName, flow: Flow): Verdict | undefined {
  const sides = [ingress(scenario, lists, world, judge, flow), egress(scenario, lists, world, judge, flow)]
  if (sides.includes('deny')) return 'deny'
  return sides.includes(undefined) ? undefined : 'allow'
}

const listOf = (lists: readonly Allowlist[], pod: Pod): Allowlist | undefined => lists.find(list => list.namespace === pod.namespace && selects(list.selector, pod.labels))

const nodeOf = (world: World, end: End): 'local' | 'remote' | undefined => {
  const node = world.ends.find(other => other.kind === 'node' && end.kind !== 'pod' && other.ip === end.ip)
  return node?.kind === 'node' ? (node.local ? 'local' : 'remote') : undefined
}

const isApiServer = (world: World, end: End): boolean => world.ends.some(other => other.kind === 'apiserver' && end.kind !== 'pod' && other.ip === end.ip)

// ── ingress ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function ingress(scenario: Scenario, lists: readonly Allowlist[], world: World, judge: JudgeName, flow: Flow): Verdict | undefined {
  const { from, to } = flow
  if (to.kind !== 'pod') return 'allow'
  // Both engines let a node reach its own pods whatever the policies say.
  if (nodeOf(world, from) === 'local') return 'allow'
  // Ingress peers of a ClusterNetworkPolicy are pods: nodes and the outside cannot be denied.
  if (scenario.block.engine === 'clusterNetworkPolicy' && from.kind !== 'pod') return 'allow'
  const list = listOf(lists, to)
  if (list === undefined) return scenario.block.defaultDeny?.enabled === true && NAMESPACES_OF_DENY(lists).has(to.namespace) ? 'deny' : 'allow'
  if (scenario.meanings.some(({ direction, admits }) => direction === 'ingress' && admits(flow, world))) return 'allow'
  if (additional(scenario, list, world, judge, flow)) return 'allow'
  const rows = list.covered.ports.filter(row => row.port === flow.port && (row.protocol ?? 'TCP') === flow.protocol)
  if (rows.length === 0) return 'deny'
  // A pod that shares the labels but not the named ports: open by number, closed by name, and nothing listens there.
  if (`${to.namespace}/${to.name}` !== list.pod) return undefined
  // Of two reasons for one port, a list that the user wrote wins over the other's being open.
  const listed = rows.filter(({ reason }) => peersOf(scenario, reason).length > 0)
  const deciding = listed.length > 0 && scenario.block.engine === 'kubernetes' ? listed : rows
  return deciding.some(row => rowAdmits(scenario, row, world, judge, flow)) ? 'allow' : 'deny'
}

function rowAdmits(scenario: Scenario, row: ReasonedPort, world: World, judge: JudgeName, flow: Flow): boolean {
  const { engine } = scenario.block
  if (row.reason === 'health' && engine === 'cilium') return nodeOf(world, flow.from) !== undefined
  // Probes come from the node, which this engine lets through: no rule is needed.
  if (row.reason === 'health' && engine === 'clusterNetworkPolicy') return false
  const peers = peersOf(scenario, row.reason)
  if (peers.length === 0 || flow.to.kind !== 'pod') return true
  const { namespace } = flow.to
  return peers.some(peer => isPeer(peer, flow.from, flow.to, namespace, world, judge))
}

/** The `from` list of a row; it binds the kubernetes engine, and the others where the user asked for translation. */
function peersOf(scenario: Scenario, reason: Reason): readonly Peer[] {
  if (reason === 'service' || !listsApply(scenario)) return []
  return scenario.block[reason]?.from ?? []
}

const listsApply = ({ block }: Scenario): boolean => block.engine === 'kubernetes' || block.translatePeers === true

const additional = (scenario: Scenario, list: Allowlist, world: World, judge: JudgeName, flow: Flow): boolean =>
  listsApply(scenario) &&
  (scenario.block.additionalIngress ?? []).some(
    rule => hasPort(rule.ports, flow) && ((rule.from ?? []).length === 0 || (rule.from ?? []).some(peer => isPeer(peer, flow.from, flow.to, list.namespace, world, judge))),
  )

// ── egress ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function egress(scenario: Scenario, lists: readonly Allowlist[], world: World, judge: JudgeName, flow: Flow): Verdict | undefined {
  const { from, to } = flow
  if (from.kind !== 'pod') return 'allow'
  const { block } = scenario
  const list = listOf(lists, from)
  if (block.egress?.enabled !== true) {
    // A passthrough rule of its own switches the engine's egress lock on; what else it cuts is for the report to say.
    if (list !== undefined && hasEgressLists(scenario)) return admitted(scenario, world, flow) ? 'allow' : undefined
    return 'allow'
  }
  // Networks never select nodes on Cilium, and this engine has no other way to name them in a denial.
  const undeniable = block.engine === 'clusterNetworkPolicy' && judge === 'cilium' && nodeOf(world, to) !== undefined
  if (list === undefined) return block.defaultDeny?.enabled === true && NAMESPACES_OF_DENY(lists).has(from.namespace) && !undeniable ? 'deny' : 'allow'
  if (undeniable || admitted(scenario, world, flow) || dns(scenario, world, judge, flow)) return 'allow'
  if (listsApply(scenario) && (block.egress.to ?? []).some(rule => egressRule(rule, list.namespace, world, judge, flow))) return 'allow'
  return apiServer(scenario, world, judge, flow)
}

const hasEgressLists = ({ block }: Scenario): boolean => {
  const lists: Record<Engine, readonly object[] | undefined> = {
    kubernetes: undefined,
    cilium: block.cilium?.egress,
    calico: block.calico?.egress,
    clusterNetworkPolicy: block.clusterNetworkPolicy?.egress,
  }
  return (lists[block.engine] ?? []).length > 0
}

const admitted = (scenario: Scenario, world: World, flow: Flow): boolean => scenario.meanings.some(({ direction, admits }) => direction === 'egress' && admits(flow, world))

const egressRule = (rule: EgressRule, namespace: string, world: World, judge: JudgeName, flow: Flow): boolean =>
  hasPort(rule.ports, flow) && ((rule.to ?? []).length === 0 || (rule.to ?? []).some(peer => isPeer(peer, flow.to, flow.from, namespace, world, judge)))

function dns(scenario: Scenario, world: World, judge: JudgeName, flow: Flow): boolean {
  const settings = scenario.block.egress
  if (flow.port !== 53 || (flow.protocol !== 'UDP' && flow.protocol !== 'TCP')) return false
  if ((settings?.dnsCIDRs ?? []).some(cidr => byCIDR(cidr, world, judge, flow))) return true
  return settings?.dns !== false && flow.to.kind === 'pod' && flow.to.namespace === (settings?.dnsNamespace ?? 'kube-system')
}

const byCIDR = (cidr: string, world: World, judge: JudgeName, flow: Flow): boolean => isPeer({ ipBlock: { cidr } }, flow.to, flow.from, '', world, judge)

function apiServer(scenario: Scenario, world: World, judge: JudgeName, flow: Flow): Verdict | undefined {
  const { block } = scenario
  // Addresses that the user adds count on every engine: a load balancer before the apiserver, or another cluster's.
  const { cidrs = [], ports = [443, 6443] } = block.egress?.apiserver ?? {}
  if (flow.protocol === 'TCP' && ports.includes(flow.port) && cidrs.some(cidr => byCIDR(cidr, world, judge, flow))) return 'allow'
  const endpoint = world.ends.some(end => end.kind === 'apiserver' && end.ip === flow.to.ip && end.port === flow.port) && flow.protocol === 'TCP'
  if (block.engine === 'cilium') {
    if (!isApiServer(world, flow.to)) return 'deny'
    // The entity is the address; which of its ports are opened is not said.
    return endpoint ? 'allow' : undefined
  }
  return block.engine === 'calico' && endpoint ? 'allow' : 'deny'
}

/** Which rules of a passthrough list speak of an address: kept here so that the rules' meanings read like the rules. */
export const targets = (flow: Flow, cidr: string): boolean => inCIDR(seenAs(flow.to, flow.from), cidr)
export const comesFrom = (flow: Flow, cidr: string): boolean => inCIDR(seenAs(flow.from, flow.to), cidr)
