import type { Diagnose } from '../diagnostics/collect.ts'
import type { Engine } from '../engines/contract.ts'
import type { EngineName } from '../engines/registry.ts'
import { derive } from '../needs/derive.ts'
import type { Settings } from '../values/schema.ts'
import type { Need } from '../needs/need.ts'
import type { Account } from './account.ts'
import type { Coverage } from './cover.ts'
import { pasteBlock } from './paste.ts'

export interface TellOptions {
  readonly settings: Settings
  readonly engineName: EngineName
  readonly engine: Engine
  readonly usePeers: boolean
  readonly diagnose: Diagnose
}

/** Tells of every need that no rule lets through, with the values block that does. */
export function tellCoverage(accounts: readonly Account[], options: TellOptions): void {
  const several = accounts.flatMap(({ coverage }) => coverage).filter(({ verdict }) => verdict === 'cut').length > 1
  for (const account of accounts) {
    for (const covered of account.coverage) tellNeed(covered, account, several, options)
    for (const { where, problem, place, guess } of account.unclear) {
      const args = { workload: account.allowlist.workload.title, where, problem }
      if (guess) options.diagnose('NP424', args, place)
      else options.diagnose('NP421', args, place)
    }
  }
}

function tellNeed(covered: Coverage, account: Account, several: boolean, options: TellOptions): void {
  const { need, verdict } = covered
  const { workload } = account.allowlist
  const where = need.found.map(found => found.where).join(', ')
  const place = need.found[0]?.place
  const args = { workload: workload.title, party: need.party, text: need.text, where }
  if (verdict === 'possibly' && !need.guess) {
    const rules = [...new Set(covered.by.map(({ path }) => path))]
    options.diagnose('NP423', { ...args, rules }, place)
  }
  if (verdict !== 'cut') return
  const block = pasteBlock(need, account.allowlist, options)
  if (need.host.kind === 'apiserver') return options.diagnose('NP400', { block })
  if (need.host.kind === 'dns') return options.diagnose('NP401', { block })
  const cut = { ...args, reason: need.reason, why: covered.unresolved ? unresolved : underivable(need, options), block, several }
  if (need.guess) options.diagnose('NP422', cut, place)
  else options.diagnose('NP420', cut, place)
}

/** cilium v1.20, pkg/fqdn: only answers that pass the DNS proxy are known. */
const unresolved = 'the rule by name learns addresses from a DNS rule with rules.dns, and there is none (egress.dns is one)'

function underivable(need: Need, { settings, engine }: TellOptions): string | undefined {
  const derived = settings.egress.derive ? derive(need, engine) : undefined
  return derived !== undefined && 'cannot' in derived ? `egress.derive cannot open it: ${derived.cannot}` : undefined
}
