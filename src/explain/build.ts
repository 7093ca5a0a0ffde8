import type { Account } from '../coverage/account.ts'
import type { Coverage } from '../coverage/cover.ts'
import { pasteAll, pasteBlock } from '../coverage/paste.ts'
import type { RuleSource } from '../coverage/reach.ts'
import type { Diagnostic } from '../diagnostics/collect.ts'
import { engines } from '../engines/registry.ts'
import type { Policy } from '../engines/contract.ts'
import type { Need } from '../needs/need.ts'
import type { Facts } from '../run.ts'
import { title, titleOf } from '../resources/resource.ts'
import type { Flow } from '../traffic/flow.ts'
import type { Allowlist } from '../traffic/plan.ts'
import { egressRows, ingressRows } from '../traffic/table.ts'
import { objectAt, itemsOf } from '../yaml/json.ts'
import type { JsonObject } from '../yaml/tree.ts'
import { yamlText } from '../yaml/write.ts'
import { version } from '../version.ts'
import type { Carrier, Finding, Matrix, MatrixFlow, WorkloadMatrix } from './matrix.ts'
import { peerWords, portWords, reachWords } from './words.ts'

/** The account of a run as a matrix. */
export function toMatrix(facts: Facts, diagnostics: readonly Diagnostic[], { enabled, root }: MatrixOptions): Matrix {
  const { settings, accounts, plan } = facts
  const cut = accounts.flatMap(account =>
    isLocked(account) ? account.coverage.filter(({ verdict }) => verdict === 'cut').map(({ need }) => ({ need, allowlist: account.allowlist })) : [],
  )
  const paste = pasteAll(cut, pasteOptions(facts))
  return {
    version,
    engine: settings.engine,
    enabled,
    ok: !diagnostics.some(({ severity }) => severity === 'error'),
    workloads: accounts.map(account => toWorkload(account, facts, root)),
    defaultDenies: plan.defaultDenies.map(deny => ({
      policy: policyTitle(deny.name, deny.namespace, settings.engine),
      namespace: deny.namespace,
      egress: deny.egress,
    })),
    diagnostics,
    ...(paste === undefined ? {} : { paste: underRoot(paste, root) }),
  }
}

/** Egress is locked: by our policy where one of pods has an effect, or by one of the chart's own. */
function isLocked({ egressLocked, allowlist }: Account): boolean {
  return egressLocked && !allowlist.workload.hostNetwork
}

function underRoot(block: string, root: string): string {
  return block.replace(/^networkPolicy:/m, () => `${yamlText(root)}:`)
}

export interface MatrixOptions {
  /** The values enable the policies, and it is not only shown what would be. */
  readonly enabled: boolean
  /** Key of our block in the values. */
  readonly root: string
}

function toWorkload(account: Account, facts: Facts, root: string): WorkloadMatrix {
  const { allowlist } = account
  const { engine } = facts.settings
  const inbound = allowlist.ingress.map(flow => called(planned(flow, facts), account))
  const used = new Set(account.coverage.flatMap(({ by }) => by.map(({ flow, json }) => flow ?? json)))
  const needed = account.coverage.map(covered => outbound(covered, account, facts, root))
  const others = (allowlist.egress ?? []).filter(flow => !used.has(flow) && !isIdle(flow, facts)).map(flow => planned(flow, facts))
  return {
    workload: allowlist.workload.title,
    policy: policyTitle(allowlist.name, allowlist.namespace, engine),
    egressLocked: isLocked(account),
    flows: [...inbound, ...needed, ...others],
  }
}

/** A row that the engine renders nothing of. */
function isIdle(flow: Flow, facts: Facts): boolean {
  return carriersOf(flow, facts).length === 0
}

/** A flow of the plan, as it is. */
function planned(flow: Flow, facts: Facts): MatrixFlow {
  const rows: readonly { readonly id: string; readonly party: string }[] = [...ingressRows, ...egressRows]
  const party = rows.find(({ id }) => id === flow.row)?.party ?? 'your own rule'
  return {
    direction: flow.direction,
    row: flow.row,
    party,
    peers: peerWords(flow),
    ports: flow.ports.map(portWords),
    reason: flow.reason,
    found: flow.where.map(where => ({ where })),
    verdict: 'allowed',
    carriedBy: carriersOf(flow, facts),
  }
}

/** Nothing is locked on the host network; and where a policy of the chart decides, ours says nothing. */
function called(flow: MatrixFlow, { allowlist, callersDecidedBy }: Account): MatrixFlow {
  if (allowlist.workload.hostNetwork) return { ...flow, verdict: 'open', carriedBy: [] }
  return callersDecidedBy.length === 0
    ? flow
    : { ...flow, verdict: 'possibly', carriedBy: callersDecidedBy.map(document => ({ document, rule: 'spec.ingress' })) }
}

/** A need, and what becomes of it. */
function outbound({ need, verdict, by }: Coverage, account: Account, facts: Facts, root: string): MatrixFlow {
  const { allowlist } = account
  const locked = isLocked(account)
  const found: Finding[] = need.found.map(({ where, place }) => ({ where, place }))
  const cut = locked && verdict === 'cut'
  return {
    direction: 'egress',
    row: need.row,
    party: partyOf(need),
    peers: cut ? [] : locked ? [...new Set(by.flatMap(source => wordsOf(source, need)))] : ['any'],
    ports: locked ? portsOf(need, by) : [],
    reason: need.reason,
    found,
    verdict: locked ? verdict : 'open',
    carriedBy: locked ? by.flatMap(source => sourceCarriers(source, facts)) : [],
    ...(cut ? { paste: underRoot(pasteBlock(need, allowlist, pasteOptions(facts)), root) } : {}),
  }
}

/** With the destination's own name, which tells two of a kind apart. */
function partyOf({ party, text, found }: Need): string {
  return found.length === 0 ? party : text.startsWith(party) ? text : `${party} ${text}`
}

function pasteOptions({ settings, usePeers }: Facts) {
  return { engineName: settings.engine, engine: engines[settings.engine], usePeers }
}

function wordsOf({ flow, path }: RuleSource, need: Need): string[] {
  return flow === undefined ? [need.found.length === 0 ? path : need.text] : peerWords(flow)
}

function portsOf(need: Need, by: readonly RuleSource[]): string[] {
  if (need.ports.length > 0 && need.found.length > 0) return need.ports.map(portWords)
  const ports = by.map(({ flow, ports: reached = [] }) => (flow === undefined ? reached.map(reachWords) : flow.ports.map(portWords)))
  // A rule without ports lets through every one, whatever the others list.
  return ports.some(list => list.length === 0) ? [] : [...new Set(ports.flat())]
}

function sourceCarriers({ flow, json, path }: RuleSource, facts: Facts): Carrier[] {
  if (flow !== undefined) return flow.where[0]?.includes('spec.egress') === true ? [ofDocument(path)] : carriersOf(flow, facts)
  if (json !== undefined) return facts.policies.flatMap(policy => rulesWhere(policy, rule => rule === json))
  return [ofDocument(path)]
}

/** `NetworkPolicy stage/x, spec.egress[0]`, as a policy that is not ours is called. */
function ofDocument(path: string): Carrier {
  const [document = path, rule = ''] = path.split(', ')
  return { document, rule }
}

function carriersOf(flow: Flow, { policies }: Facts): Carrier[] {
  return policies.flatMap(policy => {
    const rules = new Set(policy.rules.filter(rule => rule.flow === flow).map(({ rule }) => rule))
    return rulesWhere(policy, rule => rules.has(rule))
  })
}

function rulesWhere({ manifest }: Policy, fits: (rule: JsonObject) => boolean): Carrier[] {
  const document = titleOf(manifest)
  const spec = objectAt(manifest, 'spec')
  return (['ingress', 'egress'] as const).flatMap(direction =>
    itemsOf(spec[direction]).flatMap((rule, index) =>
      typeof rule === 'object' && rule !== null && !Array.isArray(rule) && fits(rule) ? [{ document, rule: `spec.${direction}[${index}]` }] : [],
    ),
  )
}

function policyTitle(name: string, namespace: Allowlist['namespace'], engineName: Facts['settings']['engine']): string {
  const { kind, clusterScoped } = engines[engineName]
  return title({ kind, name, namespace: clusterScoped ? undefined : namespace })
}
