import type { Case, Dialect, Maybe, Peer, Rule, Values } from './model.ts'
import { NAME } from './world.ts'

/** Words that a refusal has to have; none where the values are to be translated. */
export function refusal({ values, exceeds }: Case, engine: Dialect): RegExp | undefined {
  if (isInexpressible[engine](values)) return new RegExp(`cannot express .*\\(.*\\b(${others(engine)})\\b.* can\\)`)
  return exceeds?.includes(engine) === true ? /the API takes \d+|than the \d+ \w+ that the API takes/ : undefined
}

/** It has to say who can. */
const others = (engine: Dialect): string => ['kubernetes', 'cilium', 'calico'].filter(other => other !== engine).join('|')

const isInexpressible: Record<Dialect, (values: Values) => boolean> = {
  // Keys of namespaces get a prefix, and then may be too long; pods have no labels with keys that are Cilium's own words for namespaces.
  cilium: values => selectorsOf(values).some(({ namespaces, pods }) => namespaces.some(isTooLong) || pods.some(isCiliums)),
  calico: () => false,
  clusterNetworkPolicy: ({ from, ingress, egress = [] }) =>
    // It knows who calls by pods and namespaces alone; networks have no exceptions; a port's name that calls stands for every protocol.
    [...Object.values(from), ...ingress.map(({ peers }) => peers)].some(hasBlock) || egress.some(hasException) || egress.some(hasName),
}

const hasBlock = (peers: Maybe<Peer[]> | undefined): boolean => (peers ?? []).some(({ ipBlock }) => isThere(ipBlock))
const hasException = ({ peers }: Rule): boolean => (peers ?? []).some(({ ipBlock }) => (ipBlock?.except ?? []).length > 0)
const hasName = ({ ports }: Rule): boolean => (ports ?? []).some(({ port }) => typeof port === 'string')

interface Keys {
  namespaces: string[]
  pods: string[]
}

function selectorsOf({ from, ingress, egress = [] }: Values): Keys[] {
  const peers = [...Object.values(from), ...[...ingress, ...egress].map(rule => rule.peers)].flatMap(list => list ?? [])
  return peers.map(({ namespaceSelector, podSelector }) => ({ namespaces: keysOf(namespaceSelector), pods: keysOf(podSelector) }))
}

const keysOf = (selector: Peer['podSelector']): string[] => [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? []).map(({ key }) => key)]

const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.'

function isTooLong(key: string): boolean {
  const [first = '', second] = key.split('/')
  return key !== NAME && NAMESPACE_LABELS.length + first.length > (second === undefined ? 63 : 253)
}

const isCiliums = (key: string): boolean => key === 'io.kubernetes.pod.namespace' || key.startsWith(NAMESPACE_LABELS)
const isThere = <T>(value: Maybe<T> | undefined): boolean => value !== null && value !== undefined
