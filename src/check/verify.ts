import type { Account as Surveyed } from '../coverage/account.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import type { Segment } from '../stream/split.ts'
import { accountOf, neededFlows } from './account.ts'
import type { CheckedFlow, DecidingDocument, FlowNeed, Side } from './model.ts'
import { prepare } from './prepare.ts'
import type { Rendered } from './prepare.ts'
import { flowWords, sideWords } from './words.ts'

export interface VerifyOptions {
  /** Undefined where the values enable no policies of ours. */
  readonly rendered: Rendered | undefined
  readonly accounts: readonly Surveyed[]
  /** The release's, as far as it is known. */
  readonly namespace: string | undefined
  readonly root: string
  readonly diagnose: Diagnose
  /** Warnings are errors, so that what the filter itself tells need not be told again. */
  readonly strict: boolean
}

/** Tells every flow that a workload of the stream needs and that the policies of the stream, ours among them, cut. */
export async function verify(stream: Buffer, segments: readonly Segment[], options: VerifyOptions): Promise<void> {
  const { rendered, accounts, namespace, root, diagnose, strict } = options
  const streams = [{ name: 'stdin', bytes: stream, segments, ...(rendered === undefined ? {} : { rendered }) }]
  const prepared = await prepare({ streams, world: undefined, implementation: undefined, undecided: 'generic', namespace, root }, diagnose)
  if (prepared === undefined) return
  const told = strict && rendered?.facts.settings.egress.enabled === true ? toldNeeds(accounts) : new Set<string>()
  const { flows } = accountOf(neededFlows(prepared), prepared, [], { strict: false })
  for (const flow of flows) if (flow.need !== undefined && isCut(flow) && !told.has(flow.id)) tellCut(flow, flow.need, diagnose)
}

function isCut({ verdict, need }: CheckedFlow): boolean {
  return verdict === 'denied' && need?.required === true
}

/** What is told already with the values that open it. */
function toldNeeds(accounts: readonly Surveyed[]): ReadonlySet<string> {
  return new Set(
    accounts.flatMap(({ allowlist, coverage }) =>
      coverage.flatMap(({ need, verdict }) => (verdict === 'cut' ? [`${allowlist.workload.title} egress ${need.row} ${need.text}`] : [])),
    ),
  )
}

function tellCut(flow: CheckedFlow, need: FlowNeed, diagnose: Diagnose): void {
  const { workload, direction, reason, found } = need
  const side = [flow.egress, flow.ingress].find(one => one?.allowed === false)
  if (side === undefined) return
  const [first] = side.documents
  const where = found.map(({ where: text }) => text).join(', ')
  const elsewhere = direction === 'egress' && side === flow.ingress ? `, at ${flow.asked.to}` : ''
  diagnose(
    'NP800',
    {
      workload,
      flow: flowWords(flow, direction),
      reason: direction === 'egress' && where !== '' ? `${reason}; found in ${where}` : reason,
      why: `${sideWords(side)}${elsewhere}`,
      help: adviceOf(side, first, direction),
    },
    first?.values ?? first?.place,
  )
}

/** What there is to do, by whose the deciding policy is. */
function adviceOf({ by }: Side, document: DecidingDocument | undefined, direction: FlowNeed['direction']): string {
  const isOurs = document?.because !== undefined
  if (!isOurs) return `${by === 'rule' ? 'Narrow the rule in' : 'Add a rule to'} ${document?.document ?? 'the policy'}, or switch the policy off in the chart.`
  if (document?.locks !== true) return 'Narrow the rule in the values, or take it out.'
  return direction === 'egress'
    ? 'Allow it in the values: helm-netpol explain has a block for each destination that is cut.'
    : 'Allow it in the values (networkPolicy.additionalIngress, or the list that narrows the port), or cover the workload with networkPolicy.controller.'
}
