import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cut } from './source.ts'
import type { Range } from './source.ts'
import { tools } from './tools.ts'

/** One small mistake in the sources. */
export interface Mutant {
  readonly id: string
  /** Relative to the repository. */
  readonly file: string
  /** From one, as editors count. */
  readonly range: Range
  readonly mutator: string
  readonly original: string
  readonly replacement: string
}

export interface Instrumented {
  /** The sources with every mutant in them, each behind a switch, by their paths relative to the repository. */
  readonly sources: ReadonlyMap<string, string>
  readonly mutants: readonly Mutant[]
}

/** Makes the mutants of some texts, given by their files, with Stryker's instrumenter. */
export async function instrument(texts: ReadonlyMap<string, string>): Promise<Instrumented> {
  const { Instrumenter } = await load()
  const given = [...texts].map(([name, content]) => ({ name, content, mutate: true }))
  // Without Stryker's own switch: within/switch.ts is it.
  const answer = await new Instrumenter(silent).instrument(given, { plugins: [], excludedMutations: [], ignorers: [], noHeader: true })
  const sources = new Map(answer.files.map(({ name, content }) => [name, content]))
  return { sources, mutants: answer.mutants.map(made => toMutant(made, texts.get(made.fileName) ?? '')) }
}

function toMutant({ id, fileName, location, mutatorName, replacement }: Made, text: string): Mutant {
  const range = {
    start: { line: location.start.line + 1, column: location.start.column + 1 },
    end: { line: location.end.line + 1, column: location.end.column + 1 },
  }
  return { id, file: fileName, range, mutator: mutatorName, original: cut(text, range), replacement }
}

/** What we use of @stryker-mutator/instrumenter 9: places count from zero. */
interface Library {
  readonly Instrumenter: new (logger: unknown) => {
    instrument(
      files: readonly object[],
      options: object,
    ): Promise<{ readonly files: readonly { name: string; content: string }[]; readonly mutants: readonly Made[] }>
  }
}

interface Made {
  readonly id: string
  readonly fileName: string
  readonly location: Range
  readonly mutatorName: string
  readonly replacement: string
}

async function load(): Promise<Library> {
  const module: unknown = await import(pathToFileURL(join(await tools(), '@stryker-mutator/instrumenter/dist/src/index.js')).href)
  if (isLibrary(module)) return module
  throw new Error('@stryker-mutator/instrumenter has no Instrumenter')
}

function isLibrary(module: unknown): module is Library {
  return typeof module === 'object' && module !== null && 'Instrumenter' in module && typeof module.Instrumenter === 'function'
}

const nothing = (): void => undefined
const no = (): boolean => false
const silent = {
  ...{ isTraceEnabled: no, isDebugEnabled: no, isInfoEnabled: no, isWarnEnabled: no, isErrorEnabled: no, isFatalEnabled: no },
  ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing },
}
