import type { Labels, LabelSelector } from '../../discover/selector.ts'
import type { Protocol } from '../../discover/workload.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import { contains, parseAddress, parseCidr } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import type { Flow, ListedPeer } from '../../traffic/flow.ts'
import type { Peer } from '../../values/peers.ts'
import type { Pod } from '../../verdict/world.ts'
import { addressBeside } from '../ask/cells.ts'
import { withPod } from '../ask/changes.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { eitherOf } from '../ask/question.ts'
import type { Asked, Question } from '../ask/question.ts'
import type { Scene } from '../scene.ts'
import { madeUpPod } from '../world/made-up.ts'
import { describe } from '../world/stand-ins.ts'
import { fromApiserver } from './apiserver.ts'

/** A port of a workload that others call. */
export interface Called {
  readonly to: Ref
  readonly namespace: string
  readonly port: number
  readonly protocol: Protocol
  /** A Service sends to it what comes from outside of the cluster. */
  readonly exposed: boolean
}

/** Who calls, as a question each. */
export interface Caller {
  /** `kube-apiserver`, for people. */
  readonly from: string
  readonly question: Question
}

/** The callers of a flow of the plan, at one of its ports; each of them has to get through. */
export function callersOf({ row, peers }: Pick<Flow, 'row' | 'peers'>, called: Called, scene: Scene): Caller[] {
  if (peers.kind === 'nodes') return [kubelet(called, scene)]
  const listed = peers.kind === 'listed' ? peers.peers : []
  if (row === 'webhook' || row === 'secure') return [apiserver(called, listed, scene)]
  if (listed.length > 0) return listed.flatMap(peer => ofPeer(peer, called, scene))
  return [anyone(row, called, scene)]
}

/** Of a made-up caller nothing is known but that it calls: what its own policies say does not count. */
function ask({ to, port, protocol }: Called, from: Ref, label?: string): Asked {
  return { kind: 'flow', from, to, port, protocol, side: 'ingress', ...(label === undefined ? {} : { label }) }
}

/** Probes come from the node that the pod runs on. */
function kubelet(called: Called, { cast }: Scene): Caller {
  return { from: 'the kubelet', question: ask(called, { node: cast.ownNode }) }
}

/** Blocks that the values list for a webhook are those it calls from; pods are not. */
function apiserver({ to, port, protocol }: Called, listed: readonly ListedPeer[], scene: Scene): Caller {
  const blocks = listed.flatMap(({ peer: { ipBlock } }) => (ipBlock === undefined ? [] : (parseCidr(ipBlock.cidr) ?? [])))
  const within = blocks.length > 0 && scene.cast.world.apiserver === undefined ? blocks : undefined
  return { from: 'kube-apiserver', question: fromApiserver(scene, { to, port, protocol }, within) }
}

/** A peer that the values list: pods such as it selects, or addresses in its block, of which exceptions may leave none. */
function ofPeer({ peer }: ListedPeer, called: Called, { cellsAt, cast }: Scene): Caller[] {
  const { ipBlock } = peer
  if (ipBlock !== undefined) {
    const out = ipBlock.except.flatMap(text => parseCidr(text) ?? [])
    const block = parseCidr(ipBlock.cidr)
    const tried = cellsAt(called.to, 'ingress', block).filter(({ address }) => !out.some(cut => holds(cut, address)))
    const beside = block === undefined || tried.length > 0 ? undefined : addressBeside(block, out)
    const cells = beside === undefined ? tried : [{ address: beside, label: `an address in ${ipBlock.cidr}` }]
    const asked = cells.map(({ address, label }) => ask(called, { address }, label))
    return asked.length === 0 ? [] : [{ from: ipBlock.cidr, question: eitherOf(`which address of ${ipBlock.cidr} calls`, asked) }]
  }
  const { pod, namespaceLabels, label } = podOf(peer, called.namespace)
  const isThere = cast.world.namespaces.some(({ name }) => name === pod.namespace)
  return [{ from: label, question: { ...ask(called, podRef(pod), label), change: withPod(pod, isThere ? {} : namespaceLabels) } }]
}

function holds(block: Cidr, address: string): boolean {
  const parsed = parseAddress(address)
  return parsed !== undefined && contains(block, { ...parsed, prefix: parsed.version === 4 ? 32 : 128 })
}

/** A pod that a peer selects. */
function podOf({ podSelector, namespaceSelector }: Peer, own: string): { readonly pod: Pod; readonly namespaceLabels: Labels; readonly label: string } {
  const { [namespaceNameLabel]: name, ...namespaceLabels } = namespaceSelector === undefined ? { [namespaceNameLabel]: own } : selectedLabels(namespaceSelector)
  const labels = podSelector === undefined ? {} : selectedLabels(podSelector)
  const pod = madeUpPod(name ?? 'listed', 'listed', { labels })
  return { pod, namespaceLabels, label: describe(labels, name, namespaceLabels, undefined) }
}

/** Labels that a selector selects; of several values the first, and nothing that it rules out. */
function selectedLabels({ matchLabels, matchExpressions }: LabelSelector): Record<string, string> {
  const required = matchExpressions.flatMap(({ key, operator, values }) =>
    operator === 'In' ? [[key, values[0] ?? ''] as const] : operator === 'Exists' ? [[key, 'any'] as const] : [],
  )
  return { ...Object.fromEntries(required), ...matchLabels }
}

/** Whoever it is: pods, and where a port of the nodes or a Service leads here from outside, others too. */
function anyone(row: string, called: Called, { standIns, situation, cellsAt, cast }: Scene): Caller {
  const pods = standIns.callers(called.namespace, situation.policiesOf(called.to, 'ingress')).map(({ ref, label }) => ask(called, ref, label))
  const fromOutside = row === 'hostPort' || called.exposed
  const others = fromOutside
    ? [
        ...cellsAt(called.to, 'ingress').map(({ address, label }) => ask(called, { address }, label)),
        ...cast.world.nodes.filter(({ name }) => name !== cast.ownNode).map(({ name }) => ask(called, { node: name }, `node ${name}`)),
      ]
    : []
  return { from: fromOutside ? 'anyone' : 'any pod', question: eitherOf('who calls', [...pods, ...others]) }
}
