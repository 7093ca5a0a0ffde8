import type { Labels } from '../../discover/selector.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import type { Resource } from '../../resources/resource.ts'
import { at, entriesAt, itemsAt, textAt, textsAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

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
 * The pods that peers of rules are about, in all dialects: from the labels that each peer names. An evaluator then says what becomes of them;
 * a peer that is read wrongly makes an example too many, and no wrong verdict. `namespace`: the release's.
 */
export function examplesIn(policies: readonly Resource[], namespace: string): Example[] {
  const found = policies.flatMap(policy => peersIn(policy.tree).map(peer => toExample(peer, policy.namespace ?? namespace)))
  return distinctExamples(found)
}

export function distinctExamples(examples: readonly Example[]): Example[] {
  return [...new Map(examples.map(example => [keyOf(example), example])).values()]
}

function keyOf({ namespace, namespaceLabels, labels, serviceAccount }: Example): string {
  const sorted = (map: Labels): unknown => Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([namespace, sorted(namespaceLabels), sorted(labels), serviceAccount])
}

/** Items of the lists of peers, and Calico's `source` and `destination`. */
function peersIn(tree: Tree): Tree[] {
  if (tree.kind === 'sequence') return tree.items.flatMap(peersIn)
  return entriesAt(tree).flatMap(({ key, value }) => {
    if (/^(from|to)(Endpoints)?$/.test(key)) return itemsAt(value)
    return key === 'source' || key === 'destination' ? [value] : peersIn(value)
  })
}

function toExample(peer: Tree, own: string): Example {
  const pods = { ...labelsOf(at(peer, 'podSelector')), ...labelsOf(at(peer, 'pods', 'podSelector')), ...labelsOf(peer), ...labelsIn(textAt(peer, 'selector')) }
  const namespaces = {
    ...labelsOf(at(peer, 'namespaces')),
    ...labelsOf(at(peer, 'namespaceSelector')),
    ...labelsOf(at(peer, 'pods', 'namespaceSelector')),
    ...labelsIn(textAt(peer, 'namespaceSelector')),
  }
  const { namespace, namespaceLabels, labels, serviceAccount } = sortCilium(pods)
  const name = namespace ?? namespaces[namespaceNameLabel] ?? namespaces[calicoName]
  const { [namespaceNameLabel]: _, [calicoName]: __, ...others } = { ...namespaces, ...namespaceLabels }
  const elsewhere = at(peer, 'namespaceSelector') !== undefined || at(peer, 'pods', 'namespaceSelector') !== undefined || at(peer, 'namespaces') !== undefined
  return {
    namespace: name ?? (elsewhere ? undefined : own),
    namespaceLabels: others,
    labels,
    serviceAccount: serviceAccount ?? textAt(peer, 'serviceAccounts', 'names', 0),
  }
}

/** Calico, libcalico-go/lib/apis/v3: the label by which it names each namespace. */
const calicoName = 'projectcalico.org/name'

/** The labels of a pod, and what Cilium says among them of its namespace and account (cilium v1.20, pkg/k8s/apis/cilium.io/const.go). */
function sortCilium(all: Labels): Example {
  let namespace: string | undefined
  let serviceAccount: string | undefined
  const labels: Record<string, string> = {}
  const namespaceLabels: Record<string, string> = {}
  for (const [written, value] of Object.entries(all)) {
    const key = written.replace(/^(k8s|any):/, '')
    if (key === 'io.kubernetes.pod.namespace') namespace = value
    else if (key === 'io.cilium.k8s.policy.serviceaccount') serviceAccount = value
    else if (key.startsWith(ofNamespace)) namespaceLabels[key.slice(ofNamespace.length)] = value
    else labels[key] = value
  }
  return { namespace, namespaceLabels, labels, serviceAccount }
}

const ofNamespace = 'io.cilium.k8s.namespace.labels.'

/** Labels that a selector selects, of several values the first. */
function labelsOf(selector: Tree | undefined): Labels {
  const required = itemsAt(selector, 'matchExpressions').flatMap(item => {
    const operator = textAt(item, 'operator')
    const value = operator === 'In' ? textAt(item, 'values', 0) : operator === 'Exists' ? 'any' : undefined
    return value === undefined ? [] : [[textAt(item, 'key') ?? '', value] as const]
  })
  return { ...Object.fromEntries(required), ...textsAt(selector, 'matchLabels') }
}

/** The same of a selector of Calico's: of each term that asks for a label, whatever joins them. */
function labelsIn(expression = ''): Labels {
  const values = [...expression.matchAll(/([\w./-]+)\s*(?:==|(?<!not\s+)in\s*\{|starts with|ends with|contains)\s*(?:'([^']*)'|"([^"]*)")/g)]
  const keys = [...expression.matchAll(/(?<!!\s*)has\(([\w./-]+)\)/g)]
  return {
    ...Object.fromEntries(keys.map(([, key = '']) => [key, 'any'])),
    ...Object.fromEntries(values.map(([, key = '', one, other]) => [key, one ?? other ?? ''])),
  }
}
