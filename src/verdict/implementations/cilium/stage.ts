import type { Direction, Proviso, StagedRule, Unread } from '../../contract.ts'
import { peerOf } from '../../match.ts'
import { once } from '../../once.ts'
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
  const finds = (part: Part, selects: Selects, flow: Flow): boolean => {
    const identity = identityOf(peerOf(flow, direction))
    if (selects(identity) && covers(part, flow, direction)) return true
    const { aggregate } = identity
    return aggregate !== undefined && selects(aggregate) && covers(direction === 'egress' ? withoutNames(part) : part, flow, direction)
  }
  const ready = parts.map(part => ({ part, selects: once((identity: Identity) => part.selectors.some(({ matches }) => matches(identity))) }))
  const doubts = parts.flatMap(part => part.selectors.flatMap(({ unread }) => (unread === undefined ? [] : [{ part, ...unread }])))
  const unread: Unread = {
    why: doubts.map(({ why }) => why).join('; '),
    matches: flow => doubts.some(({ part, matches }) => finds(part, matches, flow)),
  }
  const proxied = parts.some(({ ports }) => ports?.some(({ proxy }) => proxy?.by !== undefined) === true)
  return {
    ...rule,
    matches: flow => ready.some(({ part, selects }) => finds(part, selects, flow)),
    unread: doubts.length === 0 ? undefined : unread,
    proviso: authentication === undefined && !proxied ? undefined : flow => provisoOf(parts, authentication, flow, direction),
  }
}

type Selects = (identity: Identity) => boolean

function covers({ ports }: Part, flow: Flow, direction: Direction): boolean {
  return ports === undefined || ports.some(port => matchesPort(port, flow, direction))
}

/** A name is looked up in each identity that is selected, and what stands for many has no ports. */
function withoutNames({ ports, selectors }: Part): Part {
  return { selectors, ports: ports?.filter(({ port }) => typeof port === 'number') }
}

/**
 * A port that is let through as it is opens what another leaves to the proxy by its HTTP or DNS rules; authentication, TLS by its names and a
 * listener are asked of all that match (mergePortProto in
 * pkg/policy/rule.go, MapStateEntry.Merge in pkg/policy/types/entry.go).
 */
function provisoOf(parts: readonly Part[], authentication: string | undefined, flow: Flow, direction: Direction): Proviso | undefined {
  const proxies = parts.flatMap(({ ports = [] }) => ports.filter(port => matchesPort(port, flow, direction)).map(({ proxy }) => proxy?.by))
  const binding = proxies.filter(by => by === 'serverNames' || by === 'listener')
  // What asks for more than the names of TLS is asked as well.
  const asked = binding.length === 0 && proxies.includes(undefined) ? [] : proxies.filter(by => by !== undefined)
  const modes = authentication === undefined || authentication === 'disabled' ? [] : [authentication]
  const texts = [
    ...(asked.length === 0 ? [] : [`the proxy lets it through by its ${[...new Set(asked)].join(' and ')}`]),
    ...modes.map(mode => `the authentication ${mode} succeeds`),
  ]
  return texts.length === 0 ? undefined : { text: texts.join(', and '), binds: binding.length > 0 || modes.length > 0 }
}
