import { rows } from './model.ts'
import type { Case, Dialect, Maybe, Peer } from './model.ts'

/** The words of the refusal that is due; undefined where the engine is to take the values. */
export function refusal({ values: { from, ingress, egress }, exceeds }: Case, engine: Dialect): RegExp | undefined {
  if (exceeds?.includes(engine) === true) return /\berror NP50[03]\b/
  if (engine !== 'clusterNetworkPolicy') return undefined
  const callers = [...rows.map(row => from[row]), ...ingress.map(({ peers }) => peers)]
  const called = (egress ?? []).map(({ peers }) => peers)
  // It knows who calls by pods and namespaces alone; the networks that may be called have no exceptions.
  return some(callers, isBlock) || some(called, hasExceptions) ? NO_WORDS : undefined
}

/** It has to say which engines can. */
const NO_WORDS = /\berror NP500: ClusterNetworkPolicy cannot express the ipBlock \S+ of \S+: .*\(kubernetes, cilium and calico can\)/

const some = (lists: readonly (Maybe<Peer[]> | undefined)[], which: (peer: Peer) => boolean): boolean => lists.some(list => (list ?? []).some(which))
const isBlock = ({ ipBlock }: Peer): boolean => ipBlock !== undefined && ipBlock !== null
const hasExceptions = ({ ipBlock }: Peer): boolean => (ipBlock?.except ?? []).length > 0
