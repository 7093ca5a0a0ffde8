import { toSelector } from '../../discover/selector.ts'
import type { LabelSelector } from '../../discover/selector.ts'
import type { Protocol } from '../../discover/workload.ts'
import { isServiceName, parseGoInteger } from '../../passthrough/cilium.ts'
import { at, itemsAt, textAt, toJson } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Direction } from '../contract.ts'
import { textsIn, wordAt } from './texts.ts'

/** A rule of a CiliumNetworkPolicy. */
export interface CiliumRule {
  readonly action: 'allow' | 'deny'
  /** Empty: nobody, unless there are ports: then everybody. */
  readonly peers: readonly CiliumPeer[]
  /** A list of peers that is there and empty: the rule is about nobody. */
  readonly nobody: boolean
  /** Undefined: it says nothing of ports, and every protocol is meant. */
  readonly ports: readonly CiliumPort[] | undefined
  /** Mode of the authentication that the peer must pass. */
  readonly authentication: string | undefined
  /** `specs[0].ingressDeny[1]` */
  readonly path: string
  readonly tree: Tree
}

export type CiliumPeer =
  | { readonly kind: 'pods' | 'nodes'; readonly selector: LabelSelector }
  | { readonly kind: 'entity'; readonly entity: string }
  | { readonly kind: 'block'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'group'; readonly name: string; readonly except: readonly string[] }
  | { readonly kind: 'groups'; readonly selector: LabelSelector; readonly except: readonly string[] }
  | { readonly kind: 'name'; readonly pattern: string }
  /** Undefined namespace: each that has one of the name. */
  | { readonly kind: 'service'; readonly name: string; readonly namespace: string | undefined }
  | { readonly kind: 'services'; readonly selector: LabelSelector; readonly namespace: string | undefined }
  /** Security groups of a cloud. */
  | { readonly kind: 'cloud' }

export interface CiliumPort {
  /** A number, 0 for all; or a name, in lower case as they are compared. */
  readonly port: number | string
  /** Where the range ends; one that is not above its start makes none. */
  readonly end: number
  /** Empty: one that has no ports (VRRP, ESP). */
  readonly protocols: readonly Protocol[]
  /** Undefined: what goes there does not pass the proxy. */
  readonly proxy: CiliumProxy | undefined
}

/** What the proxy does with what is let through. */
export interface CiliumProxy {
  readonly parser: 'http' | 'dns' | 'tls' | 'crd'
  /** What it decides by; undefined: it lets all through. */
  readonly by: 'HTTP rules' | 'DNS rules' | 'serverNames' | 'listener' | undefined
  readonly serverNames: boolean
  /** As texts, to be compared. */
  readonly listener: { readonly name: string; readonly priority: string | undefined } | undefined
  readonly terminatingTLS: string | undefined
  readonly originatingTLS: string | undefined
}

/** Reads a rule that was checked. */
export function toCiliumRule(tree: Tree, direction: Direction, action: CiliumRule['action'], path: string): CiliumRule {
  const side = direction === 'ingress' ? 'from' : 'to'
  return {
    action,
    peers: readers.flatMap(({ key, read }) => itemsAt(tree, `${side}${key}`).flatMap(read)),
    // mergeEndpointSelectors in pkg/policy/utils/parserules.go.
    nobody: ['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet'].some(key => isEmptyList(at(tree, `${side}${key}`))),
    ports: toPorts(tree),
    authentication: textAt(tree, 'authentication', 'mode'),
    path,
    tree,
  }
}

const readers: readonly { key: string; read: (item: Tree) => CiliumPeer[] }[] = [
  { key: 'Endpoints', read: item => selectorOf(item).map(selector => ({ kind: 'pods', selector })) },
  { key: 'Nodes', read: item => selectorOf(item).map(selector => ({ kind: 'nodes', selector })) },
  { key: 'Entities', read: item => [{ kind: 'entity', entity: wordAt(item) }] },
  { key: 'CIDR', read: item => [{ kind: 'block', cidr: wordAt(item), except: [] }] },
  { key: 'CIDRSet', read: toBlock },
  { key: 'FQDNs', read: item => [{ kind: 'name', pattern: textAt(item, 'matchName') ?? wordAt(item, 'matchPattern') }] },
  { key: 'Services', read: toServices },
  { key: 'Groups', read: () => [{ kind: 'cloud' }] },
]

/** Wrong requirements were refused before. */
function selectorOf(item: Tree | undefined): LabelSelector[] {
  const selector = toSelector(item, () => undefined)
  return selector === undefined ? [] : [selector]
}

function toBlock(item: Tree): CiliumPeer[] {
  const except = textsIn(item, 'except')
  const name = textAt(item, 'cidrGroupRef')
  if (name !== undefined) return [{ kind: 'group', name, except }]
  const cidr = textAt(item, 'cidr')
  if (cidr !== undefined) return [{ kind: 'block', cidr, except }]
  return selectorOf(at(item, 'cidrGroupSelector')).map(selector => ({ kind: 'groups', selector, except }))
}

/** Of both, Cilium looks at the selector (processRule in pkg/policy/k8s/service.go). */
function toServices(item: Tree): CiliumPeer[] {
  const byLabels = at(item, 'k8sServiceSelector')
  if (byLabels !== undefined)
    return selectorOf(at(byLabels, 'selector')).map(selector => ({ kind: 'services', selector, namespace: textAt(byLabels, 'namespace') || undefined }))
  const byName = at(item, 'k8sService')
  return byName === undefined ? [] : [{ kind: 'service', name: wordAt(byName, 'serviceName'), namespace: textAt(byName, 'namespace') || undefined }]
}

function isEmptyList(tree: Tree | undefined): boolean {
  return tree?.kind === 'sequence' && tree.items.length === 0
}

/** `icmps` make a rule one about ports, of which TCP, UDP and SCTP have none there. */
function toPorts(tree: Tree): CiliumPort[] | undefined {
  const lists = itemsAt(tree, 'toPorts')
  if (lists.length === 0 && itemsAt(tree, 'icmps').length === 0) return undefined
  return lists.flatMap(list => itemsAt(list, 'ports').map(port => toPort(port, proxyOf(list))))
}

export const everyProtocol: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']
const protocols: Readonly<Record<string, readonly Protocol[]>> = { TCP: ['TCP'], UDP: ['UDP'], SCTP: ['SCTP'], ANY: everyProtocol }

function toPort(tree: Tree, proxy: CiliumPort['proxy']): CiliumPort {
  return {
    port: numberOrName(wordAt(tree, 'port')),
    end: Number(textAt(tree, 'endPort') ?? 0),
    protocols: protocols[textAt(tree, 'protocol') ?? 'ANY'] ?? [],
    proxy,
  }
}

function numberOrName(text: string): number | string {
  return isServiceName(text) ? text.toLowerCase() : (parseGoInteger(text) ?? 0)
}

/** createL4Filter in pkg/policy/l4.go. */
function proxyOf(list: Tree): CiliumProxy | undefined {
  const said = {
    serverNames: itemsAt(list, 'serverNames').length > 0,
    listener: listenerOf(at(list, 'listener')),
    terminatingTLS: textOf(at(list, 'terminatingTLS')),
    originatingTLS: textOf(at(list, 'originatingTLS')),
  }
  if (said.listener !== undefined) return { parser: 'crd', by: 'listener', ...said }
  if (itemsAt(list, 'rules', 'dns').length > 0) return { parser: 'dns', by: 'DNS rules', ...said }
  if (itemsAt(list, 'rules', 'http').length > 0) return { parser: 'http', by: 'HTTP rules', ...said }
  const tls = said.serverNames || said.terminatingTLS !== undefined || said.originatingTLS !== undefined
  return tls ? { parser: 'tls', by: said.serverNames ? 'serverNames' : undefined, ...said } : undefined
}

function listenerOf(tree: Tree | undefined): CiliumProxy['listener'] {
  if (tree === undefined) return undefined
  const name = [at(tree, 'envoyConfig'), at(tree, 'name')].map(textOf).join()
  return { name, priority: textAt(tree, 'priority') }
}

function textOf(tree: Tree | undefined): string | undefined {
  return tree === undefined ? undefined : JSON.stringify(toJson(tree))
}
