import { namespaceNameLabel } from '../engines/labels.ts'
import type { Flow, Peers } from '../traffic/flow.ts'
import type { Peer } from '../values/peers.ts'
import type { JsonObject } from '../yaml/tree.ts'
import { needKey } from './need.ts'
import type { Need } from './need.ts'

/** The flow that opens a need, or why there can be none. */
export type Derived = { readonly flow: Flow } | { readonly cannot: string }

/** The needs that the engine can say, as flows. */
export function derivedFlows(needs: readonly Need[], engine: DerivingEngine): Flow[] {
  return needs.flatMap(need => {
    const derived = derive(need, engine)
    return 'flow' in derived ? [derived.flow] : []
  })
}

interface DerivingEngine {
  readonly knowsNames: boolean
  readonly knowsNodes: boolean
  readonly kind: string
}

/** A need as a flow, as far as the engine can say it. */
export function derive(need: Need, engine: DerivingEngine): Derived {
  const peers = peersOf(need, engine)
  if ('cannot' in peers) return peers
  return {
    flow: {
      row: need.row,
      direction: 'egress',
      peers,
      ports: need.ports,
      reason: `${need.party}: ${need.reason}${need.ports.length === 0 ? '; at every port, since that of its pods is not known' : ''}`,
      resolvesNames: false,
      where: need.found.map(({ where }) => where),
      verbatim: undefined,
      derived: needKey(need),
    },
  }
}

function peersOf({ host, found, text }: Need, { knowsNames, knowsNodes, kind }: DerivingEngine): Peers | { readonly cannot: string } {
  switch (host.kind) {
    case 'service':
      return servicePeers(host.namespace, host.pods, found[0]?.place)
    case 'address':
      return { kind: 'cidrs', cidrs: [host.cidr] }
    case 'outside':
      if (!knowsNames) return { cannot: `${kind} knows no names, only addresses, and the stream does not tell those of ${host.name}` }
      return /^[-a-z0-9_.*]+$/.test(host.name) ? { kind: 'names', names: [host.name] } : { cannot: `${host.name} is no pattern that ${kind} takes` }
    case 'either':
      return { cannot: `${host.name} may be a Service in namespace ${host.namespace} or a host: write ${host.name}.svc for the Service` }
    case 'nodes':
      return knowsNodes ? { kind: 'nodes' } : { cannot: `${kind} has no word for nodes, and the stream does not tell their addresses` }
    case 'apiserver':
    case 'dns':
    case 'unknown':
      return { cannot: `the address of ${text} is not in the stream` }
  }
}

/** Pods by the Service's selector where the stream holds it, else all of its namespace. */
function servicePeers(namespace: string | undefined, pods: Peer['podSelector'], place: Need['found'][number]['place'] | undefined): Peers {
  if (namespace !== undefined && pods === undefined) return { kind: 'namespace', namespace }
  const podSelector = pods ?? { matchLabels: {}, matchExpressions: [] }
  const namespaceSelector = namespace === undefined ? undefined : { matchLabels: { [namespaceNameLabel]: namespace }, matchExpressions: [] }
  const peer: Peer = { podSelector, namespaceSelector, ipBlock: undefined }
  const verbatim: JsonObject = {
    ...(namespace === undefined ? {} : { namespaceSelector: { matchLabels: { [namespaceNameLabel]: namespace } } }),
    podSelector: pods === undefined ? {} : { matchLabels: { ...pods.matchLabels } },
  }
  return { kind: 'listed', peers: [{ peer, path: 'networkPolicy.egress.derive', place: place ?? { source: '', line: 0, column: 0 } }], verbatim: [verbatim] }
}
