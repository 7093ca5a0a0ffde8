import { isPrivate, parseCidr } from '../net/cidr.ts'
import type { Need } from '../needs/need.ts'
import { Candidates } from './candidates.ts'
import { isWide, matchReach } from './match.ts'
import type { Scope } from './match.ts'
import type { Reach, ReachPort, RuleSource } from './reach.ts'

/** What becomes of a need under the rules. */
export interface Coverage {
  readonly need: Need
  readonly verdict: 'allowed' | 'possibly' | 'cut'
  /** The rules that let it through, or may. */
  readonly by: readonly RuleSource[]
  /** A rule by name would let it through, if names were resolved. */
  readonly unresolved: boolean
}

/** Holds every need against all rules, in the order in which the engine takes them. */
export function cover(needs: readonly Need[], reaches: readonly Reach[], scope: Scope): Coverage[] {
  const candidates = new Candidates(reaches, scope.home)
  const judged = needs.map(need => ({ need, ...judge(need, candidates, scope) }))
  const taken = apiserverBlock(judged)
  return judged.map(({ need, allowed, possible }): Coverage => {
    if (allowed.length > 0) return { need, verdict: 'allowed', by: rulesOf(allowed), unresolved: false }
    const left = possible.filter(reach =>
      need.host.kind === 'apiserver' ? reach.target.kind !== 'block' || isWideBlock(reach) || reach === taken : reach !== taken,
    )
    const unresolved = scope.namesUnresolved && candidates.of(need).some(reach => matchReach(need, reach, { ...scope, namesUnresolved: false }) === 'yes')
    return { need, verdict: left.length === 0 ? 'cut' : 'possibly', by: rulesOf(left), unresolved }
  })
}

interface Judged {
  readonly need: Need
  readonly allowed: readonly Reach[]
  readonly possible: readonly Reach[]
}

type Judgement = Omit<Judged, 'need'>

/** Each part has to get through, and not each by the same rule. */
function judge(need: Need, candidates: Candidates, scope: Scope): Judgement {
  const parts = partsOf(need).map(part => judgePart(part, candidates.of(part), scope))
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  if (parts.some(({ allowed, possible }) => allowed.length + possible.length === 0)) return { allowed: [], possible: [] }
  const all = [...new Set(parts.flatMap(({ allowed, possible }) => [...allowed, ...possible]))]
  return parts.every(({ allowed }) => allowed.length > 0)
    ? { allowed: [...new Set(parts.flatMap(({ allowed }) => allowed))], possible: [] }
    : { allowed: [], possible: all }
}

/** The workloads behind a Service, each with the ports that are dialled there. */
function partsOf(need: Need): Need[] {
  const { host } = need
  if (host.kind !== 'service' || host.backends.length === 0) return [need]
  return host.backends.flatMap(backend => {
    const own: Need['host'] = backend.hostNetwork ? { kind: 'nodes' } : { ...host, backends: [backend] }
    return backend.ports.length < 2 ? [{ ...need, ports: backend.ports, host: own }] : backend.ports.map(port => ({ ...need, ports: [port], host: own }))
  })
}

function judgePart(need: Need, reaches: readonly Reach[], scope: Scope): Judgement {
  const allowed: Reach[] = []
  const possible: Reach[] = []
  let doubtful = false
  for (const reach of reaches) {
    const match = matchReach(need, reach, scope)
    if (match === 'no') continue
    if (reach.allows) (match === 'yes' && !doubtful ? allowed : possible).push(reach)
    // What comes after a rule that denies does not count any more.
    else if (match === 'yes') break
    else doubtful = true
  }
  return { allowed, possible }
}

/**
 * The one narrow block that is taken for the apiserver's, where only blocks may be it: an address is not the apiserver's and
 * another host's at once, so that a rule that is needed for a host counts for it alone. Private ones first.
 */
function apiserverBlock(judged: readonly Judged[]): Reach | undefined {
  const apiserver = judged.find(({ need, allowed }) => need.host.kind === 'apiserver' && allowed.length === 0)
  const narrow = (apiserver?.possible ?? []).filter(reach => reach.target.kind === 'block' && !isWideBlock(reach))
  const hosts = judged.filter(({ need, allowed }) => need.host.kind !== 'apiserver' && allowed.length === 0)
  const isSpare = (reach: Reach): boolean => hosts.every(({ possible }) => !possible.includes(reach) || possible.some(other => other !== reach))
  const preferred = [...narrow.filter(isPrivateBlock), ...narrow.filter(reach => !isPrivateBlock(reach))]
  return preferred.find(isSpare) ?? narrow.find(isPrivateBlock)
}

function isWideBlock({ target }: Reach): boolean {
  const cidr = target.kind === 'block' ? parseCidr(target.cidr) : undefined
  return cidr !== undefined && isWide(cidr)
}

function isPrivateBlock({ target }: Reach): boolean {
  const cidr = target.kind === 'block' ? parseCidr(target.cidr) : undefined
  return cidr !== undefined && isPrivate(cidr)
}

function rulesOf(reaches: readonly Reach[]): RuleSource[] {
  const rules = new Map<object | string, { readonly rule: RuleSource; readonly ports: Set<readonly ReachPort[]> }>()
  for (const { rule, ports } of reaches) {
    const key = rule.flow ?? rule.json ?? rule.path
    const known = rules.get(key)
    // Peers of one rule share its list of ports.
    rules.set(key, { rule, ports: (known?.ports ?? new Set()).add(ports) })
  }
  return [...rules.values()].map(({ rule, ports }) => ({ ...rule, ports: [...ports].some(list => list.length === 0) ? [] : [...ports].flat() }))
}
