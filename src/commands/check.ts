import { formats } from '../check/formats/formats.ts'
import type { FormatName } from '../check/formats/formats.ts'
import type { Account } from '../check/model.ts'
import type { Named } from '../check/checked.ts'
import type { Prepared, Request, Stream } from '../check/prepare.ts'
import { Diagnostics } from '../diagnostics/collect.ts'
import type { Diagnostic } from '../diagnostics/collect.ts'
import { otherPodKinds } from '../resources/kinds.ts'
import { title } from '../resources/resource.ts'
import { run } from '../run.ts'
import { isUtf16 } from '../stream/encoding.ts'
import { holdsDocuments, split } from '../stream/split.ts'
import type { TextFile } from '../values/load.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

type Verdicts = typeof import('../check/index.ts')

/** Tells what the policies do to the flows that are needed, to those that are asked about, or what differs between two streams. */
export async function checkCommand(call: Call): Promise<Answer> {
  const format = call.own.format ?? 'table'
  if (!isFormat(format)) throw new CommandProblem(`--format ${JSON.stringify(format)} is none of ${Object.keys(formats).join(', ')}`, 2)
  const operands = operandsOf(call)
  const verdicts = await import('../check/index.ts')
  const told = new Diagnostics(call.options)
  const ask = asked(call, verdicts)
  return operands === undefined ? checkOne(call, ask, told, format, verdicts) : compare(operands, call, ask, told, format, verdicts)
}

/** OLD and NEW; undefined where nothing is compared. */
function operandsOf({ own, operands }: Call): readonly [string, string] | undefined {
  const [old, now, ...more] = operands
  if (own.diff !== true) {
    if (old !== undefined)
      throw new CommandProblem('helm-netpol check takes files with --diff OLD NEW, or with --policies FILE; the chart is read from stdin: < FILE', 2)
    return undefined
  }
  if (old === undefined || now === undefined || more.length > 0) throw new CommandProblem('--diff takes two files: --diff OLD NEW', 2)
  if (own.policies !== undefined || own.flow !== undefined) throw new CommandProblem('--diff compares two whole streams, without --policies and --flow', 2)
  return [old, now]
}

type Asked = Omit<Request, 'streams'>

function asked({ own, options, readFile }: Call, { isImplementation, implementationNames }: Verdicts): Asked {
  const name = own['engine-impl']
  if (name !== undefined && !isImplementation(name))
    throw new CommandProblem(`--engine-impl ${JSON.stringify(name)} is none of ${implementationNames.join(', ')}`, 2)
  return {
    world: own.world === undefined ? undefined : readFile(own.world),
    implementation: name,
    namespace: options.namespace,
    root: options.root,
  }
}

async function checkOne(call: Call, ask: Asked, told: Diagnostics, format: FormatName, verdicts: Verdicts): Promise<Answer> {
  const { own, terminal } = call
  const files = (own.policies ?? []).map(path => fileStream(call.readFile(path)))
  if (isUtf16(call.stream)) told.diagnose('NP106', {})
  else if (files.length === 0 && !holdsDocuments(call.stream, split(call.stream))) told.diagnose('NP100', {})
  const main = await filtered('stdin', call.stream, call, told)
  const prepared = told.failed || main === undefined ? undefined : await verdicts.prepare({ ...ask, streams: [main, ...files] }, told.diagnose)
  if (prepared === undefined) return { text: undefined, diagnostics: told.all }
  tellHomeless(prepared, told)
  const questions = own.flow === undefined ? verdicts.neededFlows(prepared) : own.flow.map(text => ownFlow(text, prepared, verdicts))
  if (questions.length === 0) tellNothingAsked(prepared, told)
  const account: Account = verdicts.accountOf(questions, prepared, told.all, { strict: own.flow !== undefined })
  return { text: formats[format].account(account, terminal), diagnostics: errorsOf(told), failed: !account.ok }
}

function tellNothingAsked({ subjects, release }: Prepared, { diagnose }: Diagnostics): void {
  const others = release.resources.filter(({ kind }) => otherPodKinds.some(other => other === kind))
  const why = subjects.length === 0 ? 'there is no Deployment, StatefulSet or DaemonSet' : 'nothing is known that the workloads need'
  diagnose('NP815', { why, others: others.map(title) })
}

function ownFlow(text: string, prepared: Prepared, { ownQuestion }: Verdicts): Named {
  const named = ownQuestion(text, prepared)
  if ('problem' in named) throw new CommandProblem(`--flow ${JSON.stringify(text)}${named.problem.startsWith(':') ? '' : ' '}${named.problem}`, 2)
  return named
}

async function compare(
  [old, now]: readonly [string, string],
  call: Call,
  ask: Asked,
  told: Diagnostics,
  format: FormatName,
  verdicts: Verdicts,
): Promise<Answer> {
  const before = await preparedFile(old, call, ask, told, verdicts)
  const after = await preparedFile(now, call, ask, told, verdicts)
  if (before === undefined || after === undefined) return { text: undefined, diagnostics: told.all }
  const difference = verdicts.diff(before, after, told.all)
  return { text: formats[format].difference(difference, call.terminal), diagnostics: errorsOf(told), failed: !difference.ok }
}

async function preparedFile(path: string, call: Call, ask: Asked, told: Diagnostics, { prepare }: Verdicts): Promise<Prepared | undefined> {
  const { bytes } = fileStream(call.readFile(path))
  const stream = await filtered(path, bytes, call, told)
  const prepared = stream === undefined ? undefined : await prepare({ ...ask, streams: [{ ...stream, isFile: true }] }, told.diagnose)
  if (prepared !== undefined) tellHomeless(prepared, told)
  return prepared
}

function tellHomeless({ homeless, namespace }: Prepared, { diagnose }: Diagnostics): void {
  if (homeless.length > 0) diagnose('NP812', { objects: homeless.map(title), namespace })
}

/** Text as a stream; what cannot be read is wrong usage. */
function fileStream(file: TextFile): Stream {
  if ('problem' in file) throw new CommandProblem(`${file.path} cannot be read: ${file.problem}`, 1)
  const bytes = Buffer.from(file.text)
  return { name: file.path, bytes, segments: split(bytes), isFile: true }
}

/** A stream as the filter leaves it, where the values enable our policies; undefined where something is wrong, and told. */
async function filtered(name: string, bytes: Buffer, { options }: Call, told: Diagnostics): Promise<Stream | undefined> {
  const { facts, weaving, diagnostics } = await run(bytes, { ...options, verify: false })
  // Without values the stream is asked as it stands.
  const errors = diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'NP209')
  // The filter knows its input as stdin.
  told.take(errors.map(error => (error.place?.source === 'stdin' ? { ...error, place: { ...error.place, source: name } } : error)))
  if (errors.length > 0) return undefined
  const segments = split(bytes).filter(({ index }) => !weaving.removed.has(index))
  return { name, bytes, segments, ...(facts === undefined ? {} : { rendered: { text: weaving.inserted, facts } }) }
}

/** What is no error stands in the text. */
function errorsOf({ all }: Diagnostics): readonly Diagnostic[] {
  return all.filter(({ severity }) => severity === 'error')
}

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name)
}
