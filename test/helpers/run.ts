import { run } from '../../src/run.ts'
import type { Result, RunOptions } from '../../src/run.ts'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'

const nothing: RunOptions = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false }

/** The whole pipeline in memory. */
export function runWith(stream: string | Buffer, options: Partial<RunOptions> & { readonly values?: string } = {}): Promise<Result> {
  const { values, ...rest } = options
  const files = values === undefined ? [] : [{ path: 'values.yaml', text: values }]
  return run(Buffer.from(stream), { ...nothing, files, ...rest })
}

export function textOf(result: Result): string {
  if (result.output === undefined) throw new Error(formatDiagnostics(result.diagnostics))
  return result.output.toString()
}

export function codesOf(result: Result): string[] {
  return result.diagnostics.map(({ code }) => code)
}

/** The output, one character a byte; undefined where there is none. */
export function bytesOf({ output }: Result): string | undefined {
  return output?.toString('latin1')
}
