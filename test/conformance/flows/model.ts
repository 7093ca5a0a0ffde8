/** The words of this suite: worlds, flows, scenarios. Nothing here comes from the implementation. */

export const engines = ['kubernetes', 'cilium', 'calico', 'clusterNetworkPolicy'] as const
export type Engine = (typeof engines)[number]

export type JudgeName = 'cilium' | 'calico'
export const judgesOf: Record<Engine, readonly JudgeName[]> = {
  kubernetes: ['cilium', 'calico'],
  cilium: ['cilium'],
  calico: ['calico'],
  clusterNetworkPolicy: ['cilium', 'calico'],
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP'
export type Labels = Readonly<Record<string, string>>

export interface ContainerPort {
  name?: string
  port: number
  protocol: Protocol
}

export interface Pod {
  kind: 'pod'
  id: string
  namespace: string
  name: string
  labels: Labels
  ip: string
  /** A second address of the other family. */
  ip6?: string
  ports: readonly ContainerPort[]
}

export interface Node {
  kind: 'node'
  id: string
  ip: string
  local: boolean
}

/** An endpoint address of the API server; the same address as a node's where it runs on one. */
export interface ApiServer {
  kind: 'apiserver'
  id: string
  ip: string
  port: number
}

export interface Outside {
  kind: 'outside'
  id: string
  ip: string
  /** Names that resolve to it. */
  names?: readonly string[]
}

export type End = Pod | Node | ApiServer | Outside

export interface World {
  name: string
  ends: readonly End[]
  namespaceLabels: Readonly<Record<string, Labels>>
  /** Address families that are on. */
  families: { v4: boolean; v6: boolean }
}

export interface Flow {
  from: End
  to: End
  port: number
  protocol: Protocol
}

export type Verdict = 'allow' | 'deny'

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }[]
}

export interface Peer {
  podSelector?: LabelSelector
  namespaceSelector?: LabelSelector
  ipBlock?: { cidr: string; except?: string[] }
}

export interface PolicyPort {
  protocol?: Protocol
  port?: number | string
  endPort?: number
}

export interface IngressRule {
  from?: Peer[]
  ports?: PolicyPort[]
}

export interface EgressRule {
  to?: Peer[]
  ports?: PolicyPort[]
}

interface From {
  from?: Peer[]
}

interface Lists {
  ingress?: object[]
  egress?: object[]
}

/** The `networkPolicy` block as a user writes it. */
export interface Block {
  enabled: true
  engine: Engine
  controller?: string
  namespace?: string
  defaultDeny?: { enabled: boolean; order?: number }
  webhook?: From
  metrics?: From
  gate?: From
  health?: From
  mcp?: From
  additionalIngress?: IngressRule[]
  translatePeers?: boolean
  egress?: {
    enabled: boolean
    dns?: boolean
    dnsNamespace?: string
    dnsCIDRs?: string[]
    to?: EgressRule[]
    apiserver?: { cidrs?: string[]; ports?: number[] }
  }
  cilium?: Lists
  calico?: Lists & { order?: number }
  clusterNetworkPolicy?: Lists & { priority?: number }
}

/** Values of the chart itself that matter here. */
export interface ChartValues {
  webhook?: { enabled?: boolean; certMode?: string; certManager?: { issuerRef: { name: string } } }
  gate?: { enabled?: boolean }
  mcp?: { enabled?: boolean }
  ports?: Partial<Record<'metrics' | 'health' | 'gate' | 'mcp' | 'webhook', number>>
  [other: string]: unknown
}

/** Why a port is open: the rows of the ingress table. */
export type Reason = 'webhook' | 'metrics' | 'gate' | 'mcp' | 'health' | 'service'

export interface ReasonedPort {
  reason: Reason
  port: number
  protocol?: Protocol
}

/** A workload that gets an allowlist, with what a reader of the chart knows about its ports. */
export interface Covered {
  workload: string
  ports: readonly ReasonedPort[]
}

/** A stream to put policies into. */
export interface Subject {
  id: string
  namespace: string
  stream: () => Promise<string>
  covered: readonly Covered[]
  /** Pods that only this subject's world has. */
  pods?: readonly Pick<Pod, 'id' | 'namespace' | 'name' | 'labels' | 'ports'>[]
}

/** What a passthrough rule means, said beside the rule: which flows it adds. */
export interface Meaning {
  direction: 'ingress' | 'egress'
  admits: (flow: Flow, world: World) => boolean
}

export interface Scenario {
  id: string
  subject: Subject
  chart: ChartValues
  block: Block
  meanings: readonly Meaning[]
  worlds: readonly string[]
}
