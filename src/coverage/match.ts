import { namespaceNameLabel } from '../engines/labels.ts'
import { isEmptySelector, selects } from '../discover/selector.ts'
import type { Labels, LabelSelector } from '../discover/selector.ts'
import { contains, isPrivate, overlaps, parseCidr } from '../net/cidr.ts'
import type { Cidr } from '../net/cidr.ts'
import type { Home } from '../needs/home.ts'
import { needKey, unreadService } from '../needs/need.ts'
import type { Need, ServiceHost } from '../needs/need.ts'
import type { Reach, ReachPort, Target } from './reach.ts'

/**
 * How a rule stands to a need: it lets it through, it may (an address block, for a destination whose address the stream
 * does not tell; a label that only the cluster knows), or it does not.
 */
export type Match = 'yes' | 'maybe' | 'no'

export interface Scope {
  readonly home: Home
  /** An address block may select pods. */
  readonly blocksReachPods: boolean
  /** Rules by name see no address: no rule of the policy puts Cilium's DNS proxy in the path. */
  readonly namesUnresolved: boolean
}

export function matchReach(need: Need, reach: Reach, scope: Scope): Match {
  if (isForDns(reach) && !asksDns(need)) return 'no'
  const target = isOfResolvers(need, reach) ? 'yes' : mayBeClusterDns(need, reach) ? 'maybe' : matchTarget(need, reach.target, scope)
  const both = least(target, matchPorts(need, reach))
  const match = reach.sure ? both : least(both, 'maybe')
  const derived = reach.rule.flow?.derived
  if (match !== 'maybe' || derived === undefined) return match
  // An address or a namespace that one destination was opened by says nothing of another.
  return derived === needKey(need) ? 'yes' : 'no'
}

/** What is let through for DNS is let through for nothing else, though a port may not be known. */
function isForDns({ rule }: Reach): boolean {
  return rule.flow?.resolvesNames === true
}

function asksDns({ host, dialled, ports }: Need): boolean {
  return host.kind === 'dns' || dialled === 53 || ports.some(({ number }) => number === 53)
}

/** `dnsCIDRs` are the resolvers, by the user's word. */
function isOfResolvers({ row, host }: Need, { rule }: Reach): boolean {
  return (host.kind === 'dns' || (row === 'resolvers' && host.kind === 'unknown')) && rule.flow?.row === 'resolvers'
}

/** A nameserver by a private address is most often the cluster's own, by its Service. */
function mayBeClusterDns({ row, host }: Need, { rule }: Reach): boolean {
  const cidr = row === 'resolvers' && host.kind === 'address' ? parseCidr(host.cidr) : undefined
  return cidr !== undefined && isPrivate(cidr) && rule.flow?.row === 'dns'
}

function least(one: Match, other: Match): Match {
  if (one === 'no' || other === 'no') return 'no'
  return one === 'yes' && other === 'yes' ? 'yes' : 'maybe'
}

function most(matches: readonly Match[]): Match {
  if (matches.includes('yes')) return 'yes'
  return matches.includes('maybe') ? 'maybe' : 'no'
}

function matchPorts({ ports: all, anyPort, mainly, dialled, host }: Need, { ports: open }: Reach): Match {
  if (open.length === 0) return 'yes'
  const ports = mainly === undefined ? all : all.filter(({ protocol }) => protocol === mainly)
  const unknown = open.some(({ first }) => first === undefined)
  if (ports.length === 0) {
    // The pods behind a Service may listen on another port than the Service's own.
    return host.kind === 'service' || dialled === undefined || isOpen(open, dialled, 'TCP') || unknown ? 'maybe' : 'no'
  }
  const opened = ports.filter(({ number, protocol }) => number !== undefined && isOpen(open, number, protocol))
  if (opened.length === ports.length || (anyPort && opened.length > 0)) return 'yes'
  return unknown ? 'maybe' : 'no'
}

function isOpen(open: readonly ReachPort[], number: number, wanted: string): boolean {
  return open.some(
    ({ protocol, first, last }) => first !== undefined && first <= number && number <= (last ?? first) && (protocol === undefined || protocol === wanted),
  )
}

function matchTarget(need: Need, target: Target, scope: Scope): Match {
  if (target.kind === 'anything') return 'yes'
  if (target.kind === 'unread') return 'maybe'
  return matchHost(need, target, scope)
}

function matchHost(need: Need, target: Target, scope: Scope): Match {
  const { host } = need
  switch (host.kind) {
    case 'service':
      return matchService(host, target, scope)
    // A resolver that is no pod has an address of its own: any block may hold it.
    case 'dns':
      return target.kind === 'block' ? 'maybe' : matchService(unreadService('kube-dns', host.namespace), target, scope)
    case 'address':
      return target.kind === 'block' ? matchBlock(host.cidr, target) : target.kind === 'outside' ? 'maybe' : 'no'
    case 'outside':
      // The user's own addresses of it, and where they are told to be elsewhere.
      if (need.row === 'apiserver-host' && target.kind === 'block' && target.apiserver) return 'maybe'
      return matchName(host.name, target, scope)
    case 'either':
      return most([matchService(unreadService(host.name.split('.')[0] ?? '', host.namespace), target, scope), matchName(host.name, target, scope)])
    case 'apiserver':
      if (target.kind === 'apiserver') return 'yes'
      if (target.kind === 'service') return target.name === 'kubernetes' && (target.namespace ?? scope.home.namespace) === 'default' ? 'yes' : 'no'
      return target.kind === 'block' || target.kind === 'outside' ? 'maybe' : 'no'
    case 'nodes':
      return target.kind === 'nodes' ? 'yes' : target.kind === 'block' && scope.blocksReachPods ? 'maybe' : 'no'
    case 'unknown':
      return target.kind === 'block' || target.kind === 'outside' ? 'maybe' : 'no'
  }
}

function matchService(host: ServiceHost, target: Target, scope: Scope): Match {
  if (target.kind === 'service') {
    return target.name === host.name ? matchNames(target.namespace, host.namespace, scope.home) : 'no'
  }
  if (target.kind === 'block') return scope.blocksReachPods && holdsPods(target.cidr) ? 'maybe' : 'no'
  if (target.kind !== 'pods') return 'no'
  return least(matchNamespace(host.namespace, target.namespaces, scope), matchPods(host, target.pods))
}

/** Two namespaces by name; undefined is the workload's own. */
function matchNames(one: string | undefined, other: string | undefined, { namespace }: Home): Match {
  if (one === other || (one ?? namespace) === (other ?? namespace)) return 'yes'
  return namespace === undefined && (one === undefined || other === undefined) ? 'maybe' : 'no'
}

/** Pods have private addresses, and are many: a narrow block is meant for something else. */
function holdsPods(text: string): boolean {
  const cidr = parseCidr(text)
  return cidr !== undefined && cidr.prefix <= (cidr.version === 4 ? 24 : 64) && (isPrivate(cidr) || isWide(cidr))
}

/** A namespace's name is a label of it; its other labels only the cluster knows. */
function matchNamespace(namespace: string | undefined, selector: LabelSelector | 'own', { home }: Scope): Match {
  if (selector === 'own') return matchNames(namespace, undefined, home)
  if (isEmptySelector(selector)) return 'yes'
  const known = namespace ?? home.namespace
  const onName = {
    matchLabels: Object.fromEntries(Object.entries(selector.matchLabels).filter(([key]) => key === namespaceNameLabel)),
    matchExpressions: selector.matchExpressions.filter(({ key }) => key === namespaceNameLabel),
  }
  if (known !== undefined && !selects(onName, { [namespaceNameLabel]: known })) return 'no'
  const whole =
    Object.keys(selector.matchLabels).length === Object.keys(onName.matchLabels).length && selector.matchExpressions.length === onName.matchExpressions.length
  return whole && known !== undefined ? 'yes' : 'maybe'
}

/** The labels of pods are known where the stream holds the Service's workload. */
function matchPods({ pods, backends }: ServiceHost, selector: LabelSelector): Match {
  if (isEmptySelector(selector)) return 'yes'
  // What the Service selects has all of its labels, whoever makes the pods.
  if (selector.matchExpressions.length === 0 && pods !== undefined && isPart(selector.matchLabels, pods.matchLabels)) return 'yes'
  if (backends.length === 0) return 'maybe'
  return backends.every(({ labels }) => selects(selector, labels)) ? 'yes' : 'no'
}

function isPart(labels: Labels, all: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => all[key] === value)
}

function matchBlock(address: string, { cidr, except }: Target & { kind: 'block' }): Match {
  const [inner, outer] = [parseCidr(address), parseCidr(cidr)]
  if (inner === undefined || outer === undefined) return 'maybe'
  const excepted = except.flatMap(text => parseCidr(text) ?? []).some(block => overlaps(block, inner))
  return contains(outer, inner) && !excepted ? 'yes' : 'no'
}

function matchName(name: string, target: Target, { namesUnresolved }: Scope): Match {
  if (target.kind === 'outside') return 'yes'
  if (target.kind === 'name' && namesUnresolved) return 'no'
  if (target.kind === 'name') return target.name === name ? 'yes' : matchPattern(name, target.name)
  if (target.kind !== 'block' || target.apiserver) return 'no'
  const cidr = parseCidr(target.cidr)
  // Most names have an IPv4 address; that all have an IPv6 one nobody can say.
  return cidr !== undefined && cidr.prefix === 0 && cidr.version === 4 && target.except.length === 0 ? 'yes' : 'maybe'
}

/** cilium v1.20, pkg/fqdn/matchpattern: `*` is any run of characters but dots, unless it stands alone; `**.` any number of labels. */
function matchPattern(name: string, pattern: string): Match {
  if (pattern === '*') return 'yes'
  if (!pattern.includes('*')) return 'no'
  const plain = pattern.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  const rest = plain.replace(/^\*\*\./, '').split('.')
  const missing = labels.length - rest.length
  if (plain.startsWith('**.') ? missing < 1 : missing !== 0) return 'no'
  return rest.every((part, index) => fits(labels[index + missing] ?? '', part)) ? 'yes' : 'no'
}

/** Whether a label is what a pattern with `*` says; in a time that grows with their lengths alone. */
function fits(label: string, pattern: string): boolean {
  const [head = '', ...middle] = pattern.split(/\*+/)
  const tail = middle.pop()
  if (tail === undefined) return label === head
  if (!label.startsWith(head) || !label.endsWith(tail) || label.length < head.length + tail.length) return false
  let at = head.length
  for (const part of middle) {
    const found = label.indexOf(part, at)
    if (found < 0 || found + part.length > label.length - tail.length) return false
    at = found + part.length
  }
  return true
}

/** A block that holds so much that many destinations may be in it. */
export function isWide(cidr: Cidr): boolean {
  return cidr.prefix <= (cidr.version === 4 ? 8 : 16)
}
