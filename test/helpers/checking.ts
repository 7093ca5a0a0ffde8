import { accountOf, neededFlows } from '../../src/check/account.ts'
import type { Account, CheckedFlow } from '../../src/check/model.ts'
import { prepare } from '../../src/check/prepare.ts'
import type { Prepared } from '../../src/check/prepare.ts'
import type { Input } from '../../src/check/read.ts'
import { ownQuestion } from '../../src/check/own/question.ts'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { split } from '../../src/stream/split.ts'
import type { ImplementationName } from '../../src/verdict/registry.ts'
import { ears } from './facts.ts'
import type { Ears } from './facts.ts'
import { runWith } from './run.ts'

export interface CheckText {
  /** Our own values; undefined: the stream is asked as it stands. */
  readonly values?: string
  /** The text of a world file. */
  readonly world?: string
  readonly implementation?: ImplementationName
  readonly namespace?: string
  /** Texts of files beside the stream: `0.yaml`, `1.yaml`. */
  readonly files?: readonly string[]
}

/** What is asked of a stream and by whom, in memory. */
export async function preparedFor(
  stream: string,
  { values, world, implementation, namespace, files = [] }: CheckText = {},
  { diagnose, diagnostics }: Ears = ears(),
): Promise<Prepared> {
  const bytes = Buffer.from(stream)
  const { facts, weaving } = values === undefined ? { facts: undefined, weaving: undefined } : await runWith(stream, { values })
  const segments = split(bytes).filter(({ index }) => weaving?.removed.has(index) !== true)
  const main = { name: 'stdin', bytes, segments, ...(facts === undefined || weaving === undefined ? {} : { rendered: { text: weaving.inserted, facts } }) }
  const file = world === undefined ? undefined : { path: 'world.yaml', text: world }
  const streams = [main, ...files.map((text, index) => toInput(`${index}.yaml`, text))]
  const prepared = await prepare({ streams, world: file, implementation, namespace, root: 'networkPolicy' }, diagnose)
  if (prepared === undefined) throw new Error(formatDiagnostics(diagnostics.all))
  return prepared
}

function toInput(name: string, text: string): Input {
  const bytes = Buffer.from(text)
  return { name, bytes, segments: split(bytes) }
}

/** What becomes of every flow that is needed. */
export async function checked(stream: string, given: CheckText = {}): Promise<Account> {
  const told = ears()
  const prepared = await preparedFor(stream, given, told)
  return accountOf(neededFlows(prepared), prepared, told.diagnostics.all, { strict: false })
}

/** What becomes of flows of one's own. */
export async function answered(stream: string, flows: readonly string[], given: CheckText = {}): Promise<readonly CheckedFlow[]> {
  const prepared = await preparedFor(stream, given)
  const named = flows.map(text => {
    const question = ownQuestion(text, prepared)
    if ('problem' in question) throw new Error(`${text} ${question.problem}`)
    return question
  })
  return accountOf(named, prepared, [], { strict: true }).flows
}

/** `metrics denied`, for each flow. */
export function verdictsOf({ flows }: Pick<Account, 'flows'>): string[] {
  return flows.map(({ need, id, verdict }) => `${need?.row ?? id} ${verdict}`)
}

/** The flow of a row. */
export function flowOf({ flows }: Account, row: string): CheckedFlow {
  const flow = flows.find(({ need }) => need?.row === row)
  if (flow === undefined) throw new Error(`no flow of ${row} among ${flows.map(({ id }) => id).join(', ')}`)
  return flow
}

/** A NetworkPolicy as a document. */
export function networkPolicy(spec: string, { name = 'own', namespace = 'stage' } = {}): string {
  return `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`
}

/** A ClusterNetworkPolicy of the Admin tier. */
export function clusterPolicy(rules: string, { name = 'own', subject = '{namespaces: {}}', priority = 1 } = {}): string {
  return `---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: {tier: Admin, priority: ${priority}, subject: ${subject}, ${rules}}\n`
}
