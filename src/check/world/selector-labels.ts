import type { Labels } from '../../discover/selector.ts'
import { selectorTokens } from '../../passthrough/calico-selector.ts'
import { itemsAt, textAt, textsAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'

/** Labels that selectors of policies speak of, in all dialects. */

/** What labels of Cilium say of a pod. */
export interface SortedLabels {
  readonly namespace: string | undefined
  readonly namespaceLabels: Labels
  readonly labels: Labels
  readonly serviceAccount: string | undefined
}

/** The labels of a pod, and what Cilium says among them of its namespace and account (cilium v1.20, pkg/k8s/apis/cilium.io/const.go). */
export function sortCilium(all: Labels): SortedLabels {
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
export function labelsOf(selector: Tree | undefined): Labels {
  const required = itemsAt(selector, 'matchExpressions').flatMap(item => {
    const operator = textAt(item, 'operator')
    const value = operator === 'In' ? textAt(item, 'values', 0) : operator === 'Exists' ? 'any' : undefined
    return value === undefined ? [] : [[textAt(item, 'key') ?? '', value] as const]
  })
  return { ...Object.fromEntries(required), ...textsAt(selector, 'matchLabels') }
}

/** Labels that a selector rules out, of several values the first. */
export function ruledOutOf(selector: Tree | undefined): Labels[] {
  return itemsAt(selector, 'matchExpressions').flatMap(item => {
    const operator = textAt(item, 'operator')
    const value = operator === 'NotIn' ? textAt(item, 'values', 0) : operator === 'DoesNotExist' ? 'any' : undefined
    return value === undefined ? [] : [{ [textAt(item, 'key') ?? '']: value }]
  })
}

/** The same of a selector of Calico's: of each term that asks for a label, whatever joins them. */
export function labelsIn(expression: string | undefined): Labels {
  return Object.fromEntries(termsIn(expression).flatMap(({ rulesOut, key, value }) => (rulesOut ? [] : [[key, value]])))
}

/** The labels that its terms rule out. */
export function ruledOutIn(expression: string | undefined): Labels[] {
  return termsIn(expression).flatMap(({ rulesOut, key, value }) => (rulesOut ? [{ [key]: value }] : []))
}

interface Term {
  readonly key: string
  /** One that decides it: of a list the first. */
  readonly value: string
  readonly rulesOut: boolean
}

function termsIn(expression = ''): Term[] {
  const tokens = selectorTokens(expression) ?? []
  const valueAt = (index: number): string => tokens[index]?.value ?? ''
  return tokens.flatMap(({ kind, value: key }, index): Term[] => {
    if (kind === 'has') return [{ key, value: 'any', rulesOut: tokens[index - 1]?.kind === '!' }]
    if (kind !== 'label') return []
    const operator = valueAt(index + 1)
    const isList = operator === 'in' || operator === 'not in'
    return [{ key, value: valueAt(index + (isList ? 3 : 2)), rulesOut: operator === '!=' || operator === 'not in' }]
  })
}
