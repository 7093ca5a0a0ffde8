import { isPrivate, parseCidr } from '../net/cidr.ts'
import type { Need } from '../needs/need.ts'
import { isWide, matchReach } from './match.ts'
import type { Scope } from './match.ts'
import type { Reach, RuleSource } from './reach.ts'

/** What becomes of a need under the rules. */
export interface Coverage {
  readonly need: Need
  readonly verdict: 'allowed' | 'possibly' | 'cut'
  /** The rules that let it through, or may. */
  readonly by: readonly RuleSource[]
}

/** Holds every need against all rules, in the order in which the engine takes them. */
export function cover(needs: readonly Need[], reaches: readonly Reach[], scope: Scope): Coverage[] {
  const judged = needs.map(need => ({ need, ...judge(need, reaches, scope) }))
  const taken = apiserverBlock(judged)
  return judged.map(({ need, allowed, possible }): Coverage => {
    if (allowed.length > 0) return { need, verdict: 'allowed', by: rulesOf(allowed) }
    const left = possible.filter(reach =>
      need.host.kind === 'apiserver' ? reach.target.kind !== 'block' || isWideBlock(reach) || reach === taken : reach !== taken,
    )
    return { need, verdict: left.length === 0 ? 'cut' : 'possibly', by: rulesOf(left) }
  })
}

interface Judged {
  readonly need: Need
  readonly allowed: readonly Reach[]
  readonly possible: readonly Reach[]
}

function judge(need: Need, reaches: readonly Reach[], scope: Scope): Omit<Judged, 'need'> {
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
  const rules = new Map<object | string, RuleSource>()
  for (const { rule, ports } of reaches) {
    const key = rule.flow ?? rule.json ?? rule.path
    const before = rules.get(key)?.ports
    rules.set(key, { ...rule, ports: before?.length === 0 || ports.length === 0 ? [] : [...(before ?? []), ...ports] })
  }
  return [...rules.values()]
}
