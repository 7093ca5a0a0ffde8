import type { Judges } from '../harness/judges.ts'
import { compare, isSame } from './compare.ts'
import type { Outcome } from './compare.ts'
import type { Maybe, Peer, Rule, Selector, Values } from './model.ts'
import { render } from './render.ts'

/** Leaves out of a case what it can for as long as the same flows of it come out otherwise than they should. */
export async function shrink(judges: Judges, outcome: Outcome): Promise<Outcome> {
  const { of, pair } = outcome
  for (const values of smaller(of.values)) {
    const rendered = await render({ id: of.id, values, only: [pair.engine] }, { controller: of.controller, flows: of.flows })
    const [found] = (await compare(judges, pair.judge, [rendered])).filter(({ pair: { engine } }) => engine === pair.engine)
    if (found !== undefined && !isSame(found)) return shrink(judges, found)
  }
  return outcome
}

function smaller({ from, ingress, egress }: Values): Values[] {
  return [
    ...changed(from, peers => withPeers(peers)).map(fewer => ({ from: fewer, ingress, ...(egress === undefined ? {} : { egress }) })),
    ...shorter(ingress, smallerRules).map(fewer => ({ from, ingress: fewer, ...(egress === undefined ? {} : { egress }) })),
    ...(egress === undefined ? [] : [{ from, ingress }, ...shorter(egress, smallerRules).map(fewer => ({ from, ingress, egress: fewer }))]),
  ]
}

const smallerRules = ({ peers, ports }: Rule): Rule[] => [
  ...withPeers(peers).map(fewer => ({ ...(fewer === undefined ? {} : { peers: fewer }), ...(ports === undefined ? {} : { ports }) })),
  ...shorter(ports ?? [], () => []).map(fewer => ({ ...(peers === undefined ? {} : { peers }), ports: fewer })),
]

const withPeers = (peers: Maybe<Peer[]> | undefined): Peer[][] => shorter(peers ?? [], smallerPeers)

function smallerPeers({ podSelector, namespaceSelector, ipBlock }: Peer): Peer[] {
  const except = ipBlock?.except ?? []
  return [
    ...(podSelector && namespaceSelector ? [{ podSelector }, { namespaceSelector }] : []),
    ...smallerSelectors(podSelector).map(fewer => ({ podSelector: fewer, ...(namespaceSelector ? { namespaceSelector } : {}) })),
    ...smallerSelectors(namespaceSelector).map(fewer => ({ namespaceSelector: fewer, ...(podSelector ? { podSelector } : {}) })),
    ...(ipBlock ? shorter(except, () => []).map(fewer => ({ ipBlock: { cidr: ipBlock.cidr, except: fewer } })) : []),
  ]
}

function smallerSelectors(selector: Maybe<Selector> | undefined): Selector[] {
  const { matchLabels, matchExpressions } = selector ?? {}
  return [
    ...changed<string>(matchLabels ?? {}, () => []).map(fewer => ({ matchLabels: fewer, matchExpressions: matchExpressions ?? [] })),
    ...shorter(matchExpressions ?? [], term => ((term.values ?? []).length > 1 ? shorter(term.values ?? [], () => []).map(values => ({ ...term, values })) : [])).map(fewer => ({
      matchLabels: matchLabels ?? {},
      matchExpressions: fewer,
    })),
  ]
}

/** A list without one of its items, or with a smaller one. */
function shorter<T>(list: readonly T[], less: (item: T) => T[]): T[][] {
  return [...list.map((_, index) => list.toSpliced(index, 1)), ...list.flatMap((item, index) => less(item).map(lesser => list.with(index, lesser)))]
}

/** The same for a record. */
function changed<T>(record: Readonly<Record<string, T>>, less: (item: T) => T[]): Record<string, T>[] {
  return shorter(Object.entries(record), ([key, item]) => less(item).map((lesser): [string, T] => [key, lesser])).map(entries => Object.fromEntries(entries))
}
