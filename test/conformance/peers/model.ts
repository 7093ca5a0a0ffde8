import type { Flow, JudgeName, Pod, Protocol } from '../flows/model.ts'

export const dialects = ['cilium', 'calico', 'clusterNetworkPolicy'] as const
/** An engine whose policies are translated. */
export type Dialect = (typeof dialects)[number]

export const rows = ['webhook', 'metrics', 'gate', 'mcp', 'health'] as const
/** A port of the controller whose callers a list narrows. */
export type Row = (typeof rows)[number]

/** What a user may leave out, or write as null. */
export type Maybe<T> = T | null

export interface Requirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: Maybe<string[]>
}

export interface Selector {
  matchLabels?: Maybe<Record<string, string>>
  matchExpressions?: Maybe<Requirement[]>
}

export interface Peer {
  podSelector?: Maybe<Selector>
  namespaceSelector?: Maybe<Selector>
  ipBlock?: Maybe<{ cidr: string; except?: Maybe<string[]> }>
}

export interface Port {
  protocol?: Maybe<Protocol>
  port?: Maybe<number | string>
  endPort?: Maybe<number>
}

export interface Rule {
  peers?: Maybe<Peer[]>
  ports?: Maybe<Port[]>
}

/** What is translated, in one shape for both directions. */
export interface Values {
  from: Partial<Record<Row, Maybe<Peer[]>>>
  ingress: readonly Rule[]
  /** Absent: egress is not locked. */
  egress?: readonly Rule[]
}

export interface Case {
  id: string
  values: Values
  /** Dialects that it is about, where it is not about all. */
  only?: readonly Dialect[]
  /** Dialects whose API takes less than that. */
  exceeds?: readonly Dialect[]
}

/** A case with a controller of its own in the world, and what is asked of it. */
export interface Placed extends Case {
  controller: Pod
  flows: readonly Flow[]
}

/** Who renders and who judges. */
export interface Pair {
  engine: Dialect
  judge: JudgeName
}
