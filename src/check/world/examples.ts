import type { Labels } from '../../discover/selector.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Direction } from '../../verdict/contract.ts'
import { at, entriesAt, itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import { labelsIn, labelsOf, ruledOutIn, ruledOutOf, sortCilium } from './selector-labels.ts'

/** A pod that a rule speaks of: such as one may be the caller, or the destination, that the stream does not hold. */
export interface Example {
  /** Undefined: of no namespace in particular. */
  readonly namespace: string | undefined
  /** What its namespace has to be labelled with. */
  readonly namespaceLabels: Labels
  readonly labels: Labels
  readonly serviceAccount: string | undefined
}

/**
 * The pods that the peers of each policy's rules of a direction are about, in all dialects: from the labels that a peer names, and from those that it
 * rules out. An evaluator then says what becomes of them; a peer that is read wrongly makes an example too many, and no wrong verdict. One that several
 * policies speak of is one object. `namespace`: the release's.
 */
export function examplesIn(policies: readonly Resource[], namespace: string, direction: Direction): ReadonlyMap<Resource, readonly Example[]> {
  const known = new Map<string, Example>()
  const distinct = (example: Example): Example => {
    const key = keyOf(example)
    const same = known.get(key) ?? example
    known.set(key, same)
    return same
  }
  const ofPolicy = (policy: Resource): Example[] =>
    peersIn(policy.tree, peersOf[direction]).flatMap(peer => toExamples(peer, policy.namespace ?? namespace).map(distinct))
  return new Map(policies.map(policy => [policy, [...new Set(ofPolicy(policy))]]))
}

function keyOf({ namespace, namespaceLabels, labels, serviceAccount }: Example): string {
  const sorted = (map: Labels): unknown => Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([namespace, sorted(namespaceLabels), sorted(labels), serviceAccount])
}

/** The fields of a rule that hold its peers: lists, and Calico's `source` and `destination`. */
interface PeerFields {
  readonly rules: RegExp
  readonly lists: RegExp
  readonly end: string
}

const peersOf: Readonly<Record<Direction, PeerFields>> = {
  ingress: { rules: /^ingress(Deny)?$/, lists: /^from(Endpoints)?$/, end: 'source' },
  egress: { rules: /^egress(Deny)?$/, lists: /^to(Endpoints)?$/, end: 'destination' },
}

function peersIn(tree: Tree, fields: PeerFields): Tree[] {
  if (tree.kind === 'sequence') return tree.items.flatMap(item => peersIn(item, fields))
  return entriesAt(tree).flatMap(({ key, value }) =>
    fields.rules.test(key) ? itemsAt(value).flatMap(rule => peersOfRule(rule, fields)) : peersIn(value, fields),
  )
}

function peersOfRule(rule: Tree, { lists, end }: PeerFields): Tree[] {
  return entriesAt(rule).flatMap(({ key, value }) => (lists.test(key) ? itemsAt(value) : key === end ? [value] : []))
}

/** A pod that the peer selects, and for each label that it rules out one that has it. */
function toExamples(peer: Tree, own: string): Example[] {
  const pods = { ...labelsOf(at(peer, 'podSelector')), ...labelsOf(at(peer, 'pods', 'podSelector')), ...labelsOf(peer), ...labelsIn(textAt(peer, 'selector')) }
  const ruledOut = [
    ...[at(peer, 'podSelector'), at(peer, 'pods', 'podSelector'), peer].flatMap(ruledOutOf),
    ...ruledOutIn(textAt(peer, 'selector')),
    labelsIn(textAt(peer, 'notSelector')),
  ]
  const namespaces = {
    ...namespaceSelectorsOf(peer).reduce((all, selector) => ({ ...all, ...labelsOf(selector) }), {}),
    ...labelsIn(textAt(peer, 'namespaceSelector')),
  }
  const ruledOutNamespaces = [...namespaceSelectorsOf(peer).flatMap(ruledOutOf), ...ruledOutIn(textAt(peer, 'namespaceSelector'))]
  return [
    toExample(peer, own, pods, namespaces),
    ...ruledOut.filter(isNotEmpty).map(labels => toExample(peer, own, { ...pods, ...labels }, namespaces)),
    ...ruledOutNamespaces.map(labels => toExample(peer, own, pods, { ...namespaces, ...labels })),
  ]
}

function isNotEmpty(labels: Labels): boolean {
  return Object.keys(labels).length > 0
}

function namespaceSelectorsOf(peer: Tree): Tree[] {
  return [at(peer, 'namespaces'), at(peer, 'namespaceSelector'), at(peer, 'pods', 'namespaceSelector')].filter(selector => selector !== undefined)
}

function toExample(peer: Tree, own: string, pods: Labels, namespaces: Labels): Example {
  const { namespace, namespaceLabels, labels, serviceAccount } = sortCilium(pods)
  const name = namespace ?? namespaces[namespaceNameLabel] ?? namespaces[calicoName]
  const { [namespaceNameLabel]: _, [calicoName]: __, ...others } = { ...namespaces, ...namespaceLabels }
  return {
    namespace: name ?? (namespaceSelectorsOf(peer).length > 0 ? undefined : own),
    namespaceLabels: others,
    labels,
    serviceAccount: serviceAccount ?? textAt(peer, 'serviceAccounts', 'names', 0),
  }
}

/** Calico, libcalico-go/lib/apis/v3: the label by which it names each namespace. */
export const calicoName = 'projectcalico.org/name'
