import type { CommandRequest } from '../cli.ts'
import type { Diagnostic } from '../diagnostics/collect.ts'
import type { Report } from '../report/report.ts'
import type { RunOptions } from '../run.ts'
import type { TextFile } from '../values/load.ts'

/** What a command works on. */
export interface Call extends CommandRequest {
  readonly options: RunOptions
  /** The rendered release; empty for a command that reads none. */
  readonly stream: Buffer
  readonly terminal: Terminal
  readonly readFile: (path: string) => TextFile
}

export interface Terminal {
  /** In columns. */
  readonly width: number
  readonly color: boolean
}

/** What a command answers: text for stdout, or none where something is wrong. */
export interface Answer {
  readonly text: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** The text says what is wrong: the exit code is 1. */
  readonly failed?: boolean
  /** For `--report`, of a command that makes one. */
  readonly report?: Report
  /** What is written to a file, where nothing is wrong. */
  readonly file?: { readonly path: string; readonly text: string }
}

/** A wrong word of the command line, or something outside that failed; its text is for the user. */
export class CommandProblem extends Error {
  /** 2 for wrong usage. */
  readonly code: 1 | 2

  constructor(message: string, code: 1 | 2) {
    super(message)
    this.code = code
  }
}
