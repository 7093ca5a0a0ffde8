import { selects } from '../../../discover/selector.ts'
import type { Labels, LabelSelector } from '../../../discover/selector.ts'
import { blockOf, contains, parseCidrs } from '../../../net/cidr.ts'
import type { Cidr } from '../../../net/cidr.ts'
import type { CiliumCidrGroup } from '../../policies/cilium-cidr-group.ts'
import type { CiliumPeer } from '../../policies/cilium-rule.ts'
import type { World, WorldService } from '../../world.ts'
import { entities, everyone } from './entities.ts'
import type { Identity } from './identity.ts'
import { keys } from './identity.ts'
import { nameMatcher } from './names.ts'
import { nodeSelector, peerSelector, podRequirements } from './scope.ts'
import { equals, exists, labelSelector, requirementsOf, withSource } from './select.ts'
import type { Requirement, Selector } from './select.ts'

/** What a rule is read in. */
export interface Scope {
  /** Undefined: the policy is cluster-wide. */
  readonly namespace: string | undefined
  /** Its subject mentions pods that have no labels yet. */
  readonly init: boolean
  readonly world: World
  readonly groups: readonly CiliumCidrGroup[]
}

/** Whom a peer selects; nobody at all where Cilium leaves it out. */
export function selectorsOf(peer: CiliumPeer, action: 'allow' | 'deny', scope: Scope): readonly Selector[] {
  switch (peer.kind) {
    case 'pods':
      return [peerSelector(peer.selector, scope.namespace, scope.init)]
    case 'nodes':
      return [nodeSelector(peer.selector)]
    case 'entity':
      return entities[peer.entity] ?? []
    case 'block':
      return [blockSelector(peer.cidr, peer.except)]
    case 'group':
      return [groupSelector(peer.name, peer.except, scope.groups)]
    case 'groups':
      return [groupsSelector(peer.selector, peer.except, scope.groups)]
    case 'name':
      return [nameSelector(peer.pattern)]
    // Services of rules that deny are never looked up (processRule in pkg/policy/k8s/service.go).
    case 'service':
    case 'services':
      return action === 'deny' ? [] : serviceSelectors(peer, scope.world)
    case 'cloud':
      return [unreadSelector('toGroups and fromGroups are of a cloud', ({ blocks }) => blocks.length > 0)]
  }
}

/** Whom a block selects: addresses outside the cluster, never pods and nodes (policy-cidr-match-mode is empty by default). */
export function blockSelector(cidr: string, except: readonly string[] = []): Selector {
  const inside = within(parseCidrs([cidr]))
  const outside = within(parseCidrs(except))
  return { key: JSON.stringify(['cidr', cidr, except]), matches: ({ blocks }) => blocks.some(address => inside(address) && !outside(address)) }
}

export function nameSelector(pattern: string): Selector {
  const matches = nameMatcher(pattern)
  return { key: JSON.stringify(['name', pattern]), matches: ({ names }) => names.some(matches) }
}

function groupSelector(name: string, except: readonly string[], groups: readonly CiliumCidrGroup[]): Selector {
  const outside = within(parseCidrs(except))
  const group = groups.find(known => known.name === name)
  if (group === undefined) return unreadSelector(`the stream has no CiliumCIDRGroup ${name}`, ({ blocks }) => blocks.some(address => !outside(address)))
  const inside = within(blocksOfGroup(group))
  return { key: JSON.stringify(['group', name, except]), matches: ({ blocks }) => blocks.some(address => inside(address) && !outside(address)) }
}

/** An address has the labels of all groups that hold it (matchesEncodedRequirements in pkg/policy/types/requirements.go). */
function groupsSelector(selector: LabelSelector, except: readonly string[], groups: readonly CiliumCidrGroup[]): Selector {
  const requirements = requirementsOf(selector, withSource('cidrgroup'))
  // Its key is that of the selector of everybody, and Cilium takes it for that one (IsWildcard in pkg/policy/selectorcache_selector.go).
  if (requirements.length === 0 && except.length === 0) return everyone
  const outside = within(parseCidrs(except))
  if (groups.length === 0) return unreadSelector('the stream has no CiliumCIDRGroups', ({ blocks }) => blocks.some(address => !outside(address)))
  const known = groups.map(({ labels, cidrs }) => ({ labels, holds: within(blocksOfGroup({ cidrs })) }))
  const isSelected = (address: Cidr): boolean => {
    const holding = known.filter(({ holds }) => holds(address))
    return requirements.every(requirement =>
      holdsOneWith(
        requirement,
        holding.map(({ labels }) => labels),
      ),
    )
  }
  return { key: JSON.stringify(['groups', selector, except]), matches: ({ blocks }) => blocks.some(address => isSelected(address) && !outside(address)) }
}

function holdsOneWith({ source, key, operator, values }: Requirement, holding: readonly Labels[]): boolean {
  const given = source === 'cidrgroup' || source === 'any' ? valuesOf(key, holding) : []
  const found = operator === 'In' || operator === 'NotIn' ? given.some(value => values.includes(value)) : given.length > 0
  return operator === 'In' || operator === 'Exists' ? found : !found
}

function valuesOf(key: string, holding: readonly Labels[]): string[] {
  return holding.map(labels => (Object.hasOwn(labels, key) ? labels[key] : undefined)).filter(value => value !== undefined)
}

/** The identity of all that has no other is fixed: a block of everything gives no address a group (resolveIdentity in pkg/ipcache/metadata.go). */
function blocksOfGroup({ cidrs }: Pick<CiliumCidrGroup, 'cidrs'>): Cidr[] {
  return parseCidrs(cidrs).filter(({ prefix }) => prefix > 0)
}

function within(outer: readonly Cidr[]): (address: Cidr) => boolean {
  return address => outer.some(block => contains(block, address))
}

export type ServicePeer = Extract<CiliumPeer, { kind: 'service' | 'services' }>

/** The pods behind a Service, or its addresses where it has no selector; ports of the Service play no part. */
function serviceSelectors(peer: ServicePeer, world: World): Selector[] {
  const services = servicesOf(peer, world)
  if (services.length > 0) return services.flatMap(backendsOf)
  return [unreadSelector(peer.kind === 'service' ? `the stream has no Service ${peer.name}` : 'the stream has no such Service', () => true)]
}

export function servicesOf(peer: ServicePeer, { services }: World): WorldService[] {
  const isMeant = (service: WorldService): boolean =>
    peer.kind === 'service' ? service.name === peer.name : selects(withoutSources(peer.selector), service.labels)
  return services.filter(service => (peer.namespace === undefined || service.namespace === peer.namespace) && isMeant(service))
}

function backendsOf({ namespace, name, backends }: WorldService): Selector[] {
  if ('unknown' in backends) return [unreadSelector(`the stream has no endpoints of Service ${namespace}/${name}`, ({ blocks }) => blocks.length > 0)]
  if ('addresses' in backends)
    return backends.addresses
      .map(blockOf)
      .filter(block => block !== undefined)
      .map(block => blockSelector(block))
  const labels = podRequirements({ matchLabels: backends.selector, matchExpressions: [] })
  return [labelSelector([...labels, equals('k8s', keys.namespace, namespace), exists('k8s', keys.cluster)])]
}

/** Sources of labels are not looked at in Services. */
function withoutSources({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  const bare = (key: string): string => key.slice(key.indexOf(':') + 1)
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [bare(key), value])),
    matchExpressions: matchExpressions.map(expression => ({ ...expression, key: bare(expression.key) })),
  }
}

function unreadSelector(why: string, matches: (identity: Identity) => boolean): Selector {
  return { key: JSON.stringify(['unread', why]), matches: () => false, unread: { why, matches } }
}
