import type { Direction, StagedRule, Unread } from '../../contract.ts'
import { peerOf } from '../../match.ts'
import type { CiliumPort } from '../../policies/cilium-rule.ts'
import type { End, Flow } from '../../world.ts'
import type { Identity } from './identity.ts'
import { matchesPort } from './ports.ts'
import type { Selector } from './select.ts'

/** Whom a rule is about, on which ports. */
export interface Part {
  readonly selectors: readonly Selector[]
  /** Undefined: all. */
  readonly ports: readonly CiliumPort[] | undefined
}

export interface UnstagedRule extends Pick<StagedRule, 'action' | 'path' | 'tree' | 'level'> {
  /** It matches where one of them does. */
  readonly parts: readonly Part[]
  /** The mode that the peer must pass; undefined: none is asked for. */
  readonly authentication?: string | undefined
}

/** Makes a rule ready to be asked. */
export function stageRule({ parts, authentication, ...rule }: UnstagedRule, direction: Direction, identityOf: (end: End) => Identity): StagedRule {
  const peer = (flow: Flow): Identity => identityOf(peerOf(flow, direction))
  const covers = ({ ports }: Part, flow: Flow): boolean => ports === undefined || ports.some(port => matchesPort(port, flow, direction))
  const ready = parts.map(part => ({ part, selects: once(identity => part.selectors.some(({ matches }) => matches(identity))) }))
  const doubts = parts.flatMap(part => part.selectors.flatMap(({ unread }) => (unread === undefined ? [] : [{ part, ...unread }])))
  const unread: Unread = {
    why: doubts.map(({ why }) => why).join('; '),
    matches: flow => doubts.some(({ part, matches }) => covers(part, flow) && matches(peer(flow))),
  }
  const proxied = parts.some(({ ports }) => ports?.some(({ proxy }) => proxy !== undefined) === true)
  return {
    ...rule,
    matches: flow => ready.some(({ part, selects }) => selects(peer(flow)) && covers(part, flow)),
    unread: doubts.length === 0 ? undefined : unread,
    proviso: authentication === undefined && !proxied ? undefined : flow => provisoOf(parts, authentication, flow, direction),
  }
}

/** Asks once of each identity. */
function once(selects: (identity: Identity) => boolean): (identity: Identity) => boolean {
  const known = new Map<Identity, boolean>()
  return identity => {
    let selected = known.get(identity)
    if (selected === undefined) known.set(identity, (selected = selects(identity)))
    return selected
  }
}

/** A port that is let through as it is opens what another of the rule leaves to the proxy. */
function provisoOf(parts: readonly Part[], authentication: string | undefined, flow: Flow, direction: Direction): string | undefined {
  const proxies = parts.flatMap(({ ports = [] }) => ports.filter(port => matchesPort(port, flow, direction)).map(({ proxy }) => proxy))
  const provisos = [
    ...(proxies.includes(undefined) || proxies.length === 0 ? [] : [`the proxy lets it through by its ${[...new Set(proxies)].join(' and ')}`]),
    ...(authentication === undefined || authentication === 'disabled' ? [] : [`the authentication ${authentication} succeeds`]),
  ]
  return provisos.length === 0 ? undefined : provisos.join(', and ')
}
