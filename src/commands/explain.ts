import type { Diagnostic } from '../diagnostics/collect.ts'
import { toMatrix } from '../explain/build.ts'
import { formats } from '../explain/formats.ts'
import type { FormatName } from '../explain/formats.ts'
import { run } from '../run.ts'
import type { RunOptions } from '../run.ts'
import { at, isTrue } from '../yaml/tree.ts'

/** What a command answers: text for stdout, or none where something is wrong. */
export interface Answer {
  readonly text: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export interface ExplainOptions extends RunOptions {
  readonly format: FormatName
  readonly width: number
  readonly color: boolean
}

/** The matrix of a stream: every flow, who carries it, and what is cut. Where the values enable nothing, what they would. */
export async function explain(stream: Buffer, options: ExplainOptions): Promise<Answer> {
  const { facts, diagnostics } = await run(stream, { ...options, survey: true, enable: true })
  if (facts === undefined || facts.accounts.length === 0) return { text: undefined, diagnostics }
  const enabled = options.engine !== undefined || isTrue(at(facts.settings.given, 'enabled'))
  const matrix = toMatrix(facts, diagnostics, { enabled, root: options.root })
  const text = await formats[options.format].render(matrix, options)
  const failed = diagnostics.filter(({ severity }) => severity === 'error')
  // What is no error stands in the text.
  return { text, diagnostics: failed }
}

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name)
}

export const formatNames = Object.keys(formats)
