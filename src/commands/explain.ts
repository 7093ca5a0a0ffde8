import { entryOf } from '../diagnostics/catalogue.ts'
import { toMatrix } from '../explain/build.ts'
import { formats } from '../explain/formats.ts'
import type { FormatName } from '../explain/formats.ts'
import { run } from '../run.ts'
import type { RunOptions } from '../run.ts'
import { at, isTrue } from '../yaml/tree.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

export function explainCommand({ stream, options, own, terminal }: Call): Promise<Answer> {
  const format = own.format ?? 'table'
  if (!isFormat(format)) throw new CommandProblem(`--format ${JSON.stringify(format)} is none of ${Object.keys(formats).join(', ')}`, 2)
  return explain(stream, { ...options, ...terminal, format })
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
  // What values that are wrong would do is not known.
  if (diagnostics.some(({ code }) => code.startsWith('NP2') && entryOf(code).severity === 'error')) return { text: undefined, diagnostics }
  const enabled = options.engine !== undefined || isTrue(at(facts.settings.given, 'enabled'))
  const matrix = toMatrix(facts, diagnostics, { enabled, root: options.root })
  const text = await formats[options.format].render(matrix, options)
  const failed = diagnostics.filter(({ severity }) => severity === 'error')
  // What is no error stands in the text.
  return { text, diagnostics: failed }
}

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name)
}
