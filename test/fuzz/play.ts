import { isUtf8 } from 'node:buffer'
import { flux } from '../../src/commands/flux.ts'
import { explain } from '../../src/commands/explain.ts'
import { values } from '../../src/commands/values.ts'
import type { Diagnostic } from '../../src/diagnostics/collect.ts'
import { formats } from '../../src/explain/formats.ts'
import type { FormatName } from '../../src/explain/formats.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import type { FunctionOptions } from '../../src/krm/config.ts'
import { run } from '../../src/run.ts'
import type { ValuesFile } from '../../src/values/load.ts'
import { sizeOf } from './case.ts'
import type { Case } from './case.ts'
import { checkAnswer } from './oracles/answer.ts'
import { checkExplained } from './oracles/explained.ts'
import { checkFilter } from './oracles/filter.ts'
import { checkFunction } from './oracles/function.ts'
import { checkReaders } from './oracles/readers.ts'
import { checkRelease } from './oracles/release.ts'
import { checkValues } from './oracles/values.ts'

/** Something that must not be: which promise is broken, and how. */
export interface Finding {
  readonly oracle: string
  readonly detail: string
}

export interface Played {
  readonly findings: readonly Finding[]
  /** What it came to, as one word: two cases of one shape took about the same way. */
  readonly shape: string
  /** Milliseconds of processor time for one call. */
  readonly spent: number
}

/** What one call answered; `bytes` undefined: it was refused. */
export interface Outcome {
  readonly bytes: Buffer | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Holds it against what its target alone promises. */
  readonly check: () => Promise<readonly Finding[]>
}

/** Processor time that one call may take, in milliseconds: some ten times what it needs, so that a square of the size is found. */
const mostTime = (bytes: number): number => 1500 + bytes / 2000

/** Makes the call, and holds the answer against everything that is promised of every input. */
export async function play(given: Case): Promise<Played> {
  try {
    const { outcome, spent } = await measured(() => call(given))
    const size = sizeOf(given)
    const findings = [
      ...(await outcome.check()),
      ...checkAnswer(given, outcome),
      ...(sameAnswer(outcome, await call(given)) ? [] : [{ oracle: 'deterministic', detail: 'a second call of the same answers something else' }]),
      ...checkReaders(given),
      ...(spent > mostTime(size) ? [{ oracle: 'time', detail: `${Math.round(spent)} ms for ${size} bytes` }] : []),
    ]
    return { findings, shape: shapeOf(given, outcome), spent }
  } catch (problem) {
    const trace = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
    return { findings: [{ oracle: 'throws', detail: trace.split('\n').slice(0, 4).join(' | ') }], shape: 'throws', spent: 0 }
  }
}

async function measured(make: () => Promise<Outcome>): Promise<{ outcome: Outcome; spent: number }> {
  const before = process.cpuUsage()
  const outcome = await make()
  const { user, system } = process.cpuUsage(before)
  return { outcome, spent: (user + system) / 1000 }
}

async function call(given: Case): Promise<Outcome> {
  const { stream, release, flags } = given
  const options = optionsOf(given)
  switch (given.target) {
    case 'filter': {
      const result = await run(stream, options)
      return { bytes: result.output, diagnostics: result.diagnostics, check: () => checkFilter(stream, options, result) }
    }
    case 'function': {
      const { onlyPolicies: _, ...asked } = options
      const answer = await answerResourceList(stream, asked)
      return { ...toOutcome({ ...answer, text: answer.output }), check: () => checkFunction(stream, asked, answer) }
    }
    case 'explain': {
      const format = formatOf(given)
      const answer = await explain(stream, { ...options, format, width: 80, color: false })
      return { ...toOutcome(answer), check: async () => checkExplained(format, answer.text) }
    }
    case 'flux': {
      // The edge reads no other.
      if (!isUtf8(release)) return { bytes: undefined, diagnostics: [], check: async () => [] }
      const asked = { ...options, name: undefined, namespaceIsGiven: flags.namespace !== undefined, check: flags.check === true }
      const answer = await flux(stream, { path: 'release.yaml', text: release.toString() }, asked)
      return { ...toOutcome(answer), check: () => checkRelease(given, asked, answer) }
    }
    case 'values': {
      const answer = await values(stream, { ...options, files: [], sets: [] }, undefined)
      return { ...toOutcome(answer), check: () => checkValues(stream, options, answer) }
    }
  }
}

function toOutcome({ text, diagnostics }: { text: string | undefined; diagnostics: readonly Diagnostic[] }): Pick<Outcome, 'bytes' | 'diagnostics'> {
  return { bytes: text === undefined ? undefined : Buffer.from(text), diagnostics }
}

export function optionsOf({ values, sets, flags }: Case): FunctionOptions {
  return {
    root: flags.root ?? 'networkPolicy',
    files: values.map(toFile),
    sets: sets.map(({ kind, text }) => ({ kind, source: { name: `--${kind}`, text, firstLine: 0 } })),
    engine: flags.engine,
    controller: flags.controller,
    namespace: flags.namespace,
    strict: flags.strict === true,
    onlyPolicies: flags.onlyPolicies === true,
    explicit: flags.root === undefined ? [] : ['root'],
  }
}

/** As the edge hands it over. */
function toFile(bytes: Buffer, index: number): ValuesFile {
  const path = `values-${index}.yaml`
  return isUtf8(bytes) ? { path, text: bytes.toString() } : { path, problem: 'it is not valid UTF-8' }
}

function formatOf({ flags }: Case): FormatName {
  const found = Object.keys(formats).find((name): name is FormatName => name === flags.format)
  return found ?? 'table'
}

function sameAnswer(one: Outcome, other: Outcome): boolean {
  const told = ({ diagnostics }: Outcome): string => JSON.stringify(diagnostics)
  const same = one.bytes === undefined || other.bytes === undefined ? one.bytes === other.bytes : one.bytes.equals(other.bytes)
  return same && told(one) === told(other)
}

function shapeOf({ target, flags }: Case, { bytes, diagnostics }: Outcome): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort()
  const format = target === 'explain' ? flags.format : ''
  return [target, flags.engine, format, bytes === undefined ? 'refused' : 'answered', ...codes].join(' ')
}
