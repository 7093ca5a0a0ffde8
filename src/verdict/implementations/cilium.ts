import type { Resource } from '../../resources/resource.ts'
import type { Compiled, Direction, Enforced, Implementation, Passes, StagedPolicy, StagedRules } from '../contract.ts'
import { readCidrGroup } from '../policies/cilium-cidr-group.ts'
import { readCiliumNetworkPolicy } from '../policies/cilium-network-policy.ts'
import { readClusterNetworkPolicy } from '../policies/cluster-network-policy.ts'
import type { ClusterNetworkPolicy, ClusterRule } from '../policies/cluster-network-policy.ts'
import { readNetworkPolicy } from '../policies/network-policy.ts'
import type { NetworkPolicy, NetworkPolicyRule } from '../policies/network-policy.ts'
import { readOf, refusedOf } from '../policies/refusals.ts'
import { isAmong } from '../match.ts'
import type { End, World } from '../world.ts'
import { clusterParts, clusterSubject } from './cilium/cluster-rules.ts'
import { asksForNodes, knownBy } from './cilium/asks.ts'
import type { Policies } from './cilium/asks.ts'
import { conflictsOf } from './cilium/conflicts.ts'
import { identitiesOf } from './cilium/identity.ts'
import type { Identity } from './cilium/identity.ts'
import { networkParts, networkSubject } from './cilium/network-rules.ts'
import { ownSpecs } from './cilium/own-rules.ts'
import type { OwnRules, OwnSpec } from './cilium/own-rules.ts'
import { stageRule } from './cilium/stage.ts'

/**
 * What Cilium 1.20.2 enforces, as it combines it: rules of all kinds go into one list for each pod, ordered by tier and
 * priority (pkg/policy/repository.go, pkg/policy/rules.go). Its options are those it has by default under Kubernetes; where a
 * policy needs another, the cluster is taken to have it (ClusterNetworkPolicy, selectors of nodes).
 */
export const cilium: Implementation = {
  describe: 'Cilium 1.20: NetworkPolicy, its own policies, and ClusterNetworkPolicy where enable-k8s-cluster-network-policy is set',
  learnsNames: true,
  enforces: ({ apiVersion, kind }) => kinds.some(known => known.kind === kind && known.apiVersion === apiVersion),
  read,
}

const kinds: readonly Pick<Resource, 'kind' | 'apiVersion'>[] = [
  { kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1' },
  { kind: 'ClusterNetworkPolicy', apiVersion: 'policy.networking.k8s.io/v1alpha2' },
  { kind: 'CiliumNetworkPolicy', apiVersion: 'cilium.io/v2' },
  { kind: 'CiliumClusterwideNetworkPolicy', apiVersion: 'cilium.io/v2' },
  // No policies, but what policies refer to.
  { kind: 'CiliumCIDRGroup', apiVersion: 'cilium.io/v2' },
  { kind: 'CiliumCIDRGroup', apiVersion: 'cilium.io/v2alpha1' },
]

function read(policies: readonly Resource[], namespace: string): Enforced {
  const of = (...wanted: readonly string[]): Resource[] => policies.filter(({ kind }) => wanted.includes(kind))
  const network = of('NetworkPolicy').map(policy => readNetworkPolicy(policy, namespace))
  const cluster = of('ClusterNetworkPolicy').map(policy => readClusterNetworkPolicy(policy))
  const own = of('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy').map(policy => readCiliumNetworkPolicy(policy, namespace))
  const groups = of('CiliumCIDRGroup').map(readCidrGroup)
  const all = { network: readOf(network), cluster: readOf(cluster), own: readOf(own), groups: readOf(groups) }
  const [nodeLabels, knownIn] = [asksForNodes(all), knownBy(all)]
  return {
    compile: (world, among) => compile(all, identitiesOf(world, { nodeLabels, isKnown: knownIn(world) }), world, among),
    refused: [...refusedOf(network), ...refusedOf(cluster), ...refusedOf(own), ...refusedOf(groups)],
  }
}

function compile(all: Policies, identityOf: Identities, world: World, among: ReadonlySet<Resource> | undefined): Compiled {
  const asked = <T extends { readonly policy: Resource }>(policies: readonly T[]): T[] => policies.filter(policy => isAmong(policy, among))
  const tier = (name: ClusterNetworkPolicy['tier']): StagedPolicy[] =>
    asked(all.cluster)
      .filter(policy => policy.tier === name)
      .map(policy => stageCluster(policy, identityOf))
  const specs = asked(all.own).flatMap(policy => ownSpecs(policy, { world, groups: all.groups }))
  const normal = [...asked(all.network).map(policy => stageNetwork(policy, identityOf)), ...specs.map(spec => stageOwn(spec, identityOf))]
  return {
    stages: [
      { order: 'deny-wins', policies: conflictsOf(specs, identityOf) },
      { order: 'deny-wins', policies: tier('Admin') },
      { order: 'deny-wins', policies: normal.map(unlocked) },
      // Cilium asks it before pods are locked, other than the API says.
      { order: 'deny-wins', policies: tier('Baseline') },
      { order: 'deny-wins', policies: normal.map(onlyLocks), passes: hostPasses(identityOf) },
    ],
    passes: ({ from, to }) => (from === to ? 'a pod always reaches itself' : undefined),
  }
}

type Identities = (end: End) => Identity

/** Cilium reads the rules of both directions, whatever the policy is for. */
interface BothWays extends StagedPolicy {
  readonly ingress: StagedRules
  readonly egress: StagedRules
}

function stageCluster(policy: ClusterNetworkPolicy, identityOf: Identities): StagedPolicy {
  const isSubject = clusterSubject(policy)
  const staged = (rules: readonly ClusterRule[], direction: Direction): StagedRules => ({
    locks: false,
    // Of policies with the same priority the first rules come before all second ones.
    rules: rules.map((rule, index) =>
      stageRule(
        { action: actions[rule.action], path: rule.path, tree: rule.tree, level: policy.priority + index / 100, parts: clusterParts(rule) },
        direction,
        identityOf,
      ),
    ),
  })
  return {
    policy: policy.policy,
    selects: pod => isSubject(identityOf(pod)),
    ingress: staged(policy.ingress, 'ingress'),
    egress: staged(policy.egress, 'egress'),
  }
}

const actions = { Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const

/** Rules lock a direction though the policy be not of that type. */
function stageNetwork(policy: NetworkPolicy, identityOf: Identities): BothWays {
  const isSubject = networkSubject(policy)
  const staged = (typed: readonly NetworkPolicyRule[] | undefined, direction: Direction): StagedRules => {
    const rules = policy.written[direction]
    return {
      locks: typed !== undefined || rules.length > 0,
      rules: rules.map(rule =>
        stageRule({ action: 'allow', path: rule.path, tree: rule.tree, parts: networkParts(rule, policy.namespace) }, direction, identityOf),
      ),
    }
  }
  return {
    policy: policy.policy,
    namespace: policy.namespace,
    selects: pod => isSubject(identityOf(pod)),
    ingress: staged(policy.ingress, 'ingress'),
    egress: staged(policy.egress, 'egress'),
  }
}

function stageOwn({ policy, namespace, isSubject, ingress, egress }: OwnSpec, identityOf: Identities): BothWays {
  const staged = ({ locks, rules }: OwnRules, direction: Direction): StagedRules => ({
    locks,
    rules: rules.map(({ rule: { action, authentication, path, tree }, parts }) =>
      stageRule({ action, authentication, path, tree, parts }, direction, identityOf),
    ),
  })
  return { policy, namespace, selects: pod => isSubject(identityOf(pod)), ingress: staged(ingress, 'ingress'), egress: staged(egress, 'egress') }
}

function unlocked({ ingress, egress, ...policy }: BothWays): StagedPolicy {
  return { ...policy, ingress: { ...ingress, locks: false }, egress: { ...egress, locks: false } }
}

function onlyLocks({ ingress, egress, ...policy }: BothWays): StagedPolicy {
  return { ...policy, ingress: { ...ingress, rules: [] }, egress: { ...egress, rules: [] } }
}

/** allow-localhost is always under Kubernetes (daemon/cmd/daemon.go); a rule that denies is asked before. */
function hostPasses(identityOf: Identities): Passes {
  return ({ from }) => (identityOf(from).labels.get('host')?.source === 'reserved' ? 'the node of a pod always reaches it' : undefined)
}
