import { selects } from '../../discover/selector.ts'
import { contains, parseCidrs } from '../../net/cidr.ts'
import type { Peer, PolicyPort } from '../../values/peers.ts'
import { title } from '../../resources/resource.ts'
import type { Resource } from '../../resources/resource.ts'
import { doubtful } from '../doubtful.ts'
import type { Direction, Enforced, Implementation, Stage, StagedPolicy, StagedRule, StagedRules } from '../contract.ts'
import { readOf, refusedOf } from '../policies/refusals.ts'
import { blocksOf, hasNamedPort, inBlock, isAmong, namespaceLabels, peerOf, selectsPod } from '../match.ts'
import { readClusterNetworkPolicy } from '../policies/cluster-network-policy.ts'
import type { ClusterNetworkPolicy, ClusterPeer, ClusterPort, ClusterRule } from '../policies/cluster-network-policy.ts'
import { readNetworkPolicy } from '../policies/network-policy.ts'
import type { NetworkPolicy, NetworkPolicyRule } from '../policies/network-policy.ts'
import type { End, Flow, World } from '../world.ts'

/**
 * What the APIs themselves say, for networks that follow them: NetworkPolicy (Kubernetes' documentation of it) and
 * ClusterNetworkPolicy (network-policy-api v0.2.0), whose tiers stand above and below it.
 */
export const generic: Implementation = {
  describe: 'what the API says: NetworkPolicy and ClusterNetworkPolicy',
  enforces: isNetworkPolicy,
  read,
}

function isNetworkPolicy({ apiVersion, kind }: Resource): boolean {
  return (
    (kind === 'NetworkPolicy' && apiVersion === 'networking.k8s.io/v1') ||
    (kind === 'ClusterNetworkPolicy' && apiVersion === 'policy.networking.k8s.io/v1alpha2')
  )
}

function read(policies: readonly Resource[], namespace: string): Enforced {
  const network = policies.filter(({ kind }) => kind === 'NetworkPolicy').map(policy => readNetworkPolicy(policy, namespace))
  const cluster = policies.filter(({ kind }) => kind === 'ClusterNetworkPolicy').map(policy => readClusterNetworkPolicy(policy))
  const [normal, tiered] = [readOf(network), readOf(cluster).sort(byPriority)]
  const compile: Enforced['compile'] = (world, among) => {
    const tier = (name: ClusterNetworkPolicy['tier']): Stage => {
      const own = tiered.filter(policy => policy.tier === name && isAmong(policy, among)).map(read => ({ read, staged: stageCluster(read, world) }))
      return { order: 'first', policies: own.flatMap((ranked, index) => withRivals(ranked, own, index)) }
    }
    return {
      stages: [
        tier('Admin'),
        { order: 'first', policies: normal.filter(policy => isAmong(policy, among)).map(policy => stageNetwork(policy, world)) },
        tier('Baseline'),
      ],
      passes,
    }
  }
  return { compile, refused: [...refusedOf(network), ...refusedOf(cluster)] }
}

interface Ranked {
  readonly read: ClusterNetworkPolicy
  readonly staged: StagedPolicy
}

/** Of policies with the same priority the API does not say which is asked first: the later ones leave a doubt before the first. */
function withRivals({ read, staged }: Ranked, all: readonly Ranked[], index: number): StagedPolicy[] {
  if (all[index - 1]?.read.priority === read.priority) return [staged]
  const later = all.slice(index + 1).filter(other => other.read.priority === read.priority)
  return [...later.map(rival => doubtful(rival.staged, `${title(rival.read.policy)} and ${title(read.policy)} have the same priority`)), staged]
}

/** The lower first. */
function byPriority(one: ClusterNetworkPolicy, other: ClusterNetworkPolicy): number {
  return one.priority - other.priority || (one.policy.name < other.policy.name ? -1 : 1)
}

/** Kubernetes, Network Policies: a pod cannot be kept from itself, nor from its node. */
function passes({ from, to }: Flow): string | undefined {
  if (from === to) return 'a pod always reaches itself'
  return from.kind === 'node' && from.local ? 'a node always reaches its own pods' : undefined
}

function stageNetwork({ policy, namespace, selector, ingress, egress }: NetworkPolicy, world: World): StagedPolicy {
  const staged = (rules: readonly NetworkPolicyRule[] | undefined, direction: Direction): StagedRules | undefined =>
    rules === undefined ? undefined : { locks: true, rules: rules.map(rule => stageRule(rule, namespace, direction, world)) }
  return {
    policy,
    namespace,
    selects: pod => pod.namespace === namespace && selects(selector, pod.labels),
    ingress: staged(ingress, 'ingress'),
    egress: staged(egress, 'egress'),
  }
}

function stageRule({ peers, ports, path, tree }: NetworkPolicyRule, namespace: string, direction: Direction, world: World): StagedRule {
  const matchers = peers.map(peer => matchPeer(peer, namespace, world))
  return {
    action: 'allow',
    path,
    tree,
    matches: flow => {
      const peer = peerOf(flow, direction)
      return (matchers.length === 0 || matchers.some(matches => matches(peer))) && (ports.length === 0 || ports.some(port => matchesPort(port, flow)))
    },
  }
}

function matchPeer({ ipBlock, namespaceSelector, podSelector }: Peer, namespace: string, world: World): (end: End) => boolean {
  if (ipBlock !== undefined) return inBlock(ipBlock.cidr, ipBlock.except)
  const matches = selectsPod({ namespaces: namespaceSelector, pods: podSelector }, namespaceLabels(world))
  return end => end.kind === 'pod' && (namespaceSelector !== undefined || end.namespace === namespace) && matches(end)
}

function matchesPort({ protocol, port, endPort }: PolicyPort, flow: Flow): boolean {
  if (protocol !== flow.protocol) return false
  if (port === undefined) return true
  return typeof port === 'string' ? hasNamedPort(flow.to, port, flow) : port <= flow.port && flow.port <= (endPort ?? port)
}

function stageCluster({ policy, subject, ingress, egress }: ClusterNetworkPolicy, world: World): StagedPolicy {
  const staged = (rules: readonly ClusterRule[], direction: Direction): StagedRules => ({
    // What none of its rules matches is left to the policies below.
    locks: false,
    rules: rules.map(rule => stageClusterRule(rule, direction, world)),
  })
  return { policy, selects: selectsPod(subject, namespaceLabels(world)), ingress: staged(ingress, 'ingress'), egress: staged(egress, 'egress') }
}

const actions = { Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const

function stageClusterRule({ action, peers, ports, path, tree }: ClusterRule, direction: Direction, world: World): StagedRule {
  const matchers = peers.map(peer => matchClusterPeer(peer, world))
  return {
    action: actions[action],
    path,
    tree,
    matches: flow => {
      const peer = peerOf(flow, direction)
      return matchers.some(matches => matches(peer)) && (ports.length === 0 || ports.some(port => matchesClusterPort(port, flow)))
    },
  }
}

function matchClusterPeer(peer: ClusterPeer, world: World): (end: End) => boolean {
  switch (peer.kind) {
    case 'pods': {
      const matches = selectsPod(peer, namespaceLabels(world))
      return end => end.kind === 'pod' && matches(end)
    }
    case 'nodes':
      return end => end.kind === 'node' && selects(peer.nodes, end.labels)
    case 'networks': {
      const blocks = parseCidrs(peer.cidrs)
      return end => blocksOf(end).some(address => blocks.some(block => contains(block, address)))
    }
    case 'names': {
      const addresses = new Set(world.names.filter(({ name }) => peer.names.some(pattern => matchesName(pattern, name))).flatMap(({ addresses }) => addresses))
      return end => end.kind === 'outside' && addresses.has(end.address)
    }
  }
}

/** `*.example.com` stands for names of one or more labels before the domain. */
function matchesName(pattern: string, name: string): boolean {
  const [wanted, given] = [bare(pattern), bare(name)]
  return wanted.startsWith('*.') ? given.endsWith(wanted.slice(1)) : given === wanted
}

/** Letters of both cases are the same in names, and a dot at the end is understood. */
function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

function matchesClusterPort(port: ClusterPort, flow: Flow): boolean {
  if (port.kind === 'name') return hasNamedPort(flow.to, port.name, flow)
  return port.protocol === flow.protocol && port.first <= flow.port && flow.port <= port.last
}
